"""Handing batches to an executor: a lane for every device, as wide as that device likes."""

from __future__ import annotations

import os
from array import array
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple

from catalog_tui.core.errors import CatalogError
from catalog_tui.core.words import _

ATTEMPTS = 3  # a worker that dies costs a retry, not the scan


class GivenUpError(CatalogError):
    """A task failed in a way that trying it again will not mend."""


class Task(NamedTuple):
    """Work on some files of one device, not begun before `made_at_ns`; `attempt` counts from 1."""

    stage: str
    positions: array[int]
    device: int
    made_at_ns: int
    attempt: int = 1


class Done(NamedTuple):
    """A finished task with its answer, or why there is none after ATTEMPTS tries."""

    task: Task
    answer: Any
    error: BaseException | None


class _Lane:
    def __init__(self, width: int, rotational: bool) -> None:
        self.width = 1 if rotational else width
        self.rotational = rotational
        self.cold = False
        self.waiting: deque[Task] = deque()
        self.running = 0


class Lanes:
    """Keeps up to `width` tasks of every device running at once.

    A disk that rotates gets one at a time, unless its batches turn out to come from the page cache: what a virtual
    machine calls a rotating disk seldom is one.
    """

    def __init__(
        self,
        executor: Executor,
        width: int,
        work: Callable[[Task], tuple[Callable[..., Any], Any]],
        devices: list[int],
        rotational: Callable[[int], bool],
    ) -> None:
        self._executor = executor
        self._width = width
        self._work = work
        self._devices = devices
        self._rotational = rotational
        self._lanes: dict[int, _Lane] = {}
        self._finished: SimpleQueue[tuple[Task, Future[Any]]] = SimpleQueue()
        self._running: set[Future[Any]] = set()
        self._dropped = False

    def add(self, task: Task) -> None:
        """Queue the task, and start it when its lane has room."""
        lane = self._lane(task.device)
        lane.waiting.append(task)
        self._top_up(lane)

    def holds_back(self, device: int) -> bool:
        """Whether reading should wait for the end of the walk, to go in the order of the disk."""
        lane = self._lane(device)
        return lane.rotational and lane.cold

    def is_rotational(self, device: int) -> bool:
        """Whether the files of this device are best read in the order in which they lie."""
        return self._lane(device).rotational

    @property
    def busy(self) -> bool:
        """Whether any task waits or runs."""
        return any(lane.running or lane.waiting for lane in self._lanes.values())

    def finished(self, timeout_s: float) -> Iterator[Done]:
        """What has come back; waits up to `timeout_s` for the first when nothing has.

        BrokenExecutor where there is nobody left to do the work.
        """
        try:
            task, future = self._finished.get(timeout=timeout_s) if timeout_s else self._finished.get_nowait()
            while True:
                done = self._settle(task, future)
                if done is not None:
                    yield done
                task, future = self._finished.get_nowait()
        except Empty:
            return

    def drop_waiting(self) -> None:
        """Forget what has not started; what runs still comes back."""
        self._dropped = True
        for lane in self._lanes.values():
            lane.waiting.clear()
        for future in tuple(self._running):
            future.cancel()

    def _lane(self, device: int) -> _Lane:
        if device not in self._lanes:
            self._lanes[device] = _Lane(self._width, self._rotational(self._devices[device]))
        return self._lanes[device]

    def _top_up(self, lane: _Lane) -> None:
        while lane.waiting and lane.running < lane.width:
            task = lane.waiting.popleft()
            function, argument = self._work(task)
            lane.running += 1
            future = self._executor.submit(function, argument)
            self._running.add(future)
            future.add_done_callback(partial(self._came_back, task))

    def _came_back(self, task: Task, future: Future[Any]) -> None:
        self._finished.put((task, future))

    def _settle(self, task: Task, future: Future[Any]) -> Done | None:
        lane = self._lane(task.device)
        lane.running -= 1
        self._running.discard(future)
        if future.cancelled():
            return None if self._dropped else Done(task, None, CancelledError(_("it was cancelled by others")))
        error = future.exception()
        if isinstance(error, BrokenExecutor):
            raise error
        if error is None and lane.rotational:
            lane.cold = bool(getattr(future.result(), "cold", False))
            lane.width = 1 if lane.cold else self._width
        again = error is not None and task.attempt < ATTEMPTS and not isinstance(error, GivenUpError)
        if again:
            lane.waiting.appendleft(task._replace(attempt=task.attempt + 1))
        self._top_up(lane)
        if again:
            return None
        return Done(task, None if error else future.result(), error)


def is_rotational(device: int) -> bool:
    """Whether the system says that this st_dev lies on a rotating disk; False where it does not say."""
    if not hasattr(os, "major"):
        return False
    base = f"/sys/dev/block/{os.major(device)}:{os.minor(device)}"
    for path in (f"{base}/queue/rotational", f"{base}/../queue/rotational"):  # a partition asks its disk
        try:
            with open(path, encoding="ascii") as file:
                return file.read().strip() == "1"
        except OSError:
            continue
    return False
