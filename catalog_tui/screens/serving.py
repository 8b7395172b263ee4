"""The window about the server that the app runs: where it answers, to whom, what was asked; it can be ended there."""

from collections.abc import Callable
from typing import Any

from textual import events, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.style import Style
from textual.widgets import Static

from catalog_tui.core.names import fit
from catalog_tui.core.units import format_count, format_size
from catalog_tui.core.words import _
from catalog_tui.serving import Reach, Request, Tally
from catalog_tui.widgets.dialogs import Choice, ChoiceDialog
from catalog_tui.widgets.server_bar import ServerBar

REFRESH_S = 0.5
STATS_EVERY = 4  # refreshes
QUIET_MODULES = 2
"""Light modules round a QR code; the standard asks for four, readers are content with two."""

HERE, NETWORK, NETWORK_DELETE = "here", "network", "network+delete"
REACHES = {
    HERE: Reach(),
    NETWORK: Reach("0.0.0.0"),
    NETWORK_DELETE: Reach("0.0.0.0", allow_delete=True),
}


def reach_dialog() -> ChoiceDialog:
    """Asks to whom the archive is to be served; the safest first."""
    choices = (
        Choice(HERE, _("To this machine only: read-only, no token"), "h"),
        Choice(NETWORK, _("To every machine in the network: read-only, with a token"), "n"),
        Choice(NETWORK_DELETE, _("The same, and files may be moved to the trash"), "t"),
    )
    return ChoiceDialog(_("Serve the archive: to whom?"), choices)


class ServerWindow(ModalScreen[None]):
    """What there is to know of the server that runs; it goes on when the window is closed."""

    DEFAULT_CSS = """
    ServerWindow {
        align: center middle;
        & > Vertical {
            width: 96; max-width: 100%; height: auto; max-height: 96%;
            border: round $border; border-title-color: $text-primary; border-title-style: bold;
            border-subtitle-color: $text-muted; background: $surface; padding: 0 1;
        }
        Horizontal { height: auto; }
        #server-facts { width: 1fr; }
        #server-code { width: auto; margin-left: 1; }
        #server-requests { height: auto; margin-top: 1; }
    }
    """

    def __init__(self, bar: ServerBar, *, get_stats: Callable[[str, str], dict[str, Any]]) -> None:
        """`get_stats` gives what the server at an address, with a token, says of its caches; runs in a thread."""
        super().__init__()
        self._bar = bar
        self._get_stats = get_stats
        self._stats: dict[str, Any] = {}
        self._refreshes = 0
        self._drawn = ""

    def compose(self) -> ComposeResult:
        """Facts and the QR code beside each other, requests below."""
        box = Vertical()
        box.border_title = _("Serving the archive")
        box.border_subtitle = _("x stops it · c a new code · Escape closes, it goes on")
        with box:
            with Horizontal():
                yield Static(id="server-facts")
                yield Static(id="server-code")
            yield Static(id="server-requests")

    def on_mount(self) -> None:
        """Look at the server now, and again and again."""
        self.set_interval(REFRESH_S, self._look)
        self.call_after_refresh(self._look)

    def _look(self) -> None:
        bar = self._bar
        if bar.server is None:
            self.dismiss()
            return
        if bar.began is not None and self._refreshes % STATS_EVERY == 0:
            self._ask_stats(bar.began.address, bar.began.token)
        self._refreshes += 1
        self.query_one("#server-facts", Static).update(self._facts())
        requests = self.query_one("#server-requests", Static)
        requests.update(recent_requests(bar.tally, requests.size.width, max(1, self.app.size.height // 2 - 10)))
        if bar.pairing != self._drawn:
            self._drawn = bar.pairing
            self.query_one("#server-code", Static).update(qr_code(bar.pairing))

    def _facts(self) -> Content:
        bar, tally = self._bar, self._bar.tally
        if bar.began is None or bar.server is None:
            return Content(_("Starting the server…"))
        lines = [Content.styled(bar.began.address, "bold $text-accent")]
        lines.append(Content(_reach_in_words(bar.server.reach)))
        if bar.began.token:
            lines += [Content(), Content.styled(_("Token"), "$text-muted"), Content(bar.began.token)]
            scan = _("The code opens it on one phone, once, within ten minutes.")
            lines += [Content(), Content.styled(scan, "$text-muted")]
        lines.append(Content())
        figures = [
            (_("Requests"), format_count(tally.requests)),
            (_("Errors"), format_count(tally.errors)),
            (_("Sent"), format_size(tally.bytes)),
        ]
        if self._stats:
            hits, misses = self._stats["hits"], self._stats["misses"]
            figures.append((_("From caches"), f"{format_count(hits)} / {format_count(hits + misses)}"))
            figures.append((_("Answers kept"), format_size(self._stats["answer_bytes"])))
        width = max(len(label) for label, _figure in figures) + 2
        lines += [Content.styled(label.ljust(width), "$text-muted") + Content(figure) for label, figure in figures]
        return Content("\n").join(lines)

    @work(thread=True, exclusive=True, group="stats", exit_on_error=False)
    def _ask_stats(self, address: str, token: str) -> None:
        self._stats = self._get_stats(address, token) or self._stats

    def on_key(self, event: events.Key) -> None:
        """Stop the server, make a new code, or close the window."""
        if event.key == "x":
            self._bar.stop()
        elif event.key == "c" and self._bar.server is not None and self._bar.pairing:
            self._bar.server.ask_for_pairing()
        elif event.key in ("escape", "q", "N"):
            self.dismiss()
        else:
            return
        event.stop()
        event.prevent_default()


def _reach_in_words(reach: Reach) -> str:
    who = _("to every machine in the network, with the token") if reach.is_network else _("to this machine only")
    return f"{who}; {_('files can be moved to the trash') if reach.allow_delete else _('read-only')}"


def recent_requests(tally: Tally, width: int, most: int) -> Content:
    """The last `most` requests, the newest first, each in a line of at most `width` cells."""
    lines = []
    for request in list(tally.recent)[: -most - 1 : -1]:
        line = fit(_in_a_line(request), max(20, width))
        lines.append(Content.styled(line, "$text-warning" if request.status >= 400 else "$text-muted"))
    return Content("\n").join(lines)


def _in_a_line(request: Request) -> str:
    return f"{request.status} {request.method} {request.path}  {format_size(request.bytes)}  {request.ms:.1f} ms"


def qr_code(text: str) -> Content:
    """`text` as a QR code (ISO/IEC 18004) of half blocks; its light modules are drawn, for screens without colours."""
    if not text:
        return Content()
    import segno

    rows = [list(row) for row in segno.make(text, error="l", micro=False).matrix_iter(border=QUIET_MODULES)]
    if len(rows) % 2:
        rows.append([0] * len(rows[0]))
    blocks = {(0, 0): "█", (0, 1): "▀", (1, 0): "▄", (1, 1): " "}
    drawn = [
        "".join(blocks[bool(upper), bool(lower)] for upper, lower in zip(*pair, strict=True))
        for pair in zip(rows[::2], rows[1::2], strict=True)
    ]
    return Content.styled("\n".join(drawn), Style.parse("#ffffff on #000000"))
