"""The workers of an archive's servers, as one of them sees it: what one forgets all forget, figures are everyone's."""

import asyncio
import os

from catalog_tui.server import shapes
from catalog_tui.server.service import Service
from catalog_tui.server.sharing.messages import (
    AskFigures,
    AskScan,
    CancelScan,
    Clear,
    Done,
    Figures,
    Forget,
    Message,
    Reply,
    ScanNews,
)
from catalog_tui.server.sharing.others import Others
from catalog_tui.server.sharing.shared_scans import SharedScans


class Team:
    """For one event loop."""

    def __init__(self, others: Others, service: Service, scans: SharedScans) -> None:
        self._others = others
        self._run = os.path.basename(service.options.run_folder)
        self._service = service
        self._scans = scans
        self._sharing = others.sharing

    async def start(self) -> None:
        """Listen to the others."""
        await self._others.start(self._hear)
        await self._scans.start()

    async def close(self) -> None:
        """Listen no longer."""
        await self._scans.close()
        await self._others.close()

    async def forgot(self, site: str = "", model: str = "") -> None:
        """This worker has forgotten what it read of a model, without a site everything: let the others forget it."""
        await self._others.ask(Forget(os.fsencode(site), os.fsencode(model)))

    async def clear(self) -> None:
        """Forget everything, everywhere."""
        self._service.forget()
        clear = Clear("", is_said=False)
        if self._sharing is not None:
            clear = await asyncio.to_thread(self._sharing.begin_epoch)
            self._service.forget()  # also what was taken from Redis meanwhile
        await self._others.ask(clear)

    async def figures(self) -> list[Figures]:
        """The figures of all workers, this one's first."""
        found = {self._others.name: self._own_figures()}
        for reply in await self._others.ask(AskFigures()):
            if isinstance(reply, Figures):
                found.setdefault(reply.worker, reply)
        return list(found.values())

    async def figures_of_this_server(self) -> list[Figures]:
        """The same of this server's workers, in the order of their slots."""
        here = [figures for figures in await self.figures() if figures.run == self._run]
        return sorted(here, key=lambda figures: figures.slot)

    async def _hear(self, message: Message) -> Reply:
        match message:
            case AskFigures():
                return self._own_figures()
            case AskScan() | CancelScan() | ScanNews():
                return await self._scans.hear(message)
            case Forget(site, model) if site:
                self._service.archive.forget_file(os.fsdecode(site), os.fsdecode(model), "")
                self._service.answers.forget()
            case Clear() if self._sharing is not None:
                self._sharing.take_epoch(message)
                self._service.forget()
            case _:
                self._service.forget()
        return Done()

    def _own_figures(self) -> Figures:
        service, counters = self._service, self._service.counters
        caches = {name: shapes.CacheFigures(**stats) for name, stats in service.archive.cache_stats().items()}
        caches["answers"] = shapes.CacheFigures(**service.answers.stats())
        times = os.times()
        return Figures(
            worker=self._others.name,
            run=self._run,
            slot=self._others.slot,
            caches=caches,
            answer_bytes=service.answers.size,
            requests=[(route, status, count) for (route, status), count in counters.requests.items()],
            sent_bytes=counters.bytes,
            request_s=counters.seconds,
            cpu_s=times.user + times.system,
            shared=None if self._sharing is None else self._sharing.figures(),
        )
