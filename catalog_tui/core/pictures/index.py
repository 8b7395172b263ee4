"""The store's index file: made, opened, and set aside where it is damaged or another program's."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from catalog_tui.core.errors import CatalogError
from catalog_tui.core.words import reason_of

INDEX_NAME: Final = "index.db"
APPLICATION_ID: Final = 0x43545448  # "CTTH": tells our file from any other
SCHEMA_VERSION: Final = 1
BUSY_S: Final = 10.0
RETRY_S: Final = 0.01

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


def open_index(path: Path) -> tuple[sqlite3.Connection, Path | None]:
    """The index, made if need be, and where one that was damaged or not ours went. Raises sqlite3.Error and OSError."""
    try:
        connection = connect(path)
        mark = connection.execute("PRAGMA application_id").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if (mark, version) == (APPLICATION_ID, SCHEMA_VERSION):
            connection.execute("SELECT (SELECT count(*) FROM pack), (SELECT max(key) FROM record)")  # or it is damaged
            return connection, None
        connection.close()
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:  # "file is not a database"
        pass
    aside = set_aside(path)
    return connect(path), aside


def connect(path: Path) -> sqlite3.Connection:
    """A connection to the index, which is made where the file is not there or empty. Every statement is on its own."""
    connection = sqlite3.connect(path, timeout=BUSY_S, check_same_thread=False, isolation_level=None)
    try:
        _make(connection)
        connection.execute("PRAGMA synchronous = NORMAL")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _make(connection: sqlite3.Connection) -> None:
    """Make the tables where there are none. Two processes may do so at once, and SQLite's own waiting spares WAL."""
    deadline = time.monotonic() + BUSY_S
    while connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(_SCHEMA)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(RETRY_S)


def set_aside(path: Path) -> Path:
    """Rename the index, over the last one that was set aside; gives where it is now."""
    aside = path.with_name(INDEX_NAME + ".set-aside")
    os.replace(path, aside)
    for suffix in ("-wal", "-shm"):
        with suppress(FileNotFoundError):
            os.remove(path.with_name(INDEX_NAME + suffix))
    return aside


@contextmanager
def guarded() -> Iterator[None]:
    """What SQLite and the system raise, as StoreDamaged or StoreUnusable."""
    try:
        yield
    except (sqlite3.OperationalError, sqlite3.ProgrammingError) as error:  # the latter: closed meanwhile
        raise StoreUnusable(str(error)) from error
    except sqlite3.DatabaseError as error:
        raise StoreDamaged(str(error)) from error
    except OSError as error:
        raise StoreUnusable(reason_of(error)) from error
