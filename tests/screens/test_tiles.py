"""Tiles: pictures side by side, with the cursor, the marks, the order and the filter of the list that they are."""

import threading
from collections.abc import AsyncIterator, Hashable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.geometry import Region
from textual.strip import Strip

from catalog_tui.config import Settings
from catalog_tui.core.child_reader import ChildReader
from catalog_tui.core.thumbnails import Priority
from catalog_tui.graphics.studio import Studio
from catalog_tui.graphics.wishes import RESERVED, Wanted
from catalog_tui.widgets.shape import Shape
from catalog_tui.widgets.tile_list import TileList
from catalog_tui.widgets.tile_painter import PICTURE_ROWS
from tests.screens.driving import WIDE, Driver, browsing
from tests.screens.showing import StagedSource, colour_of
from tests.screens.test_preview import many_pictures
from tests.trees import make_archive, make_flat_model

LONG = 100_000


@asynccontextmanager
async def tiling(
    root: Path, source: StagedSource, *, size: tuple[int, int] = WIDE, reader: ChildReader | None = None
) -> AsyncIterator[tuple[Driver, TileList]]:
    """At the tiles of the first model, once they have the whole width of the window."""
    settings = Settings(show_details=False)  # the preview asks for nothing of its own
    async with browsing(
        root, size=size, preview="blocks", open_pictures=source.open, reader=reader, settings=settings
    ) as user:
        await user.walk("tab", "tab", "t")
        await user.until(lambda: user.browser.media.outer_size.width == size[0])
        yield user, user.browser.media.tiles


def seen_at(tiles: TileList, row: int) -> tuple[int, ...] | None:
    """The colour in the middle of a tile; None where there is no picture or it is out of sight."""
    width = tiles.scrollable_size.width // tiles.shape.columns
    y = tiles.shape.top_of(row) - tiles.scroll_offset.y + PICTURE_ROWS // 2
    if not 0 <= y < tiles.size.height:
        return None
    x = row % tiles.shape.columns * width + width // 2 - 1
    (segment,) = tiles.render_lines(Region(0, y, tiles.scrollable_size.width, 1))[0].crop(x, x + 1)
    colour = segment.style.bgcolor if segment.style is not None else None
    return None if colour is None or segment.text not in " ▀" else tuple(colour.get_truecolor())


def is_blank(tiles: TileList, row: int) -> bool:
    """Whether no picture stands there yet."""
    return tiles._tile(row).drawing is None


def lines_on(tiles: TileList) -> list[str]:
    """What is seen of it as text."""
    return [line.text for line in tiles.render_lines(tiles.scrollable_size.region)]


def shows(user: Driver, tiles: TileList, row: int) -> bool:
    """Whether the tile shows the picture of its file."""
    source = tiles.source
    assert source is not None
    return seen_at(tiles, row) == colour_of(user.browser.media.path_of(source.name(tiles.order[row])))


def row_in_view(tiles: TileList) -> bool:
    top = tiles.shape.top_of(tiles.cursor) - tiles.scroll_offset.y
    return 0 <= top <= tiles.size.height - tiles.shape.height


async def test_t_shows_every_picture_in_view_and_again_the_lines(tmp_path: Path) -> None:
    async with tiling(many_pictures(tmp_path / "a", 30), StagedSource()) as (user, tiles):
        assert tiles.shape.columns > 3
        await user.until(lambda: all(shows(user, tiles, row) for row in range(len(tiles.in_view))))
        assert not user.browser.models.display
        await user.press("right", "t")
        assert user.browser.models.display
        assert tiles.cursor == 1
        assert lines_on(tiles)[1].split()[0] == "p001.jpg"


async def test_from_the_first_frame_on_tiles_stand_where_they_will(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted: list[tuple[int, int]] = []
    render_lines = TileList.render_lines

    def record(tiles: TileList, crop: Region) -> list[Strip]:
        if tiles.shows_tiles:
            painted.append((tiles.scrollable_size.width, tiles.shape.columns))
        return render_lines(tiles, crop)

    monkeypatch.setattr(TileList, "render_lines", record)
    async with tiling(many_pictures(tmp_path / "a", 90), StagedSource(), size=(160, 40)) as (user, tiles):
        await user.until(lambda: shows(user, tiles, 0))
        assert set(painted) == {(tiles.scrollable_size.width, tiles.shape.columns)}


async def test_keys_move_among_tiles_and_lead_back_from_the_first_of_a_line(tmp_path: Path) -> None:
    async with tiling(many_pictures(tmp_path / "a", 30), StagedSource()) as (user, tiles):
        columns = tiles.shape.columns
        for key, row in [
            ("down", columns), ("l", columns + 1), ("up", 1), ("up", 1), ("h", 0), ("j", columns), ("end", 29),
            ("right", 29), ("down", 29), ("home", 0),
        ]:  # fmt: skip
            await user.press(key)
            assert tiles.cursor == row, key
            assert row_in_view(tiles)
        await user.press("left")
        assert user.focused == "models"
        assert user.browser.models.display


async def test_from_above_a_shorter_last_line_down_leads_to_its_last(tmp_path: Path) -> None:
    async with tiling(many_pictures(tmp_path / "a", 31), StagedSource()) as (user, tiles):
        columns = tiles.shape.columns
        last_line = 30 // columns
        tiles.move_to(last_line * columns - 1)
        await user.press("j")
        assert tiles.cursor == 30


async def test_marks_filter_and_order_are_those_of_the_list(tmp_path: Path) -> None:
    async with tiling(many_pictures(tmp_path / "a", 40), StagedSource()) as (user, tiles):
        await user.press("space", "space", "v", "j", "v")
        columns = tiles.shape.columns
        assert tiles.marks.count == 2 + columns + 1
        await user.press(*"/p03", "enter")
        await user.settle()
        await user.until(lambda: all(shows(user, tiles, row) for row in range(10)))
        assert tiles.rows == 10
        await user.press("S")
        await user.until(lambda: shows(user, tiles, 0) and user.names(user.browser.media)[0] == "p039.jpg")
        await user.press("escape")
        assert tiles.rows == 40
        await user.press("end")
        assert "●" in "".join(lines_on(tiles))


async def test_of_a_long_model_only_what_is_in_view_is_asked_for_in_view_first(tmp_path: Path) -> None:
    make_flat_model(tmp_path / "a", LONG)
    source = StagedSource(held=True)
    with ChildReader() as reader:
        async with tiling(tmp_path / "a", source, reader=reader) as (user, tiles):
            await user.until(lambda: tiles.rows == LONG)
            await user.press("end")
            await user.until(lambda: tiles.cursor == LONG - 1 and not user.browser.media.tiles.arranging)
            in_view = {user.browser.media.path_of(tiles.source.name(index)) for index in tiles.in_view if tiles.source}
            source.let_go()
            await user.until(lambda: shows(user, tiles, LONG - 1))
            await user.settle()
            small = [path for path, size, _frame, _priority in source.asked if size == 320]
            assert set(small[-len(in_view) :]) <= in_view
            assert len(small) < 6 * len(in_view)
            assert threading.main_thread() not in source.threads


async def test_a_held_key_over_500_tiles_shows_no_picture_where_another_belongs(tmp_path: Path) -> None:
    source = StagedSource()
    async with tiling(many_pictures(tmp_path / "a"), source) as (user, tiles):
        for number in range(499):
            await user.press("l")
            if number % 20 == 0:
                top = tiles.shape.rows_within(tiles.scroll_offset.y, tiles.scroll_offset.y + tiles.size.height)
                for row in range(tiles.rows)[top]:
                    assert seen_at(tiles, row) is None or is_blank(tiles, row) or shows(user, tiles, row), row
        assert tiles.cursor == 499
        await user.until(lambda: shows(user, tiles, 499) and shows(user, tiles, 490))
        assert threading.main_thread() not in source.threads


async def test_what_comes_next_is_fetched_after_what_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog_tui.graphics.studio.THREADS", 1 + RESERVED)  # one after the other, none overtakes
    source = StagedSource(held=True)
    async with tiling(many_pictures(tmp_path / "a", 200), source) as (user, tiles):
        seen = {user.browser.media.path_of(f"p{row:03}.jpg") for row in range(len(tiles.in_view))}
        source.let_go()
        await user.until(lambda: len(set(source.finished)) > len(seen))
        assert set(source.finished[: len(seen)]) <= seen
        asked = dict.fromkeys(path for path, _size, _frame, _priority in source.asked)
        assert set(list(asked)[: len(seen)]) == seen
        assert {priority for path, _size, _frame, priority in source.asked if path not in seen} == {Priority.SOON}


async def test_pictures_that_stand_ready_are_not_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[Wanted]] = []
    ask = Studio.ask

    def record(studio: Studio, who: Hashable, wanted: Sequence[Wanted], *rest: Any, **named: Any) -> None:
        asked.append(list(wanted))
        ask(studio, who, wanted, *rest, **named)

    monkeypatch.setattr(Studio, "ask", record)
    async with tiling(many_pictures(tmp_path / "a", 9), StagedSource()) as (user, tiles):
        await user.until(lambda: all(shows(user, tiles, row) for row in range(9)))
        assert sum(map(len, asked)) >= 9
        asked.clear()
        await user.press("space")
        await user.until(lambda: bool(asked))
        assert not any(asked)


async def test_what_failed_is_tried_again_when_it_comes_back_into_view(tmp_path: Path) -> None:
    source = StagedSource(refuses=("p000.jpg",))
    async with tiling(many_pictures(tmp_path / "a", 200), source) as (user, tiles):
        await user.until(lambda: "cannot be shown" in "".join(lines_on(tiles)))
        await user.press("end")
        await user.until(lambda: shows(user, tiles, 199))
        source.hold()
        await user.press("home")
        assert tiles.scroll_offset.y == 0
        assert "cannot be shown" not in "".join(lines_on(tiles))
        source.let_go()
        await user.until(lambda: "cannot be shown" in "".join(lines_on(tiles)))


async def test_what_has_no_picture_says_so(tmp_path: Path) -> None:
    root = make_archive(tmp_path / "a", {"site/model/a.jpg": 1, "site/model/b.pdf": 1, "site/model/c.jpg": 1})
    async with tiling(root, StagedSource(refuses=("a.jpg",))) as (user, tiles):
        await user.until(lambda: "cannot be shown" in "".join(lines_on(tiles)))
        assert "PDF" in "".join(lines_on(tiles))
        await user.until(lambda: shows(user, tiles, 2))


async def test_hidden_pictures_leave_their_names(tmp_path: Path) -> None:
    async with tiling(many_pictures(tmp_path / "a", 9), StagedSource()) as (user, tiles):
        await user.until(lambda: shows(user, tiles, 1))
        await user.press("B")
        assert seen_at(tiles, 1) != colour_of(user.browser.media.path_of("p001.jpg"))
        assert "p001.jpg" in "".join(lines_on(tiles))
        await user.press("B")
        await user.until(lambda: shows(user, tiles, 1))


@pytest.mark.parametrize("size", [(80, 24), (60, 12), (200, 60), (30, 8)])
async def test_windows_of_any_size_show_whole_tiles(tmp_path: Path, size: tuple[int, int]) -> None:
    async with tiling(many_pictures(tmp_path / "a", 50), StagedSource(), size=size) as (user, tiles):
        await user.press("end")
        assert tiles.cursor == 49
        assert all(
            line.cell_length == tiles.scrollable_size.width for line in map(tiles.render_line, range(tiles.size.height))
        )
        await user.pilot.resize_terminal(100, 40)
        await user.until(lambda: user.app.size.width == 100)
        await user.press("k", "j")
        assert row_in_view(tiles)


async def test_a_click_puts_the_cursor_on_the_tile(tmp_path: Path) -> None:
    async with tiling(many_pictures(tmp_path / "a", 30), StagedSource()) as (user, tiles):
        width = tiles.scrollable_size.width // tiles.shape.columns
        await user.pilot.click(tiles, offset=(2 * width + 3, tiles.shape.height + 2))
        assert tiles.cursor == tiles.shape.columns + 2


@given(st.integers(1, 9), st.integers(1, 12), st.integers(0, 300), st.integers(0, 300))
def test_every_row_stands_in_the_lines_it_is_said_to(columns: int, height: int, rows: int, row: int) -> None:
    shape = Shape(columns, height)
    assert shape.lines(rows) >= rows / columns * height
    top = shape.top_of(row)
    assert row in range(row + 1)[shape.rows_within(top, top + 1)]
    assert row not in range(row + 1)[shape.rows_within(top + height, top + height + 1)]
    width = columns * 18
    assert shape.row_at(row % columns * 18 + 1, top, width) == row
