"""Comparing files byte by byte: the task behind `--verify`, which trusts no digest."""

from __future__ import annotations

import os
from time import monotonic
from typing import NamedTuple

from catalog_tui.core.scan.hashing import CHANGED, CHUNK_BYTES, INODE_MASK, Batch, Watch, open_file, read_fully


class Compared(NamedTuple):
    """For each file the number of the first file with the same bytes, its own when it is the first.

    `failures`, `bytes_read` and `seconds` are those of `Hashed`; a file that failed equals nobody.
    """

    same_as: list[int]
    failures: list[tuple[int, int]]
    bytes_read: int
    seconds: float = 0.0


class _UnreadableError(Exception):
    """The file at this position of the batch cannot be compared, for this errno."""

    def __init__(self, position: int, number: int) -> None:
        super().__init__(position, number)
        self.position = position
        self.number = number


def compare_batch(batch: Batch, watch: Watch | None = None) -> Compared:
    """Compare the files of each group of the batch, all of one size, each with one file of every content so far."""
    started = monotonic()
    paths = batch.paths()
    same_as = list(range(len(paths)))
    failed: dict[int, int] = {}
    tally = _Tally(watch)
    first = 0
    for count in batch.groups:
        contents: list[list[int]] = []
        for position in range(first, first + count):
            for alike in contents:
                if _is_like(batch, paths, alike, position, failed, tally):
                    alike.append(position)
                    break
            else:
                contents.append([position])
        for alike in contents:
            for position in alike:
                same_as[position] = alike[0]
        first += count
    return Compared(same_as, sorted(failed.items()), tally.untold, monotonic() - started)


def _is_like(
    batch: Batch, paths: list[bytes], alike: list[int], position: int, failed: dict[int, int], tally: _Tally
) -> bool:
    """Whether the file has the content of those in `alike`, of which the first speaks for all.

    One that is gone or changed by now cannot speak any more, and leaves; the next of them does.
    """
    while alike and position not in failed:
        try:
            return _equal(batch, paths, alike[0], position, tally)
        except _UnreadableError as error:
            failed[error.position] = error.number
            if error.position == alike[0]:
                alike.pop(0)
    return False


class _Tally:
    """Counts bytes read: to the watch where there is one."""

    def __init__(self, watch: Watch | None) -> None:
        self._watch = watch
        self.untold = 0

    @property
    def stopped(self) -> bool:
        return self._watch is not None and self._watch.stopped

    def add(self, size_bytes: int) -> None:
        if self._watch is None:
            self.untold += size_bytes
        else:
            self._watch.advance(size_bytes)


def _equal(batch: Batch, paths: list[bytes], first: int, second: int, tally: _Tally) -> bool:
    left = _open(batch.root, paths, first)
    try:
        right = _open(batch.root, paths, second)
        try:
            # A buffer of the file's own length: one of a megabyte for each small file costs more than reading it.
            at_once = min(CHUNK_BYTES, batch.sizes[first] + 1)
            equal = _same_bytes((left, first), (right, second), at_once, tally)
            for descriptor, position in ((left, first), (right, second)):
                seen = os.fstat(descriptor)
                now = (seen.st_ino & INODE_MASK, seen.st_size, seen.st_mtime_ns)
                if now != (batch.inodes[position], batch.sizes[position], batch.mtimes_ns[position]) or tally.stopped:
                    raise _UnreadableError(position, CHANGED)
            return equal
        finally:
            os.close(right)
    finally:
        os.close(left)


def _open(root: bytes, paths: list[bytes], position: int) -> int:
    try:
        return open_file(root, paths[position])
    except OSError as error:
        raise _UnreadableError(position, error.errno or CHANGED) from error


def _same_bytes(left: tuple[int, int], right: tuple[int, int], at_once: int, tally: _Tally) -> bool:
    """Whether two files, each a descriptor and its position in the batch, go on with the same bytes to their ends."""
    while not tally.stopped:
        mine = _read(*left, at_once)
        other = _read(*right, len(mine) or 1)
        tally.add(len(mine) + len(other))
        if mine != other:
            return False
        if not mine:
            return True
    return False


def _read(descriptor: int, position: int, length: int) -> bytes:
    try:
        return read_fully(descriptor, length)
    except OSError as error:  # a folder has taken the file's place, or the disk fails here
        raise _UnreadableError(position, error.errno or CHANGED) from error
