"""The local executor: threads for long reads, and a helper process behind each thread for crowds of small files.

Digesting megabytes leaves the interpreter to others; opening thousands of files does not, so those go to helpers.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, NamedTuple

from catalog_tui.core.scan.hashing import ENDS, WHOLE, Batch
from catalog_tui.core.scan.meter import Meter

if TYPE_CHECKING:
    from catalog_tui.core.scan.helper import Helper

LIGHT_BYTES = 256 * 1024  # mean size from which digesting, which needs no interpreter, outweighs opening and closing
PATIENCE = 16  # batches done in threads before helpers are started: starting one takes as long as ten batches


class Workers(NamedTuple):
    """Who reads and hashes: any executor, how many tasks it likes at once, whether it sees the same ctimes as we do."""

    executor: Executor
    width: int
    same_machine: bool = True


def usual_width() -> int:
    """Workers that suit this machine: one for each core; more gained nothing here, see docs/performance.md."""
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        cores = os.cpu_count() or 1
    return max(2, min(cores, 8))


class LocalPool(Executor):
    """Runs `function(batch)`; what stays in this process is run as `function(batch, meter)`."""

    def __init__(self, width: int, meter: Meter) -> None:
        self._threads = ThreadPoolExecutor(width, thread_name_prefix="scan")
        self._meter = meter
        self._own = threading.local()
        self._helpers: list[Helper] = []
        self._light_batches = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Queue the call."""
        batch: Batch = args[0]
        if batch.stage == ENDS or (batch.stage == WHOLE and sum(batch.sizes) < LIGHT_BYTES * len(batch.sizes)):
            self._light_batches += 1
            if self._light_batches > PATIENCE:
                return self._threads.submit(self._run_in_helper, fn, batch)
        return self._threads.submit(fn, batch, self._meter)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the threads, then the helpers."""
        self._threads.shutdown(wait, cancel_futures=cancel_futures)
        for helper in self._helpers:
            helper.close()

    def _run_in_helper(self, function: Callable[..., Any], batch: Batch) -> Any:
        from catalog_tui.core.scan.helper import Helper  # here: a small scan needs neither it nor pickle

        helper: Helper | None = getattr(self._own, "helper", None)
        if helper is None or not helper.alive:
            helper = self._own.helper = Helper()
            self._helpers.append(helper)
        return helper.run(function, batch)
