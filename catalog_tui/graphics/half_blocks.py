"""Pictures in cells alone: the upper half block, its colour the upper pixel's, its background the lower one's."""

from typing import TYPE_CHECKING

from .drawing import Cells, CellSize, Drawing
from .strips import BlockStrip

if TYPE_CHECKING:
    from PIL.Image import Image


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
            BlockStrip(data[start : start + stride], data[start + stride : start + 2 * stride])
            for start in range(0, len(data), 2 * stride)
        )
        return Drawing(lines, cells)

    def forget(self, image_id: int) -> str:
        """Nothing: no picture is sent."""
        return ""
