"""This process's way to Redis: asked with short patience, left alone for a while when it fails or dawdles.

Whatever Redis does, nobody waits for it for more than a second at once, nor for more than a tenth of the time.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from catalog_tui.core.errors import CatalogError, UsageError
from catalog_tui.core.names import display
from catalog_tui.core.words import _

if TYPE_CHECKING:
    from redis import Redis
    from redis.client import PubSub

T = TypeVar("T")

PATIENCE_S: Final = 0.25
"""For one answer, and for a connection."""
AT_FIRST_S: Final = 3.0
"""For the first answer, before anything is served."""
QUICK_S: Final = 0.005
"""What an answer may take without counting as waiting."""
MOST_WAIT_S: Final = 1.0
WAIT_SHARE: Final = 0.1
PAUSE_S: Final = 1.0
"""After a failure, before Redis is asked again."""


@dataclass(frozen=True, slots=True)
class RedisOptions:
    """Which Redis, and as whom."""

    url: str
    secret: bytes
    """What the servers that share know, and Redis does not."""
    name: str
    """Of the archive, the same for all who serve it."""
    most_bytes: int
    """Of all that is kept there for this archive."""


class Waiting:
    """Credit for waiting: a second at once, a tenth of the time in the long run. Thread-safe."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` gives seconds that never go back."""
        self._clock = clock
        self._lock = threading.Lock()
        self._credit_s = MOST_WAIT_S
        self._counted_s = clock()
        self._paused_until_s = 0.0

    def may_ask(self) -> bool:
        """Whether there is credit left, and no pause."""
        with self._lock:
            now_s = self._clock()
            self._credit_s = min(MOST_WAIT_S, self._credit_s + WAIT_SHARE * (now_s - self._counted_s))
            self._counted_s = now_s
            return self._credit_s > 0 and now_s >= self._paused_until_s

    def waited(self, seconds: float) -> None:
        """An answer took so long."""
        if seconds > QUICK_S:
            with self._lock:
                self._credit_s -= seconds - QUICK_S

    def pause(self) -> None:
        """There was no answer."""
        with self._lock:
            self._paused_until_s = self._clock() + PAUSE_S

    def resume(self) -> None:
        """It is known to answer again."""
        with self._lock:
            self._paused_until_s = 0.0


class RedisLink:
    """Asks Redis; thread-safe. What goes wrong is counted, and is nobody's trouble."""

    def __init__(self, options: RedisOptions) -> None:
        self.client = connect(options.url, PATIENCE_S)
        self.waiting = Waiting()
        self.failures = 0

    def ask(self, act: Callable[["Redis"], T]) -> T | None:
        """What `act` gives; None where Redis is not asked now, fails, or says what makes no sense."""
        if not self.waiting.may_ask():
            return None
        began_s = time.monotonic()
        try:
            return act(self.client)
        except troubles() as trouble:
            self.failures += 1
            if not is_refusal(trouble):
                self.waiting.pause()
            return None
        finally:
            self.waiting.waited(time.monotonic() - began_s)

    def subscriber(self) -> "PubSub":
        """A connection that listens."""
        from redis.client import PubSub

        return PubSub(self.client.connection_pool)

    def close(self) -> None:
        """Let go of the connections."""
        self.client.close()


def connect(url: str, patience_s: float) -> "Redis":
    """A client that tries once, and waits no longer than that for each answer. UsageError for what is no such URL."""
    try:
        from redis import Redis
        from redis.backoff import NoBackoff
        from redis.retry import Retry
    except ModuleNotFoundError as error:
        text = _("--redis needs the Python package redis, which is not installed: {how}")
        raise CatalogError(text.format(how="pip install 'catalog-tui[redis]'")) from error

    settings: dict[str, Any] = {"socket_timeout": patience_s, "socket_connect_timeout": patience_s, "protocol": 2}
    try:
        return Redis.from_url(url, retry=Retry(NoBackoff(), 0), client_name="catalog-tui", **settings)
    except ValueError as error:
        raise UsageError(_("that is no address of a Redis: redis://HOST:PORT/0 is one")) from error


def place_of(url: str) -> str:
    """The address of a Redis without user and password, to show."""
    scheme, _separator, rest = url.partition("://")
    return display(f"{scheme}://{rest.rpartition('@')[2].partition('?')[0]}")


def version_at(url: str) -> str:
    """Which Redis is there, "?" where it does not tell. CatalogError, with one line, where there is none, or where it
    does not let us in."""
    client = connect(url, AT_FIRST_S)
    try:
        client.ping()
        try:
            return str(client.info("server")["redis_version"])
        except troubles():
            return "?"
    except troubles() as trouble:
        reason = display(str(trouble).splitlines()[0] if str(trouble) else type(trouble).__name__)
        text = _("Redis cannot be reached at {place}: {reason}")
        raise CatalogError(text.format(place=place_of(url), reason=reason)) from trouble
    finally:
        client.close()


def troubles() -> tuple[type[Exception], ...]:
    """What the client raises where Redis is away, refuses, or sends what is no answer."""
    from redis.exceptions import RedisError

    return (RedisError, OSError, ValueError, LookupError, TypeError, AttributeError)


def is_refusal(trouble: Exception) -> bool:
    """Whether Redis is well, and refused this (it is full, read-only, ...)."""
    from redis.exceptions import ResponseError

    return isinstance(trouble, ResponseError)
