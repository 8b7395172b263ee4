"""Thumbnails that ask what other servers have made before they let a worker make one."""

import os
from collections.abc import Callable
from stat import S_ISREG

from catalog_tui.core.pictures.identity import Identity, identity_of
from catalog_tui.core.pictures.keeping import variant_of
from catalog_tui.core.pictures.pool import Priority
from catalog_tui.core.pictures.records import Record, unpacked
from catalog_tui.core.thumbnails import Size, Thumbnails
from catalog_tui.server.sharing.byte_store import ByteStore
from catalog_tui.server.sharing.shared_reader import key_of


class SharedThumbnails(Thumbnails):
    """See Thumbnails. Of files of the archive at `root`, pictures are shared under the path and the file's state."""

    def __init__(self, root: str, store: ByteStore, *, workers: int | None = None) -> None:
        super().__init__(workers=workers)
        self._root = root
        self._shared = store

    def _make(
        self,
        path: str,
        identity: Identity,
        sizes: tuple[Size, ...],
        frame: float | None,
        priority: Priority,
        cancelled: Callable[[], bool],
    ) -> Record:
        epoch = self._shared.epoch
        key = self._key(path, identity, sizes[0]) if epoch and len(sizes) == 1 and frame is None else None
        content = None if key is None else self._shared.get(key)
        known = None if content is None else unpacked(content)
        if known is not None and known.made is not None:
            self._keeping.keep(identity, variant_of(sizes[0], None), known)
            return known
        record = super()._make(path, identity, sizes, frame, priority, cancelled)
        if key is not None and record.made is not None:
            self._shared.put(key, record.packed(), epoch)
        return record

    def _key(self, path: str, identity: Identity, size: Size) -> bytes | None:
        """The key of a picture. Without device and inode, which other machines see otherwise, size and date alone would
        not tell a file from one that took its place; its ctime does."""
        try:
            status = os.lstat(path)
        except (OSError, ValueError):
            return None
        if not S_ISREG(status.st_mode) or identity_of(status) != identity:
            return None
        state = f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"
        return key_of(f"thumb {size} {state}", self._root, path)
