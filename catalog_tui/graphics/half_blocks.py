"""Pictures in cells alone: the upper half block, its colour the upper pixel's, its background the lower one's."""

from itertools import groupby
from typing import TYPE_CHECKING

from rich.color import Color, ColorType
from rich.color_triplet import ColorTriplet
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from .drawing import Cells, CellSize, Drawing

if TYPE_CHECKING:
    from PIL.Image import Image

UPPER_HALF = "▀"


class HalfBlocks:
    """Two pixels to a cell, in true colour; every terminal can, and screen readers of cells (tmux, mosh) keep them."""

    name = "blocks"
    in_cells = True

    def pixel_size(self, cells: Cells, cell: CellSize) -> tuple[int, int]:
        """One pixel to a column, two to a row."""
        return cells.columns, 2 * cells.rows

    def draw(self, image: "Image", cells: Cells, cell: CellSize) -> Drawing:
        """See Encoder."""
        size = (cells.columns, 2 * cells.rows)
        data = (image if image.size == size else image.resize(size)).tobytes()
        stride = 3 * cells.columns
        lines = tuple(
            _line(data[start : start + stride], data[start + stride : start + 2 * stride])
            for start in range(0, len(data), 2 * stride)
        )
        return Drawing(lines, cells)

    def forget(self, image_id: int) -> str:
        """Nothing: no picture is sent."""
        return ""


def _line(upper: bytes, lower: bytes) -> Strip:
    pairs = (upper[at : at + 3] + lower[at : at + 3] for at in range(0, len(upper), 3))
    segments = [_run(pair, sum(1 for _cell in run)) for pair, run in groupby(pairs)]
    return Strip(segments, len(upper) // 3)


def _run(pair: bytes, length: int) -> Segment:
    """Cells of the same two pixels; where these are alike a space is shorter on the wire than a block."""
    lower = _colour(pair[3:])
    if pair[:3] == pair[3:]:
        return Segment(" " * length, Style.from_color(None, lower))
    return Segment(UPPER_HALF * length, Style.from_color(_colour(pair[:3]), lower))


def _colour(rgb: bytes) -> Color:
    # Not Color.from_rgb: it writes out a name for each, which is four fifths of its 1.4 µs.
    return Color("", ColorType.TRUECOLOR, None, ColorTriplet(*rgb))
