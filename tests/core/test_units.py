"""Figures as people read them, in both languages."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from catalog_tui.core import units
from catalog_tui.core.words import choose_language

MOMENT_NS = int(datetime(2026, 11, 3, 9, 5, 59, tzinfo=UTC).timestamp()) * 10**9


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    choose_language("en")
    yield
    choose_language("en")


@pytest.mark.parametrize(
    ("size", "english", "brazilian"),
    [
        (0, "0 B", "0 B"),
        (1023, "1023 B", "1023 B"),
        (1024, "1.00 KB", "1,00 KB"),
        (1536, "1.50 KB", "1,50 KB"),
        (1024**2 - 1, "1.00 MB", "1,00 MB"),
        (1024**2, "1.00 MB", "1,00 MB"),
        (1023 * 1024**2, "1023.00 MB", "1023,00 MB"),
        (5 * 1024**4, "5.00 TB", "5,00 TB"),
        (2**63, "8.00 EB", "8,00 EB"),
        (2**70, "1024.00 EB", "1024,00 EB"),
    ],
)
def test_sizes_are_shown_with_two_decimals(size: int, english: str, brazilian: str) -> None:
    assert units.format_size(size) == english
    choose_language("pt_BR")
    assert units.format_size(size) == brazilian


@given(st.integers(min_value=0, max_value=2**63))
def test_a_size_reads_back_to_within_its_last_decimal(size: int) -> None:
    figure, unit = units.format_size(size).split(" ")
    factor = 1024 ** ("B", "KB", "MB", "GB", "TB", "PB", "EB").index(unit)
    assert abs(float(figure) * factor - size) <= 0.0051 * factor
    assert float(figure) < 1024


def test_counts_and_decimals_are_grouped_in_the_readers_way() -> None:
    assert (units.format_count(999), units.format_count(1234567)) == ("999", "1,234,567")
    assert units.format_decimal(1234.5, 1) == "1,234.5"
    choose_language("pt_BR")
    assert units.format_count(1234567) == "1.234.567"
    assert units.format_decimal(1234.5, 1) == "1.234,5"


@pytest.mark.parametrize(
    ("count", "width", "text"),
    [
        (1234, 5, "1,234"),
        (1234, 4, "1234"),
        (12345, 5, "12345"),
        (12345, 4, "12k"),
        (1234, 3, "1k"),
        (99_960, 4, "100k"),
        (123_456, 5, "123k"),
        (950_000, 3, "1M"),
        (1_234_567, 4, "1.2M"),
        (5_000_000_000, 4, "5.0G"),
        (123_456, 3, "…"),
    ],
)
def test_a_count_in_a_narrow_column_is_rounded_and_never_cut(count: int, width: int, text: str) -> None:
    assert units.format_count_within(count, width) == text


def test_dates_are_written_in_the_readers_way() -> None:
    assert units.format_date(MOMENT_NS) == "2026-11-03 09:05"
    assert units.format_date(MOMENT_NS, with_time=False) == "2026-11-03"
    choose_language("pt_BR")
    assert units.format_date(MOMENT_NS) == "03/11/2026 09:05"
    assert units.format_date(MOMENT_NS, with_time=False) == "03/11/2026"


@given(st.integers(min_value=-(2**100), max_value=2**100))
@example(2**70)
@example(2**100)
def test_any_time_a_filesystem_may_give_has_a_date_or_a_question_mark(time_ns: int) -> None:
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d|\?", units.format_date(time_ns))


@pytest.mark.parametrize(
    ("seconds", "age"),
    [
        (-5, "just now"),
        (59, "just now"),
        (60, "1 minute ago"),
        (59 * 60, "59 minutes ago"),
        (3600, "1 hour ago"),
        (25 * 3600, "1 day ago"),
        (59 * 86400, "59 days ago"),
        (61 * 86400, "2 months ago"),
        (729 * 86400, "23 months ago"),
        (731 * 86400, "2 years ago"),
    ],
)
def test_ages_are_told_in_their_largest_whole_unit(seconds: float, age: str) -> None:
    assert units.format_age(seconds) == age


@pytest.mark.parametrize(("seconds", "length"), [(0, "0:00"), (7.4, "0:07"), (725, "12:05"), (3723, "1:02:03")])
def test_durations_are_shown_as_a_player_does(seconds: float, length: str) -> None:
    assert units.format_duration(seconds) == length


@pytest.mark.parametrize(
    ("seconds", "elapsed"),
    [(0.314, "0.31 s"), (9.999, "10.0 s"), (12.44, "12.4 s"), (59.96, "1:00"), (3723, "1:02:03")],
)
def test_elapsed_time_is_finest_where_it_is_short(seconds: float, elapsed: str) -> None:
    assert units.format_elapsed(seconds) == elapsed


def test_rates_are_sizes_a_second() -> None:
    assert units.format_rate(1024**2) == "1.00 MB/s"
