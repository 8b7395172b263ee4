"""What a duplicate scan must find, worked out in the plainest way: SHA-256 and size of every file, grouped by inode."""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

Inode = tuple[int, int]
InodeGroups = frozenset[frozenset[Inode]]

TRASH = b".catalog-trash"


def inode_of(path: bytes) -> Inode:
    """(device, inode) of what stands at this path; a link is itself."""
    status = os.lstat(path)
    return status.st_dev, status.st_ino


def regular_files(root: Path) -> Iterator[bytes]:
    """Path, relative to the root, of every regular file that is not empty: all but those in the archive's trash."""
    top = os.fsencode(root)
    for folder, folders, files in os.walk(top):
        if folder == top and TRASH in folders:
            folders.remove(TRASH)
        for name in files:
            path = os.path.join(folder, name)
            status = os.lstat(path)
            if stat.S_ISREG(status.st_mode) and status.st_size:
                yield os.path.relpath(path, top)


def inode_groups(root: Path, paths: Iterable[bytes]) -> InodeGroups:
    """The sets of two and more inodes with the same content, among those of the given paths relative to the root."""
    by_content: dict[tuple[int, bytes], set[Inode]] = {}
    for path in paths:
        absolute = os.path.join(os.fsencode(root), path)
        with open(absolute, "rb") as stream:
            content = stream.read()
        by_content.setdefault((len(content), hashlib.sha256(content).digest()), set()).add(inode_of(absolute))
    return frozenset(frozenset(inodes) for inodes in by_content.values() if len(inodes) > 1)


def names_of_groups(root: Path, paths: Iterable[bytes], groups: InodeGroups) -> frozenset[frozenset[bytes]]:
    """The same groups as sets of every name, among the given ones, that any of their inodes has."""
    names: dict[Inode, set[bytes]] = {}
    for path in paths:
        names.setdefault(inode_of(os.path.join(os.fsencode(root), path)), set()).add(path)
    return frozenset(frozenset(name for inode in group for name in names[inode]) for group in groups)
