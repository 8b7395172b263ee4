"""The review of duplicates, by keyboard: choosing what goes, moving it to the trash, and having it all back."""

import hashlib
import os
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from catalog_tui.config import Settings
from catalog_tui.core.places import archive_cache
from catalog_tui.core.removal.planning import Planned
from catalog_tui.core.review import Review
from catalog_tui.core.scan.engine import scan
from catalog_tui.core.scan.events import Finished
from catalog_tui.core.scan.options import ScanOptions
from catalog_tui.core.scan.outcome import DuplicateFile, DuplicateGroup
from catalog_tui.core.scan.results import RESULTS_NAME, NoResultError, ScanResult, save
from catalog_tui.screens.duplicates import DuplicatesScreen
from catalog_tui.screens.removing import JournalWindow, Report
from catalog_tui.screens.rules import RuleEditor
from catalog_tui.widgets.dialogs import ChoiceDialog
from catalog_tui.widgets.group_list import GroupList
from tests.corpus import NASTY_NAMES
from tests.screens.driving import Driver, browsing
from tests.trees import make_archive

OLD_S, NEW_S = 1_600_000_000, 1_700_000_000


@pytest.fixture
def copies(tmp_path: Path) -> Path:
    """Three groups: three copies of the largest content, two of each other; one file alone."""
    root = make_archive(
        tmp_path / "archive",
        {
            "here/ann/large.jpg": b"L" * 3000,
            "here/ann/large.jpg.json": b"{}",
            "here/bob/large again.jpg": b"L" * 3000,
            "there/cyd/large too.jpg": b"L" * 3000,
            "here/ann/small.png": b"s" * 200,
            "there/cyd/small.png": b"s" * 200,
            "here/ann/tiny.gif": b"t" * 20,
            "there/dan/tiny.gif": b"t" * 20,
            "there/dan/alone.jpg": b"a" * 999,
        },
    )
    for path in root.rglob("*.*"):
        old = path.is_relative_to(root / "there")
        os.utime(path, (OLD_S, OLD_S) if old else (NEW_S, NEW_S))
    return root


def tree(root: Path) -> set[tuple[str, str, int, int]]:
    """Every file outside the trash: its name, content, time and mode."""
    found = set()
    for path in root.rglob("*"):
        status = path.lstat()
        if ".catalog-trash" not in path.parts and stat.S_ISREG(status.st_mode):
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            found.add((str(path.relative_to(root)), digest, status.st_mtime_ns, status.st_mode))
    return found


def contents(root: Path) -> set[str]:
    """The contents that are in the archive outside the trash."""
    return {digest for _name, digest, _mtime, _mode in tree(root)}


@asynccontextmanager
async def reviewing(root: Path, settings: Settings | None = None) -> AsyncIterator[tuple[Driver, DuplicatesScreen]]:
    async with browsing(root, settings=settings or Settings()) as user:
        await user.press("D")
        await user.until(lambda: not user.browser.scan_bar.scanning)
        await user.press("W")
        screen = user.app.screen
        assert isinstance(screen, DuplicatesScreen)
        await user.until(lambda: screen.files.records.rows > 0)
        yield user, screen


def chosen(screen: DuplicatesScreen) -> list[str]:
    """The paths of the files that are to go."""
    found = []
    for group in screen.review.decided():
        files = screen.result.group_files(group)
        found += [files[at].path for at in sorted(screen.review.going(group))]
    return found


async def move_to_trash(user: Driver) -> None:
    await user.press("d")
    await user.until(lambda: isinstance(user.app.screen, ChoiceDialog))
    await user.press("y")


async def test_space_lets_a_file_go_and_the_totals_say_so(copies: Path) -> None:
    async with reviewing(copies) as (user, screen):
        await user.press("l", "space")
        await user.until(lambda: chosen(screen) == ["here/ann/large.jpg"])
        await user.until(lambda: "1 file goes of 1 group" in user.text())
        await user.press("k", "space")
        await user.until(lambda: not chosen(screen))


async def test_the_last_copy_of_a_group_cannot_be_chosen(copies: Path) -> None:
    async with reviewing(copies) as (user, screen):
        await user.press("l", "space", "space", "space")
        await user.until(lambda: "One copy stays, always." in user.notices())
        assert len(chosen(screen)) == 2
        await user.press("A")
        await user.until(lambda: screen.files.records.marks.count == 2)
        assert len(chosen(screen)) == 2


async def test_what_was_chosen_in_a_group_stands_when_one_comes_back_to_it(copies: Path) -> None:
    async with reviewing(copies) as (user, screen):
        await user.press("l", "space", "h", "j", "k")
        await user.until(lambda: list(screen.files.records.marks.indexes()) == [0])
        assert chosen(screen) == ["here/ann/large.jpg"]


async def test_a_rule_chooses_in_all_groups_and_in_the_marked_ones_only_where_some_are(copies: Path) -> None:
    async with reviewing(copies) as (user, screen):
        await user.press("R", "o")
        await user.until(lambda: len(chosen(screen)) == 4)
        assert all(path.startswith("here/") for path in chosen(screen))
        await user.press("C")
        await user.until(lambda: not chosen(screen))
        await user.press("space", "R", "n")
        await user.until(lambda: len(chosen(screen)) == 2)


async def test_cancel_is_the_first_answer_and_moves_nothing(copies: Path) -> None:
    before = tree(copies)
    async with reviewing(copies) as (user, screen):
        await user.press("R", "o")
        await user.until(lambda: len(chosen(screen)) == 4)
        await user.press("d")
        await user.until(lambda: isinstance(user.app.screen, ChoiceDialog))
        await user.press("enter")
        await user.until(lambda: user.app.screen is screen)
        assert not screen.remover.working
    assert tree(copies) == before


async def test_what_was_chosen_goes_every_content_stays_and_undo_brings_back_the_same_tree(copies: Path) -> None:
    before, held = tree(copies), contents(copies)
    async with reviewing(copies) as (user, screen):
        await user.press("R", "o")
        await user.until(lambda: len(chosen(screen)) == 4)
        await move_to_trash(user)
        await user.until(lambda: screen.result.summary.duplicate_groups == 0)
        assert "4 files were moved to the trash. 1 side-file too. u undoes it." in user.notices()
        # The side-file went along with its picture: of it alone there is no copy outside the trash.
        assert contents(copies) >= held - {hashlib.sha256(b"{}").hexdigest()}
        assert {name for name, *_rest in tree(copies)} == {
            "there/cyd/large too.jpg",
            "there/cyd/small.png",
            "there/dan/tiny.gif",
            "there/dan/alone.jpg",
        }
        await user.press("u")
        await user.until(lambda: screen.result.summary.duplicate_groups == 3)
        assert "4 files are back. 1 side-file too." in user.notices()
    assert tree(copies) == before


async def test_a_group_that_changed_since_the_scan_is_left_alone_and_said(copies: Path) -> None:
    async with reviewing(copies) as (user, screen):
        await user.press("R", "o")
        await user.until(lambda: len(chosen(screen)) == 4)
        (copies / "there/cyd/large too.jpg").write_bytes(b"X" * 3000)
        await move_to_trash(user)
        await user.until(lambda: any("left out" in notice for notice in user.notices()))
        await user.until(lambda: not (copies / "here/ann/small.png").exists())
    assert (copies / "here/ann/large.jpg").read_bytes() == b"L" * 3000
    assert (copies / "here/bob/large again.jpg").exists()


async def test_where_no_plan_can_be_made_it_is_said_why(copies: Path) -> None:
    async with reviewing(copies) as (user, screen):
        await user.press("l", "space")
        await user.until(lambda: len(chosen(screen)) == 1)
        screen.result.close()
        await user.press("d")
        await user.until(lambda: any("closed database" in notice for notice in user.notices()))
        assert user.app.screen is screen


async def test_where_no_rule_can_choose_it_is_said_why(copies: Path) -> None:
    async with reviewing(copies) as (user, screen):
        screen.result.close()
        await user.press("R", "o")
        await user.until(lambda: any("closed database" in notice for notice in user.notices()))


def many_groups(root: Path, count: int) -> Path:
    """More groups than are in view, of two copies each; what is said of all takes more than one page of the results."""
    names = [(model, number) for model in ("ann", "bob") for number in range(count)]
    return make_archive(root, {f"site/{model}/{number:03}.jpg": b"%03d" % number for model, number in names})


async def test_results_that_cannot_be_read_any_more_end_nothing_and_it_is_said(tmp_path: Path) -> None:
    root = many_groups(tmp_path / "archive", 400)
    async with reviewing(root) as (user, screen):
        file = archive_cache(str(root)) / RESULTS_NAME
        with file.open("r+b") as results:  # as it is open: one that is only deleted can still be read
            results.write(os.urandom(file.stat().st_size))
        await user.press("G")
        await user.until(lambda: "The results of the scan cannot be read" in " ".join(user.text().split()))
        assert screen.groups.records.render_line(screen.groups.records.size.height - 1).text.split() == ["·…"]
        assert len([notice for notice in user.notices() if "malformed" in notice]) == 1
        await user.press("a", "n", "b", "space", "l", "space", "h", "slash", *"042", "enter")
        await user.until(lambda: "Nothing matches the filter." in user.text())
        assert not chosen(screen)


async def test_a_failure_that_passes_does_not_hide_the_next_one_of_another_kind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = many_groups(tmp_path / "archive", 400)
    read = ScanResult.group
    failures: list[str] = []
    said: list[str] = []  # notices go after some seconds

    def read_from_a_bad_disk(result: ScanResult, group: int) -> tuple[DuplicateGroup, list[DuplicateFile]]:
        if failures:
            raise NoResultError(failures[-1])
        return read(result, group)

    monkeypatch.setattr(ScanResult, "group", read_from_a_bad_disk)
    monkeypatch.setattr(GroupList, "notify", lambda _pane, words, **_how: said.append(words))
    async with reviewing(root) as (user, screen):
        failures.append("the disk failed")
        await user.press("G")
        await user.until(lambda: "the disk failed" in screen.files.records.words)
        failures.clear()
        await user.press("g")
        await user.until(lambda: screen.files.records.rows == 2)
        save(archive_cache(str(root)), screen.result.summary, list(screen.result.everything()))
        await user.press("pagedown", "pagedown")
        await user.until(lambda: "A newer scan" in screen.files.records.words)
        assert [words.partition(": ")[2] for words in said] == [
            "the disk failed",
            "A newer scan has taken the place of this one.",
        ]


async def test_groups_of_a_newer_scan_are_not_taken_for_those_that_were_chosen_in(
    copies: Path,
) -> None:
    before = tree(copies)
    async with reviewing(copies) as (user, screen):
        await user.press("l", "space", "h")
        await user.until(lambda: screen.review.totals().files == 1)
        shown = list(screen.result.everything())
        later = [(group._replace(id=2 - group.id), files) for group, files in shown]
        save(archive_cache(str(copies)), screen.result.summary, later)
        await user.press("d")
        await user.until(lambda: "A newer scan has taken the place of this one." in user.notices())
        assert user.app.screen is screen
    assert tree(copies) == before


async def test_files_marked_while_browsing_go_to_the_trash_and_come_back(copies: Path) -> None:
    before = tree(copies)
    async with browsing(copies) as user:
        await user.press("l", "l", "space", "space")
        await move_to_trash(user)
        await user.until(lambda: not (copies / "here/ann/large.jpg").exists())
        await user.until(lambda: len(user.names(user.browser.media)) == 1)
        await user.press("u")
        await user.until(lambda: len(user.names(user.browser.media)) == 3)
    assert tree(copies) == before


async def test_nothing_to_undo_is_said(copies: Path) -> None:
    async with browsing(copies) as user:
        await user.press("u")
        await user.until(lambda: "There is nothing to undo." in user.notices())


def test_names_of_any_bytes_are_planned_exactly(tmp_path: Path) -> None:
    for folder in (b"one", b"two"):
        os.makedirs(os.path.join(os.fsencode(tmp_path), b"site", folder))
        for number, name in enumerate(NASTY_NAMES):
            with open(os.path.join(os.fsencode(tmp_path), b"site", folder, name), "wb") as file:
                file.write(b"%d" % number * 50)
    *_events, last = scan(ScanOptions(str(tmp_path), everything=True, use_index=False))
    assert isinstance(last, Finished) and last.outcome is not None
    groups = list(last.outcome.groups())
    review = Review(str(tmp_path))
    review.apply_rules(groups, ())
    planned: Planned = review.plan(groups)
    assert len(planned.plan.items) == len(groups) >= len(NASTY_NAMES) - 1
    for item in planned.plan.items:
        assert os.path.lexists(os.path.join(tmp_path, item.victim.path))
        assert item.keeper is not None and item.keeper.path != item.victim.path


def test_a_decision_that_keeps_nothing_is_refused_and_changes_nothing() -> None:
    review = Review("/archive")
    group = DuplicateGroup(7, "00", 10, 3)
    assert review.decide(group, [0, 2])
    assert not review.decide(group, [0, 1, 2])
    assert review.going(7) == {0, 2}
    assert (review.totals().files, review.totals().bytes) == (2, 20)
    assert review.decide(group, [])
    assert review.totals().groups == 0


def test_a_file_with_a_name_outside_the_archive_frees_nothing(tmp_path: Path) -> None:
    root = make_archive(tmp_path / "archive", {"s/m/a.jpg": b"x" * 64, "s/m/b.jpg": b"x" * 64})
    os.link(root / "s/m/b.jpg", tmp_path / "outside.jpg")
    files = []
    for name in ("a", "b"):
        status = (root / f"s/m/{name}.jpg").stat()
        files.append(
            DuplicateFile(f"s/m/{name}.jpg", status.st_dev, status.st_ino, status.st_mtime_ns, status.st_ctime_ns)
        )
    group = DuplicateGroup(0, "00", 64, 2)
    review = Review(str(root))
    assert review.decide(group, [1])
    assert review.plan([(group, files)]).plan.bytes_after_purge == 0
    assert review.decide(group, [0])
    assert review.plan([(group, files)]).plan.bytes_after_purge == 64


async def test_keeping_both_is_remembered_over_scans_and_can_be_taken_back(copies: Path) -> None:
    async with reviewing(copies) as (user, screen):
        await user.press("b", "R", "o")
        await user.until(lambda: len(chosen(screen)) == 2)
        await user.press("g", "l", "space")
        await user.until(lambda: any("Every copy of this group is kept" in notice for notice in user.notices()))
    async with reviewing(copies) as (user, screen):
        await user.press("R", "o")
        await user.until(lambda: len(chosen(screen)) == 2)
        await user.press("g", "b", "R", "o")
        await user.until(lambda: len(chosen(screen)) == 4)


async def test_f_goes_to_the_file_in_the_browser(copies: Path) -> None:
    async with reviewing(copies) as (user, _screen):
        await user.press("l", "G", "f")
        await user.until(lambda: user.app.screen is user.browser)
        await user.until(lambda: user.at_all() == ("there", "cyd", "large too.jpg"))
        assert user.focused == "media"


async def test_copies_can_become_hard_links_and_files_again(copies: Path) -> None:
    before = tree(copies)
    async with reviewing(copies) as (user, screen):
        await user.press("R", "o")
        await user.until(lambda: len(chosen(screen)) == 4)
        await user.press("d")
        await user.until(lambda: isinstance(user.app.screen, ChoiceDialog))
        await user.press("l")
        await user.until(lambda: screen.result.summary.duplicate_groups == 0)
        assert (copies / "here/ann/large.jpg").samefile(copies / "there/cyd/large too.jpg")
        assert "4 files are hard links now. u undoes it." in user.notices()
        await user.press("u")
        await user.until(lambda: screen.result.summary.duplicate_groups == 3)
    assert tree(copies) == before


async def test_the_journal_tells_of_every_removal_and_what_can_be_undone(copies: Path) -> None:
    async with browsing(copies) as user:
        await user.press("H")
        await user.until(lambda: isinstance(user.app.screen, JournalWindow))
        assert "Nothing was removed yet." in user.text()
        await user.press("escape", "l", "l", "space")
        await move_to_trash(user)
        await user.until(lambda: not (copies / "here/ann/large.jpg").exists())
        await user.until(lambda: not user.browser.remover.working)
        await user.press("H")
        await user.until(lambda: isinstance(user.app.screen, JournalWindow))
        assert "to the trash: 2 files, 2 can be undone" in user.text()  # the picture and its side-file


async def test_a_whole_model_goes_only_when_its_name_is_typed(copies: Path) -> None:
    before = tree(copies)
    async with browsing(copies) as user:
        await user.press("l", "j", "d", *"wrong", "enter")
        await user.until(lambda: user.app.screen is user.browser)
        assert tree(copies) == before
        await user.press("d", *"bob", "enter")
        await user.until(lambda: isinstance(user.app.screen, ChoiceDialog))
        await user.press("y")
        await user.until(lambda: not (copies / "here/bob/large again.jpg").exists())
        await user.until(lambda: not user.browser.remover.working)
        await user.press("u")
        await user.until(lambda: (copies / "here/bob/large again.jpg").exists())
    assert tree(copies) == before


async def test_what_was_left_alone_is_told_file_by_file_and_can_be_saved(copies: Path, isolated: Path) -> None:
    async with reviewing(copies) as (user, screen):
        await user.press("R", "o")
        await user.until(lambda: len(chosen(screen)) == 4)
        (copies / "there/dan/tiny.gif").unlink()
        await user.press("d")
        await user.until(lambda: isinstance(user.app.screen, Report | ChoiceDialog))
        await user.until(lambda: any(isinstance(shown, Report) for shown in user.app.screen_stack))
        report = next(shown for shown in user.app.screen_stack if isinstance(shown, Report))
        assert "there/dan/tiny.gif\n  it is gone" in report.text().plain
        if user.app.screen is not report:
            await user.press("escape")
        await user.press("s")
        await user.until(lambda: bool(list(isolated.glob("catalog-tui-report-*.txt"))))
        (saved,) = isolated.glob("catalog-tui-report-*.txt")
        assert "it is gone" in saved.read_text()


async def test_rules_can_be_written_and_are_looked_at_while_they_are(copies: Path) -> None:
    async with reviewing(copies) as (user, screen):
        await user.press("R", "w")
        await user.until(lambda: isinstance(user.app.screen, RuleEditor))
        await user.press(*"prefer:here/bo", "enter")
        await user.until(lambda: len(chosen(screen)) == 4)
        await user.press("C", "R", "w")
        await user.until(lambda: isinstance(user.app.screen, RuleEditor))
        await user.press(*"nonsense", "enter")
        await user.until(lambda: "is no keep rule" in user.text())
        assert isinstance(user.app.screen, RuleEditor)


async def test_what_each_rule_would_do_is_counted_before_it_is_chosen(copies: Path) -> None:
    async with reviewing(copies) as (user, screen):
        await user.press("R")
        await user.until(lambda: "4 files would go of 3 groups · purging frees 6.07 KB" in user.text())
        await user.press("w")
        await user.until(lambda: isinstance(user.app.screen, RuleEditor))
        await user.press(*"prefer:here")
        await user.until(lambda: "in 1 group the path decides" in user.text())
        await user.press("home", "shift+end", *"shortest-name")
        await user.until(lambda: "in 2 groups the path decides" in user.text())
        await user.press("escape")
        assert not chosen(screen)


async def test_rules_written_can_be_kept_for_the_next_time(copies: Path, tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("# mine\n")
    async with reviewing(copies, Settings(file=file)) as (user, screen):
        await user.press("R", "w")
        await user.until(lambda: isinstance(user.app.screen, RuleEditor))
        await user.press(*"nonsense", "ctrl+s")
        await user.until(lambda: "is no keep rule" in user.text())
        assert file.read_text() == "# mine\n"
        await user.press("home", "shift+end", *"newest", "ctrl+s")
        await user.until(lambda: "These are your rules now." in user.notices())
        assert file.read_text() == '# mine\nkeep = ["newest"]\n'
        await user.press("escape", "escape", "W")
        await user.until(lambda: isinstance(user.app.screen, DuplicatesScreen) and user.app.screen is not screen)
        await user.press("R")
        await user.until(lambda: "Your rules: newest" in user.text())


async def test_a_group_is_accepted_or_skipped_and_the_next_is_at_hand(copies: Path) -> None:
    async with reviewing(copies, Settings(keep=("newest",))) as (user, screen):
        await user.press("a", "a")
        await user.until(lambda: screen.groups.records.cursor == 2)
        assert chosen(screen) == ["here/bob/large again.jpg", "there/cyd/large too.jpg", "there/cyd/small.png"]
        await user.press("k", "n")
        await user.until(lambda: screen.groups.records.cursor == 2 and len(chosen(screen)) == 2)


async def test_nothing_in_a_protected_folder_goes(copies: Path) -> None:
    settings = Settings(protect=("here/ann",), keep=("newest",))
    async with reviewing(copies, settings) as (user, screen):
        await user.press("R", "y")
        await user.until(lambda: len(chosen(screen)) == 4)
        assert not any(path.startswith("here/ann/") for path in chosen(screen))
        await user.press("g", "l", "g", "space")  # by hand it can be marked, and is refused when it comes to it
        await move_to_trash(user)
        await user.until(lambda: (copies / ".catalog-trash").exists() and not screen.remover.working)
    assert (copies / "here/ann/large.jpg").exists()


async def test_what_changed_since_the_scan_is_set_aside_and_said(copies: Path) -> None:
    async with reviewing(copies) as (user, screen):
        (copies / "here/bob/large again.jpg").unlink()
        await user.press("j", "k")
        await user.until(lambda: screen.files.stale == {"here/bob/large again.jpg": "it is gone"})
        await user.press("l", "j")
        await user.until(lambda: "it is gone" in user.text())


async def test_groups_are_narrowed_by_size(copies: Path) -> None:
    async with reviewing(copies) as (user, screen):
        await user.press("slash", *">100", "enter")
        await user.until(lambda: screen.groups.records.rows == 2)
        await user.press("slash", "backspace", "backspace", "backspace", "backspace", *"<1K", "enter")
        await user.until(lambda: list(screen.groups.records.order) == [1, 2])


def test_a_protected_folder_that_this_archive_lacks_hinders_nothing(tmp_path: Path) -> None:
    review = Review(str(tmp_path), protected=("other/archive's",))
    assert review.plan([]).plan.protected == ()


async def test_files_follow_once_the_cursor_rests_and_at_once_when_something_is_done_with_them(
    copies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reviewing(copies) as (user, screen):
        monkeypatch.setattr("catalog_tui.widgets.after_rest.REST_S", 3600)
        await user.press("j")
        await user.until(lambda: screen.groups.records.cursor == 1)
        assert len(screen.files.records.source or ()) == 3
        await user.press("l", "space")
        await user.until(lambda: chosen(screen) == ["here/ann/small.png"])
        monkeypatch.setattr("catalog_tui.widgets.after_rest.REST_S", 0.01)
        await user.press("h", "k")
        await user.until(lambda: len(screen.files.records.source or ()) == 3)
