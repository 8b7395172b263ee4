"""The app's pictures: the studio that draws them, by the means that terminal, theme and settings call for."""

import os
from collections.abc import Callable, Mapping
from math import inf
from time import monotonic
from typing import Any

from rich.color import ColorSystem
from textual.app import App
from textual.color import Color
from textual.geometry import Size

from catalog_tui.core.complaints import Complaint
from catalog_tui.graphics import tmux
from catalog_tui.graphics.answers import Answers, Asks
from catalog_tui.graphics.choosing import Choice, choose
from catalog_tui.graphics.equipping import cell_size, is_remote, make_encoder
from catalog_tui.graphics.studio import Means, Source, Studio
from catalog_tui.widgets.overlays import write_overlays
from catalog_tui.widgets.subject import look_again

LEAVING_S = 1.0
"""So long before we hear that tmux shows another window may it have been so."""
NO_OUTER = tmux.Outer()


def open_thumbnails(complain: Callable[[Complaint], None]) -> Source:
    """The user's own store of thumbnails."""
    from catalog_tui.core.thumbnails import Thumbnails  # not before the first paint

    return Thumbnails(complain=complain)


class Picturing:
    """Belongs to one app, and runs on its event loop."""

    def __init__(
        self,
        app: App[Any],
        preview: str,
        open_source: Callable[[Callable[[Complaint], None]], Source],
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        """`preview` is the setting; `open_source` is called when first a picture is wanted, with what takes complaints,
        in a thread."""
        self._app = app
        self._preview = preview
        self._environ = environ
        self._answers = Answers()
        self._outer = ""
        self._client = ""
        """The process by which the terminal around tmux shows us."""
        self._unseen_from_s = inf
        """When the terminal went to show something else; `inf` while it shows us, as far as we know."""
        is_wanted = preview != "none" and not app.no_color
        self.studio: Studio | None = None
        """None where there are to be no pictures."""
        if is_wanted:
            remote = is_remote(environ)
            self.studio = Studio(lambda: open_source(self._complain), write=self._write, is_remote=remote)
        self._equipped: tuple[object, ...] = ()

    def _write(self, text: str) -> None:
        driver = self._app._driver
        if driver is not None:
            driver.write(text)

    def _complain(self, complaint: Complaint) -> None:
        self._app.call_later(self._app.notify, str(complaint), severity="warning", markup=False)

    # The means

    def choice(self) -> Choice:
        """The protocol in force, and why."""
        if self._preview != "auto":
            return Choice(self._preview, "")
        return choose(self._environ, self._answers, outer=self._outer)

    def take_answers(self, answers: Answers, outer: tmux.Outer = NO_OUTER) -> None:
        """The terminal has said what it can; `outer` is the one around tmux."""
        self._answers, self._outer = answers, outer.name
        self._client = outer.client or self._client
        self.equip()

    def needs_outer(self, answers: Answers) -> bool:
        """Whether tmux is to be asked which terminal is around it."""
        return answers.kitty and tmux.is_inside(self._environ)

    # Inside tmux

    @property
    def are_unseen(self) -> bool:
        """Whether tmux said that it shows another window, or none: what it is to pass on meanwhile it drops."""
        return self._unseen_from_s < inf and tmux.is_inside(self._environ)

    def go_unseen(self) -> None:
        """The terminal shows something else from now on."""
        self._unseen_from_s = min(self._unseen_from_s, monotonic())

    def be_seen_in(self, outer: tmux.Outer) -> None:
        """The terminal around tmux shows us: send what it may not have been sent, and ask it if it is another one."""
        is_other = outer.client not in ("", self._client)
        unsent_from_s = -inf if is_other else self._unseen_from_s - LEAVING_S
        self._client, self._unseen_from_s = outer.client or self._client, inf
        if self.studio is not None and self.studio.sent_s > unsent_from_s:
            self.send_anew()
        driver = self._app._driver
        if is_other and isinstance(driver, Asks):
            driver.ask()

    def equip(self) -> None:
        """Draw by what is best now; what is on the screen is drawn anew if that is something else."""
        if self.studio is None:
            return
        size: Size = self._app.size
        cell = cell_size(self._answers.cell_size(size.width, size.height))
        background = Color.parse(self._app.theme_variables.get("background", "#000000")).rgb
        wanted = (self.choice().protocol, cell, background)
        if wanted != self._equipped:
            self._equipped = wanted
            console = self.studio.console = self._app.console
            if (
                wanted[0] == "kitty"
            ):  # over SSH nothing in the environment says so, and the cells' colours must be exact
                console._color_system = ColorSystem.TRUECOLOR
            self.studio.use(Means(make_encoder(wanted[0], self._environ), cell, background))
            self.look_again()

    def warm(self) -> None:
        """Start what the first picture will need, unless none is to be seen."""
        if self.studio is not None and not self.studio.is_hiding:
            self.studio.warm()

    def send_anew(self) -> None:
        """Draw all that is to be seen anew, as the terminal may have lost what it was sent."""
        if self.studio is not None:
            self.studio.send_anew()
            self.look_again()

    def look_again(self) -> None:
        """Have every picture drawn anew."""
        for screen in self._app.screen_stack:
            look_again(screen)

    def write_overlays(self) -> None:
        """After a frame: write what stands over its cells."""
        if self.studio is not None and not self.studio.means.encoder.in_cells and self._app.screen_stack:
            write_overlays(self._app.screen, self._write)

    # Hiding

    @property
    def are_hidden(self) -> bool:
        """Whether no pictures are to be seen."""
        return self.studio is not None and self.studio.is_hiding

    def hide(self, hide: bool) -> None:
        """Hide all pictures, or show them again."""
        if self.studio is not None and hide != self.studio.is_hiding:
            self.studio.is_hiding = hide
            self.look_again()

    def close(self) -> None:
        """Give up all drawing, and leave nothing behind in the terminal."""
        if self.studio is not None:
            self.studio.close()
