"""A list of records drawn line by line: work per key goes with what is in view, not with how many records there are."""

from collections import deque
from collections.abc import Sequence
from typing import ClassVar

from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from catalog_tui.commands import LIST_COMMANDS, bindings
from catalog_tui.core.words import _

from .arranging import Arrangement, Arranger, Asked
from .list_actions import ListActions
from .marks import Marks
from .records import BY_NAME, Query, Records, Sort
from .row_painter import PARTS, RowPainter


class RecordList(ListActions, can_focus=True, inherit_bindings=False):
    """Records, one to a line, with a cursor, marks, an order and a filter."""

    USER_COMMANDS = LIST_COMMANDS
    BINDINGS = bindings(*LIST_COMMANDS)
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"record-list--{part}" for part in PARTS}
    DEFAULT_CSS = """
    RecordList {
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        background: transparent;
        & > .record-list--cursor { background: $block-cursor-blurred-background; text-style: bold; }
        &:focus > .record-list--cursor {
            background: $block-cursor-background; color: $block-cursor-foreground; text-style: $block-cursor-text-style;
        }
        &:nocolor > .record-list--cursor { text-style: bold underline; }
        &:nocolor:focus > .record-list--cursor { text-style: bold reverse; }
        & > .record-list--marked { color: $text-warning; text-style: bold; }
        & > .record-list--column { color: $text-muted; }
        & > .record-list--image { color: $foreground; }
        & > .record-list--folder { color: $foreground; }
        & > .record-list--video { color: $text-accent; }
        & > .record-list--other { color: $text-muted; }
        & > .record-list--link { color: $text-secondary; text-style: italic; }
        & > .record-list--aside { color: $text-muted; text-style: italic; }
        & > .record-list--words { color: $text-muted; }
    }
    """

    cursor: reactive[int] = reactive(0, repaint=False, init=False)
    """The row of the cursor; 0 where there are no rows."""

    class Fact(Message):
        """Something that a list says of itself."""

        def __init__(self, records: "RecordList") -> None:
            super().__init__()
            # Said by the list whoever made it change: a message does not bubble past the one it is taken to come from.
            self.set_sender(records)
            self.records = records

        @property
        def control(self) -> "RecordList":
            """The list that says it."""
            return self.records

    class Highlighted(Fact):
        """The cursor came to stand on another record, or on none."""

    class Chosen(Fact):
        """The record under the cursor was clicked twice."""

    class Changed(Fact):
        """The rows, their order, the filter or the marks changed."""

    class ViewMoved(Fact):
        """Other rows came into view."""

    def __init__(self, *, sort: Sort = BY_NAME, id: str | None = None) -> None:
        super().__init__(id=id)
        self.source: Records | None = None
        self.arrangement = Arrangement((), sort, Query())
        self._arranger = Arranger(self, Asked(None, sort), self._take)
        self.marks = Marks(0)
        self.is_there = lambda: not (self.arranging and not self.rows)
        self.typed_ahead = deque()
        self.words = ""
        """What stands in place of rows where there are none: loading, empty, unreadable, vanished."""
        self._painter = RowPainter(self)

    # What is shown

    @property
    def order(self) -> Sequence[int]:
        """The indexes of the records shown, row by row."""
        return self.arrangement.order

    @property
    def asked_query(self) -> Query:
        """What is narrowed to, or will be once a worker is done."""
        return self._arranger.asked.query

    @property
    def arranging(self) -> bool:
        """Whether a worker is sorting or narrowing; the rows shown are still the former ones."""
        return self._arranger.is_busy

    @property
    def current(self) -> int | None:
        """The index of the record under the cursor."""
        order = self.arrangement.order
        return order[self.cursor] if self.cursor < len(order) else None

    @property
    def current_name(self) -> str | None:
        """The exact name of the record under the cursor."""
        return self.source.name(self.current) if self.source is not None and self.current is not None else None

    @property
    def in_view(self) -> Sequence[int]:
        """The indexes of the records in view, from top to bottom."""
        top = self.scroll_offset.y
        return self.arrangement.order[self.shape.rows_within(top, top + self.size.height)]

    def chosen_indexes(self) -> Sequence[int]:
        """The marked records in the order shown, or else the one under the cursor."""
        if self.marks.count:
            return [index for index in self.arrangement.order if self.marks.flags[index]]
        return () if self.current is None else (self.current,)

    def show(self, source: Records, *, at: str | None = None, words: str = "") -> None:
        """Show the records of another place, with the cursor on the one named `at`, unmarked and unfiltered.

        `words` stand there when it has no records."""
        self.source = source
        self.words = words
        self.marks = Marks(len(source))
        self.set_reactive(RecordList.cursor, 0)
        self._arrange(Asked(source, self._arranger.asked.sort), at=at, fresh=True)

    def renew(self, source: Records, *, words: str = "") -> None:
        """Show the same place read anew: cursor, marks, a range begun, order and filter stay, by name."""
        self.words = words
        self._arrange(self._arranger.asked._replace(source=source), at=self.current_name)

    def forget(self, words: str = "") -> None:
        """Show nothing but `words`, with no filter and no marks."""
        self.source = None
        self.words = words
        self.marks = Marks(0)
        self.set_reactive(RecordList.cursor, 0)
        self._arrange(Asked(None, self._arranger.asked.sort), at=None)

    def update_cells(self) -> None:
        """Paint anew: what the records say changed, but not which and where they are."""
        self._painter.forget_rows()
        self.refresh()

    # Order and filter

    def sort_by(self, sort: Sort) -> None:
        """Order the rows by `sort`; the cursor stays on its record."""
        self._arrange(self._arranger.asked._replace(sort=sort), at=self.current_name)

    def narrow(self, query: Query) -> None:
        """Show only what `query` matches; the cursor stays on its record where that is among them."""
        self._arrange(self._arranger.asked._replace(query=query), at=self.current_name)

    def rearrange(self) -> None:
        """Sort anew by the same key: the records' figures changed."""
        self.sort_by(self._arranger.asked.sort)

    def _arrange(self, asked: Asked, *, at: str | None, fresh: bool = False) -> None:
        self._arranger.arrange(asked, at=at, fresh=fresh)
        if self.arranging:
            self.post_message(self.Changed(self))

    def _take(self, source: Records | None, arrangement: Arrangement, at: str | None) -> None:
        """Show `source` as it was arranged. Until then the former records stay, whose rows the former order counts."""
        former, self.arrangement = self.arrangement, arrangement
        anchor = None if self.marks.anchor is None else former.order[self.marks.anchor]
        if (former.sort, former.query) != (arrangement.sort, arrangement.query):
            anchor = None  # the rows of the range are not beside one another any more
        if source is not self.source:
            anchor = self._adopt(source, anchor)
        self.marks.anchor = arrangement.row_of(anchor)
        self._painter.forget_rows()
        self.measure()
        row = arrangement.row_of(source.find(at) if at is not None and source is not None else None)
        if row is None:
            row = max(0, min(self.cursor, self.rows - 1))
        self.set_reactive(RecordList.cursor, row)
        self._scroll_to_row(row)
        self.refresh()
        self.post_message(self.Highlighted(self))
        self.post_message(self.Changed(self))
        self.post_message(self.ViewMoved(self))
        self.catch_up()

    def _adopt(self, source: Records | None, anchor: int | None) -> int | None:
        """Take over `source` with the marks that its records bore, by name; gives where the record `anchor` is now."""
        former, marks = self.source, self.marks
        self.source = source
        self.marks = Marks(0 if source is None else len(source))
        if former is None or source is None:
            return None
        self.marks.set_found(source.find(former.name(index)) for index in marks.indexes())
        return None if anchor is None else source.find(former.name(anchor))

    # Cursor

    def move_to(self, row: int) -> None:
        """Put the cursor on `row`, or the nearest there is."""
        self.cursor = max(0, min(row, self.rows - 1))

    def point_at(self, name: str) -> None:
        """Put the cursor on the record of this exact name, where it is shown."""
        row = self.arrangement.row_of(self.source.find(name)) if self.source is not None else None
        if row is not None:
            self.move_to(row)

    def watch_cursor(self, old: int, new: int) -> None:
        """Repaint the two rows concerned, or scroll."""
        if self.marks.anchor is not None:
            self.refresh()
        else:
            for row in (old, new):
                self.refresh_row(row)
        self._scroll_to_row(new)
        self.post_message(self.Highlighted(self))

    def _scroll_to_row(self, row: int) -> None:
        height = max(1, self.size.height)
        top, first = self.scroll_offset.y, self.shape.top_of(row)
        if first < top:
            top = first
        elif first + self.shape.height > top + height:
            top = first + self.shape.height - height
        top = max(0, min(top, self.shape.lines(self.rows) - height))
        if top != self.scroll_offset.y:
            self.scroll_to(y=top, animate=False, immediate=True, force=True)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Draw the rows that are in view now, and tell; the scroll bar only when its thumb is to be seen moving.

        In a long list that is once in hundreds of rows, and the bar costs half as much to draw as the rows."""
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.position = self._seen_position(new_value)
        if round(old_value) != round(new_value):
            self.refresh(self.scrollable_size.region)
            self.post_message(self.ViewMoved(self))

    def _seen_position(self, position: float) -> float:
        """The first of all scroll positions that look alike in the bar, whose cells have eight steps."""
        steps, last = 8 * max(1, self.size.height), self.max_scroll_y  # a pane that is not shown has no height
        return position if last <= steps else int(position * steps / last) * last / steps

    # Drawing

    def measure(self) -> None:
        """Reckon anew how high all rows are together."""
        self.virtual_size = Size(self.size.width, self.shape.lines(self.rows))

    def refresh_row(self, row: int) -> None:
        """Draw one row anew."""
        top = self.shape.top_of(row) - self.scroll_offset.y
        self.refresh(Region(0, top, self.scrollable_size.width, self.shape.height))

    def on_resize(self) -> None:
        """Widths changed: draw anew, the cursor kept in view."""
        self._painter.forget_rows()
        self.measure()
        self._scroll_to_row(self.cursor)
        self.post_message(self.ViewMoved(self))

    def notify_style_update(self) -> None:
        """A theme was chosen or the focus moved: drop what was drawn with the old styles."""
        super().notify_style_update()
        self._painter.forget_styles()

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of `crop` as they were once drawn: Textual would make each anew, for a frame that no list has."""
        width, base = self.scrollable_size.width, self.rich_style
        filters, background = self.get_line_filters(), self.background_colors[1]
        lines = [self.render_line(y).adjust_cell_length(width, base) for y in crop.line_range]
        for line_filter in filters:
            lines = [line.apply_filter(line_filter, background) for line in lines]
        left, right = crop.column_span
        return [line.crop(left, right) for line in lines]

    def render_line(self, y: int) -> Strip:
        """The line `y` of the view; rows once drawn come from a cache."""
        row = y + self.scroll_offset.y
        if row >= self.rows or self.source is None:
            return self._painter.words_line("" if self.rows else self._words_for_no_rows(), y)
        index, query = self.arrangement.order[row], self.arrangement.query
        marked = self.marks.holds(index, row, self.cursor)
        return self._painter.row(self.source, index, query, at_cursor=row == self.cursor, marked=marked)

    def _words_for_no_rows(self) -> str:
        if self.source is None or not len(self.source):
            return self.words
        return _("Sorting…") if self.arranging else _("Nothing matches the filter.")

    def chosen(self) -> None:
        """Say that the record under the cursor was clicked twice."""
        self.post_message(self.Chosen(self))

    # Commands that others carry out

    def action_list_reverse_sort(self) -> None:
        sort = self.arrangement.sort
        self.sort_by(sort._replace(descending=not sort.descending))

    def marks_changed(self) -> None:
        """Show the marks as they are now."""
        self.refresh()
        self.post_message(self.Changed(self))
