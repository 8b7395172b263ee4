"""The files of one group of duplicates: those that go are marked, those that changed since the scan set aside."""

from collections.abc import Iterable, Iterator

from textual import on, work
from textual.message import Message

from catalog_tui.core.removal.planning import is_stale
from catalog_tui.core.review import Group
from catalog_tui.core.scan.outcome import DuplicateFile, DuplicateGroup
from catalog_tui.core.words import _

from .duplicate_records import GroupFileRecords
from .record_pane import RecordPane


class GroupFiles(RecordPane):
    """A pane of one group's files. They are looked at when they are shown, and again when that is asked for."""

    class Looked(Message):
        """The files of a group were looked at again."""

        def __init__(self, group: DuplicateGroup, stale: dict[str, str]) -> None:
            super().__init__()
            self.group = group
            self.stale = stale

    class StaleFound(Message):
        """Some of the files shown are not any more what the scan saw."""

    def __init__(self, root: str, *, id: str) -> None:
        """`root` is the archive's folder, to which the files' paths are relative."""
        super().__init__(_("Files"), id=id)
        self._root = root
        self.shown: Group | None = None
        """The group whose files are shown."""
        self.stale: dict[str, str] = {}
        """Of the files shown that changed since the scan: why, by path."""

    def show_group(self, found: Group | None, going: Iterable[int], words: str = "") -> None:
        """Show the files of a group, marked where their positions are among those `going`; of None only `words`."""
        self.shown = found
        self.stale = {}
        if found is None:
            self.records.forget(words)
            return
        self.records.show(GroupFileRecords(found[1], self.stale))
        self.look_again()
        self._mark(going)

    def look_again(self) -> None:
        """See beside the screen whether the files are still what the scan saw."""
        if self.shown is not None:
            self._look(*self.shown)

    def mark_only(self, going: Iterable[int]) -> None:
        """Mark the files at these positions and no others."""
        self.records.marks.clear()
        self._mark(going)

    def _mark(self, going: Iterable[int]) -> None:
        for position in going:
            self.records.marks.set(position)
        self.records.marks_changed()

    def chosen(self) -> tuple[DuplicateGroup, Iterator[int]] | None:
        """The group and the positions of its marked files; None while rows of another group stand here."""
        found, source = self.shown, self.records.source
        if found is None or source is None or len(source) != len(found[1]):
            return None
        group, files = found
        if source.name(0) != files[0].path:
            return None  # rows of the group before, whose successor is on its way
        return group, self.records.marks.indexes()

    @work(thread=True, exclusive=True, group="stale", exit_on_error=False)
    def _look(self, group: DuplicateGroup, files: list[DuplicateFile]) -> None:
        stale = {file.path: why for file in files if (why := is_stale(self._root, group, file))}
        self.post_message(self.Looked(group, stale))

    @on(Looked)
    def set_aside(self, message: Looked) -> None:
        """Set aside what changed, unless another group is shown by now."""
        message.stop()
        if self.shown is not None and self.shown[0] == message.group and message.stale:
            self.stale.update(message.stale)
            self.records.update_cells()
            self.post_message(self.StaleFound())
