"""Groups of duplicates, and the files of one, as records for a list."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice

from catalog_tui.core.errors import Cancelled, UsageError
from catalog_tui.core.names import display
from catalog_tui.core.review import Group, Review
from catalog_tui.core.scan.options import parse_size
from catalog_tui.core.scan.results import DuplicateFile, NoResultError, ScanResult
from catalog_tui.core.units import format_count_within, format_date, format_size
from catalog_tui.core.words import _

from .columns import Column
from .records import Query, Sort

REMEMBERED_GROUPS = 512
GOING_WIDTH = 4
COPIES_WIDTH = 7
LINKS_WIDTH = 6


class GroupRecords:
    """The groups of a finished scan, by waste; read from the results as they come into view.

    The results are a file that anybody can spoil: rows of groups that cannot be read any more stay without words."""

    sort_keys = ("rank",)

    def __init__(self, result: ScanResult, review: Review, complain: Callable[[NoResultError], None]) -> None:
        """`complain` is told, from any thread and each time, why something cannot be read; what it does must be quick,
        as lists are painted meanwhile."""
        self._result = result
        self._review = review
        self._complain = complain
        self._count = result.summary.duplicate_groups
        self._group = lru_cache(REMEMBERED_GROUPS)(result.group)
        self.columns = (
            Column(_("Waste"), 10, "waste"),
            Column(_("Go"), GOING_WIDTH, "go"),
            Column(_("Copies"), COPIES_WIDTH, "copies"),
            Column(_("Each"), 10, "size"),
        )

    def __len__(self) -> int:
        return self._count

    def group(self, index: int) -> Group | None:
        """A group and its files; None where they cannot be read any more."""
        try:
            return self._group(index)
        except NoResultError as error:
            self._complain(error)
            return None

    def name(self, index: int) -> str:
        return str(index)

    def label(self, index: int) -> str:
        """The path of the group's first file, as it is shown."""
        found = self.group(index)
        return UNKNOWN_GROUP if found is None else display(found[1][0].path)

    def cells(self, index: int) -> tuple[str, ...]:
        """Waste, how many are chosen to go, copies, size of each."""
        found = self.group(index)
        if found is None:
            return ()
        group, _files = found
        going = len(self._review.going(index))
        chosen = format_count_within(going, GOING_WIDTH) if going else ""
        copies = format_count_within(group.copies, COPIES_WIDTH)
        return (format_size(group.waste), chosen, copies, format_size(group.size))

    def tone(self, index: int) -> str:
        """Set aside where all copies are to stay, or nothing is known of them."""
        found = self.group(index)
        return "aside" if found is None or self._review.is_kept_apart(found[0]) else "image"

    def find(self, name: str) -> int | None:
        return int(name) if name.isdecimal() and int(name) < self._count else None

    def arranged(self, sort: Sort, query: Query, cancelled: Callable[[], bool]) -> Sequence[int]:
        """The groups that have a file with the query in its path; or, of `>10MB` and `<10MB`, those of such files;
        none where they cannot be read."""
        try:
            found = list(self._matching(query, cancelled))
        except NoResultError as error:
            self._complain(error)
            return ()
        return found[::-1] if sort.descending else found

    def _matching(self, query: Query, cancelled: Callable[[], bool]) -> Iterator[int]:
        text = query.text.casefold()
        limit = _size_limit(text)
        for group, files in islice(self._result.everything(), self._count):  # another scan's can be more
            if cancelled():
                raise Cancelled
            if limit is not None:
                if group.size > limit if text[0] == ">" else group.size < limit:
                    yield group.id
            elif any(text in file.path.casefold() for file in files):
                yield group.id


UNKNOWN_GROUP = "…"


def _size_limit(text: str) -> int | None:
    """The bytes in `>10MB` or `<1.5G`; None for any other text, one that is still being typed among them."""
    if not text.startswith((">", "<")):
        return None
    try:
        return parse_size(text[1:])
    except UsageError:
        return None


class GroupFileRecords:
    """The files of one group."""

    sort_keys = ("name", "date")

    def __init__(self, files: Sequence[DuplicateFile], stale: Mapping[str, str]) -> None:
        """`stale` tells of those that are not any more what the scan saw why, by their paths; it may still grow."""
        self._files = files
        self._stale = stale
        self.columns = (Column(_("Date"), 10, "date"), Column(_("Links"), LINKS_WIDTH, "links"))

    def __len__(self) -> int:
        return len(self._files)

    def name(self, index: int) -> str:
        return self._files[index].path

    def label(self, index: int) -> str:
        return display(self._files[index].path)

    def cells(self, index: int) -> tuple[str, ...]:
        """Date, and how many further names the same inode has."""
        file = self._files[index]
        links = format_count_within(len(file.links), LINKS_WIDTH) if file.links else ""
        return (format_date(file.mtime_ns, with_time=False), links)

    def tone(self, index: int) -> str:
        """Set aside what changed since the scan."""
        return "aside" if self._files[index].path in self._stale else "image"

    def find(self, name: str) -> int | None:
        return next((index for index, file in enumerate(self._files) if file.path == name), None)

    def arranged(self, sort: Sort, query: Query, cancelled: Callable[[], bool]) -> Sequence[int]:
        """By path or by date; narrowed by path."""
        text = query.text.casefold()
        found = [index for index, file in enumerate(self._files) if text in file.path.casefold()]
        if sort.key == "date":
            found.sort(key=lambda index: self._files[index].mtime_ns)
        return found[::-1] if sort.descending else found
