"""Listings: what is in a model, in columns.

Each folder is read by one `os.scandir` pass with one `stat` an entry; all is sorted once at the end.
"""

import os
import time
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import compress
from stat import S_IFDIR, S_IFLNK, S_IFREG
from typing import Final, NamedTuple

from catalog_tui.core.content import HEAD_BYTES, content_kind
from catalog_tui.core.errors import Cancelled
from catalog_tui.core.folder import Folder, Stamp
from catalog_tui.core.kinds import (
    DESCRIBING,
    LEFT_OUT,
    LEFT_OUT_FOLDERS,
    UNKNOWN,
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
        self.read_ns = 0
        self.names: list[str] = []
        self.sizes = array("q")
        self.mtimes_ns = array("q")
        self.kinds = bytearray()
        self.links = bytearray()
        self.folders: list[str] = []
        self.side_files = 0
        self.error: FolderError | None = None

    def read(self, folder: Folder, suffix_kinds: SuffixKinds, cancelled: Callable[[], bool]) -> None:
        """Fill the columns from `folder`. This loop is most of what a listing costs."""
        add_name, add_size, add_mtime = self.names.append, self.sizes.append, self.mtimes_ns.append
        add_kind, add_link = self.kinds.append, self.links.append
        describing: list[int] = []
        under_way: set[str] = set()
        for batch in folder.batches():
            if cancelled():
                raise Cancelled
            for entry in batch:
                name = entry.name
                if name[0] == ".":
                    continue
                try:
                    status = entry.stat(follow_symlinks=False)
                except FileNotFoundError:
                    continue  # gone since the folder was opened
                except OSError as problem:
                    self.error = self.error or FolderError(self._below(name), _word(problem))
                    continue
                file_type = status.st_mode & FILE_TYPE
                if file_type == S_IFDIR:
                    if name not in LEFT_OUT_FOLDERS:
                        self.folders.append(self._below(name))
                    continue
                kind = suffix_kinds[name[name.rfind(".") :]]
                if kind > OTHER:
                    if kind == LEFT_OUT:
                        if name.endswith(UNDER_WAY):
                            under_way.add(name.removesuffix(UNDER_WAY))
                        continue
                    if kind == DESCRIBING:
                        describing.append(len(self.names))
                    kind = _kind_inside(folder, name, status) if kind == UNKNOWN else OTHER
                add_name(name)
                add_size(status.st_size)
                add_mtime(status.st_mtime_ns)
                add_kind(kind)
                add_link(file_type == S_IFLNK)
        self._leave_out(describing, under_way)

    def _leave_out(self, describing: list[int], under_way: set[str]) -> None:
        """Take out the side-files, which show only when all names are known, and what is still being downloaded."""
        if not describing and not under_way:
            return
        keep = bytearray(b"\1") * len(self.names)
        if describing:
            side_files = SideFiles(self.names)
            for index in describing:
                if side_files.described_by(self.names[index]) is not None:
                    keep[index] = 0
            self.side_files = keep.count(0)
        if under_way:
            for index, name in enumerate(self.names):
                if name in under_way:
                    keep[index] = 0
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
        try:
            with Folder(path, follow=not rows.path) as folder:
                rows.stamp = folder.stamp()
                rows.read(folder, suffix_kinds, cancelled)
        except OSError as problem:
            if rows.path == "" and rows.stamp == GONE:
                raise
            rows.error = FolderError(rows.path, _word(problem))
            rows.stamp = stamp_of(path)
        rows.read_ns = clock()
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
        stamps.add(rows.path, rows.stamp, rows.read_ns)
    order = natural_order(names)
    return Listing(
        names=PackedNames.pack(map(names.__getitem__, order)),
        sizes=array("q", map(sizes.__getitem__, order)),
        mtimes_ns=array("q", map(mtimes_ns.__getitem__, order)),
        kinds=bytes(map(kinds.__getitem__, order)),
        links=bytes(map(links.__getitem__, order)),
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
        stamps.add(rows.path, rows.stamp, rows.read_ns)
    images, videos, others = counts
    return ModelInfo(images, videos, others, size_bytes, newest, side_files, errors), stamps.packed()


def _kind_inside(folder: Folder, name: str, status: os.stat_result) -> int:
    """What a file is whose name does not tell: by its first bytes, if it is one that can be read without harm."""
    if status.st_mode & FILE_TYPE != S_IFREG or not status.st_size:
        return OTHER
    found = content_kind(folder.head(name, HEAD_BYTES))
    return OTHER if found is None else int(found[0])


def _word(problem: OSError) -> str:
    return problem.strerror or str(problem)
