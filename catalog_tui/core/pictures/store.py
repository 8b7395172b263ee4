"""A store of small things under 16-byte keys, on disk, never larger than its cap: packs of records, and their index.

Records are appended to packs of some 64 MB, so that a million of them are not a million files; SQLite knows where each
one is and when it was last used. Each process appends to a pack of its own, which it holds by a file lock. A record is
written before the index tells of it, and proves itself when it is read: whatever a kill, a full disk or another process
leaves behind, what is read is right or is not there. When the cap is near, the pack that was used least recently goes,
after what was used of it lately has been moved.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, NamedTuple

from catalog_tui.core.pictures.index import (
    INDEX_NAME,
    StoreDamaged,
    StoreUnusable,
    connect,
    guarded,
    open_index,
    set_aside,
)
from catalog_tui.core.pictures.packs import HEAD, Pack, Packs
from catalog_tui.core.words import _

__all__ = ["Store", "StoreDamaged", "StoreStats", "StoreUnusable"]

PAGE_BYTES: Final = 4096
PACK_BYTES: Final = 64 << 20
LEAST_PACK_BYTES: Final = 1 << 16
PACKS: Final = 16  # at least so many make up the cap, so that one can go without much being lost
TOUCH_S: Final = 600  # a use is noted if the last one noted is older: reading must not become writing
TOUCHES: Final = 256
RESCUED_SHARE: Final = 2  # at most a half of a pack that goes is moved, or making room might never end


class StoreStats(NamedTuple):
    """What a store holds."""

    records: int
    bytes: int
    """On the disk: packs and index."""
    cap_bytes: int
    packs: int


class Store:
    """The store in one folder. Thread-safe, and several processes may have it open. Raises StoreUnusable."""

    def __init__(
        self,
        folder: Path,
        cap_bytes: int,
        *,
        pack_bytes: int | None = None,
        clock: Callable[[], float] = time.time,
        complain: Callable[[str], None] = lambda text: None,
    ) -> None:
        """`complain` is told of an index that was set aside. `clock` gives seconds."""
        self.cap_bytes: Final = cap_bytes
        self.written_bytes = 0
        self._index: Final = folder / INDEX_NAME
        self._packs: Final = Packs(folder)
        self._pack_bytes: Final = pack_bytes or max(LEAST_PACK_BYTES, min(PACK_BYTES, cap_bytes // PACKS))
        self._clock = clock
        self._complain = complain
        self._writing = threading.Lock()
        self._reading = threading.Lock()
        self._touched: dict[bytes, int] = {}
        self._own: Pack | None = None
        with guarded():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._open()

    def get(self, key: bytes) -> bytes | None:
        """What was put under `key`; None where nothing is, or not any more."""
        row = self._row(key)
        if row is None:
            return None
        pack, start, length, used = row
        data = self._packs.read(pack, key, start, length)
        now = int(self._clock())
        if data is not None and now - used >= TOUCH_S:
            self._touched[key] = now
            if len(self._touched) >= TOUCHES:
                self._write_uses()
        return data

    def has(self, key: bytes) -> bool:
        """Whether something is kept under `key`, by the index alone."""
        return self._row(key) is not None

    def put(self, key: bytes, data: bytes) -> None:
        """Keep `data` under `key`; what was there is forgotten. What is too large for a pack is not kept."""
        needed = HEAD.size + len(data)
        if needed > self._pack_bytes:
            return
        with self._writing, guarded():
            with self._change() as gone:
                self._note_uses()
                self._make_room(needed, gone)
                place = self._append(key, data)
                self._writer.execute(
                    "INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?, ?)",
                    (key, *place, len(data), int(self._clock())),
                )
            self.written_bytes += needed

    def stats(self) -> StoreStats:
        """What the store holds now."""
        with self._writing, guarded():
            (records,) = self._writer.execute("SELECT count(*) FROM record").fetchone()
            (packs,) = self._writer.execute("SELECT count(*) FROM pack").fetchone()
            return StoreStats(records, self._taken(), self.cap_bytes, packs)

    def clear(self) -> int:
        """Forget everything; gives the bytes freed. What another process is just writing to stays until it ends."""
        with self._writing, guarded():
            before = self._taken()
            with self._change() as gone:
                self._touched.clear()
                self._release()
                self._writer.execute("DELETE FROM record")
                for (number,) in self._writer.execute("SELECT id FROM pack").fetchall():
                    pack = self._packs.held(number)
                    if pack is not None:
                        self._drop(pack, gone)
            with suppress(sqlite3.OperationalError):  # another process is at work: then the index keeps its size
                self._writer.execute("VACUUM")
            return before - self._taken()

    def rebuild(self) -> None:
        """Set a damaged index aside and begin anew, unless another process did already."""
        with self._writing, self._reading, guarded():
            self._shut()
            if self._index.exists() and self._inode == self._index.stat().st_ino:
                self._tell_of(set_aside(self._index))
            self._open()

    def close(self) -> None:
        """Note what was used, and let go."""
        with self._writing, self._reading:
            with suppress(StoreUnusable), guarded(), self._change():
                self._note_uses()
            self._shut()

    def _open(self) -> None:
        self._writer, aside = open_index(self._index)
        if aside is not None:
            self._tell_of(aside)
        self._reader = connect(self._index)
        self._inode = self._index.stat().st_ino
        with self._change() as gone:  # so that no other process is just beginning a pack
            known = {number for (number,) in self._writer.execute("SELECT id FROM pack")}
            gone += self._packs.strays(known)

    def _tell_of(self, aside: Path) -> None:
        text = _("the index of thumbnails was damaged or another program's: it is {file} now, and a new one was begun")
        self._complain(text.format(file=aside.name))

    def _shut(self) -> None:
        self._release()
        self._reader.close()
        self._writer.close()

    def _row(self, key: bytes) -> tuple[int, int, int, int] | None:
        with self._reading, guarded():
            row: tuple[int, int, int, int] | None = self._reader.execute(
                "SELECT pack, start, length, used FROM record WHERE key = ?", (key,)
            ).fetchone()
            return row

    def _append(self, key: bytes, data: bytes) -> tuple[int, int]:
        """Write a record at the end of this process's pack; gives the pack's number and where the record starts."""
        needed = HEAD.size + len(data)
        pack, end = self._with_room(needed)
        pack.write(end, key, data)
        self._writer.execute("UPDATE pack SET bytes = ? WHERE id = ?", (end + needed, pack.number))
        return pack.number, end

    def _with_room(self, needed: int) -> tuple[Pack, int]:
        """This process's pack, and its length; another one where there is none or it is full."""
        if self._own is not None:
            row = self._writer.execute("SELECT bytes FROM pack WHERE id = ?", (self._own.number,)).fetchone()
            if row is not None and row[0] + needed <= self._pack_bytes:
                return self._own, row[0]
            self._release()
        unfilled = "SELECT id, bytes FROM pack WHERE bytes + ? <= ?"
        for number, length in self._writer.execute(unfilled, (needed, self._pack_bytes)).fetchall():
            self._own = self._packs.held(number)
            if self._own is not None:
                self._own.cut(length)  # what was written after that was never told of
                return self._own, length
        while self._own is None:  # a number may be held by a process whose index was set aside
            number = self._writer.execute("INSERT INTO pack (bytes) VALUES (0)").lastrowid
            assert number is not None
            self._own = self._packs.held(number)
        self._own.cut(0)
        return self._own, 0

    def _make_room(self, needed: int, gone: list[Pack]) -> None:
        """Let packs go until there is room for `needed` bytes, and for what is moved out of the next that goes."""
        reserve = self._pack_bytes // RESCUED_SHARE
        while self._taken() + needed + reserve > self.cap_bytes:
            pack = self._least_used()
            if pack is not None:
                self._rescue(pack)
            elif self._own is not None:
                pack, self._own = self._own, None
            else:
                raise StoreUnusable(_("the store is full, and other programs are writing to all of it"))
            self._drop(pack, gone)

    def _least_used(self) -> Pack | None:
        """The pack that was used least recently, on average, of those that nobody writes to."""
        numbers = self._writer.execute(
            "SELECT pack.id FROM pack LEFT JOIN record ON record.pack = pack.id"
            " GROUP BY pack.id ORDER BY ifnull(avg(record.used), 0), pack.id"
        ).fetchall()
        return next((pack for (number,) in numbers if (pack := self._packs.held(number)) is not None), None)

    def _rescue(self, pack: Pack) -> None:
        """Move out of a pack that goes what was used more recently than most of the store, the latest first."""
        room = self._pack_bytes // RESCUED_SHARE
        rows = self._writer.execute(
            "SELECT key, start, length FROM record"
            " WHERE pack = ? AND used > (SELECT avg(used) FROM record) ORDER BY used DESC",
            (pack.number,),
        ).fetchall()
        for key, start, length in rows:
            room -= HEAD.size + length
            if room < 0:
                break
            data = self._packs.read(pack.number, key, start, length)
            if data is not None:
                place = self._append(key, data)
                self._writer.execute("UPDATE record SET pack = ?, start = ? WHERE key = ?", (*place, key))

    def _drop(self, pack: Pack, gone: list[Pack]) -> None:
        self._writer.execute("DELETE FROM record WHERE pack = ?", (pack.number,))
        self._writer.execute("DELETE FROM pack WHERE id = ?", (pack.number,))
        gone.append(pack)

    def _release(self) -> None:
        if self._own is not None:
            self._own.release()
            self._own = None

    def _write_uses(self) -> None:
        with suppress(StoreUnusable), self._writing, guarded(), self._change():
            self._note_uses()

    def _note_uses(self) -> None:
        touched, self._touched = self._touched, {}
        uses = [(used, key) for key, used in touched.items()]
        self._writer.executemany("UPDATE record SET used = ? WHERE key = ?", uses)

    def _taken(self) -> int:
        """Bytes of packs and index."""
        (packs,) = self._writer.execute("SELECT ifnull(sum(bytes), 0) FROM pack").fetchone()
        (pages,) = self._writer.execute("PRAGMA page_count").fetchone()
        return int(packs + pages * PAGE_BYTES)

    @contextmanager
    def _change(self) -> Iterator[list[Pack]]:
        """A transaction. Packs that are put into the list it gives are deleted once the index has forgotten them."""
        gone: list[Pack] = []
        self._writer.execute("BEGIN IMMEDIATE")
        try:
            yield gone
            self._writer.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):  # where SQLite itself gave it up already
                self._writer.execute("ROLLBACK")
            self._release()  # it may be a pack that the index now knows nothing of
            for pack in gone:
                pack.release()
            raise
        self._packs.remove(gone)
