"""Which file of a group is kept: rules in a stated order, each leaving its ties to the next, the path deciding last.

newest  oldest  shortest-path  longest-path  shortest-name  longest-name  most-side-files  largest-folder
prefer:WHERE  avoid:WHERE      WHERE is a folder of the archive (a site, a site/model) or a shell pattern for paths
"""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from catalog_tui.core.errors import UsageError
from catalog_tui.core.scan.outcome import DuplicateFile
from catalog_tui.core.side_files import side_files
from catalog_tui.core.words import _

DEFAULT_RULES: Final = ("oldest", "shortest-path")
WHERE_RULES: Final = ("prefer", "avoid")


class Neighbours:
    """What is beside the files of an archive: its folders are read when a rule asks for them first, and only then."""

    def __init__(self, archive: str) -> None:
        self._archive = archive
        self._known: dict[str, tuple[int, dict[str, int]]] = {}

    def folder_files(self, path: str) -> int:
        """How many names are in the folder of the file at this path; 0 where it cannot be read."""
        return self._of(os.path.dirname(path))[0]

    def side_files(self, path: str) -> int:
        """How many side-files the file at this path has."""
        return self._of(os.path.dirname(path))[1].get(os.path.basename(path), 0)

    def _of(self, folder: str) -> tuple[int, dict[str, int]]:
        if folder not in self._known:
            try:
                names = os.listdir(os.path.join(self._archive, folder))
            except OSError:  # whatever is asked for next will meet it again, where it can be said
                names = []
            counts: dict[str, int] = {}
            for describes in side_files(names).values():
                for name in describes:
                    counts[name] = counts.get(name, 0) + 1
            self._known[folder] = len(names), counts
        return self._known[folder]


Rank = Callable[[DuplicateFile, Neighbours], int]

_RANKS: Final[dict[str, Rank]] = {
    "newest": lambda file, _beside: -file.mtime_ns,
    "oldest": lambda file, _beside: file.mtime_ns,
    "shortest-path": lambda file, _beside: len(file.path),
    "longest-path": lambda file, _beside: -len(file.path),
    "shortest-name": lambda file, _beside: len(os.path.basename(file.path)),
    "longest-name": lambda file, _beside: -len(os.path.basename(file.path)),
    "most-side-files": lambda file, beside: -beside.side_files(file.path),
    "largest-folder": lambda file, beside: -beside.folder_files(file.path),
}
RULE_NAMES: Final = (*_RANKS, *WHERE_RULES)


@dataclass(frozen=True, slots=True)
class KeepRule:
    """One rule; `text` is how it is written. The files of the lowest rank are those it would keep."""

    text: str
    rank: Rank


def parse_rule(text: str) -> KeepRule:
    """The rule that is written so; UsageError, naming the rules there are, for anything else."""
    name, colon, where = text.partition(":")
    if name in _RANKS and not colon:
        return KeepRule(text, _RANKS[name])
    if name in WHERE_RULES and where.strip("/"):
        wanted = 0 if name == "prefer" else 1
        return KeepRule(text, lambda file, _beside: wanted if _is_in(file.path, where) else 1 - wanted)
    known = ", ".join((*_RANKS, *(f"{rule}:…" for rule in WHERE_RULES)))
    raise UsageError(_("“{text}” is no keep rule; there are: {known}").format(text=text, known=known))


def parse_rules(texts: Sequence[str]) -> tuple[KeepRule, ...]:
    """The rules, in this order; one text may hold several, with commas between them."""
    return tuple(parse_rule(word.strip()) for text in texts for word in text.split(",") if word.strip())


def left_by_rules(
    files: Sequence[DuplicateFile], rules: Sequence[KeepRule], beside: Neighbours
) -> Sequence[DuplicateFile]:
    """Those of these files that the rules cannot tell apart as the ones to keep; one where they decide."""
    left = files
    for rule in rules:
        if len(left) == 1:
            break
        ranks = [rule.rank(file, beside) for file in left]
        best = min(ranks)
        left = [file for file, rank in zip(left, ranks, strict=True) if rank == best]
    return left


def first_by_path(files: Iterable[DuplicateFile]) -> DuplicateFile:
    """What decides at last: the file whose path is the first of all, byte by byte."""
    return min(files, key=lambda file: os.fsencode(file.path))


def choose_keeper(files: Sequence[DuplicateFile], rules: Sequence[KeepRule], beside: Neighbours) -> DuplicateFile:
    """The one of these files that the rules keep."""
    return first_by_path(left_by_rules(files, rules, beside))


def _is_in(path: str, where: str) -> bool:
    where = where.strip("/")
    return path.startswith(where + "/") or path == where or fnmatchcase(path, where)
