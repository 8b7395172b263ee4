"""Making a plan: from the groups of a scan and keep rules, or from what the user wants deleted."""

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from catalog_tui.core.errors import ArchiveError
from catalog_tui.core.names import display
from catalog_tui.core.removal.beneath import Protection
from catalog_tui.core.removal.keep_rules import KeepRule, Neighbours, choose_keeper
from catalog_tui.core.removal.plan import HARDLINK, TRASH, Identity, Plan, PlanItem
from catalog_tui.core.removal.refusals import Refusal, RefusedError, reason_for
from catalog_tui.core.removal.system import INODE_MASK, OpenTop, open_top
from catalog_tui.core.scan.options import TRASH_NAME
from catalog_tui.core.scan.outcome import DuplicateFile, DuplicateGroup
from catalog_tui.core.words import _, reason_of

Groups = Iterable[tuple[DuplicateGroup, list[DuplicateFile]]]


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, and the files that are not in it though they have copies: their groups changed since the scan."""

    plan: Plan
    left_out: tuple[Refusal, ...]


def plan_removal(
    archive: str,
    groups: Groups,
    rules: Sequence[KeepRule],
    *,
    action: str = TRASH,
    protected: Sequence[str] = (),
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    open_archive: OpenTop = open_top,
) -> Planned:
    """Keep one file of every group by `rules`, and plan `action` for all names of the others.

    Files in `protected` folders (absolute, or relative to the archive) are all kept. ArchiveError where one of those
    folders cannot be read.
    """
    maker = _PlanMaker(archive, rules, action, _protection(archive, protected, open_archive))
    items = tuple(item for group, files in groups for item in maker.items(group, files))
    texts = tuple(rule.text for rule in rules)
    plan = Plan(archive, _stamp(now()), action, texts, items, maker.frees, tuple(protected))
    return Planned(plan, tuple(maker.left_out))


def plan_deletion(
    archive: str, paths: Sequence[str], *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Plan:
    """A plan that moves these files to the trash, copies or not; of a folder, every file below it, and itself.

    ArchiveError where one of them cannot be seen.
    """
    items: list[PlanItem] = []
    folders: list[str] = []
    names: dict[tuple[int, int], int] = {}
    frees = 0
    try:
        for path in dict.fromkeys(file for wanted in paths for file in _files_at(archive, wanted, folders)):
            status = os.lstat(os.path.join(archive, path))
            meant = _identity(path, status)
            items.append(PlanItem("", status.st_size, meant, None))
            count = names[meant.device, meant.inode] = names.get((meant.device, meant.inode), 0) + 1
            frees += status.st_size if count == status.st_nlink else 0
    except OSError as error:
        text = _("{path} cannot be deleted: {reason}")
        raise ArchiveError(text.format(path=display(os.fsdecode(error.filename)), reason=reason_of(error))) from error
    return Plan(archive, _stamp(now()), TRASH, (), tuple(items), frees, folders=tuple(folders))


def present_folders(archive: str, folders: Sequence[str]) -> tuple[str, ...]:
    """Those of `folders`, absolute or relative to the archive, that exist: settings are for more archives than one."""
    return tuple(folder for folder in folders if os.path.lexists(os.path.join(archive, folder)))


def is_stale(archive: str, group: DuplicateGroup, file: DuplicateFile) -> str:
    """Why this file is not any more what the scan saw, for people; "" where it is."""
    for path in (file.path, *file.links):
        try:
            status = os.lstat(os.path.join(archive, path))
        except OSError as error:
            return reason_for(error)
        if not stat.S_ISREG(status.st_mode):
            return _("it is no regular file any more")
        meant = Identity(path, file.device, file.inode, file.mtime_ns, file.ctime_ns)
        if _identity(path, status) != meant or status.st_size != group.size:
            return _("it has changed since the scan")
    return ""


class _PlanMaker:
    """Goes through the groups, and adds up what their removal frees."""

    def __init__(self, archive: str, rules: Sequence[KeepRule], action: str, protection: Protection) -> None:
        self.frees = 0
        self.left_out: list[Refusal] = []
        self._archive = archive
        self._rules = rules
        self._action = action
        self._protection = protection
        self._beside = Neighbours(archive)
        self._protected: dict[str, bool] = {}

    def items(self, group: DuplicateGroup, files: list[DuplicateFile]) -> Iterator[PlanItem]:
        """The removals of one group; none where one of its files has changed."""
        stale = [Refusal(file.path, reason) for file in files if (reason := is_stale(self._archive, group, file))]
        if stale:
            self.left_out += stale
            return
        protected = [file for file in files if any(map(self._is_protected, (file.path, *file.links)))]
        keeper = choose_keeper(protected or files, self._rules, self._beside)
        for file in files:
            if file is keeper or file in protected:
                continue
            if self._action == HARDLINK and file.device != keeper.device:
                self.left_out.append(Refusal(file.path, _("it lies on another filesystem")))
                continue
            self.frees += self._freed_by(group, file)
            for path in (file.path, *file.links):
                yield PlanItem(group.hash, group.size, _seen(file, path), _seen(keeper, keeper.path))

    def _freed_by(self, group: DuplicateGroup, file: DuplicateFile) -> int:
        """Its bytes; 0 where it has names outside the archive too, or in parts that were not scanned."""
        try:
            links = os.lstat(os.path.join(self._archive, file.path)).st_nlink
        except OSError:
            return 0
        return group.size if links <= 1 + len(file.links) else 0

    def _is_protected(self, path: str) -> bool:
        folder = os.path.dirname(path)
        if folder not in self._protected:
            above = bool(folder) and self._is_protected(folder)
            self._protected[folder] = above or self._is_protected_itself(folder)
        return self._protected[folder]

    def _is_protected_itself(self, folder: str) -> bool:
        try:
            status = os.stat(os.path.join(self._archive, folder))
            self._protection.check((status.st_dev, status.st_ino & INODE_MASK))
        except (OSError, RefusedError):
            return True
        return False


def _files_at(archive: str, path: str, folders: list[str]) -> Iterator[str]:
    """The files at or below `path`; the folders on the way are added to `folders`, the deepest first."""
    if not stat.S_ISDIR(os.lstat(os.path.join(archive, path)).st_mode):
        yield path
        return
    with os.scandir(os.path.join(archive, path)) as entries:
        names = sorted(entry.name for entry in entries if entry.name != TRASH_NAME)
    for name in names:
        yield from _files_at(archive, f"{path}/{name}", folders)
    folders.append(path)


def _protection(archive: str, protected: Sequence[str], open_archive: OpenTop) -> Protection:
    try:
        return Protection(archive, protected, open_archive)
    except OSError as error:
        text = _("a protected folder cannot be read: {path}: {reason}")
        path = display(os.fsdecode(error.filename or ""))
        raise ArchiveError(text.format(path=path, reason=reason_of(error))) from error


def _identity(path: str, status: os.stat_result) -> Identity:
    return Identity(path, status.st_dev, status.st_ino & INODE_MASK, status.st_mtime_ns, status.st_ctime_ns)


def _seen(file: DuplicateFile, path: str) -> Identity:
    return Identity(path, file.device, file.inode, file.mtime_ns, file.ctime_ns)


def _stamp(now: datetime) -> str:
    return now.strftime("%Y-%m-%dT%H:%M:%SZ")
