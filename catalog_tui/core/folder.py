"""One folder, open for reading: by descriptor where the system can, by path elsewhere.

Descriptors make the `stat` of an entry a tenth cheaper (the kernel does not walk the path again), and reach folders
whose path is longer than the system takes in one call.
"""

import os
from collections.abc import Iterator
from itertools import islice
from types import TracebackType
from typing import Final

BY_DESCRIPTOR: Final = os.scandir in os.supports_fd and os.open in os.supports_dir_fd
LONGEST_PATH: Final = 1000  # bytes that are safe to ask for in one call: PATH_MAX is 1024 on macOS, 4096 on Linux
OPEN_FOLDER: Final = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
# A named pipe must not hold the reader up, nor a link lead it elsewhere.
OPEN_FILE: Final = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
BATCH: Final = 1024  # entries whose stats live at once: more of them leave the processor's cache, fewer cost calls

Stamp = tuple[int, int]
"""A folder's (mtime_ns, ctime_ns): it changes when an entry comes, goes or is renamed."""


class Folder:
    """A folder opened for one pass; a context manager. Raises OSError where it cannot be opened."""

    def __init__(self, path: str, *, follow: bool = False) -> None:
        """`follow`: open what a link at the end of `path` leads to; without it a link is refused."""
        self._path = path
        self._descriptor = _open_folder(path, follow=follow) if BY_DESCRIPTOR else -1

    def __enter__(self) -> "Folder":
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)

    def stamp(self) -> Stamp:
        """The folder's stamp now."""
        status = os.fstat(self._descriptor) if BY_DESCRIPTOR else os.stat(self._path)
        return status.st_mtime_ns, status.st_ctime_ns

    def batches(self) -> Iterator[list[os.DirEntry[str]]]:
        """The folder's entries, some thousands at a time, in the system's order."""
        with os.scandir(self._descriptor if BY_DESCRIPTOR else self._path) as entries:
            while batch := list(islice(entries, BATCH)):
                yield batch

    def head(self, name: str, size_bytes: int) -> bytes:
        """The first bytes of a regular file in this folder; none where it cannot be read."""
        try:
            if BY_DESCRIPTOR:
                descriptor = os.open(name, OPEN_FILE, dir_fd=self._descriptor)
            else:
                descriptor = os.open(os.path.join(self._path, name), OPEN_FILE)
        except OSError:
            return b""
        try:
            return os.read(descriptor, size_bytes)
        except OSError:
            return b""
        finally:
            os.close(descriptor)


def open_file(path: str) -> int:
    """A descriptor of the file at `path`, however long, for reading: without following a link at its end, nor waiting
    at a named pipe. Whether it is a regular file is for the caller to look at. Raises OSError."""
    if not BY_DESCRIPTOR:
        return os.open(path, OPEN_FILE)
    return _open_stepwise(path, OPEN_FILE)


def _open_folder(path: str, *, follow: bool) -> int:
    return _open_stepwise(path, OPEN_FOLDER if follow else OPEN_FOLDER | getattr(os, "O_NOFOLLOW", 0))


def _open_stepwise(path: str, last: int) -> int:
    """Open `path` with the flags `last`, in steps that the system takes in one call."""
    raw = os.fsencode(path)
    here: int | None = None
    try:
        while len(raw) > LONGEST_PATH:
            cut = raw.rindex(b"/", 0, LONGEST_PATH)
            there = os.open(raw[:cut] or b"/", OPEN_FOLDER, dir_fd=here)
            if here is not None:
                os.close(here)
            here, raw = there, raw[cut + 1 :]
        return os.open(raw, last, dir_fd=here)
    finally:
        if here is not None:
            os.close(here)
