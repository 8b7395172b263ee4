"""Putting files back from the trash: each under its old name, or beside it where that is taken. Nothing is overwritten.

What is to be done is read from the disk, not only from the journal: a run that was killed is undone like any other.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from catalog_tui.core.kinds import suffix_of
from catalog_tui.core.removal import journal
from catalog_tui.core.removal.beneath import make_folders, opened, split
from catalog_tui.core.removal.executor import BATCH, Progress, nobody
from catalog_tui.core.removal.journal import PURGED, UNDONE, Entry, Run
from catalog_tui.core.removal.plan import HARDLINK
from catalog_tui.core.removal.refusals import Refusal, RefusedError, reason_for
from catalog_tui.core.removal.system import Folder, OpenTop, inode_of, open_top
from catalog_tui.core.removal.trash import Trash
from catalog_tui.core.words import _


@dataclass(frozen=True, slots=True)
class Restored:
    """A file that is back in the archive: where it was, and where it is; these differ where the old name was taken."""

    path: str
    now: str
    side_of: str = ""
    """The media file that it went along with; "" for one that went for itself."""


@dataclass(frozen=True, slots=True)
class UndoReport:
    """What came of undoing. `runs` are the actions undone, latest first."""

    runs: tuple[str, ...]
    restored: tuple[Restored, ...]
    refused: tuple[Refusal, ...]
    cancelled: bool = False


def undo(
    archive: str,
    steps: int = 1,
    *,
    progress: Progress = nobody,
    cancelled: Callable[[], bool] = lambda: False,
    open_archive: OpenTop = open_top,
) -> UndoReport:
    """Undo the last `steps` actions that still have something in the trash, the latest first.

    RemovalError where the trash cannot be used at all.
    """
    with Trash.of(archive, open_archive) as trash:
        runs = [run for run in reversed(trash.runs()) if _has_something(trash.top, run)][:steps]
        for run in runs:
            _make_folders_again(trash.top, run)
        report = _restore(trash, runs, lambda _entry: True, progress, cancelled)
        return replace(report, runs=tuple(run.id for run in runs))


def restore(
    archive: str,
    wanted: Callable[[Entry], bool],
    *,
    progress: Progress = nobody,
    cancelled: Callable[[], bool] = lambda: False,
    open_archive: OpenTop = open_top,
) -> UndoReport:
    """Put back the files of the trash that are `wanted`, whatever action moved them; RemovalError as for `undo`."""
    with Trash.of(archive, open_archive) as trash:
        return _restore(trash, list(reversed(trash.runs())), wanted, progress, cancelled)


def can_undo(top: Folder, run: Run, entry: Entry) -> bool:
    """Whether this file is in the trash and was not put back already; `top` is the archive's folder."""
    if entry.outcome in (UNDONE, PURGED):
        return False
    try:
        there = _look(top, entry.trash_path)
        here = _look(top, entry.path)
    except RefusedError:
        return False
    if there is None:
        return False
    # Killed between two calls: the file has not left its place, or is back in it, by one of its two names.
    return here is None or (here.st_ino != entry.inode and inode_of(here) != inode_of(there))


def _has_something(top: Folder, run: Run) -> bool:
    """Whether undoing this would bring anything back; of an empty model there are only folders to bring."""
    if run.entries:
        return any(can_undo(top, run, entry) for entry in run.entries)
    return any(_look(top, path) is None for path, _mode in run.folders)


def _make_folders_again(top: Folder, run: Run) -> None:
    """Make the folders that went, with their modes; where that cannot be, their files meet the reason."""
    for path, mode in reversed(run.folders):
        with suppress(OSError, RefusedError):
            split(path)
            if _look(top, path) is None:
                make_folders(top, path)
                with opened(top, path) as folder:
                    folder.set_mode(mode)


@dataclass(slots=True)
class _Outcome:
    restored: list[Restored] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    unsaid: list[Entry] = field(default_factory=list)
    """Put back, and not yet in the journal."""


def _restore(
    trash: Trash,
    runs: Sequence[Run],
    wanted: Callable[[Entry], bool],
    progress: Progress,
    cancelled: Callable[[], bool],
) -> UndoReport:
    todo = [(run, entry) for run in runs for entry in reversed(run.entries) if wanted(entry)]
    todo = [(run, entry) for run, entry in todo if can_undo(trash.top, run, entry)]
    outcome = _Outcome()
    size = 0
    stopped = False
    try:
        for behind, (run, entry) in enumerate(todo, 1):
            if stopped := cancelled():
                break
            _put_back(trash.top, run, entry, outcome)
            if len(outcome.unsaid) >= BATCH:
                _say(trash, outcome)
            size += entry.size
            progress(behind, len(todo), size)
    finally:
        _say(trash, outcome)
    undone = tuple(dict.fromkeys(run.id for run, _entry in todo))
    return UndoReport(undone, tuple(outcome.restored), tuple(outcome.refused), stopped)


def _say(trash: Trash, outcome: _Outcome) -> None:
    with suppress(OSError):  # a full disk does not hinder putting back, and the trash shows what is out of it
        trash.journal.add(journal.outcome_events(UNDONE, outcome.unsaid))
    outcome.unsaid.clear()


def _put_back(top: Folder, run: Run, entry: Entry, outcome: _Outcome) -> None:
    try:
        now = _moved_back(top, run, entry)
    except RefusedError as error:
        outcome.refused.append(Refusal(entry.path, str(error)))
    except OSError as error:
        outcome.refused.append(Refusal(entry.path, reason_for(error)))
    else:
        outcome.restored.append(Restored(entry.path, now, entry.side_of))
        outcome.unsaid.append(entry)


def _moved_back(top: Folder, run: Run, entry: Entry) -> str:
    """Move the file back; gives its path now."""
    folder_path, name = split(entry.path)
    trash_folder, _slash, trash_name = entry.trash_path.rpartition("/")
    make_folders(top, folder_path)
    with opened(top, trash_folder) as private, opened(top, folder_path) as folder:
        if run.action == HARDLINK and _is_our_link(folder.look(name), entry):
            if private.swap(trash_name, folder, name):
                return entry.path
            if private.look(trash_name) is not None:  # else the link would make room for nothing
                folder.take(name, private, f".replaced-{entry.number}")
        for new in _names_like(name):
            with suppress(FileExistsError):
                private.put(trash_name, folder, new)
                return f"{folder_path}/{new}" if folder_path else new
    raise RefusedError(_("its name and all names like it are taken"))


def _is_our_link(here: os.stat_result | None, entry: Entry) -> bool:
    """Whether what bears the old name is the hard link that was put in the file's place, and as it was then.

    Inode numbers are given again: a new download may have the keeper's, and is to be let be like any other.
    """
    if here is None:
        return False
    seen = inode_of(here)[1], here.st_size, here.st_mtime_ns
    return seen == (entry.keeper_inode, entry.size, entry.keeper_mtime_ns)


def _names_like(name: str) -> Iterable[str]:
    """The name itself, and names beside it for when it is taken, none longer than a name can be."""
    yield name
    suffix = suffix_of(name)
    stem = os.fsencode(name[: len(name) - len(suffix)])
    for count in range(1, 1000):
        mark = " (restored)" if count == 1 else f" (restored {count})"
        room = 255 - len(mark) - len(os.fsencode(suffix))
        yield os.fsdecode(stem[: max(room, 1)]) + mark + suffix


def _look(top: Folder, path: str) -> os.stat_result | None:
    folder_path, _slash, name = path.rpartition("/")
    try:
        with opened(top, folder_path) as folder:
            return folder.look(name)
    except OSError:
        return None
