"""Which files may be copies, and which are: by size, by ends, by whole digest; every step is one dictionary look-up."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import NamedTuple

from catalog_tui.core.scan.records import Files
from catalog_tui.core.scan.walk import Walked

NONE = 0xFFFFFFFF
ENOUGH = 50  # files compared by their ends, to know what that is worth in this archive


class Group(NamedTuple):
    """Files of equal content: positions and paths, one for each inode, in path order; `md5` when it was asked for."""

    digest: bytes
    size: int
    members: tuple[int, ...]
    paths: tuple[bytes, ...]
    md5: bytes = b""

    @property
    def waste(self) -> int:
        """Bytes that removing all but one would free."""
        return self.size * (len(self.members) - 1)


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
    """Chains of positions with the same digest and size; a digest is 16 to 32 bytes."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._first: dict[bytes, int] = {}
        self._next = array("I")
        self._shared: dict[int, bytes] = {}  # first position -> the digest that others have too
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
                self._chain(first, position, digest)

    def _chain(self, first: int, position: int, digest: bytes) -> None:
        size = self._files.sizes[position]
        if self._files.sizes[first] != size:  # only an attacked algorithm gives two sizes one digest
            self.add_all([position], [digest + size.to_bytes(8, "big")])
            return
        following = self._next
        if len(following) < len(self._files):
            following.extend(array("I", [NONE]) * (len(self._files) - len(following)))
        if following[first] == NONE:
            self._shared[first] = digest
        following[position] = following[first]
        following[first] = position
        self.waste += size

    def __iter__(self) -> Iterator[tuple[bytes, list[int]]]:
        """Every digest that two positions or more have, with them."""
        following = self._next
        for first, digest in self._shared.items():
            positions = [first]
            at = first
            while (at := following[at]) != NONE:
                positions.append(at)
            yield digest, positions


def groups_of(files: Files, found: Iterable[tuple[bytes, list[int]]], links: dict[int, list[int]]) -> list[Group]:
    """The groups that these digests' files make, one for each inode, where that leaves two or more.

    `links` has further names of inodes by the position of one; on return by that of the first in path order.
    """
    chains = list(found)
    numbers = [files.inodes[position] for _digest, positions in chains for position in positions]
    if links or len(set(numbers)) < len(numbers):
        chains = [(digest, _first_names(files, positions, links)) for digest, positions in chains]
    chains = [each for each in chains if len(each[1]) > 1]
    members = list(chain.from_iterable(positions for _digest, positions in chains))
    named = zip(files.paths(members), members, strict=True)
    groups = []
    for digest, positions in chains:
        paths, by_path = zip(*sorted(islice(named, len(positions))), strict=True)
        groups.append(Group(digest, files.sizes[by_path[0]], by_path, paths))
    return groups


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


def ordered(groups: list[Group]) -> list[Group]:
    """By waste, largest first; equal ones by the path of their first file, so that every scan gives the same order."""
    return sorted(groups, key=lambda group: (-group.size * (len(group.members) - 1), group.paths[0]))
