"""What is said while a scan runs: however slow the disk, several times a second, and never too much."""

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from catalog_tui.core.scan import engine
from catalog_tui.core.scan.crew import Workers
from catalog_tui.core.scan.engine import scan as events_of
from catalog_tui.core.scan.events import Finished, Progress
from catalog_tui.core.scan.hashing import Batch
from catalog_tui.core.scan.helper import HelperDiedError, spawned
from catalog_tui.core.scan.lanes import ATTEMPTS
from catalog_tui.core.scan.options import ScanOptions
from tests.core.scan.engine import scan


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        (tmp_path / name).write_bytes(b"x" * 1000)
    return tmp_path


class Stuck(ThreadPoolExecutor):
    """Does nothing until it is let go."""

    def __init__(self) -> None:
        super().__init__(1)
        self.released = threading.Event()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Queue the call, to be made when let go."""

        def wait_and_call() -> Any:
            self.released.wait()
            return fn(*args, **kwargs)

        return super().submit(wait_and_call)


def test_progress_goes_on_while_nothing_comes_from_the_disk(archive: Path) -> None:
    with Stuck() as disk:
        seen = []
        for event in events_of(ScanOptions(str(archive), use_index=False), workers=Workers(disk, 1)):
            seen.append(event)
            if sum(isinstance(each, Progress) and each.phase == "hash" for each in seen) == 5:
                disk.released.set()
    *_progress, last = seen
    assert isinstance(last, Finished)
    assert last.summary.duplicate_files == 2


def test_the_interval_is_four_to_ten_a_second() -> None:
    assert 0.1 <= engine.TICK_S <= 0.25


def test_a_scan_is_cancelled_while_the_disk_says_nothing(archive: Path) -> None:
    with Stuck() as disk:
        asked = threading.Event()

        def cancelled() -> bool:
            disk.released.set() if asked.is_set() else None
            return asked.is_set()

        for event in events_of(
            ScanOptions(str(archive), use_index=False), cancelled=cancelled, workers=Workers(disk, 1)
        ):
            if isinstance(event, Progress) and event.phase == "hash":
                asked.set()
    assert isinstance(event, Finished)
    assert event.summary.cancelled


@pytest.mark.usefixtures("settled")
def test_cancelling_keeps_what_was_hashed(tmp_path: Path) -> None:
    for number in range(1000):
        (tmp_path / f"{number}.jpg").write_bytes(b"%04d" % number * 100)
    batches = 0

    class Counting(ThreadPoolExecutor):
        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            nonlocal batches
            batches += 1
            if batches > 2:
                stopped.wait()
            return super().submit(fn, *args, **kwargs)

    stopped = threading.Event()

    def cancelled() -> bool:
        stopped.set() if batches > 2 else None
        return stopped.is_set()

    with Counting(1) as executor:
        *_rest, last = events_of(ScanOptions(str(tmp_path)), cancelled=cancelled, workers=Workers(executor, 1))
    assert isinstance(last, Finished)
    assert last.summary.cancelled
    assert 0 < last.summary.hashed_files < 1000
    again = scan(tmp_path)
    assert again.summary.cache_hits >= last.summary.hashed_files
    assert again.summary.hashed_files == 1000 - again.summary.cache_hits


class Dying(Executor):
    """An executor whose worker dies under each of the first `deaths` tasks."""

    def __init__(self, deaths: int) -> None:
        self.deaths = deaths
        self.tasks = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Call at once, or fail as a pool does whose worker was killed."""
        future: Future[Any] = Future()
        self.tasks += 1
        if self.tasks <= self.deaths:
            future.set_exception(HelperDiedError("a worker was killed"))
        else:
            future.set_result(fn(*args, **kwargs))
        return future


def test_a_worker_that_dies_costs_a_retry(archive: Path) -> None:
    executor = Dying(ATTEMPTS - 1)
    found = scan(archive, workers=Workers(executor, 1), use_index=False)
    assert (len(found.groups), found.errors, executor.tasks) == (1, {}, ATTEMPTS)


def test_files_that_no_worker_survives_are_errors(archive: Path) -> None:
    found = scan(archive, workers=Workers(Dying(ATTEMPTS), 1), use_index=False)
    assert found.groups == []
    assert set(found.errors) == {"a.jpg", "b.jpg", "c.jpg"}


def test_a_helper_process_that_is_killed_says_so_and_leaves_nothing() -> None:
    helper = spawned()
    assert helper.run(len, (1, 2, 3)) == 3
    helper.kill()
    with pytest.raises(HelperDiedError):
        helper.run(len, (1, 2, 3))
    assert not helper.alive
    helper.let_go()


def test_workers_elsewhere_need_not_see_the_same_ctimes(archive: Path) -> None:
    seen: list[Batch] = []

    class Elsewhere(ThreadPoolExecutor):
        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            seen.append(args[0])
            return super().submit(fn, *args, **kwargs)

    with Elsewhere(1) as executor:
        found = scan(archive, workers=Workers(executor, 1, same_machine=False), use_index=False)
    assert len(found.groups) == 1
    assert all(len(batch.ctimes_ns) == 0 for batch in seen)


@pytest.mark.parametrize(("seconds", "larger"), [(1.0, False), (0.001, True)])
def test_batches_shrink_on_a_slow_disk_and_grow_on_a_fast_one(tmp_path: Path, seconds: float, larger: bool) -> None:
    for number in range(2000):
        (tmp_path / f"{number}.jpg").write_bytes(b"%04d" % number * 10)
    lengths: list[int] = []

    class Timed(Executor):
        """Works at once, so that it is not chance how much is asked for before the first answer."""

        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            lengths.append(len(args[0].paths()))
            future: Future[Any] = Future()
            future.set_result(fn(*args)._replace(seconds=seconds))
            return future

    with Timed() as executor:
        found = scan(tmp_path, workers=Workers(executor, 1), use_index=False)
    assert found.summary.hashed_files == sum(lengths) == 2000
    assert (max(lengths) > lengths[0]) is larger
    assert (min(lengths[1:-1]) < lengths[0]) is not larger
