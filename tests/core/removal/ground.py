"""Small archives to remove from, plans made by hand, and what must be true of them afterwards."""

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from catalog_tui.core.removal.plan import TRASH, Identity, Plan, PlanItem
from catalog_tui.core.removal.system import Folder, HeldFolder, NamedFolder, renameat2
from catalog_tui.core.scan.options import TRASH_NAME

OLD_NS = 1_600_000_000_123_456_789

SYSTEMS: dict[str, Callable[[str], Folder]] = {
    "renameat2": lambda path: HeldFolder.top(path, renameat2()),
    "descriptors": lambda path: HeldFolder.top(path, None),
    "paths": NamedFolder,
}
"""The ways to hold a folder that systems differ in: tests of safety run through each."""


class Seen(NamedTuple):
    """What undo must bring back of a file: its bytes, mode and mtime."""

    content: bytes
    mode: int
    mtime_ns: int


def identity(root: Path, path: str) -> Identity:
    """The file at `path` as a scan would see it now."""
    status = (root / path).lstat()
    return Identity(path, status.st_dev, status.st_ino, status.st_mtime_ns, status.st_ctime_ns)


def plan_of(root: Path, *pairs: tuple[str, str | None], action: str = TRASH, protected: tuple[str, ...] = ()) -> Plan:
    """A plan of (victim, keeper), with identities as they are now."""
    items = tuple(
        PlanItem(
            "", (root / victim).lstat().st_size, identity(root, victim), identity(root, keeper) if keeper else None
        )
        for victim, keeper in pairs
    )
    return Plan(str(root), "2026-01-31T12:00:00Z", action, (), items, 0, protected)


def tree(root: Path) -> dict[str, Seen | str]:
    """Every file of the archive but its trash, and every folder and link, by path."""
    found: dict[str, Seen | str] = {}
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name != TRASH_NAME]
        for name in (*folders, *names):
            path = os.path.join(folder, name)
            status = os.lstat(path)
            relative = os.path.relpath(path, root)
            if stat.S_ISLNK(status.st_mode):
                found[relative] = f"link to {os.readlink(path)}"
            elif stat.S_ISDIR(status.st_mode):
                found[relative] = "folder"
            elif stat.S_ISREG(status.st_mode):
                found[relative] = Seen(Path(path).read_bytes(), stat.S_IMODE(status.st_mode), status.st_mtime_ns)
    return found


def contents(root: Path) -> set[bytes]:
    """Every content that is anywhere below the folder, the trash included, but not its journal."""
    return {
        Path(folder, name).read_bytes()
        for folder, _folders, names in os.walk(root)
        for name in names
        if stat.S_ISREG(os.lstat(os.path.join(folder, name)).st_mode)
        and not (os.path.basename(folder) == TRASH_NAME and name in ("journal.jsonl", "lock"))
    }


def age(root: Path) -> None:
    """Give all files an old mtime of their own, so that a changed one shows."""
    for number, (folder, _folders, names) in enumerate(os.walk(root)):
        for name in names:
            os.utime(os.path.join(folder, name), ns=(OLD_NS, OLD_NS + number))
