"""A seal on bytes that somebody else keeps: they are what we wrote, for this place and lately, or they are nothing."""

import hmac
import struct
import time
from collections.abc import Callable
from typing import Final

AHEAD_S: Final = 60.0
"""How far the clocks of two servers may be apart."""
_TIME: Final = struct.Struct("<Q")
_MAC_BYTES: Final = 32
_HEADER: Final = _MAC_BYTES + _TIME.size


class Seal:
    """Signs with HMAC-SHA256 (RFC 2104) under a secret that the servers share and the keeper does not know."""

    def __init__(self, secret: bytes, now_ns: Callable[[], int] = time.time_ns) -> None:
        self._secret = secret
        self._now_ns = now_ns

    def close(self, place: bytes, content: bytes) -> bytes:
        """`content` with its time and the signature over both and over `place`, where it is to be found."""
        dated = _TIME.pack(self._now_ns()) + content
        return self._sign(place, dated) + dated

    def open(self, place: bytes, sealed: object, most_age_s: float) -> bytes | None:
        """The content that was closed for `place` at most so long ago; None for anything else."""
        if not isinstance(sealed, bytes) or len(sealed) < _HEADER:
            return None
        dated = sealed[_MAC_BYTES:]
        if not hmac.compare_digest(sealed[:_MAC_BYTES], self._sign(place, dated)):
            return None
        age_s = (self._now_ns() - _TIME.unpack_from(dated)[0]) / 1e9
        return dated[_TIME.size :] if -AHEAD_S < age_s <= most_age_s else None

    def name(self, *parts: bytes) -> str:
        """A name for these parts that tells nothing of them to who does not know the secret."""
        return hmac.digest(self._secret, _joined(b"name", *parts), "sha256").hex()[:32]

    def _sign(self, place: bytes, dated: bytes) -> bytes:
        return hmac.digest(self._secret, _joined(b"content", place) + dated, "sha256")


def _joined(*parts: bytes) -> bytes:
    """All parts, each with its length: no other parts give the same bytes."""
    return b"".join(_TIME.pack(len(part)) + part for part in parts)
