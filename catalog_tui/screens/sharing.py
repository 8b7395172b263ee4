"""A screen from which the archive can be served over the network, beside all else."""

from abc import abstractmethod
from typing import Any

from textual import on

from catalog_tui.config import Settings
from catalog_tui.core.archive import Archive
from catalog_tui.core.words import _
from catalog_tui.graphics.studio import Studio
from catalog_tui.screens.scanning import ScanningScreen
from catalog_tui.serving import STATS_PATH
from catalog_tui.widgets.server_bar import ServerBar

PATIENCE_S = 2.0


class SharingScreen(ScanningScreen):
    """Has a server bar, which its subclass composes."""

    def __init__(self, archive: Archive, settings: Settings, studio: Studio | None) -> None:
        super().__init__(archive, settings, studio)
        self.server_bar = ServerBar()

    @abstractmethod
    def go_to(self, path: str) -> None:
        """Put the cursors on the file at `path`, relative to the archive."""

    def action_server_open(self) -> None:
        """Show the server that runs; where none does, ask to whom the archive is to be served."""
        from catalog_tui.screens.serving import ServerWindow, reach_dialog

        if self.server_bar.server is None:
            self.app.push_screen(reach_dialog(), self._serve)
        else:
            self.app.push_screen(ServerWindow(self.server_bar, get_stats=get_stats))

    def _serve(self, answer: str | None) -> None:
        from catalog_tui.screens.serving import REACHES
        from catalog_tui.serving import ServerProcess

        if answer is None or self.server_bar.server is not None:
            return
        file = self.settings.file
        config = str(file) if file is not None and file.exists() else ""
        self.server_bar.start(ServerProcess(self.archive.root, REACHES[answer], port=self.settings.port, config=config))
        self.action_server_open()

    @on(ServerBar.Stopped)
    def say_server_stopped(self, message: ServerBar.Stopped) -> None:
        """Say why, where nobody asked for it."""
        if message.reason:
            text = _("The server ended: {reason}").format(reason=message.reason)
            self.app.notify(text, severity="error", markup=False, timeout=10)


def get_stats(address: str, token: str) -> dict[str, Any]:
    """What the server that answers at `address` says of its caches; {} where it does not tell."""
    import json
    from http.client import HTTPConnection, HTTPException
    from urllib.parse import urlsplit

    connection = HTTPConnection("127.0.0.1", urlsplit(address).port, timeout=PATIENCE_S)
    try:
        connection.request("GET", STATS_PATH, headers={"Authorization": f"Bearer {token}"} if token else {})
        found: dict[str, Any] = json.load(connection.getresponse())
    except (OSError, HTTPException, ValueError):
        return {}  # it is ending, or busy: the figures shown stay those before
    finally:
        connection.close()
    return found
