"""Which columns stand beside the name, and how wide the name is."""

from hypothesis import given
from hypothesis import strategies as st

from catalog_tui.core.names import cell_width
from catalog_tui.widgets.columns import MIN_NAME_WIDTH, Column, columns_that_fit, name_width, right_aligned

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


@given(st.integers(1, 300), st.lists(st.integers(1, 20), max_size=5))
def test_name_and_columns_fill_the_width_exactly(width: int, widths: list[int]) -> None:
    columns = [Column("", column_width, "") for column_width in widths]
    shown = columns[: columns_that_fit(columns, width)]
    cells = "".join(right_aligned("x", column.width) for column in shown)
    assert name_width(shown, width) + cell_width(cells) == width


def test_a_text_too_wide_for_its_column_is_seen_to_be_cut() -> None:
    assert right_aligned("1,234,567", 5) == "  1,23…"
    assert right_aligned("7", 5) == "      7"
