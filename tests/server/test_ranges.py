"""Which bytes a Range asks for, and whether If-Range lets it stand: the arithmetic alone, without a server."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_tui.server.conditions import Validators, range_holds
from catalog_tui.server.ranges import LONGEST, MOST_PARTS, Span, spans_of

TOTAL = 100


@pytest.mark.parametrize(
    ("specs", "expected"),
    [
        ("0-4", [(0, 5)]),
        ("90-", [(90, 100)]),
        ("-10", [(90, 100)]),
        ("-1000", [(0, 100)]),
        ("95-1000", [(95, 100)]),
        ("99-99", [(99, 100)]),
        ("100-", []),
        ("-0", []),
        ("0-4,100-", [(0, 5)]),
        ("0-4,5-9", [(0, 10)]),
        ("5-9,0-4", [(0, 10)]),
        ("0-4,6-9", [(0, 5), (6, 10)]),
        ("6-9,0-4", [(6, 10), (0, 5)]),
        ("0-9,20-29,5-24", [(0, 30)]),
        (" 0-4 ,, 10-14 ,", [(0, 5), (10, 15)]),
        ("5-2", None),
        ("0-4,5-2", None),
        ("-", None),
        ("", None),
        (",", None),
        ("a-b", None),
        ("0-4;5-9", None),
        ("--4", None),
        ("99999999999999999999-", None),
    ],
)
def test_what_is_asked_for(specs: str, expected: list[tuple[int, int]] | None) -> None:
    assert spans_of(f"bytes={specs}".encode(), TOTAL) == expected


@pytest.mark.parametrize("header", [None, b"lines=0-4", b"bytes", b"0-4"])
def test_no_range_of_bytes_is_the_whole(header: bytes | None) -> None:
    assert spans_of(header, TOTAL) is None


def test_more_parts_than_anybody_needs_are_the_whole() -> None:
    def parted(count: int) -> bytes:
        return b"bytes=" + b",".join(b"%d-%d" % (2 * at, 2 * at) for at in range(count))

    assert len(spans_of(parted(MOST_PARTS), 1000) or []) == MOST_PARTS
    assert spans_of(parted(MOST_PARTS + 1), 1000) is None
    assert len(spans_of(b"bytes=" + b",".join([b"0-4"] * (MOST_PARTS + 1)), 1000) or []) == 1


def test_a_header_that_is_too_long_is_passed_over() -> None:
    just = b"bytes=0-4" + b"," * (LONGEST - 9)
    assert spans_of(just, TOTAL) == [Span(0, 5)]
    assert spans_of(just + b",", TOTAL) is None


_EDGE = st.integers(0, 30)


@given(st.lists(st.tuples(_EDGE, _EDGE).filter(lambda pair: pair[0] <= pair[1]), min_size=1, max_size=8), _EDGE)
def test_joined_or_not_it_is_the_bytes_that_were_asked_for_each_once(asked: list[tuple[int, int]], total: int) -> None:
    spans = spans_of(b"bytes=" + b",".join(b"%d-%d" % pair for pair in asked), total)
    assert spans is not None
    got = [at for span in spans for at in range(span.start, span.end)]
    assert sorted(got) == sorted({at for first, last in asked for at in range(first, min(last + 1, total))})
    edges = {edge for span in spans for edge in span}
    assert len(edges) == 2 * len(spans)  # none touches another


@pytest.mark.parametrize(
    ("condition", "age_s", "holds"),
    [
        (b'"now"', 0, True),
        (b'W/"now"', 0, False),
        (b'"then"', 0, False),
        (b"Tue, 14 Nov 2023 22:13:20 GMT", 1, True),
        (b"Tue, 14 Nov 2023 22:13:20 GMT", 0.9, False),  # the file may change again in this very second
        (b"Tue, 14 Nov 2023 22:13:21 GMT", 9, False),
        (b"Tue, 14 Nov 2023 22:13:19 GMT", 9, False),
        (b"no date", 9, False),
    ],
)
def test_a_range_stands_only_for_the_very_file_that_is_meant(condition: bytes, age_s: float, holds: bool) -> None:
    now = Validators(b'"now"', 1_700_000_000)
    assert range_holds({b"if-range": condition}, now, 1_700_000_000 + age_s) is holds
