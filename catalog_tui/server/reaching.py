"""Opening a file of the archive so that nothing but the archive can be reached, whatever is renamed meanwhile."""

import errno
import os
import stat
import time
from contextlib import closing
from typing import Final, NamedTuple

from catalog_tui.core.archive import Archive
from catalog_tui.core.errors import ArchiveError
from catalog_tui.core.folder import BY_DESCRIPTOR, OPEN_FILE, OPEN_FOLDER
from catalog_tui.core.kinds import is_left_out_file
from catalog_tui.core.layout import is_name_within
from catalog_tui.core.removal.beneath import opened
from catalog_tui.core.removal.refusals import RefusedError
from catalog_tui.core.removal.system import NamedFolder
from catalog_tui.server.one_call import LONGEST, OpenBeneath
from catalog_tui.server.presence import Presence
from catalog_tui.server.problems import archive_away, not_found, unreadable

FAILING: Final = (errno.EIO, errno.ESTALE, errno.EMFILE, errno.ENFILE)
"""What the system says when the disk or the machine is at fault, and not the request."""
WARM_S: Final = 10.0
MOST_WARM: Final = 10_000  # folders
_FOLDER_AND_NO_LINK: Final = OPEN_FOLDER | getattr(os, "O_NOFOLLOW", 0)


class OpenFile(NamedTuple):
    """A regular file of the archive, open for reading; who has it closes it."""

    descriptor: int
    status: os.stat_result


class Reacher:
    """Opens files by their paths in the archive. Blocks; from any thread.

    From the archive's folder down, each folder is opened in the one before, by its name and not through a link, as
    `core.removal.beneath` does. Only where `follow_links` made a site's or a model's link part of the archive does the
    way begin at its target. The archive's folder is opened for each file: held open it could not be unmounted.
    """

    def __init__(
        self, archive: Archive, presence: Presence, *, follow_links: bool, beneath: OpenBeneath | None = None
    ) -> None:
        """`beneath` opens the whole way in one call; without it, it is gone folder by folder."""
        self._archive = archive
        self._presence = presence
        self._follow_links = follow_links
        self._beneath = beneath
        self._warm: dict[str, float] = {}

    def open(self, path: str) -> OpenFile:
        """The file at `path`; Refused (404) for what is none of the archive's, (503) where the archive is away."""
        folder, _slash, name = path.rpartition("/")
        if not folder or not is_name_within(folder) or is_left_out_file(name):
            raise not_found()
        try:
            return self._open(*self._way(path))
        except (OSError, ArchiveError, RefusedError) as error:
            self._presence.check()
            if isinstance(error, OSError) and error.errno in FAILING:
                raise unreadable() from error
            raise not_found() from error

    def is_warm(self, path: str) -> bool:
        """Whether a file of that folder was opened so lately that opening this one will not wait for a disk."""
        return self._warm.get(path.rpartition("/")[0], 0.0) > time.monotonic()

    def note_warm(self, path: str) -> None:
        """A file of that folder was opened; for the event loop's thread alone."""
        while len(self._warm) >= MOST_WARM:
            del self._warm[next(iter(self._warm))]
        self._warm[path.rpartition("/")[0]] = time.monotonic() + WARM_S

    def _way(self, path: str) -> tuple[str, str]:
        """The folder to begin at, and the path below it."""
        if not self._follow_links:
            return self._archive.root, path
        site, model, name = self._archive.place_of(path)
        return self._archive.folder(site, model), name

    def _open(self, top: str, path: str) -> OpenFile:
        if BY_DESCRIPTOR:
            descriptor = _opened_beneath(top, path, self._presence, self._beneath)
        else:
            descriptor = _opened_by_name(top, path, self._presence)
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            os.close(descriptor)
            raise not_found()
        return OpenFile(descriptor, status)


def _opened_beneath(top: str, path: str, presence: Presence, beneath: OpenBeneath | None) -> int:
    """The descriptor of the file at `path` below `top`. What `core.removal.beneath` does with objects, in a fifth of
    the time (an eighth by one call): next to sending a small picture this is most of the work."""
    here = os.open(top, OPEN_FOLDER)
    try:
        if top == presence.root and os.fstat(here).st_dev != presence.device:
            raise archive_away()
        if beneath is not None:
            raw = os.fsencode(path)
            if len(raw) <= LONGEST:
                return beneath(here, raw)
        names = path.split("/")
        for name in names[:-1]:
            below = os.open(name, _FOLDER_AND_NO_LINK, dir_fd=here)
            os.close(here)
            here = below
        return os.open(names[-1], OPEN_FILE, dir_fd=here)
    finally:
        os.close(here)


def _opened_by_name(top: str, path: str, presence: Presence) -> int:
    """The same where folders have no descriptors."""
    presence.check()
    folder_path, _slash, name = path.rpartition("/")
    with closing(NamedFolder(top)) as start, opened(start, folder_path) as folder:
        return folder.open_file(name)
