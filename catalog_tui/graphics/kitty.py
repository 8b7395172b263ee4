"""Kitty's graphics protocol with Unicode placeholders: the picture is sent once, and text cells say where it stands.

https://sw.kovidgoyal.net/kitty/graphics-protocol/#unicode-placeholders. As the cells are text, they scroll, are cut and
are overwritten like any other, in tmux too.
"""

import itertools
from base64 import standard_b64encode
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from .drawing import Cells, CellSize, Drawing
from .tmux import passed_through

if TYPE_CHECKING:
    from PIL.Image import Image

PLACEHOLDER = "\U0010eeee"
CHUNK = 4096
"""The most bytes of base64 in one escape sequence (the protocol's own limit)."""

MOST_IDS = 0xFFFFFF
"""As many as a colour can say, without 0."""

PALETTE = 128
"""Colours of a picture that is sent over a slow line: a third of the bytes of true colour."""

_DIACRITICS = """
305 30D-30E 310 312 33D-33F 346 34A-34C 350-352 357 35B 363-36F 483-487 592-595 597-599 59C-5A1 5A8-5A9 5AB-5AC 5AF 5C4
610-617 657-65B 65D-65E 6D6-6DC 6DF-6E2 6E4 6E7-6E8 6EB-6EC 730 732-733 735-736 73A 73D 73F-741 743 745 747 749-74A
7EB-7F1 7F3 816-819 81B-823 825-827 829-82D 951 953-954 F82-F83 F86-F87 135D-135F 17DD 193A 1A17 1A75-1A7C 1B6B
1B6D-1B73 1CD0-1CD2 1CDA-1CDB 1CE0 1DC0-1DC1 1DC3-1DC9 1DCB-1DCC 1DD1-1DE6 1DFE 20D0-20D1 20D4-20D7 20DB-20DC 20E1
20E7 20E9 20F0 2CEF-2CF1 2DE0-2DFF A66F A67C-A67D A6F0-A6F1 A8E0-A8F1 AAB0 AAB2-AAB3 AAB7-AAB8 AABE-AABF AAC1
FE20-FE26 10A0F 10A38 1D185-1D189 1D1AA-1D1AD 1D242-1D244
"""


def _characters(ranges: str) -> Iterator[str]:
    for part in ranges.split():
        first, _, last = part.partition("-")
        yield from map(chr, range(int(first, 16), int(last or first, 16) + 1))


DIACRITICS = tuple(_characters(_DIACRITICS))
"""The combining characters that number rows and columns: those of class 230 in Unicode 6.0 that nothing composes."""


class Kitty:
    """Sends PNG, and gives placeholders; the identifiers count up from `first_id`."""

    name = "kitty"
    in_cells = True

    def __init__(self, *, in_tmux: bool = False, most_bytes: int = 0, first_id: int = 1) -> None:
        """`most_bytes` is what a picture may take on the line, as base64; 0 for as many as it needs."""
        self._in_tmux = in_tmux
        self._most_bytes = most_bytes
        self._ids = itertools.count(first_id - 1)

    def pixel_size(self, cells: Cells, cell: CellSize) -> tuple[int, int]:
        """Each pixel of the cells."""
        return cells.columns * cell.width, cells.rows * cell.height

    def draw(self, image: "Image", cells: Cells, cell: CellSize) -> Drawing:
        """See Encoder."""
        image_id = next(self._ids) % MOST_IDS + 1
        cells = Cells(min(cells.columns, len(DIACRITICS)), min(cells.rows, len(DIACRITICS)))
        payload = standard_b64encode(self._png(image)).decode()
        control = f"a=T,U=1,f=100,q=2,i={image_id},c={cells.columns},r={cells.rows}"
        sent = "".join(map(self._wrapped, _commands(control, payload)))
        return Drawing(_placeholders(image_id, cells), cells, sent=sent, image_id=image_id)

    def forget(self, image_id: int) -> str:
        """What is to be written so that the terminal forgets a picture and takes it off the screen."""
        return self._wrapped(f"\x1b_Ga=d,d=I,q=2,i={image_id}\x1b\\")

    def _wrapped(self, command: str) -> str:
        return passed_through(command) if self._in_tmux else command

    def _png(self, image: "Image") -> bytes:
        from PIL.Image import Dither

        data = _as_png(image)
        while self._most_bytes and len(data) * 4 > self._most_bytes * 3 and min(image.size) > 16:
            image = image.reduce(2) if image.mode == "RGB" and len(data) > 4 * self._most_bytes else image
            data = _as_png(image.quantize(PALETTE, dither=Dither.NONE))
            image = image.resize((image.width * 4 // 5, image.height * 4 // 5))
        return data


def _as_png(image: "Image") -> bytes:
    stream = BytesIO()
    image.save(stream, "PNG", compress_level=1)  # level 6 takes five times as long for a tenth fewer bytes
    return stream.getvalue()


def _commands(control: str, payload: str) -> Iterator[str]:
    """The escape sequences that send a picture, one by one."""
    starts = range(0, len(payload), CHUNK)
    for start in starts:
        more = int(start != starts[-1])
        head = f"{control},m={more}" if start == 0 else f"m={more}"
        yield f"\x1b_G{head};{payload[start : start + CHUNK]}\x1b\\"


def _placeholders(image_id: int, cells: Cells) -> tuple[Strip, ...]:
    """Lines of placeholders: the colour says which picture, each cell its row and column, so that any part may be cut
    away."""
    style = Style.from_color(Color.from_rgb(image_id >> 16, image_id >> 8 & 0xFF, image_id & 0xFF))
    return tuple(
        Strip(
            [Segment(PLACEHOLDER + DIACRITICS[row] + DIACRITICS[column], style) for column in range(cells.columns)],
            cells.columns,
        )
        for row in range(cells.rows)
    )
