"""The groups of a finished scan, by waste; where the results cannot be read any more, that is said once."""

from textual import on
from textual.message import Message

from catalog_tui.core.review import Group, Review
from catalog_tui.core.scan.results import NoResultError, ScanResult
from catalog_tui.core.words import _

from .duplicate_records import GroupRecords
from .record_pane import RecordPane
from .records import Sort


class GroupList(RecordPane):
    """A pane of the groups of one result."""

    class Unreadable(Message):
        """The results cannot be read any more, as far as they have not been read."""

        def __init__(self, result: ScanResult, why: str) -> None:
            super().__init__()
            self.result = result
            self.why = why

    def __init__(self, *, id: str) -> None:
        super().__init__(_("Groups"), id=id, sort=Sort("rank"))
        self._result: ScanResult | None = None
        self.unreadable = ""
        """What is said where the results cannot be read any more."""

    def show_result(self, result: ScanResult, review: Review) -> None:
        """Show the groups of `result`, and how many of each are chosen to go."""
        self._result = result
        self.unreadable = ""

        def complain(error: NoResultError) -> None:
            if not self.unreadable:  # else it is said
                self.post_message(self.Unreadable(result, str(error)))

        source = GroupRecords(result, review, complain)
        self.records.show(source, words=_("The last scan found no duplicates."))

    @on(Unreadable)
    def say_unreadable(self, message: Unreadable) -> None:
        """Say why groups stand without words; whoever is above hears of it once."""
        if message.result is not self._result or self.unreadable:
            message.stop()
            return
        text = _("The results of the scan cannot be read any more: {reason}")
        self.unreadable = text.format(reason=message.why)
        self.notify(self.unreadable, severity="error", markup=False)

    @property
    def current(self) -> Group | None:
        """The group under the cursor, if there is one that can be read."""
        source, index = self.records.source, self.records.current
        return source.group(index) if isinstance(source, GroupRecords) and index is not None else None

    def chosen(self) -> list[int]:
        """The groups that are marked; where none is, all that are shown."""
        return list(self.records.marks.indexes() if self.records.marks.count else self.records.order)
