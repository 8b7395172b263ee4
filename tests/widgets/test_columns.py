"""Which columns stand beside the name, and how wide the name is."""

from hypothesis import given
from hypothesis import strategies as st

from catalog_tui.core.names import cell_width
from catalog_tui.widgets.columns import MIN_NAME_WIDTH, Column, columns_that_fit, name_width, right_aligned
from catalog_tui.widgets.figures import Figures

COLUMNS = (Column("Pics", 6, "count"), Column("Size", 10, "size"), Column("Vids", 5, "count"))


def test_with_room_all_columns_stand() -> None:
    assert columns_that_fit(COLUMNS, 200) == 3


def test_the_last_gives_way_first_and_at_last_the_name_stands_alone() -> None:
    counts = [columns_that_fit(COLUMNS, width) for width in range(100)]
    assert counts == sorted(counts)
    assert counts[0] == 0
    assert set(counts) == {0, 1, 2, 3}


def test_the_name_keeps_enough_beside_any_column() -> None:
    for width in range(100):
        shown = COLUMNS[: columns_that_fit(COLUMNS, width)]
        if shown:
            assert name_width(shown, width) >= MIN_NAME_WIDTH


def test_a_column_may_leave_a_short_name_less() -> None:
    column = Column("#", 4, "count", beside=9)
    assert [columns_that_fit((column,), width) for width in (14, 15)] == [0, 1]


@given(st.integers(1, 300), st.lists(st.tuples(st.integers(1, 20), st.integers(0, 25)), max_size=5))
def test_name_and_columns_fill_the_width_exactly(width: int, widths: list[tuple[int, int]]) -> None:
    columns = [column.fitted(needed) for column, needed in ((Column("", most, ""), needed) for most, needed in widths)]
    shown = columns[: columns_that_fit(columns, width)]
    cells = "".join(right_aligned("x", column.room) for column in shown)
    assert name_width(shown, width) + cell_width(cells) == width


def test_a_column_takes_what_its_texts_its_title_and_the_sign_of_the_order_need_and_no_more_than_it_may() -> None:
    counts, sizes = Column("#", 4, "count"), Column("Size", 10, "size", least=8)
    assert [counts.fitted(widest).room for widest in (0, 1, 2, 3, 4, 5)] == [2, 2, 2, 3, 4, 4]
    assert [sizes.fitted(widest).room for widest in (0, 8, 9, 12)] == [8, 8, 9, 10]


def test_which_columns_stand_does_not_hang_on_what_is_known_of_them() -> None:
    narrow = [column.fitted(0) for column in COLUMNS]
    assert all(columns_that_fit(narrow, width) == columns_that_fit(COLUMNS, width) for width in range(100))


def test_columns_grow_with_what_comes_and_never_shrink() -> None:
    figures = Figures(lambda count: (str(count),))
    column = (Column("#", 4, "count"),)

    def room_with(**counts: int) -> int:
        figures.take(counts)
        return figures.fitted(column)[0].room

    assert [room_with(a=1), room_with(b=12345), room_with(b=1), room_with(c=123)] == [2, 4, 4, 4]
    assert not figures.take({"c": 123})


def test_a_text_too_wide_for_its_column_is_seen_to_be_cut() -> None:
    assert right_aligned("1,234,567", 5) == "  1,23…"
    assert right_aligned("7", 5) == "      7"
