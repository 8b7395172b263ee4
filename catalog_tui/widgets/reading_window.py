"""A window with a text to read, and where it makes sense to save."""

import os
import time
from abc import abstractmethod

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from catalog_tui.core.names import display
from catalog_tui.core.words import _, reason_of

MOST_CELLS = 84
FRAME_CELLS = 8
"""Border, padding and scrollbar."""


class ReadingWindow(ModalScreen[None]):
    """Scrolls one text; any of Escape, q, ? or Enter closes it."""

    DEFAULT_CSS = """
    ReadingWindow {
        align: center middle;
        VerticalScroll {
            width: 84; max-width: 96%; height: auto; max-height: 92%;
            border: round $border; border-title-color: $text-primary; border-title-style: bold;
            border-subtitle-color: $text-muted; background: $surface; padding: 0 2;
            scrollbar-size-vertical: 1;
        }
        Static { width: 1fr; }
    }
    """
    CLOSING_KEYS = frozenset({"escape", "q", "question_mark", "enter", "f1"})

    def __init__(self, title: str, *, saved_as: str = "") -> None:
        """`saved_as` begins the name of the file that `s` saves the text to; "" for what is not worth saving."""
        super().__init__()
        self._title = title
        self._saved_as = saved_as

    @abstractmethod
    def text(self) -> Content:
        """What there is to read, broken into lines of at most `room` cells."""

    @property
    def room(self) -> int:
        """Cells in a line of the text."""
        return max(20, min(MOST_CELLS, self.app.size.width * 96 // 100) - FRAME_CELLS)

    def compose(self) -> ComposeResult:
        """One scrolling text."""
        box = VerticalScroll()
        box.border_title = self._title
        box.border_subtitle = _("s saves it · Escape closes") if self._saved_as else _("Escape closes")
        with box:
            yield Static(self.text())

    def on_key(self, event: events.Key) -> None:
        """Close, save, or scroll by j and k besides the arrows."""
        box = self.query_one(VerticalScroll)
        if event.key in self.CLOSING_KEYS:
            self.dismiss()
        elif event.key == "j":
            box.scroll_to(y=box.scroll_y + 1, animate=False, immediate=True)
        elif event.key == "k":
            box.scroll_to(y=box.scroll_y - 1, animate=False, immediate=True)
        elif event.key == "s" and self._saved_as:
            self._save()
        else:
            return
        event.stop()
        event.prevent_default()

    def _save(self) -> None:
        """Write the text to a new file in the user's home."""
        path = os.path.join(os.path.expanduser("~"), f"{self._saved_as}-{time.strftime('%Y%m%d-%H%M%S')}.txt")
        try:
            with open(path, "x", encoding="utf-8") as file:
                file.write(f"{self._title}\n\n{self.text().plain}\n")
        except OSError as error:
            self.notify(_("It could not be saved: {reason}").format(reason=reason_of(error)), severity="error")
        else:
            self.notify(_("Saved as {path}").format(path=display(path)), markup=False)
