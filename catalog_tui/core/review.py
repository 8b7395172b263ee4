"""What the user decides about the duplicates of one scan: which copies go. Nothing is touched; a plan comes of it."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from catalog_tui.core.kept_apart import Content
from catalog_tui.core.removal.keep_rules import KeepRule, Neighbours, first_by_path, left_by_rules
from catalog_tui.core.removal.plan import TRASH, Identity, Plan, PlanItem
from catalog_tui.core.removal.planning import Planned, is_stale, present_folders
from catalog_tui.core.removal.refusals import Refusal
from catalog_tui.core.scan.outcome import DuplicateFile, DuplicateGroup

Group = tuple[DuplicateGroup, list[DuplicateFile]]


@dataclass(frozen=True, slots=True)
class Totals:
    """What is marked to go."""

    groups: int
    files: int
    bytes: int
    """What purging would free, hard links outside the archive aside."""


@dataclass(frozen=True, slots=True)
class Weighing:
    """What rules would do in so many groups."""

    groups: int = 0
    """Of which something would go."""
    files: int = 0
    """That would go."""
    bytes: int = 0
    """What purging those would free, hard links outside the archive aside."""
    by_path: int = 0
    """Groups in which the rules cannot tell, so that the path decides."""
    whole: int = 0
    """Groups of which nothing would go: kept apart, or in protected folders."""


class Review:
    """Decisions by group id; at least one copy of every group stays, always."""

    def __init__(self, archive: str, kept_apart: Iterable[Content] = (), protected: Sequence[str] = ()) -> None:
        """`archive` is its absolute path; of the contents `kept_apart` no copy goes, nor any file in the folders
        `protected`, relative to the archive or absolute. (The executor knows those by their inodes as well.)"""
        self._archive = archive
        self._kept_apart = set(kept_apart)
        self._protected = present_folders(archive, protected)
        inside = [os.path.relpath(os.path.join(archive, folder), archive) for folder in protected]
        self._prefixes = tuple("" if folder == os.curdir else f"{folder}/" for folder in inside)
        self._going: dict[int, frozenset[int]] = {}
        self._sizes: dict[int, int] = {}

    def going(self, group: int) -> frozenset[int]:
        """The positions, among the group's files, of those that go."""
        return self._going.get(group, frozenset())

    def decide(self, group: DuplicateGroup, going: Iterable[int]) -> bool:
        """Let these files of the group go and the others stay; False, and nothing changes, if none would stay."""
        going = frozenset(going)
        if len(going) >= group.copies or (going and self.is_kept_apart(group)):
            return False
        if going:
            self._going[group.id] = going
            self._sizes[group.id] = group.size
        else:
            self._going.pop(group.id, None)
        return True

    def apply_rules(
        self, groups: Iterable[Group], rules: Sequence[KeepRule], cancelled: Callable[[], bool] = lambda: False
    ) -> int:
        """In each group keep the one file that the rules choose; gives how many groups that decided."""
        beside = Neighbours(self._archive)
        decided = 0
        for group, files in groups:
            if cancelled():
                break
            if not self.is_kept_apart(group):
                decided += self.decide(group, self._judge(files, rules, beside)[0])
        return decided

    def weigh(self, groups: Iterable[Group], rules: Sequence[KeepRule]) -> Iterator[Weighing]:
        """What `apply_rules` would do, deciding nothing: a sum after each group, the last one of all groups."""
        beside = Neighbours(self._archive)
        groups_going = files_going = bytes_going = by_path = whole = 0
        for group, files in groups:
            going, told = ([], True) if self.is_kept_apart(group) else self._judge(files, rules, beside)
            if going:
                groups_going += 1
                files_going += len(going)
                bytes_going += group.size * len(going)
                by_path += not told
            else:
                whole += 1
            yield Weighing(groups_going, files_going, bytes_going, by_path, whole)

    def _judge(
        self, files: Sequence[DuplicateFile], rules: Sequence[KeepRule], beside: Neighbours
    ) -> tuple[list[int], bool]:
        """The positions of the files that would go, and whether the rules could tell."""
        left = left_by_rules([file for file in files if self.is_protected(file)] or files, rules, beside)
        keeper = first_by_path(left)
        going = [at for at, file in enumerate(files) if file is not keeper and not self.is_protected(file)]
        return going, len(left) == 1

    def is_protected(self, file: DuplicateFile) -> bool:
        """Whether one of the file's names is in a protected folder."""
        return any(name.startswith(self._prefixes) for name in (file.path, *file.links))

    def is_kept_apart(self, group: DuplicateGroup) -> bool:
        """Whether all copies of this group are to stay."""
        return (group.size, group.hash) in self._kept_apart

    def keep_apart(self, group: DuplicateGroup, *, keep: bool) -> None:
        """Let all copies of this group stay, or let them be chosen again."""
        if keep:
            self._going.pop(group.id, None)
            self._kept_apart.add((group.size, group.hash))
        else:
            self._kept_apart.discard((group.size, group.hash))

    def clear(self) -> None:
        """Let everything stay."""
        self._going.clear()

    def totals(self) -> Totals:
        """What is marked to go, over all groups."""
        files = sum(map(len, self._going.values()))
        size_bytes = sum(self._sizes[group] * len(going) for group, going in self._going.items())
        return Totals(len(self._going), files, size_bytes)

    def decided(self) -> Sequence[int]:
        """The ids of the groups of which something goes, in order."""
        return sorted(self._going)

    def plan(self, groups: Iterable[Group], *, action: str = TRASH) -> Planned:
        """The plan that these decisions make; `groups` are the decided ones. A group that changed is left out whole."""
        left_out: list[Refusal] = []
        items: list[PlanItem] = []
        frees = 0
        for group, files in groups:
            stale = [Refusal(file.path, reason) for file in files if (reason := is_stale(self._archive, group, file))]
            if stale:
                left_out += stale
                continue
            going = self.going(group.id)
            keeper = next(file for at, file in enumerate(files) if at not in going)
            for at in sorted(going):
                items += _items(group, files[at], keeper)
                frees += group.size if _names_of(self._archive, files[at]) <= 1 + len(files[at].links) else 0
        created = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        plan = Plan(self._archive, created, action, (), tuple(items), frees, self._protected)
        return Planned(plan, tuple(left_out))


def _items(group: DuplicateGroup, victim: DuplicateFile, keeper: DuplicateFile) -> Iterator[PlanItem]:
    for path in (victim.path, *victim.links):
        yield PlanItem(group.hash, group.size, _seen(victim, path), _seen(keeper, keeper.path))


def _seen(file: DuplicateFile, path: str) -> Identity:
    return Identity(path, file.device, file.inode, file.mtime_ns, file.ctime_ns)


def _names_of(archive: str, file: DuplicateFile) -> int:
    try:
        return os.lstat(os.path.join(archive, file.path)).st_nlink
    except OSError:
        return 1  # gone: the executor will say so, and frees nothing for it
