"""A reader that asks what other servers have read before it reads itself.

What it is given is looked at as if it came from the cache of this process: only while the folders that it was read from
have the times that they had then, as this machine sees them, is it taken.
"""

import os
from array import array
from collections.abc import Callable, Sequence
from typing import TypeVar

from catalog_tui.core.frames import Frame, of_folders, of_info, of_listing, to_folders, to_info, to_listing
from catalog_tui.core.layout import Folders
from catalog_tui.core.listing import Listing, ModelInfo, never
from catalog_tui.core.matching import Criteria
from catalog_tui.core.packed import PackedNames
from catalog_tui.core.reader import Reader
from catalog_tui.core.stamps import UNTRUSTED_NS, Stamps
from catalog_tui.server.sharing.byte_store import ByteStore
from catalog_tui.server.sharing.packing import packed, unpacked

T = TypeVar("T")


class SharedReader:
    """A Reader (see there) of the archive at `root`. What could not be read whole is not shared: another may."""

    def __init__(self, root: str, reader: Reader, store: ByteStore) -> None:
        self._root = root
        self._reader = reader
        self._store = store

    def folders(
        self, top: str, *, levels: int = 1, loose: bool = False, cancelled: Callable[[], bool] = never
    ) -> Folders:
        """See Reader."""

        def read() -> tuple[Folders, Frame | None]:
            folders = self._reader.folders(top, levels=levels, loose=loose, cancelled=cancelled)
            return folders, None if folders.errors else of_folders(folders)._replace(plain=())

        return self._shared(f"folders {levels} {loose}", top, to_folders, lambda folders: folders.stamps, read)

    def listing(self, top: str, *, recursive: bool = True, cancelled: Callable[[], bool] = never) -> Listing:
        """See Reader."""

        def read() -> tuple[Listing, Frame | None]:
            listing = self._reader.listing(top, recursive=recursive, cancelled=cancelled)
            return listing, _of_listing(listing)

        return self._shared(_listing_key(recursive), top, _to_listing, lambda listing: listing.stamps, read)

    def listings(self, tops: Sequence[str], *, cancelled: Callable[[], bool] = never) -> list[Listing | OSError]:
        """See Reader."""
        epoch = self._store.epoch
        keys = [key_of(_listing_key(True), self._root, top) for top in tops] if epoch else []
        asked = [key for key in keys if key is not None]
        if not epoch or len(asked) < len(tops):
            return self._reader.listings(tops, cancelled=cancelled)
        found: dict[str, Listing | OSError] = {}
        for top, content in zip(tops, self._store.get_many(asked), strict=True):
            listing = None if content is None else _to_listing(unpacked(content))
            if listing is not None and listing.stamps.hold(top):
                found[top] = listing
        missing = [top for top in tops if top not in found]
        found |= zip(missing, self._reader.listings(missing, cancelled=cancelled), strict=True)
        key_by_top = dict(zip(tops, asked, strict=True))
        for top in missing:
            listed = found[top]
            if not isinstance(listed, OSError):
                self._put(key_by_top[top], _of_listing(listed), listed.stamps, epoch)
        return [found[top] for top in tops]

    def info(
        self, top: str, *, recursive: bool = True, cancelled: Callable[[], bool] = never
    ) -> tuple[ModelInfo, Stamps]:
        """See Reader."""

        def read() -> tuple[tuple[ModelInfo, Stamps], Frame | None]:
            info, stamps = self._reader.info(top, recursive=recursive, cancelled=cancelled)
            return (info, stamps), None if info.errors else of_info(info, stamps)

        return self._shared(f"info {recursive}", top, to_info, lambda told: told[1], read)

    def arrange(self, names: PackedNames, criteria: Criteria, *, cancelled: Callable[[], bool] = never) -> "array[int]":
        """See Reader."""
        return self._reader.arrange(names, criteria, cancelled=cancelled)

    def _shared(
        self,
        what: str,
        top: str,
        made: Callable[[Frame], T],
        stamps_of: Callable[[T], Stamps],
        read: Callable[[], tuple[T, Frame | None]],
    ) -> T:
        """What another server has read of `top`, if that is still so; else what `read` gives, and to the others the
        frame that it gives with it."""
        epoch = self._store.epoch
        key = key_of(what, self._root, top) if epoch else None
        if key is None:
            return read()[0]
        content = self._store.get(key)
        if content is not None:
            known = made(unpacked(content))
            if stamps_of(known).hold(top):
                return known
        value, frame = read()
        self._put(key, frame, stamps_of(value), epoch)
        return value

    def _put(self, key: bytes, frame: Frame | None, stamps: Stamps, epoch: str) -> None:
        """Share what was read, unless its stamps cannot be trusted."""
        if frame is not None and UNTRUSTED_NS not in stamps.ctimes_ns:
            self._store.put(key, packed(frame), epoch)


def key_of(what: str, root: str, path: str) -> bytes | None:
    """The key of `what` is shared about `path`, the same wherever the archive is mounted; None outside of it."""
    if path != root and not path.startswith(root + "/"):
        return None
    return f"{what}\n".encode() + os.fsencode(path[len(root) + 1 :])


def _listing_key(recursive: bool) -> str:
    return f"listing {recursive}"


def _of_listing(listing: Listing) -> Frame | None:
    return None if listing.errors else of_listing(listing)._replace(plain=(listing.side_files,))


def _to_listing(frame: Frame) -> Listing:
    return to_listing(frame._replace(plain=(frame.plain[0], ())))
