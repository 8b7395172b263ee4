"""The scan in a process of its own: events, cancelling, the lock, and dying with whoever asked for it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog_tui.core.places import archive_cache
from catalog_tui.core.scan.events import Failed, FileError, Finished, Notice, Progress, Summary, from_line, to_line
from catalog_tui.core.scan.giving_way import NICENESS
from catalog_tui.core.scan.lock import ScanRunningError, scan_lock
from catalog_tui.core.scan.options import ScanOptions
from catalog_tui.core.scan.process import CHILD, ScanProcess
from catalog_tui.core.scan.results import NoResultError, ScanResult
from tests.waiting import PATIENCE_S


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    model = tmp_path / "archive" / "site" / "model"
    model.mkdir(parents=True)
    for number in range(20):
        (model / f"{number}.jpg").write_bytes(b"%d" % (number // 2) * 100)
    return tmp_path / "archive"


@pytest.fixture
def endless(tmp_path: Path) -> Path:
    """An archive whose scan takes until it is stopped: two sparse files of a size no machine reads in a test."""
    model = tmp_path / "endless" / "site" / "model"
    model.mkdir(parents=True)
    for name in ("a.mp4", "b.mp4"):
        with (model / name).open("wb") as file:
            file.truncate(1 << 42)
    for name in ("c.jpg", "d.jpg"):
        (model / name).write_bytes(b"x" * 1000)
    return tmp_path / "endless"


@pytest.fixture
def processes() -> Iterator[list[ScanProcess]]:
    started: list[ScanProcess] = []
    yield started
    for process in started:
        process.close()


def start(processes: list[ScanProcess], archive: Path) -> ScanProcess:
    process = ScanProcess(ScanOptions(str(archive)))
    processes.append(process)
    process.start()
    return process


def until_reading(process: ScanProcess) -> Iterator[Finished | Failed]:
    """Go through the events until files are being read, then give those that end the scan."""
    events = process.events()
    next(event for event in events if isinstance(event, Progress) and event.phase == "hash" and event.bytes_read)
    return (event for event in events if isinstance(event, Finished | Failed))


def test_a_scan_ends_with_its_summary_and_its_groups_are_kept(archive: Path, processes: list[ScanProcess]) -> None:
    process = start(processes, archive)
    *_rest, last = process.events()
    assert isinstance(last, Finished)
    assert not process.running
    with ScanResult.open(str(archive)) as result:
        assert result.summary == last.summary
        assert result.summary.duplicate_groups == 10
        assert result.age_s() >= 0
        first, second = result.groups(0, 2)
        assert [first.id, second.id, result.groups(9)[0].id] == [0, 1, 9]
        assert [file.path for file in result.group_files(first.id)] == ["site/model/0.jpg", "site/model/1.jpg"]
        assert [group for group, _files in result.everything()] == result.groups()


def test_a_cancelled_scan_ends_soon_and_leaves_the_last_result(
    endless: Path, archive: Path, processes: list[ScanProcess]
) -> None:
    process = start(processes, endless)
    ending = until_reading(process)
    process.cancel()
    last = next(ending)
    assert isinstance(last, Finished)
    assert last.summary.cancelled
    assert last.summary.duplicate_groups == 1
    with pytest.raises(NoResultError):
        ScanResult.open(str(endless))


def test_a_scan_cancelled_before_it_starts_ends_at_once(endless: Path, processes: list[ScanProcess]) -> None:
    process = ScanProcess(ScanOptions(str(endless)))
    processes.append(process)
    process.cancel()
    process.start()
    *_rest, last = process.events()
    assert isinstance(last, Finished)
    assert last.summary.cancelled


def test_who_hears_of_the_end_may_begin_another_at_once(archive: Path, processes: list[ScanProcess]) -> None:
    for event in start(processes, archive).events():
        if isinstance(event, Finished):
            with scan_lock(archive_cache(str(archive))):
                return
    pytest.fail("the scan said nothing of its end")


def test_a_scan_closed_before_it_starts_is_not_started(endless: Path) -> None:
    process = ScanProcess(ScanOptions(str(endless)))
    process.close()
    process.start()
    assert process.pid is None
    assert list(process.events()) == []


def test_the_child_ends_when_its_parent_is_gone(endless: Path) -> None:
    with subprocess.Popen([sys.executable, "-P", "-m", CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        options = ScanOptions(str(endless))._asdict()
        child.stdin.write(json.dumps({"language": "en", "options": options}).encode() + b"\n")
        child.stdin.flush()
        child.stdout.readline()
        child.stdin.close()
        assert child.wait(PATIENCE_S) == 130


def test_a_child_that_is_killed_is_said_to_have_failed(endless: Path, processes: list[ScanProcess]) -> None:
    process = start(processes, endless)
    ending = until_reading(process)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    last = next(ending)
    assert isinstance(last, Failed)
    assert "-9" in last.text


def test_a_second_scan_of_an_archive_says_who_runs_the_first(endless: Path, processes: list[ScanProcess]) -> None:
    first = start(processes, endless)
    ending = until_reading(first)
    second = start(processes, endless)
    *_rest, last = second.events()
    assert isinstance(last, Failed)
    assert str(first.pid) in last.text
    first.cancel()
    assert isinstance(next(ending), Finished)


def test_the_lock_dies_with_its_holder(endless: Path, processes: list[ScanProcess]) -> None:
    process = start(processes, endless)
    ending = until_reading(process)
    folder = archive_cache(str(endless))
    with pytest.raises(ScanRunningError), scan_lock(folder):
        pass
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    next(ending)
    with scan_lock(folder):
        pass


def test_an_archive_that_is_not_there_is_one_clear_failure(tmp_path: Path, processes: list[ScanProcess]) -> None:
    assert [type(event) for event in start(processes, tmp_path / "none").events()] == [Failed]


@pytest.mark.parametrize(
    "event",
    [
        Progress("hash", 1, 2, 3, 4, 5, 6, 7.5, None, "site/ä", 8, 9, 10, 11, 12, 13.5),
        FileError("site/\udcff\n.jpg", "Permission denied"),
        Notice("a\nb"),
        Failed("no"),
        Finished(Summary("/a/\udcff", "md5", files=3, cancelled=True), 2),
    ],
)
def test_every_event_survives_its_line(event: Progress | FileError | Notice | Failed | Finished) -> None:
    line = to_line(event)
    assert line.isascii()
    assert "\n" not in line
    assert from_line(line) == event


def test_a_scan_leaves_the_processors_to_the_program_on_the_screen(endless: Path, processes: list[ScanProcess]) -> None:
    process = start(processes, endless)
    next(process.events())
    assert process.pid is not None
    assert os.getpriority(os.PRIO_PROCESS, process.pid) == os.getpriority(os.PRIO_PROCESS, 0) + NICENESS
    # Niceness counts within a session only, and the scan has its own: that as a whole must give way.
    assert Path(f"/proc/{process.pid}/autogroup").read_text().endswith(f" nice {NICENESS}\n")
