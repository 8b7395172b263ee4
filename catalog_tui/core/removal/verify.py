"""Looking again, at the last moment: that a file is the one that was meant, and that two files hold the same bytes."""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from catalog_tui.core.errors import Cancelled
from catalog_tui.core.removal.plan import Identity
from catalog_tui.core.removal.refusals import RefusedError, reason_for
from catalog_tui.core.removal.system import Folder, Inode, inode_of, is_being_written, let_go
from catalog_tui.core.scan.hashing import CHUNK_BYTES, read_fully
from catalog_tui.core.words import _


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A regular file, open for reading, with its status when it was opened."""

    descriptor: int
    status: os.stat_result

    @property
    def inode(self) -> Inode:
        """What makes it itself."""
        return inode_of(self.status)

    def check_unchanged(self) -> None:
        """RefusedError when the file has been written to, linked, moved or changed since it was opened."""
        if fingerprint(os.fstat(self.descriptor)) != fingerprint(self.status):
            raise RefusedError(_("it changes at this moment"))


@contextmanager
def held_file(folder: Folder, name: str) -> Iterator[HeldFile]:
    """The regular file of this name, held open; RefusedError with the reason where there is none that can be read."""
    try:
        descriptor = folder.open_file(name)
    except OSError as error:
        raise RefusedError(reason_for(error)) from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise RefusedError(_("it is no regular file any more"))
        yield HeldFile(descriptor, status)
    finally:
        let_go(descriptor)


def check_identity(file: HeldFile, meant: Identity, size: int, ctime_ns: int) -> None:
    """RefusedError unless this is the file that was meant, as it was then, and nobody is writing to it.

    `ctime_ns` is the one meant, or the later one that our own acts on other names of the file have given it.
    """
    status = file.status
    if file.inode != (meant.device, meant.inode):
        raise RefusedError(_("another file has taken its place since the scan"))
    if (status.st_size, status.st_mtime_ns, status.st_ctime_ns) != (size, meant.mtime_ns, ctime_ns):
        raise RefusedError(_("it has changed since the scan"))
    if is_being_written(file.descriptor):
        raise RefusedError(_("some program has it open for writing"))


def same_content(one: HeldFile, other: HeldFile, cancelled: Callable[[], bool] = lambda: False) -> bool:
    """Whether two files hold the same bytes, read now from their beginnings; Cancelled when that is asked for."""
    if one.status.st_size != other.status.st_size:
        return False
    for file in (one, other):
        os.lseek(file.descriptor, 0, os.SEEK_SET)
    try:
        while True:
            if cancelled():
                raise Cancelled
            mine, theirs = (read_fully(file.descriptor, CHUNK_BYTES) for file in (one, other))
            if mine != theirs:
                return False
            if not mine:
                return True
    except OSError as error:
        raise RefusedError(_("it cannot be read: {reason}").format(reason=reason_for(error))) from error


def fingerprint(status: os.stat_result) -> tuple[Inode, int, int, int]:
    """What tells one state of one file from any other: inode, size, mtime and ctime."""
    return inode_of(status), status.st_size, status.st_mtime_ns, status.st_ctime_ns


def is_same_file(status: os.stat_result | None, file: HeldFile) -> bool:
    """Whether this is that file with that content, though it may have been moved or linked (its ctime is not asked)."""
    return status is not None and fingerprint(status)[:3] == fingerprint(file.status)[:3]
