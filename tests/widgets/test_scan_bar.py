"""The line that shows a scan: what it says at every width."""

from collections.abc import Callable

import pytest
from textual.app import App, ComposeResult

from catalog_tui.core.scan.events import Event, Failed, FileError, Finished, Progress, Summary
from catalog_tui.core.scan.options import ScanOptions
from catalog_tui.widgets.scan_bar import ScanBar
from tests.waiting import until
from tests.widgets.told_scan import tell_scan

GB = 1024**3
LOOKING = Progress("walk", files=123_456, folder="site/写真写真写真写真/\x1b[31m deep")
HASHING = Progress(
    "hash",
    files=1_234_567,
    candidates=300_000,
    done=3 * GB,
    total=8 * GB,
    bytes_read=3 * GB,
    rate=812.5 * 1024**2,
    eta_s=3_725.0,
    hits=9,
    misses=1,
    groups=4_000,
    waste=2 * GB,
)
FOUND = Summary("/a", "xxh128", files=9, duplicate_groups=12_345, total_waste_bytes=5 * GB, seconds=71.3)
NONE = Summary("/a", "xxh128", files=9, seconds=0.05)
STOPPED = Summary("/a", "xxh128", cancelled=True)
WIDTHS = (1, 2, 7, 12, 20, 33, 40, 57, 80, 100, 120, 200)


class BarApp(App[None]):
    """A scan bar and nothing else."""

    def compose(self) -> ComposeResult:
        yield ScanBar()

    @property
    def bar(self) -> ScanBar:
        return self.query_one(ScanBar)

    def line(self) -> str:
        return self.bar.render_line(0).text


async def said(monkeypatch: pytest.MonkeyPatch, *events: Event, width: int = 160) -> str:
    """What the bar shows after `events`, without the spaces at its ends."""
    scan = tell_scan(monkeypatch)
    app = BarApp()
    async with app.run_test(size=(width, 5)) as pilot:
        app.bar.start(ScanOptions("/a"))
        for event in events:
            scan.tell(event)
            await until(pilot, changed_from(app, app.line()))
        return app.line().strip()


def changed_from(app: BarApp, line: str) -> Callable[[], bool]:
    return lambda: app.line() != line


async def test_while_it_looks_the_folder_stands_where_the_bar_will_be(monkeypatch: pytest.MonkeyPatch) -> None:
    line = await said(monkeypatch, LOOKING)
    assert line.startswith("Looking site/写真")
    assert "\x1b" not in line
    assert "123,456 files" in line
    assert line.endswith("X stops")


async def test_all_figures_stand_where_there_is_room(monkeypatch: pytest.MonkeyPatch) -> None:
    line = await said(monkeypatch, HASHING)
    for part in ("Hashing ━", "1,234,567 files", "2.00 GB duplicate", "1:02:05 left", "812.50 MB/s", "90 %"):
        assert part in line
    done, left = line.count("━"), line.count("─")
    assert done / (done + left) == pytest.approx(3 / 8, abs=0.05)


async def test_figures_give_way_the_least_wanted_first_and_the_key_never(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = ["1,234,567 files", "2.00 GB duplicate", "1:02:05 left", "812.50 MB/s", "90 %"]
    shown = []
    for width in (110, 92, 80, 60, 45, 30):
        line = await said(monkeypatch, HASHING, width=width)
        assert line.endswith("X stops")
        shown.append([part for part in parts if part in line])
    assert all(some == parts[: len(some)] for some in shown)
    assert [len(some) for some in shown] == sorted((len(some) for some in shown), reverse=True)
    assert len(shown[-1]) < len(shown[0])


@pytest.mark.parametrize(
    "event",
    [
        Progress(),
        LOOKING,
        HASHING,
        Progress("match", files=1),
        Progress("verify", files=9, done=5, total=2, waste=1),
        Progress("group"),
        Finished(FOUND),
        Finished(NONE),
        Finished(STOPPED),
        Failed("The scan's process died: 写真 \x1b[31m\n" + "word " * 40),
    ],
    ids=lambda event: type(event).__name__,
)
async def test_at_every_width_the_line_fills_the_widget_exactly(monkeypatch: pytest.MonkeyPatch, event: Event) -> None:
    scan = tell_scan(monkeypatch)
    app = BarApp()
    async with app.run_test(size=(100, 5)) as pilot:
        app.bar.start(ScanOptions("/a"))
        scan.tell(event)
        await pilot.pause()
        for width in WIDTHS:
            await pilot.resize_terminal(width, 5)
            await pilot.pause()
            strip = app.bar.render_line(0)
            assert strip.cell_length == app.bar.size.width
            assert "\x1b" not in strip.text
            assert "\n" not in strip.text


async def test_the_end_says_what_was_found(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (await said(monkeypatch, HASHING, Finished(FOUND))).startswith(
        "12,345 groups of duplicates  5.00 GB to gain"
    )
    assert (await said(monkeypatch, HASHING, Finished(NONE))).startswith("No duplicates.")
    assert (await said(monkeypatch, HASHING, Finished(STOPPED))).startswith("Scan stopped.")
    assert await said(monkeypatch, HASHING, Failed("no disk")) == "no disk"


async def test_stopping_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    scan = tell_scan(monkeypatch)
    app = BarApp()
    async with app.run_test(size=(100, 5)) as pilot:
        app.bar.start(ScanOptions("/a"))
        app.bar.cancel()
        await until(pilot, lambda: app.line().strip().startswith("Stopping"))
        assert scan.cancelled
        scan.tell(Finished(STOPPED))
        await until(pilot, lambda: not app.bar.scanning)
        app.bar.cancel()
        assert app.line().strip().startswith("Scan stopped.")


async def test_what_could_not_be_read_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    scan = tell_scan(monkeypatch)
    app = BarApp()
    async with app.run_test(size=(100, 5)) as pilot:
        app.bar.start(ScanOptions("/a"))
        scan.tell(FileError("site/x", "Permission denied"))
        scan.tell(Finished(NONE, errors=1))
        await until(pilot, lambda: not app.bar.scanning)
        assert app.bar.file_errors == [FileError("site/x", "Permission denied")]
