"""Which files may be copies, and which are: by size, by ends, by whole digest; every step is one dictionary look-up."""

from collections.abc import Collection, Sequence

from catalog_tui.core.scan.records import Files
from catalog_tui.core.scan.walk import Walked

ENOUGH = 50  # files compared by their ends, to know what that is worth in this archive


class SizeMatcher:
    """Finds the files that share their size with another inode, as the walk goes."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._first: dict[int, int] = {}
        self._linked: dict[tuple[int, int], int] = {}
        self.links: dict[int, list[int]] = {}  # first name of an inode -> its further names

    def add(self, step: Walked) -> list[int]:
        """The positions that became candidates by the files of this step."""
        positions: Sequence[int] = range(step.first, step.end)
        sizes: Sequence[int] = self._files.sizes[step.first : step.end]
        if step.linked:
            again = self._further_names(step.linked)
            positions = [position for position in positions if position not in again]
            sizes = [self._files.sizes[position] for position in positions]
        # All are looked up before any is noted as shared: that takes a third of the time of a loop.
        first_of = self._first
        others = list(map(first_of.setdefault, sizes, positions))
        found = [position for position, other in zip(positions, others, strict=True) if other != position]
        for first in {other for position, other in zip(positions, others, strict=True) if position != other >= 0}:
            first_of[self._files.sizes[first]] = -1
            found.append(first)
        found.sort()  # neighbours together: they are handed out and opened as one run
        return found

    def _further_names(self, linked: list[int]) -> set[int]:
        again = set()
        for position in linked:
            first = self._linked.setdefault(self._files.identity(position), position)
            if first != position:
                self.links.setdefault(first, []).append(position)
                again.add(position)
        return again


class EndsMatcher:
    """Finds the files that agree in size and ends with another, and so must be read whole."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._first: dict[bytes, int] = {}
        self._compared = 0
        self._agreed = 0

    @property
    def tell_little(self) -> bool:
        """Whether so few files, of enough, were told apart by their ends that looking at these alone is in vain."""
        return self._compared >= ENOUGH and 8 * (self._compared - self._agreed) <= self._compared

    def add(self, position: int, ends: bytes) -> tuple[int, ...]:
        """The positions that became candidates by this one: none, this and the first that agrees with it, or this."""
        key = ends + self._files.sizes[position].to_bytes(8, "big")
        other = self._first.setdefault(key, position)
        self._compared += 1
        if other == position:
            return ()
        self._agreed += 1
        if other < 0:
            return (position,)
        self._agreed += 1
        self._first[key] = -1
        return (other, position)


class DigestMatcher:
    """Positions with the same digest and size; a digest is 16 to 32 bytes."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._first: dict[bytes, int] = {}
        self._shared: dict[bytes, list[int]] = {}
        self._of_two_sizes: set[bytes] = set()
        self._met_twice = False
        self.waste = 0

    @property
    def groups(self) -> int:
        """Digests that several positions have, so far."""
        return len(self._shared)

    def add_all(self, positions: Sequence[int], digests: Sequence[bytes]) -> None:
        """Note the digests of these positions."""
        firsts = map(self._first.setdefault, digests, positions)
        for first, position, digest in zip(firsts, positions, digests, strict=True):
            if first != position:
                self._share(first, position, digest)

    def _share(self, first: int, position: int, digest: bytes) -> None:
        sizes, inodes = self._files.sizes, self._files.inodes
        if sizes[first] != sizes[position]:  # only an attacked algorithm gives two sizes one digest
            digest += sizes[position].to_bytes(8, "big")
            self._of_two_sizes.add(digest)
            self.add_all([position], [digest])
            return
        if inodes[first] == inodes[position]:
            self._met_twice = True
        self._shared.setdefault(digest, [first]).append(position)
        self.waste += sizes[position]

    def shared(self, links: dict[int, list[int]]) -> Collection[tuple[bytes, Sequence[int]]]:
        """Every digest that several inodes have, with a position of each: that of its first name in path order.

        `links` has further names of inodes by the position of one; on return by that of the first.
        """
        shared: Collection[tuple[bytes, Sequence[int]]] = self._shared.items()
        if self._of_two_sizes:
            shared = [(digest[:-8] if digest in self._of_two_sizes else digest, found) for digest, found in shared]
        if links or self._meets_twice():
            shared = [(digest, _first_names(self._files, positions, links)) for digest, positions in shared]
            shared = [each for each in shared if len(each[1]) > 1]
        return shared

    def _meets_twice(self) -> bool:
        """Whether some inode may be among those of a digest twice; the first of a digest has been looked at before."""
        inodes = self._files.inodes
        return self._met_twice or any(
            len(found) > 2 and len({inodes[position] for position in found}) < len(found)
            for found in self._shared.values()
        )


def _first_names(files: Files, positions: Sequence[int], links: dict[int, list[int]]) -> list[int]:
    """One position for each inode, that of its first name in path order.

    Names of one inode with a link count above one come once; a file mounted over another may come here twice.
    """
    first_of: dict[tuple[int, int], int] = {}
    for position in positions:
        first = first_of.setdefault(files.identity(position), position)
        if first != position:
            links.setdefault(first, []).append(position)
    if len(first_of) > 1:
        return [_first_name(files, at, links) if at in links else at for at in first_of.values()]
    return []


def _first_name(files: Files, position: int, links: dict[int, list[int]]) -> int:
    first, *others = sorted([position, *links.pop(position)], key=files.path)
    links[first] = others
    return first
