"""One process at a time: workers that take turns by the lock of a file, which the system lifts when its holder dies."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from catalog_tui.core.scan.lock import try_lock

LOOK_S: Final = 0.005


@contextmanager
def turn(file: str) -> Iterator[None]:
    """Hold the lock of this file; blocks until the others have let go of it."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
    try:
        while not try_lock(descriptor):
            time.sleep(LOOK_S)
        yield
    finally:
        os.close(descriptor)


def slot(folder: str, slots: int) -> int:
    """The lowest number below `slots` that no other process has taken in this folder; this one has it until it ends."""
    for number in range(slots):
        descriptor = os.open(os.path.join(folder, f"slot-{number}"), os.O_RDWR | os.O_CREAT, 0o600)
        if try_lock(descriptor):
            return number  # the descriptor stays open, and with it the lock
        os.close(descriptor)
    return slots
