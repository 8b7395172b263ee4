"""The installed command in a terminal of its own, its screen read as a person reads it, its modes kept count of."""

import os
import re
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

import pyte

from bench.terminal import ANSWERS, TerminalProgram
from tests.waiting import PATIENCE_S as PATIENCE_S

COMMAND = str(Path(sys.executable).with_name("catalog-tui"))

MODE = re.compile(rb"\x1b\[\?([0-9;]+)([hl])")
KITTY_PUSH, KITTY_POP = re.compile(rb"\x1b\[>[0-9]*u"), re.compile(rb"\x1b\[<[0-9]*u")
UNSEEN = re.compile(rb"\x1b\[<[0-9]*u|\x1b[_P](?:[^\x1b]|\x1b[^\\])*\x1b\\|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
"""What pyte would draw: it knows no APC and DCS, and not how kitty's keys are given back."""
UNFINISHED = re.compile(rb"\x1b(?:[_P](?:[^\x1b]|\x1b[^\\])*\x1b?|\][^\x07\x1b]*|\[[<0-9]*)?\Z")
MARK = b"\x1b_all until here\x1b\\"
"""What the test itself writes; not seen on the screen."""
CURSOR_SHOWN, LINE_WRAP = 25, 7
"""The private modes that are on in a terminal at rest; all others are off."""


class Terminal(TerminalProgram):
    """A program in a terminal window; every wait reads on, and fails with the screen as it then is."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        columns: int = 120,
        lines: int = 36,
        environ: Mapping[str, str] | None = None,
        answers: Mapping[bytes, bytes] = ANSWERS,
    ) -> None:
        environ = window_environ(environ or {})
        super().__init__(argv, columns=columns, lines=lines, environ=environ, answers=answers)
        self.settings_before = self.settings()
        self.output = b""
        """Every byte that the program wrote."""
        self._unseen = b""
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)

    def __enter__(self) -> Self:
        return self

    def resize(self, columns: int, lines: int) -> None:
        """Give the terminal another size; the program is told."""
        super().resize(columns, lines)
        if hasattr(self, "_screen"):
            self._screen.resize(lines, columns)

    # What is seen

    @property
    def lines(self) -> list[str]:
        """The lines on screen."""
        return [line.rstrip() for line in self._screen.display]

    @property
    def text(self) -> str:
        """What is on screen."""
        return "\n".join(self.lines)

    def shows(self, *words: str) -> bool:
        """Whether all these words are on screen."""
        text = self.text
        return all(word in text for word in words)

    def look(self, timeout_s: float = 0.05) -> bool:
        """Take in what the program wrote; whether there was anything."""
        try:
            data = self.read(timeout_s)
        except OSError:  # nobody has the terminal open any more
            return False
        self.output += data
        self._unseen += data
        if not UNFINISHED.search(self._unseen):
            self._stream.feed(UNSEEN.sub(b"", self._unseen))
            self._unseen = b""
        return bool(data)

    # What is done and waited for

    def wait(self, so: Callable[[], object], what: str = "") -> None:
        """Read on until `so()`."""
        deadline = time.monotonic() + PATIENCE_S
        while not so():
            assert time.monotonic() < deadline, f"{what or 'what was waited for'} did not come:\n{self.text}"
            self.look()

    def wait_for(self, *words: str) -> None:
        """Read on until all these words are on screen."""
        self.wait(lambda: self.shows(*words), " and ".join(map(repr, words)))

    def wait_without(self, word: str) -> None:
        """Read on until this word is on screen no more."""
        self.wait(lambda: not self.shows(word), f"a screen without {word!r}")

    def wait_at(self, *steps: str) -> None:
        """Read on until the place line ends in these steps: the cursor is there."""
        self.wait(lambda: self.lines[0].rstrip().endswith(" › ".join(steps)), f"the place {steps}")

    def press(self, keys: str) -> None:
        """Type."""
        self.write(keys.encode())

    def wait_end(self) -> int:
        """Read on until the program has ended and all it wrote is read; gives its exit code."""
        self.wait(self.ended, "the end of the program")
        self.catch_up()
        assert self.exit_code is not None
        return self.exit_code

    def catch_up(self) -> None:
        """Read all that was written until now. The system hands it over when it gets to it, so that nothing to be read
        means nothing: a mark written behind it has to come."""
        os.write(self._slave, MARK)
        self.wait(lambda: MARK in self.output, "all that the program wrote")
        self.output = self.output.replace(MARK, b"")

    # In which state the terminal is left

    @property
    def modes_left(self) -> dict[int, bool]:
        """The private modes that are not as in a terminal at rest, and how they are."""
        modes: dict[int, bool] = {}
        for numbers, switch in MODE.findall(self.output):
            for number in numbers.split(b";"):
                modes[int(number)] = switch == b"h"
        return {number: on for number, on in modes.items() if on != (number in (CURSOR_SHOWN, LINE_WRAP))}

    def assert_restored(self) -> None:
        """The terminal is as it was before the program started."""
        assert self.modes_left == {}
        assert len(KITTY_PUSH.findall(self.output)) == len(KITTY_POP.findall(self.output))
        assert self.settings() == self.settings_before
        assert b"Traceback" not in self.output


def window_environ(more: Mapping[str, str]) -> dict[str, str]:
    """The test's own environment and `more`, without the size of the terminal that the tests run in."""
    return {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")} | dict(more)
