"""Reaching folders below the archive one name at a time, so that no link and no `..` leads out of it."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from catalog_tui.core.removal.refusals import RefusedError
from catalog_tui.core.removal.system import Folder, Inode, OpenTop
from catalog_tui.core.scan.options import TRASH_NAME
from catalog_tui.core.words import _

FOREIGN = "\0\\:" if os.name == "nt" else "\0"


def split(path: str) -> tuple[str, str]:
    """The folder of a path in the archive ("" for the archive itself) and the name; RefusedError for no such path."""
    folder, _slash, name = path.rpartition("/")
    if TRASH_NAME in _names(path):
        raise RefusedError(_("that is no path in the archive"))
    return folder, name


@contextmanager
def opened(top: Folder, path: str, *, passing: Callable[[Inode], None] = lambda _inode: None) -> Iterator[Folder]:
    """The folder at `path` below `top` ("" is `top` itself), held open; `passing` is called for each folder entered."""
    folder, mine = top, False
    try:
        for name in _names(path) if path else ():
            below = folder.child(name)
            if mine:
                folder.close()
            folder, mine = below, True
            passing(folder.inode)
        yield folder
    finally:
        if mine:
            folder.close()


def make_folders(top: Folder, path: str, mode: int = 0o777) -> None:
    """Make the folder at `path`, and those on the way, where they are missing."""
    names = path.split("/") if path else []
    for depth, name in enumerate(names):
        with opened(top, "/".join(names[:depth])) as folder:
            if folder.look(name) is None:
                with suppress(FileExistsError):
                    folder.make_child(name, mode)


def _names(path: str) -> list[str]:
    names = path.split("/")
    if any(name in ("", ".", "..") or any(character in name for character in FOREIGN) for name in names):
        raise RefusedError(_("that is no path in the archive"))
    return names


class Protection:
    """Folders whose files are never removed, known by their inodes and those of all folders below them.

    So a file is protected by whatever path it is reached: another spelling, a link, a second mount of a folder within.
    """

    def __init__(self, archive: str, folders: Sequence[str], open_top: OpenTop) -> None:
        """`folders` are absolute or relative to the archive; OSError where one cannot be read to its last folder."""
        self._inodes: set[Inode] = set()
        for path in folders:
            top = open_top(os.path.join(archive, path))
            try:
                self._add(top)
            finally:
                top.close()

    def check(self, inode: Inode) -> None:
        """RefusedError when the folder with this inode is protected."""
        if inode in self._inodes:
            raise RefusedError(_("it is in a protected folder"))

    def _add(self, top: Folder) -> None:
        waiting = [""]
        while waiting:
            path = waiting.pop()
            with opened(top, path) as folder:
                self._inodes.add(folder.inode)
                waiting += [f"{path}/{name}" if path else name for name in folder.folder_names()]
