"""What a scan found: groups straight from its columns, or those of the scan before when nothing has changed since."""

import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from catalog_tui.core.scan.grouping import Groups
from catalog_tui.core.scan.records import Files

AT_ONCE = 500  # groups in a piece


class DuplicateFile(NamedTuple):
    """One inode of a group: its first path, and further ones (hard links) in `links`; all relative to the archive."""

    path: str
    device: int
    inode: int
    mtime_ns: int
    ctime_ns: int
    links: tuple[str, ...] = ()


class DuplicateGroup(NamedTuple):
    """Files of one content, `copies` of them; `id` is the place by waste, from 0; `hash` and `md5` are hexadecimal."""

    id: int
    hash: str
    size: int
    copies: int
    md5: str = ""

    @property
    def waste(self) -> int:
        """Bytes that removing all but one would free."""
        return self.size * (self.copies - 1)


FileColumns = tuple[Iterable[int], Iterable[int], Iterable[int], Iterable[int], Sequence[tuple[str, ...]]]
"""What DuplicateFile has beside the path, each by itself."""


class Piece(NamedTuple):
    """Some hundred groups with their files, in columns: printing a hundred thousand takes half of what objects take.

    The first five have a row for each group, the others for each file, those of a group after those of the one before
    it. What is no sequence can be gone through once; `links` has what DuplicateFile has, for files with hard links.
    """

    ids: Sequence[int]
    hashes: Sequence[str]
    sizes: Sequence[int]
    copies: Sequence[int]
    md5s: Sequence[str]
    paths: Sequence[str]
    devices: Iterable[int]
    inodes: Iterable[int]
    mtimes_ns: Iterable[int]
    ctimes_ns: Iterable[int]
    links: Sequence[tuple[str, ...]]


def decoded(paths: Iterable[bytes]) -> list[str]:
    """These paths, of which there is at least one, as text: all at once takes a third of one by one."""
    return os.fsdecode(b"\0".join(paths)).split("\0")


def one_by_one(pieces: Iterable[Piece]) -> Iterator[tuple[DuplicateGroup, list[DuplicateFile]]]:
    """Every group of these pieces with its files."""
    for ids, hashes, sizes, copies, md5s, *columns in pieces:
        files = map(DuplicateFile, *columns)
        for group in map(DuplicateGroup, ids, hashes, sizes, copies, md5s):
            yield group, list(islice(files, group.copies))


class FoundOutcome:
    """Groups of this scan; `links` are the further names of a position's inode."""

    def __init__(self, files: Files, groups: Groups, links: dict[int, list[int]]) -> None:
        self._files = files
        self._groups = groups
        self._links = links

    def totals(self) -> tuple[int, int, int]:
        """Groups, files that have an equal one before them, and the bytes these take."""
        groups = self._groups
        return len(groups.sizes), len(groups.members) - len(groups.sizes), groups.waste

    def pieces(self) -> Iterator[Piece]:
        """See Outcome."""
        groups = self._groups
        first_file = 0
        for start in range(0, len(groups.sizes), AT_ONCE):
            end = start + AT_ONCE
            copies = groups.copies[start:end]
            end_file = first_file + sum(copies)
            yield Piece(
                range(start, start + len(copies)),
                [digest.hex() for digest in groups.digests[start:end]],
                groups.sizes[start:end],
                copies,
                [md5.hex() for md5 in groups.md5s[start:end]] or [""] * len(copies),
                decoded(groups.paths[first_file:end_file]),
                *self._columns(groups.members[first_file:end_file]),
            )
            first_file = end_file

    def groups(self) -> Iterator[tuple[DuplicateGroup, list[DuplicateFile]]]:
        """See Outcome."""
        return one_by_one(self.pieces())

    def close(self) -> None:
        """Nothing is held."""

    def _columns(self, positions: Sequence[int]) -> FileColumns:
        files, links = self._files, self._links
        return (
            map(files.devices.__getitem__, map(files.device_of.__getitem__, positions)),
            map(files.inodes.__getitem__, positions),
            map(files.mtimes_ns.__getitem__, positions),
            map(files.ctimes_ns.__getitem__, positions),
            [self._names(links[at]) if at in links else () for at in positions] if links else [()] * len(positions),
        )

    def _names(self, positions: list[int]) -> tuple[str, ...]:
        return tuple(map(os.fsdecode, sorted(map(self._files.path, positions))))
