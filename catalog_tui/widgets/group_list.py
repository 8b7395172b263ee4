"""The groups of a finished scan, by waste; each reason why they cannot be read any more is said once."""

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
        self._why = ""
        """Why the last that could not be read could not."""
        self._said: set[str] = set()
        """The reasons that were said."""

    def show_result(self, result: ScanResult, review: Review) -> None:
        """Show the groups of `result`, and how many of each are chosen to go."""
        self._result = result
        self._why = ""
        self._said.clear()

        def complain(error: NoResultError) -> None:
            if result is not self._result:
                return
            self._why = str(error)
            if self._why not in self._said:
                self.post_message(self.Unreadable(result, self._why))

        source = GroupRecords(result, review, complain)
        self.records.show(source, words=_("The last scan found no duplicates."))

    @on(Unreadable)
    def say_unreadable(self, message: Unreadable) -> None:
        """Say why groups stand without words; whoever is above hears of each reason once."""
        if message.result is not self._result or message.why in self._said:
            message.stop()
            return
        self._said.add(message.why)
        self.notify(_unreadable(message.why), severity="error", markup=False)

    @property
    def unreadable(self) -> str:
        """What to say in place of the group that could not be read last; "" where all could."""
        return _unreadable(self._why) if self._why else ""

    @property
    def current(self) -> Group | None:
        """The group under the cursor, if there is one that can be read."""
        source, index = self.records.source, self.records.current
        return source.group(index) if isinstance(source, GroupRecords) and index is not None else None

    def chosen(self) -> list[int]:
        """The groups that are marked; where none is, all that are shown."""
        return list(self.records.marks.indexes() if self.records.marks.count else self.records.order)


def _unreadable(why: str) -> str:
    return _("The results of the scan cannot be read any more: {reason}").format(reason=why)
