"""A scan that kills itself: `python -m tests.core.scan.killed_scan ARCHIVE BATCH`, run by test_kill.py.

It hashes a few files a batch, prints the bytes read for each, on a clock that goes TICK_S with every batch, and dies by
SIGKILL when it comes to the given one. The files are taken for ten seconds older than they are, so that the index
trusts what it is told of them.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any
from unittest import mock

from catalog_tui.core.scan import engine, index, reading
from catalog_tui.core.scan.crew import Workers
from catalog_tui.core.scan.options import ScanOptions

BATCH_FILES = 5
TICK_S = 0.1
BATCHES_A_SECOND = round(1 / TICK_S)


class Doomed(ThreadPoolExecutor):
    """One thread that moves the clock before each batch and kills the process at the last one."""

    def __init__(self, last: int) -> None:
        super().__init__(1)
        self.now_s = 0.0
        self._left = last

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Queue the call."""
        return super().submit(self._run, fn, *args, **kwargs)

    def _run(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        self.now_s += TICK_S
        self._left -= 1
        if not self._left:
            os.kill(os.getpid(), signal.SIGKILL)
        hashed = fn(*args, **kwargs)
        print(hashed.bytes_read, flush=True)
        return hashed


def main(archive: str, last_batch: int) -> None:
    """Scan until the end that was asked for."""
    doomed = Doomed(last_batch)
    with (
        mock.patch.object(reading, "BATCH_FILES", BATCH_FILES),
        mock.patch.object(index, "time", SimpleNamespace(monotonic=lambda: doomed.now_s)),
        mock.patch.object(reading, "time_ns", lambda: time.time_ns() + 10_000_000_000),
    ):
        for _event in engine.scan(ScanOptions(archive), workers=Workers(doomed, 1)):
            pass


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
