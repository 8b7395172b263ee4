"""`catalog-tui cache stats|clear`: what is kept on disk of an archive, and thumbnails; all of it can be rebuilt."""

import json
import os
import shutil
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from catalog_tui.core import places
from catalog_tui.core.errors import CatalogError, UsageError
from catalog_tui.core.names import display, json_path
from catalog_tui.core.units import format_age, format_count, format_size
from catalog_tui.core.words import _, ngettext, reason_of

if TYPE_CHECKING:
    from catalog_tui.core.thumbnails import StoreStats


class KeptFile(NamedTuple):
    """One file in an archive's cache folder."""

    name: str
    """Relative to the folder."""
    size: int
    mtime: float
    entries: int | None
    """Rows, if it is one of our databases and readable."""


def run(what: str, archive: str | None, output: str, *, thumbnails: bool) -> int:
    """Print what is kept of `archive` as `output` (`table` or `json`), or, if `what` is `clear`, delete it.

    The thumbnails of all archives, which have one store, are told of too; they are cleared only if `thumbnails`."""
    if what == "clear":
        if archive is None and not thumbnails:
            raise UsageError(_("say what to clear: an archive, or --thumbnails, or both"))
        if archive is not None:
            folder = places.archive_cache(archive)
            _clear(folder, kept_files(folder))
        if thumbnails:
            _clear_thumbnails()
    elif output == "json":
        _print_json(archive)
    else:
        if archive is not None:
            folder = places.archive_cache(archive)
            _print_table(folder, kept_files(folder))
        _print_thumbnails()
    return 0


def kept_files(folder: Path) -> list[KeptFile]:
    """Every file below the cache folder, by name; CatalogError if it cannot be read."""
    try:
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        return [_kept_file(path, folder) for path in paths]
    except OSError as error:
        text = _("{folder} cannot be read: {reason}")
        raise CatalogError(text.format(folder=display(str(folder)), reason=reason_of(error))) from error


def _kept_file(path: Path, folder: Path) -> KeptFile:
    status = path.stat()
    entries = _rows(path) if path.suffix == ".db" else None
    return KeptFile(str(path.relative_to(folder)), status.st_size, status.st_mtime, entries)


def _rows(database: Path) -> int | None:
    try:
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
            tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
            counts = (connection.execute(f'SELECT count(*) FROM "{table}"').fetchone() for (table,) in tables)
            return sum(int(count) for (count,) in counts)
    except sqlite3.Error:  # being written, damaged or not ours: its size and age are still worth showing
        return None


def _clear(folder: Path, files: list[KeptFile]) -> None:
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        pass
    except OSError as error:
        text = _("the cache in {folder} could not be deleted: {reason}")
        raise CatalogError(text.format(folder=display(str(folder)), reason=reason_of(error))) from error
    text = ngettext("{count} file deleted, {size}", "{count} files deleted, {size}", len(files))
    size = format_size(sum(file.size for file in files))
    print(text.format(count=format_count(len(files)), size=size), file=sys.stderr)


def _thumbnail_stats() -> "StoreStats | None":
    """Those of the store; None where none was ever begun, and asking must not begin it."""
    from catalog_tui.core.thumbnails import Thumbnails, default_folder

    if not default_folder().is_dir():
        return None
    with Thumbnails() as thumbnails:
        return thumbnails.stats()


def _clear_thumbnails() -> None:
    from catalog_tui.core.thumbnails import Thumbnails

    with Thumbnails() as thumbnails:
        freed = thumbnails.clear()
    print(_("thumbnails deleted, {size}").format(size=format_size(freed)), file=sys.stderr)


def _print_thumbnails() -> None:
    from catalog_tui.core.thumbnails import default_folder

    stats = _thumbnail_stats()
    if stats is not None:
        print(display(str(default_folder())))
        text = _("thumbnails of all archives: {count}, {size} of at most {cap}")
        count, size, cap = format_count(stats.records), format_size(stats.bytes), format_size(stats.cap_bytes)
        print("  " + text.format(count=count, size=size, cap=cap))


def _print_json(archive: str | None) -> None:
    shown: dict[str, object] = {}
    if archive is not None:
        folder = places.archive_cache(archive)
        files = kept_files(folder)
        shown = {
            "archive": json_path(os.path.abspath(archive)),
            "folder": json_path(str(folder)),
            "bytes": sum(file.size for file in files),
            "files": [
                {**json_path(file.name), "bytes": file.size, "mtime": file.mtime, "entries": file.entries}
                for file in files
            ],
        }
    stats = _thumbnail_stats()
    print(json.dumps({**shown, "thumbnails": None if stats is None else stats._asdict()}, indent=2))


def _print_table(folder: Path, files: list[KeptFile]) -> None:
    print(display(str(folder)))
    if not files:
        print(_("Nothing is kept of this archive."))
        return
    now = time.time()
    heading = (_("file"), _("size"), _("entries"), _("written"))
    rows = [
        (
            display(file.name),
            format_size(file.size),
            "" if file.entries is None else format_count(file.entries),
            format_age(now - file.mtime),
        )
        for file in files
    ]
    widths = [max(len(row[column]) for row in (heading, *rows)) for column in range(4)]
    for name, size, entries, written in (heading, *rows):
        print(f"  {name:{widths[0]}}  {size:>{widths[1]}}  {entries:>{widths[2]}}  {written}")
