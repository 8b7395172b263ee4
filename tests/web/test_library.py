"""Sites, models, files: found, narrowed, put in order, walked with keys, and left where they were."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, Route, expect

from tests.server.serving import RunningServer, serving
from tests.web.conftest import MakeVisit
from tests.web.visiting import model_path, rows_of

LARGE = 3_000


def at_top(tab: Page) -> float:
    """How far the page is scrolled."""
    return float(tab.evaluate("scrollY"))


def test_one_goes_from_the_sites_to_a_file_and_back(server: RunningServer, visit: MakeVisit, screen: str) -> None:
    tab = visit(server.port, screen).open("/")
    expect(tab.locator(".card")).to_have_count(5)
    expect(tab.locator(".sums")).to_contain_text("5 sites")
    tab.get_by_role("link", name="northlight").first.click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("northlight")
    tab.locator(".card", has_text="aster.field").click()
    expect(tab).to_have_url(re.compile(r"/model\?site=northlight&model=aster\.field$"))
    expect(tab.locator(".sums")).to_contain_text("42 pictures")
    expect(tab.locator(".tile.shown").first).to_be_visible()
    tab.locator(".tile").first.click()
    expect(tab.get_by_role("dialog")).to_be_visible()
    for heading in ("aster.field", "northlight", "Library"):
        tab.go_back()
        expect(tab.get_by_role("dialog")).to_have_count(0)
        expect(tab.get_by_role("heading", level=1)).to_have_text(heading)
    tab.go_forward()
    expect(tab.get_by_role("heading", level=1)).to_have_text("northlight")


def test_covers_are_seen(server: RunningServer, visit: MakeVisit, screen: str) -> None:
    tab = visit(server.port, screen).open("/site?site=northlight")
    expect(tab.locator(".cover.shown").first).to_be_visible()
    tab.goto(f"http://127.0.0.1:{server.port}/")
    expect(tab.locator(".quarter.shown").first).to_be_visible()


def test_pictures_are_cut_and_never_squeezed(visit: MakeVisit, screen: str, tmp_path: Path) -> None:
    folder = tmp_path / "archive" / "site" / "model"
    folder.mkdir(parents=True)
    for name, size in (("high", (300, 900)), ("wide", (900, 300)), ("tiny", (3, 2))):
        picture = Image.new("RGB", size, "white")
        middle = (size[0] // 2 - 40, size[1] // 2 - 40, size[0] // 2 + 40, size[1] // 2 + 40)
        ImageDraw.Draw(picture).rectangle(middle, fill="red")
        picture.save(folder / f"{name}.png")
    with serving(tmp_path / "archive", home=tmp_path / "home") as server:
        tab = visit(server.port, screen).open(model_path("site", "model"))
        expect(tab.locator(".tile.shown")).to_have_count(3)
        for name in ("high", "wide"):
            shot = Image.open(BytesIO(tab.locator(f".tile[title='{name}.png']").screenshot())).getchannel("G")
            across = shot.crop((0, shot.height // 2, shot.width, shot.height // 2 + 1)).tobytes()
            down = shot.crop((shot.width // 2, 0, shot.width // 2 + 1, shot.height)).tobytes()
            reds = [sum(green < 128 for green in line) for line in (across, down)]
            assert min(reds) > 10 and abs(reds[0] - reds[1]) <= 3, (name, reds)


def test_everything_is_reached_by_keys_alone(server: RunningServer, visit: MakeVisit) -> None:
    tab = visit(server.port).open("/")
    expect(tab.locator(".card")).to_have_count(5)
    tab.keyboard.press("Tab")
    expect(tab.locator(".skip")).to_be_focused()
    tab.keyboard.press("ArrowRight")
    expect(tab.locator(".card").nth(0)).to_be_focused()
    tab.keyboard.press("l")
    expect(tab.locator(".card:focus b")).to_have_text("northlight")
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", level=1)).to_have_text("northlight")
    tab.keyboard.press("G")
    tab.keyboard.press("Enter")
    expect(tab.locator(".segments, .actions .button").first).to_be_visible()
    tab.keyboard.press("Escape")
    expect(tab.get_by_role("heading", level=1)).to_have_text("northlight")
    tab.keyboard.press("Escape")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Library")
    tab.keyboard.press("/")
    expect(tab.get_by_role("searchbox")).to_be_focused()


def test_keys_typed_ahead_wait_for_their_cells(server: RunningServer, visit: MakeVisit) -> None:
    visitor = visit(server.port)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    visitor.tab.route("**/api/models?**", hold)
    tab = visitor.open("/site?site=northlight")
    expect(tab.get_by_text("Loading…")).to_be_visible()
    for key in ("G", "h", "Enter"):
        tab.keyboard.press(key)
    tab.route("**/api/models?**", lambda route: route.continue_())
    for route in held:
        route.continue_()
    expect(tab.get_by_role("heading", level=1)).to_have_text("small hours")


def test_the_tab_key_stops_once_at_the_grid(server: RunningServer, visit: MakeVisit) -> None:
    tab = visit(server.port).open(model_path("northlight", "aster.field"))
    expect(tab.locator(".tile").first).to_be_visible()
    tab.locator("select").focus()
    tab.keyboard.press("Tab")
    expect(tab.locator(".tile").nth(0)).to_be_focused()
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("Shift+Tab")
    expect(tab.locator("select")).to_be_focused()
    tab.keyboard.press("Tab")
    expect(tab.locator(".cell[data-index='1'] .tile")).to_be_focused()


def test_models_are_narrowed_and_put_in_order(server: RunningServer, visit: MakeVisit) -> None:
    tab = visit(server.port).open("/site?site=northlight")
    expect(tab.locator(".card")).to_have_count(6)
    tab.get_by_role("searchbox").fill("FIELD")
    expect(tab.locator(".card:visible")).to_have_count(1)
    expect(tab).to_have_url(re.compile("q=FIELD"))
    tab.get_by_role("searchbox").fill("no such thing")
    expect(tab.get_by_role("heading", name="Nothing is called that")).to_be_visible()
    tab.get_by_role("searchbox").press("Escape")
    expect(tab.locator(".card:visible")).to_have_count(6)
    tab.get_by_label("Order").select_option("bytes")
    told = server.ask("/api/models?site=northlight&sort=bytes&order=desc").json["models"]
    expect(tab.locator(".cell[data-index='0'] b")).to_have_text(told[0]["name"])
    assert rows_of(tab)[1] == told[1]["name"]
    tab.reload()
    expect(tab.locator(".cell[data-index='0'] b")).to_have_text(told[0]["name"])
    expect(tab.get_by_label("Order")).to_have_value("bytes")


def test_files_are_chosen_by_kind_order_and_name(server: RunningServer, visit: MakeVisit, screen: str) -> None:
    tab = visit(server.port, screen).open(model_path("northlight", "fjordlines"))
    tab.get_by_role("button", name=re.compile("Videos 2")).click()
    expect(tab.locator(".tile:visible")).to_have_count(2)
    expect(tab.locator(".badge:visible")).to_have_count(2)
    tab.get_by_role("button", name=re.compile("^All")).click()
    tab.get_by_label("Order").select_option("largest")
    told = server.ask("/api/model?site=northlight&model=fjordlines&order=largest").json["items"]
    expect(tab.locator(".cell[data-index='0'] .tile")).to_have_attribute("title", told[0]["name"])
    tab.get_by_role("searchbox").fill(told[3]["name"][:9])
    expect(tab.locator(".cell[data-index='0'] .tile")).to_have_attribute("title", re.compile(told[3]["name"][:9]))


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with a model of many files, too small to be pictures."""
    folder = tmp_path_factory.mktemp("large") / "archive" / "site" / "many"
    folder.mkdir(parents=True)
    for number in range(LARGE):
        (folder / f"img{number:05}.txt.zip").write_bytes(b"")
    return folder.parent.parent


def test_a_long_list_is_drawn_where_one_looks(large: Path, visit: MakeVisit, screen: str, tmp_path: Path) -> None:
    with serving(large, home=tmp_path) as server:
        visitor = visit(server.port, screen)
        tab = visitor.open(model_path("site", "many"))
        expect(tab.locator(".tile[href]").first).to_be_visible()
        height = tab.evaluate("document.querySelector('.grid').offsetHeight")
        tab.evaluate("scrollTo(0, document.body.scrollHeight)")
        last = tab.locator(f".cell[data-index='{LARGE - 1}'] .tile[href]")
        expect(last).to_be_visible()
        assert tab.evaluate("document.querySelector('.grid').offsetHeight") == height
        assert tab.evaluate("document.querySelectorAll('*').length") < 2000
        tab.evaluate("scrollTo(0, document.querySelector('.grid').offsetHeight / 2)")
        expect(tab.locator(f".cell[data-index='{LARGE // 2}'] .tile[href]")).to_be_visible()


def test_a_list_is_found_again_where_it_was_left(large: Path, visit: MakeVisit, screen: str, tmp_path: Path) -> None:
    with serving(large, home=tmp_path) as server:
        tab = visit(server.port, screen).open(model_path("site", "many"))
        expect(tab.locator(".tile[href]").first).to_be_visible()
        tab.evaluate("scrollTo(0, 9000)")
        expect(tab.locator(".cell:not([hidden]) .tile[href]").first).to_be_visible()
        where = at_top(tab)
        tab.evaluate("document.querySelector('.up').click()")
        expect(tab.get_by_role("heading", level=1)).to_have_text("site")
        tab.wait_for_function("() => scrollY === 0")
        tab.go_back()
        expect(tab.get_by_role("heading", level=1)).to_have_text("many")
        tab.wait_for_function(f"() => scrollY === {where}")
        tab.reload()
        expect(tab.locator(".tile[href]").first).to_be_visible()
        tab.wait_for_function(f"() => scrollY === {where}")


def test_what_is_at_the_top_stays_there_when_the_window_turns(large: Path, visit: MakeVisit, tmp_path: Path) -> None:
    with serving(large, home=tmp_path) as server:
        tab = visit(server.port, "phone").open(model_path("site", "many"))
        expect(tab.locator(".tile[href]").first).to_be_visible()
        tab.evaluate("scrollTo(0, 20000)")
        top = """() => Math.min(...[...document.querySelectorAll('.cell:not([hidden])')]
            .map((cell) => [cell.getBoundingClientRect(), Number(cell.dataset.index)])
            .filter(([box]) => box.top <= 60 && box.bottom > 60)
            .map(([_box, index]) => index))"""
        tab.wait_for_function(f"() => {{ const at = ({top})(); return at > 100 && at < {LARGE}; }}")
        before = tab.evaluate(top)
        tab.set_viewport_size({"width": 844, "height": 390})
        tab.wait_for_function(f"() => Math.abs(({top})() - {before}) < 14")
