"""The duplicate scan beside the browsing, and the list of what it found."""

import os
import shlex
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from catalog_tui.config import Settings
from catalog_tui.core.places import archive_cache
from catalog_tui.core.scan.events import Summary
from catalog_tui.core.scan.options import ScanOptions
from catalog_tui.core.scan.results import DuplicateFile, DuplicateGroup, save
from catalog_tui.screens.duplicates import DuplicatesScreen
from tests.screens.driving import Driver, browsing
from tests.trees import make_archive
from tests.widgets.told_scan import tell_scan

COPIES = {
    "one/ana/a.jpg": b"A" * 3_000,
    "one/ana/copy of a.jpg": b"A" * 3_000,
    "two/bob/a again.jpg": b"A" * 3_000,
    "two/bob/b.jpg": b"B" * 100_000,
    "two/bob/b2.jpg": b"B" * 100_000,
    "two/bob/only once.jpg": b"C" * 500,
}


@pytest.fixture
def copies(tmp_path: Path) -> Path:
    """An archive with two groups of duplicates, which waste 100,000 and 6,000 bytes."""
    return make_archive(tmp_path / "archive", COPIES)


@pytest.fixture
def films(tmp_path: Path) -> Path:
    """An archive that takes seconds to scan, and no room on the disk."""
    return make_archive(tmp_path / "films", {f"site/model/{number}.mp4": 2**30 for number in range(24)})


def bar(user: Driver) -> str:
    """What the scan bar shows."""
    return " ".join(user.browser.scan_bar.render_line(0).text.split())


@pytest.fixture(autouse=True)
def standing_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes that are started stand still at once, until somebody lets them go on."""
    python = tmp_path / "standing-python"
    python.write_text(f'#!/bin/sh\nkill -STOP $$\nexec {shlex.quote(sys.executable)} "$@"\n')
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))


def process_of(user: Driver) -> int | None:
    """The process id of the scan that runs."""
    scan = user.browser.scan_bar._scan
    return None if scan is None else scan.pid


def stands_still(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return state in "TZ"


@asynccontextmanager
async def held_scan(user: Driver) -> AsyncIterator[int]:
    """Start a scan whose process, of which this gives the id, stands still as long as this lasts."""
    await user.press("D")
    await user.until(lambda: process_of(user) is not None)
    pid = process_of(user)
    assert pid is not None
    await user.until(lambda: stands_still(pid))
    yield pid
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGCONT)


async def scan(user: Driver) -> None:
    """Scan from the beginning to the end."""
    async with held_scan(user):
        pass
    await user.until(lambda: not user.browser.scan_bar.scanning)


async def test_a_scan_runs_beside_the_browsing_and_its_bar_says_what_it_found(copies: Path) -> None:
    async with browsing(copies) as user:
        assert not user.browser.scan_bar.display
        async with held_scan(user):
            assert user.browser.scan_bar.display
            assert "X stops" in bar(user)
            await user.press("j")
            await user.until(lambda: user.at_all() == ("two", "bob", "a again.jpg"))
        await user.until(lambda: not user.browser.scan_bar.scanning)
        assert bar(user).startswith("2 groups of duplicates 103.52 KB to gain")
        assert bar(user).endswith("W shows them")


async def test_the_bar_is_one_line_above_the_keys(copies: Path) -> None:
    async with browsing(copies, size=(100, 30)) as user, held_scan(user):
        await user.pilot.pause()
        lines = user.text().splitlines()
        assert "X stops" in lines[-2]
        assert "Quit" in lines[-1]


async def test_W_shows_groups_by_waste_and_the_files_of_each(copies: Path) -> None:
    async with browsing(copies) as user:
        await scan(user)
        await user.press("W")
        screen = user.app.screen
        assert isinstance(screen, DuplicatesScreen)
        await user.until(lambda: screen.files.records.rows == 2)
        rows = [" ".join(screen.groups.records.render_line(y).text.split()) for y in (0, 1)]
        assert rows == ["two/bob/b.jpg 97.66 KB 2 97.66 KB", "one/ana/a.jpg 5.86 KB 3 2.93 KB"]
        await user.press("j")
        await user.until(lambda: screen.files.records.rows == 3)
        await user.press("l", "y")
        assert user.app.clipboard == str(copies / "one/ana/a.jpg")
        await user.walk("h", "h")
        assert user.app.screen is user.browser


async def test_groups_are_narrowed_by_any_of_their_paths(copies: Path) -> None:
    async with browsing(copies) as user:
        await scan(user)
        await user.press("W", *"/again", "enter")
        screen = user.app.screen
        assert isinstance(screen, DuplicatesScreen)
        await user.until(lambda: screen.groups.records.rows == 1 and screen.files.records.rows == 3)
        await user.press("escape")
        await user.until(lambda: screen.groups.records.rows == 2)


async def test_a_second_scan_is_not_started_beside_the_first(copies: Path) -> None:
    async with browsing(copies) as user, held_scan(user) as pid:
        await user.press("D")
        assert user.notices() == ["A scan is running already."]
        assert process_of(user) == pid


async def test_X_stops_the_scan_and_says_what_is_kept(films: Path) -> None:
    async with browsing(films) as user:
        async with held_scan(user):
            await user.press("X")
            assert bar(user).startswith("Stopping")
        await user.until(lambda: not user.browser.scan_bar.scanning)
        assert bar(user).startswith("Scan stopped. What was read is remembered")
        await user.press("W")
        assert any("No scan has been finished yet" in notice for notice in user.notices())


async def test_leaving_while_a_scan_runs_asks_and_staying_is_what_enter_does(copies: Path) -> None:
    async with browsing(copies) as user:
        async with held_scan(user):
            await user.press("q")
            assert "A duplicate scan is running" in user.text()
            await user.press("enter")
            assert user.app.screen is user.browser
            assert user.browser.scan_bar.scanning
        await user.until(lambda: not user.browser.scan_bar.scanning)
        assert user.app.is_running


async def test_leaving_can_stop_the_scan(films: Path) -> None:
    async with browsing(films) as user:
        async with held_scan(user) as pid:
            await user.press("q")
        await user.press("s")
    assert user.app.return_code == 0
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_leaving_can_wait_until_the_scan_is_done(copies: Path) -> None:
    async with browsing(copies) as user:
        async with held_scan(user):
            await user.press("q", "w")
            assert user.app.is_running
        await user.until(lambda: user.app.return_code is not None)
    assert user.app.return_code == 0
    async with browsing(copies) as user:
        await user.press("W")
        assert isinstance(user.app.screen, DuplicatesScreen)


async def test_results_of_an_earlier_start_are_shown_at_once_with_their_age(copies: Path) -> None:
    group = DuplicateGroup(0, "aa" * 16, 3_000, 2)
    files = [DuplicateFile("one/ana/a.jpg", 1, 2, 0, 0), DuplicateFile("two/bob/a again.jpg", 1, 3, 0, 0, ("x/y.jpg",))]
    summary = Summary(str(copies), "xxh128", files=6, duplicate_groups=1, duplicate_files=1, total_waste_bytes=3_000)
    save(archive_cache(str(copies)), summary, [(group, files)], now_ns=time.time_ns() - 3 * 86_400 * 10**9)
    async with browsing(copies) as user:
        await user.press("W")
        screen = user.app.screen
        assert isinstance(screen, DuplicatesScreen)
        await user.until(lambda: screen.files.records.rows == 2)
        line = screen.place_line.render_line(0).text
        assert "3 days ago" in line
        assert "2.93 KB" in line
        assert screen.files.records.render_line(1).text.split()[-1] == "1"


async def test_without_any_results_W_says_how_to_get_some(copies: Path) -> None:
    async with browsing(copies) as user:
        await user.press("W")
        assert user.notices() == ["No scan has been finished yet: D starts one."]


async def test_no_duplicates_is_said(tmp_path: Path) -> None:
    root = make_archive(tmp_path / "a", {"site/model/x.jpg": b"x", "site/model/y.jpg": b"y"})
    async with browsing(root) as user:
        await scan(user)
        assert bar(user).startswith("No duplicates. 2 files")
        await user.press("W")
        assert "The last scan found no duplicates." in user.text()


async def test_a_scan_whose_process_dies_is_said_to_have_failed(copies: Path) -> None:
    async with browsing(copies) as user, held_scan(user) as pid:
        os.kill(pid, signal.SIGKILL)
        await user.until(lambda: not user.browser.scan_bar.scanning)
        assert "process died" in bar(user)
        assert any("process died" in notice for notice in user.notices())


async def test_a_scan_goes_where_the_settings_let_browsing_go(copies: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scan = tell_scan(monkeypatch)
    async with browsing(copies, settings=Settings(follow_links=True, depth={"two": 2})) as user:
        await user.press("D")
        await user.until(lambda: scan.options is not None)
    assert scan.options == ScanOptions(str(copies), follow_links=True, depths=(("two", 3),))
