"""The question before what was chosen while browsing goes to the trash: marked files, or one model by its name."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from catalog_tui.core.layout import is_loose
from catalog_tui.core.names import display
from catalog_tui.core.words import _
from catalog_tui.screens.removal_screen import RemovalScreen
from catalog_tui.widgets.archive_pane import ArchivePane
from catalog_tui.widgets.dialogs import TypedNameDialog
from catalog_tui.widgets.panes import MediaPane, ModelPane

if TYPE_CHECKING:
    from catalog_tui.core.removal.planning import Planned


def ask_about_deleting(screen: RemovalScreen, pane: ArchivePane) -> None:
    """Ask about the marked records of `pane`, or the one under its cursor; about a model, by having its name typed."""
    source = pane.records.source
    if source is None or pane.place is None or pane.records.current is None:
        return
    names = [source.name(index) for index in pane.records.chosen_indexes()]
    before_path = len(f"{screen.archive.root}/")
    paths = [pane.path_of(name)[before_path:] for name in names]
    if isinstance(pane, MediaPane):
        _ask(screen, paths)
    elif isinstance(pane, ModelPane) and len(names) == 1 and not is_loose(names[0]):
        words = _("Every file of this model goes to the archive's trash. To go on, type its name:")
        shown = display(names[0])
        dialog = TypedNameDialog(_("Move to the trash?"), f"{words}\n\n{shown}", shown)

        def answered(typed: bool | None) -> None:
            if typed:
                _ask(screen, paths)

        screen.app.push_screen(dialog, answered)
    else:
        screen.notify(_("Files go from the media pane, and one model at a time from the models."), severity="warning")


def _ask(screen: RemovalScreen, paths: Sequence[str]) -> None:
    def make_plan() -> "Planned":
        from catalog_tui.core.removal import planning  # ctypes and more: not before the first paint

        return planning.Planned(planning.plan_deletion(screen.archive.root, paths), ())

    screen.ask_about_removing(make_plan)
