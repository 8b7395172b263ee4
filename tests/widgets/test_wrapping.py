"""Breaking a text into lines by terminal cells."""

from hypothesis import given
from hypothesis import strategies as st

from catalog_tui.core.names import cell_width, display
from catalog_tui.widgets.wrapping import wrapped

TEXTS = st.text(alphabet=st.sampled_from("ab /é写👍\u0301…-"), max_size=80).map(display)


def test_a_text_breaks_at_spaces() -> None:
    assert wrapped("one two three", 7) == ["one two", "three"]


def test_a_path_breaks_after_slashes() -> None:
    assert wrapped("/archive/site/model/x.jpg", 14) == ["/archive/site/", "model/x.jpg"]


def test_what_is_longer_than_a_line_is_broken_within() -> None:
    assert wrapped("abcdefgh", 3) == ["abc", "def", "gh"]


def test_wide_characters_are_not_cut_in_half() -> None:
    assert wrapped("写写写", 5) == ["写写", "写"]


def test_an_empty_text_is_one_empty_line() -> None:
    assert wrapped("", 10) == [""]


@given(TEXTS, st.integers(2, 30))
def test_no_line_is_wider_than_asked_and_nothing_but_spaces_is_lost(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert all(cell_width(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(TEXTS)
def test_a_line_of_one_cell_still_ends(text: str) -> None:
    assert "".join(wrapped(text, 1)).replace(" ", "") == text.replace(" ", "")
