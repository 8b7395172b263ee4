"""The index: what hashing computed, remembered in SQLite so that an unchanged file is never read again.

A row is keyed by (filesystem, algorithm, inode), so it survives renames, moves and remounts, and it holds as long as
size, mtime and ctime do. It is a cache: losing it costs time, nothing else.
"""

import os
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

from catalog_tui.core.complaints import file_and_reason
from catalog_tui.core.errors import CatalogError
from catalog_tui.core.scan.numbers import signed

INDEX_NAME = "index.db"
APPLICATION_ID = 0x43544958  # "CTIX": tells our file from any other
SCHEMA_VERSION = 1
BUSY_S = 10.0  # another scan holds the write lock for the length of a commit only
COMMIT_EVERY_S = 0.5
RACY_NS = 2_000_000_000  # a file changed this shortly before it was read may change again and keep its stamp

# In one piece: a scan killed between these would leave a file that says it is whole, and never can be used.
_SCHEMA = f"""
BEGIN IMMEDIATE;
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {SCHEMA_VERSION};
CREATE TABLE IF NOT EXISTS digest (
    filesystem TEXT NOT NULL, algorithm TEXT NOT NULL, inode INTEGER NOT NULL,
    size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, ctime_ns INTEGER NOT NULL,
    head BLOB, tail BLOB, whole BLOB,
    PRIMARY KEY (filesystem, algorithm, inode)
) WITHOUT ROWID;
COMMIT;
"""
_STORE = """
INSERT INTO digest VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (filesystem, algorithm, inode) DO UPDATE SET
    size = excluded.size, mtime_ns = excluded.mtime_ns, ctime_ns = excluded.ctime_ns,
    head = excluded.head, tail = excluded.tail, whole = excluded.whole
"""


class IndexUnusableError(CatalogError):
    """The index cannot be read or written now; a scan goes on without it."""


class IndexCorruptError(IndexUnusableError):
    """The index is damaged: `Index.rebuild` sets it aside."""


class Row(NamedTuple):
    """A remembered file. `ends` is head and tail digest together, empty for a small file, whose `whole` is enough."""

    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int
    ends: bytes
    whole: bytes


def is_racy(mtime_ns: int, ctime_ns: int, read_at_ns: int) -> bool:
    """Whether a file read at `read_at_ns` may since have changed without its stamps showing it ("racily clean")."""
    return ctime_ns > read_at_ns - RACY_NS or abs(mtime_ns - read_at_ns) <= RACY_NS


def filesystem_key(path: bytes, device: int) -> str:
    """What names the filesystem that holds `path`: `f_fsid`, or its device number where that is zero or unknown."""
    try:
        fsid = os.statvfs(path).f_fsid
    except (OSError, AttributeError):  # gone meanwhile; no statvfs on Windows
        fsid = 0
    return f"{fsid:x}" if fsid else f"dev-{device:x}"


class Index:
    """The index in one folder. `set_aside` is the path where a broken or foreign file went, else None."""

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        """Open or make it; IndexUnusableError where that cannot be."""
        self.path = os.path.join(folder, INDEX_NAME)
        self.set_aside: str | None = None
        self._committed = time.monotonic()
        try:
            os.makedirs(folder, exist_ok=True)
            self._connection = self._open()
        except (OSError, sqlite3.Error) as error:
            raise IndexUnusableError(file_and_reason(error)) from error

    def is_empty(self) -> bool:
        """Whether nothing is remembered."""
        with _guarded():
            return self._connection.execute("SELECT 1 FROM digest LIMIT 1").fetchone() is None

    def rows(self, filesystem: str, algorithm: str) -> Iterator[tuple[int, int, int, int, bytes, bytes]]:
        """All rows (see Row) of a filesystem, ordered by `signed` inode, to be merged with files in that order."""
        with _guarded():
            cursor = self._connection.execute(
                # Joining makes text of blobs, which is then refused where it is not UTF-8.
                "SELECT inode, size, mtime_ns, ctime_ns, CAST(ifnull(head, x'') || ifnull(tail, x'') AS BLOB),"
                " ifnull(whole, x'')"
                " FROM digest WHERE filesystem = ? AND algorithm = ? ORDER BY inode",
                (filesystem, algorithm),
            )
            cursor.arraysize = 1000
            while page := cursor.fetchmany():
                yield from page

    def store(self, filesystem: str, algorithm: str, rows: Iterable[Row]) -> None:
        """Remember the rows; they are safe after the next `commit`."""
        with _guarded():
            self._connection.executemany(
                _STORE,
                [
                    (
                        filesystem,
                        algorithm,
                        signed(row[0]),
                        row[1],
                        row[2],
                        row[3],
                        row[4][:8],
                        row[4][8:],
                        row[5] or None,
                    )
                    for row in rows
                ],
            )

    def forget(self, filesystem: str, inode: int) -> None:
        """Drop what is remembered of a file that was removed."""
        with _guarded():
            self._connection.execute(
                "DELETE FROM digest WHERE filesystem = ? AND inode = ?", (filesystem, signed(inode))
            )

    def commit(self, *, now: bool = False) -> None:
        """Make what was stored safe, if that is due."""
        if self._connection.in_transaction and (now or time.monotonic() - self._committed >= COMMIT_EVERY_S):
            with _guarded():
                self._connection.commit()
            self._committed = time.monotonic()

    def close(self) -> None:
        """Commit and close; what cannot be written any more is given up."""
        with suppress(sqlite3.Error):
            self._connection.commit()
        self._connection.close()

    def rebuild(self) -> None:
        """Set a corrupt index aside and start a new one; IndexUnusableError where even that fails."""
        self.close()
        try:
            self._put_aside()
            self._connection = self._connect()
        except (OSError, sqlite3.Error) as error:
            raise IndexUnusableError(file_and_reason(error)) from error

    def _open(self) -> sqlite3.Connection:
        try:
            connection = self._connect()
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:  # "file is not a database"
            self._put_aside()
            return self._connect()
        if connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID:
            return connection
        connection.close()
        self._put_aside()
        return self._connect()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=BUSY_S, check_same_thread=False)
        try:
            known = connection.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION
            foreign = not known and connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is not None
            if not foreign:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = NORMAL")
                if not known:
                    connection.executescript(_SCHEMA)
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _put_aside(self) -> None:
        self.set_aside = self.path + ".set-aside"
        os.replace(self.path, self.set_aside)
        for suffix in ("-wal", "-shm"):
            with suppress(FileNotFoundError):
                os.remove(self.path + suffix)


@contextmanager
def _guarded() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise IndexUnusableError(str(error)) from error
    except sqlite3.DatabaseError as error:
        raise IndexCorruptError(str(error)) from error
