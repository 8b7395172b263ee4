"""Waiting for something to become so, instead of for a time."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from textual.pilot import Pilot

PATIENCE_S = 20


async def until(pilot: Pilot[Any], so: Callable[[], bool]) -> None:
    """Let the app go on until `so()`; fails after PATIENCE_S seconds."""
    deadline = time.monotonic() + PATIENCE_S
    while not so():
        assert time.monotonic() < deadline, "what was waited for did not come"
        await pilot.pause()
        await asyncio.sleep(0.005)


def wait_until(so: Callable[[], bool]) -> None:
    """Return once `so()`; fails after PATIENCE_S seconds."""
    deadline = time.monotonic() + PATIENCE_S
    while not so():
        assert time.monotonic() < deadline, "what was waited for did not come"
        time.sleep(0.01)
