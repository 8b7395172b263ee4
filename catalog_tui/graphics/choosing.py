"""Which way of drawing a terminal is given, and why."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from catalog_tui.core.words import _

from . import tmux
from .answers import Answers

PROTOCOLS: Final = ("kitty", "iterm", "sixel", "blocks")
SIXEL: Final = 4
FIRST_KITTY: Final = (0, 28)
"""The first version of kitty that knows placeholders."""
WITH_PLACEHOLDERS: Final = ("kitty", "ghostty")
WITH_ITERM: Final = ("iterm2", "wezterm", "mintty", "rio")
"""Terminals whose answers begin so draw iTerm2's pictures, and well."""


class Choice(NamedTuple):
    """A protocol, and the reason for it in words."""

    protocol: str
    reason: str


def choose(environ: Mapping[str, str], answers: Answers, *, outer: str = "") -> Choice:
    """The best way of drawing that the terminal really has. `outer` is what tmux knows of the terminal around it."""
    if "STY" in environ:
        return Choice("blocks", _("screen lets no pictures through"))
    if tmux.is_inside(environ):
        return _inside_tmux(answers, outer)
    name = answers.version or _from_environment(environ)
    if answers.kitty and knows_placeholders(name):
        return Choice("kitty", _("{terminal} answers that it draws kitty's pictures").format(terminal=name))
    if name.lower().startswith(WITH_ITERM):
        return Choice("iterm", _("{terminal} draws iTerm2's pictures").format(terminal=name))
    if SIXEL in answers.attributes:
        return Choice("sixel", _("the terminal answers that it draws sixel"))
    if not answers.complete:
        return Choice("blocks", _("the terminal has not answered"))
    return Choice("blocks", _("the terminal answers that it knows no better"))


def _inside_tmux(answers: Answers, outer: str) -> Choice:
    if answers.kitty and knows_placeholders(outer):
        return Choice(
            "kitty", _("{terminal} answers through tmux that it draws kitty's pictures").format(terminal=outer)
        )
    if SIXEL in answers.attributes:
        return Choice("sixel", _("tmux answers that it draws sixel"))
    if answers.kitty:
        return Choice("blocks", _("a terminal answers through tmux, but tmux does not say which"))
    return Choice("blocks", _("no terminal answers through tmux"))


def knows_placeholders(name: str) -> bool:
    """Whether a terminal that calls itself so shows kitty's pictures where placeholders stand.

    Answering kitty's query is not enough: WezTerm and Konsole do, and would show the placeholders as letters."""
    found = re.match(r"([a-z]+)\W*([0-9]+)?\.?([0-9]+)?", name.lower().removeprefix("xterm-"))
    if found is None or found[1] not in WITH_PLACEHOLDERS:
        return False
    return found[1] != "kitty" or found[2] is None or (int(found[2]), int(found[3] or 0)) >= FIRST_KITTY


def _from_environment(environ: Mapping[str, str]) -> str:
    """The terminal's name, where it gave none when asked."""
    if environ.get("TERM", "") in ("xterm-kitty", "xterm-ghostty"):
        return environ["TERM"]
    if environ.get("LC_TERMINAL") == "iTerm2":
        return "iTerm2"
    return {"iTerm.app": "iTerm2", "WezTerm": "WezTerm", "mintty": "mintty"}.get(environ.get("TERM_PROGRAM", ""), "")
