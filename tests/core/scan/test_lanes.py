"""How many files are read at once: a lane for every device, one at a time where the disk turns out to be slow."""

from array import array
from concurrent.futures import BrokenExecutor, Executor, Future
from typing import Any

import pytest

from catalog_tui.core.scan.crew import TakenBackError, Workers
from catalog_tui.core.scan.executor_crew import ExecutorCrew
from catalog_tui.core.scan.hashing import Hashed
from catalog_tui.core.scan.lanes import ATTEMPTS, GivenUpError, Lanes, Task


class ByHand(Executor):
    """Tasks that finish when the test says so."""

    def __init__(self) -> None:
        self.running: list[tuple[Any, Future[Any]]] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Note the call."""
        future: Future[Any] = Future()
        future.set_running_or_notify_cancel()
        self.running.append((args[0], future))
        return future

    def finish(self, *, cold: bool) -> None:
        """Finish the oldest task."""
        _argument, future = self.running.pop(0)
        future.set_result(Hashed(b"", [], 0, cold))

    def fail(self, error: Exception) -> None:
        """Let the oldest task fail."""
        _argument, future = self.running.pop(0)
        future.set_exception(error)


class Faithless(Executor):
    """Cancels what it was given, as an executor does that is shut down by somebody else."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Do nothing."""
        future: Future[Any] = Future()
        future.cancel()
        future.set_running_or_notify_cancel()
        return future


def lanes_for(executor: Executor, rotational: set[int]) -> Lanes:
    return Lanes(ExecutorCrew(Workers(executor, 3)), lambda task: (len, task), [10, 20], rotational.__contains__)


def add(lanes: Lanes, device: int, count: int) -> None:
    for _number in range(count):
        lanes.add(Task("whole", array("I", [0]), device, 0))


def test_a_solid_disk_gets_as_many_tasks_as_there_are_workers() -> None:
    executor = ByHand()
    lanes = lanes_for(executor, set())
    add(lanes, 0, 5)
    assert len(executor.running) == 3
    executor.finish(cold=True)
    assert len(list(lanes.finished(1))) == 1
    assert len(executor.running) == 3


def test_several_devices_are_read_side_by_side() -> None:
    executor = ByHand()
    lanes = lanes_for(executor, {10, 20})
    add(lanes, 0, 5)
    add(lanes, 1, 5)
    assert [task.device for task, _future in executor.running] == [0, 1]


def test_a_rotating_disk_gets_one_at_a_time_and_waits_for_the_walk() -> None:
    executor = ByHand()
    lanes = lanes_for(executor, {10})
    add(lanes, 0, 5)
    for _round in range(3):
        assert len(executor.running) == 1
        executor.finish(cold=True)
        assert len(list(lanes.finished(1))) == 1
    assert lanes.holds_back(0)


def test_a_rotating_disk_that_answers_from_memory_is_treated_as_a_solid_one() -> None:
    executor = ByHand()
    lanes = lanes_for(executor, {10})
    add(lanes, 0, 5)
    executor.finish(cold=False)
    assert len(list(lanes.finished(1))) == 1
    assert len(executor.running) == 3
    assert not lanes.holds_back(0)


def test_what_waits_can_be_dropped() -> None:
    executor = ByHand()
    lanes = lanes_for(executor, set())
    add(lanes, 0, 5)
    lanes.drop_waiting()
    for _running in range(3):
        executor.finish(cold=False)
    assert len(list(lanes.finished(1))) == 3
    assert not lanes.busy


def test_a_task_that_fails_is_tried_again_and_then_reported() -> None:
    executor = ByHand()
    lanes = lanes_for(executor, set())
    add(lanes, 0, 1)
    for _attempt in range(ATTEMPTS - 1):
        executor.fail(ValueError())
        assert not list(lanes.finished(1))
    executor.fail(ValueError())
    assert [type(done.error) for done in lanes.finished(1)] == [ValueError]
    assert not lanes.busy


def test_a_task_that_is_given_up_is_not_tried_again() -> None:
    executor = ByHand()
    lanes = lanes_for(executor, set())
    add(lanes, 0, 1)
    executor.fail(GivenUpError())
    assert [type(done.error) for done in lanes.finished(1)] == [GivenUpError]


def test_an_executor_that_is_no_more_is_no_matter_of_one_task() -> None:
    executor = ByHand()
    lanes = lanes_for(executor, set())
    add(lanes, 0, 1)
    executor.fail(BrokenExecutor())
    with pytest.raises(BrokenExecutor):
        list(lanes.finished(1))


def test_a_task_cancelled_by_others_is_reported() -> None:
    lanes = lanes_for(Faithless(), set())
    add(lanes, 0, 1)
    assert [type(done.error) for done in lanes.finished(1)] == [TakenBackError]
    lanes.drop_waiting()
    add(lanes, 0, 1)
    assert not list(lanes.finished(1))
