"""What the listing routes answer, made from the archive. All of it blocks, and is called in threads."""

import os
from array import array
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, NamedTuple, TypeVar

from msgspec import UNSET, Struct, UnsetType

from catalog_tui.core.archive import Archive
from catalog_tui.core.errors import ArchiveError
from catalog_tui.core.kinds import Kind
from catalog_tui.core.layout import Folders, is_loose
from catalog_tui.core.listing import Listing, ModelInfo
from catalog_tui.core.matching import Criteria, arrange
from catalog_tui.core.packed import PackedNames
from catalog_tui.core.stamps import below
from catalog_tui.server import inputs, shapes
from catalog_tui.server.hrefs import folder_path, media_href, model_href, models_href, readable, thumb_href

T = TypeVar("T")

KIND_NAMES: Final[tuple[shapes.Kind, ...]] = ("image", "video", "other")
NOTHING: Final = ModelInfo(0, 0, 0, 0, 0, 0, 0)


class Seen(NamedTuple):
    """What the archive says now: the objects that an answer is made of, the very same while nothing has changed, and
    how it is made."""

    parts: tuple[object, ...]
    make: Callable[[], Struct]


def see_sites(archive: Archive) -> Seen:
    """All sites, and how many models each has."""
    sites = archive.sites()
    models = [_or_error(archive.models, site) for site in sites.names]
    return Seen((sites, *models), lambda: shapes.Sites(list(map(_site, sites.names, models))))


def _site(site: str, models: Folders | ArchiveError) -> shapes.Site:
    name, exact = readable(site)
    if isinstance(models, ArchiveError):
        return shapes.Site(name, 0, models_href(site), exact, str(models))
    return shapes.Site(name, len(models), models_href(site), exact)


def see_models(archive: Archive, query: inputs.ModelsQuery) -> Seen:
    """A page of a site's models."""
    folders = archive.models(query.site)
    order = _order_of_models(archive, folders, query)
    start = (query.page - 1) * query.limit
    names = [folders.names[at] for at in order[start : start + query.limit]]
    listings = list(archive.media_of(query.site, names))

    def make() -> shapes.ModelsPage:
        rows = [_model_row(query.site, name, listing) for name, listing in zip(names, listings, strict=True)]
        return shapes.ModelsPage(readable(query.site)[0], rows, _pagination(query.page, query.limit, len(order)))

    return Seen((folders, *listings), make)


def _order_of_models(archive: Archive, folders: Folders, query: inputs.ModelsQuery) -> Sequence[int]:
    column: Sequence[int] | None = None
    if query.sort == "mtime":
        column = folders.mtimes_ns
    elif query.sort != "name":
        infos = [_or_error(partial(archive.info, query.site), name) for name in folders.names]
        figures = [NOTHING if isinstance(info, ArchiveError) else info for info in infos]
        column = [_figure(info, query.sort) for info in figures]
    return arrange(folders.names, Criteria(query.q, column=column, descending=query.order == "desc"))


def _figure(info: ModelInfo, sort: str) -> int:
    if sort == "bytes":
        return info.bytes
    return info.newest_mtime_ns if sort == "newest" else info.images + info.videos


def _model_row(site: str, model: str, listing: Listing | ArchiveError) -> shapes.ModelRow:
    name, exact = readable(model)
    error: str | UnsetType = UNSET
    info = NOTHING
    if isinstance(listing, ArchiveError):
        error = str(listing)
    else:
        info = listing.info()
    return shapes.ModelRow(
        name=name,
        thumb=None if isinstance(listing, ArchiveError) else _first_thumb(folder_path(site, model), listing),
        image_count=info.images,
        video_count=info.videos,
        other_count=info.others,
        bytes=info.bytes,
        newest_mtime_ns=info.newest_mtime_ns,
        href=model_href(site, model),
        loose=is_loose(model),
        name_b64=exact,
        error=error,
    )


def _first_thumb(folder: str, listing: Listing) -> str | None:
    """Of the first picture, or where there is none of the first video."""
    at = next((at for kind in (Kind.IMAGE, Kind.VIDEO) if (at := listing.kinds.find(kind)) >= 0), None)
    return None if at is None else _thumb(folder, listing, at)


def _thumb(folder: str, listing: Listing, at: int) -> str | None:
    if listing.kinds[at] == Kind.OTHER or listing.links[at]:
        return None
    return thumb_href(below(folder, listing.names[at]), listing.sizes[at], listing.mtimes_ns[at])


def see_model(archive: Archive, query: inputs.ModelQuery) -> Seen:
    """A part of a model."""
    listing = archive.media(query.site, query.model)
    return Seen((listing,), partial(_model_page, query, listing))


def _model_page(query: inputs.ModelQuery, listing: Listing) -> shapes.ModelPage:
    info = listing.info()
    order = _order_of_files(listing, query.order)
    images = _of_kind(listing, order, Kind.IMAGE)
    videos = _of_kind(listing, order, Kind.VIDEO)
    of_kind = {"all": order, "image": images, "video": videos}
    items = of_kind[query.kind] if query.kind in of_kind else _of_kind(listing, order, Kind.OTHER)
    if query.q:
        found = set(arrange(listing.names, Criteria(query.q)))
        items = [at for at in items if at in found]
    first = query.offset
    folder = folder_path(query.site, query.model)
    return shapes.ModelPage(
        site=readable(query.site)[0],
        model=readable(query.model)[0],
        images=[readable(listing.names[at])[0] for at in images[first : first + query.images_limit]],
        videos=[readable(listing.names[at])[0] for at in videos[first : first + query.videos_limit]],
        total_images=info.images,
        total_videos=info.videos,
        total_others=info.others,
        total_bytes=info.bytes,
        items=[_item(listing, at, folder) for at in items[first : first + query.limit]],
        total_items=len(items),
        unreadable=info.errors,
        position=_position(listing, query.name, items) if query.name else None,
    )


def _position(listing: Listing, name: str, items: Sequence[int]) -> int | None:
    at = listing.names.position(name)
    return None if at is None or at not in items else items.index(at)


def _order_of_files(listing: Listing, order: str) -> Sequence[int]:
    if order == "name":
        return range(len(listing))
    if order == "-name":
        return range(len(listing) - 1, -1, -1)
    column = listing.sizes if order == "largest" else listing.mtimes_ns
    return sorted(range(len(listing)), key=column.__getitem__, reverse=order != "oldest")


def _of_kind(listing: Listing, order: Sequence[int], kind: Kind) -> Sequence[int]:
    if listing.kinds.count(kind) == len(listing):
        return order
    return [at for at in order if listing.kinds[at] == kind]


def _item(listing: Listing, at: int, folder: str) -> shapes.Item:
    name, exact = readable(listing.names[at])
    mtime_ns = listing.mtimes_ns[at]
    return shapes.Item(
        name=name,
        kind=KIND_NAMES[listing.kinds[at]],
        size=listing.sizes[at],
        mtime=mtime_ns / 1e9,
        mtime_ns=mtime_ns,
        href=media_href(below(folder, listing.names[at])),
        thumb=_thumb(folder, listing, at),
        name_b64=exact,
    )


class _Hits(NamedTuple):
    """Names of one list that were found, by their indexes, and what makes the entry of one of them."""

    found: Sequence[int]
    make: Callable[[int], shapes.Found]


def see_search(archive: Archive, query: inputs.SearchQuery) -> Seen:
    """What bears the text in its name: first what begins with it, models before files, in the archive's order."""
    parts: list[object] = []
    ranks: list[list[_Hits]] = [[], [], [], []]
    for site in [query.site] if query.site else list(archive.sites().names):
        folders = archive.models(site) if query.site else _or_error(archive.models, site)
        parts.append(folders)
        if isinstance(folders, ArchiveError):
            continue
        _rank(folders.names, query.q, partial(_found_model, site, folders), ranks[0::2])
        for model, listing in zip(folders.names, archive.media_of(site, folders.names), strict=True):
            parts.append(listing)
            if isinstance(listing, Listing):
                _rank(listing.names, query.q, partial(_found_file, site, model, listing), ranks[1::2])
    return Seen(tuple(parts), partial(_search_page, query, [hits for rank in ranks for hits in rank]))


def _rank(names: PackedNames, text: str, make: Callable[[int], shapes.Found], into: Sequence[list[_Hits]]) -> None:
    """Put what is found into two lists: names that begin with the text, and the others."""
    begin, others = array("I"), array("I")
    start = text.casefold()
    for at in arrange(names, Criteria(text)):
        is_start = os.path.basename(names[at]).casefold().startswith(start)
        (begin if is_start else others).append(at)
    for found, hits in zip((begin, others), into, strict=True):
        if found:
            hits.append(_Hits(found, make))


def _search_page(query: inputs.SearchQuery, hits: list[_Hits]) -> shapes.SearchPage:
    total = sum(len(some.found) for some in hits)
    results: list[shapes.Found] = []
    skip, wanted = (query.page - 1) * query.limit, query.limit
    for some in hits:
        if skip < len(some.found):
            page = some.found[skip : skip + wanted]
            results += map(some.make, page)
            wanted -= len(page)
        skip = max(0, skip - len(some.found))
        if not wanted:
            break
    return shapes.SearchPage(readable(query.q)[0], results, _pagination(query.page, query.limit, total))


def _found_model(site: str, folders: Folders, at: int) -> shapes.Found:
    model = folders.names[at]
    name, exact = readable(model)
    href = model_href(site, model)
    return shapes.Found("model", readable(site)[0], name, name, href, None, href, name_b64=exact)


def _found_file(site: str, model: str, listing: Listing, at: int) -> shapes.Found:
    item = _item(listing, at, folder_path(site, model))
    return shapes.Found(
        type="media",
        site=readable(site)[0],
        model=readable(model)[0],
        name=item.name,
        href=item.href,
        thumb=item.thumb,
        model_href=model_href(site, model),
        kind=item.kind,
        size=item.size,
        name_b64=item.name_b64,
    )


def _pagination(page: int, limit: int, total: int) -> shapes.Pagination:
    return shapes.Pagination(page, limit, total, -(-total // limit))


def _or_error(ask: Callable[[str], T], name: str) -> T | ArchiveError:
    try:
        return ask(name)
    except ArchiveError as error:
        return error
