"""A walk that two processes share: this one goes in order, another comes towards it from the end.

What waits to be walked is a stack. Half of it, the half that would be walked last, is given to a companion, which
brings the columns of what it sees there part by part. When this process has walked its own half it appends those parts
and takes back what is left, of which the companion gets half again. So nobody waits for the companion, what it does
not bring is walked here, and the files stand in the order in which one process would have met them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import monotonic
from typing import TYPE_CHECKING

from catalog_tui.core.scan.crew import cores
from catalog_tui.core.scan.lanes import is_rotational
from catalog_tui.core.scan.records import Files
from catalog_tui.core.scan.walk import Walk, Walked, Wanted

if TYPE_CHECKING:
    from catalog_tui.core.scan.walk_companion import Companion, Part, Share

MANY_FILES = 10_000  # a walk of that many takes as long as starting a process: 30 ms
FROM_MEMORY_S = 50e-6  # a file; a disk that rotates takes a hundred times as long where it has to look


class SharedWalk(Walk):
    """A Walk that is shared once it has met MANY_FILES, where there are two processors and no disk that has to seek."""

    def __init__(
        self,
        root: bytes,
        wanted: Wanted,
        files: Files,
        failed: Callable[[bytes, OSError], None],
        rotational: Callable[[int], bool] = is_rotational,
    ) -> None:
        super().__init__(root, wanted, files, failed)
        self._rotational = rotational
        self._alone = False
        self._begun = monotonic()
        self._waiting = [b""]
        self._shares: list[Share] = []  # the last of them comes next
        self._companion: Companion | None = None

    def ahead(self) -> tuple[int, int]:
        """See Walk."""
        return sum(share.files for share in self._shares), sum(share.size_bytes for share in self._shares)

    def __iter__(self) -> Iterator[Walked]:
        """See Walk."""
        while True:
            while self._waiting:
                yield from self.enter(self._waiting.pop(), self._waiting)
                self._share()
            if not self._shares:
                return
            yield from self._take_back(self._shares.pop())

    def close(self) -> None:
        """End the companion."""
        if self._companion is not None:
            self._companion.end()

    def _share(self) -> None:
        """Give half of what waits to the companion, if it is done with what it had."""
        if self._alone or len(self._waiting) < 2 or len(self.files) < MANY_FILES:
            return
        if self._companion is None:
            self._start_companion()
        elif self._companion.alive and (not self._shares or self._shares[-1].is_walked):
            half = len(self._waiting) // 2
            self._shares.append(self._companion.walk(self._waiting[:half]))
            del self._waiting[:half]

    def _start_companion(self) -> None:
        from catalog_tui.core.scan.walk_companion import Companion  # here: most walks need no other process

        cold = monotonic() - self._begun > FROM_MEMORY_S * len(self.files)
        self._alone = cores() < 2 or (cold and self._rotational(self.files.devices[0]))
        if not self._alone:
            try:
                self._companion = Companion(self._root, self._wanted)
            except OSError:
                self._alone = True

    def _take_back(self, share: Share) -> list[Walked]:
        """Append what the companion brought, and go on from what it left."""
        steps: list[Walked] = []
        for part in share.take_back():
            if not self.visited.isdisjoint(part.visited):
                # A folder mounted in two places: which of them counts is for one process to say, from here on.
                self._alone = True
                break
            steps.append(self._append(part))
        self._waiting = share.left_after(len(steps))
        return steps

    def _append(self, part: Part) -> Walked:
        first = len(self.files)
        self.files.extend(part.files)
        self.visited |= part.visited
        for path, error in part.errors:
            self._failed(path, error)
        return Walked(first, len(self.files), [first + at for at in part.linked])
