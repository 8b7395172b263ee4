"""The terminal app: themes, keymap, signals, the first screen; what one sees is in screens/ and widgets/."""

import asyncio
import gc
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from time import monotonic
from typing import ClassVar

from rich.console import RenderableType
from textual import events, on, work
from textual.app import App
from textual.binding import BindingType
from textual.command import CommandPalette
from textual.driver import Driver
from textual.geometry import Size
from textual.widget import Widget

from catalog_tui.commands import APP_COMMANDS, bindings
from catalog_tui.commands.active import help_rows
from catalog_tui.commands.keymap import build_keymap
from catalog_tui.commands.palette import CommandsProvider
from catalog_tui.config import Settings, nearest
from catalog_tui.core.archive import Archive
from catalog_tui.core.complaints import Complaint
from catalog_tui.core.errors import CatalogError
from catalog_tui.core.reader import Reader
from catalog_tui.core.state import Place, State, load_state, save_place, save_state
from catalog_tui.core.words import _
from catalog_tui.graphics import tmux
from catalog_tui.graphics.answers import Answered
from catalog_tui.graphics.studio import Source
from catalog_tui.picturing import Picturing, open_thumbnails
from catalog_tui.screens.browse import BrowseScreen
from catalog_tui.screens.help import HelpScreen
from catalog_tui.widgets.dialogs import Choice, ChoiceDialog
from catalog_tui.widgets.filter_input import FilterInput
from catalog_tui.widgets.record_list import RecordList

DEFAULT_THEME = "textual-dark"
UNCOLOURED_THEME = "ansi-dark"
SAVE_EVERY_S = 5.0
"""How often the place is saved while it changes, so that a kill loses no more than that."""

MEASURE_EVERY_S = 1.0
"""How often the terminal is asked for its size, besides when it tells of a change."""

GARBAGE_LIMITS = (700, 10, 100)
"""The collector goes through all that came since the start, for 10 to 25 ms, after 700,000 new objects: Python's own
last figure is 10, and the answer to one key in a hundred waited for it."""

WARM_S = 0.5
"""When the first decoder is started: after the first screen is read, before one has gone to a file."""

KEY_PATIENCE_S = 1.0
"""A key that has not come back by then never will: what it was sent to is gone."""

ENDING_SIGNALS = ("SIGHUP", "SIGTERM")
INTERRUPTED = 130


class CatalogApp(App[int], inherit_bindings=False):
    """Browses one archive."""

    CSS_PATH = "catalog.tcss"
    TITLE = "catalog-tui"
    COMMANDS = {CommandsProvider}
    USER_COMMANDS = APP_COMMANDS
    BINDINGS: ClassVar[list[BindingType]] = bindings(*APP_COMMANDS)
    HORIZONTAL_BREAKPOINTS = [
        (0, "-tiny"),
        (60, "-narrow"),
        (110, "-middling"),
        (140, "-wide"),
        (176, "-roomy"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (12, "-middling-low"), (28, "-high")]

    def __init__(
        self,
        archive: Archive,
        reader: Reader,
        settings: Settings,
        place: Place,
        complaints: Sequence[Complaint],
        open_pictures: Callable[[Callable[[Complaint], None]], Source] = open_thumbnails,
    ) -> None:
        """`place` is where the browser begins; the `complaints` are shown once it stands; `open_pictures` gives where
        pictures come from."""
        # Textual picks its filter here: with this one NO_COLOR means no colour at all, without it greys.
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        self.archive = archive
        self.saved_place = place
        self.state, state_complaints = load_state()
        keymap, key_complaints = build_keymap(settings.key_preset, settings.keys)
        self.set_keymap(keymap)
        self.complaints = [*complaints, *key_complaints, *state_complaints]
        self.pictures = Picturing(self, settings.preview, open_pictures)
        self.pictures.hide(self.state.pictures_hidden)
        self.browser = BrowseScreen(archive, reader, settings, place, self.pictures.studio)
        self._leaving_after_scan = False
        self._keys = deque[events.Key]()
        self._key_on_its_way: events.Key | None = None
        self._sent_s = 0.0
        self._choose_theme(settings.theme or self.state.theme)

    def _choose_theme(self, wanted: str) -> None:
        if wanted and wanted not in self.available_themes:
            text = _("there is no theme “{name}”").format(name=wanted) + nearest(wanted, self.available_themes)
            self.complaints.append(Complaint(text, "theme"))
            wanted = ""
        self.theme = UNCOLOURED_THEME if self.no_color else wanted or DEFAULT_THEME

    def on_mount(self) -> None:
        """Show the browser, and end in good order when the terminal hangs up or somebody ends the process."""
        self.pictures.equip()
        self.theme_changed_signal.subscribe(self, lambda _theme: self.pictures.equip())
        self.push_screen(self.browser)
        for name in ENDING_SIGNALS:
            if hasattr(signal, name):
                asyncio.get_running_loop().add_signal_handler(getattr(signal, name), self.exit, INTERRUPTED)
        self.set_interval(SAVE_EVERY_S, self.save)
        if not self.is_headless:
            self.set_interval(MEASURE_EVERY_S, self._mind_size)
        self.call_after_refresh(self._settle)

    def exit(self, result: int | None = None, return_code: int = 0, message: RenderableType | None = None) -> None:
        """See App; while the terminal is still ours, have it forget the pictures that it was sent."""
        self.pictures.close()
        super().exit(result, return_code, message)

    def on_unmount(self) -> None:
        """However the app ends, the decoders end with it."""
        self.pictures.close()

    def _mind_size(self) -> None:
        """Take in a change of the window's size that was missed: of two in one instant the second may be lost."""
        size = Size(*os.get_terminal_size(sys.__stderr__.fileno() if sys.__stderr__ else 2))
        if size != self.size and size.area:
            self.post_message(events.Resize(size, size))

    def _settle(self) -> None:
        """After the first paint: tell what is wrong with the settings, and take what stands from the collector."""
        for complaint in self.complaints:
            self.notify(str(complaint), severity="warning", markup=False, timeout=10)
        gc.collect()
        gc.freeze()
        gc.set_threshold(*GARBAGE_LIMITS)
        self.set_timer(WARM_S, self.pictures.warm)

    def save(self) -> None:
        """Remember place and theme, if they changed."""
        place = self.browser.place()
        theme = self.state.theme if self.no_color else self.theme
        state = State(self.archive.root, theme, self.pictures.are_hidden)
        try:
            if place != self.saved_place:
                save_place(self.archive.root, place)
                self.saved_place = place
            if state != self.state:
                save_state(state)
                self.state = state
        except CatalogError as error:
            self.notify(str(error), severity="warning", markup=False)

    async def on_event(self, event: events.Event) -> None:
        """Keys that come in one packet, as they do over a slow line, do what they would do one by one.

        A key is sent to what has the focus, and comes back up to here, where it does what it is bound to: often it
        moves the focus. So while one is on its way, those that came after it wait."""
        if not isinstance(event, events.Key):
            await super().on_event(event)
        elif event.is_forwarded:
            await super().on_event(event)
            if event is self._key_on_its_way:
                await self._send_keys()
        elif self._key_on_its_way is None or monotonic() > self._sent_s + KEY_PATIENCE_S:
            self._keys.append(event)
            await self._send_keys()
        else:
            self._keys.append(event)

    async def _send_keys(self) -> None:
        """Send the keys that waited, up to the first that will come back."""
        self._key_on_its_way = None
        while self._keys and self._key_on_its_way is None:
            key, receiver = self._keys.popleft(), self.focused
            await super().on_event(key)
            if key.is_forwarded and _gives_back(receiver, key):
                self._key_on_its_way = key
                self._sent_s = monotonic()

    # Pictures

    def get_driver_class(self) -> type[Driver]:
        """Textual's own, or where that is the one for Unix, ours, which asks what pictures the terminal draws."""
        usual = super().get_driver_class()
        if usual.__name__ != "LinuxDriver":
            return usual
        from catalog_tui.graphics.asking_driver import AskingDriver  # termios: not on Windows

        return AskingDriver

    @on(Answered)
    def choose_means(self, message: Answered) -> None:
        """Draw pictures as the terminal says it can."""
        if self.pictures.needs_outer(message.answers):
            self._ask_tmux(partial(self.pictures.take_answers, message.answers))
        else:
            self.pictures.take_answers(message.answers)

    @work(thread=True, exclusive=True, group="tmux", exit_on_error=False)
    def _ask_tmux(self, tell: Callable[[tmux.Outer], None]) -> None:
        self.call_from_thread(tell, tmux.outer_terminal(os.environ))

    def on_app_blur(self) -> None:
        """See Picturing.go_unseen."""
        self.pictures.go_unseen()

    def on_app_focus(self) -> None:
        """We are seen again. tmux says so when a terminal is attached; of its windows, only with `focus-events`."""
        if self.pictures.are_unseen:
            self._ask_tmux(self.pictures.be_seen_in)

    def action_app_redraw(self) -> None:
        """Paint and send all anew; around tmux it may be another terminal."""
        self.screen.refresh()
        self.pictures.send_anew()
        if tmux.is_inside(os.environ):
            self._ask_tmux(self.pictures.be_seen_in)

    def post_display_hook(self) -> None:
        """See Picturing.write_overlays."""
        self.pictures.write_overlays()

    def action_app_hide_pictures(self) -> None:
        """Hide all pictures, or show them again; at the next start it is as it was left."""
        self.pictures.hide(not self.pictures.are_hidden)
        self.save()

    # Commands

    def action_app_quit(self) -> None:
        """Leave; where a scan runs, ask whether to stop it or to wait for it."""
        if not self.browser.scan_bar.scanning:
            self.exit(0)
            return
        choices = (
            Choice("stay", _("Stay here"), "n"),
            Choice("stop", _("Stop the scan and leave: what was read is remembered"), "s"),
            Choice("wait", _("Leave when the scan is done"), "w"),
        )
        self.push_screen(ChoiceDialog(_("A duplicate scan is running"), choices), self._leave)

    def _leave(self, choice: str | None) -> None:
        self._leaving_after_scan = choice == "wait"
        if choice == "stop" or (choice == "wait" and not self.browser.scan_bar.scanning):
            self.exit(0)

    def on_scan_bar_ended(self) -> None:
        """Leave now if that was only waiting for the scan."""
        if self._leaving_after_scan:
            self.exit(0)

    def action_app_help(self) -> None:
        self.push_screen(HelpScreen(help_rows(self.screen)))

    def action_command_palette(self) -> None:
        """Textual's palette, asking in the reader's language."""
        if not isinstance(self.screen, CommandPalette):
            self.push_screen(CommandPalette(placeholder=_("Search for commands…"), id="--command-palette"))

    def action_app_theme(self) -> None:
        self.search_themes()


def _gives_back(receiver: Widget | None, key: events.Key) -> bool:
    """Whether a key sent to this comes back up to the app: a list keeps none, a filter line its letters."""
    return isinstance(receiver, RecordList) or (isinstance(receiver, FilterInput) and not key.is_printable)
