"""The line where a filter is typed."""

from collections.abc import Callable
from typing import ClassVar

from textual.binding import BindingType
from textual.widgets import Input

from catalog_tui.commands import FILTER_COMMANDS, bindings
from catalog_tui.core.words import _

FUZZY_SIGN = "~"
"""What a filter starts with to be matched as fzf does: the letters in order, ranked."""


class FilterInput(Input):
    """An input line for one list; what its keys do to the list is told by calls, not by messages: keys that
    come in one packet, as they do over a slow line, must find the focus where the key before has put it."""

    USER_COMMANDS = FILTER_COMMANDS
    BINDINGS: ClassVar[list[BindingType]] = bindings(*FILTER_COMMANDS)
    DEFAULT_CSS = """
    FilterInput {
        height: 1; border: none; padding: 0 1; background: $boost; color: $text-accent; display: none;
        &:focus { border: none; background: $surface; }
    }
    """

    def __init__(
        self, *, keep: Callable[[], object], drop: Callable[[], object], move: Callable[[int], object]
    ) -> None:
        """`keep` and `drop` leave the line with the filter or without; `move` moves the list's cursor by rows."""
        super().__init__(
            placeholder=_("filter ({sign} for fuzzy)").format(sign=FUZZY_SIGN), compact=True, select_on_focus=False
        )
        self._keep = keep
        self._drop = drop
        self._move = move

    def action_filter_keep(self) -> None:
        self._keep()

    def action_filter_drop(self) -> None:
        self._drop()

    def action_filter_down(self) -> None:
        self._move(1)

    def action_filter_up(self) -> None:
        self._move(-1)

    def action_filter_fuzzy(self) -> None:
        """The sign in front says which way is in force, and can be typed as well."""
        fuzzy = self.value.startswith(FUZZY_SIGN)
        self.value = self.value.removeprefix(FUZZY_SIGN) if fuzzy else FUZZY_SIGN + self.value
        self.cursor_position = len(self.value)
