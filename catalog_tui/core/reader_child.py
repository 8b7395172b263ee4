"""The child of a ChildReader: reads folders, sorts and filters for its parent, and ends with it.

It takes requests from stdin and answers on stdout, one after the other (`frames.py`). A thread of its own reads stdin,
so that a word to cancel, and the end of the parent, are heard in the midst of work. It imports no more than it needs:
the first listing waits for its start.
"""

import gc
import os
import sys
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import IO, Final

from catalog_tui.core.errors import Cancelled
from catalog_tui.core.frames import Frame, of_folders, of_info, of_listing, read_frame, to_names, write_frame
from catalog_tui.core.layout import read_folders
from catalog_tui.core.listing import read_info, read_listing
from catalog_tui.core.matching import Criteria, Finder
from catalog_tui.core.packed import PackedNames

BUFFER_BYTES: Final = 1 << 14  # of answers: some ten small listings wait here for each other


class Child:
    """Works off requests, each numbered by its parent."""

    def __init__(self, requests: IO[bytes], answers: IO[bytes]) -> None:
        self._requests = requests
        self._answers = answers
        self._waiting: SimpleQueue[Frame] = SimpleQueue()
        self._cancelled_up_to = 0
        self._finder = Finder(PackedNames.pack(()))

    def run(self) -> None:
        """Answer until the parent is gone; does not return."""
        threading.Thread(target=self._hear, daemon=True).start()
        while True:
            request = self._waiting.get()
            if request.word == "names":  # to be found in by the requests that follow; not answered
                self._finder = Finder(to_names(request.columns))
                continue
            try:
                write_frame(self._answers, self._answer(request))
                if self._waiting.empty():  # else more follows at once, and every flush wakes the parent
                    self._answers.flush()
            except OSError:
                os._exit(0)

    def _hear(self) -> None:
        while (frame := read_frame(self._requests)) is not None:
            if frame.word == "cancel":
                (self._cancelled_up_to,) = frame.plain
            else:
                self._waiting.put(frame)
        os._exit(0)  # the parent is gone, and with it whoever wanted the work that the main thread may be at

    def _answer(self, request: Frame) -> Frame:
        number, *plain = request.plain
        try:
            return self._perform(request._replace(plain=plain), lambda: number <= self._cancelled_up_to)
        except Cancelled:
            return Frame("cancelled")
        except OSError as problem:
            return Frame("failed", (problem.errno, problem.strerror, problem.filename))

    def _perform(self, request: Frame, cancelled: Callable[[], bool]) -> Frame:
        if request.word == "listing":
            top, recursive = request.plain
            return of_listing(read_listing(top, recursive=recursive, cancelled=cancelled))
        if request.word == "info":
            top, recursive = request.plain
            return of_info(*read_info(top, recursive=recursive, cancelled=cancelled))
        if request.word == "folders":
            top, levels, loose = request.plain
            return of_folders(read_folders(top, levels=levels, loose=loose, cancelled=cancelled))
        text, fuzzy, descending = request.plain
        column = request.columns[0] if request.columns else None
        criteria = Criteria(text, fuzzy, column, descending)
        return Frame("order", (), (self._finder.arrange(criteria, cancelled=cancelled),))


def main() -> None:
    """Serve the parent on stdin and stdout. Whatever else prints goes to stderr, not between the answers."""
    gc.disable()  # what is made here has no cycles, and looking for them costs a listing 5 %
    answers = os.fdopen(os.dup(1), "wb", BUFFER_BYTES)
    os.dup2(2, 1)
    Child(sys.stdin.buffer, answers).run()
