"""Answers as ready bytes, plain and compressed, kept while what they were made of is unchanged.

An answer is believed for FRESH_S after a look at the archive; where looking at what is unchanged takes long, for ten
times that, and at most a second. So looking costs at most a tenth of the time, however many ask.
"""

import asyncio
import gzip
import operator
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Executor
from typing import Final

import msgspec
from xxhash import xxh3_128_hexdigest

from catalog_tui.core.cache import CacheStats
from catalog_tui.server.listings import Seen
from catalog_tui.server.replies import JSON_TYPE, SAFE_DATA, Headers

FRESH_S: Final = 0.02
MOST_BELIEVED_S: Final = 1.0
GZIP_FROM: Final = 1024  # bytes
GZIP_LEVEL: Final = 6
MOST_BYTES: Final = 64 << 20
MOST_ANSWERS: Final = 4096


class Answer:
    """The bytes of one answer, its headers ready in each of its forms."""

    __slots__ = ("body", "headers", "same_headers", "size", "squeezed", "squeezed_headers", "squeezed_tag", "tag")

    def __init__(
        self,
        body: bytes,
        *,
        cache_control: bytes = b"no-cache",
        kind: bytes = JSON_TYPE,
        safe: Sequence[tuple[bytes, bytes]] = SAFE_DATA,
    ) -> None:
        digest = xxh3_128_hexdigest(body).encode()
        self.body = body
        self.tag = b'"' + digest + b'"'
        self.same_headers: Headers = [(b"cache-control", cache_control), (b"vary", b"accept-encoding"), *safe]
        """What a 304 says too, besides the tag."""
        same: Headers = [(b"content-type", kind), *self.same_headers]
        self.headers: Headers = [(b"content-length", b"%d" % len(body)), (b"etag", self.tag), *same]
        self.squeezed: bytes | None = None
        self.squeezed_tag = b'"' + digest + b'-gz"'
        self.squeezed_headers = self.headers
        if len(body) > GZIP_FROM:
            self.squeezed = gzip.compress(body, GZIP_LEVEL, mtime=0)
            self.squeezed_headers = [
                (b"content-length", b"%d" % len(self.squeezed)),
                (b"etag", self.squeezed_tag),
                (b"content-encoding", b"gzip"),
                *same,
            ]
        self.size = len(body) + len(self.squeezed or b"")


class _Kept:
    """An answer, what it was made of, and until when it is believed; `look` is the look under way, `counted` the bytes
    that count for it: a look in a thread may have put another answer there already."""

    __slots__ = ("answer", "believed_s", "counted", "look", "parts")

    def __init__(self) -> None:
        self.answer: Answer | None = None
        self.parts: tuple[object, ...] = ()
        self.believed_s = 0.0
        self.counted = 0
        self.look: asyncio.Task[Answer] | None = None


class Answers:
    """The answers of one process; for its event loop alone."""

    def __init__(
        self,
        executor: Executor,
        *,
        most_bytes: int = MOST_BYTES,
        cache_control: bytes = b"no-cache",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`clock` gives seconds that never go back."""
        self._executor = executor
        self._most_bytes = most_bytes
        self._cache_control = cache_control
        self._clock = clock
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()  # the one asked for last is last
        self._hits = self._misses = self._evictions = 0
        self.size = 0
        """Bytes of all answers."""

    def at_hand(self, key: Hashable) -> Answer | None:
        """The answer, if it was looked at just now."""
        kept = self._kept.get(key)
        if kept is None or kept.answer is None or kept.believed_s < self._clock():
            return None
        self._hits += 1
        return kept.answer

    def last(self, key: Hashable) -> Answer | None:
        """The answer as it was last, true or no longer."""
        kept = self._kept.get(key)
        return None if kept is None else kept.answer

    async def get(self, key: Hashable, see: Callable[[], Seen]) -> Answer:
        """The answer that `see` makes; it is called in a thread, and what it raises is raised for all who wait for the
        same look."""
        kept = self._kept.get(key)
        if kept is None:
            kept = self._kept[key] = _Kept()
        self._kept.move_to_end(key)
        if kept.look is None:
            kept.look = asyncio.ensure_future(self._look(key, kept, see))
        return await asyncio.shield(kept.look)

    async def _look(self, key: Hashable, kept: _Kept, see: Callable[[], Seen]) -> Answer:
        loop = asyncio.get_running_loop()
        try:
            answer = await loop.run_in_executor(self._executor, self._looked, kept, see)
        except BaseException:
            if self._kept.get(key) is kept:
                self._drop(key)
            raise
        finally:
            kept.look = None
        if self._kept.get(key) is kept:  # else everything was forgotten meanwhile
            self.size += answer.size - kept.counted
            kept.counted = answer.size
            self._make_room()
        return answer

    def forget(self) -> None:
        """Forget all answers."""
        self._kept.clear()
        self.size = 0

    def stats(self) -> CacheStats:
        """The figures of this cache."""
        return {
            "size": len(self._kept),
            "max_size": MOST_ANSWERS,
            "ttl": 0.0,
            "hits": self._hits,
            "misses": self._misses,
            "evictions": self._evictions,
        }

    def _looked(self, kept: _Kept, see: Callable[[], Seen]) -> Answer:
        """In a thread. The event loop reads `kept` meanwhile, and only what is whole."""
        began_s = self._clock()
        parts, make = see()
        answer = kept.answer
        if answer is not None and len(parts) == len(kept.parts) and all(map(operator.is_, parts, kept.parts)):
            self._hits += 1
            now_s = self._clock()
            kept.believed_s = now_s + min(max(FRESH_S, 10 * (now_s - began_s)), MOST_BELIEVED_S)
            return answer
        self._misses += 1
        body = msgspec.json.encode(make())
        if answer is None or answer.body != body:
            answer = Answer(body, cache_control=self._cache_control)
        kept.parts, kept.answer, kept.believed_s = parts, answer, self._clock() + FRESH_S
        return answer

    def _make_room(self) -> None:
        """Let go of the answers for which there is no room, those asked for least lately first."""
        while len(self._kept) > 1 and (self.size > self._most_bytes or len(self._kept) > MOST_ANSWERS):
            self._drop(next(iter(self._kept)))
            self._evictions += 1

    def _drop(self, key: Hashable) -> None:
        self.size -= self._kept.pop(key).counted
