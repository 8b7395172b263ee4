"""A screen from which files are removed: carries the remover, undoes, and shows the journal."""

import os

from textual import work
from textual.screen import Screen

from catalog_tui.core.archive import Archive
from catalog_tui.core.errors import CatalogError
from catalog_tui.core.names import display
from catalog_tui.screens.removing import JournalWindow
from catalog_tui.widgets.compositor import SparingCompositor
from catalog_tui.widgets.place_line import PlaceLine
from catalog_tui.widgets.remover import Remover


class RemovalScreen(Screen[None]):
    """Has a place line and a remover, which its subclass composes."""

    def __init__(self, archive: Archive) -> None:
        super().__init__()
        self._compositor = SparingCompositor()
        self.archive = archive
        self.place_line = PlaceLine()
        self.remover = Remover(archive.root)

    @property
    def archive_name(self) -> str:
        """What the archive is called on the first line: its folder's own name; the details have the whole path."""
        return display(os.path.basename(self.archive.root) or self.archive.root)

    def action_removal_undo(self) -> None:
        """Put back what the last removal moved."""
        self.remover.undo_last()

    def action_removal_journal(self) -> None:
        self._show_journal()

    @work(thread=True, exclusive=True, group="journal", exit_on_error=False)
    def _show_journal(self) -> None:
        from catalog_tui.core.removal.contents import past_runs  # ctypes and more: not before the first paint

        try:
            runs = [(run.created, run.action, len(run.entries), back) for run, back in past_runs(self.archive.root)]
        except CatalogError as error:
            self.app.call_from_thread(self.notify, str(error), severity="error", markup=False)
        else:
            self.app.call_from_thread(self.app.push_screen, JournalWindow(runs))
