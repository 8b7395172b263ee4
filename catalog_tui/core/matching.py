"""Which names a typed text finds, and in what order records are shown."""

import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import compress, repeat
from operator import contains
from typing import Final, NamedTuple

from catalog_tui.core.errors import Cancelled
from catalog_tui.core.listing import never
from catalog_tui.core.packed import PackedNames

SLICE: Final = 1 << 16  # names matched between two looks at `cancelled`: 2-10 ms. Arrays are made from lists,
# which is three times as fast as from iterators.
RARE: Final = 8  # fewer finds than a name in so many: jump from find to find instead of looking at each name


class Criteria(NamedTuple):
    """Which names to show, and in what order."""

    text: str = ""
    """What they are narrowed to; all without one."""
    fuzzy: bool = False
    """Whether to find the text's letters in order, the best match first, `column` aside."""
    column: Sequence[int] | None = None
    """A figure for each name to order by, equal ones as the names are; the names' own order without it."""
    descending: bool = False


class Finder:
    """Finds names again and again, as a text is typed: what it found last is where it looks for more of the same."""

    def __init__(self, names: PackedNames) -> None:
        self.names: Final = names
        self._text = ""
        self._fuzzy = False
        self._found: Sequence[int] = range(len(names))

    def find(self, text: str, *, fuzzy: bool = False, cancelled: Callable[[], bool] = never) -> Sequence[int]:
        """The indexes of the names that `text` finds, in order. Raises Cancelled."""
        if not (text.startswith(self._text) and (fuzzy == self._fuzzy or not self._text)):
            self._text, self._found = "", range(len(self.names))
        if text != self._text or fuzzy != self._fuzzy:
            search = fuzzy_slices if fuzzy else substring_slices
            found = array("I")
            for some in search(self.names, text, within=self._found):
                if cancelled():
                    raise Cancelled
                found += some
            self._text, self._fuzzy, self._found = text, fuzzy, found
        return self._found

    def arrange(self, criteria: Criteria, *, cancelled: Callable[[], bool] = never) -> "array[int]":
        """The indexes of the names that meet the criteria, in the order to show them. Raises Cancelled."""
        text, fuzzy, column, descending = criteria
        found = self.find(text, fuzzy=fuzzy, cancelled=cancelled) if text else range(len(self.names))
        if fuzzy and text.strip():
            return ranked(self.names, found, text, cancelled=cancelled)
        if column is not None:
            return array("I", sorted(found, key=column.__getitem__, reverse=descending))
        return array("I", found[::-1] if descending else found)


def arrange(names: PackedNames, criteria: Criteria, *, cancelled: Callable[[], bool] = never) -> "array[int]":
    """See Finder.arrange; for names that are asked about once."""
    return Finder(names).arrange(criteria, cancelled=cancelled)


def substring_slices(
    names: PackedNames, text: str, *, within: Sequence[int] | None = None, size: int = SLICE
) -> Iterator["array[int]"]:
    """Yield the indexes of the names that contain `text`, case aside, in order: an array for every `size` names.

    `within`, ascending, says which names to look at; all where it is not given.
    """
    needle = text.casefold()
    within = range(len(names)) if within is None else within
    if "\0" in needle:
        return
    for place in range(0, len(within), size):
        some = within[place : place + size]
        if some[-1] - some[0] + 1 == len(some):
            yield array("I", [*_containing(names, some[0], some[-1] + 1, needle)])
        else:
            yield array("I", [*compress(some, map(contains, _folded(names, some), repeat(needle)))])


def fuzzy_slices(
    names: PackedNames, text: str, *, within: Sequence[int] | None = None, size: int = SLICE
) -> Iterator["array[int]"]:
    """Yield the indexes of the names in which the characters of every word of `text` come in this order, case aside.

    See substring_slices.
    """
    patterns = [re.compile("[^\0]*?".join(map(re.escape, word))) for word in text.casefold().split()]
    within = range(len(names)) if within is None else within
    for place in range(0, len(within), size):
        some = within[place : place + size]
        texts = _folded(names, some)
        for pattern in patterns:
            agreeing = [pattern.search(text) is not None for text in texts]
            some, texts = list(compress(some, agreeing)), list(compress(texts, agreeing))
        yield array("I", some)


def ranked(
    names: PackedNames, found: Sequence[int], text: str, *, cancelled: Callable[[], bool] = never
) -> "array[int]":
    """`found` with the names first that hold `text` most nearly as it was typed; equals keep their order.

    The measure is the indel similarity of the text with the best part of the name (rapidfuzz's partial_ratio).
    """
    from rapidfuzz.fuzz import partial_ratio  # 20 ms that a reader's start need not wait for

    wanted = text.casefold()
    scores: list[float] = []
    for place in range(0, len(found), SLICE):
        if cancelled():
            raise Cancelled
        scores += [partial_ratio(wanted, name) for name in _folded(names, found[place : place + SLICE])]
    order = sorted(range(len(found)), key=scores.__getitem__, reverse=True)
    return array("I", [found[place] for place in order])


def _folded(names: PackedNames, indexes: Sequence[int]) -> list[str]:
    """These names, case aside."""
    if not indexes:
        return []
    if indexes[-1] - indexes[0] + 1 == len(indexes):
        texts = names[indexes[0] : indexes[-1] + 1]
    else:
        texts = [names[index] for index in indexes]
    return "\0".join(texts).casefold().split("\0")


def _containing(names: PackedNames, start: int, end: int, needle: str) -> Iterable[int]:
    """The names from `start` to before `end` that contain `needle`."""
    blob = names.blob[names.offsets[start] : names.offsets[end]]
    if not blob.isascii():
        return compress(range(start, end), map(contains, _folded(names, range(start, end)), repeat(needle)))
    if not needle.isascii():
        return ()
    blob, sought = blob.lower(), needle.encode("ascii")
    if blob.count(sought) * RARE < end - start:
        return _finds(names, start, blob, sought)
    return compress(range(start, end), map(contains, blob[:-1].split(b"\0"), repeat(sought)))


def _finds(names: PackedNames, start: int, blob: bytes, sought: bytes) -> Iterator[int]:
    """The names of a slice of the blob, beginning with the name `start`, in which `sought` is found."""
    base = names.offsets[start]
    place = blob.find(sought)
    while place >= 0:
        index = names.at(base + place)
        yield index
        place = blob.find(sought, names.offsets[index + 1] - base)
