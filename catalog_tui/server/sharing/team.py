"""The workers of an archive's servers, as one of them sees it: what one forgets all forget, figures are everyone's."""

import asyncio
import os
from collections.abc import Sequence

from catalog_tui.server import shapes
from catalog_tui.server.service import Service
from catalog_tui.server.sharing.bus import Bus, ask_all
from catalog_tui.server.sharing.joining import Sharing
from catalog_tui.server.sharing.messages import AskFigures, Clear, Done, Figures, Forget, Message, Reply


class Team:
    """For one event loop. `worker` is this one's name; `sharing` None where nothing is shared by Redis."""

    def __init__(self, worker: str, service: Service, buses: Sequence[Bus], sharing: Sharing | None) -> None:
        self._worker = worker
        self._service = service
        self._buses = buses
        self._sharing = sharing

    async def start(self) -> None:
        """Listen to the others."""
        for bus in self._buses:
            await bus.start(self._hear)

    async def close(self) -> None:
        """Listen no longer."""
        for bus in self._buses:
            await bus.close()
        if self._sharing is not None:
            self._sharing.close()

    async def forgot(self, site: str = "", model: str = "") -> None:
        """This worker has forgotten what it read of a model, without a site everything: let the others forget it."""
        await ask_all(self._buses, Forget(os.fsencode(site), os.fsencode(model)))

    async def clear(self) -> None:
        """Forget everything, everywhere."""
        self._service.forget()
        clear = Clear("", is_said=False)
        if self._sharing is not None:
            clear = await asyncio.to_thread(self._sharing.begin_epoch)
            self._service.forget()  # also what was taken from Redis meanwhile
        await ask_all(self._buses, clear)

    async def figures(self) -> list[Figures]:
        """The figures of all workers, this one's first."""
        found = {self._worker: self._own_figures()}
        for reply in await ask_all(self._buses, AskFigures()):
            if isinstance(reply, Figures):
                found.setdefault(reply.worker, reply)
        return list(found.values())

    async def _hear(self, message: Message) -> Reply:
        if isinstance(message, AskFigures):
            return self._own_figures()
        if isinstance(message, Forget) and message.site:
            self._service.archive.forget_file(os.fsdecode(message.site), os.fsdecode(message.model), "")
            self._service.answers.forget()
            return Done()
        if isinstance(message, Clear) and self._sharing is not None:
            self._sharing.take_epoch(message)
        self._service.forget()
        return Done()

    def _own_figures(self) -> Figures:
        service = self._service
        caches = {name: shapes.CacheFigures(**stats) for name, stats in service.archive.cache_stats().items()}
        caches["answers"] = shapes.CacheFigures(**service.answers.stats())
        shared = self._sharing.figures() if self._sharing is not None else None
        return Figures(self._worker, caches, service.answers.size, shared)
