"""A record list that can also show its records as tiles: pictures side by side, the same cursor, marks and order."""

from collections.abc import Callable
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual import on
from textual.cache import LRUCache
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer

from catalog_tui.commands import LIST_COMMANDS, TILE_COMMANDS, bindings
from catalog_tui.core.kinds import suffix_of
from catalog_tui.core.names import cell_width, display, fit
from catalog_tui.core.words import _
from catalog_tui.graphics.drawing import Cells, Drawing
from catalog_tui.graphics.studio import Studio
from catalog_tui.graphics.wishes import Failed, Result

from .record_list import RecordList
from .records import Sort
from .row_painter import MARK, SIGNS
from .shape import LINES, Shape
from .subject import ShowsPictures, Subject

TILE_WIDTH = 18
"""The least; tiles share the whole width."""
PICTURE_ROWS = 7
GAP = 2
"""Cells between pictures."""
TOGETHER_S = 0.1
"""Pictures that come within this time are drawn together, and all of them as soon as none is missing."""
REMEMBERED_LINES = 64
"""Lines of tiles that stand drawn; a screen has a few."""


class Tile(NamedTuple):
    """One tile as it is to be seen; of two alike the second is not drawn again."""

    record: int
    at_cursor: bool
    marked: bool
    drawing: Drawing | None
    failed: bool


class TileList(RecordList, ShowsPictures):
    """Shows lines until it is told to show tiles."""

    USER_COMMANDS = (*LIST_COMMANDS, *TILE_COMMANDS)
    BINDINGS = bindings(*TILE_COMMANDS)

    class Delivered(Message):
        """The studio has something for this list."""

        def __init__(self, result: Result) -> None:
            super().__init__()
            self.result = result

    def __init__(self, studio: Studio | None, subject: Callable[[int], Subject | None], *, sort: Sort, id: str) -> None:
        """`subject` gives the picture of a row, where it has one."""
        super().__init__(sort=sort, id=id)
        self._studio = studio
        self._subject = subject
        self._rows_by_path: dict[str, int] = {}
        """Of the tiles that pictures were asked for."""
        self._failed: set[str] = set()
        self._awaited: set[str] = set()
        """Of the tiles in view, those whose pictures are still to come."""
        self._arrived: set[int] = set()
        """Rows whose pictures came and are not drawn yet."""
        self._drawing_soon: Timer | None = None
        self._looked_up: dict[int, list[Strip]] = {}
        """By line of tiles, what is drawn of it in one go."""
        self._drawn: LRUCache[tuple[Tile, ...], list[Strip]] = LRUCache(REMEMBERED_LINES)

    @property
    def shows_tiles(self) -> bool:
        """Whether pictures stand here and not lines."""
        return self.shape is not LINES

    def show_tiles(self, tiles: bool) -> None:
        """Show pictures, or lines, with the cursor in sight."""
        self.shape = self._tile_shape() if tiles else LINES
        self.measure()
        self._scroll_to_row(self.cursor)
        self.refresh()
        self.post_message(self.ViewMoved(self))

    def _tile_shape(self) -> Shape:
        return Shape(max(1, self.scrollable_size.width // TILE_WIDTH), PICTURE_ROWS + 2)

    def measure(self) -> None:
        """As many tiles as fit stand side by side."""
        if self.shows_tiles:
            self.shape = self._tile_shape()
        self._drawn.clear()
        super().measure()

    # Pictures

    @on(RecordList.ViewMoved)
    @on(RecordList.Changed)
    def want(self) -> None:
        """Ask for what is in view, from the top on, and after that for the next screen full."""
        studio = self._studio
        if studio is None:
            return
        if not self.shows_tiles or studio.is_hiding or not self.size.area:
            studio.forget(self)
            self.refresh()
            return
        top, height = self.scroll_offset.y, self.size.height
        seen = range(self.rows)[self.shape.rows_within(top, top + height)]
        later = range(self.rows)[self.shape.rows_within(top + height, top + 2 * height)]
        room = self._room()
        subjects = {row: subject for row in seen if (subject := self._subject(row)) is not None}
        self._rows_by_path = {subject.path: row for row, subject in subjects.items()}
        self._failed &= self._rows_by_path.keys()
        wanted = [tile for subject in subjects.values() if studio.ready(tile := subject.tile(room)) is None]
        self._awaited = {tile.path for tile in wanted}
        ahead = [subject.tile(room) for row in later if (subject := self._subject(row)) is not None]
        studio.ask(self, wanted, self._deliver, ahead=ahead, is_urgent=False)
        self.refresh()

    def _deliver(self, result: Result) -> None:
        self.post_message(self.Delivered(result))

    @on(Delivered)
    def take_delivery(self, message: Delivered) -> None:
        """Draw the tile whose picture came, with others that come soon: a line of tiles costs as much as one."""
        message.stop()
        path = message.result.wanted.path
        if isinstance(message.result, Failed):
            self._failed.add(path)
        self._awaited.discard(path)
        row = self._rows_by_path.get(path)
        if row is not None:
            self._arrived.add(row)
        if not self._awaited:
            self._draw_arrived()
        elif self._drawing_soon is None:
            self._drawing_soon = self.set_timer(TOGETHER_S, self._draw_arrived)

    def _draw_arrived(self) -> None:
        if self._drawing_soon is not None:
            self._drawing_soon.stop()
            self._drawing_soon = None
        for row in {row // self.shape.columns * self.shape.columns for row in self._arrived}:
            self.refresh_row(row)
        self._arrived.clear()

    def _room(self) -> Cells:
        return Cells(max(1, self.scrollable_size.width // self.shape.columns - GAP), PICTURE_ROWS)

    def is_drawn(self, row: int) -> bool:
        """Whether a tile is as it will be: with its picture, or without one for good."""
        tile, subject = self._tile(row), self._subject(row)
        return subject is None or tile.drawing is not None or tile.failed

    # Drawing

    def notify_style_update(self) -> None:
        """See RecordList."""
        super().notify_style_update()
        self._drawn.clear()

    def render_lines(self, crop: Region) -> list[Strip]:
        """See RecordList; how the tiles are now is looked up once for all their lines."""
        self._looked_up.clear()
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """A line of the view; those of tiles once drawn come from a cache."""
        if not self.shows_tiles or not self.rows or self.source is None:
            return super().render_line(y)
        across, line = divmod(y + self.scroll_offset.y, self.shape.height)
        lines = self._looked_up.get(across)
        if lines is None:
            lines = self._looked_up[across] = self._lines_of(across)
        return lines[line]

    def _lines_of(self, across: int) -> list[Strip]:
        first = across * self.shape.columns
        tiles = tuple(map(self._tile, range(first, min(first + self.shape.columns, self.rows))))
        lines = self._drawn.get(tiles)
        if lines is None:
            lines = self._drawn[tiles] = self._draw(tiles)
        return lines

    def _tile(self, row: int) -> Tile:
        index = self.order[row]
        subject = self._subject(row)
        shown = None
        if subject is not None and self._studio is not None and not self._studio.is_hiding:
            shown = self._studio.ready(subject.tile(self._room()))
        failed = subject is not None and subject.path in self._failed
        marked = self.marks.holds(index, row, self.cursor)
        return Tile(index, row == self.cursor, marked, None if shown is None else shown.drawing, failed)

    def _draw(self, tiles: tuple[Tile, ...]) -> list[Strip]:
        columns = [self._draw_tile(tile) for tile in tiles]
        width, base = self.scrollable_size.width, self.rich_style
        if not columns:
            return [Strip.blank(width, base)] * self.shape.height
        return [Strip.join(parts).adjust_cell_length(width, base) for parts in zip(*columns, strict=True)]

    def _draw_tile(self, tile: Tile) -> list[Strip]:
        """The lines of one tile: a picture amid blank cells, its name below, a blank line."""
        room, base = self._room(), self.rich_style
        width = room.columns + GAP
        mat = self._part("cursor") if tile.at_cursor else base
        blank = Strip([Segment(" " * room.columns, mat), Segment(" " * GAP, base)], width)
        if tile.drawing is None:
            lines = [blank] * PICTURE_ROWS
            lines[PICTURE_ROWS // 2] = self._words(tile, mat)
        else:
            lines = self._framed(tile.drawing, blank, mat)
        return [*lines, self._label(tile), Strip.blank(width, base)]

    def _framed(self, drawing: Drawing, blank: Strip, mat: Style) -> list[Strip]:
        room = self._room()
        left, top = (room.columns - drawing.cells.columns) // 2, (room.rows - drawing.cells.rows) // 2
        before = Strip.blank(left, mat)
        after = Strip(
            [Segment(" " * (room.columns - left - drawing.cells.columns), mat), Segment(" " * GAP, self.rich_style)]
        )
        lines = [Strip.join([before, line, after]) for line in drawing.lines]
        return [*[blank] * top, *lines, *[blank] * (room.rows - top - len(lines))]

    def _words(self, tile: Tile, mat: Style) -> Strip:
        """What stands where there is no picture: that it cannot be shown, or what kind of file it is."""
        source, room = self.source, self._room()
        words = ""
        if tile.failed:
            words = _("cannot be shown")
        elif source is not None and source.tone(tile.record) == "other":
            words = display(suffix_of(source.name(tile.record)).removeprefix(".")).upper()
        words = fit(words, min(room.columns, cell_width(words)))
        margin = " " * ((room.columns - cell_width(words)) // 2)
        text = Segment(margin + words, mat + self._part("words") if not tile.at_cursor else mat)
        line = Strip([text]).adjust_cell_length(room.columns, mat)
        return Strip.join([line, Strip.blank(GAP, self.rich_style)])

    def _label(self, tile: Tile) -> Strip:
        source, room = self.source, self._room()
        assert source is not None  # tiles are drawn of what there is
        tone = source.tone(tile.record)
        sign = (MARK if tile.marked else "") + SIGNS.get(tone, "")
        text = fit(
            f"{sign} {source.label(tile.record)}" if sign else source.label(tile.record), room.columns, keep_end=True
        )
        style = self._part("cursor" if tile.at_cursor else "marked" if tile.marked else tone)
        return Strip([Segment(text, style), Segment(" " * GAP, self.rich_style)]).adjust_cell_length(
            room.columns + GAP, self.rich_style
        )

    def _part(self, part: str) -> Style:
        return self.get_component_rich_style(f"record-list--{part}")

    # Commands

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Sideways only among tiles; from the first of a line leftwards, the key leads back as everywhere."""
        if action == "tiles_left":
            return self.shows_tiles and self.cursor % self.shape.columns > 0
        return self.shows_tiles if action == "tiles_right" else super().check_action(action, parameters)

    def action_tiles_left(self) -> None:
        self.when_there(lambda: self.move_by(-1))

    def action_tiles_right(self) -> None:
        self.when_there(lambda: self.move_by(1))
