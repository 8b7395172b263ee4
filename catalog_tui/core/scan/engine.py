"""Finding the duplicates of an archive: `scan` gives typed events, a picture of its progress several times a second."""

import os
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing
from threading import Thread
from time import time_ns
from typing import TYPE_CHECKING

from xxhash import xxh3_128

from catalog_tui.core.errors import ArchiveError
from catalog_tui.core.places import archive_cache
from catalog_tui.core.scan.crew import Call, Crew, Workers, usual_width
from catalog_tui.core.scan.events import Event, FileError, Finished, Notice, Outcome, Progress, Summary
from catalog_tui.core.scan.local_crew import local_crew
from catalog_tui.core.scan.memory import Memory, NoMemory
from catalog_tui.core.scan.meter import Meter
from catalog_tui.core.scan.options import ScanOptions
from catalog_tui.core.scan.outcome import FoundOutcome
from catalog_tui.core.scan.pipeline import Pipeline
from catalog_tui.core.scan.records import Files
from catalog_tui.core.words import _

if TYPE_CHECKING:
    from catalog_tui.core.scan.results import KeptOutcome

TICK_S = 0.15  # between two Progress events: 6 to 7 a second, whatever the disk does
RATE_WINDOW = 20  # ticks that the rate is taken over


def scan(
    options: ScanOptions, *, cancelled: Callable[[], bool] = lambda: False, workers: Workers | None = None
) -> Iterator[Event]:
    """Scan `options.archive`; the last event is Finished, whose `outcome` has the groups and must be closed.

    The call itself begins by starting helper processes, which takes least before this process has started a thread.
    Without `workers` this machine's own are used. When `cancelled` turns true the scan ends soon, keeping what was
    hashed, and its groups are those found so far. ArchiveError where the archive is no folder that can be read.
    """
    if not os.path.isdir(options.archive):
        from catalog_tui.core.names import display  # 2 ms, for nothing else here

        raise ArchiveError(_("{path} is not a folder").format(path=display(options.archive)))
    return _events(_Work(options, workers), cancelled)


def _events(work: "_Work", cancelled: Callable[[], bool]) -> Iterator[Event]:
    call = Call(work.run)
    thread = Thread(target=call.run, name="scan-pipeline")
    thread.start()
    try:
        while not call.done.wait(TICK_S):
            if cancelled():
                work.meter.stop()
            yield from work.news()
            yield work.progress()
    finally:
        if not call.done.is_set():  # whoever reads the events went away, or was interrupted: it must not go on alone
            work.meter.stop()
        thread.join()
    finished = call.result()
    yield from work.news()
    yield work.progress()
    yield finished


class _Work:
    """One scan: what its thread does, and the figures and news that are taken from it meanwhile."""

    def __init__(self, options: ScanOptions, workers: Workers | None) -> None:
        self.meter = Meter()
        self._options = options
        self._workers = workers
        self._files = Files()
        self._errors = 0
        self._news: deque[Event] = deque()
        self._readings: deque[tuple[float, int]] = deque(maxlen=RATE_WINDOW)
        self._started_ns = time_ns()
        self._cache = str(archive_cache(options.archive)) if options.use_index else None
        self._crew = self._new_crew()

    def run(self) -> Finished:
        """The scan from end to end."""
        options, meter = self._options, self.meter
        with closing(self._crew), closing(self._memory()) as memory:
            pipeline = Pipeline(options, self._files, memory, meter, self._crew, self._say)
            pipeline.walk()
            kept = self._unchanged()
            if kept is not None:
                return self._finished(kept, kept.summary)
            pipeline.hash()
            outcome = FoundOutcome(self._files, pipeline.groups(), pipeline.links)
            remembers = memory.works  # where the index could not be written, neither can the result; it has been said
        meter.groups, duplicates, meter.waste = outcome.totals()
        summary = Summary(
            "", "", duplicate_groups=meter.groups, duplicate_files=duplicates, total_waste_bytes=meter.waste
        )
        finished = self._finished(outcome, summary)
        if remembers and self._cache is not None and not meter.stopped:
            self._keep(self._cache, finished.summary, outcome)
        return finished

    def _new_crew(self) -> Crew:
        if self._workers is None:
            return local_crew(usual_width(), self.meter)
        from catalog_tui.core.scan.executor_crew import ExecutorCrew

        return ExecutorCrew(self._workers)

    def _memory(self) -> Memory:
        if self._cache is None:
            return NoMemory()
        from catalog_tui.core.scan.index_memory import IndexMemory  # here, as below: SQLite costs 5 ms to load

        root = os.fsencode(self._options.archive)
        return IndexMemory(
            self._cache, self._options.algorithm, self._files, root, lambda text: self._news.append(Notice(text))
        )

    def news(self) -> Iterator[Event]:
        """Errors and notices since the last call."""
        while self._news:
            yield self._news.popleft()

    def progress(self) -> Progress:
        """How far the scan is now."""
        meter = self.meter
        read = meter.bytes_read
        seconds = meter.seconds
        self._readings.append((seconds, read))
        then, before = self._readings[0]
        rate = (read - before) / (seconds - then) if seconds > then else 0.0
        walking = meter.phase == "walk"
        left = max(0, meter.todo_bytes - read)
        return Progress(
            phase=meter.phase,
            files=meter.files,
            bytes=meter.bytes,
            candidates=meter.candidates,
            done=read,
            total=0 if walking else meter.todo_bytes,
            bytes_read=read,
            rate=rate,
            eta_s=left / rate if rate and not walking else None,
            folder=os.fsdecode(meter.folder),
            hits=meter.hits,
            misses=meter.misses,
            groups=meter.groups,
            waste=meter.waste,
            errors=self._errors,
            seconds=seconds,
        )

    def _say(self, event: Event) -> None:
        self._errors += isinstance(event, FileError)
        self._news.append(event)

    def _finished(self, outcome: Outcome, found: Summary) -> Finished:
        meter, options = self.meter, self._options
        summary = found._replace(
            archive=options.archive,
            algorithm=options.algorithm,
            files=meter.files,
            bytes=meter.bytes,
            candidates=meter.candidates,
            hashed_files=meter.hashed_files,
            bytes_read=meter.bytes_read,
            cache_hits=meter.hits,
            cache_misses=meter.misses,
            seconds=round(meter.seconds, 3),
            cancelled=meter.stopped,
        )
        return Finished(summary, self._errors, outcome)

    def _fingerprint(self) -> bytes:
        """A digest of everything the walk saw: equal for two walks only when no file came, went or changed."""
        files = self._files
        digest = xxh3_128(self._options.scope().encode("utf-8", "surrogateescape"))
        for column in (files.sizes, files.inodes, files.mtimes_ns, files.ctimes_ns, files.folder_of, files.device_of):
            digest.update(column)
        digest.update(files.names)
        digest.update(b"\0".join(files.folders))
        digest.update(repr(files.devices).encode())
        return digest.digest()

    def _unchanged(self) -> "KeptOutcome | None":
        """The scan before, if it saw exactly this archive: then its groups stand and not even the index is asked."""
        if self._cache is None or self._errors or self.meter.stopped:
            return None
        from catalog_tui.core.scan.results import KeptOutcome, NoResultError, ScanResult

        try:
            result = ScanResult.in_folder(self._cache)
        except NoResultError:
            return None
        if result.fingerprint != self._fingerprint():
            result.close()
            return None
        self.meter.candidates = self.meter.hits = result.summary.candidates
        self.meter.misses = 0
        self.meter.groups, self.meter.waste = result.summary.duplicate_groups, result.summary.total_waste_bytes
        return KeptOutcome(result)

    def _keep(self, folder: str, summary: Summary, outcome: Outcome) -> None:
        from catalog_tui.core.scan.index import RACY_NS
        from catalog_tui.core.scan.results import NoResultError, save

        # A file changed shortly before it was read may have changed again without its ctime showing it.
        settled = not self._errors and max(self._files.ctimes_ns, default=0) < self._started_ns - RACY_NS
        try:
            save(folder, summary, outcome.groups(), fingerprint=self._fingerprint() if settled else b"")
        except NoResultError as error:
            self._news.append(
                Notice(_("The result could not be kept for the next start: {reason}").format(reason=error))
            )
