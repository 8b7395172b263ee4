"""A screen from which files are removed: asks before, carries the remover, undoes, and shows the journal."""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import on, work
from textual.message import Message
from textual.screen import Screen

from catalog_tui.core.archive import Archive
from catalog_tui.core.errors import CatalogError
from catalog_tui.core.names import display
from catalog_tui.core.words import _
from catalog_tui.screens.removing import JournalWindow, ask_and_remove, say_what_came_of_it
from catalog_tui.widgets.compositor import SparingCompositor
from catalog_tui.widgets.place_line import PlaceLine
from catalog_tui.widgets.remover import Remover

if TYPE_CHECKING:
    from catalog_tui.core.removal.planning import Planned


class RemovalScreen(Screen[None]):
    """Has a place line and a remover, which its subclass composes."""

    class PlanMade(Message):
        """What was chosen, as a plan."""

        def __init__(self, planned: "Planned") -> None:
            super().__init__()
            self.planned = planned

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

    @work(thread=True, exclusive=True, group="plan", exit_on_error=False)
    def ask_about_removing(self, make_plan: Callable[[], "Planned"]) -> None:
        """Have a plan made beside the screen, and ask about it; where `make_plan` raises CatalogError, say that."""
        try:
            planned = make_plan()
        except CatalogError as error:
            self.app.call_from_thread(self.notify, str(error), severity="warning", markup=False)
        else:
            self.post_message(self.PlanMade(planned))

    @on(PlanMade)
    def ask(self, message: PlanMade) -> None:
        """Say what changed since the scan, and ask about the rest."""
        if message.planned.left_out:
            say_what_came_of_it(self, _("What changed since the scan is left out."), message.planned.left_out)
        ask_and_remove(self, message.planned.plan, self.remover.remove_planned)

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
