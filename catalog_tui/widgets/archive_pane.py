"""A pane whose records are read from the archive: beside the screen, kept fresh, with words where nothing is."""

from abc import abstractmethod
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from time import monotonic
from typing import Any

from textual import on, work
from textual.message import Message
from textual.timer import Timer
from textual.worker import get_current_worker

from catalog_tui.core.archive import Archive
from catalog_tui.core.errors import ArchiveError, Cancelled
from catalog_tui.core.words import _

from .column_titles import ColumnTitles
from .figures import Figures
from .record_list import RecordList
from .record_pane import RecordPane
from .records import Records, Sort

PATIENCE_S = 0.15
"""How long the former rows stay before "Reading…" takes their place: shorter would only flicker."""

FIGURES_EVERY_S = 0.15
"""Figures come to the screen in batches this far apart, however fast they are read."""

Cancel = Callable[[], bool]


@dataclass(slots=True, eq=False)
class Filling:
    """The work of one worker that reads figures: of which place, and which it has still to read."""

    place: tuple[str, ...]
    wanted: deque[str]


class ArchivePane(RecordPane):
    """A pane that shows one place of the archive at a time; subclasses say what is read there and how it is shown.

    All reading is done in workers, whose results come back as messages; those of a place left meanwhile are dropped."""

    class Read(Message):
        """A place was read."""

        def __init__(self, place: tuple[str, ...], content: Any, at: str | None) -> None:
            super().__init__()
            self.place = place
            self.content = content
            self.at = at

    class Failed(Message):
        """A place could not be read."""

        def __init__(self, place: tuple[str, ...], words: str) -> None:
            super().__init__()
            self.place = place
            self.words = words

    class FiguresRead(Message):
        """Figures of some records were read; `last` says that their worker has come to its end."""

        def __init__(self, filling: Filling, figures: dict[str, Any], *, last: bool = False) -> None:
            super().__init__()
            self.filling = filling
            self.figures = figures
            self.last = last

    class FiguresShown(Message):
        """Figures came into the columns, and more can be said of the records."""

    def __init__(self, archive: Archive, title: str, *, id: str, sort: Sort, records: RecordList | None = None) -> None:
        super().__init__(title, id=id, sort=sort, records=records)
        self.archive = archive
        self.place: tuple[str, ...] | None = None
        """What is shown or being read: () for the archive, (site,), or (site, model); None for nothing."""
        self.content: Any = None
        """What was last read there."""
        self._failed = False
        self.figures = Figures(self.cells_of)
        """What the columns say beyond the listing, as far as it was read."""
        self._patience: Timer | None = None
        self._filling: Filling | None = None

    @property
    def is_read(self) -> bool:
        """Whether the place was read, or could not be, or there is none."""
        return self.place is None or self.content is not None or self._failed

    @property
    def place_under_cursor(self) -> tuple[str, ...] | None:
        """What the cursor stands on, as a place of the archive; None where it stands on nothing."""
        name = self.records.current_name
        return None if name is None or self.place is None else (*self.place, name)

    # What a subclass says

    @abstractmethod
    def read_content(self, place: tuple[str, ...], cancelled: Cancel) -> Any:
        """Read `place`; runs in a thread. Raises ArchiveError or Cancelled."""

    @abstractmethod
    def make_records(self, content: Any) -> Records:
        """`content` as rows."""

    @abstractmethod
    def words_for_empty(self, content: Any) -> str:
        """What to say where `content` has no rows."""

    def read_figure(self, place: tuple[str, ...], name: str, cancelled: Cancel) -> Any:
        """Read what the columns of the record `name` say; runs in a thread. None where there is nothing to read."""
        return None

    def cells_of(self, figure: Any) -> tuple[str, ...]:
        """What the columns say of a figure that was read."""
        return ()

    def path_of(self, name: str) -> str:
        """The absolute path of the record `name` of the place shown."""
        site, model, file, *_rest = (*(self.place or ()), name, "", "")
        return self.archive.path(site, model, file)

    # Opening and reading

    def open(self, place: tuple[str, ...], *, at: str | None = None) -> None:
        """Show `place`, with the cursor on the record named `at`."""
        if place == self.place:
            return
        self.place = place
        self.content = None
        self._failed = False
        self.figures = Figures(self.cells_of)
        self._stop_filling()
        if self._patience is not None:
            self._patience.stop()
        self._patience = self.set_timer(PATIENCE_S, self._say_reading)
        self._read(place, at)

    def close(self, words: str = "") -> None:
        """Show nothing but `words`."""
        self.workers.cancel_group(self, "read")
        self._stop_filling()
        self.place = None
        self.content = None
        self._stop_waiting()
        self.records.forget(words)

    def reread(self) -> None:
        """Read the place again; what did not change stays as it is."""
        if self.place is not None and (self.content is not None or self._failed):
            self._read(self.place, None)

    def _say_reading(self) -> None:
        if self.content is None and self.place is not None:
            self.records.forget(_("Reading…"))

    def _stop_waiting(self) -> None:
        if self._patience is not None:
            self._patience.stop()
            self._patience = None

    @work(thread=True, exclusive=True, group="read", exit_on_error=False)
    def _read(self, place: tuple[str, ...], at: str | None) -> None:
        worker = get_current_worker()
        try:
            content = self.read_content(place, lambda: worker.is_cancelled)
        except Cancelled:
            return
        except ArchiveError as error:
            self.post_message(self.Failed(place, str(error)))
        else:
            self.post_message(self.Read(place, content, at))

    @on(Read)
    def show_content(self, message: Read) -> None:
        """Show what was read, unless it is what stands there already."""
        message.stop()
        if message.place != self.place or message.content is self.content:
            return
        first = self.content is None
        self.content = message.content
        self._failed = False
        self._stop_waiting()
        words = self.words_for_empty(message.content)
        if first:
            self.records.show(self.make_records(message.content), words=words, at=message.at)
        else:
            self.records.renew(self.make_records(message.content), words=words)
        self.fill_figures()

    @on(Failed)
    def show_failure(self, message: Failed) -> None:
        """Say why there is nothing to show."""
        message.stop()
        if message.place == self.place:
            self.content = None
            self._failed = True
            self._stop_waiting()
            self.records.forget(message.words)

    # Figures, those in view first

    @on(RecordList.ViewMoved)
    def fill_figures(self) -> None:
        """Read the figures that are in view and not known yet, and all where the order depends on them."""
        source, arrangement = self.records.source, self.records.arrangement
        if source is None or self.place is None or not self.figure_keys:
            return
        indexes: Iterable[int] = self.records.in_view
        if arrangement.sort.key in self.figure_keys:
            indexes = (*indexes, *range(len(source)))
        self._want(name for index in indexes if (name := source.name(index)) not in self.figures)

    figure_keys: frozenset[str] = frozenset()
    """The sort keys that need figures; none where the records have no figures."""

    def refresh_figures(self) -> None:
        """Look again at the figures in view: files may have come or gone."""
        if (source := self.records.source) is not None and self.figure_keys:
            self._want(source.name(index) for index in self.records.in_view)

    def _want(self, names: Iterable[str]) -> None:
        """Have these figures read, and no more those wanted before."""
        wanted = deque(names)
        if self._filling is not None:
            self._filling.wanted = wanted
        elif wanted and self.place is not None:
            self._filling = Filling(self.place, wanted)
            self._fill(self._filling)

    def _stop_filling(self) -> None:
        self.workers.cancel_group(self, "figures")
        self._filling = None

    @work(thread=True, group="figures", exit_on_error=False)
    def _fill(self, filling: Filling) -> None:
        worker = get_current_worker()
        figures: dict[str, Any] = {}
        posted = monotonic()
        while (wanted := filling.wanted) and not worker.is_cancelled:
            name = wanted.popleft()
            try:
                figure = self.read_figure(filling.place, name, lambda: worker.is_cancelled)
            except Cancelled:
                break
            except ArchiveError:
                continue  # it vanished or cannot be read: opening it says so in words; a figure has no room for them
            if figure is not None:
                figures[name] = figure
            if monotonic() - posted > FIGURES_EVERY_S:
                self.post_message(self.FiguresRead(filling, figures))
                figures, posted = {}, monotonic()
        self.post_message(self.FiguresRead(filling, figures, last=True))

    @on(FiguresRead)
    def show_figures(self, message: FiguresRead) -> None:
        """Put figures into their columns."""
        message.stop()
        if message.filling.place != self.place:
            return
        if self.figures.take(message.figures):
            if self.records.arrangement.sort.key in self.figure_keys:
                self.records.rearrange()
            else:
                self.records.update_cells()
            self.query_one(ColumnTitles).refresh()  # what is wider now stands elsewhere
            self.post_message(self.FiguresShown())
        if message.last and message.filling is self._filling:
            self._filling = None
            self._want(message.filling.wanted)  # what was asked for after the worker had looked for more
