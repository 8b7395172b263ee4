"""Draws the rows of a record list as strips, and remembers those drawn."""

from rich.segment import Segment
from rich.style import Style
from textual.cache import LRUCache
from textual.strip import Strip
from textual.widget import Widget

from catalog_tui.core.names import cell_width, fit

from .columns import columns_that_fit, name_width, right_aligned
from .records import Query, Records
from .wrapping import wrapped

GUTTER = 2
"""Cells before the name: the mark, then the sign of the kind."""

REMEMBERED_ROWS = 1024
"""Several screens full, so that going back and forth draws nothing anew."""

PARTS = ("cursor", "marked", "column", "image", "video", "other", "link", "folder", "aside", "words")
"""What is styled apart, as component classes `record-list--…`; those from `image` to `aside` are the records' tones."""

MARK = "●"
SIGNS = {"video": "▸", "other": "·", "link": "⇢", "aside": "·"}


class RowPainter:
    """Paints for one widget, with its component styles `record-list--…` and at its present width."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._strips: LRUCache[tuple[int, bool, bool], Strip] = LRUCache(REMEMBERED_ROWS)
        self._styles: dict[str, Style] = {}

    def forget_rows(self) -> None:
        """What the records say, or the width, changed."""
        self._strips.clear()

    def forget_styles(self) -> None:
        """The theme changed, or the focus moved."""
        self._styles.clear()
        self._strips.clear()

    def row(self, source: Records, index: int, query: Query, *, at_cursor: bool, marked: bool) -> Strip:
        """The record `index` as one line."""
        key = (index, at_cursor, marked)
        strip = self._strips.get(key)
        if strip is None:
            strip = self._strips[key] = self._draw(source, index, query, at_cursor=at_cursor, marked=marked)
        return strip

    def words_line(self, words: str, y: int) -> Strip:
        """Line `y` of `words` alone in the widget, wrapped and set a third of the way down; blank above and below."""
        width, height = self._widget.scrollable_content_region.size
        base = self._widget.rich_style
        lines = wrapped(words, max(1, width - 2)) if words else []
        line = y - max(0, (height - len(lines)) // 3)
        if not 0 <= line < len(lines):
            return Strip.blank(width, base)
        margin = " " * ((width - cell_width(lines[line])) // 2)
        return Strip([Segment(margin + lines[line], self._style("words"))]).adjust_cell_length(width, base)

    def _draw(self, source: Records, index: int, query: Query, *, at_cursor: bool, marked: bool) -> Strip:
        width = self._widget.scrollable_content_region.width
        tone = source.tone(index)
        row_style = self._style("marked" if marked else tone)
        column_style = self._style("column")
        if at_cursor:
            row_style = column_style = self._style("cursor")
        text_width = max(1, width - GUTTER - 1)
        columns = source.columns[: columns_that_fit(source.columns, text_width)]
        label = fit(source.label(index), name_width(columns, text_width), keep_end=True)
        gutter = (MARK if marked else " ") + SIGNS.get(tone, " ")
        cells = "".join(
            right_aligned(cell, column.room) for column, cell in zip(columns, source.cells(index), strict=False)
        )
        # Few segments: each costs about 40 bytes on the wire, and a scrolling list sends every row again.
        segments = [*self._with_match(gutter + label, query, row_style), Segment(f"{cells} ", column_style)]
        return Strip(segments).adjust_cell_length(width, column_style)

    def _with_match(self, label: str, query: Query, style: Style) -> list[Segment]:
        folded = label.casefold()
        start = folded.find(query.text.casefold()) if query.text and not query.fuzzy else -1
        if start < 0 or len(folded) != len(label):
            return [Segment(label, style)]
        end = start + len(query.text)
        match = style + Style(underline=True)
        return [Segment(label[:start], style), Segment(label[start:end], match), Segment(label[end:], style)]

    def _style(self, part: str) -> Style:
        style = self._styles.get(part)
        if style is None:
            style = self._styles[part] = self._widget.get_component_rich_style(f"record-list--{part}")
        return style
