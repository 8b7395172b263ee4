"""The groups of a scan: files of equal content, in the order in which every scan gives them."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, islice
from operator import itemgetter
from typing import NamedTuple

from catalog_tui.core.scan.records import Files


class Groups(NamedTuple):
    """Groups in columns: those that waste most first, equal ones by the path of their first file.

    `digests`, `sizes`, `copies` and `md5s` (empty when not asked for) have a row for each group; `members` and `paths`
    one for each file, an inode each: `copies` of them are a group, in path order.
    """

    digests: Sequence[bytes]
    sizes: Sequence[int]
    copies: Sequence[int]
    members: Sequence[int]
    paths: Sequence[bytes]
    md5s: Sequence[bytes] = ()

    @property
    def waste(self) -> int:
        """Bytes that removing all but one of each group would free."""
        return sum([size * (copies - 1) for size, copies in zip(self.sizes, self.copies, strict=True)])

    def by_group(self) -> Iterator[Sequence[int]]:
        """The members of one group after another."""
        members = iter(self.members)
        return (tuple(islice(members, copies)) for copies in self.copies)


def groups_of(files: Files, shared: Collection[tuple[bytes, Sequence[int]]]) -> Groups:
    """The groups that these digests' files make, each of two or more, of as many inodes."""
    paths = files.paths([position for _digest, positions in shared for position in positions])
    rows = _rows(files, shared, paths)
    rows.sort()
    sizes, digests, members, paths_of = (list(map(itemgetter(field), rows)) for field in range(2, 6))
    return Groups(
        digests,
        sizes,
        list(map(len, members)),
        list(chain.from_iterable(members)),
        list(chain.from_iterable(paths_of)),
    )


_Row = tuple[
    int, bytes, int, bytes, Sequence[int], Sequence[bytes]
]  # waste below zero, first path, size, digest, files


def _rows(files: Files, shared: Iterable[tuple[bytes, Sequence[int]]], paths: list[bytes]) -> list[_Row]:
    """A row for each of these groups, whose files' paths follow each other; sorted they are in the order of groups."""
    sizes = files.sizes
    rows: list[_Row] = []
    start = 0
    for digest, members in shared:
        end = start + len(members)
        named: Sequence[bytes] = paths[start:end]
        if len(members) > 2:
            named, members = zip(*sorted(zip(named, members, strict=True)), strict=True)
        elif named[0] > named[1]:  # most groups are pairs
            named, members = named[::-1], members[::-1]
        size = sizes[members[0]]
        rows.append((size - size * len(members), named[0], size, digest, members, named))
        start = end
    return rows
