"""Workers and who waits for them: the most urgent first, equal wishes once, and nothing for those who gave up."""

import heapq
import itertools
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from enum import IntEnum
from typing import Final, Generic, TypeVar

from catalog_tui.core.errors import Cancelled
from catalog_tui.core.pictures.process import WORKER, WorkerProcess

T = TypeVar("T")

LOOK_S: Final = 0.02
GRACE_S: Final = 1.0  # a decode that nobody waits for any more may finish within it, and is kept; then it is killed


class Priority(IntEnum):
    """How urgent a picture is."""

    VIEW = 0
    """A person looks at the place where it will be."""
    SOON = 1
    """The neighbours of what is looked at."""
    AHEAD = 2
    """Filling the store."""


class _Ticket(Generic[T]):
    """A piece of work and those who wait for it."""

    def __init__(self, key: Hashable, work: Callable[[WorkerProcess], T], priority: Priority) -> None:
        self.key = key
        self.work = work
        self.priority = priority
        self.waiting = 0
        self.is_begun = False
        self.worker: WorkerProcess | None = None
        self.result: Future[T] = Future()


class Pool(Generic[T]):
    """A few workers, each with a thread that feeds it, started with the first wish. Thread-safe."""

    def __init__(self, workers: int, module: str = WORKER) -> None:
        self._workers = [WorkerProcess(module) for _ in range(workers)]
        self._changed = threading.Condition()
        self._order = itertools.count()
        self._queue: list[tuple[Priority, int, _Ticket[T]]] = []
        self._tickets: dict[Hashable, _Ticket[T]] = {}
        self._threads: list[threading.Thread] = []
        self._is_closed = False

    def pids(self) -> list[int]:
        """The process ids of the workers that run now."""
        return [worker.pid for worker in self._workers if worker.pid is not None]

    def waiting(self) -> int:
        """How many wait for a result."""
        with self._changed:
            return sum(ticket.waiting for ticket in self._tickets.values())

    def warm(self) -> None:
        """Start the first worker, so that the first picture need not wait for it."""
        self._workers[0].warm()

    def share(
        self,
        key: Hashable,
        work: Callable[[WorkerProcess], T],
        priority: Priority,
        cancelled: Callable[[], bool],
    ) -> T:
        """What `work` gives, done once for all who ask by the same key at a time. Raises what it raises, and Cancelled.

        `priority` is the most urgent of theirs. Work that all gave up is not begun, or killed after GRACE_S.
        """
        ticket = self._join(key, work, priority)
        try:
            while True:
                try:
                    return ticket.result.result(LOOK_S)
                except TimeoutError:
                    if cancelled() or self._is_closed:
                        raise Cancelled from None
        finally:
            self._leave(ticket)

    def close(self) -> None:
        """End the workers. Whoever waits, or asks later, gets Cancelled."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        for worker in self._workers:
            worker.close()
        for thread in self._threads:
            thread.join()

    def _join(self, key: Hashable, work: Callable[[WorkerProcess], T], priority: Priority) -> _Ticket[T]:
        with self._changed:
            if self._is_closed:
                raise Cancelled
            ticket = self._tickets.get(key)
            if ticket is None:
                ticket = self._tickets[key] = _Ticket(key, work, priority)
            elif priority >= ticket.priority:
                ticket.waiting += 1
                return ticket
            ticket.waiting += 1
            ticket.priority = priority
            heapq.heappush(self._queue, (priority, next(self._order), ticket))
            self._start_threads()
            self._changed.notify()
            return ticket

    def _leave(self, ticket: _Ticket[T]) -> None:
        with self._changed:
            ticket.waiting -= 1
            if ticket.waiting or ticket.result.done():
                return
            if not ticket.is_begun:
                self._forget(ticket)
                return
        grace = threading.Timer(GRACE_S, self._give_up, (ticket,))
        grace.daemon = True
        grace.start()

    def _give_up(self, ticket: _Ticket[T]) -> None:
        with self._changed:
            if ticket.waiting or ticket.worker is None:
                return
            self._forget(ticket)
            ticket.worker.kill()

    def _forget(self, ticket: _Ticket[T]) -> None:
        if self._tickets.get(ticket.key) is ticket:
            del self._tickets[ticket.key]

    def _start_threads(self) -> None:
        if not self._threads:
            for number, worker in enumerate(self._workers):
                thread = threading.Thread(target=self._feed, args=(worker,), name=f"pictures {number}", daemon=True)
                self._threads.append(thread)
                thread.start()

    def _feed(self, worker: WorkerProcess) -> None:
        while (ticket := self._next(worker)) is not None:
            try:
                outcome = ticket.work(worker)
            except BaseException as error:  # whatever it is, it is for those who wait and not for this thread
                self._land(ticket)
                ticket.result.set_exception(error)
            else:
                self._land(ticket)
                ticket.result.set_result(outcome)

    def _next(self, worker: WorkerProcess) -> _Ticket[T] | None:
        with self._changed:
            while not self._is_closed:
                while self._queue:
                    _, _, ticket = heapq.heappop(self._queue)
                    # One that was made more urgent stands here twice, one that was given up for nothing.
                    if not ticket.is_begun and self._tickets.get(ticket.key) is ticket:
                        ticket.is_begun = True
                        ticket.worker = worker
                        return ticket
                self._changed.wait()
        return None

    def _land(self, ticket: _Ticket[T]) -> None:
        with self._changed:
            ticket.worker = None
            self._forget(ticket)
