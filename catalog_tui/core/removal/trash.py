"""The trash of an archive: `.catalog-trash` at its top, one more on every further filesystem, one journal for all.

A file keeps its path in there: `.catalog-trash/<run>/<site>/<model>/<name>`. So whoever has lost the journal can still
put everything back by hand, and the names of a run cannot collide.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime

from catalog_tui.core.names import display
from catalog_tui.core.removal.beneath import make_folders, opened
from catalog_tui.core.removal.journal import Journal, Run, read_runs, run_event
from catalog_tui.core.removal.refusals import RemovalError
from catalog_tui.core.removal.system import Folder, OpenTop, let_go, mount_points, open_top
from catalog_tui.core.scan.lock import try_lock
from catalog_tui.core.scan.options import TRASH_NAME
from catalog_tui.core.words import _, reason_of

LOCK_NAME = "lock"
PRIVATE = 0o700  # what is in the trash may have been in folders that others could not read


class Trash:
    """An archive opened for removing, undoing or purging, by one process at a time."""

    def __init__(self, archive: str, top: Folder, journal: Journal) -> None:
        self.archive = archive
        self.top = top
        self.journal = journal
        self._real = os.path.realpath(archive)
        self._mounts = mount_points()
        self._places: dict[str, str] = {"": ""}

    @classmethod
    @contextmanager
    def of(cls, archive: str, open_archive: OpenTop = open_top) -> Iterator["Trash"]:
        """The trash, made where it is missing; RemovalError where that cannot be or another process is at it."""
        try:
            top = open_archive(archive)
        except OSError as error:
            raise _cannot(archive, error) from error
        try:
            with _locked(archive, top) as folder:
                try:
                    journal = Journal(folder)
                except OSError as error:
                    raise _cannot(archive, error) from error
                try:
                    yield cls(archive, top, journal)
                finally:
                    journal.close()
        finally:
            top.close()

    def runs(self) -> list[Run]:
        """What the journal tells, oldest first; RemovalError where it cannot be read."""
        try:
            with closing(self.top.child(TRASH_NAME)) as folder:
                return read_runs(folder)
        except OSError as error:
            raise _cannot(self.archive, error) from error

    def begin(self, action: str, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Run:
        """A new run: its folder in the trash and its line in the journal; OSError where they cannot be made.

        Its name is one that no run ever had, also where the clock was set back: what the journal tells of the other
        would be taken for this one's.
        """
        created = now()
        stem = created.strftime("%Y-%m-%d-%H%M%S")
        with closing(self.top.child(TRASH_NAME)) as folder:
            name, count = stem, 1
            while True:
                if not self.journal.knows(name):
                    with suppress(FileExistsError):
                        folder.make_child(name, PRIVATE)
                        break
                count += 1
                name = f"{stem}-{count}"
            folder.sync()
        run = Run(name, action, created.strftime("%Y-%m-%dT%H:%M:%SZ"), ())
        self.journal.add([run_event(run)])
        return run

    def place_of(self, folder: str) -> str:
        """The highest folder on the same filesystem as `folder` of the archive: where the trash for its files is.

        OSError where the folder cannot be reached.
        """
        if folder not in self._places:
            above = os.path.dirname(folder)
            place = self.place_of(above)
            crossed = os.path.join(self._real, folder) in self._mounts or self._device(folder) != self._device(above)
            self._places[folder] = folder if crossed else place
        return self._places[folder]

    def _device(self, folder: str) -> int:
        with opened(self.top, folder) as held:
            return held.inode[0]


def path_in_trash(place: str, run: str, path: str) -> str:
    """Where in the trash at the folder `place` the file of this path goes."""
    return "/".join(filter(None, (place, TRASH_NAME, run, path)))


def make_private(top: Folder, path: str) -> None:
    """Make the folder at `path`, which lies in a trash, with those on the way; nobody else may look in."""
    make_folders(top, path, PRIVATE)


def read_journal(archive: str, open_archive: OpenTop = open_top) -> list[Run]:
    """The runs of an archive, oldest first, without touching anything; RemovalError where they cannot be read."""
    try:
        top = open_archive(archive)
    except OSError as error:
        raise _cannot(archive, error) from error
    try:
        if top.look(TRASH_NAME) is None:
            return []
        with closing(top.child(TRASH_NAME)) as folder:
            return read_runs(folder)
    except OSError as error:
        raise _cannot(archive, error) from error
    finally:
        top.close()


@contextmanager
def _locked(archive: str, top: Folder) -> Iterator[Folder]:
    try:
        if top.look(TRASH_NAME) is None:
            make_private(top, TRASH_NAME)
            top.sync()
        folder = top.child(TRASH_NAME)
    except OSError as error:
        raise _cannot(archive, error) from error
    with closing(folder):
        try:
            lock = folder.open_file(LOCK_NAME, os.O_RDWR | os.O_CREAT)
        except OSError as error:
            raise _cannot(archive, error) from error
        try:
            if not try_lock(lock):
                text = _("another program is removing or restoring files in {archive}: wait for it to end")
                raise RemovalError(text.format(archive=display(archive)))
            yield folder
        finally:
            let_go(lock)


def _cannot(archive: str, error: OSError) -> RemovalError:
    text = _("the trash of {archive} cannot be used: {reason}")
    return RemovalError(text.format(archive=display(archive), reason=reason_of(error)))
