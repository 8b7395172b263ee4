"""The duplicate scan: its bar, the question when leaving, and the list of what it found."""

import time

import pytest

from catalog_tui.core.places import archive_cache
from catalog_tui.core.scan.events import Finished, Progress, Summary
from catalog_tui.core.scan.results import DuplicateFile, DuplicateGroup, save
from catalog_tui.screens.duplicates import DuplicatesScreen
from catalog_tui.screens.rules import RuleEditor
from tests.screens.driving import Driver
from tests.screens.snapshots.pictures import LARGE, SHOWN, SIZES, Compare, picture, standing_archive
from tests.widgets.told_scan import tell_scan

GB = 1024**3
HASHING = Progress(
    "hash",
    files=1_234_567,
    candidates=300_000,
    done=3 * GB,
    total=8 * GB,
    rate=812.5 * 1024**2,
    eta_s=45.0,
    hits=9,
    misses=1,
    waste=2 * GB,
)
LOOKING = Progress("walk", files=4_321, folder="artgrid/Ana Vale/set")
FOUND = Finished(Summary("/a", "xxh128", duplicate_groups=1_234, total_waste_bytes=5 * GB, seconds=71.3))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("progress", [LOOKING, HASHING], ids=["looking", "hashing"])
def test_scan_running(
    snap_compare: Compare, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], progress: Progress
) -> None:
    scan = tell_scan(monkeypatch)

    async def running(user: Driver) -> None:
        await user.press("D")
        scan.tell(progress)
        await user.until(lambda: f"{progress.files:,} files" in user.text())

    assert picture(snap_compare, size, running)


def test_scan_ended(snap_compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
    scan = tell_scan(monkeypatch)

    async def ended(user: Driver) -> None:
        await user.press("D")
        scan.tell(FOUND)
        await user.until(lambda: "1,234 groups" in user.text())

    assert picture(snap_compare, LARGE, ended)


@pytest.mark.parametrize("size", SIZES)
def test_leaving_while_a_scan_runs(
    snap_compare: Compare, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    scan = tell_scan(monkeypatch)

    async def leaving(user: Driver) -> None:
        await user.press("D")
        scan.tell(HASHING)
        await user.until(lambda: "1,234,567 files" in user.text())
        await user.press("q")

    assert picture(snap_compare, size, leaving)


def keep_results() -> None:
    """Results of a scan three days ago."""
    groups = [
        (
            DuplicateGroup(number, "aa" * 16, 5_000_000 // (number + 1) // (1 + number % 3), 2 + number % 3),
            [
                DuplicateFile(f"artgrid/Ana Vale/set/img{number}.jpg", 1, 1, (1_700_000_000 + copy * 86_400) * 10**9, 0)
                if not copy
                else DuplicateFile(
                    f"boards/user{copy:02}/a copy of img{number}.jpg", 1, 1, 1_700_086_400 * 10**9, 0, ("x.jpg",) * copy
                )
                for copy in range(2 + number % 3)
            ],
        )
        for number in range(60)
    ]
    summary = Summary(
        "/a",
        "xxh128",
        duplicate_groups=len(groups),
        duplicate_files=sum(group.copies - 1 for group, _files in groups),
        total_waste_bytes=sum(group.waste for group, _files in groups),
    )
    save(archive_cache(str(standing_archive(SHOWN))), summary, groups, now_ns=time.time_ns() - 3 * 86_400 * 10**9)


async def show_results(user: Driver) -> None:
    await user.press("W")
    screen = user.app.screen
    assert isinstance(screen, DuplicatesScreen)
    await user.until(lambda: screen.files.records.rows > 0)
    await user.press("j")
    await user.until(lambda: screen.files.records.rows == 3)


@pytest.mark.parametrize("size", SIZES)
def test_duplicates(snap_compare: Compare, size: tuple[int, int]) -> None:
    keep_results()
    assert picture(snap_compare, size, show_results)


async def show_files(user: Driver) -> None:
    await show_results(user)
    await user.press("l", "j")


@pytest.mark.parametrize("size", SIZES)
def test_files_of_a_group(snap_compare: Compare, size: tuple[int, int]) -> None:
    keep_results()
    assert picture(snap_compare, size, show_files)


@pytest.mark.parametrize("size", SIZES)
def test_which_copy_stays(snap_compare: Compare, size: tuple[int, int]) -> None:
    async def ask(user: Driver) -> None:
        await show_results(user)
        await user.press("R")
        await user.until(lambda: "would go of 60 groups" in user.text())

    keep_results()
    assert picture(snap_compare, size, ask)


@pytest.mark.parametrize("size", SIZES)
def test_rules_being_written(snap_compare: Compare, size: tuple[int, int]) -> None:
    async def write(user: Driver) -> None:
        await show_results(user)
        await user.press("R", "w")
        await user.until(lambda: isinstance(user.app.screen, RuleEditor))
        await user.press(*"prefer:artgrid, newest")
        await user.until(lambda: "would go of 60 groups" in user.text())

    keep_results()
    assert picture(snap_compare, size, write)
