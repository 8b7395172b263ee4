"""Panes side by side, each of which shows what the cursor of the one before stands on."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from time import monotonic

from textual.message_pump import MessagePump
from textual.timer import Timer

from .archive_pane import ArchivePane

FOLLOW_S = 0.06
"""While the cursor moves on, the pane to the right waits until it has rested this long; one step is followed now."""


@dataclass(slots=True)
class Follow:
    """When the cursor of a pane moved last, and the timer by which the pane to its right follows."""

    moved_s: float = 0.0
    timer: Timer | None = None

    def is_due(self, now_s: float) -> bool:
        """Whether to follow a move made now at once: it is a single step, not one of many in a row."""
        if self.timer is not None:
            self.timer.stop()
            self.timer = None
        single = now_s - self.moved_s > FOLLOW_S
        self.moved_s = now_s
        return single


class PaneChain:
    """The way from the archive to a file: sites, the models of one, the media of one of these."""

    def __init__(self, owner: MessagePump, panes: Sequence[ArchivePane], at: Sequence[str]) -> None:
        """`owner` lends its timers; `at` are the names to put the cursors on, each when its pane is first read."""
        self._owner = owner
        self._panes = panes
        self._sought = tuple(at)
        self._follow = {pane: Follow() for pane in panes[:-1]}
        for pane in panes:
            pane.records.is_there = partial(self.is_there, pane)

    def begin(self) -> None:
        """Open the archive in the first pane; the others follow as it is read."""
        self._panes[0].open((), at=self._sought_in(()))

    def follow(self, pane: ArchivePane) -> None:
        """Show to the right what the cursor of `pane` came to stand on."""
        follow = self._follow.get(pane)
        if follow is None:
            return
        if follow.is_due(monotonic()):
            self.open_next(pane)
        else:
            follow.timer = self._owner.set_timer(FOLLOW_S, lambda: self.open_next(pane))

    def open_next(self, pane: ArchivePane) -> None:
        """Open in the pane to the right of `pane` what stands under its cursor, at once."""
        following, *further = self._panes[self._panes.index(pane) + 1 :]
        place = pane.place_under_cursor
        if place is None:
            for behind in (following, *further):
                behind.close()
        else:
            following.open(place, at=self._sought_in(place))
        for behind in self._panes[1:]:
            behind.records.catch_up()

    def is_there(self, pane: ArchivePane) -> bool:
        """Whether `pane` shows what the cursors to its left stand on, wholly read."""
        for left, right in pairwise(self._panes[: self._panes.index(pane) + 1]):
            if not left.is_read or right.place != left.place_under_cursor:
                return False
        return pane.is_read and not (pane.records.arranging and not pane.records.rows)

    def point_at(self, names: Sequence[str]) -> None:
        """Put the cursors on these names, one in each pane, as soon as that is read."""
        self._sought = tuple(names)
        for pane, name in zip(self._panes, names, strict=True):
            pane.clear_filter()
            pane.records.point_at(name)

    def names(self) -> tuple[str, ...]:
        """The names under the cursors, "" where there is none; what is sought, as long as panes on the way to it are
        not read yet."""
        at = [pane.records.current_name for pane in self._panes]
        read = at.index(None) if None in at else len(at)
        if tuple(at[:read]) == self._sought[:read]:
            return self._sought
        return tuple(name or "" for name in at)

    def _sought_in(self, place: tuple[str, ...]) -> str | None:
        """The name to put the cursor on in `place`, if that is on the way to what is sought."""
        return self._sought[len(place)] if place == self._sought[: len(place)] else None
