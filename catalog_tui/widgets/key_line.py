"""The last line of the screen: the commands that matter now, with their keys."""

from rich.segment import Segment
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from catalog_tui.commands.active import ActiveCommand, active_commands
from catalog_tui.core.names import cell_width


class KeyLine(Widget):
    """Keys and labels of the footer commands that answer on this screen; a click carries one out.

    Textual's own footer mounts a widget for each key whenever the focus moves; this draws one line."""

    COMPONENT_CLASSES = {"key-line--key"}
    DEFAULT_CSS = """
    KeyLine {
        height: 1; background: $footer-background; color: $footer-description-foreground;
        & > .key-line--key { color: $footer-key-foreground; text-style: bold; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown: list[ActiveCommand] = []
        self._ends: list[int] = []

    def on_mount(self) -> None:
        """Follow the focus: other widgets have other commands."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _screen: self.show_commands())

    def show_commands(self) -> None:
        """Show what answers now."""
        shown = [item for item in active_commands(self.screen) if item.command.in_footer and item.keys]
        if shown != self._shown:
            self._shown = shown
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """The only line."""
        base = self.rich_style
        key_style = self.get_component_rich_style("key-line--key")
        segments: list[Segment] = []
        self._ends = []
        end = 0
        for item in self._shown:
            key, label = f" {item.keys.split()[0]} ", f"{item.command.shown_label()} "
            end += cell_width(key) + cell_width(label)
            if end > self.size.width:
                break
            segments += [Segment(key, key_style), Segment(label, base)]
            self._ends.append(end)
        return Strip(segments).adjust_cell_length(self.size.width, base)

    async def on_click(self, event: events.Click) -> None:
        """Carry out the command that was clicked."""
        for item, end in zip(self._shown, self._ends, strict=False):
            if event.x < end:
                await self.app.run_action(item.command.action, item.node)
                return
