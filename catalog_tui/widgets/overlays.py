"""Pictures that a terminal draws over its cells (sixel, iTerm2's): written after them, where nothing covers them."""

from collections.abc import Callable

from textual._ansi_sequences import SYNC_END, SYNC_START
from textual.geometry import Region
from textual.screen import Screen

from .picture_view import PictureView


def write_overlays(screen: Screen[object], write: Callable[[str], object]) -> None:
    """Write what stands over the cells that were just painted.

    Where a notification or the like covers a part, the cells do: they hold the same picture in blocks, and whatever is
    painted into them takes the finer one away, so that none is ever left behind."""
    for view in screen.query(PictureView):
        drawing = view.drawing
        if not view.is_painted or drawing is None or not drawing.over:
            continue
        view.is_painted = False
        left, top = view.drawn_at(drawing)
        region = Region(view.region.x + left, view.region.y + top, *drawing.cells)
        if not _is_covered(screen, view, region):
            # One write: the terminal shows it whole or not at all.
            write(f"{SYNC_START}\x1b7\x1b[{region.y + 1};{region.x + 1}H{drawing.over}\x1b8{SYNC_END}")


def _is_covered(screen: Screen[object], view: PictureView, region: Region) -> bool:
    geometry = screen.find_widget(view)
    if not geometry.clip.contains_region(region):
        return True
    return any(other.display and other.region.overlaps(region) for other in screen.query("Toast, Tooltip"))
