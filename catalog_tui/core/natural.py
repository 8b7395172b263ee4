"""Natural order: `img2` before `img10`, upper and lower case alike, accents aside.

The order of two names is that of their texts with every run of digits compared as a number; names that are equal so far
(`a1`, `A01`) are ordered by their exact characters, so that the order is total and the same everywhere.

Comparing number by number in Python takes 5 s for a million names. Here the texts are turned into bytes whose plain
order is the natural one, many names at a time, and sorted as such: 1 s (docs/performance.md).
"""

import re
from collections.abc import Iterable, Sequence
from itertools import compress, count, islice
from operator import eq
from typing import Final
from unicodedata import normalize

CHUNK: Final = 1 << 15  # names turned into keys at a time: bounds the pieces that live at once
SAMPLE: Final = 1000
DIGIT_RUN: Final = re.compile(rb"[0-9]+")
NUMBER: Final = re.compile(rb"([0-9]{2,})")  # a single digit is its own key
ACCENTS: Final = re.compile("[\u0300-\u036f]+")  # those of Latin, Greek and Cyrillic, once taken off their letters
LONGEST_MARKED: Final = 26
MOST_PADDING: Final = 80  # bytes a name; beyond it (one name of 200 digits would do) padding costs more than marking

# Lower case; "/" before every other character, so that "a/x" comes before "a b"; ":;<=>?@" moved up to where the upper
# case letters were. That leaves 26 bytes between "9" and the next one in use: they mark numbers of 2, 3, ... digits.
FOLD: Final = bytes.maketrans(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZ/:;<=>?@",
    b"abcdefghijklmnopqrstuvwxyz\x01TUVWXYZ",
)
MARK_BASE: Final = ord("9") - 1
# A name's shape: where its digits are. NUL stays, it separates the names.
SHAPE: Final = bytes(0 if c == 0 else ord("0") if chr(c) in "0123456789" else ord("x") for c in range(256))

Spans = list[tuple[int, int]]  # where the runs of digits of a shape start and end


def natural_order(names: Sequence[str]) -> list[int]:
    """The indexes of `names` (no NUL in them) in natural order."""
    keys = natural_keys(names)
    order = sorted(range(len(keys)), key=keys.__getitem__)
    if len(set(keys)) < len(keys):
        _settle_ties(order, keys, names)
    return order


def natural_keys(names: Sequence[str]) -> list[bytes]:
    """Bytes for each name whose plain order is the natural order of these names, ties aside."""
    if not names:
        return []
    sample = folded(names[:: len(names) // SAMPLE + 1])
    if len(_shapes(sample)) * 4 > min(len(names), SAMPLE):  # titles, hexadecimal names: hardly two of the same shape
        return _keys_by_number(names)
    blob = folded(names)
    shapes = blob.translate(SHAPE).split(b"\0")
    distinct = {shape: [match.span() for match in DIGIT_RUN.finditer(shape)] for shape in set(shapes)}
    widest = _widest_numbers(distinct.values())
    if len(distinct) * 4 > max(len(names), SAMPLE) or sum(widest) > MOST_PADDING:
        return _keys_by_number(names)
    return _keys_by_shape(blob.split(b"\0"), shapes, distinct, widest)


def _settle_ties(order: list[int], keys: list[bytes], names: Sequence[str]) -> None:
    """Bring the names of equal keys, next to each other in `order`, into the order of their exact characters."""
    ordered = [keys[index] for index in order]
    end = 0
    for place in compress(count(1), map(eq, ordered, islice(ordered, 1, None))):
        if place >= end:
            start, end = place - 1, place + 1
            while end < len(order) and ordered[end] == ordered[start]:
                end += 1
            order[start:end] = sorted(order[start:end], key=names.__getitem__)


def folded(names: Sequence[str]) -> bytes:
    """The names without their case and accents, NUL between them."""
    text = "\0".join(names)
    if text.isascii():
        return text.encode("ascii").translate(FOLD)
    bare = ACCENTS.sub("", normalize("NFD", text.casefold()))
    return bare.encode("utf-8", "surrogatepass").translate(FOLD)


def _shapes(blob: bytes) -> set[bytes]:
    return set(blob.translate(SHAPE).split(b"\0"))


def _widest_numbers(shapes: Iterable[Spans]) -> list[int]:
    """The digits of the widest first number, the widest second number, and so on."""
    widest: list[int] = []
    for spans in shapes:
        widest += [0] * (len(spans) - len(widest))
        for place, (start, end) in enumerate(spans):
            widest[place] = max(widest[place], end - start)
    return widest


def _keys_by_shape(texts: list[bytes], shapes: list[bytes], runs: dict[bytes, Spans], widest: list[int]) -> list[bytes]:
    """Pad the first number of every name to the width of the widest first number, the second likewise, and so on.

    Where two names agree up to a number, it is the n-th number of both: padding by place is enough. Names of one shape
    (digits at the same places) are padded at the same places, so the places are found once per shape.
    """
    padding = {
        shape: [
            (start, b"0" * (widest[place] - end + start))
            for place, (start, end) in reversed(list(enumerate(spans)))
            if end - start < widest[place]
        ]
        for shape, spans in runs.items()
    }
    # Most names have numbers of the full width: nine in ten of those counted from 1.
    return [
        _padded(text, cuts) if (cuts := padding[shape]) else text for text, shape in zip(texts, shapes, strict=True)
    ]


def _padded(text: bytes, cuts: list[tuple[int, bytes]]) -> bytes:
    for start, zeros in cuts:
        text = text[:start] + zeros + text[start:]
    return text


def _keys_by_number(names: Sequence[str]) -> list[bytes]:
    """Put before every number of two or more digits a byte that tells how many they are, leading zeros dropped."""
    keys: list[bytes] = []
    marked = _MarkedNumbers()
    for start in range(0, len(names), CHUNK):
        pieces = NUMBER.split(folded(names[start : start + CHUNK]))
        pieces[1::2] = map(marked.__getitem__, pieces[1::2])
        keys += b"".join(pieces).split(b"\0")
    return keys


class _MarkedNumbers(dict[bytes, bytes]):
    """From a run of digits to bytes that sort as its value; remembers the short ones, which come again and again."""

    def __missing__(self, digits: bytes) -> bytes:
        number = digits.lstrip(b"0") or b"0"
        length = len(number)
        if length == 1:
            marked = number
        elif length < LONGEST_MARKED:
            marked = bytes((MARK_BASE + length,)) + number
        else:
            marked = bytes((MARK_BASE + LONGEST_MARKED,)) + b"%05d" % length + number
        if len(digits) <= 4:
            self[digits] = marked
        return marked
