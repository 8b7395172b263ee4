"""Marks, against a plain set."""

from array import array
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_tui.widgets.marks import Marks

SIZE = 12
ORDERS: list[Sequence[int]] = [
    range(SIZE),
    range(SIZE)[::-1],
    range(3, 9),
    array("I", [5, 1, 9, 0]),
    array("I", [7, 3, 11, 2, 4, 0, 1, 5, 6, 8, 9, 10]),
    (),
]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("set"), st.integers(0, SIZE - 1), st.just(0)),
        st.tuples(st.just("flip"), st.integers(0, SIZE - 1), st.just(0)),
        st.tuples(st.just("rows"), st.integers(0, 20), st.integers(0, 20)),
        st.tuples(st.just("invert"), st.just(0), st.just(0)),
        st.tuples(st.just("clear"), st.just(0), st.just(0)),
    ),
    max_size=12,
)


@pytest.mark.parametrize("order", ORDERS)
@given(steps=STEPS)
def test_marks_are_what_a_set_would_be(order: Sequence[int], steps: list[tuple[str, int, int]]) -> None:
    marks, expected = Marks(SIZE), set[int]()
    for what, one, other in steps:
        if what == "set":
            marks.set(one)
            expected.add(one)
        elif what == "flip":
            marks.flip(one)
            expected ^= {one}
        elif what == "rows":
            marks.set_rows(order, one, other)
            expected |= set(order[min(one, other) : max(one, other) + 1])
        elif what == "invert":
            marks.invert(order)
            expected ^= set(order)
        else:
            marks.clear()
            expected.clear()
        assert list(marks.indexes()) == sorted(expected)
        assert marks.count == len(expected)


def test_a_range_begun_holds_what_lies_between() -> None:
    marks = Marks(10)
    marks.anchor = 4
    assert [row for row in range(10) if marks.holds(row, row, 2)] == [2, 3, 4]
    assert [row for row in range(10) if marks.holds(row, row, 6)] == [4, 5, 6]
    marks.set(9)
    assert marks.holds(9, 9, 6)
    marks.clear()
    assert not any(marks.holds(row, row, 6) for row in range(10))
