"""The store as thumbnails use it: by file and variant, and never in the way: what it cannot do is said once."""

import os
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from catalog_tui.core.complaints import Complaint
from catalog_tui.core.media import CannotShow, Facts
from catalog_tui.core.pictures.identity import Identity
from catalog_tui.core.pictures.records import Record, unpacked
from catalog_tui.core.pictures.store import Store, StoreDamaged, StoreStats, StoreUnusable
from catalog_tui.core.scan.index import filesystem_key
from catalog_tui.core.words import _

CAP_BYTES: Final = 10_000_000_000
CAP_SHARE: Final = 20  # a twentieth of the disk
RECIPE: Final = 2  # part of every key: raised when pictures are made otherwise, so that old ones fall out of use
FACTS: Final = "facts"
FULL_SHARE: Final = 0.8
PAUSE_S: Final = 60.0  # after a failed write, before the next is tried


def variant_of(size: int, frame: float | None) -> str:
    """The name of the picture of `size`, of a video that at `frame` seconds."""
    return str(size) if frame is None else f"{size}@{round(frame * 1000)}"


def problem_variant(frame: float | None) -> str:
    """The name of what is wrong with a file, or with a video at `frame` seconds."""
    return "problem" if frame is None else f"problem@{round(frame * 1000)}"


class Keeping:
    """Thread-safe; opens the store when it is first needed."""

    def __init__(self, folder: Path, cap_bytes: int | None, complain: Callable[[Complaint], None] | None) -> None:
        self._folder = folder
        self._cap_bytes = cap_bytes
        self._complain = complain
        self._lock = threading.Lock()
        self._store: Store | None = None
        self._is_tried = cap_bytes == 0
        self._has_complained = False
        self._silent_until = 0.0
        self._filesystems: dict[int, str] = {}

    def recall(self, identity: Identity, variant: str, frame: float | None) -> Record | None:
        """What is kept of the file as `variant`, or the problem with it; None where nothing is."""
        return self._get(identity, variant) or self._get(identity, problem_variant(frame))

    def facts(self, identity: Identity) -> Facts | None:
        """What is known of the file; None where nothing is. Raises CannotShow where it is known that it cannot be."""
        for variant in ("320", "1280", FACTS, problem_variant(None)):
            record = self._get(identity, variant)
            if record is not None and record.problem is not None:
                raise CannotShow(record.problem.problem, record.problem.detail)
            if record is not None and record.facts is not None:
                return record.facts
        return None

    def has(self, identity: Identity, variant: str) -> bool:
        """Whether this picture is kept."""
        store = self._opened()
        try:
            return store is not None and store.has(self._key(identity, variant))
        except StoreUnusable as error:
            self._fail(error)
            return False

    def keep(self, identity: Identity, variant: str, record: Record) -> None:
        """Keep it, if that can be."""
        store = self._opened()
        if store is None or time.monotonic() < self._silent_until:
            return
        try:
            store.put(self._key(identity, variant), record.packed())
        except StoreDamaged as error:
            self._fail(error)
        except StoreUnusable as error:
            self._silent_until = time.monotonic() + PAUSE_S
            self._fail(error)

    def has_room(self) -> bool:
        """Whether more can be kept without losing what this object has kept; False where nothing is."""
        store = self._opened()
        is_silent = time.monotonic() < self._silent_until
        return store is not None and not is_silent and store.written_bytes < store.cap_bytes * FULL_SHARE

    def stats(self) -> StoreStats:
        """What the store holds; zeros where there is none."""
        store = self._opened()
        try:
            return StoreStats(0, 0, 0, 0) if store is None else store.stats()
        except StoreUnusable as error:
            self._fail(error)
            return StoreStats(0, 0, 0, 0)

    def clear(self) -> int:
        """Forget all; gives the bytes that were freed. Raises StoreUnusable."""
        store = self._opened()
        return 0 if store is None else store.clear()

    def close(self) -> None:
        """Let go of the store; from now on nothing is kept."""
        with self._lock:
            store, self._store, self._is_tried = self._store, None, True
        if store is not None:
            store.close()

    def _get(self, identity: Identity, variant: str) -> Record | None:
        store = self._opened()
        if store is None:
            return None
        try:
            packed = store.get(self._key(identity, variant))
        except StoreUnusable as error:
            self._fail(error)
            return None
        return None if packed is None else unpacked(packed)

    def _opened(self) -> Store | None:
        if self._is_tried:
            return self._store
        with self._lock:
            if not self._is_tried:
                try:
                    self._store = Store(self._folder, self._cap(), complain=self._say)
                except StoreUnusable as error:
                    self._fail(error)
                self._is_tried = True
            return self._store

    def _cap(self) -> int:
        if self._cap_bytes is not None:
            return self._cap_bytes
        there = self._folder
        while not there.exists() and there != there.parent:
            there = there.parent
        try:
            return min(CAP_BYTES, shutil.disk_usage(there).total // CAP_SHARE)
        except OSError:
            return CAP_BYTES

    def _key(self, identity: Identity, variant: str) -> bytes:
        from xxhash import xxh3_128_digest

        filesystem = self._filesystems[identity.device]
        about = (RECIPE, filesystem, identity.inode, identity.size, identity.mtime_ns, variant)
        return xxh3_128_digest("|".join(map(str, about)).encode())

    def meet(self, path: str, device: int) -> None:
        """Learn on which filesystem the files of this device number are: a remount changes the number, not that."""
        if device not in self._filesystems:
            self._filesystems[device] = filesystem_key(os.fsencode(path), device)

    def _say(self, text: str) -> None:
        if self._complain is not None:
            self._complain(Complaint(text, os.fspath(self._folder)))

    def _fail(self, error: StoreUnusable) -> None:
        if isinstance(error, StoreDamaged) and self._store is not None:
            try:
                self._store.rebuild()
                return
            except StoreUnusable as worse:
                error = worse
        if not self._has_complained:
            self._has_complained = True
            self._say(_("thumbnails are not kept: {reason}").format(reason=error))
