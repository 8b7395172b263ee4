"""The three panes of the browser: sites, models, media."""

from typing import Any

from catalog_tui.core.archive import Archive
from catalog_tui.core.kinds import Kind
from catalog_tui.core.layout import Folders
from catalog_tui.core.listing import Listing, ModelInfo
from catalog_tui.core.reader import Reader
from catalog_tui.core.words import _
from catalog_tui.graphics.studio import Studio

from .archive_pane import ArchivePane, Cancel
from .archive_records import MediaRecords, ModelRecords, SiteRecords, model_cells, site_cells
from .records import Records, Sort
from .subject import Subject
from .tile_list import TileList


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

    def cells_of(self, figure: int) -> tuple[str, ...]:
        return site_cells(figure)


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

    def cells_of(self, figure: ModelInfo) -> tuple[str, ...]:
        return model_cells(figure)


class MediaPane(ArchivePane):
    """The pictures, videos and other files of one model."""

    def __init__(self, archive: Archive, reader: Reader, studio: Studio | None, *, sort: Sort) -> None:
        self.tiles = TileList(studio, self.subject, sort=sort, id="media-list")
        super().__init__(archive, _("Media"), id="media", sort=sort, records=self.tiles)
        self.reader = reader

    def read_content(self, place: tuple[str, ...], cancelled: Cancel) -> Listing:
        return self.archive.media(place[0], place[1], cancelled=cancelled)

    def subject(self, row: int) -> Subject | None:
        """The picture or video in this row; None where there is none, or something else."""
        listing, order = self.content, self.records.order
        if not isinstance(listing, Listing) or not 0 <= row < len(order) or self.records.source is None:
            return None
        index = order[row]
        if index >= len(listing.names) or Kind(listing.kinds[index]) is Kind.OTHER:
            return None
        path = self.path_of(self.records.source.name(index))
        return Subject(path, (listing.sizes[index], listing.mtimes_ns[index]))

    def make_records(self, content: Listing) -> Records:
        return MediaRecords(content, self.reader)

    def words_for_empty(self, content: Listing) -> str:
        if content.errors:
            return _("Nothing here can be read: {reason}").format(reason=content.errors[0].error)
        return _("No media here yet.")
