"""Who one worker is among the others, and all its ways to them."""

import asyncio
import secrets
from typing import Final

from catalog_tui.server.options import ServerOptions
from catalog_tui.server.sharing.bus import Bus, Hear
from catalog_tui.server.sharing.joining import Sharing, half_of
from catalog_tui.server.sharing.messages import Message, Reply
from catalog_tui.server.sharing.socket_bus import SocketBus
from catalog_tui.server.sharing.turns import slot


class Others:
    """By sockets those of the same server, by Redis also those of others. For one event loop."""

    def __init__(self, options: ServerOptions) -> None:
        self.name: Final = secrets.token_hex(8)
        """This worker's own."""
        self.slot: Final = slot(options.run_folder, options.workers) if options.workers > 1 else 0
        """Its number among those of its server."""
        self.sharing: Final = self._sharing(options)
        """What is shared by Redis; None where there is none."""
        self._buses: list[Bus] = []
        if options.workers > 1:
            self._buses.append(SocketBus(options.run_folder, self.name))
        if self.sharing is not None:
            self._buses.append(self.sharing.bus)

    async def start(self, hear: Hear) -> None:
        """Listen from now on."""
        for bus in self._buses:
            await bus.start(hear)

    async def ask(self, message: Message) -> list[Reply]:
        """The replies of all who can be reached; who is reached in two ways replies twice."""
        replies = await asyncio.gather(*(bus.ask(message) for bus in self._buses))
        return [reply for some in replies for reply in some]

    async def close(self) -> None:
        """Listen no longer."""
        for bus in self._buses:
            await bus.close()
        if self.sharing is not None:
            self.sharing.close()

    def _sharing(self, options: ServerOptions) -> Sharing | None:
        if options.redis is None:
            return None
        return Sharing(options.redis, worker=self.name, ttl_s=half_of(options.settings.caches.ttl_s))
