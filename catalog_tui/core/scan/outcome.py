"""What a scan found: groups straight from its columns, or those of the scan before when nothing has changed since."""

import os
import sys
from collections.abc import Iterator
from typing import NamedTuple, Protocol

from catalog_tui.core.scan.matching import Group
from catalog_tui.core.scan.records import Files


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


class Outcome(Protocol):
    """The groups of a scan, those that waste most first."""

    def groups(self) -> Iterator[tuple[DuplicateGroup, list[DuplicateFile]]]:
        """Every group with its files, in path order."""
        ...

    def close(self) -> None:
        """Let go of what is held."""
        ...


class FoundOutcome:
    """Groups of this scan; `links` are the further names of a position's inode."""

    def __init__(self, files: Files, groups: list[Group], links: dict[int, list[int]]) -> None:
        self._files = files
        self._groups = groups
        self._links = links

    def totals(self) -> tuple[int, int, int]:
        """Groups, files that have an equal one before them, and the bytes these take."""
        groups = self._groups
        return len(groups), sum(len(group.members) - 1 for group in groups), sum(group.waste for group in groups)

    def groups(self) -> Iterator[tuple[DuplicateGroup, list[DuplicateFile]]]:
        """Every group with its files, in path order."""
        files, links = self._files, self._links
        devices, device_of, inodes = files.devices, files.device_of, files.inodes
        mtimes_ns, ctimes_ns = files.mtimes_ns, files.ctimes_ns
        encoding, errors = sys.getfilesystemencoding(), sys.getfilesystemencodeerrors()
        for number, group in enumerate(self._groups):
            members = [
                DuplicateFile(
                    path.decode(encoding, errors),
                    devices[device_of[at]],
                    inodes[at],
                    mtimes_ns[at],
                    ctimes_ns[at],
                    self._names(links[at]) if at in links else (),
                )
                for at, path in zip(group.members, group.paths, strict=True)
            ]
            yield DuplicateGroup(number, group.digest.hex(), group.size, len(members), group.md5.hex()), members

    def close(self) -> None:
        """Nothing is held."""

    def _names(self, positions: list[int]) -> tuple[str, ...]:
        return tuple(map(os.fsdecode, sorted(map(self._files.path, positions))))
