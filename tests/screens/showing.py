"""Pictures for the tests of the screens: a source that gives them when it is told to, and what is seen of them."""

import threading
from collections.abc import Callable
from io import BytesIO
from typing import Literal

from PIL import Image

from catalog_tui.core.errors import Cancelled
from catalog_tui.core.kinds import Kind
from catalog_tui.core.listing import never
from catalog_tui.core.media import CannotShow, Facts, Problem
from catalog_tui.core.thumbnails import Picture, Priority
from catalog_tui.graphics.studio import Source
from catalog_tui.widgets.picture_view import PictureView

LOOK_S = 0.002


def colour_of(path: str) -> tuple[int, int, int]:
    """The colour of the picture of this file: that of no other."""
    return (sum(path.encode("utf-8", "surrogateescape")) * 7 % 200 + 20, len(path) * 13 % 200 + 20, 60)


def plain_picture(path: str, *, frame: float | None = None, duration_s: float | None = None) -> Picture:
    """A picture of one colour, a video's frames each of their own."""
    red, green, blue = colour_of(path)
    stream = BytesIO()
    shade = int((frame or 0) * 10) % 180
    Image.new("RGB", (320, 200), (red, green, blue + shade)).save(stream, "PNG")
    facts = Facts(
        Kind.VIDEO if duration_s else Kind.IMAGE, "jpg", 3200, 2000, duration_s=duration_s, taken="2024-05-31 18:02:11"
    )
    return Picture(stream.getvalue(), "png", 320, 200, facts)


class StagedSource:
    """Gives pictures at once, or, while it is held, no sooner than it is let go; counts what was asked and finished."""

    def __init__(self, *, held: bool = False, refuses: tuple[str, ...] = (), duration_s: float | None = None) -> None:
        self.threads: set[threading.Thread] = set()
        self.asked: list[tuple[str, int, float | None, Priority]] = []
        self.finished: list[str] = []
        self.cancelled: list[str] = []
        self.is_warm = self.is_closed = False
        self._refuses = refuses
        self._duration_s = duration_s
        self._go = threading.Event()
        if not held:
            self._go.set()

    def hold(self) -> None:
        """Give nothing more until it is let go."""
        self._go.clear()

    def let_go(self) -> None:
        """Give what is asked for."""
        self._go.set()

    def open(self, _complain: object) -> Source:
        """For `open_pictures`."""
        return self

    def get(
        self,
        path: str,
        size: Literal[320, 1280],
        *,
        frame: float | None = None,
        priority: Priority = Priority.VIEW,
        cancelled: Callable[[], bool] = never,
    ) -> Picture:
        self.threads.add(threading.current_thread())
        self.asked.append((path, size, frame, priority))
        while not self._go.wait(LOOK_S):
            if cancelled() or self.is_closed:
                self.cancelled.append(path)
                raise Cancelled
        if path.endswith(self._refuses or ("\0",)):
            raise CannotShow(Problem.BROKEN)
        self.finished.append(path)
        return plain_picture(path, frame=frame, duration_s=self._duration_s)

    def warm(self) -> None:
        self.is_warm = True

    def close(self) -> None:
        self.is_closed = True
        self._go.set()


def seen_colour(view: PictureView) -> tuple[int, ...] | None:
    """The colour in the middle of a view; None where no picture stands there."""
    drawing = view.drawing
    if drawing is None:
        return None
    line = drawing.lines[len(drawing.lines) // 2]
    style = next(iter(line)).style
    assert style is not None
    assert style.bgcolor is not None
    return tuple(style.bgcolor.get_truecolor())


def words_in(view: PictureView) -> str:
    """What is said in place of a picture."""
    return "" if view.drawing is not None else str(view.render())
