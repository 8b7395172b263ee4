"""Which records of a list are marked: one byte each, so that a million cost a megabyte and `all` is one copy."""

from collections.abc import Iterable, Iterator, Sequence

MARKED, UNMARKED = b"\x01", b"\x00"
_FLIPPED = bytes([1, 0]) + bytes(254)


class Marks:
    """Marks on the records 0 to `size`-1, and the row where a range was begun."""

    def __init__(self, size: int) -> None:
        self.flags = bytearray(size)
        """1 for each marked record, 0 for the others."""
        self.count = 0
        """How many are marked."""
        self.anchor: int | None = None
        """The row where a range was begun, which the cursor now extends."""

    def set(self, index: int) -> None:
        """Mark the record `index`."""
        self.count += not self.flags[index]
        self.flags[index] = 1

    def set_found(self, indexes: Iterable[int | None]) -> None:
        """Mark these records; None stands for one that is not there."""
        for index in indexes:
            if index is not None:
                self.set(index)

    def flip(self, index: int) -> None:
        """Mark the record `index`, or take its mark away."""
        self.flags[index] ^= 1
        self.count += 1 if self.flags[index] else -1

    def set_rows(self, order: Sequence[int], start: int, end: int) -> None:
        """Mark what stands in the rows from `start` to `end`, both included, in either direction."""
        rows = order[min(start, end) : max(start, end) + 1]
        if len(rows) == len(self.flags):
            self.flags[:] = MARKED * len(rows)
        elif isinstance(rows, range) and rows:
            self.flags[min(rows) : max(rows) + 1] = MARKED * len(rows)
        else:
            for index in rows:
                self.flags[index] = 1
        self._count()

    def invert(self, order: Sequence[int]) -> None:
        """Mark what is unmarked and the reverse, of the records in `order`."""
        if len(order) == len(self.flags):
            self.flags = self.flags.translate(_FLIPPED)
        else:
            for index in order:
                self.flags[index] ^= 1
        self._count()

    def count_in(self, order: Sequence[int]) -> int:
        """How many of the records in `order` are marked."""
        return sum(map(self.flags.__getitem__, order))

    def clear(self) -> None:
        """Take all marks away."""
        self.flags = bytearray(len(self.flags))
        self.count = 0
        self.anchor = None

    def indexes(self) -> Iterator[int]:
        """The marked records, in the order of their indexes."""
        index = self.flags.find(1)
        while index >= 0:
            yield index
            index = self.flags.find(1, index + 1)

    def holds(self, index: int, row: int, cursor: int) -> bool:
        """Whether the record `index` in `row` is marked, or lies in the range begun, which reaches to `cursor`."""
        anchor = self.anchor
        return bool(self.flags[index]) or (anchor is not None and min(anchor, cursor) <= row <= max(anchor, cursor))

    def _count(self) -> None:
        self.count = self.flags.count(1)
