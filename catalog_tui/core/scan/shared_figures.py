"""What helper processes and the one that forked them tell each other while a batch runs: a page of shared memory."""

import os
from mmap import mmap

_STOP = -1  # the cell that says whether to give up; each helper's bytes stand in the one of its number


class SharedFigures:
    """Content bytes read, by each of so many forked `helpers`, and the wish to stop."""

    def __init__(self, helpers: int) -> None:
        self._cells = memoryview(mmap(-1, 8 * (helpers + 1))).cast("Q")

    def stop(self) -> None:
        """Ask all helpers to give up what they do."""
        self._cells[_STOP] = 1

    @property
    def bytes_read(self) -> int:
        """Content bytes that all helpers have told of."""
        return sum(self._cells[:_STOP])

    def of_helper(self, number: int) -> int:
        """Content bytes that this helper has told of."""
        return self._cells[number]

    def set_back(self, number: int, bytes_read: int) -> None:
        """Forget what a helper that died told of after this: it will be read once more."""
        self._cells[number] = bytes_read

    def watch(self, number: int) -> "HelperWatch":
        """For the helper of this number, once it has been forked."""
        return HelperWatch(self._cells, number)


class HelperWatch:
    """A Watch (see hashing.py) on the other side of a fork; made before it, by whom the helper works for."""

    def __init__(self, cells: memoryview, number: int) -> None:
        self._cells = cells
        self._number = number
        self._parent = os.getpid()

    @property
    def stopped(self) -> bool:
        """Whether to give up: it was asked for, or whoever would have asked is dead."""
        return bool(self._cells[_STOP]) or os.getppid() != self._parent

    def advance(self, size_bytes: int) -> None:
        """Note content bytes read."""
        self._cells[self._number] += size_bytes
