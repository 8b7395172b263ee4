"""A reader whose work is done by child processes: walking, sorting and filtering never hold the caller's interpreter.

A thread would be no cure: `sorted()` of a million names holds the event loop for half a second (design.md section 4).
"""

import os
import subprocess
import sys
import threading
import weakref
from array import array
from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Final

from catalog_tui.core.errors import Cancelled, CatalogError
from catalog_tui.core.frames import Column, Frame, of_names, read_frame, to_folders, to_info, to_listing, write_frame
from catalog_tui.core.layout import Folders
from catalog_tui.core.listing import Listing, ModelInfo, never
from catalog_tui.core.packed import PackedNames
from catalog_tui.core.stamps import Stamps
from catalog_tui.core.words import _

POLL_S: Final = 0.02
OBEY_S: Final = 0.3  # how long a child may take to give up before it is killed: sorting a million names takes longer
END_S: Final = 1.0

# The child gets this process's module path as it is, which is both quicker (-S: no search of site-packages) and surer.
BOOT: Final = "import sys; sys.path[:] = sys.argv[1:]; from catalog_tui.core.reader_child import main; main()"


class ChildReader:
    """A Reader (see there) with two children: one for what a person waits for, one for figures read in the background.

    They start with the first request, or with `warm`; a child that dies is started again once for the same request, and
    raises CatalogError if it dies again. Thread-safe; a context manager; ends its children when it is collected or the
    program ends. A program that is killed takes them along, because they end when nobody is left to ask.
    """

    def __init__(self) -> None:
        self._front = _Lane()
        self._behind = _Lane()
        self._finalizer = weakref.finalize(self, _close_all, (self._front, self._behind))

    def __enter__(self) -> "ChildReader":
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    def warm(self) -> None:
        """Start the child for what a person waits for, without waiting for it."""
        self._front.warm()

    def close(self) -> None:
        """End the children. Whatever is being asked, or is asked later, raises Cancelled."""
        self._finalizer()

    def pids(self) -> list[int]:
        """The process ids of the children that run now, of the one that a person waits for first."""
        return [child.pid for child in (self._front.child, self._behind.child) if child is not None]

    def folders(
        self, top: str, *, levels: int = 1, loose: bool = False, cancelled: Callable[[], bool] = never
    ) -> Folders:
        """See Reader."""
        return to_folders(self._front.ask(Frame("folders", (top, levels, loose)), cancelled))

    def listing(self, top: str, *, recursive: bool = True, cancelled: Callable[[], bool] = never) -> Listing:
        """See Reader."""
        return to_listing(self._front.ask(Frame("listing", (top, recursive)), cancelled))

    def info(
        self, top: str, *, recursive: bool = True, cancelled: Callable[[], bool] = never
    ) -> tuple[ModelInfo, Stamps]:
        """See Reader."""
        return to_info(self._behind.ask(Frame("info", (top, recursive)), cancelled))

    def arrange(
        self,
        names: PackedNames,
        text: str = "",
        *,
        fuzzy: bool = False,
        column: Sequence[int] | None = None,
        descending: bool = False,
        cancelled: Callable[[], bool] = never,
    ) -> "array[int]":
        """See Reader."""
        columns: list[Column] = []
        if column is not None:
            columns.append(column if isinstance(column, bytes | array) else array("q", column))
        answer = self._front.ask(Frame("arrange", (text, fuzzy, descending), columns), cancelled, names)
        (order,) = answer.columns
        assert not isinstance(order, bytes)
        return order


class _Lane:
    """One child and the requests to it, one at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._number = 0
        self._is_closed = False
        self.child: _Process | None = None

    def warm(self) -> None:
        """Start the child if none runs."""
        with self._lock:
            self._running()

    def ask(self, request: Frame, cancelled: Callable[[], bool], names: PackedNames | None = None) -> Frame:
        """The child's answer to a request, which may be about `names`.

        Raises OSError as the child met it, Cancelled, and CatalogError where children die.
        """

        def given_up() -> bool:
            return self._is_closed or cancelled()

        while not self._lock.acquire(timeout=POLL_S):
            if given_up():
                raise Cancelled
        try:
            answer = self._ask_once(request, names, given_up) or self._ask_once(request, names, given_up)
        finally:
            self._lock.release()
        if answer is None:
            raise CatalogError(_("The process that reads folders ended twice while it was at work; please try again."))
        if answer.word == "cancelled":
            raise Cancelled
        if answer.word == "failed":
            raise OSError(*answer.plain)
        return answer

    def close(self) -> None:
        """End the child, also in the midst of work, and refuse what is asked from now on."""
        self._is_closed = True
        with self._lock:
            self._end()

    def _ask_once(self, request: Frame, names: PackedNames | None, given_up: Callable[[], bool]) -> Frame | None:
        """The child's answer; None if it died."""
        if given_up():
            raise Cancelled
        self._number += 1
        child = self._running()
        if names is not None:
            child.know(names)
        child.send(Frame(request.word, (self._number, *request.plain), request.columns))
        while not given_up():
            try:
                answer = child.answers.get(timeout=POLL_S)
            except Empty:
                continue
            if answer is None:
                self._end()
            return answer
        child.send(Frame("cancel", (self._number,)))
        try:
            if child.answers.get(timeout=OBEY_S) is None:
                self._end()
        except Empty:
            self._end()
        raise Cancelled

    def _running(self) -> "_Process":
        if self.child is None:
            self.child = _Process()
        return self.child

    def _end(self) -> None:
        if self.child is not None:
            self.child.end()
            self.child = None


class _Process:
    """One running child. A thread takes its answers off the pipe, so that waiting for one can be given up anywhere."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-S", "-P", "-c", BOOT, *filter(None, sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # the terminal belongs to the screen
            start_new_session=os.name == "posix",  # ctrl+c is for the program, not for its children
        )
        self.pid: Final = self._process.pid
        self._names: weakref.ref[PackedNames] | None = None
        self.answers: SimpleQueue[Frame | None] = SimpleQueue()
        threading.Thread(target=self._listen, name="reader answers", daemon=True).start()

    def know(self, names: PackedNames) -> None:
        """Send the names that the next request is about, unless they are those of the last."""
        if self._names is None or self._names() is not names:
            self.send(of_names(names))
            self._names = weakref.ref(names)

    def send(self, frame: Frame) -> None:
        """Send a frame; a child that is dead already shows by its answer."""
        assert self._process.stdin is not None
        try:
            write_frame(self._process.stdin, frame)
        except OSError:
            self._process.kill()

    def end(self) -> None:
        """End the child, whatever it is doing. One that the system does not let go (a hung disk) is left behind."""
        assert self._process.stdin is not None
        self._process.kill()
        with suppress(OSError):
            self._process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(END_S)

    def _listen(self) -> None:
        assert self._process.stdout is not None
        try:
            with self._process.stdout as stream:
                while (frame := read_frame(stream)) is not None:
                    self.answers.put(frame)
        finally:
            self.answers.put(None)  # whoever waits must not wait for ever


def _close_all(lanes: Sequence[_Lane]) -> None:
    for lane in lanes:
        lane.close()
