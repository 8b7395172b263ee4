"""The line above a list that names its columns, shows the order, and sorts on a click."""

from rich.segment import Segment
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from catalog_tui.core.names import cell_width, fit
from catalog_tui.core.words import _

from .columns import GAP, Column, columns_that_fit, name_width, right_aligned
from .record_list import RecordList
from .records import Sort
from .row_painter import GUTTER

UPWARD, DOWNWARD = "▴", "▾"


class ColumnTitles(Widget):
    """Titles of the columns of one list."""

    DEFAULT_CSS = """
    ColumnTitles { height: 1; color: $text-muted; text-style: dim; }
    """

    def __init__(self, records: RecordList) -> None:
        super().__init__()
        self._records = records
        self._sort = Sort("name")

    def show_sort(self, sort: Sort) -> None:
        """Say by which column the list is ordered."""
        self._sort = sort
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """The only line."""
        columns, width = self._columns()
        if self._records.source is None:
            return Strip.blank(self.size.width, self.rich_style)
        name = fit(self._title(_("Name"), "name"), name_width(columns, width))
        text = " " * GUTTER + name
        for column in columns:
            text += right_aligned(self._title(column.title, column.sort_key), column.room)
        return Strip([Segment(text, self.rich_style)]).adjust_cell_length(self.size.width, self.rich_style)

    def on_click(self, event: events.Click) -> None:
        """Sort by the title clicked; again: the other way round."""
        columns, width = self._columns()
        right = GUTTER + name_width(columns, width)
        key = "name"
        for column in columns:
            if event.x >= right + GAP:
                key = column.sort_key
            right += GAP + column.room
        if self._records.source is None or key not in self._records.source.sort_keys:
            return
        self._records.sort_by(Sort(key, self._sort.key == key and not self._sort.descending))

    def _columns(self) -> tuple[tuple[Column, ...], int]:
        width = max(1, self._records.scrollable_content_region.width - GUTTER - 1)
        source = self._records.source
        columns = () if source is None else source.columns
        return columns[: columns_that_fit(columns, width)], width

    def _title(self, title: str, key: str) -> str:
        if key != self._sort.key:
            return title
        sign = DOWNWARD if self._sort.descending else UPWARD
        return f"{title}{sign}" if cell_width(title) else sign
