"""Answers of the terminal are taken out of what is typed: none is ever taken for keys, and no key is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_tui.graphics.answers import ANSWER_S, KEY_S, KITTY_QUERY, LAST_QUESTION, Answers, Sieve, questions
from catalog_tui.graphics.drawing import CellSize
from catalog_tui.graphics.tmux import passed_through

KITTY = "\x1b_Gi=31;OK\x1b\\"
NO_KITTY = "\x1b_Gi=31;ENOTSUPPORTED:no\x1b\\"
VERSION = "\x1bP>|kitty(0.35.2)\x1b\\"
ATTRIBUTES = "\x1b[?62;4;22c"
CELL = "\x1b[6;20;10t"
AREA = "\x1b[4;720;1200t"
ALL = KITTY + VERSION + CELL + AREA + ATTRIBUTES

KEYS = st.sampled_from(
    [
        "j",
        "é",
        " ",
        "\x1b[A",
        "\x1b[1;5C",
        "\x1bOP",
        "\x1b[106u",
        "\x1b[27;1:1u",
        "\x1b[<0;5;5M",
        "\x1b[?2026;2$y",
        "\x1b[I",
    ]
)


def asked() -> Sieve:
    sieve = Sieve()
    sieve.expect()
    return sieve


def test_all_answers_are_understood() -> None:
    sieve = asked()
    assert sieve.keys(ALL, 0.0) == ""
    answers = sieve.answers
    assert answers == Answers(True, "kitty(0.35.2)", frozenset({62, 4, 22}), CellSize(10, 20), (1200, 720), True)
    assert not sieve.is_expecting
    assert not sieve.is_holding


def test_a_refusal_is_no_yes() -> None:
    sieve = asked()
    sieve.keys(NO_KITTY, 0.0)
    assert not sieve.answers.kitty


@pytest.mark.parametrize("cut", range(1, len(ALL)))
def test_an_answer_in_two_pieces_is_no_key(cut: int) -> None:
    sieve = asked()
    assert sieve.keys(ALL[:cut], 0.0) + sieve.keys("", KEY_S / 2) + sieve.keys(ALL[cut:], KEY_S / 2) == ""
    assert sieve.answers.complete


@given(st.lists(st.one_of(KEYS, st.sampled_from([KITTY, VERSION, CELL, AREA])), max_size=12), st.data())
def test_keys_come_through_whole_and_in_order_however_they_are_cut(parts: list[str], data: st.DataObject) -> None:
    typed = "".join(part for part in parts if part not in (KITTY, VERSION, CELL, AREA))
    text = "".join(parts)
    sieve = asked()
    came = ""
    while text:
        length = data.draw(st.integers(1, len(text)))
        came += sieve.keys(text[:length], 0.0)
        text = text[length:]
    assert came + sieve.keys("", KEY_S) == typed


def test_escape_is_given_on_soon() -> None:
    sieve = asked()
    assert sieve.keys("\x1b", 1.0) == ""
    assert sieve.is_holding
    assert sieve.keys("", 1.0 + KEY_S / 2) == ""
    assert sieve.keys("", 1.0 + KEY_S) == "\x1b"
    assert not sieve.is_holding


def test_escape_is_not_held_back_when_no_answer_is_awaited() -> None:
    sieve = asked()
    sieve.keys(ATTRIBUTES, 0.0)
    assert sieve.keys("\x1b", 1.0) == "\x1b"
    assert Sieve().keys("\x1b", 0.0) == "\x1b"


def test_behind_tmux_the_last_answer_is_waited_for_and_is_no_key_in_pieces() -> None:
    sieve = Sieve()
    sieve.expect(in_tmux=True)
    assert sieve.keys(VERSION + ATTRIBUTES + KITTY[:4], 0.0) == ""
    assert sieve.answers.complete
    assert sieve.is_expecting
    assert sieve.keys(KITTY[4:], KEY_S) == ""
    assert sieve.answers.kitty
    assert not sieve.is_expecting


def test_what_is_waited_for_no_more_holds_no_key_back() -> None:
    sieve = Sieve()
    sieve.expect(in_tmux=True)
    sieve.keys(ATTRIBUTES, 0.0)
    assert sieve.keys("\x1b", 0.0) == ""
    assert sieve.keys("", KEY_S) == "\x1b"
    sieve.expect_no_more()
    assert sieve.keys("\x1b", 1.0) == "\x1b"


def test_the_end_of_an_answer_that_never_comes_does_not_make_its_beginning_keys() -> None:
    sieve = asked()
    assert sieve.keys("\x1b_Gi=31;O", 0.0) == ""
    assert sieve.keys("", KEY_S) == ""
    assert sieve.is_holding
    assert sieve.keys("", ANSWER_S) == ""
    assert not sieve.is_holding
    assert sieve.keys("j", ANSWER_S) == "j"


def test_the_question_that_all_answer_comes_last_and_tmux_is_asked_to_pass_one_on() -> None:
    for in_tmux in (False, True):
        text = questions(in_tmux=in_tmux)
        assert text.endswith(LAST_QUESTION)
        # Unwrapped, tmux takes the question for a title.
        assert text.startswith(passed_through(KITTY_QUERY) if in_tmux else KITTY_QUERY)


def test_the_size_of_a_cell_follows_from_that_of_the_area() -> None:
    assert Answers(area=(1200, 720)).cell_size(120, 36) == CellSize(10, 20)
    assert Answers(cell=CellSize(9, 18), area=(1, 1)).cell_size(120, 36) == CellSize(9, 18)
    assert Answers().cell_size(120, 36) is None


def test_zeros_are_no_size() -> None:
    sieve = asked()
    sieve.keys("\x1b[6;0;0t\x1b[4;0;0t", 0.0)
    assert sieve.answers.cell_size(80, 24) is None
