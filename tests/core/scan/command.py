"""The scan as a user runs it: the installed command in a process of its own, its JSON read back."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalog_tui.core.names import path_from_json
from tests.core.scan.oracle import InodeGroups, inode_of

SCAN = (sys.executable, "-P", "-m", "catalog_tui", "scan")


@dataclass(frozen=True, slots=True)
class Answer:
    """How a scan ended, and what it said: the JSON on standard output, the words on standard error."""

    exit_code: int
    result: dict[str, Any]
    words: str

    @property
    def groups(self) -> list[list[bytes]]:
        """The first name of every file of each group, as bytes relative to the archive."""
        return [[exact_path(file) for file in group["files"]] for group in self.result["groups"]]

    @property
    def names(self) -> frozenset[frozenset[bytes]]:
        """The groups as sets of all names of all their files."""
        return frozenset(
            frozenset(exact_path(name) for file in group["files"] for name in (file, *_links_of(file)))
            for group in self.result["groups"]
        )

    @property
    def errors(self) -> dict[bytes, str]:
        """What could not be read, by path."""
        return {exact_path(error): error["error"] for error in self.result["errors"]}

    def inode_groups(self, root: Path) -> InodeGroups:
        """The groups as sets of (device, inode)."""
        top = os.fsencode(root)
        return frozenset(frozenset(inode_of(os.path.join(top, path)) for path in group) for group in self.groups)


def scan(root: Path, *flags: str, before: Sequence[str] = ()) -> Answer:
    """Run `catalog-tui scan ROOT --format json FLAGS`, behind the words of another command where one is given."""
    argv = [*before, *SCAN, str(root), "--format", "json", "--progress", "none", *flags]
    done = subprocess.run(argv, capture_output=True, stdin=subprocess.DEVNULL, check=False)
    words = done.stderr.decode()
    assert done.returncode in (0, 3), words
    return Answer(done.returncode, json.loads(done.stdout), words)


def exact_path(record: dict[str, Any]) -> bytes:
    """The path in a JSON record, byte for byte."""
    return os.fsencode(path_from_json(record))


def _links_of(file: dict[str, Any]) -> list[dict[str, Any]]:
    """The further names of a file, which stand as plain text unless a name is not UTF-8."""
    return [link if isinstance(link, dict) else {"path": link} for link in file.get("links", ())]
