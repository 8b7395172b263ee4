"""Putting the records of a list in order: few at once, many in a worker, while the rows before them stay."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from textual.widget import Widget
from textual.worker import get_current_worker

from catalog_tui.core.errors import Cancelled

from .records import Query, Records, Sort

INLINE_RECORDS = 2_000
"""Lists up to this long are sorted and narrowed at once (under 10 ms); longer ones in a worker."""


class Asked(NamedTuple):
    """What is to be shown, and how; with many records it takes a while until it is."""

    source: Records | None
    sort: Sort
    query: Query = Query()


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Rows as they are shown: which record stands where, and what they are arranged by."""

    order: Sequence[int]
    sort: Sort
    query: Query

    def row_of(self, index: int | None) -> int | None:
        """The row where the record `index` stands; None where it is not shown."""
        if index is None:
            return None
        try:
            return self.order.index(index)  # one pass: 10 ms for a million
        except ValueError:
            return None


class Arranger:
    """Arranges what was asked last for one list; what was asked before that and comes late is dropped."""

    def __init__(
        self, owner: Widget, asked: Asked, show: Callable[[Records | None, Arrangement, str | None], None]
    ) -> None:
        """`owner` lends its workers; `show` is called in its turn with what was arranged and the name that `arrange`
        was given for the cursor."""
        self._owner = owner
        self._show = show
        self.asked = asked
        self.is_busy = False
        """Whether a worker is sorting or narrowing."""

    def arrange(self, asked: Asked, *, at: str | None, fresh: bool = False) -> None:
        """Arrange what is `asked`, and have it shown with the cursor on the record named `at`.

        `fresh`: it is another place, whose rows must not be waited for among those of the former."""
        self.asked = asked
        source, sort, query = asked
        count = 0 if source is None else len(source)
        if source is None or not count:
            self._finish(asked, ())
        elif sort.key == source.sort_keys[0] and not query.text:
            self._finish(asked, range(count)[:: -1 if sort.descending else 1], at)
        elif count <= INLINE_RECORDS:
            self._finish(asked, source.arranged(sort, query, lambda: False), at)
        else:
            self.is_busy = True
            if fresh:
                self._show(source, Arrangement((), sort, query), None)
            self._owner.run_worker(
                lambda: self._arrange_in_thread(source, asked, at),
                thread=True,
                exclusive=True,
                group="arrange",
                exit_on_error=False,
            )

    def _arrange_in_thread(self, source: Records, asked: Asked, at: str | None) -> None:
        worker = get_current_worker()
        try:
            order = source.arranged(asked.sort, asked.query, lambda: worker.is_cancelled)
        except Cancelled:
            return
        if not worker.is_cancelled:
            self._owner.call_later(self._finish, asked, order, at)

    def _finish(self, asked: Asked, order: Sequence[int], at: str | None = None) -> None:
        """Show what was arranged, unless something else was asked for while that was on its way."""
        if asked is not self.asked:
            return
        self._owner.workers.cancel_group(self._owner, "arrange")
        self.is_busy = False
        self._show(asked.source, Arrangement(order, asked.sort, asked.query), at)
