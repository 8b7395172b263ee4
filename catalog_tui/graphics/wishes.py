"""Who wants which pictures, and which of them is to be drawn next."""

import threading
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from catalog_tui.core.media import Facts

from .drawing import Cells, Drawing
from .looking import WHOLE_LOOK, Look

RESERVED: Final = 1
"""Threads that only what is urgent may take, so that it never waits behind a grid or what is drawn ahead."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One picture as it is to be drawn."""

    path: str
    stamp: tuple[int, int]
    """The file's size and time, by which a changed file is known."""
    room: Cells
    frame_s: float | None = None
    look: Look = WHOLE_LOOK
    cells_only: bool = False
    """Whether it must not stand over its cells: one of many that scroll."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture that is ready to be shown."""

    wanted: Wanted
    drawing: Drawing
    facts: Facts
    painted: threading.Event | None = field(default=None, compare=False)
    """Of a picture that is only the first, as a better one is on its way: to be set when it is on the screen."""


@dataclass(frozen=True, slots=True)
class Failed:
    """One that cannot be shown, and why: a plain sentence."""

    wanted: Wanted
    reason: str


Result = Shown | Failed
Deliver = Callable[[Result], object]
"""Called in a thread; a widget posts a message."""


@dataclass(slots=True, eq=False)
class Asker:
    """What one widget wants; its wishes are replaced as a whole, what is being drawn for it goes on if still wanted."""

    deliver: Deliver
    is_urgent: bool
    wanted: frozenset[Wanted] = frozenset()
    """What it waits for."""
    alive: frozenset[Wanted] = frozenset()
    """The same and what it may want later."""
    waiting: deque[Wanted] = field(default_factory=deque)
    ahead: deque[Wanted] = field(default_factory=deque)
    begun: set[Wanted] = field(default_factory=set)


class Job(NamedTuple):
    """One picture to draw, and for whom."""

    asker: Asker
    wanted: Wanted
    is_ahead: bool

    @property
    def is_urgent(self) -> bool:
        """Whether somebody waits for just this picture."""
        return self.asker.is_urgent and not self.is_ahead

    def is_over(self) -> bool:
        """Whether nobody wants it any more."""
        return self.wanted not in self.asker.alive


class Wishes:
    """The wishes of all askers. Not thread-safe: its owner locks."""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._askers: dict[Hashable, Asker] = {}
        self._lesser = 0
        """Jobs under way that are not urgent."""

    def ask(
        self, who: Hashable, wanted: Sequence[Wanted], ahead: Iterable[Wanted], deliver: Deliver, *, is_urgent: bool
    ) -> None:
        """Replace what `who` wants; `ahead` comes after all that anybody waits for."""
        asker = self._askers.setdefault(who, Asker(deliver, is_urgent))
        asker.deliver = deliver
        asker.wanted = frozenset(wanted)
        asker.ahead = deque(each for each in ahead if each not in asker.wanted and each not in asker.begun)
        asker.waiting = deque(each for each in wanted if each not in asker.begun)
        asker.alive = asker.wanted.union(asker.ahead)

    def forget(self, who: Hashable) -> None:
        """`who` wants nothing any more."""
        if (asker := self._askers.pop(who, None)) is not None:
            asker.wanted = asker.alive = frozenset()

    def forget_all(self) -> None:
        """Nobody does."""
        for who in list(self._askers):
            self.forget(who)

    def next(self) -> Job | None:
        """What to draw next: the urgent, then what is looked at among much else, and last what is only for later."""
        askers = sorted(self._askers.values(), key=lambda asker: not asker.is_urgent)
        for asker in askers:
            if asker.waiting and (asker.is_urgent or self._lesser < self._threads - RESERVED):
                return self._begin(Job(asker, asker.waiting.popleft(), False))
        for asker in askers:
            if asker.ahead and self._lesser < self._threads - RESERVED:
                return self._begin(Job(asker, asker.ahead.popleft(), True))
        return None

    def _begin(self, job: Job) -> Job:
        job.asker.begun.add(job.wanted)
        self._lesser += not job.is_urgent
        return job

    def end(self, job: Job, *, is_done: bool) -> None:
        """Nobody works at a job any more; where it is not done, but its picture is wanted (by now, or still), it is to
        be done anew."""
        job.asker.begun.discard(job.wanted)
        self._lesser -= not job.is_urgent
        if not is_done and job.wanted in job.asker.wanted:
            job.asker.waiting.append(job.wanted)
