"""The way to the workers of other servers: Redis' publish and subscribe.

A thread listens. While it does not (Redis is away, or was restarted) the shared bytes are not used either, because
nobody would tell that they were cleared; back again it asks which epoch it is, and where that is another one than it
knew, something was missed, and everything is forgotten.
"""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from catalog_tui.server.sharing.bus import Hear
from catalog_tui.server.sharing.epochs import Epochs, epoch_key, is_epoch, new_epoch
from catalog_tui.server.sharing.messages import Clear, Message, Parcel, Reply, of_bytes, to_bytes
from catalog_tui.server.sharing.redis_link import RedisLink, is_refusal, troubles
from catalog_tui.server.sharing.sealing import Seal

if TYPE_CHECKING:
    from redis import Redis
    from redis.client import PubSub

REPLY_S: Final = 1.0
"""How long the others are waited for."""
LISTEN_S: Final = 0.5
"""After so long without a word Redis is asked whether it is there."""
SILENT_S: Final = 5.0
"""After so long without an answer to that it is taken for gone."""
AGAIN_S: Final = 0.5
MOST_WORKERS: Final = 1000
MOST_AGE_S: Final = 30.0
"""How old a message may be: an older one is somebody's replay."""


class RedisBus:
    """See Bus. `prefix`: what the names of its channels begin with; `worker`: this one's own name."""

    def __init__(self, link: RedisLink, seal: Seal, epochs: Epochs, *, prefix: str, worker: str) -> None:
        self._link = link
        self._seal = seal
        self._epochs = epochs
        self._prefix = prefix
        self._worker = worker
        self._all = f"{prefix}:all"
        self._epoch_key = epoch_key(prefix)
        self._sayers = ThreadPoolExecutor(2, thread_name_prefix="redis")
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="redis-bus", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._hear: Hear | None = None
        self._number = 0
        self._replies: dict[int, dict[str, Reply]] = {}
        self._came: dict[int, asyncio.Event] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, hear: Hear) -> None:
        """See Bus."""
        self._loop, self._hear = asyncio.get_running_loop(), hear
        self._thread.start()

    async def ask(self, message: Message) -> list[Reply]:
        """See Bus."""
        self._number += 1
        number = self._number
        replies = self._replies[number] = {}
        self._came[number] = came = asyncio.Event()
        try:
            reached = await self._say(self._all, Parcel(self._worker, number, False, message))
            with suppress(TimeoutError):
                async with asyncio.timeout(REPLY_S):
                    while len(replies) < reached:
                        came.clear()
                        await came.wait()
            return list(replies.values())
        finally:
            del self._replies[number], self._came[number]

    async def close(self) -> None:
        """See Bus."""
        self._ended.set()
        self._sayers.shutdown(wait=False, cancel_futures=True)

    async def _say(self, channel: str, parcel: Parcel) -> int:
        """Publish; gives how many others got it and will be heard when they reply."""
        sealed = self._seal.close(channel.encode(), to_bytes(parcel))

        def publish(client: "Redis") -> object:
            return client.publish(channel, sealed)

        try:
            got = await asyncio.get_running_loop().run_in_executor(self._sayers, self._link.ask, publish)
        except RuntimeError:  # the worker ends
            return 0
        return min(got - 1, MOST_WORKERS) if isinstance(got, int) and self._epochs.now else 0

    def _deliver(self, parcel: Parcel) -> None:
        """On the loop: what came for this worker."""
        if isinstance(parcel.content, Message) and not parcel.is_reply:
            task = asyncio.ensure_future(self._answer(parcel.sender, parcel.number, parcel.content))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        elif isinstance(parcel.content, Reply) and parcel.number in self._replies:
            self._replies[parcel.number][parcel.sender] = parcel.content
            self._came[parcel.number].set()

    async def _answer(self, sender: str, number: int, message: Message) -> None:
        assert self._hear is not None
        reply = await self._hear(message)
        if number:
            await self._say(self._channel_of(sender), Parcel(self._worker, number, True, reply))

    def _channel_of(self, worker: str) -> str:
        return f"{self._prefix}:to:{worker}"

    # In the thread:

    def _listen(self) -> None:
        while not self._ended.is_set():
            pubsub = self._link.subscriber()
            try:
                self._join(pubsub)
                self._follow(pubsub)
            except troubles():
                self._epochs.lose()
                self._ended.wait(AGAIN_S)
            finally:
                with suppress(*troubles()):
                    pubsub.close()

    def _join(self, pubsub: "PubSub") -> None:
        """Listen, then learn which epoch it is, or tell of ours: who clears meanwhile is heard."""
        pubsub.subscribe(self._all, self._channel_of(self._worker))
        for _channel in range(2):
            if pubsub.get_message(timeout=SILENT_S) is None:
                raise TimeoutError
        before = self._epochs.last
        if not self._tell_epoch():
            self._link.client.set(self._epoch_key, new_epoch(), nx=True)
        epoch = self._epoch_in_redis()
        if not epoch:  # something else stands there
            self._epochs.begin(new_epoch(), is_said=False)
            self._tell_epoch()
            epoch = self._epochs.last
        self._link.waiting.resume()
        if before not in ("", epoch):
            self._post(Parcel("", 0, False, Clear(epoch, is_said=True)))
        self._epochs.join(epoch)

    def _epoch_in_redis(self) -> str:
        """The epoch as Redis has it, "" where it has none."""
        try:
            told = self._link.client.get(self._epoch_key)
        except troubles() as trouble:
            if not is_refusal(trouble):
                raise
            return ""
        epoch = told.decode("latin-1") if isinstance(told, bytes) else ""
        return epoch if is_epoch(epoch) else ""

    def _follow(self, pubsub: "PubSub") -> None:
        """Take what comes, until nothing does, not even an answer."""
        heard_s = time.monotonic()
        while not self._ended.is_set():
            message = pubsub.get_message(timeout=LISTEN_S)
            if message is not None:
                heard_s = time.monotonic()
                if message["type"] == "message":
                    self._take(message["channel"], message["data"])
            elif time.monotonic() - heard_s > SILENT_S:
                raise TimeoutError
            else:
                self._tell_epoch()
                pubsub.ping()

    def _tell_epoch(self) -> bool:
        """Tell Redis and the others of an epoch that began when that could not be said; False if there is none."""
        epoch = self._epochs.unsaid
        if not epoch:
            return False
        self._link.client.set(self._epoch_key, epoch)
        parcel = Parcel(self._worker, 0, False, Clear(epoch, is_said=True))
        self._link.client.publish(self._all, self._seal.close(self._all.encode(), to_bytes(parcel)))
        self._epochs.begin(epoch, is_said=True)
        return True

    def _take(self, channel: bytes, sealed: object) -> None:
        content = self._seal.open(channel, sealed, MOST_AGE_S)
        if content is not None:
            parcel = of_bytes(content)
            if parcel.sender != self._worker:
                self._post(parcel)

    def _post(self, parcel: Parcel) -> None:
        assert self._loop is not None
        with suppress(RuntimeError):  # the loop is closed: the worker ends
            self._loop.call_soon_threadsafe(self._deliver, parcel)
