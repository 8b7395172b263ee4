"""Sixel: bands of six lines of pixels, colour by colour, of a picture with a palette (DEC STD 070; VT330/VT340 manual).

Our own, because it takes no longer than what there is: a band's pixels of one colour are one large number, so that six
lines are put together by six shifts.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from .drawing import Cells, CellSize, Drawing

if TYPE_CHECKING:
    from PIL.Image import Image

BAND: Final = 6
COLOURS: Final = 128
FEW_COLOURS: Final = 48
"""Over a slow line."""

_ONLY = tuple(bytes(wanted) + b"\1" + bytes(255 - wanted) for wanted in range(256))
"""By colour: the table that turns its pixels to 1 and all others to 0."""
_TO_TEXT = bytes((bits + 63) % 256 for bits in range(256))
_RUN = re.compile(rb"(.)\1{3,}", re.DOTALL)


class Sixel:
    """Draws over blank cells, pixel by pixel of the terminal's."""

    name = "sixel"
    in_cells = False

    def __init__(self, *, most_bytes: int = 0) -> None:
        """`most_bytes` is what a picture may take on the line; 0 for as many as it needs."""
        self._most_bytes = most_bytes

    def pixel_size(self, cells: Cells, cell: CellSize) -> tuple[int, int]:
        """Each pixel of the cells, less what would make another band begin below the last row."""
        return cells.columns * cell.width, cells.rows * cell.height // BAND * BAND

    def draw(self, image: "Image", cells: Cells, cell: CellSize) -> Drawing:
        """See Encoder; the cells below are left to others."""
        data = encode(image, COLOURS)
        if self._most_bytes and len(data) > self._most_bytes:
            data = encode(image, FEW_COLOURS)
        if self._most_bytes and len(data) > self._most_bytes:
            return Drawing((), cells)  # the cells must do: a sixel cannot be enlarged by the terminal
        return Drawing((), cells, over=data.decode("ascii"))

    def forget(self, image_id: int) -> str:
        """Nothing: it is gone when its cells are painted."""
        return ""


def encode(image: "Image", colours: int) -> bytes:
    """`image` (RGB) as sixel in so many colours, transparent where it sets nothing."""
    from PIL.Image import Dither

    flat = image.quantize(colours, dither=Dither.NONE)
    width, height = flat.size
    palette = flat.getpalette() or []
    data = flat.tobytes()
    parts = [b'\x1bP0;1;0q"1;1;%d;%d' % (width, height)]
    for colour in sorted(set(data)):
        red, green, blue = (round(part * 100 / 255) for part in palette[3 * colour : 3 * colour + 3])
        parts.append(b"#%d;2;%d;%d;%d" % (colour, red, green, blue))
    step = BAND * width
    parts.append(b"-".join(b"$".join(_band(data[start : start + step], width)) for start in range(0, len(data), step)))
    parts.append(b"\x1b\\")
    return b"".join(parts)


def _band(band: bytes, width: int) -> Iterator[bytes]:
    """The sixels of one band, colour by colour."""
    rows = [band[start : start + width] for start in range(0, len(band), width)]
    for colour in sorted(set(band)):
        bits = 0
        for position, row in enumerate(rows):
            if colour in row:
                bits |= int.from_bytes(row.translate(_ONLY[colour]), "big") << position
        text = bits.to_bytes(width, "big").rstrip(b"\0").translate(_TO_TEXT)
        yield b"#%d" % colour + _RUN.sub(_repeated, text)


def _repeated(run: re.Match[bytes]) -> bytes:
    return b"!%d%c" % (len(run[0]), run[0][0])
