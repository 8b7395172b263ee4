"""What is in the trash of an archive now: what the journal tells, checked against the disk."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from catalog_tui.core.removal.beneath import opened
from catalog_tui.core.removal.journal import Entry, Run
from catalog_tui.core.removal.refusals import RefusedError
from catalog_tui.core.removal.system import Folder, OpenTop, open_top
from catalog_tui.core.removal.trash import read_journal
from catalog_tui.core.removal.undo import can_undo


@dataclass(frozen=True, slots=True)
class Trashed:
    """A file in the trash: its journal entry, the action that put it there and when, its bytes now."""

    entry: Entry
    action: str
    created: str
    size: int
    can_undo: bool
    """False for what undo has left there: a hard link that had stood in for a file."""


def trashed(archive: str, open_archive: OpenTop = open_top) -> list[Trashed]:
    """Every file in the trash that the journal knows, oldest first; RemovalError where the trash cannot be read."""
    runs = read_journal(archive, open_archive)
    if not runs:
        return []
    with closing(open_archive(archive)) as top:
        return [found for run in runs for found in _in_trash(top, run)]


def past_runs(archive: str, open_archive: OpenTop = open_top) -> list[tuple[Run, int]]:
    """Every action there was, latest first, with the number of files that undoing it would bring back."""
    runs = read_journal(archive, open_archive)
    if not runs:
        return []
    with closing(open_archive(archive)) as top:
        return [(run, sum(can_undo(top, run, entry) for entry in run.entries)) for run in reversed(runs)]


def _in_trash(top: Folder, run: Run) -> Iterator[Trashed]:
    for entry in run.entries:
        folder_path, _slash, name = entry.trash_path.rpartition("/")
        try:
            with opened(top, folder_path) as folder:
                status = folder.look(name)
        except (OSError, RefusedError):
            continue
        if status is not None:
            yield Trashed(entry, run.action, run.created, status.st_size, can_undo(top, run, entry))
