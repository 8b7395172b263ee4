"""How an archive is laid out: `site/model/files`, or deeper where a rule says so; loose files; links.

A model's name is its path below the site. One that is empty or ends in "/" means the loose files of the site, or of
that folder on the way down to the models: no real folder can bear such a name.
"""

import os
import time
from array import array
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Final

from catalog_tui.core.errors import Cancelled
from catalog_tui.core.folder import Folder
from catalog_tui.core.kinds import DESCRIBING, LEFT_OUT, SuffixKinds, is_left_out_folder
from catalog_tui.core.listing import FolderError, never
from catalog_tui.core.natural import natural_order
from catalog_tui.core.packed import PackedNames
from catalog_tui.core.side_files import SideFiles
from catalog_tui.core.stamps import GONE, StampColumns, Stamps, below, stamp_of

LOOSE: Final = ""
FOREIGN: Final = "\0\\:" if os.name == "nt" else "\0"  # what no name holds that is joined with "/"
SITE_LEVEL: Final = 2  # archive/site/model: models are two levels down


class Link(IntEnum):
    """What is said of a site or a model in the `links` column."""

    NONE = 0
    SHOWN = 1  # a link that is shown and not entered
    FOLLOWED = 2  # a link that is entered as the folder that it leads to


@dataclass(frozen=True, slots=True)
class LayoutRules:
    """Where the models are. `depths`: for a site, how many levels below the archive (2 where nothing is said)."""

    depths: Mapping[str, int] = field(default_factory=dict)
    follow_links: bool = False

    def levels_in(self, site: str) -> int:
        """How many levels below its site folder a model of this site is; at least 1."""
        return max(1, self.depths.get(site, SITE_LEVEL) - 1)


@dataclass(frozen=True, slots=True)
class Folders:
    """The sites of an archive or the models of a site, in natural order; loose files first."""

    names: PackedNames
    mtimes_ns: "array[int]"
    """Of the folders themselves, when they were read: what is added to a folder later does not show here."""
    links: bytes
    """A Link for each."""
    errors: tuple[FolderError, ...]
    stamps: Stamps

    def __len__(self) -> int:
        return len(self.names)


def is_loose(model: str) -> bool:
    """True for the name that means loose files and no folder."""
    return model == LOOSE or model.endswith("/")


def folder_of(model: str) -> str:
    """The path below the site of the folder that a model's name stands for; "" for the site itself."""
    return model.rstrip("/")


def is_name_within(path: str) -> bool:
    """True for a path of plain names: it leads neither out of the folder it is joined to nor to what is left out."""
    if any(character in path for character in FOREIGN):
        return False
    return all(name and not is_left_out_folder(name) for name in path.split("/"))


def read_folders(
    top: str,
    *,
    levels: int = 1,
    loose: bool = False,
    cancelled: Callable[[], bool] = never,
    clock: Callable[[], int] = time.time_ns,
) -> Folders:
    """The folders `levels` below `top`, by one pass over each folder on the way.

    A link to a folder is listed where it is met, and not entered. With `loose`, names that mean loose files come first,
    one for each folder that holds some. Raises OSError where `top` cannot be opened; what cannot be read below is in
    `errors`.
    """
    found: dict[str, tuple[int, Link]] = {}
    errors: list[FolderError] = []
    stamps = StampColumns()
    pending = [("", levels)]
    while pending:
        if cancelled():
            raise Cancelled
        path, levels_left = pending.pop()
        seen = _Pass(path)
        begun_ns = clock()
        try:
            with Folder(below(top, path), follow=not path) as folder:
                seen.read(folder)
        except OSError as problem:
            if not path and seen.stamp == GONE:
                raise
            errors.append(FolderError(path, problem.strerror or str(problem)))
            seen.stamp = stamp_of(below(top, path))
        stamps.add(path, seen.stamp, begun_ns)
        if levels_left > 1:
            pending += [(inner, levels_left - 1) for inner in seen.folders]
            seen.folders.clear()
        found |= seen.folders | seen.links
        if loose and _any_shown(seen.files):
            found[f"{path}/" if path else LOOSE] = seen.stamp[0], Link.NONE
    names = list(found)
    order = sorted(natural_order(names), key=lambda index: not is_loose(names[index]))
    return Folders(
        names=PackedNames.pack(names[index] for index in order),
        mtimes_ns=array("q", (found[names[index]][0] for index in order)),
        links=bytes(found[names[index]][1] for index in order),
        errors=tuple(errors),
        stamps=stamps.packed(),
    )


class _Pass:
    """What one pass over one folder found: the names of its files, the times of its folders and links to folders."""

    def __init__(self, path: str) -> None:
        self._prefix = f"{path}/" if path else ""
        self.stamp = GONE
        self.files: list[str] = []
        self.folders: dict[str, tuple[int, Link]] = {}
        self.links: dict[str, tuple[int, Link]] = {}

    def read(self, folder: Folder) -> None:
        self.stamp = folder.stamp()
        for batch in folder.batches():
            for entry in batch:
                if not _is_folder(entry):
                    self.files.append(entry.name)
                elif not is_left_out_folder(entry.name):
                    path = self._prefix + entry.name
                    if entry.is_symlink():
                        self.links[path] = _mtime_ns(entry), Link.SHOWN
                    else:
                        self.folders[path] = _mtime_ns(entry), Link.NONE


def follow(folders: Folders, top: str, archive: str, taken: Iterable[str]) -> Folders:
    """Mark as followed the links among `folders` (below `top`) that may be entered: each real folder is met once.

    Refused is a link into the archive or to a folder that holds it, and one that meets in the same way a folder of
    `taken` (real paths) or the target of an earlier link: without them no loop is possible.
    """
    refused = [os.path.realpath(archive), *taken]
    links = bytearray(folders.links)
    for index, link in enumerate(folders.links):
        if link == Link.SHOWN:
            target = os.path.realpath(f"{top}/{folders.names[index]}")
            if not any(_overlap(target, other) for other in refused):
                links[index] = Link.FOLLOWED
                refused.append(target)
    return replace(folders, links=bytes(links))


def _overlap(one: str, other: str) -> bool:
    return os.path.commonpath((one, other)) in (one, other)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that goes in circles
        return False


def _mtime_ns(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat(follow_symlinks=False).st_mtime_ns
    except OSError:  # it is listed, so it stays listed; entering it says what is wrong
        return 0


def _any_shown(files: list[str]) -> bool:
    """True if one of a folder's files would be listed: all but hidden, unfinished and side-files."""
    suffix_kinds = SuffixKinds()
    documents = []
    for name in files:
        kind = suffix_kinds[name[name.rfind(".") :]]
        if name.startswith(".") or kind == LEFT_OUT:
            continue
        if kind != DESCRIBING:
            return True
        documents.append(name)
    if not documents:
        return False
    side_files = SideFiles(files)
    return any(side_files.described_by(name) is None for name in documents)
