"""What can be looked at one after the other on the whole screen: the files of a list, or two that are compared."""

from collections.abc import Sequence
from typing import Protocol

from .panes import MediaPane
from .subject import Subject


class Series(Protocol):
    """Files in rows, of which those with a picture are shown."""

    @property
    def rows(self) -> int:
        """How many there are."""

    @property
    def cursor(self) -> int:
        """The row looked at."""

    @property
    def compares(self) -> bool:
        """Whether they are looked at in turns, at the same part of each."""

    def subject(self, row: int) -> Subject | None:
        """The picture in a row; None where there is none."""

    def label(self, row: int) -> str:
        """What a row is called, ready for the screen."""

    def move_to(self, row: int) -> None:
        """Another row is looked at."""


class PaneSeries:
    """The files of a media pane, in its order; its cursor moves along."""

    compares = False

    def __init__(self, pane: MediaPane) -> None:
        self._pane = pane

    @property
    def rows(self) -> int:
        """See Series."""
        return self._pane.records.rows

    @property
    def cursor(self) -> int:
        """See Series."""
        return self._pane.records.cursor

    def subject(self, row: int) -> Subject | None:
        """See Series."""
        return self._pane.subject(row)

    def label(self, row: int) -> str:
        """See Series."""
        records = self._pane.records
        return "" if records.source is None or row >= records.rows else records.source.label(records.order[row])

    def move_to(self, row: int) -> None:
        """See Series."""
        self._pane.records.move_to(row)


class ComparedSeries:
    """A few files that are looked at in turns, again and again."""

    compares = True

    def __init__(self, labels: Sequence[str], subjects: Sequence[Subject], cursor: int = 0) -> None:
        self._labels = labels
        self._subjects = subjects
        self.cursor = cursor

    @property
    def rows(self) -> int:
        """See Series."""
        return len(self._subjects)

    def subject(self, row: int) -> Subject | None:
        """See Series."""
        return self._subjects[row]

    def label(self, row: int) -> str:
        """See Series."""
        return self._labels[row]

    def move_to(self, row: int) -> None:
        """See Series."""
        self.cursor = row
