"""The archive as both front ends read it: sites, models, media; cached, and looked at again before it is believed."""

import os
import time
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, NamedTuple, TypeVar

from catalog_tui.core.cache import CacheManager, Caches, CacheStats
from catalog_tui.core.errors import ArchiveError, NotFollowed, Unreadable, UsageError, Vanished
from catalog_tui.core.flights import Flights
from catalog_tui.core.kinds import is_left_out_file
from catalog_tui.core.layout import (
    LOOSE,
    Folders,
    LayoutRules,
    Link,
    folder_of,
    follow,
    is_loose,
    is_name_within,
)
from catalog_tui.core.listing import Listing, ModelInfo, never
from catalog_tui.core.names import display
from catalog_tui.core.reader import DirectReader, Reader
from catalog_tui.core.stamps import Stamps, below
from catalog_tui.core.words import _

__all__ = ["LOOSE", "Archive", "Kept", "Page"]

T = TypeVar("T")
S = TypeVar("S")

CHECK_EVERY_S: Final = 1.0
READ_AT_ONCE: Final = 64  # folders asked for at once: more save no time, and others wait longer for their turn
MOST_CHECKED_AT_ONCE: Final = 1000  # folders; their stats take 2 ms


@dataclass(slots=True)
class Kept(Generic[T]):
    """A value in a cache, the stamps of the folders that it was read from, and when all of them were last compared."""

    value: T
    stamps: Stamps
    checked_s: float


class Page(NamedTuple, Generic[S]):
    """One page of a sequence; `page` counts from 1, and one past the end is empty."""

    items: Sequence[S]
    page: int
    pages: int
    total: int
    limit: int


class Archive:
    """The one read API. Every call blocks and may be made from any thread.

    What is asked for is answered from the caches while the folders that it came from are unchanged; see design.md
    section 4 for when they are looked at. Raises Vanished, Unreadable or NotFollowed, each with one line to show, and
    Cancelled where `cancelled` said so.
    """

    def __init__(
        self,
        root: str,
        *,
        rules: LayoutRules | None = None,
        reader: Reader | None = None,
        caches: Caches | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`clock` gives seconds that never go back."""
        self.root: Final = os.path.abspath(root)
        self._rules = rules or LayoutRules()
        self._reader = reader or DirectReader()
        self._caches = caches or Caches()
        self._clock = clock
        self._flights: dict[object, Flights[Any]] = {}
        self._generation = 0  # of what is read: who asks after something was forgotten joins no older reading

    def sites(self) -> Folders:
        """The sites: the folders directly in the archive."""

        def read() -> tuple[Folders, Stamps]:
            folders = self._reader.folders(self.root)
            if self._rules.follow_links:
                folders = follow(folders, self.root, self.root, ())
            return folders, folders.stamps

        return self._remembered(self._caches.sites_list, self.root, self.root, read)

    def models(self, site: str) -> Folders:
        """The models of a site; LOOSE first where files lie loose in it."""
        top = self.folder(site)

        def read() -> tuple[Folders, Stamps]:
            folders = self._reader.folders(top, levels=self._rules.levels_in(site), loose=True)
            if self._rules.follow_links and Link.SHOWN in folders.links:
                folders = follow(folders, top, self.root, self._followed_before(site))
            return folders, folders.stamps

        return self._remembered(self._caches.models_cache, site, top, read)

    def info(self, site: str, model: str, *, cancelled: Callable[[], bool] = never) -> ModelInfo:
        """The figures of a model, from its cached listing where there is one."""
        top = self.folder(site, model)
        key = (site, model)

        def read() -> tuple[ModelInfo, Stamps]:
            listed = self._caches.media_list_cache.peek(key)
            if listed is not None and listed.stamps.hold(top):
                return listed.value.info(), listed.stamps
            return self._reader.info(top, recursive=not is_loose(model), cancelled=cancelled)

        return self._remembered(self._caches.model_info_cache, key, top, read, cancelled=cancelled)

    def media(self, site: str, model: str, *, cancelled: Callable[[], bool] = never) -> Listing:
        """The listing of a model."""
        top = self.folder(site, model)

        def read() -> tuple[Listing, Stamps]:
            listing = self._reader.listing(top, recursive=not is_loose(model), cancelled=cancelled)
            return listing, listing.stamps

        return self._remembered(
            self._caches.media_list_cache, (site, model), top, read, at_once=MOST_CHECKED_AT_ONCE, cancelled=cancelled
        )

    def media_of(
        self, site: str, models: Sequence[str], *, cancelled: Callable[[], bool] = never
    ) -> Iterator[Listing | ArchiveError]:
        """The listing of each of these models, or what `media` would raise; quicker where many have to be read."""
        for start in range(0, len(models), READ_AT_ONCE):
            some = models[start : start + READ_AT_ONCE]
            found: dict[str, Listing | ArchiveError] = {}
            missing: dict[str, str] = {}  # their folders, by model
            for model in some:
                try:
                    top = self.folder(site, model)
                    listing = self._at_hand(self._caches.media_list_cache, (site, model), top, MOST_CHECKED_AT_ONCE)
                    if listing is not None:
                        found[model] = listing
                    elif is_loose(model):
                        found[model] = self.media(site, model, cancelled=cancelled)
                    else:
                        missing[model] = top
                except ArchiveError as error:
                    found[model] = error
            found.update(self._read_all(site, missing, cancelled))
            yield from map(found.__getitem__, some)

    def _read_all(
        self, site: str, folders: Mapping[str, str], cancelled: Callable[[], bool]
    ) -> Iterator[tuple[str, Listing | ArchiveError]]:
        """Read the folders of these models, and remember what is in them."""
        for (model, top), listing in zip(
            folders.items(), self._reader.listings(list(folders.values()), cancelled=cancelled), strict=True
        ):
            if isinstance(listing, OSError):
                yield model, _told(listing, top)
            else:
                self._keep(self._caches.media_list_cache, (site, model), listing, listing.stamps)
                yield model, listing

    @staticmethod
    def page(sequence: Sequence[S], page: int, limit: int) -> Page[S]:
        """Page `page` (from 1) of a sequence at `limit` items a page. Raises UsageError for numbers below 1."""
        if page < 1 or limit < 1:
            raise UsageError(_("Pages are counted from 1 and hold at least one item."))
        total = len(sequence)
        start = (page - 1) * limit
        return Page(sequence[start : start + limit], page, -(-total // limit), total, limit)

    def path(self, site: str, model: str = "", name: str = "") -> str:
        """The absolute path of a site, a model or a file. Raises Vanished for names that are none of this archive's."""
        inner = below(site, folder_of(model))
        inner = below(inner, name) if name else inner
        if not is_name_within(inner) or "/" in site or is_left_out_file(os.path.basename(name)):
            raise Vanished(_("{path} is not in the archive.").format(path=display(below(self.root, inner))))
        return below(self.root, inner)

    def folder(self, site: str, model: str = LOOSE) -> str:
        """The absolute path of a site's or a model's folder, after a look at the links on the way to it."""
        top = self.path(site, model)
        self._enter(f"{self.root}/{site}", site, self.sites)
        way = ""
        for name in filter(None, model.split("/")):
            way = f"{way}/{name}" if way else name
            self._enter(f"{self.root}/{site}/{way}", way, lambda: self.models(site))
        return top

    def place_of(self, path: str) -> tuple[str, str, str]:
        """The site, model and name of the file at `path` below the archive; LOOSE where no model holds it."""
        site, _slash, rest = path.partition("/")
        parts = rest.split("/")
        levels = self._rules.levels_in(site)
        if len(parts) > levels:
            return site, "/".join(parts[:levels]), "/".join(parts[levels:])
        folder = "/".join(parts[:-1])
        return site, f"{folder}/" if folder else LOOSE, parts[-1]

    def forget_model(self, site: str, model: str) -> None:
        """A model was removed: its site's entries and the list of sites are read anew."""
        self._generation += 1
        del model  # its neighbours' counts may have changed too (loose files, shared folders)
        self._forget_site(site)
        self._caches.sites_list.clear()

    def forget_file(self, site: str, model: str, name: str) -> None:
        """A file was removed: its model's listing and figures, and its site's models, are read anew."""
        self._generation += 1
        del name
        self._forget_lists(site, model)
        self._caches.models_cache.delete(site)

    def reload(self, site: str | None = None, model: str | None = None) -> None:
        """Read anew what the user looks at: everything, a site, or one model of it."""
        self._generation += 1
        if site is None:
            self._caches.clear()
        elif model is None:
            self._forget_site(site)
        else:
            self._forget_lists(site, model)

    def cache_stats(self) -> dict[str, CacheStats]:
        """The figures of each cache by its name."""
        return self._caches.stats()

    def clear_caches(self) -> None:
        """Forget everything that was read."""
        self.reload()

    def _forget_site(self, site: str) -> None:
        def of_site(key: Hashable) -> bool:
            return isinstance(key, tuple) and key[0] == site

        self._caches.models_cache.delete(site)
        self._caches.model_info_cache.delete_where(of_site)
        self._caches.media_list_cache.delete_where(of_site)

    def _forget_lists(self, site: str, model: str) -> None:
        self._caches.model_info_cache.delete((site, model))
        self._caches.media_list_cache.delete((site, model))

    def _remembered(
        self,
        cache: CacheManager[Kept[T]],
        key: Hashable,
        top: str,
        read: Callable[[], tuple[T, Stamps]],
        *,
        at_once: int = 1,
        cancelled: Callable[[], bool] = never,
    ) -> T:
        """The cached value if its folders are as they were (see `_at_hand`), else what `read` gives."""

        def read_and_keep() -> T:
            try:
                value, stamps = read()
            except OSError as problem:
                raise _told(problem, top) from problem
            self._keep(cache, key, value, stamps)
            return value

        at_hand = self._at_hand(cache, key, top, at_once)
        if at_hand is not None:
            return at_hand
        flights: Flights[T] = self._flights.setdefault(cache, Flights())
        return flights.share((self._generation, key), read_and_keep, cancelled)

    def _at_hand(self, cache: CacheManager[Kept[T]], key: Hashable, top: str, at_once: int) -> T | None:
        """The cached value if its folders are as they were.

        The first folder is compared each time, and so are all when they are at most `at_once`; otherwise all of them
        once a second.
        """

        def still_true(kept: Kept[T]) -> bool:
            now_s = self._clock()
            if len(kept.stamps) > at_once and now_s - kept.checked_s < CHECK_EVERY_S:
                return kept.stamps.hold(top, only_top=True)
            kept.checked_s = now_s
            return kept.stamps.hold(top)

        kept = cache.get(key, still_true=still_true)
        return None if kept is None else kept.value

    def _keep(self, cache: CacheManager[Kept[T]], key: Hashable, value: T, stamps: Stamps) -> None:
        cache.set(key, Kept(value, stamps, self._clock()))

    def _enter(self, path: str, name: str, siblings: Callable[[], Folders]) -> None:
        """Raise NotFollowed for a link that is shown only; `siblings` are the folders that it is listed among."""
        if not os.path.islink(path):
            return
        if self._rules.follow_links:
            folders = siblings()
            index = folders.names.position(name)
            if index is not None and folders.links[index] == Link.FOLLOWED:
                return
        raise NotFollowed(_("{path} is a link, and links are not followed here.").format(path=display(path)))

    def _followed_before(self, site: str) -> list[str]:
        """The real paths of what is followed in the archive before the models of `site` are: all sites, and the models
        of the sites that come earlier."""
        sites = self.sites()
        paths = [self.path(name) for name in _followed(sites)]
        for earlier, link in zip(sites.names[: sites.names.position(site)], sites.links, strict=False):
            if link != Link.SHOWN:
                paths += [self.path(earlier, name) for name in _followed(self.models(earlier))]
        return [os.path.realpath(path) for path in paths]


def _followed(folders: Folders) -> list[str]:
    return [name for name, link in zip(folders.names, folders.links, strict=True) if link == Link.FOLLOWED]


def _told(problem: OSError, path: str) -> ArchiveError:
    """What the system said of `path` as an error that a person can read."""
    if isinstance(problem, FileNotFoundError):
        return Vanished(_("{path} is not there (any more).").format(path=display(path)))
    if isinstance(problem, NotADirectoryError):
        return Unreadable(_("{path} is not a folder.").format(path=display(path)))
    if isinstance(problem, PermissionError):
        return Unreadable(_("{path} may not be read by you.").format(path=display(path)))
    word = problem.strerror or str(problem)
    return Unreadable(_("{path} cannot be read: {error}.").format(path=display(path), error=word))
