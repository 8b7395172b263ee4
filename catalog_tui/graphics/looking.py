"""Which part of a picture is looked at, and where it comes to stand: whole, or larger and moved about."""

from typing import NamedTuple

from .drawing import Cells, CellSize, fit
from .pixels import WHOLE, Box

MOST_ZOOM = 16.0


class Look(NamedTuple):
    """How near one looks, and at which point."""

    zoom: float = 1.0
    """1 for the whole picture."""
    x: float = 0.5
    y: float = 0.5
    """The middle of what is seen, in parts of the picture's width and height."""

    def nearer(self, factor: float) -> "Look":
        """Zoomed in (or out) by a factor; at 1 the picture is whole again."""
        zoom = max(1.0, min(MOST_ZOOM, self.zoom * factor))
        return WHOLE_LOOK if zoom == 1 else self._replace(zoom=zoom)

    def moved(self, right: float, down: float) -> "Look":
        """Moved by parts of what is seen."""
        return self._replace(x=_held(self.x + right / self.zoom), y=_held(self.y + down / self.zoom))


WHOLE_LOOK = Look()


def _held(part: float) -> float:
    return max(0.0, min(1.0, part))


def seen(width: int, height: int, room: Cells, cell: CellSize, look: Look) -> tuple[Box, Cells]:
    """The part of a picture of this many pixels that is seen in `room`, and the cells that it covers."""
    if look.zoom == 1:
        return WHOLE, fit(width, height, room, cell)
    whole = fit(width, height, room, cell)
    columns, rows = whole.columns * look.zoom, whole.rows * look.zoom
    cells = Cells(min(room.columns, round(columns)), min(room.rows, round(rows)))
    left, right = _span(look.x, min(1.0, cells.columns / columns))
    top, bottom = _span(look.y, min(1.0, cells.rows / rows))
    return Box(left, top, right, bottom), cells


def _span(middle: float, part: float) -> tuple[float, float]:
    """A part of this size around `middle`, within 0 and 1."""
    start = max(0.0, min(1.0 - part, middle - part / 2))
    return start, start + part
