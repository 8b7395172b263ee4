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
from typing import Final, TypeVar

from catalog_tui.core.errors import Cancelled, CatalogError
from catalog_tui.core.frames import Column, Frame, of_names, read_frame, to_folders, to_info, to_listing, write_frame
from catalog_tui.core.layout import Folders
from catalog_tui.core.listing import Listing, ModelInfo, never
from catalog_tui.core.matching import Criteria
from catalog_tui.core.packed import PackedNames
from catalog_tui.core.stamps import Stamps
from catalog_tui.core.words import _

T = TypeVar("T")

SHARED_FROM: Final = 8  # folders
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

    def warm_all(self) -> None:
        """Start both children, without waiting for them; each holds 7 MB of its own."""
        self._front.warm()
        self._behind.warm()

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

    def listings(self, tops: Sequence[str], *, cancelled: Callable[[], bool] = never) -> list[Listing | OSError]:
        """See Reader. The children share the work where the one for the background has none."""
        if len(tops) < SHARED_FROM or not self._behind.is_idle:
            return _listings(self._front, tops, cancelled)
        from concurrent.futures import ThreadPoolExecutor  # here: it takes 10 ms to load, and the app needs none

        middle = len(tops) // 2
        with ThreadPoolExecutor(1) as pool:
            second = pool.submit(_listings, self._behind, tops[middle:], cancelled)
            first = _listings(self._front, tops[:middle], cancelled)
            return first + second.result()

    def info(
        self, top: str, *, recursive: bool = True, cancelled: Callable[[], bool] = never
    ) -> tuple[ModelInfo, Stamps]:
        """See Reader."""
        return to_info(self._behind.ask(Frame("info", (top, recursive)), cancelled))

    def arrange(self, names: PackedNames, criteria: Criteria, *, cancelled: Callable[[], bool] = never) -> "array[int]":
        """See Reader."""
        text, fuzzy, column, descending = criteria
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

    @property
    def is_idle(self) -> bool:
        """Whether nothing is asked at this moment."""
        return not self._lock.locked()

    def warm(self) -> None:
        """Start the child if none runs."""
        with self._lock:
            self._running()

    def ask(self, request: Frame, cancelled: Callable[[], bool], names: PackedNames | None = None) -> Frame:
        """The child's answer to a request, which may be about `names`.

        Raises OSError as the child met it, Cancelled, and CatalogError where children die.
        """
        (answer,) = self.ask_all((request,), lambda answer: answer, cancelled, names)
        failure = _failure(answer)
        if failure is not None:
            raise failure
        return answer

    def ask_all(
        self,
        requests: Sequence[Frame],
        read: Callable[[Frame], T],
        cancelled: Callable[[], bool],
        names: PackedNames | None = None,
    ) -> list[T]:
        """What `read` makes of the child's answers, each as soon as it is there. Raises Cancelled and CatalogError."""

        def given_up() -> bool:
            return self._is_closed or cancelled()

        while not self._lock.acquire(timeout=POLL_S):
            if given_up():
                raise Cancelled
        try:
            for _attempt in range(2):
                answers = self._ask_once(requests, read, names, given_up)
                if answers is not None:
                    return answers
        finally:
            self._lock.release()
        raise CatalogError(_("The process that reads folders ended twice while it was at work; please try again."))

    def close(self) -> None:
        """End the child, also in the midst of work, and refuse what is asked from now on."""
        self._is_closed = True
        with self._lock:
            self._end()

    def _ask_once(
        self,
        requests: Sequence[Frame],
        read: Callable[[Frame], T],
        names: PackedNames | None,
        given_up: Callable[[], bool],
    ) -> list[T] | None:
        """What `read` makes of the child's answers; None if it died."""
        if given_up():
            raise Cancelled
        child = self._running()
        if names is not None:
            child.know(names)
        for request in requests:
            self._number += 1
            child.send(Frame(request.word, (self._number, *request.plain), request.columns))
        found: list[T] = []
        while len(found) < len(requests):
            if given_up():
                self._call_off(child, len(requests) - len(found))
                raise Cancelled
            try:
                answer = child.answers.get(timeout=POLL_S)
            except Empty:
                continue
            if answer is None:
                self._end()
                return None
            found.append(read(answer))
        return found

    def _call_off(self, child: "_Process", answers_due: int) -> None:
        """Have the child leave off what it was asked, and take the answers that it owes; end it where it does not."""
        child.send(Frame("cancel", (self._number,)))
        try:
            for _answer in range(answers_due):
                if child.answers.get(timeout=OBEY_S) is None:
                    self._end()
                    return
        except Empty:
            self._end()

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
            self._process.stdin.flush()
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


def _listings(lane: _Lane, tops: Sequence[str], cancelled: Callable[[], bool]) -> list[Listing | OSError]:
    """All are asked for before the first is answered, so that the child never waits for this process."""
    requests = [Frame("listing", (top, True)) for top in tops]
    return lane.ask_all(requests, lambda answer: _failure(answer) or to_listing(answer), cancelled)


def _failure(answer: Frame) -> OSError | None:
    """What the child met in place of an answer."""
    return OSError(*answer.plain) if answer.word == "failed" else None


def _close_all(lanes: Sequence[_Lane]) -> None:
    for lane in lanes:
        lane.close()
