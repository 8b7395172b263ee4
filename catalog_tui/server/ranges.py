"""Which bytes a Range header asks for, as RFC 9110 section 14 has it."""

import re
from typing import Final, NamedTuple

LONGEST: Final = 4096  # bytes of a header; what is longer is ignored, as section 14.2 allows
MOST_PARTS: Final = 32
_SPEC: Final = re.compile(rb"(\d{0,19})-(\d{0,19})")  # 19 digits hold any size there is


class Span(NamedTuple):
    """Bytes from `start` to before `end`."""

    start: int
    end: int

    @property
    def size(self) -> int:
        """How many bytes."""
        return self.end - self.start

    def content_range(self, total: int) -> bytes:
        """The value of Content-Range, of a file of `total` bytes."""
        return b"bytes %d-%d/%d" % (self.start, self.end - 1, total)


def spans_of(header: bytes | None, total: int) -> list[Span] | None:
    """What is asked for of a file of `total` bytes, in the order asked, what overlaps joined.

    None where the whole is to be sent: no range, another unit, none that can be understood, or so many that they are no
    honest wish. An empty list where no byte of what is asked for is there (416).
    """
    if header is None or len(header) > LONGEST:
        return None
    unit, _equals, specs = header.partition(b"=")
    if unit.strip().lower() != b"bytes":
        return None
    spans: list[Span] = []
    found_any = False
    for spec in specs.split(b","):
        if not spec.strip():
            continue  # empty elements of a list are to be passed over (section 5.6.1)
        found = _SPEC.fullmatch(spec.strip())
        if found is None or not (found[1] or found[2]) or (found[1] and found[2] and int(found[1]) > int(found[2])):
            return None
        found_any = True
        if not found[1] and int(found[2]) and not total:
            return None  # the last bytes of an empty file: no Content-Range could say that
        span = _span(found[1], found[2], total)
        if span.size > 0:
            spans.append(span)
    if not found_any:
        return None
    joined = _joined(spans)
    return joined if len(joined) <= MOST_PARTS else None


def _span(first: bytes, last: bytes, total: int) -> Span:
    if not first:
        return Span(max(0, total - int(last)), total)
    return Span(int(first), min(int(last) + 1, total) if last else total)


def _joined(spans: list[Span]) -> list[Span]:
    """The spans without overlaps, each where the first of those that it joins was asked for."""
    kept: list[Span] = []
    for span in spans:
        start, end = span
        place = len(kept)
        for at in range(len(kept) - 1, -1, -1):
            if kept[at].start <= end and start <= kept[at].end:
                other = kept.pop(at)
                start, end, place = min(start, other.start), max(end, other.end), at
        kept.insert(place, Span(start, end))
    return kept
