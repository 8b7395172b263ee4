"""Who reads and digests batches: threads of this process, or any `concurrent.futures.Executor`.

The threads here are plain ones because loading `concurrent.futures` takes 10 ms, of the 150 that scanning a few
gigabytes takes. Long reads are theirs: digesting megabytes leaves the interpreter to others. Opening thousands of files
does not, so behind each thread there is a helper process for crowds of small files.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Protocol

from catalog_tui.core.errors import CatalogError
from catalog_tui.core.scan.hashing import ENDS, Batch
from catalog_tui.core.scan.meter import Meter

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from catalog_tui.core.scan.helper import Helper

LIGHT_BYTES = 256 * 1024  # mean size from which digesting, which needs no interpreter, outweighs opening and closing
FROM_MEMORY_S = 50e-6  # a file; a solid disk takes twice as long to find one

Function = Callable[..., Any]
Tell = Callable[[Any, BaseException | None], None]


class TakenBackError(CatalogError):
    """The batch was not begun, because somebody said that it need not be."""


class Workers:
    """Others who read and hash: an executor, how many tasks it likes at once, whether it sees the same ctimes as we."""

    def __init__(self, executor: Executor, width: int, same_machine: bool = True) -> None:
        self.executor = executor
        self.width = width
        self.same_machine = same_machine


class Crew(Protocol):
    """Runs functions on batches, about `width` at once; an error in `fatal` means that it will never do so again."""

    width: int
    same_machine: bool
    fatal: tuple[type[BaseException], ...]

    def start(self, function: Function, batch: Any, tell: Tell) -> None:
        """Have `function(batch)` run, and its value or its error told, from any thread."""
        ...

    def expect_many(self) -> None:
        """Prepare for thousands of files that are done as soon as they are opened."""
        ...

    def drop(self) -> None:
        """Take back what has not begun, which is told as TakenBackError."""
        ...

    def close(self) -> None:
        """Let what runs come to its end."""
        ...


class Call:
    """A call that runs in some thread, with its value or its error: what a Future is."""

    def __init__(self, function: Callable[[], Any]) -> None:
        self.done = threading.Event()
        self.value: Any = None
        self.error: BaseException | None = None
        self._function = function

    def run(self) -> None:
        """Make the call; nothing is raised here."""
        try:
            self.value = self._function()
        except BaseException as error:  # whatever it is belongs to whoever asks for the result
            self.error = error
        self.done.set()

    def result(self) -> Any:
        """The value; what was raised is raised again."""
        if self.error is not None:
            raise self.error
        return self.value


def cores() -> int:
    """Processors that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        return os.cpu_count() or 1


def usual_width() -> int:
    """Workers that suit this machine: one for each core; more gained nothing here, see docs/performance.md."""
    return max(2, min(cores(), 8))


class LocalCrew:
    """This machine's own threads and helpers; what stays in this process is run as `function(batch, meter)`."""

    same_machine = True
    fatal: tuple[type[BaseException], ...] = ()

    def __init__(self, threads: int, meter: Meter) -> None:
        self.width = threads + 1  # one waits ready, so that no thread does while its answer is being taken in
        self._most_threads = threads
        self._meter = meter
        self._waiting: SimpleQueue[tuple[Function, Batch, Tell] | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._use_helpers = False
        self._light_turn = threading.Lock()
        self._from_memory = False

    def start(self, function: Function, batch: Batch, tell: Tell) -> None:
        """See Crew."""
        self._waiting.put((function, batch, tell))
        if len(self._threads) < self._most_threads:
            thread = threading.Thread(target=self._work, name="scan", daemon=True)
            self._threads.append(thread)
            thread.start()

    def expect_many(self) -> None:
        """See Crew."""
        self._use_helpers = True

    def drop(self) -> None:
        """See Crew."""
        while True:
            try:
                call = self._waiting.get_nowait()
            except Empty:
                return
            if call is not None:
                call[2](None, TakenBackError())

    def close(self) -> None:
        """See Crew."""
        for _thread in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        helpers: list[Helper] = []
        while (waiting := self._waiting.get()) is not None:
            function, batch, tell = waiting
            if not _is_light(batch):
                call = Call(partial(function, batch, self._meter))
            elif self._use_helpers:
                call = Call(partial(_run_in_helper, helpers, function, batch))
            else:
                call = Call(partial(self._run_light, function, batch))
            call.run()
            tell(call.value, call.error)
        for helper in helpers:
            helper.close()

    def _run_light(self, function: Function, batch: Batch) -> Any:
        """Run it here; alone once such files turn out to come from memory, where two threads take twice as long."""
        with self._light_turn if self._from_memory else nullcontext():
            answer = function(batch, self._meter)
        self._from_memory = answer.seconds < FROM_MEMORY_S * len(batch.sizes)
        return answer


def _is_light(batch: Batch) -> bool:
    return batch.stage == ENDS or sum(batch.sizes) < LIGHT_BYTES * len(batch.sizes)


def _run_in_helper(helpers: list[Helper], function: Function, batch: Batch) -> Any:
    """What the helper of this thread, the only one in the list, gives; one that has died is replaced."""
    if not helpers or not helpers[0].alive:
        from catalog_tui.core.scan.helper import Helper  # here: a small scan needs neither it nor pickle

        helpers[:] = [Helper()]
    return helpers[0].run(function, batch)
