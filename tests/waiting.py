"""Waiting for something to become so, instead of for a time."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from textual._context import active_app
from textual.pilot import Pilot

PATIENCE_S = 90
"""Ends the wait of a test that fails: nothing comes sooner for its being short, and a busy machine takes its time."""
STEP_S = 0.004


async def until_idle(_min_sleep: float = 0, _max_sleep: float = 0) -> None:
    """Let the app go on until it has nothing to do but to wait: for time, for threads, for keys. In place of Textual's
    `wait_for_idle`, which takes a process that gets no processor for one that needs none, and lets a test go on in the
    middle of what a key does."""
    await asyncio.sleep(STEP_S)
    deadline = time.monotonic() + PATIENCE_S
    waiting = asyncio.get_running_loop()._ready  # type: ignore[attr-defined] # what the loop will do in its next round
    while time.monotonic() < deadline:
        while waiting and time.monotonic() < deadline:
            await asyncio.sleep(0)
        if not _is_to_be_painted():
            return
        await asyncio.sleep(STEP_S)


def _is_to_be_painted() -> bool:
    """Whether the screen on top waits for its next moment to lay out or to paint."""
    app = active_app.get()
    if not app._running or not app.screen_stack or app._batch_count:
        return False
    screen = app.screen
    return screen.is_current and bool(
        screen._layout_required or screen._scroll_required or screen._repaint_required or screen._dirty_widgets
    )


async def until(pilot: Pilot[Any], so: Callable[[], bool]) -> None:
    """Let the app go on until `so()`, and to the end of what made it so; fails after PATIENCE_S seconds."""
    deadline = time.monotonic() + PATIENCE_S
    while not so():
        assert time.monotonic() < deadline, "what was waited for did not come"
        await pilot.pause()
        await asyncio.sleep(0.005)
    await pilot.pause()


def wait_until(so: Callable[[], bool]) -> None:
    """Return once `so()`; fails after PATIENCE_S seconds."""
    deadline = time.monotonic() + PATIENCE_S
    while not so():
        assert time.monotonic() < deadline, "what was waited for did not come"
        time.sleep(0.01)
