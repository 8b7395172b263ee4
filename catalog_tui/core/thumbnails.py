"""Thumbnails: a smaller picture of any picture or video, from the store if it was made before, else made by a worker.

One object serves a whole program, from any thread; every call may wait for a disk or a decoder, so none belongs on an
event loop. Several programs may share one store.
"""

import os
import weakref
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISLNK, S_ISREG
from typing import Any, Final, Literal, TypeAlias

from catalog_tui.core import places
from catalog_tui.core.complaints import Complaint
from catalog_tui.core.errors import Cancelled
from catalog_tui.core.listing import never
from catalog_tui.core.media import CannotShow, Facts, Problem
from catalog_tui.core.pictures.identity import Identity, identity_of, status_of
from catalog_tui.core.pictures.keeping import FACTS, Keeping, problem_variant, variant_of
from catalog_tui.core.pictures.pool import Pool, Priority
from catalog_tui.core.pictures.posters import Poster, poster_beside
from catalog_tui.core.pictures.process import WORKER, WorkerEnded, WorkerKilled, WorkerLate, WorkerProcess
from catalog_tui.core.pictures.records import Made, Record, facts_of
from catalog_tui.core.pictures.store import StoreStats
from catalog_tui.core.words import reason_of

__all__ = ["Cancelled", "CannotShow", "Picture", "Priority", "Size", "StoreStats", "Thumbnails", "default_folder"]

Size: TypeAlias = Literal[320, 1280]
SIZES: Final[tuple[Size, ...]] = (320, 1280)
"""Pixels of the longer edge: for grids, and for previews."""
PATIENCE_S: Final = 20.0
MOST_WORKERS: Final = 4


@dataclass(frozen=True, slots=True)
class Picture:
    """A thumbnail, encoded."""

    data: bytes
    form: str
    """As media types call it: `jpeg`."""
    width: int
    height: int
    facts: Facts
    """Those of the file it shows."""


def default_folder() -> Path:
    """Where the user's store is."""
    return places.cache_dir() / "thumbnails"


class Thumbnails:
    """See the module. A context manager; ends its workers when it is closed, collected, or the program ends."""

    def __init__(
        self,
        folder: Path | None = None,
        *,
        cap_bytes: int | None = None,
        workers: int | None = None,
        patience_s: float = PATIENCE_S,
        complain: Callable[[Complaint], None] | None = None,
        module: str = WORKER,
    ) -> None:
        """`folder`: the store's (the user's own without it); `cap_bytes`: the most it may take on the disk, without it
        the smaller of 10 GB and 5 % of the disk, 0 for no store at all. `workers`: processes, without it one a
        processor, at most four. `patience_s`: how long one file may take. `complain` is told once what is wrong with
        the store; all works without it. `module`: what a worker runs.
        """
        self._keeping = Keeping(folder or default_folder(), cap_bytes, complain)
        self.workers: Final = workers or min(MOST_WORKERS, os.cpu_count() or 1)
        self._pool: Pool[Record] = Pool(self.workers, module)
        self._patience_s = patience_s
        self._finalizer = weakref.finalize(self, _close, self._pool, self._keeping)

    def __enter__(self) -> "Thumbnails":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def warm(self) -> None:
        """Start a worker, without waiting for it."""
        self._pool.warm()

    def get(
        self,
        path: str,
        size: Size,
        *,
        frame: float | None = None,
        priority: Priority = Priority.VIEW,
        cancelled: Callable[[], bool] = never,
        known: os.stat_result | None = None,
        poster: Poster | None = None,
    ) -> Picture:
        """The picture of the file at `path`, at most `size` pixels either way, upright, never enlarged.

        `frame`: of a video, that at so many seconds; without it its poster: a picture of the same stem beside it, the
        cover in it, or a frame a little way in. `known`: what `fstat` said of the file that is meant; another one that
        stands at `path` by now is not opened, and beside it no picture but `poster` is looked at. Raises CannotShow,
        and Cancelled soon after `cancelled()` became true.
        """
        identity = self._identity(path, known)
        if known is None and (beside := poster_beside(path)) is not None:
            poster = Poster(beside, None)
        if frame is None and poster is not None:
            with suppress(CannotShow):  # then the video itself is asked
                shown = self._identity(*poster)
                record = self._record(poster.path, shown, size, None, priority, cancelled)
                return _picture(record, self._facts(path, identity, priority, cancelled))
        return _picture(self._record(path, identity, size, frame, priority, cancelled))

    def cached(self, path: str, size: Size, *, frame: float | None = None) -> Picture | None:
        """The same if it is in the store; None if it would have to be made. Raises CannotShow where that is known."""
        identity = self._identity(path)
        if frame is None and (beside := poster_beside(path)) is not None:
            try:
                poster = self._recall(self._identity(beside), size, None)
                facts = self._keeping.facts(identity)
            except CannotShow:
                pass
            else:
                return _picture(poster, facts) if poster is not None and facts is not None else None
        record = self._recall(identity, size, frame)
        return None if record is None else _picture(record)

    def facts(self, path: str, *, priority: Priority = Priority.VIEW, cancelled: Callable[[], bool] = never) -> Facts:
        """What the file is. Raises CannotShow, Cancelled."""
        return self._facts(path, self._identity(path), priority, cancelled)

    def fill(self, path: str, sizes: tuple[Size, ...] = SIZES, *, cancelled: Callable[[], bool] = never) -> bool:
        """See that the store has the pictures of the file; False if it had. Raises CannotShow, Cancelled."""
        identity = self._identity(path)
        beside = poster_beside(path)
        if beside is not None:
            with suppress(CannotShow):
                self._facts(path, identity, Priority.AHEAD, cancelled)
                return self._fill(beside, self._identity(beside), sizes, cancelled)
        return self._fill(path, identity, sizes, cancelled)

    def has(self, path: str, sizes: tuple[Size, ...]) -> bool:
        """Whether `fill` would find nothing to do. Raises CannotShow where that is known."""
        identity = self._identity(path)
        beside = poster_beside(path)
        if beside is not None:
            with suppress(CannotShow):
                return not self._missing(self._identity(beside), sizes)
        return not self._missing(identity, sizes)

    def has_room(self) -> bool:
        """False once so much was made that what was made first would be lost again, and where nothing can be kept."""
        return self._keeping.has_room()

    def stats(self) -> StoreStats:
        """What the store holds; zeros where there is none."""
        return self._keeping.stats()

    def clear(self) -> int:
        """Forget all; gives the bytes that were freed."""
        return self._keeping.clear()

    def pids(self) -> list[int]:
        """The process ids of the workers that run now."""
        return self._pool.pids()

    def waiting(self) -> int:
        """How many wishes are under way or wait for their turn."""
        return self._pool.waiting()

    def close(self) -> None:
        """End the workers, also in the midst of work, and let go of the store; who waits gets Cancelled."""
        self._finalizer()

    def _identity(self, path: str, known: os.stat_result | None = None) -> Identity:
        """Which file stands at `path`. Raises CannotShow for what is no regular file."""
        try:
            status = known if known is not None else status_of(path)
        except FileNotFoundError as error:
            raise CannotShow(Problem.VANISHED) from error
        except (OSError, ValueError) as error:
            said = reason_of(error)
            raise CannotShow(Problem.UNREADABLE, {"said": said}) from error
        if not S_ISREG(status.st_mode):
            raise CannotShow(Problem.LINK if S_ISLNK(status.st_mode) else Problem.SPECIAL)
        self._keeping.meet(path, status.st_dev)
        return identity_of(status)

    def _facts(self, path: str, identity: Identity, priority: Priority, cancelled: Callable[[], bool]) -> Facts:
        known = self._keeping.facts(identity)
        if known is not None:
            return known
        record = self._make(path, identity, (), None, priority, cancelled)
        assert record.facts is not None
        return record.facts

    def _fill(self, path: str, identity: Identity, sizes: tuple[Size, ...], cancelled: Callable[[], bool]) -> bool:
        missing = self._missing(identity, sizes)
        if missing:
            self._make(path, identity, missing, None, Priority.AHEAD, cancelled)
        return bool(missing)

    def _missing(self, identity: Identity, sizes: tuple[Size, ...]) -> tuple[Size, ...]:
        missing = tuple(size for size in sizes if not self._keeping.has(identity, variant_of(size, None)))
        if missing:
            self._recall(identity, missing[0], None)  # raises where it is known that it cannot be made
        return missing

    def _recall(self, identity: Identity, size: Size, frame: float | None) -> Record | None:
        record = self._keeping.recall(identity, variant_of(size, frame), frame)
        if record is not None and record.problem is not None:
            raise record.problem
        return record

    def _record(
        self,
        path: str,
        identity: Identity,
        size: Size,
        frame: float | None,
        priority: Priority,
        cancelled: Callable[[], bool],
    ) -> Record:
        known = self._recall(identity, size, frame)
        return known if known is not None else self._make(path, identity, (size,), frame, priority, cancelled)

    def _make(
        self,
        path: str,
        identity: Identity,
        sizes: tuple[Size, ...],
        frame: float | None,
        priority: Priority,
        cancelled: Callable[[], bool],
    ) -> Record:
        """Have a worker make the pictures of these sizes and keep them; gives the first, or facts for no sizes."""

        def work(worker: WorkerProcess) -> Record:
            # Once more, for it may have been made between the caller's look and this thread's turn.
            known = self._keeping.recall(identity, variant_of(sizes[0], frame), frame) if len(sizes) == 1 else None
            if known is None:
                known = self._made(worker, path, identity, sizes, frame)
            if known.problem is not None:
                raise known.problem
            return known

        return self._pool.share((identity, sizes, frame), work, priority, cancelled)

    def _made(
        self, worker: WorkerProcess, path: str, identity: Identity, sizes: tuple[Size, ...], frame: float | None
    ) -> Record:
        request = {"path": path, "identity": identity, "edges": sizes, "frame_s": frame}
        records: dict[str, Record]
        try:
            message = worker.ask(request, self._patience_s)
            records = _records(message.header, message.blob, frame)
        except WorkerLate:
            records = _failed(Problem.TOO_SLOW, {"seconds": round(self._patience_s)}, frame)
        except WorkerKilled as error:  # nobody waited for it any more
            raise Cancelled from error
        except WorkerEnded:
            records = _failed(Problem.CRASHED, {}, frame)
        for variant, record in records.items():
            if record.problem is None or record.problem.problem.lasts:
                self._keeping.keep(identity, variant, record)
        return next(iter(records.values()))


def _records(header: dict[str, Any], blob: bytes, frame: float | None) -> dict[str, Record]:
    """What a worker said, by variant; where it is nonsense, a decoder went astray, and it counts as a crash."""
    try:
        if "problem" in header:
            return _failed(Problem(header["problem"]), header["detail"], frame)
        facts = facts_of(header["facts"])
        records: dict[str, Record] = {}
        begin = 0
        for made in header["pictures"]:
            data = blob[begin : begin + int(made["bytes"])]
            begin += len(data)
            picture = Made(data, str(made["form"]), int(made["width"]), int(made["height"]))
            records[variant_of(made["edge"], frame)] = Record(facts, picture)
        return records or {FACTS: Record(facts)}
    except (KeyError, TypeError, ValueError):
        return _failed(Problem.CRASHED, {}, frame)


def _failed(problem: Problem, detail: dict[str, Any], frame: float | None) -> dict[str, Record]:
    return {problem_variant(frame): Record(None, None, CannotShow(problem, detail))}


def _picture(record: Record, facts: Facts | None = None) -> Picture:
    made = record.made
    assert made is not None
    shown = facts or record.facts
    assert shown is not None
    return Picture(made.data, made.form, made.width, made.height, shown)


def _close(pool: Pool[Record], keeping: Keeping) -> None:
    pool.close()
    keeping.close()
