"""What is read of a file that shares its size with another: its ends first, all of it when they agree, or both at once.

Small files are read whole. Of larger ones the ends tell most of those apart that differ, at the price of opening
twice what is equal. So where they have told next to nothing apart, as in an archive in which files of one size are
copies, both are read in one go.
"""

from __future__ import annotations

from collections.abc import Sequence

from catalog_tui.core.scan.hashing import BOTH, END_BYTES, ENDS, ENDS_SIZE, SMALL_BYTES, WHOLE
from catalog_tui.core.scan.lanes import Task
from catalog_tui.core.scan.matching import DigestMatcher, EndsMatcher
from catalog_tui.core.scan.memory import Memory, Recalled
from catalog_tui.core.scan.meter import Meter
from catalog_tui.core.scan.reading import Reading
from catalog_tui.core.scan.records import Files

LARGE_BYTES = 4 * 1024 * 1024  # from here on reading the ends takes nothing beside reading all


class Stages:
    """Has candidates read through `reading`, and takes what came of it; `digests` has what files were found to be."""

    def __init__(self, files: Files, reading: Reading, memory: Memory, meter: Meter) -> None:
        self.digests = DigestMatcher(files)
        self._files = files
        self._reading = reading
        self._memory = memory
        self._meter = meter
        self._ends = EndsMatcher(files)
        self._ends_of: dict[int, bytes] = {}  # of files above SMALL_BYTES that agree in size and ends with another
        self._agreeing: list[int] = []  # those of them that are to be read whole
        self._doubted: dict[int, Recalled] = {}
        self._known_whole: set[int] = set()
        self._known_ends: set[int] = set()

    def recall(self, recalled: Recalled) -> None:
        """Use what the index knows of a candidate."""
        position, ends, whole, doubted = recalled
        large = self._files.sizes[position] > SMALL_BYTES
        if large and not ends:
            return
        if doubted:
            if large and whole:
                self._doubted[position] = recalled
            return
        self._meter.hits += 1
        if whole:
            self._known_whole.add(position)
            self._add_digests([position], [whole])
        else:
            self._known_ends.add(position)
        if large:
            self._match_ends(position, ends)

    def is_known(self, position: int) -> bool:
        """Whether the index knew enough of it for now."""
        return position in self._known_whole or position in self._known_ends

    def read(self, device: int, positions: list[int]) -> None:
        """Queue the first reading of these candidates, all of one device."""
        sizes, meter, reading = self._files.sizes, self._meter, self._reading
        lengths = [sizes[position] for position in positions]
        meter.misses += len(positions)
        meter.todo_bytes += sum([length if length <= SMALL_BYTES else 2 * END_BYTES for length in lengths])
        if max(lengths, default=0) <= SMALL_BYTES:
            reading.fill(device, WHOLE, positions)
            return
        reading.fill(device, WHOLE, [position for position in positions if sizes[position] <= SMALL_BYTES])
        large = [position for position in positions if sizes[position] > SMALL_BYTES]
        both = [position for position in large if self._is_worth_both(position)] if self._ends.tell_little else []
        if both:
            meter.todo_bytes += sum([sizes[position] for position in both])
            reading.fill_by_bytes(device, BOTH, both)
            large = sorted(set(large).difference(both))
        reading.fill(device, ENDS, large)

    def read_agreeing(self, *, hold_back: bool) -> None:
        """Queue what agrees in its ends by now: the largest first, or in disk order where the disk rotates.

        `hold_back`: not yet where a disk has to look, there the ends of all are read first.
        """
        files, meter = self._files, self._meter
        if meter.stopped or not self._agreeing:
            return
        agreeing, self._agreeing = self._agreeing, []
        by_device: dict[int, list[int]] = {}
        for position in agreeing:
            by_device.setdefault(files.device_of[position], []).append(position)
        for device, positions in by_device.items():
            if hold_back and self._reading.holds_back(device):
                self._agreeing += positions
                continue
            again = sum([position in self._known_ends for position in positions])
            meter.hits -= again
            meter.misses += again
            meter.todo_bytes += sum([files.sizes[position] for position in positions])
            if self._reading.is_rotational(device):
                positions.sort(key=files.inodes.__getitem__)
            else:
                positions.sort(key=files.sizes.__getitem__, reverse=True)
            self._reading.fill_by_bytes(device, WHOLE, positions)

    def take(self, task: Task, positions: Sequence[int], digests: Sequence[bytes]) -> None:
        """Take in the digests that a task of ENDS, WHOLE or BOTH gave for these of its positions."""
        if task.stage == ENDS:
            self._take_ends(task, positions, digests)
        elif task.stage == BOTH:
            self._take_both(task, positions, digests)
        else:
            self._take_whole(task, positions, digests)

    def _is_worth_both(self, position: int) -> bool:
        return self._files.sizes[position] <= LARGE_BYTES and position not in self._doubted

    def _take_ends(self, task: Task, positions: Sequence[int], all_ends: Sequence[bytes]) -> None:
        self._meter.hashed_files += len(positions)
        wholes = [b""] * len(positions)
        for at, (position, ends) in enumerate(zip(positions, all_ends, strict=True)):
            doubted = self._doubted.pop(position, None) if self._doubted else None
            if doubted is not None and doubted.ends == ends:
                self._meter.hits += 1
                self._meter.misses -= 1
                self._known_whole.add(position)
                self._add_digests([position], [doubted.whole])
                wholes[at] = doubted.whole
            self._match_ends(position, ends)
        self._remember(task, positions, all_ends, wholes)
        self.read_agreeing(hold_back=True)

    def _take_both(self, task: Task, positions: Sequence[int], digests: Sequence[bytes]) -> None:
        self._meter.hashed_files += len(positions)
        self._known_whole.update(positions)
        all_ends = [digest[:ENDS_SIZE] for digest in digests]
        wholes = [digest[ENDS_SIZE:] for digest in digests]
        for position, ends in zip(positions, all_ends, strict=True):
            self._match_ends(position, ends)
        self._add_digests(positions, wholes)
        self._remember(task, positions, all_ends, wholes)
        self.read_agreeing(hold_back=True)

    def _take_whole(self, task: Task, positions: Sequence[int], digests: Sequence[bytes]) -> None:
        ends_of, known = self._ends_of, self._known_ends
        self._add_digests(positions, digests)
        # Those whose ends were read in this scan were counted then.
        again = sum([position in ends_of and position not in known for position in positions]) if ends_of else 0
        self._meter.hashed_files += len(positions) - again
        if self._memory.works:
            self._remember(task, positions, [ends_of.get(position, b"") for position in positions], digests)

    def _match_ends(self, position: int, ends: bytes) -> None:
        for agreeing in self._ends.add(position, ends):
            if agreeing not in self._known_whole:
                self._ends_of[agreeing] = ends
                self._agreeing.append(agreeing)

    def _add_digests(self, positions: Sequence[int], digests: Sequence[bytes]) -> None:
        self.digests.add_all(positions, digests)
        self._meter.groups = self.digests.groups
        self._meter.waste = self.digests.waste

    def _remember(
        self, task: Task, positions: Sequence[int], all_ends: Sequence[bytes], wholes: Sequence[bytes]
    ) -> None:
        found = zip(positions, all_ends, wholes, strict=True)
        self._memory.remember(task.device, task.made_at_ns, found)
