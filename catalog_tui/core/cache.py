"""Caches of what was read: thread-safe, bounded in number, age and weight. In memory only."""

import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypedDict, TypeVar

if TYPE_CHECKING:
    from catalog_tui.core.archive import Kept
    from catalog_tui.core.layout import Folders
    from catalog_tui.core.listing import Listing, ModelInfo

V = TypeVar("V")

TTL_S = 1800.0
CLEAN_EVERY_S = 300.0
MOST_ROWS = 1_500_000  # rows of all cached listings together; about 45 bytes each


class CacheStats(TypedDict):
    """The state of one cache; `ttl` in seconds."""

    size: int
    max_size: int
    ttl: float
    hits: int
    misses: int
    evictions: int


@dataclass(frozen=True, slots=True)
class CacheEntry(Generic[V]):
    """A cached value, when it was put there (seconds of the cache's clock), and its weight."""

    value: V
    created_s: float
    weight: int = 1

    def is_expired(self, now_s: float, ttl_s: float) -> bool:
        """True once the entry is older than the time to live."""
        return now_s - self.created_s > ttl_s


class CacheManager(Generic[V]):
    """A cache of at most `max_size` entries and `max_weight` weight that forgets entries after `ttl_s` seconds.

    When it is full the oldest entry goes; an entry heavier than the whole cache is kept alone. Expired entries are
    swept out on access, at most every `clean_every_s` seconds. `clock` gives seconds that never go back.
    """

    def __init__(
        self,
        max_size: int,
        ttl_s: float = TTL_S,
        *,
        clean_every_s: float = CLEAN_EVERY_S,
        max_weight: int | None = None,
        weigh: Callable[[V], int] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._max_size = max_size
        self._ttl_s = ttl_s
        self._clean_every_s = clean_every_s
        self._max_weight = max_weight
        self._weigh = weigh
        self._clock = clock
        self._lock = threading.RLock()
        self._entries: dict[Hashable, CacheEntry[V]] = {}  # oldest first
        self._weight = 0
        self._cleaned_s = clock()
        self._hits = self._misses = self._evictions = 0

    def get(self, key: Hashable, *, still_true: Callable[[V], bool] | None = None) -> V | None:
        """The value of `key`; None where there is none, it is expired, or `still_true` (asked unlocked) denies it."""
        entry = self._entry(key)
        if entry is not None and still_true is not None and not still_true(entry.value):
            with self._lock:
                if self._entries.get(key) is entry:
                    self._drop(key)
            entry = None
        with self._lock:
            if entry is None:
                self._misses += 1
                return None
            self._hits += 1
            return entry.value

    def peek(self, key: Hashable) -> V | None:
        """As `get`, without counting a hit or a miss."""
        entry = self._entry(key)
        return None if entry is None else entry.value

    def set(self, key: Hashable, value: V) -> None:
        """Keep `value` as the newest entry, letting go of the oldest ones for which there is no room."""
        weight = self._weigh(value) if self._weigh else 1
        with self._lock:
            self._clean_when_due()
            if key in self._entries:
                self._drop(key)
            self._entries[key] = CacheEntry(value, self._clock(), weight)
            self._weight += weight
            while len(self._entries) > 1 and self._is_full():
                self._drop(next(iter(self._entries)))
                self._evictions += 1

    def delete(self, key: Hashable) -> bool:
        """Forget `key`; True if it was there."""
        with self._lock:
            return self._drop(key)

    def delete_where(self, condition: Callable[[Hashable], bool]) -> int:
        """Forget every key for which `condition` holds; gives how many."""
        with self._lock:
            return sum([self._drop(key) for key in list(self._entries) if condition(key)])

    def clear(self) -> None:
        """Forget everything; the counts of hits, misses and evictions stay."""
        with self._lock:
            self._entries.clear()
            self._weight = 0

    def stats(self) -> CacheStats:
        """The cache's figures; expired entries that were not swept out yet do not count in `size`."""
        with self._lock:
            self._clean()
            return {
                "size": len(self._entries),
                "max_size": self._max_size,
                "ttl": self._ttl_s,
                "hits": self._hits,
                "misses": self._misses,
                "evictions": self._evictions,
            }

    def _entry(self, key: Hashable) -> CacheEntry[V] | None:
        with self._lock:
            self._clean_when_due()
            entry = self._entries.get(key)
            if entry is not None and entry.is_expired(self._clock(), self._ttl_s):
                self._drop(key)
                return None
            return entry

    def _is_full(self) -> bool:
        too_heavy = self._max_weight is not None and self._weight > self._max_weight
        return len(self._entries) > self._max_size or too_heavy

    def _drop(self, key: Hashable) -> bool:
        entry = self._entries.pop(key, None)
        if entry is None:
            return False
        self._weight -= entry.weight
        return True

    def _clean_when_due(self) -> None:
        if self._clock() - self._cleaned_s >= self._clean_every_s:
            self._clean()

    def _clean(self) -> None:
        now_s = self._cleaned_s = self._clock()
        for key in [key for key, entry in self._entries.items() if entry.is_expired(now_s, self._ttl_s)]:
            self._drop(key)


class Caches:
    """The caches of one archive, each of at most so many entries.

    A listing of a million files weighs about 45 MB, so the media cache is bounded by rows too (MOST_ROWS).
    """

    def __init__(
        self,
        *,
        models: int = 500,
        model_info: int = 2000,
        media_list: int = 1000,
        ttl_s: float = TTL_S,
        clean_every_s: float = CLEAN_EVERY_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`clock` gives seconds that never go back."""
        self.models_cache: CacheManager[Kept[Folders]] = CacheManager(
            models, ttl_s, clean_every_s=clean_every_s, clock=clock
        )
        self.model_info_cache: CacheManager[Kept[ModelInfo]] = CacheManager(
            model_info, ttl_s, clean_every_s=clean_every_s, clock=clock
        )
        self.media_list_cache: CacheManager[Kept[Listing]] = CacheManager(
            media_list,
            ttl_s,
            clean_every_s=clean_every_s,
            max_weight=MOST_ROWS,
            weigh=lambda kept: len(kept.value),
            clock=clock,
        )
        self.sites_list: CacheManager[Kept[Folders]] = CacheManager(1, ttl_s, clean_every_s=clean_every_s, clock=clock)

    def stats(self) -> dict[str, CacheStats]:
        """The figures of each cache by its name."""
        return {
            "models_cache": self.models_cache.stats(),
            "model_info_cache": self.model_info_cache.stats(),
            "media_list_cache": self.media_list_cache.stats(),
            "sites_list": self.sites_list.stats(),
        }

    def clear(self) -> None:
        """Forget everything."""
        self.models_cache.clear()
        self.model_info_cache.clear()
        self.media_list_cache.clear()
        self.sites_list.clear()
