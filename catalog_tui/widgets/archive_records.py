"""Sites, models and media as records for a list."""

from array import array
from collections.abc import Callable, Mapping, Sequence

from catalog_tui.core.kinds import Kind
from catalog_tui.core.layout import Folders, is_loose
from catalog_tui.core.listing import Listing, ModelInfo
from catalog_tui.core.matching import Criteria, arrange
from catalog_tui.core.names import display
from catalog_tui.core.packed import PackedNames
from catalog_tui.core.reader import Reader
from catalog_tui.core.units import format_count_within, format_date, format_size
from catalog_tui.core.words import _

from .arranging import INLINE_RECORDS
from .columns import Column
from .figures import Figures
from .records import Query, Sort

UNKNOWN = "…"
"""Stands for a figure that has not been read yet."""

TONES = {Kind.IMAGE: "image", Kind.VIDEO: "video", Kind.OTHER: "other"}
DATE_WIDTH = 10
SIZE_WIDTH = 10
USUAL_SIZE_WIDTH = 8
MODELS_WIDTH = 4
PICTURES_WIDTH = 6
VIDEOS_WIDTH = 5


def site_cells(models: int) -> tuple[str, ...]:
    """The columns of a site: its models."""
    return (format_count_within(models, MODELS_WIDTH),)


def model_cells(info: ModelInfo) -> tuple[str, ...]:
    """The columns of a model: pictures, videos, size."""
    pictures = format_count_within(info.images, PICTURES_WIDTH)
    return (pictures, format_count_within(info.videos, VIDEOS_WIDTH), format_size(info.bytes))


class PackedRecords:
    """What sites, models and media share: packed names, arranged by the reader."""

    sort_keys: tuple[str, ...] = ("name",)

    def __init__(self, names: PackedNames, reader: Reader) -> None:
        self.names = names
        self._reader = reader

    def __len__(self) -> int:
        return len(self.names)

    def name(self, index: int) -> str:
        return self.names[index]

    def label(self, index: int) -> str:
        return display(self.names[index])

    def find(self, name: str) -> int | None:
        return self.names.position(name)

    def column(self, key: str) -> Sequence[int] | None:
        """The figures that the key sorts by, one for each record; None for the order of names."""
        return None

    def arranged(self, sort: Sort, query: Query, cancelled: Callable[[], bool]) -> Sequence[int]:
        """See Records."""
        # Few are arranged at once, by whoever asks: on the event loop, which must never wait for a reader at work.
        do = self._reader.arrange if len(self.names) > INLINE_RECORDS else arrange
        criteria = Criteria(query.text, query.fuzzy, self.column(sort.key), sort.descending)
        return do(self.names, criteria, cancelled=cancelled)


class SiteRecords(PackedRecords):
    """The sites of an archive, with the number of their models as far as that is known."""

    sort_keys = ("name", "count", "date")

    def __init__(self, sites: Folders, model_counts: Figures, reader: Reader) -> None:
        super().__init__(sites.names, reader)
        self._sites = sites
        self._model_counts = model_counts
        self._columns = (Column("#", MODELS_WIDTH, "count", beside=9),)  # names of sites are short

    @property
    def columns(self) -> tuple[Column, ...]:
        """As wide as the counts so far."""
        return self._model_counts.fitted(self._columns)

    def cells(self, index: int) -> tuple[str, ...]:
        """Models."""
        count = self._model_counts.get(self.name(index))
        return (UNKNOWN,) if count is None else site_cells(count)

    def tone(self, index: int) -> str:
        """Folder or link."""
        return "link" if self._sites.links[index] else "folder"

    def column(self, key: str) -> Sequence[int] | None:
        """Counts not known yet come last."""
        if key == "count":
            return array("q", (self._model_counts.get(name, -1) for name in self.names))
        return self._sites.mtimes_ns if key == "date" else None


class ModelRecords(PackedRecords):
    """The models of a site, with the figures of those that were read."""

    sort_keys = ("name", "count", "size", "date")

    def __init__(self, models: Folders, infos: Figures, reader: Reader) -> None:
        super().__init__(models.names, reader)
        self._models = models
        self._infos = infos
        self._columns = (
            Column(_("Pics"), PICTURES_WIDTH, "count"),
            Column(_("Vids"), VIDEOS_WIDTH, "count"),
            Column(_("Size"), SIZE_WIDTH, "size", least=USUAL_SIZE_WIDTH),
        )

    @property
    def columns(self) -> tuple[Column, ...]:
        """As wide as the figures so far."""
        return self._infos.fitted(self._columns)

    def label(self, index: int) -> str:
        """Loose files bear a name that no folder can be confused with: its row is coloured apart, too."""
        name = self.name(index)
        return f"{display(name)}{_('(loose files)')}" if is_loose(name) else display(name)

    def cells(self, index: int) -> tuple[str, ...]:
        """Pictures, videos, size."""
        info = self._infos.get(self.name(index))
        return (UNKNOWN, UNKNOWN, UNKNOWN) if info is None else model_cells(info)

    def tone(self, index: int) -> str:
        """Folder, link, or set aside for loose files."""
        if is_loose(self.name(index)):
            return "aside"
        return "link" if self._models.links[index] else "folder"

    def column(self, key: str) -> Sequence[int] | None:
        """Figures not known yet come last."""
        if key == "date":
            return self._models.mtimes_ns
        if key == "name":
            return None
        infos = map(self._infos.get, self.names)
        if key == "size":
            return array("q", (-1 if info is None else info.bytes for info in infos))
        return array("q", (-1 if info is None else info.images + info.videos for info in infos))


class MediaRecords(PackedRecords):
    """The files of a model."""

    sort_keys = ("name", "date", "size", "kind")

    def __init__(self, listing: Listing, reader: Reader) -> None:
        super().__init__(listing.names, reader)
        self.listing = listing
        self.columns = (Column(_("Size"), SIZE_WIDTH, "size"), Column(_("Date"), DATE_WIDTH, "date"))

    def cells(self, index: int) -> tuple[str, ...]:
        """Size and date."""
        listing = self.listing
        return (format_size(listing.sizes[index]), format_date(listing.mtimes_ns[index], with_time=False))

    def tone(self, index: int) -> str:
        """The kind, or that it is a link."""
        return "link" if self.listing.links[index] else TONES[Kind(self.listing.kinds[index])]

    def column(self, key: str) -> Sequence[int] | None:
        """As listed."""
        columns: Mapping[str, Sequence[int]] = {
            "size": self.listing.sizes,
            "date": self.listing.mtimes_ns,
            "kind": self.listing.kinds,
        }
        return columns.get(key)
