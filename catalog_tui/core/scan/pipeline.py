"""The work of a scan, from the walk to the groups, in one thread of its own: the reader of its figures never waits."""

from __future__ import annotations

import os
from array import array
from collections.abc import Callable, Sequence
from contextlib import closing
from operator import itemgetter
from struct import Struct
from typing import TYPE_CHECKING

from catalog_tui.core.scan.crew import Crew
from catalog_tui.core.scan.events import Event, FileError
from catalog_tui.core.scan.grouping import Groups, groups_of
from catalog_tui.core.scan.hashing import CHANGED, COMPARE
from catalog_tui.core.scan.lanes import Done, Task, is_rotational
from catalog_tui.core.scan.matching import SizeMatcher
from catalog_tui.core.scan.memory import Memory
from catalog_tui.core.scan.meter import Meter
from catalog_tui.core.scan.options import ScanOptions, exclusion
from catalog_tui.core.scan.reading import MD5, Reading
from catalog_tui.core.scan.records import Files
from catalog_tui.core.scan.stages import Stages
from catalog_tui.core.scan.walk import Walk, Walked, Wanted
from catalog_tui.core.words import _

if TYPE_CHECKING:
    from catalog_tui.core.scan.comparing import Compared

NONE = 0xFFFFFFFF  # no position


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
        self._stages = Stages(files, self._reading, memory, meter)
        self._unmatched: list[Walked] = []
        self._held: list[int] = []
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
            self._stages.recall(recalled)
        waiting = [position for position in self._held if not self._stages.is_known(position)]
        self._held = []
        waiting.sort(key=self._files.identity)
        self._reading.expect(len(waiting))
        self._reading.in_turn(waiting, self._read)
        self._reading.finish()
        self._stages.read_agreeing(hold_back=False)
        self._reading.finish()

    def groups(self) -> Groups:
        """The groups; compared byte by byte and given their MD5 where that was asked for."""
        self._meter.phase = "group"
        found = groups_of(self._files, self._stages.digests.shared(self.links))
        if self._options.verify:
            found = self._verified(found)
        if self._options.md5:
            found = self._with_md5(found)
        return found

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
        self._stages.read(device, positions)

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
            positions: Sequence[int] = task.positions
            digests = list(map(itemgetter(0), cut))
            if failed:
                positions = [position for at, position in enumerate(positions) if at not in failed]
                digests = [digest for at, digest in enumerate(digests) if at not in failed]
            if task.stage == MD5:
                self._md5s.update(zip(positions, digests, strict=True))
            else:
                self._stages.take(task, positions, digests)

    def _settle_compared(self, task: Task, answer: Compared, failed: set[int]) -> None:
        for at, position in enumerate(task.positions):
            if at not in failed:
                self._same_as[position] = task.positions[answer.same_as[at]]

    def _verified(self, groups: Groups) -> Groups:
        self._meter.phase = "verify"
        self._meter.todo_bytes += 2 * groups.waste
        self._same_as = array("I", [NONE]) * len(self._files)
        self._reading.compare(groups.by_group())
        self._reading.finish()
        split: list[tuple[bytes, Sequence[int]]] = []
        for digest, members in zip(groups.digests, groups.by_group(), strict=True):
            classes: dict[int, list[int]] = {}
            for position in members:
                if self._same_as[position] != NONE:
                    classes.setdefault(self._same_as[position], []).append(position)
            split.extend((digest, alike) for alike in classes.values() if len(alike) > 1)
        return groups_of(self._files, split)

    def _with_md5(self, groups: Groups) -> Groups:
        if self._options.algorithm == "md5":
            return groups._replace(md5s=groups.digests)
        self._meter.phase = "hash"
        firsts = [members[0] for members in groups.by_group()]
        self._meter.todo_bytes += sum(groups.sizes)
        for batch in self._reading.by_bytes(firsts):
            self._reading.start(self._files.device_of[batch[0]], MD5, batch)
        self._reading.finish()
        return groups._replace(md5s=[self._md5s.get(first, b"") for first in firsts])

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
