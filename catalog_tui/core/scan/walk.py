"""Seeing every file of an archive: one `scandir` a folder and one `lstat` a file, appended to columns."""

import os
import re
import stat
import sys
from collections.abc import Callable, Iterator
from errno import ENAMETOOLONG
from itertools import islice
from typing import NamedTuple

from catalog_tui.core.kinds import DESCRIBING, SuffixKinds, is_left_out_folder
from catalog_tui.core.scan.hashing import INODE_MASK, open_deep
from catalog_tui.core.scan.options import TRASH_NAME
from catalog_tui.core.scan.records import Files
from catalog_tui.core.side_files import SideFiles

CHUNK_ENTRIES = 512  # between two looks at the clock: a folder of a million files must show life and be cancellable

_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
_BY_DESCRIPTOR = os.scandir in os.supports_fd


Entries = list[os.DirEntry[str]]


class Walked(NamedTuple):
    """A step of the walk: files `first` to `end` are new; `linked` are those of them with several names."""

    first: int
    end: int
    linked: list[int]


class Wanted(NamedTuple):
    """Which files belong to a scan: the archive's media unless `everything`; `excluded` as `exclusion` makes it."""

    everything: bool = False
    excluded: re.Pattern[str] | None = None
    min_size: int = 1


class Walk:
    """Walks `root` depth first, folders in inode order, each real folder once, and fills `files`."""

    def __init__(self, root: bytes, wanted: Wanted, files: Files, failed: Callable[[bytes, OSError], None]) -> None:
        self.files = files
        self.folder = b""
        self._root = root
        self._wanted = wanted
        self._kinds = None if wanted.everything else SuffixKinds()
        self._failed = failed
        self._visited: set[tuple[int, int]] = set()

    def __iter__(self) -> Iterator[Walked]:
        """Yield after every CHUNK_ENTRIES entries and every folder."""
        waiting = [b""]
        while waiting:
            self.folder = waiting.pop()
            below: list[tuple[int, bytes]] = []
            try:
                yield from self._walk_folder(self.folder, below)
            except OSError as error:
                self._failed(self.folder, error)
            waiting.extend(path for _inode, path in sorted(below, reverse=True) if not self._is_excluded(path))

    def _walk_folder(self, folder: bytes, below: list[tuple[int, bytes]]) -> Iterator[Walked]:
        handle = self._open(folder)
        try:
            seen = os.stat(handle)
            if (seen.st_dev, seen.st_ino) in self._visited and seen.st_ino:
                return  # a bind mount, or a loop of them: its files have been seen under their first name
            self._visited.add((seen.st_dev, seen.st_ino))
            self.files.folders.append(folder)
            names: list[str] = []
            describing: list[os.DirEntry[str]] = []
            with os.scandir(handle) as entries:
                while chunk := list(islice(entries, CHUNK_ENTRIES)):
                    names.extend([entry.name for entry in chunk])
                    media = (
                        self._media(chunk, describing, below) if self._kinds is not None else self._all(chunk, below)
                    )
                    yield self._add(media, seen.st_dev)
                if describing:
                    sides = SideFiles(names)
                    yield self._add([one for one in describing if sides.described_by(one.name) is None], seen.st_dev)
        finally:
            if isinstance(handle, int):
                os.close(handle)

    def _open(self, folder: bytes) -> int | str:
        path = self._root + b"/" + folder if folder else self._root
        if not _BY_DESCRIPTOR:
            return os.fsdecode(path)
        # The archive itself may be reached through a link: the user named it. Nothing below may.
        flags = _FOLDER | (getattr(os, "O_NOFOLLOW", 0) if folder else 0)
        try:
            return os.open(path, flags)
        except OSError as error:
            if error.errno != ENAMETOOLONG:
                raise
        return open_deep(self._root, folder, flags)

    def _media(self, chunk: Entries, describing: Entries, below: list[tuple[int, bytes]]) -> Entries:
        """The entries that are media by name; those that may be side-files go to `describing`, folders to `below`."""
        kinds = self._kinds or SuffixKinds()
        media = []
        for entry in chunk:
            name = entry.name
            if name[0] == ".":
                continue
            if entry.is_file(follow_symlinks=False):
                kind = kinds[name[name.rfind(".") :]]
                if kind < DESCRIBING:
                    media.append(entry)
                elif kind == DESCRIBING:
                    describing.append(entry)
            elif entry.is_dir(follow_symlinks=False) and not is_left_out_folder(name):
                below.append((entry.inode(), self._below(name)))
        return media

    def _all(self, chunk: Entries, below: list[tuple[int, bytes]]) -> Entries:
        """Every file but the archive's own trash; folders go to `below`."""
        kept = []
        for entry in chunk:
            if entry.is_file(follow_symlinks=False):
                kept.append(entry)
            elif entry.is_dir(follow_symlinks=False) and entry.name != TRASH_NAME:
                below.append((entry.inode(), self._below(entry.name)))
        return kept

    def _add(self, entries: Entries, folder_device: int) -> Walked:
        """Look at the files and append those that count to the columns."""
        files = self.files
        first = len(files)
        names: list[str] = []
        linked: list[int] = []
        strangers: list[tuple[int, int]] = []
        min_size = self._wanted.min_size
        if self._wanted.excluded is not None:
            entries = [entry for entry in entries if not self._is_excluded(self._below(entry.name))]
        add_name, add_size, add_inode = names.append, files.sizes.append, files.inodes.append
        add_mtime, add_ctime = files.mtimes_ns.append, files.ctimes_ns.append
        for entry in entries:
            try:
                seen = _lstat(entry)
            except OSError as error:
                self._failed(self._below(entry.name), error)
                continue
            size = seen.st_size
            if size < min_size or not stat.S_ISREG(seen.st_mode):
                continue
            add_inode(seen.st_ino & INODE_MASK)
            add_name(entry.name)
            add_size(size)
            add_mtime(seen.st_mtime_ns)
            add_ctime(seen.st_ctime_ns)
            if seen.st_nlink > 1:
                linked.append(first + len(names) - 1)
            if seen.st_dev != folder_device:
                strangers.append((first + len(names) - 1, seen.st_dev))
        self._add_places(names, folder_device, strangers)
        return Walked(first, len(files), linked)

    def _add_places(self, names: list[str], folder_device: int, strangers: list[tuple[int, int]]) -> None:
        files, count = self.files, len(names)
        if count:
            files.add_names(names)
            files.folder_of.extend([len(files.folders) - 1] * count)
            files.device_of.extend([files.device_number(folder_device, self.folder)] * count)
            for position, device in strangers:  # a file of another filesystem mounted in place, or an overlay
                files.device_of[position] = files.device_number(device, None)

    def _below(self, name: str) -> bytes:
        return self.folder + b"/" + os.fsencode(name) if self.folder else os.fsencode(name)

    def _is_excluded(self, path: bytes) -> bool:
        return (
            self._wanted.excluded is not None and self._wanted.excluded.fullmatch("/" + os.fsdecode(path)) is not None
        )


def _lstat_entry(entry: os.DirEntry[str]) -> os.stat_result:
    return entry.stat(follow_symlinks=False)


def _lstat_path(entry: os.DirEntry[str]) -> os.stat_result:
    """Windows keeps no inode, device and link count in its folder entries."""
    return os.lstat(entry.path)


_lstat = _lstat_path if sys.platform == "win32" else _lstat_entry
