"""The duplicates that the last scan found: groups by waste, and the files of the group under the cursor."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.screen import Screen

from catalog_tui.commands import MEDIA_COMMANDS, PANE_COMMANDS, bindings
from catalog_tui.core.archive import Archive
from catalog_tui.core.names import display
from catalog_tui.core.scan.results import ScanResult
from catalog_tui.core.units import format_age, format_count, format_size
from catalog_tui.core.words import _
from catalog_tui.screens.file_actions import copy_path, open_file
from catalog_tui.widgets.duplicate_records import GroupFileRecords, GroupRecords
from catalog_tui.widgets.key_line import KeyLine
from catalog_tui.widgets.place_line import PlaceLine
from catalog_tui.widgets.record_list import RecordList
from catalog_tui.widgets.record_pane import RecordPane
from catalog_tui.widgets.records import Sort


class DuplicatesScreen(Screen[None]):
    """Shows one result of a scan; takes it over and closes it when left."""

    USER_COMMANDS = (*PANE_COMMANDS, *MEDIA_COMMANDS)
    BINDINGS: ClassVar[list[BindingType]] = bindings(*USER_COMMANDS)

    def __init__(self, archive: Archive, result: ScanResult) -> None:
        super().__init__()
        self.archive = archive
        self.result = result
        self.groups = RecordPane(_("Groups"), id="groups", sort=Sort("rank"))
        self.files = RecordPane(_("Files"), id="files")
        self.place_line = PlaceLine()

    def compose(self) -> ComposeResult:
        """Where one is, groups, files, keys."""
        yield self.place_line
        with Horizontal(id="panes"):
            yield self.groups
            yield self.files
        yield KeyLine()

    def on_mount(self) -> None:
        """Show what was found, and how old that is."""
        summary = self.result.summary
        note = _("{groups} groups, {size} to gain, {age}").format(
            groups=format_count(summary.duplicate_groups),
            size=format_size(summary.total_waste_bytes),
            age=format_age(self.result.age_s()),
        )
        self.place_line.show((display(self.archive.root), _("Duplicates")))
        self.place_line.show_note(note)
        self.groups.records.show(GroupRecords(self.result), words=_("The last scan found no duplicates."))
        self.set_focus(self.groups.records)

    def on_unmount(self) -> None:
        """Let go of the results."""
        self.result.close()

    @on(RecordList.Highlighted, "#groups-list")
    def show_files(self) -> None:
        """Show the files of the group under the cursor."""
        source, index = self.groups.records.source, self.groups.records.current
        if isinstance(source, GroupRecords) and index is not None:
            self.files.records.show(GroupFileRecords(source.group(index)[1]))
        else:
            self.files.records.forget()

    def action_pane_right(self) -> None:
        """From the groups to the files; there, open the file."""
        if self.files.has_focus_within:
            self.action_media_open()
        else:
            self.set_focus(self.files.records)

    def action_pane_left(self) -> None:
        """Back out one step: the range, the filter, the files, and at last this screen."""
        pane = self.files if self.files.has_focus_within else self.groups
        if pane.records.leave_range() or pane.clear_filter():
            return
        if pane is self.files:
            self.set_focus(self.groups.records)
        else:
            self.dismiss()

    def action_pane_next(self) -> None:
        self.set_focus((self.groups if self.files.has_focus_within else self.files).records)

    action_pane_previous = action_pane_next

    def _current_path(self) -> str | None:
        records = self.files.records
        if records.source is None or records.current is None:
            return None
        return f"{self.archive.root}/{records.source.name(records.current)}"

    def action_media_open(self) -> None:
        open_file(self, self._current_path())

    def action_media_copy_path(self) -> None:
        copy_path(self, self._current_path())
