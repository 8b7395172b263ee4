"""Conditional requests, as RFC 9110 section 13 has them."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import formatdate, parsedate_to_datetime
from enum import Enum
from typing import Final, NamedTuple

from catalog_tui.server.replies import Scope

_TAG: Final = re.compile(rb'(W/)?("[\x21\x23-\x7e\x80-\xff]*")')
STRONG_AFTER_S: Final = 1  # a date is a strong validator once it is so much older than the answer (section 8.8.2.2)


class Outcome(Enum):
    """What the conditions of a request say."""

    GO_ON = 200
    NOT_MODIFIED = 304
    FAILED = 412


class Validators(NamedTuple):
    """What tells one state of a file from another: a strong tag, and the second in which it was last changed."""

    tag: bytes
    modified_s: int

    @property
    def last_modified(self) -> bytes:
        """The date as it stands in Last-Modified."""
        return formatdate(self.modified_s, usegmt=True).encode()


def is_among(tag: bytes, tags: bytes) -> bool:
    """Whether If-None-Match `tags` match: by the weak comparison, where W/ says nothing (section 8.8.3.2)."""
    if tags == tag:
        return True
    return tags.strip() == b"*" or any(opaque == tag for _weak, opaque in _tags(tags))


def conditions_of(scope: Scope) -> Mapping[bytes, bytes]:
    """The request's conditions and its range, by their names in lower case; several of one name joined as one."""
    found: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        if name[:3] == b"if-" or name == b"range":
            found[name] = found[name] + b", " + value if name in found else value
    return found


def check(conditions: Mapping[bytes, bytes], now: Validators) -> Outcome:
    """What the conditions say of a file in this state, in the order of section 13.2.2."""
    if_match = conditions.get(b"if-match")
    if if_match is not None:
        if if_match.strip() != b"*" and not any(not weak and opaque == now.tag for weak, opaque in _tags(if_match)):
            return Outcome.FAILED
    elif (since := _date(conditions.get(b"if-unmodified-since"))) is not None and now.modified_s > since:
        return Outcome.FAILED
    if_none_match = conditions.get(b"if-none-match")
    if if_none_match is not None:
        if is_among(now.tag, if_none_match):
            return Outcome.NOT_MODIFIED
    elif (since := _date(conditions.get(b"if-modified-since"))) is not None and now.modified_s <= since:
        return Outcome.NOT_MODIFIED
    return Outcome.GO_ON


def range_holds(conditions: Mapping[bytes, bytes], now: Validators, clock_s: float) -> bool:
    """Whether If-Range lets the Range stand: its tag is strong and the same, or its date exactly the file's, and old
    enough to be a strong one (section 13.1.5). True where there is none."""
    condition = conditions.get(b"if-range")
    if condition is None:
        return True
    condition = condition.strip()
    if condition[:1] == b'"' or condition[:2] == b"W/":
        return condition == now.tag
    return _date(condition) == now.modified_s and clock_s - now.modified_s >= STRONG_AFTER_S


def _tags(value: bytes) -> Iterator[tuple[bool, bytes]]:
    for found in _TAG.finditer(value):
        yield found[1] is not None, found[2]


def _date(value: bytes | None) -> int | None:
    """Seconds since the epoch of an HTTP date; None where it is none."""
    if value is None:
        return None
    try:
        parsed = parsedate_to_datetime(value.decode("ascii"))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    moment = parsed if parsed.tzinfo is not None else parsed.replace(tzinfo=UTC)
    return int(datetime.timestamp(moment))
