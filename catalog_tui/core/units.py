"""Figures as people read them, in the language in force: sizes, counts, dates, ages, durations, rates."""

from datetime import datetime
from typing import Final

from catalog_tui.core.words import _, language, ngettext

_SIZE_UNITS: Final = ("B", "KB", "MB", "GB", "TB", "PB", "EB")
_BRAZILIAN: Final = str.maketrans(",.", ".,")

_MINUTE: Final = 60
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR


def format_size(size_bytes: int) -> str:
    """`size_bytes` in units of 1024, two decimals: `512 B`, `1.00 MB`."""
    if size_bytes < 1024:
        return f"{size_bytes} B"
    amount = size_bytes / 1024
    power = 1
    while amount >= 1023.995 and power < len(_SIZE_UNITS) - 1:  # what would round to 1024.00 is 1.00 of the next
        amount /= 1024
        power += 1
    return f"{_in_language(f'{amount:.2f}')} {_SIZE_UNITS[power]}"


def format_rate(bytes_per_second: float) -> str:
    """Bytes a second as `1.00 MB/s`."""
    return f"{format_size(round(bytes_per_second))}/s"


def format_count(count: int) -> str:
    """`count` with its thousands grouped: `1,234,567`."""
    return _in_language(f"{count:,}")


def format_count_within(count: int, width: int) -> str:
    """`count` in `width` characters: exact where it fits (`1,234`, `1234`), else rounded (`12k`, `1.2M`)."""
    exact = (format_count(count), str(count))
    powers = [(count / 10**power, letter) for power, letter in ((3, "k"), (6, "M"), (9, "G"))]
    rounded = (
        f"{_in_language(f'{amount:.{decimals}f}')}{letter}"
        for amount, letter in powers
        for decimals in (1, 0)
        if amount >= 0.95
    )
    return next((text for text in (*exact, *rounded) if len(text) <= width), "…")


def format_decimal(number: float, decimals: int) -> str:
    """`number` with so many decimals, its thousands grouped: `1,234.5`."""
    return _in_language(f"{number:,.{decimals}f}")


def format_date(time_ns: int, *, with_time: bool = True) -> str:
    """A moment (nanoseconds since 1970) in local time, `2026-11-23 14:05`; `?` for what no calendar holds."""
    try:
        moment = datetime.fromtimestamp(time_ns // 1_000_000_000)
    except (ValueError, OverflowError, OSError):
        return "?"
    if language() == "pt_BR":
        day = f"{moment.day:02}/{moment.month:02}/{moment.year:04}"
    else:
        day = f"{moment.year:04}-{moment.month:02}-{moment.day:02}"
    return f"{day} {moment.hour:02}:{moment.minute:02}" if with_time else day


def format_age(seconds: float) -> str:
    """How long ago something was: `just now`, `5 minutes ago`, `2 years ago`; what lies ahead is `just now`."""
    if seconds < _MINUTE:
        return _("just now")
    if seconds < _HOUR:
        count = int(seconds // _MINUTE)
        return ngettext("{count} minute ago", "{count} minutes ago", count).format(count=count)
    if seconds < _DAY:
        count = int(seconds // _HOUR)
        return ngettext("{count} hour ago", "{count} hours ago", count).format(count=count)
    if seconds < 60 * _DAY:
        count = int(seconds // _DAY)
        return ngettext("{count} day ago", "{count} days ago", count).format(count=count)
    if seconds < 730 * _DAY:
        count = int(seconds // (30.44 * _DAY))
        return ngettext("{count} month ago", "{count} months ago", count).format(count=count)
    count = int(seconds // (365.25 * _DAY))
    return ngettext("{count} year ago", "{count} years ago", count).format(count=format_count(count))


def format_duration(seconds: float) -> str:
    """A length of time as a player shows it: `0:07`, `12:05`, `1:02:03`."""
    whole = max(0, round(seconds))
    hours, minutes, rest = whole // _HOUR, whole % _HOUR // _MINUTE, whole % _MINUTE
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def format_elapsed(seconds: float) -> str:
    """How long work took: `0.31 s`, `12.4 s`, and from a minute on as `format_duration`."""
    if seconds < 9.995:
        return f"{format_decimal(seconds, 2)} s"
    return f"{format_decimal(seconds, 1)} s" if seconds < 59.95 else format_duration(seconds)


def _in_language(figure: str) -> str:
    return figure.translate(_BRAZILIAN) if language() == "pt_BR" else figure
