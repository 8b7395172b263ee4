"""Help for where one is: every command that answers there, with its keys."""

from itertools import groupby

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from catalog_tui.commands.active import HelpRow
from catalog_tui.core.names import cell_width, fit
from catalog_tui.core.words import _
from catalog_tui.widgets.wrapping import wrapped

MOST_CELLS = 84
FRAME_CELLS = 8
"""Border, padding and scrollbar."""


class HelpScreen(ModalScreen[None]):
    """The commands of one moment; any of Escape, q, ? or Enter closes it."""

    DEFAULT_CSS = """
    HelpScreen {
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

    def __init__(self, rows: list[HelpRow]) -> None:
        super().__init__()
        self._rows = rows

    def compose(self) -> ComposeResult:
        """One scrolling text."""
        box = VerticalScroll()
        box.border_title = _("Keys here")
        box.border_subtitle = _("Escape closes")
        with box:
            yield Static(self._text())

    def _text(self) -> Content:
        rows = [row for row in self._rows if row.keys]
        width = max((cell_width(row.keys) for row in rows), default=0)
        room = min(MOST_CELLS, self.app.size.width * 96 // 100) - FRAME_CELLS - width - 4
        parts: list[Content | tuple[str, str]] = []
        for heading, group in groupby(rows, key=lambda row: row.heading):
            parts.append((f"{chr(10) if parts else ''}{heading}\n", "bold $text-primary"))
            for row in group:
                keys = row.keys
                for line in wrapped(row.help, max(20, room)):
                    parts += [(f"  {fit(keys, width)}  ", "$text-accent"), (f"{line}\n", "")]
                    keys = ""
        return Content.assemble(*parts)

    def on_key(self, event: events.Key) -> None:
        """Close, or scroll by j and k besides the arrows."""
        box = self.query_one(VerticalScroll)
        if event.key in self.CLOSING_KEYS:
            self.dismiss()
        elif event.key == "j":
            box.scroll_down(animate=False)
        elif event.key == "k":
            box.scroll_up(animate=False)
        else:
            return
        event.stop()
        event.prevent_default()
