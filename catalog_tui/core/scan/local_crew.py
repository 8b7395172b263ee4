"""This machine's own readers: a thread for each processor, and helper processes behind them.

The threads are plain ones because loading `concurrent.futures` takes 10 ms, of the 130 that scanning a few gigabytes
takes.
"""

from __future__ import annotations

import threading
from contextlib import nullcontext
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any

from catalog_tui.core.scan.crew import Call, Crew, Function, TakenBackError, Tell
from catalog_tui.core.scan.hashing import ENDS, Batch
from catalog_tui.core.scan.helper import Helper, HelperDiedError, can_fork, forked, spawned
from catalog_tui.core.scan.meter import Meter
from catalog_tui.core.scan.shared_figures import SharedFigures

LIGHT_BYTES = 256 * 1024  # mean size from which digesting, which needs no interpreter, outweighs opening and closing
FROM_MEMORY_S = 50e-6  # a file; a solid disk takes twice as long to find one


def local_crew(threads: int, meter: Meter) -> Crew:
    """The crew that suits this system, this process and this moment: forked helpers where forking is sound."""
    if can_fork():
        try:
            return ForkedCrew(threads, meter)
        except OSError:  # no more processes for this user
            pass
    return ThreadCrew(threads, meter)


class _LocalCrew:
    """Threads that take batches from a queue; what one of them does with its batch is for `_run` to say."""

    same_machine = True
    fatal: tuple[type[BaseException], ...] = ()

    def __init__(self, threads: int, meter: Meter) -> None:
        self.width = threads + 1  # one waits ready, so that no thread does while its answer is being taken in
        self._helpers: list[Helper | None] = [None] * threads
        self._meter = meter
        self._waiting: SimpleQueue[tuple[Function, Batch, Tell] | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []

    def start(self, function: Function, batch: Batch, tell: Tell) -> None:
        """See Crew."""
        self._waiting.put((function, batch, tell))
        number = len(self._threads)
        if number < len(self._helpers):
            thread = threading.Thread(target=self._work, args=(number,), name="scan", daemon=True)
            self._threads.append(thread)
            thread.start()

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
        helpers = [helper for helper in self._helpers if helper is not None]
        for helper in helpers:
            helper.let_go()
        for helper in helpers:
            helper.wait()

    def _work(self, number: int) -> None:
        while (waiting := self._waiting.get()) is not None:
            function, batch, tell = waiting
            call = Call(partial(self._run, number, function, batch))
            call.run()
            tell(call.value, call.error)

    def _run(self, number: int, function: Function, batch: Batch) -> Any:
        raise NotImplementedError

    def _helper(self, number: int) -> Helper:
        """The helper of this thread; one that has died is replaced."""
        helper = self._helpers[number]
        if helper is None or not helper.alive:
            helper = self._helpers[number] = spawned()
        return helper


class ForkedCrew(_LocalCrew):
    """Helpers forked while this process has no thread yet do all the reading.

    Nothing in them waits for the interpreter of another, and they are there before the first file was seen.
    """

    apart = True

    def __init__(self, threads: int, meter: Meter) -> None:
        """OSError where no process can be forked."""
        super().__init__(threads, meter)
        self._figures = SharedFigures(threads)
        try:
            for number in range(threads):
                self._helpers[number] = forked(self._figures.watch(number))
        except OSError:
            self.close()
            raise
        meter.share(self._figures)

    def expect_many(self) -> None:
        """They are prepared."""

    def _run(self, number: int, function: Function, batch: Batch) -> Any:
        helper = self._helper(number)
        told = self._figures.of_helper(number)
        try:
            return helper.run(function, batch, watched=not _is_light(batch))
        except HelperDiedError:
            self._figures.set_back(number, told)
            raise


class ThreadCrew(_LocalCrew):
    """Threads of this process read large files, as `function(batch, meter)`; helpers are started for many small ones.

    Digesting megabytes leaves the interpreter to others. Opening thousands of files does not.
    """

    apart = False

    def __init__(self, threads: int, meter: Meter) -> None:
        super().__init__(threads, meter)
        self._use_helpers = False
        self._light_turn = threading.Lock()
        self._from_memory = False

    def expect_many(self) -> None:
        """See Crew."""
        self._use_helpers = True

    def _run(self, number: int, function: Function, batch: Batch) -> Any:
        if not _is_light(batch):
            return function(batch, self._meter)
        if self._use_helpers:
            return self._helper(number).run(function, batch)
        return self._run_light(function, batch)

    def _run_light(self, function: Function, batch: Batch) -> Any:
        """Run it here; alone once such files turn out to come from memory, where two threads take twice as long."""
        with self._light_turn if self._from_memory else nullcontext():
            answer = function(batch, self._meter)
        self._from_memory = answer.seconds < FROM_MEMORY_S * len(batch.sizes)
        return answer


def _is_light(batch: Batch) -> bool:
    return batch.stage == ENDS or sum(batch.sizes) < LIGHT_BYTES * len(batch.sizes)
