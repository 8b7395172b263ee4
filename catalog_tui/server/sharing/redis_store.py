"""A ByteStore in Redis: each entry sealed, dated and gone after a while; all together no larger than agreed.

Keys are `PREFIX:EPOCH:NAME`. Clearing begins another epoch: what was kept before is not found any more, nor is what
somebody puts who began to read before. Beside the entries there are a sorted set of their names by age and a hash of
their sizes, from which those that make room are chosen; both mend themselves where Redis has dropped one of them.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from catalog_tui.server.sharing.epochs import Epochs
from catalog_tui.server.sharing.redis_link import RedisLink
from catalog_tui.server.sharing.sealing import Seal

if TYPE_CHECKING:
    from redis import Redis

MOST_SHARE: Final = 8
"""An entry takes at most one part in so many of the room."""
CLEARED_AT_ONCE: Final = 500

PUT: Final = """
local entry, ages, sizes = KEYS[1], KEYS[2], KEYS[3]
local content, ttl_ms, room = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now_us = time[1] * 1000000 + time[2]
local before = tonumber(redis.call('HGET', sizes, entry)) or 0
redis.call('SET', entry, content, 'PX', ttl_ms) -- first: where memory is full a script may not begin with this
redis.call('ZADD', ages, now_us + ttl_ms * 1000, entry)
redis.call('HSET', sizes, entry, #content)
local all = redis.call('HINCRBY', sizes, 'all', #content - before)
local function forget(name)
    local size = tonumber(redis.call('HGET', sizes, name)) or 0
    redis.call('UNLINK', name)
    redis.call('ZREM', ages, name)
    redis.call('HDEL', sizes, name)
    all = all - size
end
for _, name in ipairs(redis.call('ZRANGEBYSCORE', ages, '-inf', now_us, 'LIMIT', 0, 100)) do
    forget(name)
end
while all > room do
    local oldest = redis.call('ZRANGE', ages, 0, 0)[1]
    if oldest == entry then
        all = #content
        break
    end
    forget(oldest)
end
redis.call('HSET', sizes, 'all', string.format('%d', all))
redis.call('PEXPIRE', ages, ttl_ms)
redis.call('PEXPIRE', sizes, ttl_ms)
return 1
"""
CLEAR: Final = """
local names = redis.call('ZRANGE', KEYS[1], 0, ARGV[1] - 1)
for _, name in ipairs(names) do
    redis.call('UNLINK', name)
    redis.call('ZREM', KEYS[1], name)
end
if redis.call('ZCARD', KEYS[1]) == 0 then redis.call('DEL', KEYS[2]) end
return #names
"""


class RedisStore:
    """See ByteStore."""

    def __init__(
        self, link: RedisLink, seal: Seal, epochs: Epochs, *, prefix: str, ttl_s: float, most_bytes: int
    ) -> None:
        """`prefix`: what the names of its keys begin with; `ttl_s`: how long an entry may be believed."""
        self._link = link
        self._seal = seal
        self._epochs = epochs
        self._prefix = prefix
        self._ttl_s = ttl_s
        self._most_bytes = most_bytes
        self._put = link.client.register_script(PUT)
        self.hits = self.misses = self.refused = 0
        """`refused`: entries whose seal was broken or too old."""

    @property
    def epoch(self) -> str:
        """See ByteStore."""
        return self._epochs.now

    def get(self, key: bytes) -> bytes | None:
        """See ByteStore."""
        return self.get_many((key,))[0]

    def get_many(self, keys: Sequence[bytes]) -> list[bytes | None]:
        """See ByteStore."""
        epoch = self.epoch
        if not epoch or not keys:
            return [None] * len(keys)
        names = [self._name(epoch, key) for key in keys]

        def fetch(client: "Redis") -> object:
            return client.mget(names)

        found = self._link.ask(fetch)
        if not isinstance(found, list) or len(found) != len(names):
            found = [None] * len(names)
        return list(map(self._opened, names, found))

    def _opened(self, name: str, sealed: object) -> bytes | None:
        if sealed is None:
            self.misses += 1
            return None
        content = self._seal.open(name.encode(), sealed, self._ttl_s)
        if content is None:
            self.refused += 1
        else:
            self.hits += 1
        return content

    def put(self, key: bytes, content: bytes, epoch: str) -> None:
        """See ByteStore."""
        if not epoch or epoch != self.epoch or len(content) > self._most_bytes // MOST_SHARE:
            return
        name = self._name(epoch, key)
        sealed = self._seal.close(name.encode(), content)
        keys = (name, *indexes(self._prefix, epoch))
        self._link.ask(lambda client: self._put(keys, (sealed, int(self._ttl_s * 1000), self._most_bytes), client))

    def _name(self, epoch: str, key: bytes) -> str:
        return f"{self._prefix}:{epoch}:{self._seal.name(key)}"

    def clear(self, epoch: str) -> None:
        """Take what was kept in an epoch that is over, some entries at a time: Redis does nothing else meanwhile."""
        clear = self._link.client.register_script(CLEAR)
        keys = indexes(self._prefix, epoch)
        while self._link.ask(lambda client: clear(keys, (CLEARED_AT_ONCE,), client)) == CLEARED_AT_ONCE:
            pass


def indexes(prefix: str, epoch: str) -> tuple[str, str]:
    """The names of the sorted set and the hash beside the entries of an epoch."""
    return f"{prefix}:{epoch}:ages", f"{prefix}:{epoch}:sizes"
