"""The columns of a record list: how wide each is, and which give way when there is little room."""

from collections.abc import Sequence
from typing import NamedTuple

from catalog_tui.core.names import cell_width

MIN_NAME_WIDTH = 13
"""Cells that the name keeps beside the first column: with fewer it would say nothing."""

GOOD_NAME_WIDTH = 18
"""Cells that the name keeps beside two columns and more."""

GAP = 2
"""Cells between two columns."""


class Column(NamedTuple):
    """One column beside the name."""

    title: str
    """What the header says."""
    width: int
    """Cells of its widest usual text; which columns stand goes by it, whatever is known of their texts."""
    sort_key: str
    """What a click on the title sorts by."""
    beside: int = MIN_NAME_WIDTH
    """Cells that the name keeps beside it, where it is the first."""
    least: int = 0
    """Cells that it takes also where its texts need fewer: those of most of them, lest it grow while they come."""
    needed: int | None = None
    """Cells that it takes, where that is known; the name gets the rest."""

    @property
    def room(self) -> int:
        """Cells that it takes."""
        return self.width if self.needed is None else self.needed

    def fitted(self, widest_text: int) -> "Column":
        """With no more room than its widest text and its title take, the sign of the order among them."""
        return self._replace(needed=min(self.width, max(self.least, widest_text, cell_width(self.title) + 1)))


def columns_that_fit(columns: Sequence[Column], width: int) -> int:
    """How many of `columns`, counted from the first, leave the name enough of `width` cells."""
    room = width
    for count, column in enumerate(columns):
        room -= GAP + column.width
        if room < (GOOD_NAME_WIDTH if count else column.beside):
            return count
    return len(columns)


def name_width(columns: Sequence[Column], width: int) -> int:
    """Cells that remain for the name beside `columns` in `width` cells."""
    return max(1, width - sum(GAP + column.room for column in columns))


def right_aligned(text: str, width: int) -> str:
    """`text` (plain digits and letters) in the column of `width` cells, with the gap before it; a cut is shown."""
    return " " * GAP + (text if len(text) <= width else text[: width - 1] + "…").rjust(width)
