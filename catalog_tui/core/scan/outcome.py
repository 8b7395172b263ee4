"""What a scan found: groups straight from its columns, or those of the scan before when nothing has changed since."""

import os
from collections.abc import Iterator
from itertools import chain, islice, repeat
from operator import itemgetter
from typing import NamedTuple

from catalog_tui.core.scan.matching import Group
from catalog_tui.core.scan.records import Files

AT_ONCE = 500  # groups whose files are made together


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


class FoundOutcome:
    """Groups of this scan; `links` are the further names of a position's inode."""

    def __init__(self, files: Files, groups: list[Group], links: dict[int, list[int]]) -> None:
        self._files = files
        self._groups = groups
        self._links = links

    def totals(self) -> tuple[int, int, int]:
        """Groups, files that have an equal one before them, and the bytes these take."""
        copies = [len(group.members) - 1 for group in self._groups]
        waste = sum([group.size * more for group, more in zip(self._groups, copies, strict=True)])
        return len(copies), sum(copies), waste

    def groups(self) -> Iterator[tuple[DuplicateGroup, list[DuplicateFile]]]:
        """Every group with its files, in path order."""
        for start in range(0, len(self._groups), AT_ONCE):
            groups = self._groups[start : start + AT_ONCE]
            files = self._files_of(groups)
            for number, group in enumerate(groups, start):
                members = list(islice(files, len(group.members)))
                yield DuplicateGroup(number, group.digest.hex(), group.size, len(members), group.md5.hex()), members

    def _files_of(self, groups: list[Group]) -> Iterator[DuplicateFile]:
        """The files of these groups one after another: column by column, which takes a third of file by file."""
        files, links = self._files, self._links
        positions = list(chain.from_iterable(group.members for group in groups))
        paths = os.fsdecode(b"\0".join(chain.from_iterable(group.paths for group in groups))).split("\0")
        pick = itemgetter(*positions)
        devices = map(files.devices.__getitem__, pick(files.device_of))
        names = [self._names(links[at]) if at in links else () for at in positions] if links else repeat(())
        return map(
            DuplicateFile, paths, devices, pick(files.inodes), pick(files.mtimes_ns), pick(files.ctimes_ns), names
        )

    def close(self) -> None:
        """Nothing is held."""

    def _names(self, positions: list[int]) -> tuple[str, ...]:
        return tuple(map(os.fsdecode, sorted(map(self._files.path, positions))))
