"""Helper processes: nothing of the one that they were forked from goes on in them, and one that dies is replaced."""

import os
import signal
import threading
from array import array
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

from catalog_tui.core.scan.crew import Crew
from catalog_tui.core.scan.hashing import WHOLE, Batch, Hashed, Watch, hash_batch
from catalog_tui.core.scan.helper import HelperDiedError, can_fork, forked
from catalog_tui.core.scan.local_crew import LIGHT_BYTES, ForkedCrew, ThreadCrew, local_crew
from catalog_tui.core.scan.lock import scan_lock, try_lock
from catalog_tui.core.scan.meter import Meter
from catalog_tui.core.scan.shared_figures import SharedFigures
from tests.core.scan.alone import run_alone


@pytest.mark.parametrize(
    "name",
    ["a_dying_helper_is_replaced", "a_helper_holds_nothing", "a_lock_ends_with_its_owner", "no_more_processes"],
)
def test_alone(tmp_path: Path, name: str) -> None:
    run_alone(globals()[name], tmp_path, 0)


def test_a_process_with_several_threads_forks_no_helper() -> None:
    until = threading.Event()
    thread = threading.Thread(target=until.wait)
    thread.start()
    try:
        assert not can_fork()
        crew = local_crew(2, Meter())
        crew.close()
        assert isinstance(crew, ThreadCrew)
    finally:
        until.set()
        thread.join()


def a_dying_helper_is_replaced(folder: Path, _seed: int) -> None:
    meter = Meter()
    crew = local_crew(1, meter)
    assert isinstance(crew, ForkedCrew)
    batch = batch_of_one(folder, 2 * LIGHT_BYTES)
    answer, error = run(crew, die_at_work, batch)
    assert isinstance(error, HelperDiedError)
    assert meter.bytes_read == 0, "it will be read once more"
    answer, error = run(crew, hash_batch, batch)
    assert isinstance(answer, Hashed), error
    assert answer.failures == []
    crew.close()


def a_helper_holds_nothing(folder: Path, _seed: int) -> None:
    with (folder / "open").open("wb"):
        figures = SharedFigures(2)
        helpers = [forked(figures.watch(number)) for number in range(2)]
        for helper in helpers:
            assert set(helper.run(os.listdir, "/proc/self/fd")) <= {"0", "1", "2", "3"}, "3 is the listing's own"
            held = [os.readlink(f"/proc/{helper.pid}/fd/{number}") for number in (0, 1)]
            assert all(name.startswith("pipe:") for name in held)
    for helper in helpers:
        helper.let_go()
        helper.wait()
        assert not helper.alive


def a_lock_ends_with_its_owner(folder: Path, _seed: int) -> None:
    with scan_lock(folder):
        helper = forked(SharedFigures(1).watch(0))
        assert helper.run(os.getpid) == helper.pid
    descriptor = os.open(folder / "scan.lock", os.O_RDWR)
    assert try_lock(descriptor), "the helper lives, and holds no lock"
    os.close(descriptor)
    helper.let_go()
    helper.wait()


def no_more_processes(_folder: Path, _seed: int) -> None:
    import resource

    before = len(os.listdir("/proc/self/fd"))
    os.setuid(65534)  # the limit means nothing to root
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    crew = local_crew(2, Meter())
    assert isinstance(crew, ThreadCrew)
    crew.close()
    assert len(os.listdir("/proc/self/fd")) == before


def batch_of_one(folder: Path, size: int) -> Batch:
    """A file of that size, to be digested whole."""
    (folder / "film.mp4").write_bytes(bytes(size))
    seen = (folder / "film.mp4").stat()
    return Batch(
        os.fsencode(folder),
        WHOLE,
        "xxh128",
        [(b"", b"film.mp4")],
        array("Q", [seen.st_ino]),
        array("q", [seen.st_size]),
        array("q", [seen.st_mtime_ns]),
        array("q", [seen.st_ctime_ns]),
    )


def die_at_work(_batch: Batch, watch: Watch) -> None:
    """Read a little, and be killed."""
    watch.advance(1000)
    os.kill(os.getpid(), signal.SIGKILL)


def run(crew: Crew, function: Any, batch: Batch) -> tuple[Any, BaseException | None]:
    """The value or the error that the crew tells of this call."""
    told: SimpleQueue[tuple[Any, BaseException | None]] = SimpleQueue()
    crew.start(function, batch, lambda value, error: told.put((value, error)))
    return told.get()
