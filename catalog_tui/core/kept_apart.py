"""Groups of duplicates that the user wants to keep as they are: remembered in `state.db`, which is no cache."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from catalog_tui.core import places
from catalog_tui.core.errors import CatalogError
from catalog_tui.core.names import display
from catalog_tui.core.words import _

STATE_NAME = "state.db"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS kept_apart (
    archive BLOB NOT NULL, size INTEGER NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (archive, size, digest)
) WITHOUT ROWID;
"""

Content = tuple[int, str]
"""Which content a group is of: its size in bytes and its digest, as the scan shows it."""


def kept_apart(archive: str) -> frozenset[Content]:
    """The contents of which all copies in the archive at this path are to stay. Raises CatalogError."""
    if not (places.state_dir() / STATE_NAME).exists():
        return frozenset()
    with _open() as connection:
        rows = connection.execute("SELECT size, digest FROM kept_apart WHERE archive = ?", (os.fsencode(archive),))
        return frozenset((size, digest) for size, digest in rows)


def keep_apart(archive: str, content: Content, *, keep: bool = True) -> None:
    """Remember that all copies of this content are to stay, or forget it. Raises CatalogError."""
    row = (os.fsencode(archive), *content)
    with _open() as connection:
        if keep:
            connection.execute("INSERT OR IGNORE INTO kept_apart VALUES (?, ?, ?)", row)
        else:
            connection.execute("DELETE FROM kept_apart WHERE archive = ? AND size = ? AND digest = ?", row)


@contextmanager
def _open() -> Iterator[sqlite3.Connection]:
    path = places.state_dir() / STATE_NAME
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path, timeout=10)) as connection, connection:
            connection.executescript(_SCHEMA)
            yield connection
    except (OSError, sqlite3.Error) as error:
        text = _("What was decided cannot be read or kept in {file}: {reason}")
        raise CatalogError(text.format(file=display(str(path)), reason=error)) from error
