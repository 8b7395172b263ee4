"""The cycle collector, set aside while a process does nothing but scan."""

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_collector() -> Iterator[None]:
    """Run without the cycle collector, which would go through all rows and groups again and again: 5 % of a scan.

    A scan makes no cycles that matter, and its process ends after it.
    """
    atexit.register(gc.freeze)  # nor look for cycles at the end, which would take 4 ms
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()  # or the first collection goes through all that the scan left, which takes 15 ms
        if was_enabled:
            gc.enable()
