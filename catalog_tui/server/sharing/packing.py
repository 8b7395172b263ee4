"""Listings as bytes that another server may read: a JSON header of numbers, and columns (see `core/frames.py`)."""

import sys
from array import array
from typing import Final

import msgspec

from catalog_tui.core.frames import BYTES, Column, Frame

FORMAT: Final = f"1-{sys.byteorder}"
"""Part of every server's name for what it shares: raised when this changes."""


class _Header(msgspec.Struct, array_like=True):
    """What is not in the columns; `shapes` are their type codes and lengths in bytes."""

    word: str
    plain: list[int]
    shapes: list[tuple[str, int]]


def packed(frame: Frame) -> bytes:
    """The frame, whose plain values are numbers, as bytes."""
    columns = [column if isinstance(column, bytes) else column.tobytes() for column in frame.columns]
    codes = [BYTES if isinstance(column, bytes) else column.typecode for column in frame.columns]
    shapes = [(code, len(column)) for code, column in zip(codes, columns, strict=True)]
    header = msgspec.json.encode(_Header(frame.word, list(frame.plain), shapes))
    return b"\n".join([header, b"".join(columns)])


def unpacked(content: bytes) -> Frame:
    """The frame that `packed` was given: for bytes whose seal was looked at."""
    header_bytes, _newline, rest = content.partition(b"\n")
    header = msgspec.json.decode(header_bytes, type=_Header)
    columns: list[Column] = []
    begin = 0
    for code, length in header.shapes:
        part = rest[begin : begin + length]
        begin += length
        columns.append(part if code == BYTES else array(code, part))
    return Frame(header.word, header.plain, columns)
