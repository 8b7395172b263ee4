"""Deleting for good: the one place where content is ever deleted, and only where it stands byte for byte elsewhere.

A file of the trash is compared with a copy in the archive, that copy is brought to the disk, the name in the trash is
removed, and the copy is looked at once more while both are still open. Should it have gone in that moment, the file
is written back.
"""

import os
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from catalog_tui.core.errors import Cancelled
from catalog_tui.core.removal import journal
from catalog_tui.core.removal.acts import Named
from catalog_tui.core.removal.beneath import opened, split
from catalog_tui.core.removal.executor import BATCH, Progress, nobody
from catalog_tui.core.removal.journal import PURGED, Entry
from catalog_tui.core.removal.refusals import Refusal, RefusedError, reason_for
from catalog_tui.core.removal.system import Folder, OpenTop, bring_to_disk, let_go, open_top
from catalog_tui.core.removal.trash import Trash
from catalog_tui.core.removal.verify import HeldFile, held_file, is_same_file, same_content
from catalog_tui.core.scan.hashing import CHUNK_BYTES, read_fully
from catalog_tui.core.scan.options import TRASH_NAME
from catalog_tui.core.words import _

MANY = 50  # from here on bringing everything to the disk once is cheaper than 1 to 3 ms for each copy
CLOCKS_NS = 10_000_000_000  # the clock of a file server may be behind ours
MOST_COPIES = 20  # tried for one file: a keeper that was removed itself leads to its own keeper, and so on


@dataclass(frozen=True, slots=True)
class PurgeReport:
    """What came of purging: the files deleted, by their old paths, the bytes that this freed, and what was refused."""

    purged: tuple[str, ...]
    freed: int
    refused: tuple[Refusal, ...]
    cancelled: bool = False


def purge(
    archive: str,
    *,
    older_than: timedelta = timedelta(0),
    last_copies: bool = False,
    progress: Progress = nobody,
    cancelled: Callable[[], bool] = lambda: False,
    open_archive: OpenTop = open_top,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> PurgeReport:
    """Delete what actions put into the trash at least `older_than` ago and what stands elsewhere in the archive too.

    With `last_copies` also what stands nowhere else. RemovalError where the trash cannot be used at all.
    """
    with Trash.of(archive, open_archive) as trash:
        runs = trash.runs()
        latest = (now() - older_than).strftime("%Y-%m-%dT%H:%M:%SZ")
        entries = [entry for run in runs for entry in run.entries]
        old = {run.id for run in runs if run.created <= latest}
        todo = [entry for entry in entries if entry.run in old and _is_there(trash.top, entry)]
        settled_ns = _settle() if len(todo) >= MANY else 0
        report = _Purge(trash, _Copies(entries), last_copies, cancelled, settled_ns).report(todo, progress)
        for run_id in old:
            _remove_empty_folders(trash, run_id, [entry for entry in entries if entry.run == run_id])
        return report


class _Copies:
    """Where the content of a file in the trash may stand: its old name, its keeper, and, if that went too, the next."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._keepers: dict[str, list[str]] = {}
        for entry in entries:
            if entry.keeper:
                self._keepers.setdefault(entry.path, []).append(entry.keeper)

    def of(self, entry: Entry) -> list[str]:
        """Paths in the archive, likeliest first."""
        if entry.side_of:
            media = self._chain(entry.side_of)
            return [entry.path, *filter(None, (_beside(entry, path) for path in media))]
        return self._chain(entry.path)

    def _chain(self, path: str) -> list[str]:
        found = [path]
        for at in found:
            found += [keeper for keeper in self._keepers.get(at, ()) if keeper not in found]
            if len(found) > MOST_COPIES:
                break
        return sorted(found, key=lambda copy: copy == path)


def _beside(entry: Entry, media: str) -> str:
    """What the side-file would be called beside another copy of its media; "" where its name does not tell."""
    name, described = os.path.basename(entry.path), os.path.basename(entry.side_of)
    folder, other = os.path.split(media)
    stem, other_stem = os.path.splitext(described)[0], os.path.splitext(other)[0]
    for mine, theirs in ((described, other), (stem, other_stem)):
        if name.startswith(mine):
            return "/".join(filter(None, (folder, theirs + name[len(mine) :])))
    return ""


@dataclass(slots=True)
class _Purge:
    """One purge of one trash."""

    trash: Trash
    copies: _Copies
    last_copies: bool
    cancelled: Callable[[], bool]
    settled_ns: int
    """Files whose ctime is before this are on the disk."""
    purged: list[str] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    freed: int = 0

    def report(self, todo: Sequence[Entry], progress: Progress) -> PurgeReport:
        """Purge these; tells `progress` after each file."""
        gone: list[Entry] = []
        behind = size = 0
        stopped = False
        try:
            for entry in todo:
                if self.cancelled():
                    raise Cancelled
                if self._take(entry):
                    gone.append(entry)
                    if len(gone) >= BATCH:
                        self._say(gone)
                behind, size = behind + 1, size + entry.size
                progress(behind, len(todo), size)
        except Cancelled:
            stopped = True
        finally:
            self._say(gone)
        return PurgeReport(tuple(self.purged), self.freed, tuple(self.refused), stopped)

    def _say(self, gone: list[Entry]) -> None:
        with suppress(OSError):  # a full disk is a reason to purge on; that a file is gone shows without it
            self.trash.journal.add(journal.outcome_events(PURGED, gone))
        gone.clear()

    def _take(self, entry: Entry) -> bool:
        try:
            self._delete(entry)
        except RefusedError as error:
            self.refused.append(Refusal(entry.path, str(error)))
        except OSError as error:
            self.refused.append(Refusal(entry.path, reason_for(error)))
        else:
            self.purged.append(entry.path)
            return True
        return False

    def _delete(self, entry: Entry) -> None:
        folder_path, _slash, name = entry.trash_path.rpartition("/")
        with ExitStack() as held:
            folder = held.enter_context(opened(self.trash.top, folder_path))
            file_held = held.enter_context(ExitStack())
            file = Named(folder, name, file_held.enter_context(held_file(folder, name)))
            copy = self._copy(entry, file.file, held)
            if copy is None and not self.last_copies:
                raise RefusedError(_("no copy of it stands in the archive any more"))
            if copy is not None and copy.file.status.st_ctime_ns >= self.settled_ns:
                bring_to_disk(copy.file.descriptor)  # or a power cut could take its bytes after we took this name
            if not is_same_file(folder.look(name), file.file):
                raise RefusedError(_("it changes at this moment"))
            if not folder.moves_open_files:
                file_held.close()
            folder.remove(name)
            if copy is not None and folder.moves_open_files and not _still_stands(copy, file):
                _write_back(file)
                raise RefusedError(_("its copy changed at the last moment"))
            if file.file.status.st_nlink == 1:
                self.freed += file.file.status.st_size

    def _copy(self, entry: Entry, file: HeldFile, held: ExitStack) -> Named | None:
        """A file of the archive, outside its trash, that holds the same bytes now; None where there is none."""
        for path in self.copies.of(entry):
            attempt = ExitStack()
            try:
                folder_path, name = split(path)
                folder = attempt.enter_context(opened(self.trash.top, folder_path))
                copy = Named(folder, name, attempt.enter_context(held_file(folder, name)))
                if same_content(file, copy.file, self.cancelled):
                    copy.file.check_unchanged()
                    file.check_unchanged()
                    held.push(attempt.pop_all())
                    return copy
            except (OSError, RefusedError):
                continue  # gone, changed or unreadable: no copy to rely on
            finally:
                attempt.close()
        return None


def _settle() -> int:
    """Bring all to the disk that was written until now; gives the time up to which that is certain, 0: no such call."""
    if not hasattr(os, "sync"):
        return 0
    now_ns = time.time_ns()
    os.sync()
    return now_ns - CLOCKS_NS


def _still_stands(copy: Named, file: Named) -> bool:
    if copy.file.inode != file.file.inode:
        return copy.is_untouched()
    return is_same_file(copy.folder.look(copy.name), copy.file)  # its ctime is another: it has one name less


def _write_back(file: Named) -> None:
    """Give the content of a file that has lost its name, but is open still, a name in the trash again."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    descriptor = file.folder.open_file(file.name, flags, file.file.status.st_mode & 0o777)
    try:
        os.lseek(file.file.descriptor, 0, os.SEEK_SET)
        while data := read_fully(file.file.descriptor, CHUNK_BYTES):
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
        os.utime(descriptor, ns=(file.file.status.st_atime_ns, file.file.status.st_mtime_ns))
        os.fsync(descriptor)
    finally:
        let_go(descriptor)


def _is_there(top: Folder, entry: Entry) -> bool:
    folder_path, _slash, name = entry.trash_path.rpartition("/")
    try:
        with opened(top, folder_path) as folder:
            return folder.look(name) is not None
    except (OSError, RefusedError):
        return False


def _remove_empty_folders(trash: Trash, run: str, entries: Sequence[Entry]) -> None:
    """Remove the folders of a run that hold nothing any more, deepest first."""
    paths = {f"{TRASH_NAME}/{run}"}
    for entry in entries:
        above = entry.trash_path
        while os.path.basename(above := os.path.dirname(above)) not in (TRASH_NAME, ""):
            paths.add(above)
    for path in sorted(paths, key=lambda path: -path.count("/")):
        folder_path, _slash, name = path.rpartition("/")
        with suppress(OSError, RefusedError), opened(trash.top, folder_path) as folder:
            folder.remove_child(name)
