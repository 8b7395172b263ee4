"""What a pool of decoders and its workers say to each other: a JSON header and the bytes that belong to it.

JSON and no `marshal`, and every length bounded: a worker reads what strangers made, and what it says is not trusted.
"""

import json
import struct
from collections.abc import Sequence
from typing import IO, Any, Final, NamedTuple

LENGTHS: Final = struct.Struct("<II")
MOST_HEADER: Final = 1 << 20
MOST_BLOB: Final = 1 << 26


class Message(NamedTuple):
    """A request or an answer: a JSON object, and bytes."""

    header: dict[str, Any]
    blob: bytes = b""


def write_message(stream: IO[bytes], header: dict[str, Any], blobs: Sequence[bytes] = ()) -> None:
    """Send a message, `blobs` joined. Raises OSError where nobody reads any more."""
    packed = json.dumps(header).encode()  # ASCII: a path's lone surrogates pass as escapes
    stream.write(LENGTHS.pack(len(packed), sum(map(len, blobs))) + packed)
    for blob in blobs:
        stream.write(blob)
    stream.flush()


def read_message(stream: IO[bytes]) -> Message | None:
    """The next message; None at the end of the stream, within a message, or where what comes is no message."""
    lengths = stream.read(LENGTHS.size)
    if len(lengths) < LENGTHS.size:
        return None
    header_bytes, blob_bytes = LENGTHS.unpack(lengths)
    if header_bytes > MOST_HEADER or blob_bytes > MOST_BLOB:
        return None
    packed, blob = stream.read(header_bytes), stream.read(blob_bytes)
    if len(packed) < header_bytes or len(blob) < blob_bytes:
        return None
    try:
        header = json.loads(packed)
    except ValueError:
        return None
    return Message(header, blob) if isinstance(header, dict) else None
