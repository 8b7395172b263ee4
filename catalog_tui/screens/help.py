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
        width = max((cell_width(row.keys) for row in self._rows), default=0)
        parts: list[Content | tuple[str, str]] = []
        for heading, rows in groupby(self._rows, key=lambda row: row.heading):
            parts.append((f"{'' if not parts else chr(10)}{heading}\n", "bold $text-primary"))
            for row in rows:
                parts.append((f"  {fit(row.keys, width)}  ", "$text-accent"))
                parts.append((f"{row.help}\n", ""))
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
