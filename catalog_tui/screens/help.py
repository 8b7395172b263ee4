"""Help for where one is: every command that answers there, with its keys."""

from itertools import groupby

from textual.content import Content

from catalog_tui.commands.active import HelpRow
from catalog_tui.core.names import cell_width, fit
from catalog_tui.core.words import _
from catalog_tui.widgets.reading_window import ReadingWindow
from catalog_tui.widgets.wrapping import wrapped


class HelpScreen(ReadingWindow):
    """The commands of one moment."""

    def __init__(self, rows: list[HelpRow]) -> None:
        super().__init__(_("Keys here"))
        self._rows = rows

    def text(self) -> Content:
        """Keys and what they do, group by group."""
        rows = [row for row in self._rows if row.keys]
        width = max((cell_width(row.keys) for row in rows), default=0)
        room = self.room - width - 4
        parts: list[Content | tuple[str, str]] = []
        for heading, group in groupby(rows, key=lambda row: row.heading):
            parts.append((f"{chr(10) if parts else ''}{heading}\n", "bold $text-primary"))
            for row in group:
                keys = row.keys
                for line in wrapped(row.help, max(20, room)):
                    parts += [(f"  {fit(keys, width)}  ", "$text-accent"), (f"{line}\n", "")]
                    keys = ""
        return Content.assemble(*parts)
