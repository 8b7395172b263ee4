"""Two files of a group beside each other: the one that stays, and the one under the cursor."""

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from catalog_tui.core.names import display
from catalog_tui.core.scan.results import DuplicateFile, DuplicateGroup
from catalog_tui.core.units import format_count, format_date, format_size
from catalog_tui.core.words import _
from catalog_tui.graphics.studio import Studio

from .fact_sheet import Fact, FactSheet
from .picture_view import PictureView
from .series import ComparedSeries
from .subject import Subject


class ComparedFile(Vertical):
    """One side: the place of the picture, and what is known of the file."""

    def __init__(self, studio: Studio | None) -> None:
        super().__init__()
        self.picture = PictureView(studio)
        self.sheet = FactSheet()

    def compose(self) -> ComposeResult:
        """Picture above, facts below."""
        yield self.picture
        yield self.sheet


class Comparison(Horizontal):
    """Both sides; folded away where the screen is low."""

    DEFAULT_CSS = """
    Comparison {
        ComparedFile { width: 1fr; border: round $foreground 20%; border-title-color: $text-muted; padding: 0 1; }
        PictureView { height: 1fr; min-height: 2; }
        FactSheet { height: 8; }
    }
    """

    def __init__(self, root: str, studio: Studio | None) -> None:
        """`root` is the archive's folder, to which the files' paths are relative."""
        super().__init__()
        self._root = root
        self.keeper = ComparedFile(studio)
        self.other = ComparedFile(studio)
        self.keeper.border_title = _("Stays")
        self.other.border_title = _("Under the cursor")

    def compose(self) -> ComposeResult:
        """The one that stays at the left."""
        yield self.keeper
        yield self.other

    def show(
        self, group: DuplicateGroup, keeper: DuplicateFile, other: DuplicateFile, stale: Mapping[str, str]
    ) -> None:
        """Show what is known of both; `stale` says, by path, what changed since the scan."""
        for side, file in ((self.keeper, keeper), (self.other, other)):
            facts = [
                Fact(_("Size"), f"{format_size(group.size)} ({format_count(group.size)} B)"),
                Fact(_("Modified"), format_date(file.mtime_ns)),
            ]
            if file.links:
                facts.append(Fact(_("Links"), ", ".join(map(display, file.links))))
            if file.path in stale:
                facts.append(Fact(_("Changed"), stale[file.path], True))
            side.sheet.show(display(file.path), facts)
            side.picture.show(Subject(f"{self._root}/{file.path}", (group.size, file.mtime_ns)))

    def series(self) -> ComparedSeries | None:
        """Both pictures, to be looked at in turns; None where there are not two."""
        sides = (self.keeper, self.other)
        subjects = [side.picture.subject for side in sides if side.picture.subject is not None]
        labels = [f"{side.border_title} · {side.sheet.title}" for side in sides]
        return ComparedSeries(labels, subjects) if len(subjects) == len(sides) else None

    def forget(self) -> None:
        """Show nothing."""
        for side in (self.keeper, self.other):
            side.sheet.show("", ())
            side.picture.show(None)
