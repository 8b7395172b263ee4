"""One picture on the whole screen: the next and the one before, nearer and moved about."""

from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from catalog_tui.commands import FRAME_COMMANDS, LOOK_COMMANDS, MEDIA_COMMANDS, bindings
from catalog_tui.core.units import format_count, format_duration
from catalog_tui.core.words import _
from catalog_tui.graphics.looking import WHOLE_LOOK
from catalog_tui.graphics.studio import Studio
from catalog_tui.screens.file_actions import copy_path, open_file
from catalog_tui.widgets.key_line import KeyLine
from catalog_tui.widgets.picture_facts import short_facts
from catalog_tui.widgets.picture_view import PictureView
from catalog_tui.widgets.place_line import PlaceLine
from catalog_tui.widgets.series import Series
from catalog_tui.widgets.subject import Subject

NEARER = 1.5
"""One step of zoom."""
STEP = 0.25
"""One step to a side, in parts of what is seen."""


class WholeScreen(Screen[None]):
    """Shows the pictures of a series one by one."""

    USER_COMMANDS = (*LOOK_COMMANDS, *FRAME_COMMANDS, *MEDIA_COMMANDS)
    BINDINGS: ClassVar[list[BindingType]] = bindings(*USER_COMMANDS)
    DEFAULT_CSS = """
    WholeScreen { PictureView { height: 1fr; } }
    """

    def __init__(self, series: Series, studio: Studio | None) -> None:
        super().__init__()
        self._series = series
        self._row = series.cursor
        self.picture = PictureView(studio)
        self.place_line = PlaceLine()

    def compose(self) -> ComposeResult:
        """What it is, the picture, the keys."""
        yield self.place_line
        yield self.picture
        yield KeyLine()

    def on_mount(self) -> None:
        """Show what is under the cursor."""
        self._show()

    def _show(self) -> None:
        around = (self._neighbour(1), self._neighbour(-1))
        ahead = [subject for row in around if row is not None and (subject := self._seen(row))]
        self.picture.show(self._seen(self._row), words=_("There is no picture here."), ahead=ahead)
        self._say()

    @on(PictureView.Told)
    def _say(self) -> None:
        facts = self.picture.facts
        self.place_line.show((self._series.label(self._row),))
        place = f"{format_count(self._row + 1)}/{format_count(self._series.rows)}"
        notes = [place] if facts is None else [short_facts(facts), place]
        subject = self.picture.subject
        if subject is not None and subject.frame_s is not None:
            notes.insert(0, format_duration(subject.frame_s))
        if subject is not None and subject.look.zoom > 1:
            notes.insert(0, f"{subject.look.zoom:.1f}×")
        self.place_line.show_note(" · ".join(notes))

    def _seen(self, row: int) -> Subject | None:
        """The picture in a row as it is to be looked at: of files that are compared, at the same part of each."""
        subject, now = self._series.subject(row), self.picture.subject
        if subject is None or now is None or not self._series.compares:
            return subject
        return replace(subject, look=now.look)

    def _neighbour(self, direction: int) -> int | None:
        """The nearest row in this direction that has a picture; None where there is none."""
        if self._series.compares:
            return (self._row + direction) % self._series.rows
        rows = range(self._row + direction, self._series.rows if direction > 0 else -1, direction)
        return next((row for row in rows if self._series.subject(row) is not None), None)

    def _go(self, direction: int) -> None:
        row = self._neighbour(direction)
        if row is not None:
            self._row = row
            self._series.move_to(row)
            self._show()

    # Commands

    def action_look_next(self) -> None:
        self._go(1)

    def action_look_previous(self) -> None:
        self._go(-1)

    def action_look_nearer(self) -> None:
        self._zoom(NEARER)

    def action_look_further(self) -> None:
        self._zoom(1 / NEARER)

    def _zoom(self, factor: float) -> None:
        if (subject := self.picture.subject) is not None:
            self.picture.look(subject.look.nearer(factor))
            self._say()

    def action_look_whole(self) -> None:
        """Show all of it."""
        self.picture.look(WHOLE_LOOK)
        self._say()

    def action_look_left(self) -> None:
        self._move(-STEP, 0)

    def action_look_right(self) -> None:
        self._move(STEP, 0)

    def action_look_up(self) -> None:
        self._move(0, -STEP)

    def action_look_down(self) -> None:
        self._move(0, STEP)

    def _move(self, right: float, down: float) -> None:
        subject = self.picture.subject
        if subject is not None and subject.look.zoom > 1:
            self.picture.look(subject.look.moved(right, down))
        else:
            self._go(1 if right + down > 0 else -1)

    def action_look_leave(self) -> None:
        """Back to the list."""
        self.dismiss()

    def action_frame_next(self) -> None:
        self.picture.step(1)

    def action_frame_previous(self) -> None:
        self.picture.step(-1)

    def _path(self) -> str | None:
        subject: Subject | None = self.picture.subject
        return None if subject is None else subject.path

    def action_media_open(self) -> None:
        open_file(self, self._path())

    def action_media_copy_path(self) -> None:
        copy_path(self, self._path())
