"""The last finished scan of an archive, kept in SQLite and read a page at a time.

Only a scan that came to its end is kept: a cancelled one has seen a part, and must not take the place of a whole.
"""

import json
import os
import sqlite3
import time
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from operator import itemgetter

from catalog_tui.core.complaints import file_and_reason
from catalog_tui.core.errors import CatalogError
from catalog_tui.core.places import archive_cache
from catalog_tui.core.scan.events import Summary
from catalog_tui.core.scan.numbers import signed, unsigned
from catalog_tui.core.scan.outcome import DuplicateFile, DuplicateGroup, FileColumns, Piece, decoded, one_by_one
from catalog_tui.core.words import _

__all__ = ["DuplicateFile", "DuplicateGroup", "KeptOutcome", "NoResultError", "ScanResult", "save"]

ROWS_AT_ONCE = 1000  # names of files taken from the database together

_FileRow = tuple[int, bytes, int, int, int, int, int]  # as _FILES gives it

RESULTS_NAME = "duplicates.db"
SCHEMA_VERSION = 2

# In one piece: a scan killed between these would leave a file that says it is whole, and never can be used.
_SCHEMA = f"""
BEGIN IMMEDIATE;
PRAGMA user_version = {SCHEMA_VERSION};
CREATE TABLE IF NOT EXISTS scan (summary TEXT NOT NULL, finished_ns INTEGER NOT NULL, fingerprint BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS duplicate_group (
    id INTEGER PRIMARY KEY, digest BLOB NOT NULL, size INTEGER NOT NULL, count INTEGER NOT NULL, md5 BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS duplicate_file (
    group_id INTEGER NOT NULL, number INTEGER NOT NULL, path BLOB NOT NULL, is_link INTEGER NOT NULL,
    device INTEGER NOT NULL, inode INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, ctime_ns INTEGER NOT NULL,
    PRIMARY KEY (group_id, number)
) WITHOUT ROWID;
COMMIT;
"""


class NoResultError(CatalogError):
    """There is no kept scan of this archive, or it cannot be read."""


class ScanResult:
    """A kept scan, open for reading from any thread, one at a time; close it (it is a context manager too)."""

    def __init__(self, path: str) -> None:
        """Open the file at `path`; NoResultError where nothing is kept in it."""
        try:
            self._connection = _connect(path)
        except (OSError, sqlite3.Error) as error:
            raise NoResultError(file_and_reason(error)) from error
        try:
            row = self._connection.execute("SELECT summary, finished_ns, fingerprint FROM scan").fetchone()
            self.summary = Summary(**json.loads(row[0]))
            self.finished_ns: int = row[1]
            self.fingerprint: bytes = row[2]
        except (sqlite3.Error, ValueError, TypeError) as error:  # TypeError: no row, or one with other fields
            self._connection.close()
            raise NoResultError(str(error)) from error

    @classmethod
    def open(cls, archive: str) -> "ScanResult":
        """The last finished scan of the archive at this path; NoResultError where there is none."""
        return cls.in_folder(archive_cache(archive))

    @classmethod
    def in_folder(cls, folder: str | os.PathLike[str]) -> "ScanResult":
        """The last finished scan that is kept in this cache folder; NoResultError where there is none."""
        path = os.path.join(folder, RESULTS_NAME)
        if not os.path.exists(path):
            raise NoResultError(_("no scan is kept"))
        return cls(path)

    def age_s(self, now_ns: int | None = None) -> float:
        """Seconds since that scan ended."""
        return ((time.time_ns() if now_ns is None else now_ns) - self.finished_ns) / 1e9

    def groups(self, offset: int = 0, limit: int = -1) -> list[DuplicateGroup]:
        """A page of the groups, those that waste most first; all of them when `limit` is below 0."""
        with _reading():
            rows = self._connection.execute(_GROUPS, (offset, limit)).fetchall()
        return [DuplicateGroup(row[0], row[1].hex(), row[2], row[3], row[4].hex()) for row in rows]

    def group_files(self, group: int) -> list[DuplicateFile]:
        """The files of the group with this id, in path order."""
        with _reading():
            rows = self._connection.execute(_FILES + " WHERE group_id = ?" + _IN_ORDER, (group,)).fetchall()
        return _files(rows)

    def group(self, group: int) -> tuple[DuplicateGroup, list[DuplicateFile]]:
        """The group with this id and its files; NoResultError also where another scan was kept since this was opened,
        whose groups have the same ids."""
        with _reading():
            rows = self._connection.execute(_GROUP + _IN_ORDER, (self.finished_ns, group)).fetchall()
        if not rows:
            raise NoResultError(_("A newer scan has taken the place of this one."))
        number, digest, size, count, md5 = rows[0][:5]
        return DuplicateGroup(number, digest.hex(), size, count, md5.hex()), _files([row[5:] for row in rows])

    def everything(self) -> Iterator[tuple[DuplicateGroup, list[DuplicateFile]]]:
        """All groups with their files, in order, without holding them all."""
        return one_by_one(self.pieces())

    def pieces(self) -> Iterator[Piece]:
        """The same in columns, some hundred groups at a time."""
        with _reading():
            # Both are asked before any is taken: so they are of one scan, whatever another process keeps meanwhile.
            files = self._connection.execute(_FILES + _IN_ORDER)
            groups = self._connection.execute(_GROUPS, (0, -1))
            for rows in _whole_groups(files):
                about = groups.fetchmany(len({row[0] for row in rows}))
                ids, digests, sizes, copies, md5s = zip(*about, strict=True)
                hashes = [digest.hex() for digest in digests]
                yield Piece(ids, hashes, sizes, copies, [md5.hex() for md5 in md5s], *_columns(rows))

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def __enter__(self) -> "ScanResult":
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()


class KeptOutcome:
    """Groups of the scan before, whose archive looked exactly as it does now."""

    def __init__(self, result: ScanResult) -> None:
        self._result = result
        self.summary = result.summary

    def pieces(self) -> Iterator[Piece]:
        """See Outcome."""
        return self._result.pieces()

    def groups(self) -> Iterator[tuple[DuplicateGroup, list[DuplicateFile]]]:
        """See Outcome."""
        return self._result.everything()

    def close(self) -> None:
        """Close the results."""
        self._result.close()


def save(
    folder: str | os.PathLike[str],
    summary: Summary,
    groups: Iterable[tuple[DuplicateGroup, list[DuplicateFile]]],
    *,
    fingerprint: bytes = b"",
    now_ns: int | None = None,
) -> None:
    """Keep a finished scan in place of the one before, all or nothing; NoResultError where that cannot be written."""
    try:
        os.makedirs(folder, exist_ok=True)
        with closing(_connect(os.path.join(folder, RESULTS_NAME))) as connection, connection:
            connection.execute("BEGIN IMMEDIATE")
            for table in ("scan", "duplicate_group", "duplicate_file"):
                connection.execute(f"DELETE FROM {table}")
            for group, files in groups:
                connection.execute(
                    "INSERT INTO duplicate_group VALUES (?, ?, ?, ?, ?)",
                    (group.id, bytes.fromhex(group.hash), group.size, group.copies, bytes.fromhex(group.md5)),
                )
                connection.executemany(
                    "INSERT INTO duplicate_file VALUES (?, ?, ?, ?, ?, ?, ?, ?)", _rows(group.id, files)
                )
            finished = time.time_ns() if now_ns is None else now_ns
            connection.execute(
                "INSERT INTO scan VALUES (?, ?, ?)", (json.dumps(summary._asdict()), finished, fingerprint)
            )
    except (OSError, sqlite3.Error) as error:
        raise NoResultError(file_and_reason(error)) from error


_GROUPS = "SELECT id, digest, size, count, md5 FROM duplicate_group WHERE id >= ? ORDER BY id LIMIT ?"
_FILES = "SELECT group_id, path, is_link, device, inode, mtime_ns, ctime_ns FROM duplicate_file"
_GROUP = """
SELECT id, digest, size, count, md5, group_id, path, is_link, device, inode, mtime_ns, ctime_ns
FROM scan CROSS JOIN duplicate_group JOIN duplicate_file ON group_id = id WHERE finished_ns = ? AND id = ?
"""
"""In one statement, so that all of it is of one scan."""
_IN_ORDER = " ORDER BY group_id, number"


def _rows(group: int, files: list[DuplicateFile]) -> Iterator[tuple[object, ...]]:
    number = 0
    for file in files:
        for name in (file.path, *file.links):
            device, inode = signed(file.device), signed(file.inode)
            yield group, number, os.fsencode(name), name != file.path, device, inode, file.mtime_ns, file.ctime_ns
            number += 1


def _whole_groups(rows: sqlite3.Cursor) -> Iterator[list[_FileRow]]:
    """The rows some thousand at a time, all of a group together."""
    held: list[_FileRow] = []
    while more := rows.fetchmany(ROWS_AT_ONCE):
        held += more
        end = bisect_left(held, more[-1][0], key=itemgetter(0))
        if end:
            yield held[:end]
            held = held[end:]
    if held:
        yield held


def _files(rows: Sequence[_FileRow]) -> list[DuplicateFile]:
    return list(map(DuplicateFile, *_columns(rows))) if rows else []


def _columns(rows: Sequence[_FileRow]) -> tuple[Sequence[str], *FileColumns]:
    firsts = [row for row in rows if not row[2]]
    _groups, paths, _is_link, devices, inodes, mtimes_ns, ctimes_ns = zip(*firsts, strict=True)
    links = [()] * len(firsts) if len(firsts) == len(rows) else _links(rows)
    return decoded(paths), map(unsigned, devices), map(unsigned, inodes), mtimes_ns, ctimes_ns, links


def _links(rows: Iterable[_FileRow]) -> list[tuple[str, ...]]:
    """The further names of each file: their rows follow its own."""
    links: list[tuple[str, ...]] = []
    for row in rows:
        if row[2]:
            links[-1] += (os.fsdecode(row[1]),)
        else:
            links.append(())
    return links


def _connect(path: str) -> sqlite3.Connection:
    """The database at `path`; one that cannot be understood is started anew, for it can always be made again."""
    for _attempt in range(2):
        connection = sqlite3.connect(path, timeout=10, check_same_thread=False)
        try:
            if connection.execute("PRAGMA user_version").fetchone()[0] != SCHEMA_VERSION:
                if connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is not None:
                    raise sqlite3.DatabaseError("of another version")
                connection.execute("PRAGMA journal_mode = WAL")
                connection.executescript(_SCHEMA)
            connection.execute("PRAGMA synchronous = NORMAL")
            return connection
        except sqlite3.OperationalError:
            connection.close()
            raise
        except sqlite3.DatabaseError:
            connection.close()
            os.replace(path, path + ".set-aside")
    raise sqlite3.DatabaseError(f"{path} cannot be made anew")


@contextmanager
def _reading() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise NoResultError(str(error)) from error
