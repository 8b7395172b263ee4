"""Lines of pictures are, cut and filtered and joined as one likes, what strips of segments would be."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import MONOKAI
from textual.color import Color
from textual.filter import ANSIToTruecolor, Monochrome
from textual.strip import Strip

from catalog_tui.graphics.strips import BlockStrip, JoinedStrip
from tests.graphics.decoding import CONSOLE, on_screen

BACKGROUND = Color(0, 0, 0)
WORDS = Strip([Segment("ab", Style(bold=True)), Segment("世界", Style(color="red"))], 6)


def rows(length: int) -> st.SearchStrategy[bytes]:
    """So many pixels, of few colours, so that some are alike."""
    pixel = st.sampled_from([b"\0\0\0", b"\xff\0\x7f", b"\x01\x02\x03"])
    return st.lists(pixel, min_size=length, max_size=length).map(b"".join)


blocks = st.integers(1, 12).flatmap(lambda length: st.builds(BlockStrip, rows(length), rows(length)))
joined = st.lists(st.one_of(blocks, st.just(WORDS)), min_size=1, max_size=4).map(JoinedStrip)
lazy = st.one_of(blocks, joined, st.lists(joined, min_size=1, max_size=2).map(JoinedStrip))


def usual(line: Strip) -> Strip:
    """The same line as Textual would have it."""
    return Strip(list(line), line.cell_length)


def seen(line: Strip) -> list[tuple[object, ...]]:
    """What a terminal shows of a line, cell by cell; where the background is all there is, in that alone."""
    buffer = on_screen([line], line.cell_length).buffer[0]
    cells = [buffer[x] for x in range(line.cell_length)]
    return [
        (cell.data, cell.bg, "" if cell.data == " " else cell.fg, cell.bold)
        for cell in map(cells.__getitem__, range(line.cell_length))
    ]


@given(lazy)
def test_the_terminal_is_written_what_the_segments_say(line: Strip) -> None:
    assert seen(line) == seen(usual(line))
    assert line.cell_length == sum(segment.cell_length for segment in line)


@given(lazy, st.data())
def test_cut_anywhere_the_parts_are_those_of_the_segments(line: Strip, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, line.cell_length - 1))
    end = data.draw(st.integers(start + 1, line.cell_length))
    assert seen(line.crop(start, end)) == seen(usual(line).crop(start, end))
    cuts = sorted({start, end, line.cell_length} - {0})
    assert [seen(part) for part in line.divide(cuts)] == [seen(part) for part in usual(line).divide(cuts)]


@given(lazy)
def test_filters_change_what_they_would_of_segments(line: Strip) -> None:
    for line_filter in (Monochrome(), ANSIToTruecolor(MONOKAI)):
        assert seen(line.apply_filter(line_filter, BACKGROUND)) == seen(
            usual(line).apply_filter(line_filter, BACKGROUND)
        )


def test_where_there_are_fewer_colours_the_nearest_are_written() -> None:
    line = BlockStrip(b"\xff\0\0" * 3, b"\0\0\xff" * 3)
    written = line.render(Console(color_system="256", force_terminal=True))
    assert "38;2;" not in written
    assert "38;5;196;48;5;21m▀▀▀" in written


@pytest.mark.parametrize(("start", "end"), [(0, 40), (3, 30), (20, 40)])
def test_what_is_only_written_is_never_made_into_segments(start: int, end: int) -> None:
    line = JoinedStrip([BlockStrip(os.urandom(60), os.urandom(60)), BlockStrip(os.urandom(60), os.urandom(60))])
    assert line.crop(start, end).apply_filter(ANSIToTruecolor(MONOKAI), BACKGROUND).render(CONSOLE)
    assert line._made is None
