"""What a scan found: groups straight from its columns, or those of the scan before when nothing has changed since."""

import os
from collections.abc import Iterator
from typing import Protocol

from catalog_tui.core.scan.matching import Group
from catalog_tui.core.scan.records import Files
from catalog_tui.core.scan.results import DuplicateFile, DuplicateGroup, ScanResult


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
        for number, group in enumerate(self._groups):
            members = [self._file(position) for position in group.members]
            yield DuplicateGroup(number, group.digest.hex(), group.size, len(members), group.md5.hex()), members

    def close(self) -> None:
        """Nothing is held."""

    def _file(self, position: int) -> DuplicateFile:
        files = self._files
        names = sorted(files.path(at) for at in self._links.get(position, ()))
        return DuplicateFile(
            os.fsdecode(files.path(position)),
            files.devices[files.device_of[position]],
            files.inodes[position],
            files.mtimes_ns[position],
            files.ctimes_ns[position],
            tuple(map(os.fsdecode, names)),
        )


class KeptOutcome:
    """Groups of the scan before, whose archive looked exactly as it does now."""

    def __init__(self, result: ScanResult) -> None:
        self._result = result
        self.summary = result.summary

    def groups(self) -> Iterator[tuple[DuplicateGroup, list[DuplicateFile]]]:
        """Every group with its files, in path order."""
        return self._result.everything()

    def close(self) -> None:
        """Close the results."""
        self._result.close()
