"""The browser: sites, models, media and details side by side."""

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal

from catalog_tui.commands import (
    BROWSE_COMMANDS,
    FRAME_COMMANDS,
    MEDIA_COMMANDS,
    PANE_COMMANDS,
    REMOVAL_COMMANDS,
    SCAN_COMMANDS,
    SERVER_COMMANDS,
    bindings,
)
from catalog_tui.config import Settings
from catalog_tui.core.archive import Archive
from catalog_tui.core.reader import Reader
from catalog_tui.core.state import Place, SortOrder
from catalog_tui.graphics.studio import Studio
from catalog_tui.screens.deleting import ask_about_deleting
from catalog_tui.screens.file_actions import copy_path, open_file
from catalog_tui.screens.removing import say_what_came_of_it
from catalog_tui.screens.sharing import SharingScreen
from catalog_tui.screens.whole_screen import WholeScreen
from catalog_tui.widgets.after_rest import AfterRest
from catalog_tui.widgets.archive_pane import ArchivePane
from catalog_tui.widgets.details_pane import DetailsPane
from catalog_tui.widgets.key_line import KeyLine
from catalog_tui.widgets.laying_out import lay_out
from catalog_tui.widgets.pane_chain import PaneChain
from catalog_tui.widgets.panes import MediaPane, ModelPane, SitePane
from catalog_tui.widgets.record_list import RecordList
from catalog_tui.widgets.record_pane import RecordPane
from catalog_tui.widgets.records import BY_NAME, Sort
from catalog_tui.widgets.remover import Remover
from catalog_tui.widgets.series import PaneSeries
from catalog_tui.widgets.sort_dialog import sort_dialog, sort_of

LOOK_AGAIN_S = 2.0
"""How often the folders on screen are asked whether something came or went."""

FIGURES_AGAIN = 5
"""Figures are asked again every so many looks."""


class BrowseScreen(SharingScreen):
    """Browses one archive."""

    USER_COMMANDS = (
        *PANE_COMMANDS,
        *MEDIA_COMMANDS,
        *BROWSE_COMMANDS,
        *FRAME_COMMANDS,
        *SCAN_COMMANDS,
        *SERVER_COMMANDS,
        *REMOVAL_COMMANDS,
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(*USER_COMMANDS)

    def __init__(
        self, archive: Archive, reader: Reader, settings: Settings, place: Place, studio: Studio | None
    ) -> None:
        super().__init__(archive, settings, studio)
        self._first_pane = place.pane
        sorts = {pane: Sort(*order) for pane, order in place.sorts.items()}
        self.sites = SitePane(archive, reader, sort=sorts.get("sites", BY_NAME))
        self.models = ModelPane(archive, reader, sort=sorts.get("models", BY_NAME))
        self.media = MediaPane(archive, reader, studio, sort=sorts.get("media", BY_NAME))
        self.panes: tuple[ArchivePane, ...] = (self.sites, self.models, self.media)
        self.details = DetailsPane(archive, studio, id="details")
        self.set_class(not settings.show_details, "-no-details")
        self.chain = PaneChain(self, self.panes, (place.site, place.model, place.name))
        self._telling = AfterRest(self, self.show_details)
        self._looks = 0
        self._last_focused: ArchivePane = self.sites

    def compose(self) -> ComposeResult:
        """Where one is, the panes, the keys."""
        yield self.place_line
        with Horizontal(id="panes"):
            yield from self.panes
            yield self.details
        yield self.scan_bar
        yield self.server_bar
        yield self.remover
        yield KeyLine()

    def on_mount(self) -> None:
        """Open the archive at the place where it was left."""
        self.chain.begin()
        pane = next((pane for pane in self.panes if pane.id == self._first_pane), self.sites)
        self.set_focus(pane.records)
        self.recall_last_scan()
        self._looking = self.set_interval(LOOK_AGAIN_S, self._look_again)
        self.watch(self.app, "app_focus", self.rest_unless_seen, init=False)

    # Where the cursors are

    @on(RecordList.Highlighted)
    def follow_cursor(self, message: RecordList.Highlighted) -> None:
        """Show to the right what the cursor came to stand on; say more of it once it rests."""
        self._telling.moved()
        self.chain.follow(self._pane_of(message.records))

    def _pane_of(self, records: RecordList) -> ArchivePane:
        return next(pane for pane in self.panes if pane.records is records)

    @property
    def focused_pane(self) -> ArchivePane:
        """The pane that has the focus, or had it last."""
        return next((pane for pane in self.panes if pane.has_focus_within), self._last_focused)

    def go_to(self, path: str) -> None:
        """Put the cursors on the file at `path`, relative to the archive."""
        self.chain.point_at(self.archive.place_of(path))
        self.set_focus(self.media.records)

    def watch_focused(self) -> None:
        """What is shown may depend on which pane has the keys; those that came with this one are meant for that."""
        focused = self.focused_pane
        for pane in self.panes:
            pane.set_class(pane is focused, "-current")
        self.set_class(focused is self.media, "-at-media")
        if self.has_class("-tiles") or self.has_class("-tiny"):
            lay_out(self)

    # What is said of the place

    def place(self) -> Place:
        """Where the user is, to come back to."""
        sorts = {str(pane.id): SortOrder(*pane.records.arrangement.sort) for pane in self.panes}
        site, model, name = self.chain.names()
        return Place(site, model, name, str(self.focused_pane.id), sorts)

    @on(events.DescendantFocus)
    @on(ArchivePane.FiguresShown)
    def show_details(self) -> None:
        """Say where the cursor of the focused pane stands, and what is known of what it stands on."""
        self._telling.forget()
        steps = [self.archive_name]
        focused = self._last_focused = self.focused_pane
        for pane in self.panes[: self.panes.index(focused) + 1]:
            if pane.records.source is None or pane.records.current is None:
                break
            steps.append(pane.records.source.label(pane.records.current))
        self.place_line.show(tuple(steps))
        self.details.show(focused)

    @property
    def told(self) -> bool:
        """Whether all is said of where the cursors are; not so while they move."""
        return not self._telling.is_due

    # Commands

    def action_pane_right(self) -> None:
        """Go into what is under the cursor, which may still be on its way; a file is opened."""
        pane = self.focused_pane
        if pane is self.media:
            self.action_media_open()
            return
        if self.chain.is_there(pane):
            if pane.records.current is None:
                return
            self.chain.open_next(pane)
        self.set_focus(self.panes[self.panes.index(pane) + 1].records)

    def action_pane_left(self) -> None:
        """Back out one step: the range, the filter, then one pane to the left."""
        pane = self.focused_pane
        if not pane.records.leave_range() and not pane.clear_filter() and pane is not self.sites:
            self.set_focus(self.panes[self.panes.index(pane) - 1].records)

    def action_pane_next(self) -> None:
        self._step_focus(1)

    def action_pane_previous(self) -> None:
        self._step_focus(-1)

    def _step_focus(self, step: int) -> None:
        at = self.panes.index(self.focused_pane)
        self.set_focus(self.panes[(at + step) % len(self.panes)].records)

    @on(RecordList.Chosen)
    def go_into(self) -> None:
        """Two clicks do what Enter does."""
        self.action_pane_right()

    @on(RecordPane.SortAsked)
    def choose_sort(self, message: RecordPane.SortAsked) -> None:
        """Ask for the order and sort by it."""
        records = message.records
        if records.source is None:
            return

        def sort(key: str | None) -> None:
            if key is not None:
                records.sort_by(sort_of(key, records.arrangement.sort))
                self._pane_of(records).fill_figures()

        self.app.push_screen(sort_dialog(records.source.sort_keys, records.arrangement.sort), sort)

    def _current_path(self) -> str | None:
        pane = self.focused_pane
        name = pane.records.current_name
        return None if name is None else pane.path_of(name)

    def action_media_open(self) -> None:
        pane = self.focused_pane
        pane.records.when_there(lambda: open_file(self, self._current_path() if pane is self.media else None))

    def action_media_copy_path(self) -> None:
        self.focused_pane.records.when_there(lambda: copy_path(self, self._current_path()))

    def action_browse_reload(self) -> None:
        """Read the focused pane's folder again, whatever the caches hold."""
        pane = self.focused_pane
        if pane.place is not None:
            self.archive.reload(*pane.place)
            pane.figures.clear()
            pane.reread()

    def action_browse_toggle_details(self) -> None:
        """Fold the details away, or bring them back, over what the width or the settings say."""
        shown = self.details.display
        self.set_class(shown, "-no-details")
        self.set_class(not shown, "-details")

    # Pictures

    def action_frame_next(self) -> None:
        self.details.picture.step(1)

    def action_frame_previous(self) -> None:
        self.details.picture.step(-1)

    def action_browse_tiles(self) -> None:
        """Show the media as tiles, over the width of the panes to their left; or as lines again."""
        tiles = not self.media.tiles.shows_tiles
        self.set_focus(self.media.records)
        self.set_class(tiles, "-tiles")
        self.media.tiles.show_tiles(tiles)
        lay_out(self)

    def action_browse_whole_screen(self) -> None:
        """Show the picture under the media's cursor on the whole screen."""
        if self.focused_pane is self.media and self.media.subject(self.media.records.cursor) is not None:
            self.app.push_screen(WholeScreen(PaneSeries(self.media), self.studio))

    # Removing

    def action_removal_trash(self) -> None:
        """Ask about moving the marked files, or the one under the cursor, to the trash; a model, by its name."""
        pane = self.focused_pane
        pane.records.when_there(lambda: ask_about_deleting(self, pane))

    @on(Remover.Ended)
    def say_and_look_again(self, message: Remover.Ended) -> None:
        """Say what was done, and read anew what is on screen."""
        say_what_came_of_it(self, message.words, message.refused)
        self.archive.reload()
        self.media.records.clear_marks()
        for pane in self.panes:
            pane.reread()
            pane.refresh_figures()

    # Staying fresh

    def _look_again(self) -> None:
        """Ask whether what is on screen changed; nothing is read again that did not."""
        self._looks += 1
        for pane in self.panes:
            pane.reread()
            if self._looks % FIGURES_AGAIN == 0:
                pane.refresh_figures()

    def rest_unless_seen(self, seen: bool) -> None:
        """While nobody is looking let the disks rest; look again as soon as somebody does."""
        if seen:
            self._looking.resume()
            self._look_again()
        else:
            self._looking.pause()
