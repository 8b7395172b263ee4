"""What the archive holds, in figures: by site, by model, by kind, and by the month that files are from."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import compress
from typing import Final

from catalog_tui.core.archive import Archive
from catalog_tui.core.errors import ArchiveError
from catalog_tui.core.listing import Listing
from catalog_tui.server import shapes
from catalog_tui.server.hrefs import model_href, models_href, readable
from catalog_tui.server.listings import KIND_NAMES, NOTHING, Seen

DAY_NS: Final = 24 * 3600 * 10**9
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
LARGEST: Final = 24
"""Models that are told by name."""


def see_statistics(archive: Archive) -> Seen:
    """The figures of the whole archive. What they are made of is each model's sums: listings are not held on to."""
    parts: list[object] = []
    for site in archive.sites().names:
        try:
            models = archive.models(site)
        except ArchiveError:
            continue
        parts.append(models)
        parts += (_info(archive, site, model) for model in models.names)
    return Seen(tuple(parts), partial(_statistics, archive))


class _Sums:
    """What is counted while the archive is gone through."""

    def __init__(self) -> None:
        self.sites: list[shapes.SiteFigures] = []
        self.models: list[shapes.ModelFigures] = []
        self.kinds = [[0, 0] for _kind in KIND_NAMES]
        self.days: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0])

    def add(self, listing: Listing) -> None:
        """Count a model's files."""
        for kind in range(len(KIND_NAMES)):
            of_kind = [each == kind for each in listing.kinds]
            self.kinds[kind][0] += sum(of_kind)
            self.kinds[kind][1] += sum(compress(listing.sizes, of_kind))
        days = [mtime_ns // DAY_NS for mtime_ns in listing.mtimes_ns]
        for day, files in Counter(days).items():
            self.days[day][0] += files
        for day, size in zip(days, listing.sizes, strict=True):
            self.days[day][1] += size


def _statistics(archive: Archive) -> shapes.Statistics:
    sums = _Sums()
    for site in archive.sites().names:
        try:
            models = archive.models(site).names
        except ArchiveError:
            continue
        before = len(sums.models)
        for model, listing in zip(models, archive.media_of(site, models), strict=True):
            if isinstance(listing, Listing):
                _add_model(site, model, listing, sums)
        of_site = sums.models[before:]
        name, exact = readable(site)
        total = sum(figures.bytes for figures in of_site)
        files = sum(figures.files for figures in of_site)
        sums.sites.append(shapes.SiteFigures(name, models_href(site), files, total, len(of_site), exact))
    sums.models.sort(key=lambda figures: figures.bytes, reverse=True)
    return shapes.Statistics(
        sites=sums.sites,
        models=len(sums.models),
        largest=sums.models[:LARGEST],
        kinds=[shapes.KindFigures(kind, *sums.kinds[at]) for at, kind in enumerate(KIND_NAMES)],
        months=_months(sums.days),
    )


def _add_model(site: str, model: str, listing: Listing, sums: _Sums) -> None:
    sums.add(listing)
    name, exact = readable(model)
    href = model_href(site, model)
    size = listing.info().bytes
    sums.models.append(shapes.ModelFigures(name, href, len(listing), size, readable(site)[0], exact))


def _months(days: dict[int, list[int]]) -> list[shapes.MonthFigures]:
    """By month, in order; days that no calendar holds are left out."""
    months: dict[str, list[int]] = {}
    for day in sorted(days):
        try:
            month = f"{EPOCH + timedelta(days=day):%Y-%m}"
        except OverflowError:
            continue
        files, size = months.get(month, (0, 0))
        months[month] = [files + days[day][0], size + days[day][1]]
    return [shapes.MonthFigures(month, files, size) for month, (files, size) in months.items()]


def _info(archive: Archive, site: str, model: str) -> object:
    try:
        return archive.info(site, model)
    except ArchiveError:
        return NOTHING
