"""Who reads and digests batches: this machine (local_crew.py), or any `concurrent.futures.Executor`."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from catalog_tui.core.errors import CatalogError

if TYPE_CHECKING:
    from concurrent.futures import Executor

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
    """Runs functions on batches, about `width` at once; an error in `fatal` means that it will never do so again.

    `apart`: without disturbing what this process does meanwhile.
    """

    width: int
    same_machine: bool
    apart: bool
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
