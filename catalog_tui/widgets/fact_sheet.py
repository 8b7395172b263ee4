"""A sheet of facts."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from catalog_tui.core.names import cell_width, fit

from .wrapping import wrapped


class Fact(NamedTuple):
    """One line of the details."""

    label: str
    text: str
    warning: bool = False
    """Whether it says that something is odd: a wrong extension, a dead link."""


class FactSheet(Widget):
    """Facts under one another, labels in front, long texts wrapped."""

    COMPONENT_CLASSES = {"fact-sheet--title", "fact-sheet--label", "fact-sheet--warning"}
    DEFAULT_CSS = """
    FactSheet {
        & > .fact-sheet--title { color: $text; text-style: bold; }
        & > .fact-sheet--label { color: $text-muted; }
        & > .fact-sheet--warning { color: $text-warning; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.title = ""
        """As it is shown."""
        self._facts: tuple[Fact, ...] = ()
        self._lines: list[list[tuple[str, str]]] = []
        self._styles: dict[str, Style] = {}

    def show(self, title: str, facts: Sequence[Fact]) -> None:
        """Show `facts` under `title`, both ready for the screen (`names.display`)."""
        if (title, tuple(facts)) != (self.title, self._facts):
            self.title, self._facts = title, tuple(facts)
            self._lay_out()

    def on_resize(self) -> None:
        """Wrap anew."""
        self._lay_out()

    def _lay_out(self) -> None:
        width = max(8, self.size.width)
        label_width = min(width // 2, 1 + max((cell_width(fact.label) for fact in self._facts), default=0))
        lines = [[("title", line)] for line in wrapped(self.title, width)] if self.title else []
        for fact in self._facts:
            label = fit(fact.label, label_width)
            for line in wrapped(fact.text, width - label_width):
                lines.append([("label", label), ("warning" if fact.warning else "", line)])
                label = " " * label_width
        former, self._lines = self._lines, lines
        for y, (old, new) in enumerate(zip_longest(former, lines)):
            if old != new:
                self.refresh(Region(0, y, self.size.width, 1))

    def notify_style_update(self) -> None:
        """A theme was chosen."""
        super().notify_style_update()
        self._styles.clear()

    def render_line(self, y: int) -> Strip:
        """Line `y` of the sheet."""
        base = self._style("")
        if y >= len(self._lines):
            return Strip.blank(self.size.width, base)
        segments = [Segment(text, self._style(part)) for part, text in self._lines[y]]
        return Strip(segments).adjust_cell_length(self.size.width, base)

    def _style(self, part: str) -> Style:
        style = self._styles.get(part)
        if style is None:
            style = self.get_component_rich_style(f"fact-sheet--{part}") if part else self.rich_style
            self._styles[part] = style
        return style
