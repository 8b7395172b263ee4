"""Draws tiles as strips, and remembers those drawn: a picture amid blank cells, its name below, a blank line."""

from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.cache import LRUCache
from textual.strip import Strip
from textual.widget import Widget

from catalog_tui.core.kinds import suffix_of
from catalog_tui.core.names import cell_width, display, fit
from catalog_tui.core.words import _
from catalog_tui.graphics.drawing import Cells, Drawing
from catalog_tui.graphics.strips import JoinedStrip

from .records import Records
from .row_painter import MARK, SIGNS

PICTURE_ROWS = 7
TILE_ROWS = PICTURE_ROWS + 2
GAP = 2
"""Cells between pictures."""
REMEMBERED_TILES = 1024
REMEMBERED_LINES = 64
"""Lines of tiles that stand put together; a screen has a few."""


class Tile(NamedTuple):
    """One tile as it is to be seen; of two alike the second is not drawn again."""

    record: int
    at_cursor: bool
    marked: bool
    drawing: Drawing | None
    failed: bool


class TilePainter:
    """Paints for one widget, with its component styles `record-list--…`; to be told when those change."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._tiles: LRUCache[Tile, tuple[Strip, ...]] = LRUCache(REMEMBERED_TILES)
        self._lines: LRUCache[tuple[Tile, ...], tuple[Strip, ...]] = LRUCache(REMEMBERED_LINES)
        self._styles: dict[str, Style] = {}
        self._drawn_for: tuple[Records, Cells, int] | None = None

    def forget(self) -> None:
        """The styles changed."""
        self._tiles.clear()
        self._lines.clear()
        self._styles.clear()

    def side_by_side(self, tiles: tuple[Tile, ...], source: Records, room: Cells) -> tuple[Strip, ...]:
        """The lines of tiles side by side, over the whole width; `room` is that of each picture."""
        width = self._widget.scrollable_size.width
        if (source, room, width) != self._drawn_for:
            self._drawn_for = (source, room, width)
            self._tiles.clear()
            self._lines.clear()
        lines = self._lines.get(tiles)
        if lines is None:
            rest = Strip.blank(width - len(tiles) * (room.columns + GAP), self._style())
            columns = [self._tile(tile, source, room) for tile in tiles]
            lines = self._lines[tiles] = tuple(
                JoinedStrip((*parts, rest)) if rest.cell_length else JoinedStrip(parts)
                for parts in zip(*columns, strict=True)
            )
        return lines

    def _tile(self, tile: Tile, source: Records, room: Cells) -> tuple[Strip, ...]:
        lines = self._tiles.get(tile)
        if lines is None:
            lines = self._tiles[tile] = self._draw(tile, source, room)
        return lines

    def _draw(self, tile: Tile, source: Records, room: Cells) -> tuple[Strip, ...]:
        base = self._style()
        mat = self._style("cursor") if tile.at_cursor else base
        gap = Strip.blank(GAP, base)
        blank = JoinedStrip((Strip.blank(room.columns, mat), gap))
        if tile.drawing is None:
            words = JoinedStrip((self._words(tile, source, room, mat), gap))
            picture: list[Strip] = [blank] * PICTURE_ROWS
            picture[PICTURE_ROWS // 2] = words
        else:
            picture = _framed(tile.drawing, room, blank, mat, gap)
        return (*picture, self._label(tile, source, room), Strip.blank(room.columns + GAP, base))

    def _words(self, tile: Tile, source: Records, room: Cells, mat: Style) -> Strip:
        """What stands where there is no picture: that it cannot be shown, or what kind of file it is."""
        words = ""
        if tile.failed:
            words = _("cannot be shown")
        elif source.tone(tile.record) == "other":
            words = display(suffix_of(source.name(tile.record)).removeprefix(".")).upper()
        words = fit(words, min(room.columns, cell_width(words)))
        margin = " " * ((room.columns - cell_width(words)) // 2)
        text = Segment(margin + words, mat if tile.at_cursor else mat + self._style("words"))
        return Strip([text]).adjust_cell_length(room.columns, mat)

    def _label(self, tile: Tile, source: Records, room: Cells) -> Strip:
        tone, label = source.tone(tile.record), source.label(tile.record)
        sign = (MARK if tile.marked else "") + SIGNS.get(tone, "")
        text = fit(f"{sign} {label}" if sign else label, room.columns, keep_end=True)
        style = self._style("cursor" if tile.at_cursor else "marked" if tile.marked else tone)
        return Strip([Segment(text, style)]).adjust_cell_length(room.columns + GAP, self._style())

    def _style(self, part: str = "") -> Style:
        """That of a component, or of the widget."""
        style = self._styles.get(part)
        if style is None:
            widget = self._widget
            style = widget.get_component_rich_style(f"record-list--{part}") if part else widget.rich_style
            self._styles[part] = style
        return style


def _framed(drawing: Drawing, room: Cells, blank: Strip, mat: Style, gap: Strip) -> list[Strip]:
    """A drawing in the middle of its room."""
    left, top = (room.columns - drawing.cells.columns) // 2, (room.rows - drawing.cells.rows) // 2
    before = Strip.blank(left, mat)
    after = Strip.blank(room.columns - left - drawing.cells.columns, mat)
    lines = [JoinedStrip(part for part in (before, line, after, gap) if part.cell_length) for line in drawing.lines]
    return [*[blank] * top, *lines, *[blank] * (room.rows - top - len(lines))]
