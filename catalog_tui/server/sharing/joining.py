"""What one worker shares with others by Redis, put together."""

import re
from typing import Final

from catalog_tui import __version__
from catalog_tui.core.pictures.keeping import RECIPE
from catalog_tui.server import shapes
from catalog_tui.server.sharing.epochs import Epochs, epoch_key, new_epoch
from catalog_tui.server.sharing.messages import Clear
from catalog_tui.server.sharing.packing import FORMAT
from catalog_tui.server.sharing.redis_bus import RedisBus
from catalog_tui.server.sharing.redis_link import RedisLink, RedisOptions
from catalog_tui.server.sharing.redis_store import RedisStore
from catalog_tui.server.sharing.sealing import Seal

LISTINGS_SHARE: Final = 4
"""One part in so many of the room is for listings, the rest for thumbnails."""
THUMBS_TTL_S: Final = 7 * 24 * 3600.0


def half_of(ttl_s: int) -> int:
    """How old a listing may grow in one of two places."""
    return max(1, ttl_s // 2)


class Sharing:
    """The stores and the bus of the worker called `worker`.

    A listing may be believed for `ttl_s` in Redis and then as long again in a worker's own cache: so that is told half
    of what the user allows.
    """

    def __init__(self, options: RedisOptions, *, worker: str, ttl_s: float) -> None:
        seal = Seal(options.secret)
        self._prefix = prefix_of(options, seal)
        self._link = RedisLink(options)
        self._epochs = Epochs()
        listings_bytes = options.most_bytes // LISTINGS_SHARE
        self.listings = self._store(seal, "listing", ttl_s, listings_bytes)
        self.thumbs = self._store(seal, "thumb", THUMBS_TTL_S, options.most_bytes - listings_bytes)
        self.bus = RedisBus(self._link, seal, self._epochs, prefix=self._prefix, worker=worker)

    def begin_epoch(self) -> Clear:
        """Begin another epoch, and say so to Redis, if that can be. Blocks. Gives what the others are to be told."""
        before, epoch = self._epochs.last, new_epoch()
        is_said = self._link.ask(lambda client: client.set(epoch_key(self._prefix), epoch)) is True
        self._epochs.begin(epoch, is_said=is_said)
        if is_said and before:
            for store in (self.listings, self.thumbs):
                store.clear(before)
        return Clear(epoch, is_said)

    def take_epoch(self, clear: Clear) -> None:
        """Another worker has begun another epoch."""
        self._epochs.begin(clear.epoch, is_said=clear.is_said)

    def figures(self) -> shapes.SharedFigures:
        """What came of this worker's asking."""
        stores = (self.listings, self.thumbs)
        return shapes.SharedFigures(
            reachable=bool(self._epochs.now),
            hits=sum(store.hits for store in stores),
            misses=sum(store.misses for store in stores),
            refused=sum(store.refused for store in stores),
            failures=self._link.failures,
        )

    def close(self) -> None:
        """Let go of the connections."""
        self._link.close()

    def _store(self, seal: Seal, kind: str, ttl_s: float, most_bytes: int) -> RedisStore:
        prefix = f"{self._prefix}:{kind}"
        return RedisStore(self._link, seal, self._epochs, prefix=prefix, ttl_s=ttl_s, most_bytes=most_bytes)


def prefix_of(options: RedisOptions, seal: Seal) -> str:
    """What the names of all keys and channels begin with: others for other archives, secrets and versions.

    In braces: a Redis of several nodes then keeps all of them on one, as the scripts need it.
    """
    readable = re.sub(r"[^A-Za-z0-9._-]+", "-", options.name)[:40]
    digest = seal.name(options.name.encode("utf-8", "surrogateescape"), f"{__version__} {FORMAT} {RECIPE}".encode())
    return f"{{catalog-tui:{readable}:{digest[:12]}}}"
