"""What the keys of a list do to its cursor and its marks."""

from abc import abstractmethod
from collections.abc import Sequence

from textual import events
from textual.scroll_view import ScrollView

from .marks import Marks


class ListActions(ScrollView, inherit_bindings=False):
    """Carries out the commands that move and mark; a subclass holds the rows and draws them."""

    marks: Marks
    cursor: int

    @property
    @abstractmethod
    def order(self) -> Sequence[int]:
        """The indexes of the records shown, row by row."""

    @property
    @abstractmethod
    def current(self) -> int | None:
        """The index of the record under the cursor."""

    @abstractmethod
    def move_to(self, row: int) -> None:
        """Put the cursor on `row`, or the nearest there is."""

    @abstractmethod
    def marks_changed(self) -> None:
        """Show the marks as they are now."""

    @abstractmethod
    def chosen(self) -> None:
        """Say that the record under the cursor was clicked twice."""

    @property
    def rows(self) -> int:
        """How many records are shown."""
        return len(self.order)

    def action_list_down(self) -> None:
        self.move_to(self.cursor + 1)

    def action_list_up(self) -> None:
        self.move_to(self.cursor - 1)

    def action_list_page_down(self) -> None:
        self.move_to(self.cursor + max(1, self.size.height - 1))

    def action_list_page_up(self) -> None:
        self.move_to(self.cursor - max(1, self.size.height - 1))

    def action_list_first(self) -> None:
        self.move_to(0)

    def action_list_last(self) -> None:
        self.move_to(self.rows - 1)

    def action_list_mark(self) -> None:
        """Mark or unmark the record under the cursor and go on; in a range, mark all of it."""
        if self.marks.anchor is not None:
            self.action_list_mark_range()
        elif self.current is not None:
            self.marks.flip(self.current)
            self.marks_changed()
            self.move_to(self.cursor + 1)

    def action_list_mark_range(self) -> None:
        """Begin a range at the cursor, or mark the one begun."""
        if not self.rows:
            return
        if self.marks.anchor is None:
            self.marks.anchor = self.cursor
        else:
            self.marks.set_rows(self.order, self.marks.anchor, self.cursor)
            self.marks.anchor = None
        self.marks_changed()

    def action_list_mark_down(self) -> None:
        self._mark_and_move(1)

    def action_list_mark_up(self) -> None:
        self._mark_and_move(-1)

    def _mark_and_move(self, step: int) -> None:
        if self.current is not None:
            self.marks.set(self.current)
            self.move_to(self.cursor + step)
            self.marks.set(self.current)
            self.marks_changed()

    def action_list_mark_all(self) -> None:
        self.marks.set_rows(self.order, 0, self.rows - 1)
        self.marks_changed()

    def action_list_mark_none(self) -> None:
        self.marks.clear()
        self.marks_changed()

    def action_list_invert_marks(self) -> None:
        self.marks.invert(self.order)
        self.marks_changed()

    def leave_range(self) -> bool:
        """Give up a range that was begun; whether there was one."""
        begun = self.marks.anchor is not None
        self.marks.anchor = None
        if begun:
            self.marks_changed()
        return begun

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor there, with shift marks up to there; a second one chooses."""
        row = event.y + self.scroll_offset.y
        if row >= self.rows:
            return
        if event.shift:
            self.marks.set_rows(self.order, self.cursor, row)
            self.marks_changed()
        self.move_to(row)
        if event.chain == 2 and self.current is not None:
            self.chosen()
