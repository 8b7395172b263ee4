"""A file whose picture is to be seen, and the widgets that show such."""

from dataclasses import dataclass

from textual.widget import Widget

from catalog_tui.graphics.drawing import Cells
from catalog_tui.graphics.looking import WHOLE_LOOK, Look
from catalog_tui.graphics.wishes import Wanted


@dataclass(frozen=True, slots=True)
class Subject:
    """A file whose picture is shown."""

    path: str
    stamp: tuple[int, int]
    """Size and time, by which a changed file is known."""
    frame_s: float | None = None
    """Of a video: the moment looked at; None for its poster."""
    look: Look = WHOLE_LOOK

    def wanted(self, room: Cells) -> Wanted:
        """This, drawn into `room`."""
        return Wanted(self.path, self.stamp, room, frame_s=self.frame_s, look=self.look)

    def tile(self, room: Cells) -> Wanted:
        """This as one of many, drawn small."""
        return Wanted(self.path, self.stamp, room, cells_only=True)


class ShowsPictures(Widget):
    """A widget that shows pictures which a studio draws."""

    def want(self) -> None:
        """Ask for what is to be seen, by the means in force now."""


def look_again(node: Widget) -> None:
    """Have all below `node` draw anew: other means are in force, or pictures are hidden, or shown again."""
    for widget in node.query(ShowsPictures):
        widget.want()
