"""Which names a typed text finds, and in what order records are shown."""

import re
from array import array
from collections.abc import Callable, Iterator, Sequence
from itertools import compress, repeat
from operator import contains
from typing import Final

from catalog_tui.core.errors import Cancelled
from catalog_tui.core.listing import never
from catalog_tui.core.packed import PackedNames

SLICE: Final = 1 << 16  # names matched between two looks at `cancelled`: about 4 ms
RARE: Final = 8  # fewer finds than a name in so many: jump from find to find instead of looking at each name


def substring_slices(names: PackedNames, text: str, *, size: int = SLICE) -> Iterator["array[int]"]:
    """Yield the indexes of the names that contain `text`, case aside, in order: one array for every `size` names."""
    needle = text.casefold()
    for start in range(0, len(names), size):
        end = min(start + size, len(names))
        yield _containing(names, start, end, needle) if "\0" not in needle else array("I")


def fuzzy_slices(names: PackedNames, text: str, *, size: int = SLICE) -> Iterator["array[int]"]:
    """Yield the indexes of the names in which the characters of every word of `text` come in this order, case aside."""
    words = text.casefold().split()
    patterns = [re.compile("[^\0]*?".join(map(re.escape, word)) + "[^\0]*") for word in words]
    for start in range(0, len(names), size):
        found: list[int] = list(range(start, min(start + size, len(names))))
        for pattern in patterns:
            found = _agreeing(names, found, pattern)
        yield array("I", found)


def arrange(
    names: PackedNames,
    text: str = "",
    *,
    fuzzy: bool = False,
    column: Sequence[int] | None = None,
    descending: bool = False,
    cancelled: Callable[[], bool] = never,
) -> "array[int]":
    """The indexes of the names that `text` finds, in the order to show them.

    The order is that of `column` (a figure for each name), or of the names themselves without one; equal figures keep
    the names' order. A fuzzy text ranks: the best match first, `column` aside. Raises Cancelled.
    """
    slices = fuzzy_slices(names, text) if fuzzy else substring_slices(names, text)
    found = array("I")
    for indexes in slices if text.strip() or (text and not fuzzy) else (array("I", range(len(names))),):
        if cancelled():
            raise Cancelled
        found += indexes
    if fuzzy and text.strip():
        return ranked(names, found, text)
    if column is not None:
        return array("I", sorted(found, key=column.__getitem__, reverse=descending))
    if descending:
        found.reverse()
    return found


def ranked(names: PackedNames, found: Sequence[int], text: str) -> "array[int]":
    """`found` with the names first that hold `text` most nearly as it was typed; equals keep their order.

    The measure is the indel similarity of the text with the best part of the name (rapidfuzz's partial_ratio).
    """
    from rapidfuzz.fuzz import partial_ratio  # 20 ms that a reader's start need not wait for

    wanted = text.casefold()
    scores = {index: partial_ratio(wanted, names[index].casefold()) for index in found}
    return array("I", sorted(found, key=scores.__getitem__, reverse=True))


def _containing(names: PackedNames, start: int, end: int, needle: str) -> "array[int]":
    blob = names.blob[names.offsets[start] : names.offsets[end]]
    if not blob.isascii():
        texts = "\0".join(names[start:end]).casefold().split("\0")
        return array("I", compress(range(start, end), map(contains, texts, repeat(needle))))
    if not needle.isascii():
        return array("I")
    blob, sought = blob.lower(), needle.encode("ascii")
    if blob.count(sought) * RARE < end - start:
        return array("I", _finds(names, start, blob, sought))
    return array("I", compress(range(start, end), map(contains, blob[:-1].split(b"\0"), repeat(sought))))


def _finds(names: PackedNames, start: int, blob: bytes, sought: bytes) -> Iterator[int]:
    """The names of a slice of the blob, beginning with the name `start`, in which `sought` is found."""
    base = names.offsets[start]
    place = blob.find(sought)
    while place >= 0:
        index = names.at(base + place)
        yield index
        place = blob.find(sought, names.offsets[index + 1] - base)


def _agreeing(names: PackedNames, found: list[int], pattern: re.Pattern[str]) -> list[int]:
    """Those of `found` in which `pattern` is found; it must not reach over NUL."""
    if not found:
        return found
    if found[-1] - found[0] + 1 == len(found):
        texts = names[found[0] : found[-1] + 1]
    else:
        texts = [names[index] for index in found]
    return list(compress(found, map(pattern.search, "\0".join(texts).casefold().split("\0"))))
