"""The first line of the screen: which archive, site, model and file one is at."""

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from catalog_tui.core.names import cell_width, fit

BETWEEN = " › "


class PlaceLine(Widget):
    """The path to the cursor, step by step, and a few words on the right."""

    COMPONENT_CLASSES = {"place-line--last", "place-line--between"}
    DEFAULT_CSS = """
    PlaceLine {
        height: 1; background: $panel; color: $text-muted; padding: 0 1;
        & > .place-line--last { color: $text; text-style: bold; }
        & > .place-line--between { color: $text-disabled; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._steps: tuple[str, ...] = ()
        self._note = ""

    def show(self, steps: tuple[str, ...]) -> None:
        """Show `steps`, the texts from the archive to where the cursor is."""
        if steps != self._steps:
            self._steps = steps
            self.refresh()

    def show_note(self, note: str) -> None:
        """Show `note` at the right end."""
        if note != self._note:
            self._note = note
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """The only line; where it is too long the first steps give way, then the note."""
        base = self.rich_style
        width = self.size.width
        steps = list(self._steps)
        last_width = min(width // 2, cell_width(steps[-1])) if steps else 0
        note = f"  {self._note}" if self._note and cell_width(self._note) + 2 <= width - last_width else ""
        room = width - cell_width(note)
        while len(steps) > 1 and sum(map(cell_width, steps)) + cell_width(BETWEEN) * (len(steps) - 1) > room:
            steps.pop(0)
        between = self.get_component_rich_style("place-line--between")
        last = self.get_component_rich_style("place-line--last")
        segments: list[Segment] = []
        for step in steps[:-1]:
            segments += [Segment(step, base), Segment(BETWEEN, between)]
        if steps:
            segments.append(Segment(fit(steps[-1], min(room, cell_width(steps[-1]))), last))
        left = Strip(segments).adjust_cell_length(room, base)
        return Strip([*left, Segment(note, base)], width)
