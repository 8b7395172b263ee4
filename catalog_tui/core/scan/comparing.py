"""Comparing files byte by byte: the task behind `--verify`, which trusts no digest."""

from __future__ import annotations

import os
from typing import NamedTuple

from catalog_tui.core.scan.hashing import CHANGED, CHUNK_BYTES, INODE_MASK, Batch, Watch, open_file, read_fully


class Compared(NamedTuple):
    """For each file the number of the first file with the same bytes, its own when it is the first.

    `failures` and `bytes_read` are those of `Hashed`; a file that failed equals nobody.
    """

    same_as: list[int]
    failures: list[tuple[int, int]]
    bytes_read: int


class _UnreadableError(Exception):
    """The file at this position of the batch cannot be compared, for this errno."""

    def __init__(self, position: int, number: int) -> None:
        super().__init__(position, number)
        self.position = position
        self.number = number


def compare_batch(batch: Batch, watch: Watch | None = None) -> Compared:
    """Compare the files of the batch, all of one size, with one another: each with one file of every content so far."""
    same_as = list(range(len(batch.paths)))
    failed: dict[int, int] = {}
    tally = _Tally(watch)
    for position in range(len(batch.paths)):
        for label in sorted(set(same_as[:position])):
            alike = [at for at in range(position) if same_as[at] == label]
            while alike and position not in failed:
                # One that is gone or changed by now cannot speak for the others any more; the next of them can.
                alike = [at for at in alike if at not in failed]
                try:
                    if alike and _equal(batch, alike[0], position, tally):
                        same_as[position] = label
                    break
                except _UnreadableError as error:
                    failed[error.position] = error.number
            if same_as[position] != position or position in failed:
                break
    return Compared(same_as, sorted(failed.items()), tally.untold)


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


def _equal(batch: Batch, first: int, second: int, tally: _Tally) -> bool:
    left = _open(batch, first)
    try:
        right = _open(batch, second)
        try:
            equal = _same_bytes((left, first), (right, second), tally)
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


def _open(batch: Batch, position: int) -> int:
    try:
        return open_file(batch.root, batch.paths[position])
    except OSError as error:
        raise _UnreadableError(position, error.errno or CHANGED) from error


def _same_bytes(left: tuple[int, int], right: tuple[int, int], tally: _Tally) -> bool:
    """Whether two files, each a descriptor and its position in the batch, go on with the same bytes to their ends."""
    while not tally.stopped:
        mine = _read(*left, CHUNK_BYTES)
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
