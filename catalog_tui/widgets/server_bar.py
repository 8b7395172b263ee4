"""The line that says where the archive is served, and how much was asked; it carries the server's process."""

from rich.segment import Segment
from rich.style import Style
from textual import on, work
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from catalog_tui.core.names import cell_width
from catalog_tui.core.units import format_count, format_size
from catalog_tui.core.words import _, ngettext, reason_of
from catalog_tui.serving import Began, Ended, Pairing, Request, ServerProcess, Tally

REFRESH_S = 0.25
"""How often the figures are painted anew while requests come."""


class ServerBar(Widget):
    """Runs one server at a time; hidden while there is none."""

    COMPONENT_CLASSES = {"server-bar--word", "server-bar--address", "server-bar--errors", "server-bar--aside"}
    DEFAULT_CSS = """
    ServerBar {
        height: 1; padding: 0 1; display: none; background: $panel; color: $foreground;
        &.-serving { display: block; }
        & > .server-bar--word { text-style: bold; color: $text-primary; }
        & > .server-bar--address { color: $text-accent; }
        & > .server-bar--errors { color: $text-warning; }
        & > .server-bar--aside { color: $foreground-muted; }
    }
    """

    class Said(Message):
        """The server said something."""

        def __init__(self, server: ServerProcess, event: Began | Pairing | Ended) -> None:
            super().__init__()
            self.server = server
            self.event = event

    class Stopped(Message):
        """The server is gone; why, "" where that was asked for."""

        def __init__(self, reason: str) -> None:
            super().__init__()
            self.reason = reason

    def __init__(self, *, key: str = "N") -> None:
        """`key` is the one that shows more."""
        super().__init__()
        self._key = key
        self.server: ServerProcess | None = None
        """The one that runs, or is being started."""
        self.began: Began | None = None
        """Where it answers; None until it does."""
        self.pairing = ""
        """An address that opens one session, once; "" until it is known."""
        self.tally = Tally()
        self._painted = 0

    def on_mount(self) -> None:
        """Paint the figures now and then, however fast they change."""
        self.set_interval(REFRESH_S, self._refresh_if_changed)

    def _refresh_if_changed(self) -> None:
        if self.tally.requests != self._painted:
            self._painted = self.tally.requests
            self.refresh()

    def start(self, server: ServerProcess) -> None:
        """Start `server`; where one runs already, nothing happens."""
        if self.server is not None:
            return
        self.server = server
        self.began = None
        self.pairing = ""
        self.tally = Tally()
        self.add_class("-serving")
        self.refresh()
        self._follow(server)

    def stop(self) -> None:
        """Ask the server to end."""
        if self.server is not None:
            self.server.end()

    def on_unmount(self) -> None:
        """Leave no process behind."""
        if self.server is not None:
            self.server.close()

    @work(thread=True, group="server", exit_on_error=False)
    def _follow(self, server: ServerProcess) -> None:
        tally = self.tally
        try:
            server.start()
        except OSError as error:
            self.post_message(self.Said(server, Ended(reason_of(error))))
            return
        for event in server.events():
            if isinstance(event, Request):
                tally.add(event)
            else:
                self.post_message(self.Said(server, event))

    @on(Said)
    def take_in(self, message: Said) -> None:
        """Note where it answers, or that it is gone."""
        message.stop()
        if message.server is not self.server:
            return
        match message.event:
            case Began() as began:
                self.began = began
                if began.token:
                    message.server.ask_for_pairing()
            case Pairing(address):
                self.pairing = address
            case Ended(reason):
                self.server = self.began = None
                self.remove_class("-serving")
                self.post_message(self.Stopped(reason))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """The only line."""
        if self.began is None:
            parts = [("word", _("Starting the server…"))]
        else:
            tally = self.tally
            requests = ngettext("{count} request", "{count} requests", tally.requests)
            parts = [
                ("word", _("Serving") + " "),
                ("address", self.began.address),
                ("", "  " + requests.format(count=format_count(tally.requests))),
                ("", "  " + format_size(tally.bytes)),
            ]
            if tally.errors:
                errors = ngettext("{count} error", "{count} errors", tally.errors)
                parts.append(("errors", "  " + errors.format(count=format_count(tally.errors))))
        more = ("aside", "  " + _("{key} shows more").format(key=self._key))
        room = self.size.width - cell_width(more[1])
        while len(parts) > 2 and sum(cell_width(text) for _part, text in parts) > room:
            parts.pop()
        segments = [Segment(text, self._style(part)) for part, text in (*parts, more)]
        return Strip(segments).adjust_cell_length(self.size.width, self.rich_style)

    def _style(self, part: str) -> Style:
        return self.get_component_rich_style(f"server-bar--{part}") if part else self.rich_style
