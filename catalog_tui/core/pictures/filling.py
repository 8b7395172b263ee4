"""Making the thumbnails of a whole archive ahead, as a stream of events."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Final, NamedTuple, TypeAlias

from catalog_tui.core.archive import Archive
from catalog_tui.core.errors import ArchiveError, Cancelled
from catalog_tui.core.kinds import Kind
from catalog_tui.core.layout import Folders, Link, is_loose
from catalog_tui.core.media import CannotShow
from catalog_tui.core.stamps import below
from catalog_tui.core.thumbnails import Size, Thumbnails

TELL_EVERY_S: Final = 0.2
AHEAD: Final = 4  # files on their way for each that is decoded: enough that no worker waits for this thread
OTHER: Final = int(Kind.OTHER)


class FillProgress(NamedTuple):
    """How far it is. `total` grows while the archive is still being read."""

    done: int
    total: int
    made: int
    kept: int
    """Files whose thumbnails were there already."""
    failed: int
    seconds: float


class FillError(NamedTuple):
    """A file or folder without thumbnails: its path below the archive, and why."""

    path: str
    error: str


class FillFinished(NamedTuple):
    """The end. `cancelled`: before all was done; `full`: because the store has no room for more."""

    progress: FillProgress
    cancelled: bool
    full: bool


FillEvent: TypeAlias = FillProgress | FillError | FillFinished


def fill(
    archive: Archive, thumbnails: Thumbnails, sizes: tuple[Size, ...], cancelled: Callable[[], bool]
) -> Iterator[FillEvent]:
    """See that the store has thumbnails of these sizes of every picture and video of the archive."""
    filling = _Filling(archive, thumbnails, sizes, cancelled)
    try:
        yield from filling.run()
    except Cancelled:
        yield FillFinished(filling.progress(), cancelled=True, full=False)


class _Filling:
    def __init__(
        self, archive: Archive, thumbnails: Thumbnails, sizes: tuple[Size, ...], cancelled: Callable[[], bool]
    ) -> None:
        self._archive = archive
        self._thumbnails = thumbnails
        self._sizes = sizes
        self._cancelled = cancelled
        self._begun_s = time.monotonic()
        self._told_s = self._begun_s
        self._under_way: dict[Future[bool], str] = {}
        self._paths: list[str] = []
        self._made = self._kept = self._failed = 0

    def progress(self) -> FillProgress:
        done = self._made + self._kept + self._failed
        seconds = time.monotonic() - self._begun_s
        return FillProgress(done, len(self._paths), self._made, self._kept, self._failed, seconds)

    def run(self) -> Iterator[FillEvent]:
        yield from self._read()
        full = False
        most = AHEAD * self._thumbnails.workers
        with ThreadPoolExecutor(self._thumbnails.workers + 1) as threads:
            for path in self._paths:
                if self._cancelled():
                    raise Cancelled
                yield from self._begin(path, threads)
                while len(self._under_way) >= most:
                    yield from self._reap()
                yield from self._tell()
                if not self._thumbnails.has_room():
                    full = True
                    break
            while self._under_way:
                yield from self._reap()
                yield from self._tell()
        yield FillFinished(self.progress(), cancelled=False, full=full)

    def _read(self) -> Iterator[FillEvent]:
        """Find the files."""
        for site in _followed(self._archive.sites()):
            try:
                models = _followed(self._archive.models(site))
            except ArchiveError as error:
                yield FillError(site, str(error))
                continue
            for model in models:
                yield from self._read_model(site, model)
                yield from self._tell()

    def _read_model(self, site: str, model: str) -> Iterator[FillEvent]:
        top = site if is_loose(model) else below(site, model)
        try:
            listing = self._archive.media(site, model, cancelled=self._cancelled)
        except ArchiveError as error:
            yield FillError(top, str(error))
            return
        for folder, reason in listing.errors:
            yield FillError(below(top, folder), reason)
        shown = zip(listing.names, listing.kinds, listing.links, strict=True)
        self._paths += [below(top, name) for name, kind, is_link in shown if kind != OTHER and not is_link]

    def _begin(self, path: str, threads: ThreadPoolExecutor) -> Iterator[FillEvent]:
        whole = below(self._archive.root, path)
        try:
            if self._thumbnails.has(whole, self._sizes):
                self._kept += 1
                return
        except CannotShow as problem:
            yield self._fail(path, problem)
            return
        future = threads.submit(self._thumbnails.fill, whole, self._sizes, cancelled=self._cancelled)
        self._under_way[future] = path

    def _reap(self) -> Iterator[FillEvent]:
        done, _ = wait(self._under_way, TELL_EVERY_S, FIRST_COMPLETED)
        for future in done:
            path = self._under_way.pop(future)
            try:
                made = future.result()
            except CannotShow as problem:
                yield self._fail(path, problem)
            else:
                self._made += made
                self._kept += not made

    def _fail(self, path: str, problem: CannotShow) -> FillError:
        self._failed += 1
        return FillError(path, problem.reason)

    def _tell(self) -> Iterator[FillEvent]:
        now = time.monotonic()
        if now - self._told_s >= TELL_EVERY_S:
            self._told_s = now
            yield self.progress()


def _followed(folders: Folders) -> list[str]:
    return [name for name, link in zip(folders.names, folders.links, strict=True) if link != Link.SHOWN]
