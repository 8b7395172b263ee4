"""The scans of all workers as one: whoever is asked begins, ends and shows the scan, whoever runs it.

Each worker tells the others every state of its own scan. What was heard of a scan that runs is believed for LAPSE_S:
its worker tells of it several times a second, so by then that is gone, and the scan with it.
"""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Final

from msgspec import structs

from catalog_tui.core.words import _
from catalog_tui.server import inputs, shapes
from catalog_tui.server.newest import Newest
from catalog_tui.server.problems import Refused
from catalog_tui.server.scans import BUSY, Scans
from catalog_tui.server.sharing.messages import AskScan, CancelScan, Done, Message, Reply, ScanNews

LAPSE_S: Final = 6.0
RUNNING: Final = ("running", "stopping")

Ask = Callable[[Message], Awaitable[Sequence[Reply]]]


class SharedScans:
    """See Scans. For one event loop; `worker` is this one's name, `ask` reaches the others."""

    def __init__(self, own: Scans, worker: str, ask: Ask, now_ns: Callable[[], int] = time.time_ns) -> None:
        self._own = own
        self._worker = worker
        self._ask = ask
        self._now_ns = now_ns
        self._scan = ""
        self._running: dict[str, ScanNews] = {}
        self._lapses: dict[str, asyncio.TimerHandle] = {}
        self._ended: ScanNews | None = None
        self._to_end: set[str] = set()
        """The scans elsewhere that somebody has asked here to end."""
        self.newest = Newest()
        """The scan that runs, here before anywhere else; else the one that ended last."""
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Learn what the others do, and tell them from now on what this one does."""
        self._keep(self._tell_all())
        for reply in await self._ask(AskScan()):
            if isinstance(reply, ScanNews):
                self._take(reply)

    async def close(self) -> None:
        """End this worker's scan."""
        for task in self._tasks:
            task.cancel()
        for lapse in self._lapses.values():
            lapse.cancel()
        await asyncio.to_thread(self._own.close)

    async def begin(self, request: inputs.ScanRequest) -> shapes.ScanState:
        """Begin a scan here; Refused (409) while one runs anywhere."""
        for reply in await self._ask(AskScan()):
            if isinstance(reply, ScanNews):
                self._take(reply)
        if self._running:
            raise Refused(409, _("A scan runs already."), code=BUSY)
        self._scan = secrets.token_hex(8)
        await self._own.begin(request)
        await self._tell()
        return self.newest.state

    async def cancel(self) -> shapes.ScanState:
        """Ask the scan to end, if one runs, wherever it does."""
        if self._worker in self._running:
            await self._own.cancel()
            await self._tell()
        for news in list(self._running.values()):
            if news.worker != self._worker:
                self._to_end.add(news.scan)
                await self._tell_to_end(news.scan)
        return self.newest.state

    async def _tell_to_end(self, scan: str) -> None:
        for reply in await self._ask(CancelScan(scan)):
            if isinstance(reply, ScanNews):
                self._take(reply)

    async def hear(self, message: AskScan | CancelScan | ScanNews) -> Reply:
        """What another worker says of scans."""
        if isinstance(message, ScanNews):
            if message.worker != self._worker:  # somebody has missed what this one told
                self._take(message)
                self._insist(message)
            return Done()
        own = self._running.get(self._worker)
        if isinstance(message, CancelScan) and own is not None and own.scan == message.scan:
            await self._own.cancel()
            await self._tell()
        return self._running.get(self._worker) or self._ended or Done()

    def _insist(self, news: ScanNews) -> None:
        """Tell a worker again to end its scan: it hears nobody while it comes back to a Redis that was away."""
        if news.scan in self._to_end:
            if news.state.status == "running":
                self._keep(self._tell_to_end(news.scan))
            else:
                self._to_end.discard(news.scan)

    async def _tell_all(self) -> None:
        """Tell of every state of this worker's scan; of those that come meanwhile the newest."""
        async for state in self._own.newest.states():
            if state.status != "idle" and self._scan:
                await self._tell()

    async def _tell(self) -> None:
        """Tell of the state as it is at this moment: one that was taken before could get a later date than its next."""
        await self._pass_on(ScanNews(self._worker, self._scan, self._now_ns(), self._own.newest.state))

    async def _pass_on(self, news: ScanNews) -> None:
        self._take(news)
        await self._ask(news)

    def _take(self, news: ScanNews) -> None:
        """Note what a worker says of its scan, unless something later is known of it."""
        known = self._running.get(news.worker)
        if (known is not None and known.at_ns > news.at_ns) or (
            self._ended is not None and self._ended.scan == news.scan and self._ended.at_ns >= news.at_ns
        ):
            return
        if news.state.status in RUNNING:
            self._running[news.worker] = news
            self._await_more(news)
        else:
            self._running.pop(news.worker, None)
            if self._ended is None or self._ended.at_ns < news.at_ns:
                self._ended = news
        shown = self._running.get(self._worker) or next(iter(self._running.values()), self._ended)
        if shown is not None:
            self.newest.show(shown.state)

    def _await_more(self, news: ScanNews) -> None:
        if news.worker in self._lapses:
            self._lapses.pop(news.worker).cancel()
        if news.worker != self._worker:
            loop = asyncio.get_running_loop()
            self._lapses[news.worker] = loop.call_later(LAPSE_S, self._lapse, news.worker)

    def _lapse(self, worker: str) -> None:
        """Nothing more came of a scan that ran. The others are told, too: one that came since knows nothing of it.
        Should its worker be heard again, what that says is later."""
        del self._lapses[worker]
        news = self._running.get(worker)
        if news is not None:
            state = structs.replace(news.state, status="failed", message=_("The server that ran the scan is gone."))
            self._keep(self._pass_on(structs.replace(news, at_ns=news.at_ns + 1, state=state)))

    def _keep(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
