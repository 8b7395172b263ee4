"""Which file it is, and whether it is still what it was: what every thumbnail is kept under."""

import os
from typing import NamedTuple

from catalog_tui.core.folder import LONGEST_PATH, open_file


class Identity(NamedTuple):
    """A file as it is now: another one, or another content, has another identity."""

    device: int
    inode: int
    size: int
    mtime_ns: int


def identity_of(status: os.stat_result) -> Identity:
    """The identity by a `stat`."""
    return Identity(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


def status_of(path: str) -> os.stat_result:
    """What `lstat` says, also of a path too long for it. Raises OSError, and ValueError for one with a NUL in it."""
    if len(path) <= LONGEST_PATH // 4:
        return os.lstat(path)
    descriptor = open_file(path) if len(os.fsencode(path)) > LONGEST_PATH else -1
    if descriptor < 0:
        return os.lstat(path)
    try:
        return os.fstat(descriptor)
    finally:
        os.close(descriptor)
