"""iTerm2's inline pictures (OSC 1337), which WezTerm, mintty and others draw too: an encoded picture over blank cells.

https://iterm2.com/documentation-images.html
"""

from base64 import standard_b64encode
from io import BytesIO
from typing import TYPE_CHECKING

from .drawing import Cells, CellSize, Drawing

if TYPE_CHECKING:
    from PIL.Image import Image

QUALITY = 85


class ITerm:
    """Sends JPEG: of all protocols the fewest bytes for a photo."""

    name = "iterm"
    in_cells = False

    def __init__(self, *, most_bytes: int = 0) -> None:
        """`most_bytes` is what a picture may take on the line, as base64; 0 for as many as it needs."""
        self._most_bytes = most_bytes

    def pixel_size(self, cells: Cells, cell: CellSize) -> tuple[int, int]:
        """Each pixel of the cells."""
        return cells.columns * cell.width, cells.rows * cell.height

    def draw(self, image: "Image", cells: Cells, cell: CellSize) -> Drawing:
        """See Encoder; the cells below are left to others."""
        data = _as_jpeg(image, QUALITY)
        while self._most_bytes and len(data) * 4 > self._most_bytes * 3 and min(image.size) > 16:
            image = image.resize((image.width * 4 // 5, image.height * 4 // 5))
            data = _as_jpeg(image, QUALITY - 25)
        how = f"inline=1;size={len(data)};width={cells.columns};height={cells.rows};preserveAspectRatio=0"
        over = f"\x1b]1337;File={how};doNotMoveCursor=1:{standard_b64encode(data).decode()}\x07"
        return Drawing((), cells, over=over)

    def forget(self, image_id: int) -> str:
        """Nothing: it is gone when its cells are painted."""
        return ""


def _as_jpeg(image: "Image", quality: int) -> bytes:
    stream = BytesIO()
    image.save(stream, "JPEG", quality=quality)
    return stream.getvalue()
