"""The scan called in this process, for tests that run it hundreds of times; `command.py` runs it as a user does."""

import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalog_tui.core.scan.crew import Workers
from catalog_tui.core.scan.engine import scan as scan_events
from catalog_tui.core.scan.events import FileError, Finished, Notice, Summary
from catalog_tui.core.scan.options import ScanOptions
from catalog_tui.core.scan.results import DuplicateFile, DuplicateGroup
from tests.core.scan.oracle import InodeGroups


@dataclass(frozen=True, slots=True)
class Found:
    """What one scan ended with."""

    summary: Summary
    groups: list[tuple[DuplicateGroup, list[DuplicateFile]]]
    errors: dict[str, str]
    notices: tuple[str, ...] = ()

    @property
    def inode_groups(self) -> InodeGroups:
        """The groups as sets of (device, inode)."""
        return frozenset(frozenset((file.device, file.inode) for file in files) for _, files in self.groups)

    @property
    def names(self) -> frozenset[frozenset[bytes]]:
        """The groups as sets of all names of all their files, relative to the archive."""
        return frozenset(frozenset(_names(files)) for _, files in self.groups)


def scan(root: Path, *, workers: Workers | None = None, **options: Any) -> Found:
    """Scan to the end; `options` are fields of ScanOptions."""
    errors: dict[str, str] = {}
    notices: list[str] = []
    for event in scan_events(ScanOptions(str(root), **options), workers=workers):
        if isinstance(event, FileError):
            errors[event.path] = event.error
        if isinstance(event, Notice):
            notices.append(event.text)
        if isinstance(event, Finished):
            assert event.outcome is not None
            with closing(event.outcome) as outcome:
                return Found(event.summary, list(outcome.groups()), errors, tuple(notices))
    raise AssertionError("a scan ends with Finished")


def _names(files: list[DuplicateFile]) -> Iterator[bytes]:
    for file in files:
        yield os.fsencode(file.path)
        yield from map(os.fsencode, file.links)
