"""Who reads folders for the archive: this process, or children of it (`child_reader.py`)."""

from array import array
from collections.abc import Callable, Sequence
from typing import Protocol

from catalog_tui.core.layout import Folders, read_folders
from catalog_tui.core.listing import Listing, ModelInfo, never, read_info, read_listing
from catalog_tui.core.matching import Criteria, arrange
from catalog_tui.core.packed import PackedNames
from catalog_tui.core.stamps import Stamps


class Reader(Protocol):
    """Reads folders. Every call blocks until it is done, raises OSError where the folder itself cannot be read, and
    Cancelled soon after `cancelled` gives True."""

    def folders(
        self, top: str, *, levels: int = 1, loose: bool = False, cancelled: Callable[[], bool] = never
    ) -> Folders:
        """See `layout.read_folders`."""

    def listing(self, top: str, *, recursive: bool = True, cancelled: Callable[[], bool] = never) -> Listing:
        """See `listing.read_listing`."""

    def listings(self, tops: Sequence[str], *, cancelled: Callable[[], bool] = never) -> list[Listing | OSError]:
        """The `listing` of each of several folders, or why it cannot be read: quicker than one after the other."""

    def info(
        self, top: str, *, recursive: bool = True, cancelled: Callable[[], bool] = never
    ) -> tuple[ModelInfo, Stamps]:
        """See `listing.read_info`."""

    def arrange(self, names: PackedNames, criteria: Criteria, *, cancelled: Callable[[], bool] = never) -> "array[int]":
        """See `matching.Finder.arrange`. Cheapest where the same `names` object is asked again."""


class DirectReader:
    """Reads in the caller's thread: right for programs without a screen, and for tests."""

    def folders(
        self, top: str, *, levels: int = 1, loose: bool = False, cancelled: Callable[[], bool] = never
    ) -> Folders:
        """See Reader."""
        return read_folders(top, levels=levels, loose=loose, cancelled=cancelled)

    def listing(self, top: str, *, recursive: bool = True, cancelled: Callable[[], bool] = never) -> Listing:
        """See Reader."""
        return read_listing(top, recursive=recursive, cancelled=cancelled)

    def listings(self, tops: Sequence[str], *, cancelled: Callable[[], bool] = never) -> list[Listing | OSError]:
        """See Reader."""
        return [self._listing_or_error(top, cancelled) for top in tops]

    def info(
        self, top: str, *, recursive: bool = True, cancelled: Callable[[], bool] = never
    ) -> tuple[ModelInfo, Stamps]:
        """See Reader."""
        return read_info(top, recursive=recursive, cancelled=cancelled)

    def arrange(self, names: PackedNames, criteria: Criteria, *, cancelled: Callable[[], bool] = never) -> "array[int]":
        """See Reader."""
        return arrange(names, criteria, cancelled=cancelled)

    def _listing_or_error(self, top: str, cancelled: Callable[[], bool]) -> Listing | OSError:
        try:
            return self.listing(top, cancelled=cancelled)
        except OSError as error:
            return error
