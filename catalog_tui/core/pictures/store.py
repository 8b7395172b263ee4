"""A store of small things under 16-byte keys, on disk, never larger than its cap: packs of records, and their index.

Records are appended to packs of some 64 MB, so that a million of them are not a million files; SQLite knows where each
one is and when it was last used. Each process appends to a pack of its own, which it holds by a file lock. A record is
written before the index tells of it, and says itself whose it is and what its bytes add up to: whatever a kill, a full
disk or another process leaves behind, what is read is right or is not there. When the cap is near, the pack that was
used least recently goes, after what was used of it lately has been moved.
"""

import errno
import os
import sqlite3
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final, NamedTuple

from xxhash import xxh3_64_intdigest

from catalog_tui.core.errors import CatalogError
from catalog_tui.core.scan.lock import try_lock
from catalog_tui.core.words import _, reason_of

INDEX_NAME: Final = "index.db"
APPLICATION_ID: Final = 0x43545448  # "CTTH": tells our file from any other
SCHEMA_VERSION: Final = 1
BUSY_S: Final = 10.0
PAGE_BYTES: Final = 4096
PACK_BYTES: Final = 64 << 20
LEAST_PACK_BYTES: Final = 1 << 16
PACKS: Final = 16  # at least so many make up the cap, so that one can go without much being lost
TOUCH_S: Final = 600  # a use is noted if the last one noted is older: reading must not become writing
TOUCHES: Final = 256
RESCUED_SHARE: Final = 2  # at most a half of a pack that goes is moved, or making room might never end

HEAD: Final = struct.Struct("<4s16sIQ")  # magic, key, length, checksum
MAGIC: Final = b"CTt1"

_SCHEMA: Final = f"""
BEGIN IMMEDIATE;
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {SCHEMA_VERSION};
CREATE TABLE IF NOT EXISTS pack (id INTEGER PRIMARY KEY AUTOINCREMENT, bytes INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS record (
    key BLOB PRIMARY KEY, pack INTEGER NOT NULL, start INTEGER NOT NULL, length INTEGER NOT NULL, used INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS by_pack ON record (pack, used, length);
COMMIT;
"""


class StoreUnusable(CatalogError):
    """The store cannot be read or written now; the text says why."""


class StoreDamaged(StoreUnusable):
    """The index is damaged: `Store.rebuild` begins a new one."""


class StoreStats(NamedTuple):
    """What a store holds."""

    records: int
    bytes: int
    """On the disk: packs and index."""
    cap_bytes: int
    packs: int


class _Pack(NamedTuple):
    id: int
    file: IO[bytes]


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
        """`complain` is told of an index that was set aside."""
        self.folder: Final = folder
        self.cap_bytes: Final = cap_bytes
        self._pack_bytes = pack_bytes or max(LEAST_PACK_BYTES, min(PACK_BYTES, cap_bytes // PACKS))
        self._clock = clock
        self._complain = complain
        self._writing = threading.Lock()
        self._reading = threading.Lock()
        self._touched: dict[bytes, int] = {}
        self._pack: _Pack | None = None
        with _guarded():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._open()

    def get(self, key: bytes) -> bytes | None:
        """What was put under `key`; None where nothing is, or not any more."""
        row = self._row(key)
        if row is None:
            return None
        pack, start, length, used = row
        data = self._read(pack, key, start, length)
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
        """Keep `data` under `key`; what was there is forgotten. What is too large for the cap is not kept."""
        needed = HEAD.size + len(data)
        if needed > self._pack_bytes:
            return
        with self._writing, _guarded():
            gone: list[_Pack] = []
            with self._transaction():
                self._note_uses()
                self._make_room(needed, gone)
                pack, start = self._append(key, data)
                self._writer.execute(
                    "INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?, ?)",
                    (key, pack, start, len(data), int(self._clock())),
                )
            self._remove(gone)

    def stats(self) -> StoreStats:
        """What the store holds now."""
        with self._writing, _guarded():
            (records,) = self._writer.execute("SELECT count(*) FROM record").fetchone()
            (packs,) = self._writer.execute("SELECT count(*) FROM pack").fetchone()
            return StoreStats(records, self._taken(), self.cap_bytes, packs)

    def clear(self) -> int:
        """Forget everything; gives the bytes freed. What another process is just writing to stays until it ends."""
        with self._writing, _guarded():
            before = self._taken()
            gone: list[_Pack] = []
            with self._transaction():
                self._touched.clear()
                self._release()
                self._writer.execute("DELETE FROM record")
                for (number,) in self._writer.execute("SELECT id FROM pack").fetchall():
                    pack = self._held(number)
                    if pack is not None:
                        self._drop(pack, gone)
            self._remove(gone)
            self._writer.execute("VACUUM")
            return before - self._taken()

    def rebuild(self) -> None:
        """Set a damaged index aside and begin anew, unless another process did already."""
        with self._writing, self._reading, _guarded():
            self._shut()
            if self._inode == os.stat(self._index).st_ino:
                self._set_aside()
            self._open()

    def close(self) -> None:
        """Note what was used, and let go."""
        with self._writing, self._reading:
            with suppress(StoreUnusable), _guarded(), self._transaction():
                self._note_uses()
            self._shut()

    def _open(self) -> None:
        try:
            self._writer = self._connect()
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:  # "file is not a database"
            self._set_aside()
            self._writer = self._connect()
        (mark,) = self._writer.execute("PRAGMA application_id").fetchone()
        (version,) = self._writer.execute("PRAGMA user_version").fetchone()
        if (mark, version) != (APPLICATION_ID, SCHEMA_VERSION):
            self._writer.close()
            self._set_aside()
            self._writer = self._connect()
        self._reader = sqlite3.connect(self._index, timeout=BUSY_S, check_same_thread=False, isolation_level=None)
        self._inode = os.stat(self._index).st_ino
        self._remove_strays()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._index, timeout=BUSY_S, check_same_thread=False, isolation_level=None)
        try:
            if connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.executescript(_SCHEMA)
            connection.execute("PRAGMA synchronous = NORMAL")
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _shut(self) -> None:
        self._release()
        self._reader.close()
        self._writer.close()

    def _set_aside(self) -> None:
        aside = self._index.with_name(INDEX_NAME + ".set-aside")
        os.replace(self._index, aside)
        for suffix in ("-wal", "-shm"):
            with suppress(FileNotFoundError):
                os.remove(self.folder / (INDEX_NAME + suffix))
        text = _("the index of thumbnails was damaged or another program's: it is {file} now, and a new one was begun")
        self._complain(text.format(file=aside.name))

    def _remove_strays(self) -> None:
        """Delete packs of which the index does not tell: of a process killed at the wrong moment, or an older index."""
        strays: list[_Pack] = []
        with self._transaction():
            known = {f"{number}.pack" for (number,) in self._writer.execute("SELECT id FROM pack")}
            for path in self.folder.glob("*.pack"):
                pack = self._held(int(path.stem)) if path.stem.isdecimal() and path.name not in known else None
                if pack is not None:
                    strays.append(pack)
        self._remove(strays)

    def _row(self, key: bytes) -> tuple[int, int, int, int] | None:
        with self._reading, _guarded():
            row: tuple[int, int, int, int] | None = self._reader.execute(
                "SELECT pack, start, length, used FROM record WHERE key = ?", (key,)
            ).fetchone()
            return row

    def _read(self, pack: int, key: bytes, start: int, length: int) -> bytes | None:
        """The record that should stand there; None where the pack is gone or holds something else."""
        try:
            with open(
                self._path(pack), "rb", buffering=0
            ) as file:  # not kept open: a pack that goes must free its disk
                file.seek(start)
                record = file.read(HEAD.size + length)
        except OSError:
            return None
        data = record[HEAD.size :]
        return data if record[: HEAD.size] == _head(key, data) and len(data) == length else None

    def _append(self, key: bytes, data: bytes) -> tuple[int, int]:
        """Write a record at the end of this process's pack; gives the pack's number and where the record starts."""
        record = _head(key, data) + data
        pack, end = self._with_room(len(record))
        pack.file.seek(end)
        if pack.file.write(record) != len(record):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._writer.execute("UPDATE pack SET bytes = ? WHERE id = ?", (end + len(record), pack.id))
        return pack.id, end

    def _with_room(self, needed: int) -> tuple[_Pack, int]:
        """This process's pack, and its length; another one where there is none or it is full."""
        if self._pack is not None:
            row = self._writer.execute("SELECT bytes FROM pack WHERE id = ?", (self._pack.id,)).fetchone()
            if row is not None and row[0] + needed <= self._pack_bytes:
                return self._pack, row[0]
            self._release()
        unfilled = "SELECT id, bytes FROM pack WHERE bytes + ? <= ?"
        for number, length in self._writer.execute(unfilled, (needed, self._pack_bytes)).fetchall():
            self._pack = self._held(number)
            if self._pack is not None:
                self._pack.file.truncate(length)  # what was written after that was never told of
                return self._pack, length
        while self._pack is None:
            number = self._writer.execute("INSERT INTO pack (bytes) VALUES (0)").lastrowid
            assert number is not None
            self._pack = self._held(number)
        self._pack.file.truncate(0)
        return self._pack, 0

    def _make_room(self, needed: int, gone: list[_Pack]) -> None:
        """Let packs go until there is room for `needed` bytes, and for what is moved out of the next that goes."""
        reserve = self._pack_bytes // RESCUED_SHARE
        while self._taken() + needed + reserve > self.cap_bytes:
            pack = self._least_used()
            if pack is not None:
                self._rescue(pack)
            elif self._pack is not None:
                pack, self._pack = self._pack, None
            else:
                raise StoreUnusable(_("the store is full, and other programs are writing to all of it"))
            self._drop(pack, gone)

    def _least_used(self) -> _Pack | None:
        """The pack that was used least recently, on average, of those that nobody writes to."""
        numbers = self._writer.execute(
            "SELECT pack.id FROM pack LEFT JOIN record ON record.pack = pack.id"
            " GROUP BY pack.id ORDER BY ifnull(avg(record.used), 0), pack.id"
        ).fetchall()
        return next((pack for (number,) in numbers if (pack := self._held(number)) is not None), None)

    def _rescue(self, pack: _Pack) -> None:
        """Move out of a pack that goes what was used more recently than most of the store, the latest first."""
        (length,) = self._writer.execute("SELECT bytes FROM pack WHERE id = ?", (pack.id,)).fetchone()
        room = min(length, self._pack_bytes) // RESCUED_SHARE
        rows = self._writer.execute(
            "SELECT key, start, length FROM record"
            " WHERE pack = ? AND used > (SELECT avg(used) FROM record) ORDER BY used DESC",
            (pack.id,),
        ).fetchall()
        for key, start, length in rows:
            room -= HEAD.size + length
            if room < 0:
                break
            data = self._read(pack.id, key, start, length)
            if data is not None:
                self._writer.execute(
                    "UPDATE record SET pack = ?, start = ? WHERE key = ?", (*self._append(key, data), key)
                )

    def _drop(self, pack: _Pack, gone: list[_Pack]) -> None:
        self._writer.execute("DELETE FROM record WHERE pack = ?", (pack.id,))
        self._writer.execute("DELETE FROM pack WHERE id = ?", (pack.id,))
        gone.append(pack)

    def _remove(self, packs: list[_Pack]) -> None:
        """Delete the files of packs, after the index has forgotten them. One that stays is found as a stray."""
        for pack in packs:
            with suppress(OSError):
                os.remove(self._path(pack.id))
            pack.file.close()

    def _held(self, number: int) -> _Pack | None:
        """The pack, its file made if need be, held against other processes; None where one of them holds it."""
        descriptor = os.open(
            self._path(number), os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0), 0o600
        )
        if try_lock(descriptor):
            return _Pack(number, os.fdopen(descriptor, "r+b", buffering=0))
        os.close(descriptor)
        return None

    def _release(self) -> None:
        if self._pack is not None:
            self._pack.file.close()
            self._pack = None

    def _write_uses(self) -> None:
        with self._writing, suppress(StoreUnusable), _guarded(), self._transaction():
            self._note_uses()

    def _note_uses(self) -> None:
        touched, self._touched = self._touched, {}
        self._writer.executemany(
            "UPDATE record SET used = ? WHERE key = ?", [(used, key) for key, used in touched.items()]
        )

    def _taken(self) -> int:
        """Bytes of packs and index."""
        (packs,) = self._writer.execute("SELECT ifnull(sum(bytes), 0) FROM pack").fetchone()
        (pages,) = self._writer.execute("PRAGMA page_count").fetchone()
        return int(packs + pages * PAGE_BYTES)

    def _path(self, pack: int) -> str:
        return f"{self.folder}{os.sep}{pack}.pack"

    @property
    def _index(self) -> Path:
        return self.folder / INDEX_NAME

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._writer.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._writer.execute("ROLLBACK")
            self._release()  # it may be a pack that the index now knows nothing of
            raise
        self._writer.execute("COMMIT")


def _head(key: bytes, data: bytes) -> bytes:
    return HEAD.pack(MAGIC, key, len(data), xxh3_64_intdigest(data, seed=int.from_bytes(key[:8], "little")))


@contextmanager
def _guarded() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise StoreUnusable(str(error)) from error
    except sqlite3.ProgrammingError as error:  # closed meanwhile
        raise StoreUnusable(str(error)) from error
    except sqlite3.DatabaseError as error:
        raise StoreDamaged(str(error)) from error
    except OSError as error:
        raise StoreUnusable(reason_of(error)) from error
