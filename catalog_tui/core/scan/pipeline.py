"""The work of a scan, from the walk to the groups, in one thread of its own: the reader of its figures never waits."""

from __future__ import annotations

import os
from array import array
from collections.abc import Callable
from contextlib import closing
from operator import itemgetter
from struct import Struct
from typing import TYPE_CHECKING

from catalog_tui.core.scan.crew import Crew
from catalog_tui.core.scan.events import Event, FileError
from catalog_tui.core.scan.hashing import CHANGED, COMPARE, END_BYTES, ENDS, SMALL_BYTES, WHOLE, digest_size
from catalog_tui.core.scan.lanes import Done, Task, is_rotational
from catalog_tui.core.scan.matching import NONE, DigestMatcher, EndsMatcher, Group, SizeMatcher, groups_of, ordered
from catalog_tui.core.scan.memory import Memory, Recalled
from catalog_tui.core.scan.meter import Meter
from catalog_tui.core.scan.options import ScanOptions, exclusion
from catalog_tui.core.scan.reading import MD5, Reading
from catalog_tui.core.scan.records import Files
from catalog_tui.core.scan.walk import Walk, Walked, Wanted
from catalog_tui.core.words import _

if TYPE_CHECKING:
    from catalog_tui.core.scan.comparing import Compared

Digests = list[tuple[int, bytes]]


class Pipeline:
    """One scan. `say` takes errors; figures go to the meter; cancelled by `meter.stop()`."""

    def __init__(
        self,
        options: ScanOptions,
        files: Files,
        memory: Memory,
        meter: Meter,
        crew: Crew,
        say: Callable[[Event], None],
        rotational: Callable[[int], bool] = is_rotational,
    ) -> None:
        self._options = options
        self._root = os.fsencode(options.archive)
        self._files = files
        self._memory = memory
        self._meter = meter
        self._say = say
        self._rotational = rotational
        self._reading = Reading(self._root, options.algorithm, files, crew, meter, memory, self._settle, rotational)
        self._sizes = SizeMatcher(files)
        self._ends = EndsMatcher(files)
        self._digests = DigestMatcher(files)
        self._unmatched: list[Walked] = []
        self._held: list[int] = []
        self._ends_of: dict[int, bytes] = {}  # of files above SMALL_BYTES that agree in size and ends with another
        self._doubted: dict[int, Recalled] = {}
        self._known_whole: set[int] = set()
        self._known_ends: set[int] = set()
        self._digest_size = digest_size(options.algorithm)
        self._md5s: dict[int, bytes] = {}
        self._same_as = array("I")

    @property
    def links(self) -> dict[int, list[int]]:
        """Further names of an inode, by the position of its first."""
        return self._sizes.links

    def walk(self) -> None:
        """See every file; where the index is empty, read what shares its size as it turns up."""
        options, meter, files = self._options, self._meter, self._files
        wanted = Wanted(
            options.everything, exclusion(options.exclude), max(1, options.min_size), links=self._followed_links()
        )
        at_once = self._memory.is_empty()
        gathered: list[int] = []
        seen_bytes = 0
        with closing(self._walk_through(wanted, shared=not at_once)) as walk:
            for step in walk:
                meter.folder = walk.folder
                seen_bytes += sum(files.sizes[step.first : step.end])
                files_ahead, bytes_ahead = walk.ahead()
                meter.files, meter.bytes = len(files) + files_ahead, seen_bytes + bytes_ahead
                if not at_once:
                    self._unmatched.append(step)
                else:
                    gathered += self._candidates(step)
                    if self._reading.expect(len(gathered)):
                        self._read(gathered, hold_back=True)
                        gathered = []
                    self._reading.take_finished(0)
                if meter.stopped:
                    return
        self._held += gathered

    def hash(self) -> None:
        """Recall what the index knows, read what it does not: first the ends or all of a small file, then the rest."""
        self._meter.phase = "hash"
        for step in self._unmatched:
            self._held += self._candidates(step)
        for recalled in self._memory.recall(self._held):
            self._use(recalled)
        known = self._known_whole | self._known_ends
        waiting = [position for position in self._held if position not in known]
        self._held = []
        waiting.sort(key=self._files.identity)
        self._reading.expect(len(waiting))
        self._reading.in_turn(waiting, self._read)
        self._reading.finish()
        self._read_wholes()
        self._reading.finish()

    def groups(self) -> list[Group]:
        """The groups, ordered; compared byte by byte and given their MD5 where that was asked for."""
        self._meter.phase = "group"
        options, size = self._options, self._digest_size
        found = groups_of(self._files, ((digest[:size], chain) for digest, chain in self._digests), self.links)
        if options.verify:
            found = self._verified(found)
        if options.md5:
            found = self._with_md5(found)
        return ordered(found)

    def _followed_links(self) -> frozenset[bytes]:
        if not self._options.follow_links:
            return frozenset()
        from catalog_tui.core.scan.links import followed_links  # here: it loads what reads archives for browsing

        return followed_links(self._options.archive, dict(self._options.depths))

    def _walk_through(self, wanted: Wanted, *, shared: bool) -> Walk:
        """The walk; shared with another process where none is busy reading what the walk turns up."""
        if shared:
            from catalog_tui.core.scan.shared_walk import SharedWalk  # here: a first scan needs none

            return SharedWalk(self._root, wanted, self._files, self._walk_failed, self._rotational)
        return Walk(self._root, wanted, self._files, self._walk_failed)

    def _candidates(self, step: Walked) -> list[int]:
        found = self._sizes.add(step)
        self._meter.candidates += len(found)
        return found

    def _read(self, positions: list[int], *, hold_back: bool = False) -> None:
        """Queue the first reading of these files, each with others of its device; `hold_back` those of a slow disk."""
        device_of = self._files.device_of
        if len(self._files.devices) == 1:
            self._read_of_device(0, positions, hold_back=hold_back)
            return
        for device in {device_of[position] for position in positions}:
            mine = [position for position in positions if device_of[position] == device]
            self._read_of_device(device, mine, hold_back=hold_back)

    def _read_of_device(self, device: int, positions: list[int], *, hold_back: bool) -> None:
        if hold_back and self._reading.holds_back(device):
            self._held += positions
            return
        sizes = self._files.sizes
        small = [position for position in positions if sizes[position] <= SMALL_BYTES]
        large = [position for position in positions if sizes[position] > SMALL_BYTES] if small != positions else []
        self._meter.todo_bytes += sum([sizes[position] for position in small]) + len(large) * 2 * END_BYTES
        self._meter.misses += len(positions)
        self._reading.fill(device, WHOLE, small)
        self._reading.fill(device, ENDS, large)

    def _use(self, recalled: Recalled) -> None:
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
            self._add_digest(position, whole)
        else:
            self._known_ends.add(position)
        if large:
            self._match_ends(position, ends)

    def _match_ends(self, position: int, ends: bytes) -> None:
        for agreeing in self._ends.add(position, ends):
            if agreeing not in self._known_whole:
                self._ends_of[agreeing] = ends

    def _add_digest(self, position: int, digest: bytes) -> None:
        self._digests.add_all([(position, digest)])
        self._meter.groups = self._digests.groups
        self._meter.waste = self._digests.waste

    def _read_wholes(self) -> None:
        """Queue the files that agree in size and ends: the largest first, or in disk order where the disk rotates."""
        files, meter = self._files, self._meter
        if meter.stopped:
            return
        by_device: dict[int, list[int]] = {}
        for position in self._ends_of:
            by_device.setdefault(files.device_of[position], []).append(position)
            meter.todo_bytes += files.sizes[position]
            if position in self._known_ends:
                meter.hits -= 1
                meter.misses += 1
        for device, positions in by_device.items():
            if self._reading.is_rotational(device):
                positions.sort(key=files.inodes.__getitem__)
            else:
                positions.sort(key=files.sizes.__getitem__, reverse=True)
            for batch in self._reading.by_bytes(positions):
                self._reading.start(device, WHOLE, batch)

    def _settle(self, done: Done) -> None:
        task, answer, error = done
        if error is not None:
            for position in task.positions:
                self._say(FileError(self._name(position), _("no worker could read it: {reason}").format(reason=error)))
            return
        self._meter.advance(answer.bytes_read)
        self._report(task, answer.failures)
        failed = {position for position, _number in answer.failures}
        if task.stage == COMPARE:
            self._settle_compared(task, answer, failed)
        else:
            cut = Struct(f"{len(answer.digests) // len(task.positions)}s").iter_unpack(answer.digests)
            digests = list(zip(task.positions, map(itemgetter(0), cut), strict=True))
            if failed:
                digests = [each for at, each in enumerate(digests) if at not in failed]
            {ENDS: self._settle_ends, WHOLE: self._settle_whole, MD5: self._settle_md5}[task.stage](task, digests)

    def _settle_ends(self, task: Task, digests: Digests) -> None:
        self._meter.hashed_files += len(digests)
        whole = b""
        found = []
        for position, ends in digests:
            doubted = self._doubted.pop(position, None) if self._doubted else None
            if doubted is not None and doubted.ends == ends:
                self._meter.hits += 1
                self._meter.misses -= 1
                self._known_whole.add(position)
                self._add_digest(position, doubted.whole)
                found.append((position, ends, doubted.whole))
            else:
                found.append((position, ends, whole))
            self._match_ends(position, ends)
        self._memory.remember(task.device, task.made_at_ns, found)

    def _settle_whole(self, task: Task, digests: Digests) -> None:
        ends_of = self._ends_of
        self._digests.add_all(digests)
        self._meter.groups = self._digests.groups
        self._meter.waste = self._digests.waste
        known = self._known_ends
        # Those whose ends were read in this scan were counted then.
        again = sum([position in ends_of and position not in known for position, _ in digests]) if ends_of else 0
        self._meter.hashed_files += len(digests) - again
        if self._memory.works:
            found = [(position, ends_of.get(position, b""), digest) for position, digest in digests]
            self._memory.remember(task.device, task.made_at_ns, found)

    def _settle_md5(self, _task: Task, digests: Digests) -> None:
        self._md5s.update(digests)

    def _settle_compared(self, task: Task, answer: Compared, failed: set[int]) -> None:
        for at, position in enumerate(task.positions):
            if at not in failed:
                self._same_as[position] = task.positions[answer.same_as[at]]

    def _verified(self, groups: list[Group]) -> list[Group]:
        self._meter.phase = "verify"
        self._meter.todo_bytes += sum(2 * group.waste for group in groups)
        self._same_as = array("I", [NONE]) * len(self._files)
        self._reading.compare(group.members for group in groups)
        self._reading.finish()
        split: list[tuple[bytes, list[int]]] = []
        for group in groups:
            classes: dict[int, list[int]] = {}
            for position in group.members:
                if self._same_as[position] != NONE:
                    classes.setdefault(self._same_as[position], []).append(position)
            split.extend((group.digest, alike) for alike in classes.values())
        return groups_of(self._files, split, self.links)

    def _with_md5(self, groups: list[Group]) -> list[Group]:
        if self._options.algorithm == "md5":
            return [group._replace(md5=group.digest) for group in groups]
        self._meter.phase = "hash"
        firsts = [group.members[0] for group in groups]
        self._meter.todo_bytes += sum(group.size for group in groups)
        for batch in self._reading.by_bytes(firsts):
            self._reading.start(self._files.device_of[batch[0]], MD5, batch)
        self._reading.finish()
        return [group._replace(md5=self._md5s.get(group.members[0], b"")) for group in groups]

    def _report(self, task: Task, failures: list[tuple[int, int]]) -> None:
        if self._meter.stopped:
            return  # given up, not failed
        for at, number in failures:
            reason = _("changed while the scan ran") if number == CHANGED else os.strerror(number)
            self._say(FileError(self._name(task.positions[at]), reason))

    def _walk_failed(self, path: bytes, error: OSError) -> None:
        self._say(FileError(os.fsdecode(path), error.strerror or str(error)))

    def _name(self, position: int) -> str:
        return os.fsdecode(self._files.path(position))
