"""Handing batches to a crew: a lane for every device, as wide as that device likes."""

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple

from catalog_tui.core.errors import CatalogError
from catalog_tui.core.scan.crew import Crew, TakenBackError

ATTEMPTS = 3  # a worker that dies costs a retry, not the scan


class GivenUpError(CatalogError):
    """A task failed in a way that trying it again will not mend."""


class Task(NamedTuple):
    """Work on some files of one device, begun no sooner than `made_at_ns`; `groups`: see Batch; `attempt` from 1 on."""

    stage: str
    positions: Sequence[int]
    device: int
    made_at_ns: int
    groups: tuple[int, ...] = ()
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
    """Keeps as many tasks of every device running at once as the crew is wide.

    A disk that rotates gets one at a time, unless its batches turn out to come from the page cache: what a virtual
    machine calls a rotating disk seldom is one.
    """

    def __init__(
        self,
        crew: Crew,
        work: Callable[[Task], tuple[Callable[..., Any], Any]],
        devices: list[int],
        rotational: Callable[[int], bool],
    ) -> None:
        self._crew = crew
        self._work = work
        self._devices = devices
        self._rotational = rotational
        self._lanes: dict[int, _Lane] = {}
        self._finished: SimpleQueue[Done] = SimpleQueue()
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

    def has_waiting(self, device: int) -> bool:
        """Whether this device has enough to do for now."""
        return bool(self._lane(device).waiting)

    @property
    def waits(self) -> bool:
        """Whether any task has not begun."""
        return any(lane.waiting for lane in self._lanes.values())

    @property
    def busy(self) -> bool:
        """Whether any task waits or runs."""
        return any(lane.running or lane.waiting for lane in self._lanes.values())

    def finished(self, timeout_s: float) -> Iterator[Done]:
        """What has come back; waits up to `timeout_s` for the first when nothing has.

        What the crew calls fatal is raised: there is nobody left to do the work.
        """
        try:
            done = self._finished.get(timeout=timeout_s) if timeout_s else self._finished.get_nowait()
            while True:
                if self._settle(done):
                    yield done
                done = self._finished.get_nowait()
        except Empty:
            return

    def drop_waiting(self) -> None:
        """Forget what has not started; what runs still comes back."""
        self._dropped = True
        for lane in self._lanes.values():
            lane.waiting.clear()
        self._crew.drop()

    def _lane(self, device: int) -> _Lane:
        if device not in self._lanes:
            self._lanes[device] = _Lane(self._crew.width, self._rotational(self._devices[device]))
        return self._lanes[device]

    def _top_up(self, lane: _Lane) -> None:
        while lane.waiting and lane.running < lane.width:
            task = lane.waiting.popleft()
            function, argument = self._work(task)
            lane.running += 1
            self._crew.start(function, argument, partial(self._came_back, task))

    def _came_back(self, task: Task, answer: Any, error: BaseException | None) -> None:
        self._finished.put(Done(task, answer, error))

    def _settle(self, done: Done) -> bool:
        """Whether the task is over: it is not when it is tried again, and counts for nothing when it was dropped."""
        task, answer, error = done
        lane = self._lane(task.device)
        lane.running -= 1
        if isinstance(error, TakenBackError):
            return not self._dropped
        if isinstance(error, self._crew.fatal):
            raise error
        if error is None and lane.rotational:
            lane.cold = bool(getattr(answer, "cold", False))
            lane.width = 1 if lane.cold else self._crew.width
        again = error is not None and task.attempt < ATTEMPTS and not isinstance(error, GivenUpError)
        if again:
            lane.waiting.appendleft(task._replace(attempt=task.attempt + 1))
        self._top_up(lane)
        return not again


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
