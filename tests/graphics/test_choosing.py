"""The best way of drawing that a terminal really has, with a reason; where it is not sure, the one that never fails."""

import pytest

from catalog_tui.graphics.answers import Answers
from catalog_tui.graphics.choosing import choose, knows_placeholders
from catalog_tui.graphics.equipping import make_encoder

SIXEL = frozenset({62, 4})
PLAIN = frozenset({62, 22})


def answers(*, kitty: bool = False, version: str = "", attributes: frozenset[int] = PLAIN) -> Answers:
    return Answers(kitty=kitty, version=version, attributes=attributes, complete=True)


@pytest.mark.parametrize(
    ("environ", "answered", "outer", "protocol"),
    [
        ({}, answers(kitty=True, version="kitty(0.35.2)"), "", "kitty"),
        ({}, answers(kitty=True, version="ghostty 1.1.3"), "", "kitty"),
        ({"TERM": "xterm-kitty"}, answers(kitty=True), "", "kitty"),
        ({}, answers(kitty=True, version="kitty(0.26.5)"), "", "blocks"),
        ({}, answers(version="kitty(0.35.2)"), "", "blocks"),
        ({}, answers(kitty=True, version="WezTerm 20240203"), "", "iterm"),
        ({}, answers(kitty=True, version="Konsole 23.08", attributes=SIXEL), "", "sixel"),
        ({}, answers(version="iTerm2 3.5.0", attributes=SIXEL), "", "iterm"),
        ({"LC_TERMINAL": "iTerm2"}, answers(), "", "iterm"),
        ({"TERM_PROGRAM": "vscode"}, answers(), "", "blocks"),
        ({"TERM_PROGRAM": "vscode"}, answers(attributes=SIXEL), "", "sixel"),
        ({}, answers(version="foot(1.16.2)", attributes=SIXEL), "", "sixel"),
        ({}, answers(version="XTerm(390)"), "", "blocks"),
        ({}, Answers(), "", "blocks"),
        ({"TMUX": "x"}, answers(kitty=True, version="tmux 3.3a"), "kitty(0.35.2)", "kitty"),
        ({"TMUX": "x"}, answers(kitty=True, version="tmux 3.3a"), "WezTerm 2024", "blocks"),
        ({"TMUX": "x"}, answers(kitty=True, version="tmux 3.3a"), "", "blocks"),
        ({"TMUX": "x"}, answers(version="tmux 3.3a"), "kitty(0.35.2)", "blocks"),
        ({"TMUX": "x"}, answers(version="tmux 3.4", attributes=SIXEL), "", "sixel"),
        ({"TERM": "tmux-256color", "LC_TERMINAL": "iTerm2"}, answers(version="tmux 3.3a"), "", "blocks"),
        ({"STY": "x"}, answers(kitty=True, version="kitty(0.35.2)"), "", "blocks"),
    ],
)
def test_what_is_chosen_for_whom(environ: dict[str, str], answered: Answers, outer: str, protocol: str) -> None:
    choice = choose(environ, answered, outer=outer)
    assert choice.protocol == protocol
    assert choice.reason
    assert make_encoder(protocol, environ).name == protocol


@pytest.mark.parametrize(
    ("name", "so"),
    [
        ("kitty(0.28.0)", True),
        ("kitty(0.27.1)", False),
        ("kitty(1.0)", True),
        ("xterm-kitty", True),
        ("kittyish 9", False),
        ("", False),
    ],
)
def test_which_terminals_know_placeholders(name: str, so: bool) -> None:
    assert knows_placeholders(name) == so
