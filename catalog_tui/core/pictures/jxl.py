"""The size of a JPEG XL picture from its header (ISO/IEC 18181-1, SizeHeader; 18181-2, boxes).

Needed because the plugin decodes as it opens: without it a small file could ask for any amount of memory.
"""

from typing import Final

RATIOS: Final = ((0, 1), (1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))
EDGE_BITS: Final = (9, 13, 18, 30)
CODESTREAM: Final = b"\xff\x0a"


def jxl_size(head: bytes) -> tuple[int, int] | None:
    """Width and height by the first bytes of a file (some KiB); None where they do not say."""
    stream = head if head.startswith(CODESTREAM) else _codestream(head)
    if not stream.startswith(CODESTREAM) or len(stream) < 12:
        return None
    bits = _Bits(stream[2:])
    small = bits.take(1)
    height = _edge(bits, small)
    ratio = bits.take(3)
    if ratio == 0:
        return _edge(bits, small), height
    across, down = RATIOS[ratio]
    return height * across // down, height


class _Bits:
    """Bits, the lowest of each byte first."""

    def __init__(self, data: bytes) -> None:
        self._number = int.from_bytes(data[:16], "little")

    def take(self, count: int) -> int:
        value = self._number & ((1 << count) - 1)
        self._number >>= count
        return value


def _edge(bits: _Bits, small: int) -> int:
    if small:
        return 8 * (1 + bits.take(5))
    return 1 + bits.take(EDGE_BITS[bits.take(2)])


def _codestream(head: bytes) -> bytes:
    """What the first `jxlc` or `jxlp` box of a container holds, as far as it is in `head`."""
    at = 0
    while at + 8 <= len(head):
        length, name = int.from_bytes(head[at : at + 4], "big"), head[at + 4 : at + 8]
        begin = at + 8
        if length == 1:
            length = int.from_bytes(head[begin : begin + 8], "big")
            begin += 8
        if name == b"jxlc":
            return head[begin:]
        if name == b"jxlp":
            return head[begin + 4 :]
        if length < 8:
            break
        at += length
    return b""
