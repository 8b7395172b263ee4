"""Where a picture stands: the last one until the next is there, or words on why there is none."""

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import replace

from textual import on
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from catalog_tui.core.media import Facts
from catalog_tui.core.words import _
from catalog_tui.graphics.drawing import Cells, Drawing
from catalog_tui.graphics.looking import Look
from catalog_tui.graphics.strips import JoinedStrip
from catalog_tui.graphics.studio import Studio
from catalog_tui.graphics.wishes import Failed, Result, Shown, Wanted

from .subject import ShowsPictures, Subject

PATIENCE_S = 0.25
"""So long the former picture stays before "Loading…" takes its place: shorter would only flicker."""

FRAME_STEPS = 24
"""In so many steps one goes through a video."""


class PictureView(ShowsPictures):
    """Shows one picture at a time. It is drawn elsewhere (`Studio`); nothing here waits for it."""

    DEFAULT_CSS = """
    PictureView { background: $boost; color: $text-disabled; content-align: center middle; }
    """

    class Delivered(Message):
        """The studio has something for this widget."""

        def __init__(self, result: Result) -> None:
            super().__init__()
            self.result = result

    class Told(Message):
        """A picture stands there, of which more is known now."""

        def __init__(self, view: "PictureView", path: str, facts: Facts) -> None:
            super().__init__()
            self.set_sender(view)
            self.path = path
            self.facts = facts

    def __init__(self, studio: Studio | None, *, id: str | None = None) -> None:
        """Without a `studio` there are only words."""
        super().__init__(id=id)
        self.studio = studio
        self.subject: Subject | None = None
        self.facts: Facts | None = None
        """Those of the file that is seen."""
        self._ahead: Sequence[Subject] = ()
        self._words = ""
        self._said = ""
        self._wanted: Wanted | None = None
        self._drawing: Drawing | None = None
        self._lines: list[Strip] = []
        self._patience: Timer | None = None
        self._painted: threading.Event | None = None
        """Set once what stands there is on its way to the terminal."""
        self.is_painted = False
        """Whether its cells were painted since what stands over them was written."""

    # What is to be shown

    def show(self, subject: Subject | None, *, words: str = "", ahead: Sequence[Subject] = ()) -> None:
        """Show the picture of `subject`, or `words` where there is none; those `ahead` will probably be next."""
        self._ahead = ahead
        if (subject, words) == (self.subject, self._words):
            return
        if subject is None or self.subject is None or subject.path != self.subject.path:
            self.facts = None
        self.subject, self._words = subject, words
        self.want()

    def look(self, look: Look) -> None:
        """Show another part of the same picture."""
        if self.subject is not None and look != self.subject.look:
            self.subject = replace(self.subject, look=look)
            self.want()

    def step(self, direction: int) -> None:
        """Of a video, go on by one step in time (1), or back (-1)."""
        subject, duration_s = self.subject, self.facts.duration_s if self.facts is not None else None
        if subject is None or not duration_s or (direction < 0 and subject.frame_s is None):
            return
        step_s = duration_s / FRAME_STEPS
        moment_s = (subject.frame_s or 0.0) + direction * step_s
        frame_s = None if moment_s < 0 else min(moment_s, duration_s - step_s / 2)
        self.subject = replace(subject, frame_s=frame_s)
        self.want()

    def want(self) -> None:
        """Ask for what is to be seen, as large as there is room, by the means in force."""
        self._stop_waiting()
        studio, subject = self.studio, self.subject
        room = Cells(*self.size)
        if studio is None or subject is None or studio.is_hiding or not self._is_seen():
            self._wanted = None
            if studio is not None:
                studio.forget(self)
            self._say(_("Pictures are hidden.") if studio is not None and studio.is_hiding and subject else self._words)
            return
        wanted = self._wanted = subject.wanted(room)
        ready = studio.ready(wanted)
        if ready is not None:
            self._take(ready)
        else:
            self._patience = self.set_timer(PATIENCE_S, self._lose_patience)
        ahead = [each.wanted(room) for each in self._ahead]
        studio.ask(self, [] if ready else [wanted], self._deliver, ahead=ahead)

    def _is_seen(self) -> bool:
        return bool(self.size.area) and all(
            node.display for node in self.ancestors_with_self if isinstance(node, Widget)
        )

    def _deliver(self, result: Result) -> None:
        self.post_message(self.Delivered(result))

    @on(Delivered)
    def take_delivery(self, message: Delivered) -> None:
        """Show it, unless something else is wanted by now."""
        message.stop()
        result = message.result
        if result.wanted != self._wanted:
            if isinstance(result, Shown) and result.painted is not None:
                result.painted.set()  # it never will be: nothing is to wait for that
            return
        if isinstance(result, Failed):
            self._stop_waiting()
            self._say(_("It cannot be shown: {reason}").format(reason=result.reason))
        else:
            self._take(result)

    def _take(self, shown: Shown) -> None:
        self._stop_waiting()
        self.facts = shown.facts
        self._said = ""
        self._set_drawing(shown.drawing)
        self._painted = shown.painted
        self.post_message(self.Told(self, shown.wanted.path, shown.facts))

    def _lose_patience(self) -> None:
        self._say(_("Loading…"))

    def _stop_waiting(self) -> None:
        if self._patience is not None:
            self._patience.stop()
            self._patience = None

    def _say(self, words: str) -> None:
        self._said = words
        self._set_drawing(None)

    def _set_drawing(self, drawing: Drawing | None) -> None:
        self._tell_painted()  # what stood there is not painted any more: nobody waits for it
        self._drawing = drawing
        self._lines = []
        self.refresh()

    def on_resize(self) -> None:
        """There is other room: until the picture is drawn anew, none is better than a wrong one."""
        self._set_drawing(None)
        self.want()

    def on_show(self) -> None:
        """It came into sight."""
        self.want()

    def on_hide(self) -> None:
        """It went out of sight: nothing is drawn for nobody."""
        self.want()

    def on_unmount(self) -> None:
        """Nobody is left to look."""
        self._tell_painted()
        if self.studio is not None:
            self.studio.forget(self)

    # What is seen

    def render(self) -> Content:
        """The words alone; they are the program's, never a file's name."""
        return Content(self._said)

    def notify_style_update(self) -> None:
        """A theme was chosen."""
        super().notify_style_update()
        self._lines = []

    def render_lines(self, crop: Region) -> list[Strip]:
        """The picture's cells as they were drawn: they are ready for the terminal, whatever the styles."""
        if self._drawing is None:
            return super().render_lines(crop)
        if not self._lines:
            self._lines = self._framed(self._drawing)
        self.is_painted = bool(self._drawing.over)
        if self._painted is not None:  # told when what is rendered now is written, which is before the loop goes on
            asyncio.get_running_loop().call_soon(self._tell_painted)
        lines = self._lines[crop.y : crop.bottom]
        if (crop.x, crop.width) == (0, self.size.width):
            return lines
        return [line.crop(crop.x, crop.right) for line in lines]

    def _tell_painted(self) -> None:
        if self._painted is not None:
            self._painted.set()
            self._painted = None

    def _framed(self, drawing: Drawing) -> list[Strip]:
        """The drawing with blank cells around it, as large as the widget."""
        blank = self.rich_style
        left, top = self.drawn_at(drawing)
        width, height = self.size
        empty = Strip.blank(width, blank)
        lines = [
            JoinedStrip((Strip.blank(left, blank), line, Strip.blank(width - left - drawing.cells.columns, blank)))
            for line in drawing.lines
        ]
        return [*[empty] * top, *lines, *[empty] * (height - top - len(lines))]

    def drawn_at(self, drawing: Drawing) -> tuple[int, int]:
        """The column and row in the widget where the drawing's first cell is."""
        return (self.size.width - drawing.cells.columns) // 2, (self.size.height - drawing.cells.rows) // 2

    @property
    def is_settled(self) -> bool:
        """Whether nothing is still to come: what is wanted stands there, or why it does not."""
        return self._patience is None

    @property
    def drawing(self) -> Drawing | None:
        """What stands there, if it is a picture."""
        return self._drawing
