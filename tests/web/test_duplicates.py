"""Duplicates in the page: looked for, watched, chosen, moved to the trash, and put back."""

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.server.serving import RunningServer, serving
from tests.web.conftest import MakeVisit


@pytest.fixture
def own_demo(demo: Path, tmp_path: Path) -> Path:
    """A copy of the demo archive that a test may change."""
    return shutil.copytree(demo, tmp_path / "archive")


def scanned(tab: Page) -> None:
    """Look for duplicates, and wait for what is found."""
    tab.get_by_role("button", name="Look for duplicates").click()
    expect(tab.locator(".scan-words")).to_have_text("The scan is done")
    expect(tab.locator(".group").first).to_be_visible()


def files_in(archive: Path) -> set[str]:
    """Every file, the trash aside."""
    found = (path.relative_to(archive) for path in archive.rglob("*") if path.is_file())
    return {str(path) for path in found if not path.parts[0].startswith(".catalog")}


def test_a_scan_is_begun_and_its_groups_stand_side_by_side(
    server: RunningServer, visit: MakeVisit, screen: str
) -> None:
    visitor = visit(server.port, screen)
    tab = visitor.open("/duplicates")
    scanned(tab)
    told = server.ask("/api/duplicates?limit=24").json
    expect(tab.locator(".sums").first).to_contain_text(f"{told['pagination']['total']} groups")
    expect(tab.locator(".group")).to_have_count(24)
    first = told["groups"][0]
    expect(tab.locator(".group").first.locator(".copy")).to_have_count(len(first["files"]))
    expect(tab.locator(".pair.shown").first).to_be_visible()
    expect(tab.locator(".turner")).to_have_count(0)
    expect(tab.locator(".bar")).to_contain_text("--allow-delete")
    tab.get_by_role("link", name="Next").click()
    expect(tab).to_have_url(re.compile("page=2"))
    expect(tab.locator(".pager")).to_contain_text("2 of")
    tab.go_back()
    expect(tab.locator(".pager")).to_contain_text("1 of")
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_progress_is_live_and_a_scan_can_be_stopped(visit: MakeVisit, tmp_path: Path) -> None:
    folder = tmp_path / "archive" / "site" / "model"
    folder.mkdir(parents=True)
    for number in range(12):
        with (folder / f"{number}.mp4").open("wb") as file:
            file.truncate(100 << 30)  # holes: minutes to read, nothing on the disk
    with serving(tmp_path / "archive", home=tmp_path / "home") as server:
        watching, other = visit(server.port, "phone"), visit(server.port)
        tab = watching.open("/duplicates")
        tab.get_by_role("button", name="Look for duplicates").click()
        bar = tab.locator("progress")
        expect(bar).to_have_attribute("value", re.compile(r"[1-9]"))
        expect(tab.locator(".scan .sums")).to_contain_text("a second")
        expect(tab.locator(".scan .sums")).to_contain_text("to go")
        expect(other.open("/duplicates").get_by_role("button", name="Stop")).to_be_visible()
        tab.get_by_role("button", name="Stop").click()
        for each in (tab, other.tab):
            expect(each.locator(".scan-words")).to_have_text("The scan was stopped")
            expect(each.get_by_role("button", name="Look for duplicates")).to_be_visible()


def test_copies_are_chosen_moved_and_put_back(own_demo: Path, visit: MakeVisit, tmp_path: Path, screen: str) -> None:
    before = files_in(own_demo)
    with serving(own_demo, "--allow-delete", home=tmp_path / "home") as server:
        visitor = visit(server.port, screen)
        tab = visitor.open("/duplicates")
        scanned(tab)
        group = server.ask("/api/duplicates?limit=1").json["groups"][0]
        turners = tab.locator(".group").first.locator(".turner")
        for number in range(len(group["files"])):
            turners.nth(number).click()
        expect(tab.locator(".toast")).to_contain_text("One copy stays")
        tab.locator(".toast").get_by_role("button", name="Close").click()  # on a phone it covers what comes next
        expect(turners.last).to_have_text("stays")
        going = {file["path"] for file in group["files"][:-1]}
        expect(tab.locator(".foot b")).to_contain_text(f"{len(going)} files go")
        tab.locator(".foot .danger").click()
        question = tab.get_by_role("dialog")
        expect(question.get_by_role("button", name="Cancel")).to_be_focused()
        question.get_by_role("button", name="Cancel").click()
        assert files_in(own_demo) == before
        tab.locator(".foot .danger").click()
        question.get_by_role("button", name="Move to the trash").click()
        expect(tab.locator(".toast")).to_contain_text(f"{len(going)} files are in the trash")
        gone = before - files_in(own_demo)
        assert going <= gone
        assert all(path.endswith(".json") for path in gone - going)  # what describes them travels along
        expect(tab.locator(".scan-words")).to_have_text("The scan is done")
        tab.get_by_role("button", name="Undo").click()
        expect(tab.locator(".toast")).to_contain_text("files are back")
        assert files_in(own_demo) == before


def test_who_undoes_while_the_archive_is_scanned_again_is_not_told_of_that(
    own_demo: Path, visit: MakeVisit, tmp_path: Path
) -> None:
    with serving(own_demo, "--allow-delete", home=tmp_path / "home") as server:
        tab = visit(server.port).open("/duplicates")
        scanned(tab)
        asked: list[Route] = []

        def hold_the_first(route: Route) -> None:
            asked.append(route)
            if len(asked) > 1:
                route.continue_()

        tab.route("**/api/scan", hold_the_first)
        tab.locator(".group").first.locator(".turner").first.click()
        tab.locator(".foot .danger").click()
        tab.get_by_role("dialog").get_by_role("button", name="Move to the trash").click()
        expect(tab.locator(".toast")).to_contain_text("1 file is in the trash")
        tab.get_by_role("button", name="Undo").click()
        expect(tab.locator(".toast")).to_contain_text("back")
        assert len(asked) == 1
        with tab.expect_request("**/api/scan"):
            asked[0].continue_()
        expect(tab.locator(".toast")).to_contain_text("back")
        expect(tab.locator(".scan-words")).to_have_text("The scan is done")


HELD = """(() => {
    const fetched = window.fetch;
    window.fetch = async (address, options) => {
        const answer = await fetched(address, options);
        if (address === "/api/scan") await new Promise((let_go) => (window.let_go = let_go));
        return answer;
    };
})()"""
"""Holds back what the server answers to who begins a scan."""


def test_an_answer_that_comes_after_the_end_of_a_scan_does_not_begin_it_anew(
    demo: Path, visit: MakeVisit, tmp_path: Path
) -> None:
    with serving(demo, home=tmp_path / "home") as server:
        visitor = visit(server.port)
        visitor.tab.add_init_script(HELD)
        tab = visitor.open("/duplicates")
        tab.get_by_role("button", name="Look for duplicates").click()
        expect(tab.locator(".scan-words")).to_have_text("The scan is done")
        tab.wait_for_function("() => window.let_go")
        tab.evaluate("() => { let_go(); return new Promise((done) => requestAnimationFrame(done)); }")
        assert tab.locator(".scan-words").text_content() == "The scan is done"
        expect(tab.get_by_role("button", name="Look for duplicates")).to_be_visible()


def test_a_rule_chooses_for_the_page(own_demo: Path, visit: MakeVisit, tmp_path: Path) -> None:
    with serving(own_demo, "--allow-delete", home=tmp_path / "home") as server:
        visitor = visit(server.port)
        tab = visitor.open("/duplicates")
        scanned(tab)
        tab.get_by_label("Choose by a rule").select_option("shortest-path")
        groups = server.ask("/api/duplicates?limit=24").json["groups"]
        going = sum(len(group["files"]) - 1 for group in groups)
        expect(tab.locator(".foot b")).to_contain_text(f"{going} files go")
        for at, group in enumerate(groups[:5]):
            kept = min(group["files"], key=lambda file: len(file["path"]))["path"]
            stays = tab.locator(".group").nth(at).locator(".copy:not(.goes)")
            expect(stays).to_have_count(1)
            expect(stays.locator(".copy-words")).to_contain_text(kept.rpartition("/")[2])
        tab.get_by_role("button", name="Keep all").click()
        expect(tab.locator(".foot")).to_be_hidden()


def test_a_rule_acts_on_all_groups_once_it_was_told_what_it_would_do(
    own_demo: Path, visit: MakeVisit, tmp_path: Path, screen: str
) -> None:
    before = files_in(own_demo)
    with serving(own_demo, "--allow-delete", home=tmp_path / "home") as server:
        visitor = visit(server.port, screen)
        tab = visitor.open("/duplicates")
        scanned(tab)
        told = server.ask("/api/duplicates?limit=100").json
        assert told["pagination"]["total"] > 24
        tab.get_by_label("Choose by a rule").select_option("shortest-path")
        tab.get_by_role("button", name="In all groups").click()
        question = tab.get_by_role("dialog", name="Keep the shortest path")
        expect(question).to_contain_text(f"{told['duplicate_files']} files go")
        expect(question).to_contain_text(f"of {told['pagination']['total']} groups")
        assert files_in(own_demo) == before
        question.get_by_role("button", name="Move to the trash").click()
        expect(tab.locator(".toast")).to_contain_text(f"{told['duplicate_files']} files are in the trash")
        kept = {min(group["files"], key=lambda file: len(file["path"]))["path"] for group in told["groups"]}
        assert kept <= files_in(own_demo)
        expect(tab.get_by_role("heading", name="No duplicates")).to_be_visible()
        tab.get_by_role("button", name="Undo").click()
        expect(tab.locator(".toast")).to_contain_text("files are back")
        assert files_in(own_demo) == before


def test_what_changed_since_the_scan_is_left_alone_and_named(own_demo: Path, visit: MakeVisit, tmp_path: Path) -> None:
    with serving(own_demo, "--allow-delete", home=tmp_path / "home") as server:
        visitor = visit(server.port)
        tab = visitor.open("/duplicates")
        scanned(tab)
        victim = server.ask("/api/duplicates?limit=1").json["groups"][0]["files"][0]["path"]
        (own_demo / victim).write_bytes(b"something else by now")
        tab.locator(".turner").first.click()
        tab.locator(".foot .danger").click()
        tab.get_by_role("dialog").get_by_role("button", name="Move to the trash").click()
        expect(tab.locator(".toast")).to_contain_text("left alone")
        assert (own_demo / victim).read_bytes() == b"something else by now"


def test_what_one_tab_removes_goes_from_another(own_demo: Path, visit: MakeVisit, tmp_path: Path) -> None:
    with serving(own_demo, "--allow-delete", home=tmp_path / "home") as server:
        visitor = visit(server.port)
        tab = visitor.open("/duplicates")
        scanned(tab)
        path = server.ask("/api/duplicates?limit=1").json["groups"][0]["files"][0]["path"]
        site, model, name = path.split("/", 2)
        second = visitor.context.new_page()
        second.goto(f"{visitor.base}/model?site={site}&model={model}&q={name}")
        expect(second.locator(".tile[href]")).to_have_count(1)
        tab.locator(".turner").first.click()
        tab.locator(".foot .danger").click()
        tab.get_by_role("dialog").get_by_role("button", name="Move to the trash").click()
        expect(second.get_by_role("heading", name="Nothing is called that")).to_be_visible()
