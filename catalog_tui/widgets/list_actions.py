"""What the keys of a list do to its cursor and its marks."""

from abc import abstractmethod
from collections import deque
from collections.abc import Callable, Sequence
from functools import wraps

from textual import events
from textual.scroll_view import ScrollView

from .marks import Marks
from .shape import LINES, Shape


def once_there(action: Callable[["ListActions"], None]) -> Callable[["ListActions"], None]:
    """An action that waits until the rows it is meant for are there."""

    @wraps(action)
    def act_when_there(self: "ListActions") -> None:
        self.when_there(lambda: action(self))

    return act_when_there


class ListActions(ScrollView, inherit_bindings=False):
    """Carries out the commands that move and mark; a subclass holds the rows and draws them."""

    marks: Marks
    cursor: int
    is_there: Callable[[], bool]
    """Whether the rows that keys are meant for are shown: false while others are on their way."""
    typed_ahead: deque[Callable[[], None]]
    shape: Shape = LINES

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

    def move_by(self, rows: int) -> None:
        """Move the cursor by so many rows; where tiles stand side by side, not from a line to none."""
        row = self.cursor + rows
        if self.shape.columns == 1 or 0 <= row < self.rows or abs(rows) == 1:
            self.move_to(row)
        elif rows > 0 and self.shape.top_of(self.cursor) < self.shape.top_of(self.rows - 1):
            self.move_to(self.rows - 1)
        elif rows < -self.shape.columns:
            self.move_to(self.cursor % self.shape.columns)

    # Keys typed ahead

    def when_there(self, act: Callable[[], None]) -> None:
        """Do `act` now, or, where the rows shown are to be followed by others, once those are there."""
        if self.typed_ahead or not self.is_there():
            self.typed_ahead.append(act)
        else:
            act()

    def catch_up(self) -> None:
        """Do what was typed ahead, if what it is meant for is there by now."""
        while self.typed_ahead and self.is_there():
            self.typed_ahead.popleft()()

    def on_blur(self) -> None:
        """What was typed ahead is not wanted by somebody who went elsewhere."""
        self.typed_ahead.clear()

    # Commands

    @once_there
    def action_list_down(self) -> None:
        self.move_by(self.shape.columns)

    @once_there
    def action_list_up(self) -> None:
        self.move_by(-self.shape.columns)

    @once_there
    def action_list_page_down(self) -> None:
        self.move_by(self.shape.page(self.size.height))

    @once_there
    def action_list_page_up(self) -> None:
        self.move_by(-self.shape.page(self.size.height))

    @once_there
    def action_list_first(self) -> None:
        self.move_to(0)

    @once_there
    def action_list_last(self) -> None:
        self.move_to(self.rows - 1)

    @once_there
    def action_list_mark(self) -> None:
        """Mark or unmark the record under the cursor and go on; in a range, mark all of it."""
        if self.marks.anchor is not None:
            self._mark_range()
        elif self.current is not None:
            self.marks.flip(self.current)
            self.marks_changed()
            self.move_to(self.cursor + 1)

    @once_there
    def action_list_mark_range(self) -> None:
        self._mark_range()

    def _mark_range(self) -> None:
        """Begin a range at the cursor, or mark the one begun."""
        if not self.rows:
            return
        if self.marks.anchor is None:
            self.marks.anchor = self.cursor
        else:
            self.marks.set_rows(self.order, self.marks.anchor, self.cursor)
            self.marks.anchor = None
        self.marks_changed()

    @once_there
    def action_list_mark_down(self) -> None:
        self._mark_and_move(1)

    @once_there
    def action_list_mark_up(self) -> None:
        self._mark_and_move(-1)

    def _mark_and_move(self, step: int) -> None:
        if self.current is not None:
            self.marks.set(self.current)
            self.move_to(self.cursor + step)
            self.marks.set(self.current)
            self.marks_changed()

    @once_there
    def action_list_mark_all(self) -> None:
        self.marks.set_rows(self.order, 0, self.rows - 1)
        self.marks_changed()

    @once_there
    def action_list_mark_none(self) -> None:
        self.clear_marks()

    def clear_marks(self) -> None:
        """Take all marks away."""
        self.marks.clear()
        self.marks_changed()

    @once_there
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
        row = self.shape.row_at(event.x, event.y + self.scroll_offset.y, self.scrollable_size.width)
        if row >= self.rows:
            return
        if event.shift:
            self.marks.set_rows(self.order, self.cursor, row)
            self.marks_changed()
        self.move_to(row)
        if event.chain == 2 and self.current is not None:
            self.chosen()
