"""What workers say to each other: of one server by its sockets, of several by Redis. Names are bytes."""

from typing import TypeAlias

import msgspec
from msgspec import Struct

from catalog_tui.server import shapes


class Forget(Struct, frozen=True, tag=True):
    """What was read of a model may be true no longer."""

    site: bytes
    model: bytes


class Clear(Struct, frozen=True, tag=True):
    """Forget everything; from now on it is this epoch."""

    epoch: str
    is_said: bool
    """Redis knows of it."""


class AskFigures(Struct, frozen=True, tag=True):
    """What have you done so far?"""


class Figures(Struct, frozen=True, tag=True):
    """What a worker has done so far."""

    worker: str
    run: str
    """Of which server."""
    slot: int
    """Which of that server's workers: one that takes the place of another has its number."""
    caches: dict[str, shapes.CacheFigures]
    answer_bytes: int
    requests: list[tuple[str, int, int]]
    """Route, status, and how many."""
    sent_bytes: int
    request_s: float
    cpu_s: float
    shared: shapes.SharedFigures | None


class AskScan(Struct, frozen=True, tag=True):
    """Do you scan, or which scan ended last?"""


class CancelScan(Struct, frozen=True, tag=True):
    """End this scan, if it is yours."""

    scan: str


class ScanNews(Struct, frozen=True, tag=True):
    """A state of a worker's scan, and when it was that; `scan` names the scan."""

    worker: str
    scan: str
    at_ns: int
    state: shapes.ScanState


class Done(Struct, frozen=True, tag=True):
    """Heard, and done."""


Message: TypeAlias = Forget | Clear | AskFigures | AskScan | CancelScan | ScanNews
Reply: TypeAlias = Done | Figures | ScanNews


class Parcel(Struct, frozen=True, tag=True, array_like=True):
    """A message on its way to all, or a reply on its way back."""

    sender: str
    number: int
    """Of the sender's message, or of the message that this answers."""
    is_reply: bool
    content: Message | Reply


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Parcel)


def to_bytes(parcel: Parcel) -> bytes:
    """The parcel as bytes."""
    return _encoder.encode(parcel)


def of_bytes(raw: bytes) -> Parcel:
    """The parcel of which these are the bytes. Raises msgspec.DecodeError for others."""
    return _decoder.decode(raw)
