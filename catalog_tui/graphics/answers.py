"""What a terminal is asked, and its answers, picked out of what is typed.

Answers come by the same way as keys, whenever the terminal gets round to it. None may ever be taken for keys, nor a key
for part of an answer: `Sieve` stands in front of whoever reads keys, and holds back only what may still become an
answer.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Protocol, runtime_checkable

from textual.message import Message

from .drawing import CellSize
from .tmux import passed_through

KITTY_QUERY: Final = "\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\"
"""Whether a picture of one pixel could be shown."""
QUESTIONS: Final = "\x1b[>q\x1b[16t\x1b[14t"
"""Its name and version (XTVERSION); the size of a cell, and of the text area, in pixels."""
LAST_QUESTION: Final = "\x1b[c"
"""What it is (DA1): all terminals answer, and in order; what has not been answered by then never is."""

KEY_S: Final = 0.05
"""So long may the beginning of an answer be held back that may also be a key, such as Escape."""
ANSWER_S: Final = 2.0
"""So long is one waited for that can be nothing but an answer; if its end never comes it is dropped."""

ANSWER = re.compile(
    "\x1b_G(?P<kitty>[^\x1b]*)\x1b\\\\"
    "|\x1bP>\\|(?P<version>[^\x1b]*)\x1b\\\\"
    "|\x1b\\[\\?(?P<attributes>[0-9;]*)c"
    "|\x1b\\[(?P<what>[46]);(?P<height>[0-9]+);(?P<width>[0-9]+)t"
)
BEGINNING = re.compile(
    "\x1b(?:_(?:G[^\x1b]{0,200}\x1b?)?|P(?:>(?:\\|[^\x1b]{0,200}\x1b?)?)?|\\[(?:\\?[0-9;]{0,80}|[46](?:;[0-9]{0,6}){0,2})?)?\\Z"
)
SURE: Final = ("\x1b_G", "\x1bP>", "\x1b[?")
"""No key begins so."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What a terminal has said so far."""

    kitty: bool = False
    """Whether it could show a picture by kitty's protocol."""
    version: str = ""
    """Its name and version, by its own account: `kitty(0.35.2)`, `tmux 3.3a`."""
    attributes: frozenset[int] = frozenset()
    """The numbers of DA1; 4 is sixel."""
    cell: CellSize | None = None
    area: tuple[int, int] | None = None
    """Width and height of the text area in pixels."""
    complete: bool = False
    """Whether the last question was answered, and so all others that ever will be."""

    def with_answer(self, found: re.Match[str]) -> "Answers":
        """These and one more."""
        if found["kitty"] is not None:
            return replace(self, kitty=found["kitty"].endswith(";OK"))
        if found["version"] is not None:
            return replace(self, version=found["version"])
        if found["attributes"] is not None:
            numbers = frozenset(int(number) for number in found["attributes"].split(";") if number)
            return replace(self, attributes=numbers, complete=True)
        width, height = int(found["width"]), int(found["height"])
        if not width or not height:
            return self
        return (
            replace(self, cell=CellSize(width, height)) if found["what"] == "6" else replace(self, area=(width, height))
        )

    def cell_size(self, columns: int, rows: int) -> CellSize | None:
        """The pixels of a cell in a terminal of so many; None where it did not say."""
        if self.cell is None and self.area is not None and columns and rows:
            return CellSize(max(1, self.area[0] // columns), max(1, self.area[1] // rows))
        return self.cell


class Answered(Message):
    """The terminal has answered all that it was asked."""

    def __init__(self, answers: Answers) -> None:
        super().__init__()
        self.answers = answers


@runtime_checkable
class Asks(Protocol):
    """A driver that can ask its terminal."""

    def ask(self) -> None:
        """Ask, without what was answered before; `Answered` follows."""


def can_be_asked(environ: Mapping[str, str]) -> bool:
    """Whether a terminal takes questions that it does not know for what they are; some show them."""
    return environ.get("TERM", "dumb") not in ("dumb", "linux") and environ.get("TERM_PROGRAM") != "Apple_Terminal"


def questions(*, in_tmux: bool) -> str:
    """What is to be written to be answered. Inside tmux the terminal around it is asked about kitty's pictures: tmux
    itself would take the question for the window's title."""
    return (passed_through(KITTY_QUERY) if in_tmux else KITTY_QUERY) + QUESTIONS + LAST_QUESTION


class Sieve:
    """Takes the answers out of what is read from the terminal."""

    def __init__(self) -> None:
        self.answers = Answers()
        self._held = ""
        self._held_since_s = 0.0
        self._awaited: set[str] = set()

    def expect(self, *, in_tmux: bool = False) -> None:
        """The terminal has been asked. Inside tmux the answer about kitty's pictures comes from farther away than the
        others: it may be the last, and is waited for beside them."""
        self._awaited = {"attributes", "kitty"} if in_tmux else {"attributes"}

    def expect_no_more(self) -> None:
        """What has not been answered by now never will be."""
        self._awaited.clear()

    @property
    def is_expecting(self) -> bool:
        """Whether an answer has still to come."""
        return bool(self._awaited)

    def keys(self, data: str, now_s: float) -> str:
        """What is left of `data`, read at `now_s`, when answers are taken out: keys, and whatever else there is.

        Called with "" when nothing came, it gives what was held back in vain."""
        if not data:
            return self._released(now_s)
        if not self._held and "\x1b" not in data:
            return data
        data = ANSWER.sub(self._take, self._held + data)
        beginning = BEGINNING.search(data) if self._awaited else None
        self._held = beginning[0] if beginning else ""
        self._held_since_s = now_s
        return data[: len(data) - len(self._held)]

    @property
    def is_holding(self) -> bool:
        """Whether something is held back."""
        return bool(self._held)

    def _take(self, found: re.Match[str]) -> str:
        self.answers = self.answers.with_answer(found)
        self._awaited -= {kind for kind, answer in found.groupdict().items() if answer is not None}
        return ""

    def _released(self, now_s: float) -> str:
        held, waited_s = self._held, now_s - self._held_since_s
        if not held or waited_s < (ANSWER_S if held.startswith(SURE) else KEY_S):
            return ""
        self._held = ""
        return "" if held.startswith(SURE) else held
