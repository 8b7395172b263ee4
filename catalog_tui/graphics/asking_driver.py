"""Textual's driver for Linux and macOS, which also asks the terminal what it can draw, and hears its answers.

A terminal may go away (its window is closed, the line breaks, tmux is killed): then nothing may wait for it.
"""

import os
from codecs import getincrementaldecoder
from collections.abc import Callable
from contextlib import suppress
from selectors import EVENT_READ, SelectSelector
from time import monotonic
from typing import Any, TextIO

from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver

from . import tmux
from .answers import Answered, Answers, Sieve, can_be_asked, questions

GONE = 130
"""How the app ends that has lost its terminal."""
LOOK_S = 0.1
"""How often to see whether the input is to end."""
LOOK_WHILE_HOLDING_S = 0.02
ASK_AGAIN_S = 1.0
ASK_AGAIN_TIMES = 3
"""While tmux draws its window anew it drops what it is to pass on, and so at times our question: it is asked again."""
LAST_ANSWERS_S = 0.3
"""Who leaves before the terminal has answered waits so long for it, or the shell would get the answers as typed."""


class Outlet:
    """What the terminal is written to by. Once it is gone, what is written goes nowhere: Textual's thread that writes
    would else die of it, and the app wait for ever until that takes more."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._is_gone = False

    def write(self, text: str) -> int:
        """See TextIO."""
        if not self._is_gone:
            try:
                return self._file.write(text)
            except OSError:
                self._is_gone = True
        return len(text)

    def flush(self) -> None:
        """See TextIO."""
        if not self._is_gone:
            try:
                self._file.flush()
            except OSError:
                self._is_gone = True

    def fileno(self) -> int:
        """See TextIO."""
        return self._file.fileno()


class AskingDriver(LinuxDriver):
    """Asks when it starts, and posts `Answered` to the app, whenever that comes."""

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        if self._file is not None:
            self._file = Outlet(self._file)  # type: ignore[assignment]  # of a file Textual uses these three only
        self._sieve = Sieve()
        self._told = self._sieve.answers
        self._is_gone = False
        self._asked_s = 0.0
        self._asks_left = 0

    def start_application_mode(self) -> None:
        """See LinuxDriver; then ask. Nothing waits for the answers."""
        start: Callable[[], None] = super().start_application_mode
        start()
        self.ask()

    def ask(self) -> None:
        """Ask: also again, as another font makes other cells; what was answered before, maybe by another terminal, is
        forgotten."""
        self._sieve.answers = self._told = Answers()
        self._asks_left = ASK_AGAIN_TIMES
        if self.input_tty and can_be_asked(os.environ):
            self._ask()

    def _ask(self) -> None:
        in_tmux = tmux.is_inside(os.environ)
        self._asked_s = monotonic()
        self._sieve.expect(in_tmux=in_tmux)
        self.write(questions(in_tmux=in_tmux))
        self.flush()

    def _ask_again(self) -> None:
        """Where tmux has answered, but for a while nothing from behind it."""
        if not (self._sieve.answers.complete and self._sieve.is_expecting):
            return
        if monotonic() - self._asked_s >= ASK_AGAIN_S:
            if self._asks_left:
                self._asks_left -= 1
                self._ask()
            else:
                self._sieve.expect_no_more()

    def _sigcont_application(self, *_: object) -> None:
        """As LinuxDriver's, but a terminal that is gone is let be (its going brings SIGCONT, too), and after a SIGSTOP,
        which nobody is told of, the input is not read twice."""
        if not os.isatty(self.fileno):
            return
        if self._auto_restart and not self._must_signal_resume:
            self.suspend_application_mode()
        super()._sigcont_application()

    def run_input_thread(self) -> None:
        """As LinuxDriver's, but answers are taken out before keys are read, and bytes that are no UTF-8 do no harm."""
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        with SelectSelector() as selector:
            selector.register(self.fileno, EVENT_READ)

            def take(wait_s: float) -> None:
                data = decode(self._read()) if selector.select(wait_s) else ""
                if keys := self._sieve.keys(data, monotonic()):
                    for message in parser.feed(keys):
                        self.process_message(message)
                for message in parser.tick():
                    self.process_message(message)
                self._tell()

            while not self.exit_event.is_set() and not self._is_gone:
                take(LOOK_WHILE_HOLDING_S if self._sieve.is_holding else LOOK_S)
                self._ask_again()
            # What tmux was to pass on may never be answered: it is waited for only while it is new.
            until_s = (self._asked_s if self._sieve.answers.complete else monotonic()) + LAST_ANSWERS_S
            while self._sieve.is_expecting and not self._is_gone and monotonic() < until_s:
                take(LOOK_WHILE_HOLDING_S)
        for message in parser.feed(""):
            self.process_message(message)

    def _read(self) -> bytes:
        """What was typed; nothing, and the app ends, where the terminal is gone: SIGHUP may have been kept from it."""
        with suppress(OSError):
            if data := os.read(self.fileno, 4096):
                return data
        self._is_gone = True
        self._app.call_later(self._app.exit, GONE)
        return b""

    def _tell(self) -> None:
        answers = self._sieve.answers
        if answers.complete and answers != self._told:
            self._told = answers
            self.process_message(Answered(answers))
