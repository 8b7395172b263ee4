"""One pane of the browser: a framed list under its column titles, with the filter line below while it holds."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from catalog_tui.commands import LIST_FRAME_COMMANDS, bindings
from catalog_tui.core.units import format_count
from catalog_tui.core.words import _

from .column_titles import ColumnTitles
from .filter_input import FUZZY_SIGN, FilterInput
from .record_list import RecordList
from .records import BY_NAME, Query, Sort


class RecordPane(Vertical):
    """A titled pane around one `RecordList`."""

    USER_COMMANDS = LIST_FRAME_COMMANDS
    BINDINGS: ClassVar[list[BindingType]] = bindings(*LIST_FRAME_COMMANDS)

    DEFAULT_CSS = """
    RecordPane {
        border: round $foreground 20%;
        border-title-color: $text-muted;
        border-subtitle-color: $text-muted;
        &:focus-within { border: round $border; border-title-color: $text-primary; border-title-style: bold; }
        RecordList { height: 1fr; }
    }
    """

    class SortAsked(Message):
        """Another order is to be chosen."""

        def __init__(self, records: RecordList) -> None:
            super().__init__()
            self.records = records

    def __init__(self, title: str, *, id: str, sort: Sort = BY_NAME, records: RecordList | None = None) -> None:
        """`records` is a list of another kind than the usual one; its id is that of the pane with `-list`."""
        super().__init__(id=id)
        self.title = title
        self.records = records or RecordList(sort=sort, id=f"{id}-list")
        self.filter_input = FilterInput(keep=self.keep_filter, drop=self.clear_filter, move=self.move_by)
        self.border_title = title

    def compose(self) -> ComposeResult:
        """Titles, rows, filter line."""
        yield ColumnTitles(self.records)
        yield self.records
        yield self.filter_input

    @on(RecordList.Changed)
    def say_what_is_shown(self) -> None:
        """Put counts into the frame, and the order into the titles."""
        records = self.records
        total = 0 if records.source is None else len(records.source)
        shown = records.arrangement.query.text and records.rows != total
        count = f"{format_count(records.rows)}/{format_count(total)}" if shown else format_count(total)
        self.border_title = f"{self.title} {count}" if records.source is not None else self.title
        notes = []
        if records.arranging:
            notes.append(_("sorting…"))
        if records.marks.anchor is not None:
            notes.append(_("range"))
        if records.marks.count:
            notes.append(_("{count} marked").format(count=format_count(records.marks.count)))
            if shown and (hidden := records.marks.count - records.marks.count_in(records.order)):
                notes.append(_("{count} of them not shown").format(count=format_count(hidden)))
        self.border_subtitle = " · ".join(notes)
        if self.is_filtering:
            self._narrow_as_typed()  # rows came that were still being read while the filter was typed
        elif not records.arrangement.query.text:
            self.filter_input.value = ""
            self.filter_input.display = False
        self.query_one(ColumnTitles).show_sort(records.arrangement.sort)

    # The filter

    @property
    def is_filtering(self) -> bool:
        """Whether a filter is being typed; told by the screen, as a widget learns of its focus only later."""
        return self.is_attached and self.screen.focused is self.filter_input

    def action_list_filter(self) -> None:
        """Let a filter be typed, beginning with the one that holds."""
        self.filter_input.display = True
        self.screen.set_focus(self.filter_input)

    @on(Input.Changed)
    def take_letter(self, event: Input.Changed) -> None:
        """Each letter narrows the list at once."""
        event.stop()
        self._narrow_as_typed()

    def _narrow_as_typed(self) -> None:
        typed = self.filter_input.value
        query = Query(typed.removeprefix(FUZZY_SIGN), typed.startswith(FUZZY_SIGN))
        if query != self.records.asked_query:
            self.records.narrow(query)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a filter is typed its keys are letters."""
        return not (action.startswith("list_") and self.is_filtering)

    def move_by(self, rows: int) -> None:
        """Move the list's cursor."""
        self.records.move_by(rows)

    def keep_filter(self) -> None:
        """Give the keys back to the list; the filter holds."""
        self.filter_input.display = bool(self.filter_input.value)
        self.screen.set_focus(self.records)

    def action_list_clear_filter(self) -> None:
        self.clear_filter()

    def action_list_sort(self) -> None:
        self.post_message(self.SortAsked(self.records))

    def clear_filter(self) -> bool:
        """Show all records again; whether there was a filter to clear."""
        held = bool(self.records.arrangement.query.text) or self.is_filtering
        if held:
            if self.is_filtering:
                self.screen.set_focus(self.records)
            self.filter_input.value = ""
            self.filter_input.display = False
            self.records.narrow(Query())
        return held
