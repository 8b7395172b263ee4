"""What the store keeps of a file: a picture with its facts, facts alone, or the problem with it, as bytes."""

import json
import struct
from dataclasses import asdict
from typing import Any, Final, NamedTuple

from catalog_tui.core.kinds import Kind
from catalog_tui.core.media import CannotShow, Facts, Problem

LENGTH: Final = struct.Struct("<I")


class Made(NamedTuple):
    """A picture as a worker made it, encoded."""

    data: bytes
    form: str
    width: int
    height: int


class Record(NamedTuple):
    """What is kept under one key; a problem, or facts and perhaps a picture."""

    facts: Facts | None
    made: Made | None = None
    problem: CannotShow | None = None

    def packed(self) -> bytes:
        """As bytes, for `unpacked`."""
        header: dict[str, Any] = {}
        if self.facts is not None:
            header["facts"] = {name: value for name, value in asdict(self.facts).items() if value is not None}
        if self.problem is not None:
            header |= {"problem": self.problem.problem, "detail": self.problem.detail}
        if self.made is not None:
            header["made"] = self.made[1:]
        text = json.dumps(header, separators=(",", ":")).encode()
        return LENGTH.pack(len(text)) + text + (self.made.data if self.made is not None else b"")


def unpacked(packed: bytes) -> Record | None:
    """The record of which these are the bytes; None where they are none that this version understands."""
    try:
        (length,) = LENGTH.unpack_from(packed)
        body = LENGTH.size + length
        header = json.loads(packed[LENGTH.size : body])
        problem = header.get("problem")
        return Record(
            facts=facts_of(header["facts"]) if "facts" in header else None,
            made=Made(packed[body:], *header["made"]) if "made" in header else None,
            problem=CannotShow(Problem(problem), header["detail"]) if problem is not None else None,
        )
    except (ValueError, TypeError, LookupError, AttributeError, struct.error):
        return None


def facts_of(plain: dict[str, Any]) -> Facts:
    """Facts from plain values. Raises TypeError or ValueError where they are none."""
    return Facts(**{**plain, "kind": Kind(plain["kind"])})
