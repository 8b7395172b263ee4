"""One pane of the browser: a framed list under its column titles, with the filter line below while it holds."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from catalog_tui.commands import FILTER_COMMANDS, bindings
from catalog_tui.core.units import format_count
from catalog_tui.core.words import _

from .column_titles import ColumnTitles
from .record_list import RecordList
from .records import BY_NAME, Query, Sort

FUZZY_SIGN = "~"
"""What a filter starts with to be matched as fzf does: the letters in order, ranked."""


class FilterInput(Input):
    """The line where a filter is typed."""

    USER_COMMANDS = FILTER_COMMANDS
    BINDINGS: ClassVar[list[BindingType]] = bindings(*FILTER_COMMANDS)

    class Asked(Message):
        """One of the filter line's commands was given: `keep`, `drop`, `down` or `up`."""

        def __init__(self, what: str) -> None:
            super().__init__()
            self.what = what

    DEFAULT_CSS = """
    FilterInput {
        height: 1; border: none; padding: 0 1; background: $boost; display: none;
        &:focus { border: none; background: $surface; }
        &.-holds { display: block; }
    }
    """

    def action_filter_keep(self) -> None:
        self.post_message(self.Asked("keep"))

    def action_filter_drop(self) -> None:
        self.post_message(self.Asked("drop"))

    def action_filter_down(self) -> None:
        self.post_message(self.Asked("down"))

    def action_filter_up(self) -> None:
        self.post_message(self.Asked("up"))

    def action_filter_fuzzy(self) -> None:
        """The sign in front says which way is in force, and can be typed as well."""
        fuzzy = self.value.startswith(FUZZY_SIGN)
        self.value = self.value.removeprefix(FUZZY_SIGN) if fuzzy else FUZZY_SIGN + self.value
        self.cursor_position = len(self.value)


class RecordPane(Vertical):
    """A titled pane around one `RecordList`."""

    DEFAULT_CSS = """
    RecordPane {
        border: round $foreground 20%;
        border-title-color: $text-muted;
        border-subtitle-color: $text-muted;
        &:focus-within { border: round $border; border-title-color: $text-primary; border-title-style: bold; }
        RecordList { height: 1fr; }
    }
    """

    def __init__(self, title: str, *, id: str, sort: Sort = BY_NAME) -> None:
        super().__init__(id=id)
        self.title = title
        self.records = RecordList(sort=sort, id=f"{id}-list")
        self.border_title = title

    def compose(self) -> ComposeResult:
        """Titles, rows, filter line."""
        yield ColumnTitles(self.records)
        yield self.records
        yield FilterInput(placeholder=_("filter ({sign} for fuzzy)").format(sign=FUZZY_SIGN), compact=True)

    @property
    def filter_input(self) -> FilterInput:
        """The line where a filter is typed."""
        return self.query_one(FilterInput)

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
        self.border_subtitle = " · ".join(notes)
        if not records.arrangement.query.text and not self.filter_input.has_focus:
            self.filter_input.value = ""
            self.filter_input.remove_class("-holds")
        self.query_one(ColumnTitles).show_sort(records.arrangement.sort)

    # The filter

    @on(RecordList.FilterAsked)
    def open_filter(self) -> None:
        """Let a filter be typed, beginning with the one that holds."""
        self.filter_input.add_class("-holds")
        self.filter_input.focus()

    @on(Input.Changed)
    def narrow_as_typed(self, event: Input.Changed) -> None:
        """Each letter narrows the list at once."""
        event.stop()
        fuzzy = event.value.startswith(FUZZY_SIGN)
        query = Query(event.value.removeprefix(FUZZY_SIGN), fuzzy)
        if query != self.records.arrangement.query:
            self.records.narrow(query)

    @on(FilterInput.Asked)
    def do_for_filter(self, message: FilterInput.Asked) -> None:
        """Do what the filter line asks of its list."""
        message.stop()
        if message.what == "keep":
            self.filter_input.set_class(bool(self.filter_input.value), "-holds")
            self.records.focus()
        elif message.what == "drop":
            self.clear_filter()
        else:
            self.records.move_to(self.records.cursor + (1 if message.what == "down" else -1))

    @on(RecordList.FilterCleared)
    def clear_filter(self) -> bool:
        """Show all records again; whether there was a filter to clear."""
        held = bool(self.records.arrangement.query.text) or self.filter_input.has_focus
        if held:
            if self.filter_input.has_focus:
                self.records.focus()
            self.filter_input.value = ""
            self.filter_input.remove_class("-holds")
            self.records.narrow(Query())
        return held
