"""Names by the million: one blob of bytes and an array of offsets instead of a million string objects."""

import os
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, count
from operator import add
from typing import Final, overload

SLAB: Final = 4096  # names decoded at a time when all are gone through


class PackedNames(Sequence[str]):
    """An immutable sequence of names; in memory about four bytes a name beside the names themselves.

    `blob` holds the exact bytes of the names (`os.fsencode`), each followed by NUL; `offsets` where each begins, and
    the blob's length at the end. No name holds a NUL.
    """

    __slots__ = ("__weakref__", "blob", "offsets")

    def __init__(self, blob: bytes, offsets: "array[int]") -> None:
        self.blob: Final = blob
        self.offsets: Final = offsets

    @classmethod
    def pack(cls, names: Iterable[str]) -> "PackedNames":
        """The names, packed in the order given."""
        return cls.of_blob(os.fsencode("\0".join([*names, ""])))

    @classmethod
    def of_blob(cls, blob: bytes) -> "PackedNames":
        """The names in a blob in which a NUL follows each."""
        lengths = map(len, blob.split(b"\0")[:-1])
        offsets = map(add, accumulate(lengths, initial=0), count())
        return cls(blob, array("I" if len(blob) < 1 << 32 else "Q", list(offsets)))

    def raw(self, index: int) -> bytes:
        """The exact bytes of one name."""
        if index < 0:
            index += len(self)
        if not 0 <= index < len(self):
            raise IndexError(index)
        return self.blob[self.offsets[index] : self.offsets[index + 1] - 1]

    def position(self, name: str) -> int | None:
        """The index of `name`, by a search at the speed of memory; None where it is not there."""
        needle = b"\0" + os.fsencode(name) + b"\0"
        if self.blob.startswith(needle[1:]):
            return 0
        found = self.blob.find(needle)
        return None if found < 0 else self.at(found + 1)

    def at(self, offset: int) -> int:
        """The index of the name that the byte at `offset` of the blob belongs to."""
        return bisect_right(self.offsets, offset) - 1

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, int):
            return os.fsdecode(self.raw(index))
        start, stop, step = index.indices(len(self))
        if step != 1:
            return [self[place] for place in range(start, stop, step)]
        if start >= stop:
            return []
        return os.fsdecode(self.blob[self.offsets[start] : self.offsets[stop] - 1]).split("\0")

    def __iter__(self) -> Iterator[str]:
        for start in range(0, len(self), SLAB):
            yield from self[start : start + SLAB]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.position(name) is not None

    def __eq__(self, other: object) -> bool:
        return self.blob == other.blob if isinstance(other, PackedNames) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.blob)

    def __repr__(self) -> str:
        return f"<{len(self)} names: {self[:3]!r}>"
