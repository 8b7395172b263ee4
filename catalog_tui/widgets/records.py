"""What a record list shows: one small protocol that sites, models, media and groups of duplicates fulfil."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from .columns import Column


class Sort(NamedTuple):
    """The order of a list: by which key, and which way."""

    key: str
    descending: bool = False


BY_NAME = Sort("name")


class Query(NamedTuple):
    """What a list is narrowed to; an empty text narrows nothing."""

    text: str = ""
    fuzzy: bool = False


class Records(Protocol):
    """A sequence of records that a list can show, sort and narrow without holding an object for each.

    An *index* is a record's position here, fixed as long as this object lives; a *row* is its position on screen."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns beside the name, the most important first."""

    @property
    def sort_keys(self) -> tuple[str, ...]:
        """The keys that `arranged` knows, the natural one first."""

    def __len__(self) -> int: ...

    def name(self, index: int) -> str:
        """The record's exact name, surrogates and all; never shown as it is."""

    def label(self, index: int) -> str:
        """The record's name as it is shown: one line, no control characters."""

    def cells(self, index: int) -> tuple[str, ...]:
        """The text of each column."""

    def tone(self, index: int) -> str:
        """How the row is coloured: `image`, `video`, `other`, `link`, `folder` or `aside`."""

    def find(self, name: str) -> int | None:
        """The index of the record with this exact name."""

    def arranged(self, sort: Sort, query: Query, cancelled: Callable[[], bool]) -> Sequence[int]:
        """The indexes to show, in order. May take long for many records: then `cancelled` is asked now and then.

        Raises `Cancelled`."""
