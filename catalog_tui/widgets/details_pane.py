"""The pane at the right: the place of the picture, and what is known of what the cursor stands on."""

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.timer import Timer
from textual.worker import get_current_worker

from catalog_tui.core.archive import LOOSE, Archive
from catalog_tui.core.errors import ArchiveError
from catalog_tui.core.facts import FileFacts, file_facts
from catalog_tui.core.listing import Listing, ModelInfo
from catalog_tui.core.names import display
from catalog_tui.core.units import format_count, format_date, format_size
from catalog_tui.core.words import _
from catalog_tui.graphics.studio import Studio

from .archive_pane import ArchivePane
from .fact_sheet import Fact, FactSheet
from .panes import MediaPane
from .picture_facts import picture_facts
from .picture_view import PictureView
from .subject import Subject

REST_S = 0.07
"""The file itself is looked at this long after what its listing says was shown, if the cursor rests there still."""


NEIGHBOURS = (1, -1, 2)
"""Rows from the cursor whose pictures are fetched ahead."""


class DetailsPane(Vertical):
    """What is known of a site, a model or a file."""

    DEFAULT_CSS = """
    DetailsPane {
        border: round $foreground 20%; border-title-color: $text-muted; padding: 0 1;
        PictureView { height: 1fr; min-height: 3; max-height: 60%; margin-bottom: 1; }
        FactSheet { height: 1fr; }
    }
    """

    class Looked(Message):
        """A file was looked at."""

        def __init__(self, path: str, facts: FileFacts | str) -> None:
            super().__init__()
            self.path = path
            self.facts = facts

    def __init__(self, archive: Archive, studio: Studio | None, *, id: str) -> None:
        super().__init__(id=id)
        self.archive = archive
        self.picture = PictureView(studio)
        self.sheet = FactSheet()
        self.border_title = _("Details")
        self._path = ""
        self._title = ""
        self._listed: list[Fact] = []
        self._seen: list[Fact] = []
        self._looked: list[Fact] = []
        self._resting: Timer | None = None

    def compose(self) -> ComposeResult:
        """Picture above, facts below."""
        yield self.picture
        yield self.sheet

    @property
    def told(self) -> bool:
        """Whether all is shown: no look at a file is still to come."""
        return self._resting is None

    def show(self, pane: ArchivePane) -> None:
        """Show what the cursor of `pane` stands on."""
        records = pane.records
        if records.source is None or records.current is None or pane.place is None:
            self._turn_to("", [])
            self.picture.show(None)
            self.sheet.show("", ())
            return
        name = records.source.name(records.current)
        path = pane.path_of(name)
        self._title = records.source.label(records.current)
        if isinstance(pane.content, Listing):
            if self._turn_to(path, self._listed_facts(pane.content, records.current)):
                self._resting = self.set_timer(REST_S, lambda: self._look(path))
        else:
            self._turn_to(path, _figure_facts(pane.figures.get(name), name))
        self._show_facts()
        words = _kind_words(records.source.tone(records.current))
        self.picture.show(_subject(pane, records.cursor), words=words, ahead=_around(pane, records.cursor))

    @on(PictureView.Told)
    def show_picture_facts(self, message: PictureView.Told) -> None:
        """Add what is known of the picture that stands there now."""
        message.stop()
        if message.path == self._path:
            self._seen = picture_facts(message.facts, self.picture.subject)
            self._show_facts()

    def _turn_to(self, path: str, listed: list[Fact]) -> bool:
        """Be about the file at `path`, of which so much is known; whether that is new, and nothing of a look holds."""
        if (path, listed) == (self._path, self._listed):
            return False
        self._path, self._listed, self._seen, self._looked = path, listed, [], []
        if self._resting is not None:
            self._resting.stop()
            self._resting = None
        return True

    def _show_facts(self) -> None:
        self.sheet.show(self._title, (*self._listed, *self._seen, *self._looked, Fact(_("Path"), display(self._path))))

    def _listed_facts(self, listing: Listing, index: int) -> list[Fact]:
        size = listing.sizes[index]
        return [
            Fact(_("Size"), f"{format_size(size)} ({format_count(size)} B)"),
            Fact(_("Modified"), format_date(listing.mtimes_ns[index])),
        ]

    @work(thread=True, exclusive=True, group="look", exit_on_error=False)
    def _look(self, path: str) -> None:
        worker = get_current_worker()
        try:
            facts: FileFacts | str = file_facts(path)
        except ArchiveError as error:
            facts = str(error)
        if not worker.is_cancelled:
            self.post_message(self.Looked(path, facts))

    @on(Looked)
    def show_look(self, message: Looked) -> None:
        """Add what the look told, unless the cursor went on."""
        message.stop()
        if message.path == self._path:
            self._resting = None
            self._looked = _look_facts(message.facts)
            self._show_facts()


def _subject(pane: ArchivePane, row: int) -> Subject | None:
    """The picture in a row of a pane, where that is the media's."""
    return pane.subject(row) if isinstance(pane, MediaPane) else None


def _around(pane: ArchivePane, row: int) -> list[Subject]:
    """The pictures that will probably be asked for next, the likeliest first."""
    near = (_subject(pane, row + step) for step in NEIGHBOURS)
    return [subject for subject in near if subject is not None]


def _kind_words(tone: str) -> str:
    return {"image": _("picture"), "video": _("video"), "other": _("file"), "link": _("link")}.get(tone, "")


def _figure_facts(figure: object, name: str) -> list[Fact]:
    facts = []
    if isinstance(figure, int):
        facts.append(Fact(_("Models"), format_count(figure)))
    elif isinstance(figure, ModelInfo):
        facts += [
            Fact(_("Pictures"), format_count(figure.images)),
            Fact(_("Videos"), format_count(figure.videos)),
            Fact(_("Other files"), format_count(figure.others)),
            Fact(_("Side-files"), format_count(figure.side_files)),
            Fact(_("Size"), format_size(figure.bytes)),
        ]
        if figure.newest_mtime_ns:
            facts.append(Fact(_("Newest"), format_date(figure.newest_mtime_ns)))
        if figure.errors:
            facts.append(Fact(_("Unreadable"), format_count(figure.errors), True))
    if name == LOOSE:
        facts.append(Fact(_("Note"), _("files that lie in the site's folder itself")))
    return facts


def _look_facts(look: FileFacts | str) -> list[Fact]:
    if isinstance(look, str):
        return [Fact("", look, True)]
    facts = []
    if look.link_target is not None:
        facts.append(Fact(_("Link to"), display(look.link_target), look.link_is_dead))
        if look.link_is_dead:
            facts.append(Fact("", _("leads nowhere"), True))
    if look.form:
        facts.append(Fact(_("Format"), look.form.upper()))
    if look.real_form:
        facts.append(Fact("", _("the name says otherwise"), True))
    if look.hard_links > 1 and look.link_target is None:
        facts.append(Fact(_("Names"), _("{count} hard links").format(count=look.hard_links)))
    if look.side_files:
        facts.append(Fact(_("Side-files"), ", ".join(map(display, look.side_files))))
    facts.append(Fact(_("Changed"), format_date(look.ctime_ns)))
    return facts
