"""Listings: what is in a model, in columns.

Each folder is read by one `os.scandir` pass with one `stat` an entry; all is sorted once at the end.
"""

import os
import time
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import compress
from stat import S_IFDIR, S_IFLNK, S_ISDIR, S_ISREG
from typing import Final, NamedTuple

from catalog_tui.core.content import HEAD_BYTES, content_kind
from catalog_tui.core.errors import Cancelled
from catalog_tui.core.folder import Folder, Stamp
from catalog_tui.core.kinds import (
    DESCRIBING,
    LEFT_OUT,
    LEFT_OUT_FOLDERS,
    Kind,
    SuffixKinds,
)
from catalog_tui.core.natural import natural_order
from catalog_tui.core.packed import PackedNames
from catalog_tui.core.side_files import SideFiles
from catalog_tui.core.stamps import GONE, StampColumns, Stamps, below, stamp_of

FILE_TYPE: Final = 0o170000
OTHER: Final = int(Kind.OTHER)
UNDER_WAY: Final = ".aria2"  # aria2 writes into the final name, and keeps this beside it until it is done


def never() -> bool:
    """The `cancelled` of who never gives up."""
    return False


class FolderError(NamedTuple):
    """A folder, or an entry of one, that could not be read: its path below what was asked for, the system's word."""

    path: str
    error: str


class ModelInfo(NamedTuple):
    """What a model holds, in figures; `bytes` and dates are of its files, side-files apart."""

    images: int
    videos: int
    others: int
    bytes: int
    newest_mtime_ns: int
    side_files: int
    errors: int


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of a model in natural order of their paths, as parallel columns."""

    names: PackedNames
    """Paths below the model, `/` between folders."""
    sizes: "array[int]"
    """Bytes (`q`); of a link, those of the link itself."""
    mtimes_ns: "array[int]"
    kinds: bytes
    """A Kind for each."""
    links: bytes
    """1 for a symbolic link: shown, not followed."""
    side_files: int
    errors: tuple[FolderError, ...]
    stamps: Stamps

    def __len__(self) -> int:
        return len(self.names)

    def info(self) -> ModelInfo:
        """This listing in figures."""
        return ModelInfo(
            images=self.kinds.count(Kind.IMAGE),
            videos=self.kinds.count(Kind.VIDEO),
            others=self.kinds.count(Kind.OTHER),
            bytes=sum(self.sizes),
            newest_mtime_ns=max(self.mtimes_ns, default=0),
            side_files=self.side_files,
            errors=len(self.errors),
        )


class Rows:
    """What one pass over one folder found, in the system's order."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.stamp: Stamp = GONE
        self.begun_ns = 0
        self.names: list[str] = []
        self.sizes = array("q")
        self.mtimes_ns = array("q")
        self.kinds = bytearray()
        self.links = bytearray()
        self.folders: list[str] = []
        self.side_files = 0
        self.error: FolderError | None = None
        self._describing: list[str] = []
        self._under_way: set[str] = set()

    def read(self, folder: Folder, suffix_kinds: SuffixKinds, cancelled: Callable[[], bool]) -> None:
        """Fill the columns from `folder`, some thousands of entries at a time.

        Column by column is a tenth faster than entry by entry, and next to `stat` this is most of what a listing costs.
        """
        for batch in folder.batches():
            if cancelled():
                raise Cancelled
            names, statuses = self._stat(batch)
            types = [status.st_mode & FILE_TYPE for status in statuses]
            kinds = [suffix_kinds[name[name.rfind(".") :]] for name in names]
            if S_IFDIR in types or max(kinds, default=OTHER) > OTHER:
                kinds = [
                    kind if kind <= OTHER and file_type != S_IFDIR else self._settle(folder, name, status, kind)
                    for name, status, file_type, kind in zip(names, statuses, types, kinds, strict=True)
                ]
                keep = [kind != LEFT_OUT for kind in kinds]
                names, statuses = list(compress(names, keep)), list(compress(statuses, keep))
                types, kinds = list(compress(types, keep)), list(compress(kinds, keep))
            self.names += names
            self.sizes.extend([status.st_size for status in statuses])
            self.mtimes_ns.extend([status.st_mtime_ns for status in statuses])
            self.kinds.extend(kinds)
            self.links += bytes([kind == S_IFLNK for kind in types]) if S_IFLNK in types else bytes(len(types))
        self._take_out_what_others_explain()

    def _stat(self, batch: list[os.DirEntry[str]]) -> tuple[list[str], list[os.stat_result]]:
        """The entries that are not hidden, with their stat; links not followed."""
        names: list[str] = []
        statuses: list[os.stat_result] = []
        add_name, add_status = names.append, statuses.append
        for entry in batch:
            name = entry.name
            if name[0] == ".":
                continue
            try:
                add_status(entry.stat(follow_symlinks=False))
            except FileNotFoundError:
                continue  # gone since the folder was opened
            except OSError as problem:
                self.error = self.error or FolderError(self._below(name), _word(problem))
                continue
            add_name(name)
        return names, statuses

    def _settle(self, folder: Folder, name: str, status: os.stat_result, kind: int) -> int:
        """What an entry is that is a folder, or whose name alone does not tell: a Kind, or LEFT_OUT for no row."""
        if S_ISDIR(status.st_mode):
            if name not in LEFT_OUT_FOLDERS:
                self.folders.append(self._below(name))
            return LEFT_OUT
        if kind == LEFT_OUT:
            if name.endswith(UNDER_WAY):
                self._under_way.add(name.removesuffix(UNDER_WAY))
            return LEFT_OUT
        if kind == DESCRIBING:
            self._describing.append(name)
        elif S_ISREG(status.st_mode) and status.st_size:
            found = content_kind(folder.head(name, HEAD_BYTES))
            return OTHER if found is None else int(found[0])
        return OTHER

    def _take_out_what_others_explain(self) -> None:
        """Side-files show only when all names are known, and so does what is still being downloaded."""
        side_files: set[str] = set()
        if self._describing:
            beside = SideFiles(self.names)
            side_files.update(name for name in self._describing if beside.described_by(name) is not None)
            self.side_files = len(side_files)
        gone = side_files | self._under_way
        if gone:
            keep = [name not in gone for name in self.names]
            self.names = list(compress(self.names, keep))
            self.sizes = array("q", compress(self.sizes, keep))
            self.mtimes_ns = array("q", compress(self.mtimes_ns, keep))
            self.kinds = bytearray(compress(self.kinds, keep))
            self.links = bytearray(compress(self.links, keep))

    def _below(self, name: str) -> str:
        return f"{self.path}/{name}" if self.path else name


def walk(
    top: str,
    *,
    recursive: bool = True,
    cancelled: Callable[[], bool] = never,
    clock: Callable[[], int] = time.time_ns,
) -> Iterator[Rows]:
    """Yield the rows of `top` and of every folder below it that is not left out; links are not followed.

    What cannot be read below is said in the rows' `error`, and the walk goes on. Raises OSError where `top` cannot be
    opened, Cancelled soon after `cancelled` says so. `clock` gives the time in ns since the epoch, as file stamps do.
    """
    suffix_kinds = SuffixKinds()
    pending = [""]
    while pending:
        rows = Rows(pending.pop())
        path = below(top, rows.path)
        rows.begun_ns = clock()
        try:
            with Folder(path, follow=not rows.path) as folder:
                rows.stamp = folder.stamp()
                rows.read(folder, suffix_kinds, cancelled)
        except OSError as problem:
            if rows.path == "" and rows.stamp == GONE:
                raise
            rows.error = FolderError(rows.path, _word(problem))
            rows.stamp = stamp_of(path)
        if recursive:
            pending += rows.folders
        yield rows


def read_listing(
    top: str,
    *,
    recursive: bool = True,
    cancelled: Callable[[], bool] = never,
    clock: Callable[[], int] = time.time_ns,
) -> Listing:
    """List the folder `top` (see `walk` for what is in it and what is raised)."""
    names: list[str] = []
    sizes, mtimes_ns = array("q"), array("q")
    kinds, links = bytearray(), bytearray()
    side_files = 0
    errors: list[FolderError] = []
    stamps = StampColumns()
    for rows in walk(top, recursive=recursive, cancelled=cancelled, clock=clock):
        prefix = f"{rows.path}/"
        names += [prefix + name for name in rows.names] if rows.path else rows.names
        sizes += rows.sizes
        mtimes_ns += rows.mtimes_ns
        kinds += rows.kinds
        links += rows.links
        side_files += rows.side_files
        if rows.error:
            errors.append(rows.error)
        stamps.add(rows.path, rows.stamp, rows.begun_ns)
    order = natural_order(names)
    return Listing(
        names=PackedNames.pack([names[index] for index in order]),
        sizes=array("q", [sizes[index] for index in order]),
        mtimes_ns=array("q", [mtimes_ns[index] for index in order]),
        kinds=_permuted(kinds, order),
        links=_permuted(links, order),
        side_files=side_files,
        errors=tuple(errors),
        stamps=stamps.packed(),
    )


def read_info(
    top: str,
    *,
    recursive: bool = True,
    cancelled: Callable[[], bool] = never,
    clock: Callable[[], int] = time.time_ns,
) -> tuple[ModelInfo, Stamps]:
    """The figures of the folder `top` without keeping or sorting its names (see `walk`)."""
    counts = [0, 0, 0]
    size_bytes = newest = side_files = errors = 0
    stamps = StampColumns()
    for rows in walk(top, recursive=recursive, cancelled=cancelled, clock=clock):
        for kind in Kind:
            counts[kind] += rows.kinds.count(kind)
        size_bytes += sum(rows.sizes)
        newest = max(newest, max(rows.mtimes_ns, default=0))
        side_files += rows.side_files
        errors += rows.error is not None
        stamps.add(rows.path, rows.stamp, rows.begun_ns)
    images, videos, others = counts
    return ModelInfo(images, videos, others, size_bytes, newest, side_files, errors), stamps.packed()


def _permuted(flags: bytearray, order: list[int]) -> bytes:
    """`flags` in this order; mostly they are all the same, and then there is nothing to do."""
    if not flags or flags.count(flags[0]) == len(flags):
        return bytes(flags)
    return bytes([flags[index] for index in order])


def _word(problem: OSError) -> str:
    return problem.strerror or str(problem)
