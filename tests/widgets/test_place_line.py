"""The line that says where one is: what gives way where there is little room."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.app import App, ComposeResult

from catalog_tui.core.names import cell_width, display
from catalog_tui.widgets.place_line import PlaceLine

STEPS = ("/home/ana/Archive-Downloader", "artgrid", "Ana Vale", "img 写真.jpg")


class LineApp(App[None]):
    """A place line and nothing else."""

    def compose(self) -> ComposeResult:
        yield PlaceLine()


async def shown(width: int, steps: tuple[str, ...], note: str = "") -> str:
    """The line in a terminal of `width` columns, without the cell of padding at both ends."""
    async with LineApp().run_test(size=(width + 2, 3)) as pilot:
        line = pilot.app.query_one(PlaceLine)
        line.show(steps)
        line.show_note(note)
        strip = line.render_line(0)
        assert strip.cell_length == cell_width(strip.text) == width
        return strip.text


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (70, "/home/ana/Archive-Downloader › artgrid › Ana Vale › img 写真.jpg"),
        (40, "artgrid › Ana Vale › img 写真.jpg"),
        (25, "Ana Vale › img 写真.jpg"),
        (15, "img 写真.jpg"),
        (6, "img …"),
    ],
)
async def test_the_first_steps_give_way(width: int, line: str) -> None:
    assert (await shown(width, STEPS)).rstrip() == line


async def test_a_note_stands_at_the_right_end_as_long_as_the_last_step_has_room() -> None:
    note = "60 groups, 40.62 MB to gain, 3 days ago"
    assert (await shown(78, ("/archive", "Duplicates"), note)).endswith(f"  {note}")
    assert (await shown(52, ("/a/very/long/path/to/the/archive", "Duplicates"), note)) == f"Duplicates   {note}"
    assert (await shown(40, ("/archive", "Duplicates"), note)).rstrip() == "/archive › Duplicates"


@given(
    st.integers(1, 90),
    st.lists(st.text(max_size=30).map(display), max_size=4),
    st.text(st.characters(max_codepoint=0x7E, min_codepoint=0x20), max_size=60),
)
@settings(max_examples=25)
def test_the_line_always_fills_its_width(width: int, steps: list[str], note: str) -> None:
    asyncio.run(shown(width, tuple(steps), note))
