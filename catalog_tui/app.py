"""The terminal app: themes, keymap, signals, the first screen; what one sees is in screens/ and widgets/."""

import asyncio
import gc
import signal
from typing import ClassVar

from textual.app import App
from textual.binding import BindingType

from catalog_tui.commands import APP_COMMANDS, bindings
from catalog_tui.commands.active import help_rows
from catalog_tui.commands.keymap import build_keymap
from catalog_tui.commands.palette import CommandsProvider
from catalog_tui.config import Settings
from catalog_tui.core.archive import Archive
from catalog_tui.core.complaints import Complaint
from catalog_tui.core.errors import CatalogError
from catalog_tui.core.layout import LayoutRules
from catalog_tui.core.reader import DirectReader, Reader
from catalog_tui.core.state import State, load_place, load_state, save_place, save_state
from catalog_tui.screens.browse import BrowseScreen
from catalog_tui.screens.help import HelpScreen

DEFAULT_THEME = "textual-dark"
UNCOLOURED_THEME = "ansi-dark"
SAVE_EVERY_S = 5.0
"""How often the place is saved while it changes, so that a kill loses no more than that."""

ENDING_SIGNALS = ("SIGHUP", "SIGTERM")
INTERRUPTED = 130


class CatalogApp(App[int]):
    """Browses one archive."""

    CSS_PATH = "catalog.tcss"
    TITLE = "catalog-tui"
    COMMANDS = {CommandsProvider}
    USER_COMMANDS = APP_COMMANDS
    BINDINGS: ClassVar[list[BindingType]] = bindings(*APP_COMMANDS)
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow"), (120, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (12, "-high")]

    def __init__(self, archive: Archive, reader: Reader, settings: Settings, complaints: list[Complaint]) -> None:
        super().__init__()
        self.archive = archive
        self.state, state_complaints = load_state()
        self.saved_place, place_complaints = load_place(archive.root)
        keymap, key_complaints = build_keymap(settings.key_preset, settings.keys)
        self.set_keymap(keymap)
        self.complaints = [*complaints, *key_complaints, *state_complaints, *place_complaints]
        self.browser = BrowseScreen(archive, reader, settings, self.saved_place)
        self._choose_theme(settings.theme or self.state.theme)

    def _choose_theme(self, wanted: str) -> None:
        if wanted and wanted not in self.available_themes:
            self.complaints.append(Complaint(f"there is no theme {wanted}", "theme"))
            wanted = ""
        self.theme = UNCOLOURED_THEME if self.no_color else wanted or DEFAULT_THEME

    def on_mount(self) -> None:
        """Show the browser, and end in good order when the terminal hangs up or somebody ends the process."""
        self.push_screen(self.browser)
        for name in ENDING_SIGNALS:
            if hasattr(signal, name):
                asyncio.get_running_loop().add_signal_handler(getattr(signal, name), self.exit, INTERRUPTED)
        self.set_interval(SAVE_EVERY_S, self.save)
        self.call_after_refresh(self._settle)

    def _settle(self) -> None:
        """After the first paint: tell what is wrong with the settings, and take what stands from the collector."""
        for complaint in self.complaints:
            self.notify(str(complaint), severity="warning", markup=False, timeout=10)
        gc.collect()
        gc.freeze()

    def save(self) -> None:
        """Remember place and theme, if they changed."""
        place = self.browser.place()
        state = State(last_archive=self.archive.root, theme=self.state.theme if self.no_color else self.theme)
        try:
            if place != self.saved_place:
                save_place(self.archive.root, place)
                self.saved_place = place
            if state != self.state:
                save_state(state)
                self.state = state
        except CatalogError as error:
            self.notify(str(error), severity="warning", markup=False)

    # Commands

    def action_app_quit(self) -> None:
        self.exit(0)

    def action_app_help(self) -> None:
        self.push_screen(HelpScreen(help_rows(self.screen)))

    def action_app_theme(self) -> None:
        self.search_themes()


def run(root: str, settings: Settings, complaints: list[Complaint]) -> int:
    """Browse the archive at `root` until the user leaves; gives the exit code."""
    reader = DirectReader()
    rules = LayoutRules(depths=settings.depth, follow_links=settings.follow_links)
    archive = Archive(root, rules=rules, reader=reader)
    app = CatalogApp(archive, reader, settings, complaints)
    code = app.run()
    app.save()
    return code or 0
