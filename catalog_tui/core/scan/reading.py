"""Having files read: batches that suit the disk, handed to a crew lane by lane, and their answers taken in."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from time import time_ns
from typing import Any

from catalog_tui.core.scan.crew import Crew
from catalog_tui.core.scan.hashing import COMPARE, WHOLE, Batch, hash_batch
from catalog_tui.core.scan.lanes import Done, Lanes, Task
from catalog_tui.core.scan.memory import Memory
from catalog_tui.core.scan.meter import Meter
from catalog_tui.core.scan.records import Files

BATCH_FILES = 500  # at most; 2 % faster than 250, and more would make progress coarse
FEWEST_FILES = 8
FIRST_FILES = 32
MANY_FILES = 3000  # below, threads read them after the walk, with which they would quarrel over the interpreter
SLOW_S = 0.4  # a batch that takes longer is too large: that much is lost when the scan is killed
FAST_S = 0.1
BATCH_BYTES = 8 * 1024 * 1024
FAST_BATCH_BYTES = 64 * 1024 * 1024  # where batches came back fast: handing one over costs 0.3 ms, reading 8 MiB 0.6
WAIT_S = 0.2
MD5 = "md5 of groups"


class Reading:
    """The reading of one scan, by `crew`; `settle` gets every answer. Cancelled by `meter.stop()`."""

    def __init__(
        self,
        root: bytes,
        algorithm: str,
        files: Files,
        crew: Crew,
        meter: Meter,
        memory: Memory,
        settle: Callable[[Done], None],
        rotational: Callable[[int], bool],
    ) -> None:
        self._root = root
        self._algorithm = algorithm
        self._files = files
        self._crew = crew
        self._meter = meter
        self._memory = memory
        self._settle = settle
        self._filling: dict[tuple[int, str], array[int]] = {}
        self._weighed: dict[tuple[int, str], list[int]] = {}
        self._batch_files = min(FIRST_FILES, BATCH_FILES)
        self._many = crew.apart
        self._lanes = Lanes(crew, self._work, files.devices, rotational)
        self.holds_back = self._lanes.holds_back
        self.is_rotational = self._lanes.is_rotational

    def expect(self, count: int) -> bool:
        """Whether reading had better begin: by a crew apart, or as so many are too much for threads of this process."""
        if not self._many and count >= MANY_FILES:
            self._many = True
            self._crew.expect_many()
        return self._many

    def fill(self, device: int, stage: str, positions: list[int]) -> None:
        """Collect these, and start every batch that is full."""
        filling = self._filling.setdefault((device, stage), array("I"))
        filling.extend(positions)
        count = self._batch_files
        full = len(filling) - len(filling) % count
        for start in range(0, full, count):
            self.start(device, stage, filling[start : start + count])
        del filling[:full]

    def start(self, device: int, stage: str, positions: Iterable[int], groups: tuple[int, ...] = ()) -> None:
        """Have these read as one batch; `groups` as in Batch."""
        self._lanes.add(Task(stage, array("I", positions), device, time_ns(), groups))

    def compare(self, groups: Iterable[Sequence[int]]) -> None:
        """Have the files of each group compared with one another, many small groups as one batch."""
        files = self._files
        filling: dict[int, list[Sequence[int]]] = {}
        room: dict[int, tuple[int, int]] = {}  # files and bytes that a device's batch may still take

        def send(device: int) -> None:
            batch = filling.pop(device)
            self.start(device, COMPARE, chain.from_iterable(batch), tuple(map(len, batch)))
            del room[device]

        for group in groups:
            device = files.device_of[group[0]]
            count, length = room.get(device, (BATCH_FILES, BATCH_BYTES))
            filling.setdefault(device, []).append(group)
            room[device] = count - len(group), length - len(group) * files.sizes[group[0]]
            if min(room[device]) <= 0:
                send(device)
        for device in list(filling):
            send(device)

    def in_turn(self, positions: list[int], read: Callable[[list[int]], None]) -> None:
        """Give the positions to `read`, which fills or starts, a batch at a time as their devices get on with them.

        So the size of a batch is what was learnt of the disk by then.
        """
        left: dict[int, list[int]] = {}
        for position in reversed(positions):
            left.setdefault(self._files.device_of[position], []).append(position)
        while any(left.values()) and not self._meter.stopped:
            for device, waiting in left.items():
                while waiting and not self._lanes.has_waiting(device):
                    batch = waiting[-self._batch_files :]
                    del waiting[-self._batch_files :]
                    read(batch[::-1])
            if self._lanes.busy:
                self.take_finished(WAIT_S)

    def fill_by_bytes(self, device: int, stage: str, positions: list[int]) -> None:
        """Collect these, and start every batch that is full by its files or its bytes."""
        if positions:
            *full, last = self.by_bytes(self._weighed.pop((device, stage), []) + positions)
            for batch in full:
                self.start(device, stage, batch)
            self._weighed[device, stage] = last

    def by_bytes(self, positions: Iterable[int]) -> Iterator[list[int]]:
        """The positions in batches of BATCH_FILES or BATCH_BYTES, whichever comes first; larger where it is fast."""
        sizes = self._files.sizes
        most_bytes = FAST_BATCH_BYTES if self._batch_files == BATCH_FILES else BATCH_BYTES
        batch: list[int] = []
        length = 0
        for position in positions:
            batch.append(position)
            length += sizes[position]
            if len(batch) >= BATCH_FILES or length >= most_bytes:
                yield batch
                batch, length = [], 0
        if batch:
            yield batch

    def finish(self) -> None:
        """Take everything that comes back, and send what is still being collected once nothing else waits."""
        while True:
            if self._meter.stopped:
                self._lanes.drop_waiting()
            elif not self._lanes.waits:
                self._send_collected()
            if not self._lanes.busy:
                return
            self.take_finished(WAIT_S)

    def _send_collected(self) -> None:
        for collected, parts in ((self._filling, 1), (self._weighed, self._crew.width)):
            for (device, stage), positions in collected.items():
                for part in range(parts):
                    if mine := positions[part::parts]:
                        self.start(device, stage, mine)
            collected.clear()

    def take_finished(self, timeout_s: float) -> None:
        """Settle what has come back, waiting up to `timeout_s` for the first."""
        for done in self._lanes.finished(timeout_s):
            self._settle(done)
            self._suit_batches(done)
        self._memory.commit()

    def _suit_batches(self, done: Done) -> None:
        """Make the next batches smaller after a slow one, larger after a fast one."""
        seconds = getattr(done.answer, "seconds", 0.0)
        if seconds > SLOW_S:
            self._batch_files = max(FEWEST_FILES, self._batch_files // 2)
        elif 0 < seconds < FAST_S:
            self._batch_files = min(BATCH_FILES, 2 * self._batch_files)

    def _work(self, task: Task) -> tuple[Callable[..., Any], Batch]:
        files = self._files
        spans = files.spans(task.positions)
        batch = Batch(
            self._root,
            WHOLE if task.stage == MD5 else task.stage,
            "md5" if task.stage == MD5 else self._algorithm,
            files.runs(spans),
            _picked(files.inodes, spans),
            _picked(files.sizes, spans),
            _picked(files.mtimes_ns, spans),
            _picked(files.ctimes_ns, spans if self._crew.same_machine else []),
            task.groups,
        )
        if task.stage != COMPARE:
            return hash_batch, batch
        from catalog_tui.core.scan.comparing import compare_batch  # here: only --verify compares

        return compare_batch, batch


def _picked(column: array[int], spans: list[tuple[int, int]]) -> array[int]:
    picked = array(column.typecode)
    for first, end in spans:
        picked += column[first:end]
    return picked
