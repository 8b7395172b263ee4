"""The three panes of the browser: sites, models, media."""

from typing import Any

from catalog_tui.core.archive import Archive
from catalog_tui.core.layout import Folders
from catalog_tui.core.listing import Listing, ModelInfo
from catalog_tui.core.reader import Reader
from catalog_tui.core.words import _

from .archive_pane import ArchivePane, Cancel
from .archive_records import MediaRecords, ModelRecords, SiteRecords
from .records import Records, Sort


class SitePane(ArchivePane):
    """The sites, with how many models each has."""

    figure_keys = frozenset({"count"})

    def __init__(self, archive: Archive, reader: Reader, *, sort: Sort) -> None:
        super().__init__(archive, _("Sites"), id="sites", sort=sort)
        self.reader = reader

    def read_content(self, place: tuple[str, ...], cancelled: Cancel) -> Folders:
        return self.archive.sites()

    def make_records(self, content: Folders) -> Records:
        return SiteRecords(content, self.figures, self.reader)

    def words_for_empty(self, content: Any) -> str:
        return _("No sites here yet. An archive holds a folder for each site, and in it one for each model.")

    def read_figure(self, place: tuple[str, ...], name: str, cancelled: Cancel) -> int:
        return len(self.archive.models(name).names)


class ModelPane(ArchivePane):
    """The models of one site, with how many pictures and videos each has, and their size."""

    figure_keys = frozenset({"count", "size"})

    def __init__(self, archive: Archive, reader: Reader, *, sort: Sort) -> None:
        super().__init__(archive, _("Models"), id="models", sort=sort)
        self.reader = reader

    def read_content(self, place: tuple[str, ...], cancelled: Cancel) -> Folders:
        return self.archive.models(place[0])

    def make_records(self, content: Folders) -> Records:
        return ModelRecords(content, self.figures, self.reader)

    def words_for_empty(self, content: Any) -> str:
        return _("This site has no models yet.")

    def read_figure(self, place: tuple[str, ...], name: str, cancelled: Cancel) -> ModelInfo:
        return self.archive.info(place[0], name, cancelled=cancelled)


class MediaPane(ArchivePane):
    """The pictures, videos and other files of one model."""

    def __init__(self, archive: Archive, reader: Reader, *, sort: Sort) -> None:
        super().__init__(archive, _("Media"), id="media", sort=sort)
        self.reader = reader

    def read_content(self, place: tuple[str, ...], cancelled: Cancel) -> Listing:
        return self.archive.media(place[0], place[1], cancelled=cancelled)

    def make_records(self, content: Listing) -> Records:
        return MediaRecords(content, self.reader)

    def words_for_empty(self, content: Listing) -> str:
        if content.errors:
            return _("Nothing here can be read: {reason}").format(reason=content.errors[0].error)
        return _("No media here yet.")
