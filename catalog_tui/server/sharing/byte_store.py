"""Bytes that several servers share: made once, by whichever came first."""

from collections.abc import Sequence
from typing import Protocol


class ByteStore(Protocol):
    """Keeps bytes for a while, or does not: what it gives is what was put under that key, or nothing. Blocks, for no
    longer than it must; from any thread."""

    @property
    def epoch(self) -> str:
        """The time between two clearings; "" while nothing is shared. Who puts says in which one it began to read."""

    def get(self, key: bytes) -> bytes | None:
        """What was put under `key`, if it is there and can be trusted."""

    def get_many(self, keys: Sequence[bytes]) -> list[bytes | None]:
        """The same for each of several keys, quicker than one after the other."""

    def put(self, key: bytes, content: bytes, epoch: str) -> None:
        """Keep `content` under `key`, if that can be and `epoch` is not over."""
