"""What a picture becomes on the way to the terminal, and the one seam behind which the ways of drawing differ."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, Protocol

from textual.strip import Strip

if TYPE_CHECKING:
    from PIL.Image import Image
    from rich.console import Console

MOST_ENLARGED = 3.0
"""Small pictures are not blown up further than this: an icon need not fill the screen."""


class Cells(NamedTuple):
    """A rectangle of the terminal's cells."""

    columns: int
    rows: int


class CellSize(NamedTuple):
    """The pixels of one cell."""

    width: int
    height: int


USUAL_CELL = CellSize(8, 16)
"""What is taken where the terminal does not say."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """One picture, ready for the terminal."""

    lines: tuple[Strip, ...]
    """What stands in the cells, line by line: coloured blocks, or the placeholders of a picture that was sent."""
    cells: Cells
    sent: str = ""
    """What is to be written before the lines stand on the screen, once: the data of the picture that they stand for."""
    over: str = ""
    """What is to be written with the cursor at the upper left cell, each time after the lines were painted."""
    image_id: int = 0
    """By which the terminal knows the picture that was sent; 0 where it keeps none."""

    def painted(self, console: "Console") -> "Drawing":
        """This drawing with what its lines write worked out, which is the larger part of showing it."""
        for line in self.lines:
            line.render(console)
        return self

    def with_cells(self, below: "Drawing") -> "Drawing":
        """This drawing with the lines of `below` in its cells, which are seen wherever what is over them is not."""
        return replace(self, lines=below.lines, cells=below.cells)


class Encoder(Protocol):
    """One way of drawing. Its methods run in threads, and on none of them twice at a time with the same arguments."""

    @property
    def name(self) -> str:
        """As the setting `preview` calls it."""

    @property
    def in_cells(self) -> bool:
        """Whether the picture lives in its cells, and scrolls with them; else it stands over them."""

    def pixel_size(self, cells: Cells, cell: CellSize) -> tuple[int, int]:
        """Width and height of the picture that is needed to fill these cells."""

    def draw(self, image: "Image", cells: Cells, cell: CellSize) -> Drawing:
        """`image` (RGB, no larger than `pixel_size`) drawn into these cells."""

    def forget(self, image_id: int) -> str:
        """What is to be written so that the terminal forgets a picture that it was sent, and shows it no more."""


def fit(width: int, height: int, room: Cells, cell: CellSize) -> Cells:
    """The cells that a picture of this many pixels covers when it fills `room` as far as its shape allows."""
    width, height = max(1, width), max(1, height)
    scale = min(room.columns * cell.width / width, room.rows * cell.height / height, MOST_ENLARGED)
    columns = max(1, min(room.columns, round(width * scale / cell.width)))
    rows = max(1, min(room.rows, round(height * scale / cell.height)))
    return Cells(columns, rows)
