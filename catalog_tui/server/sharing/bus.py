"""The way to the other workers, wherever they are."""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeAlias

from catalog_tui.server.sharing.messages import Message, Reply

Hear: TypeAlias = Callable[[Message], Awaitable[Reply]]
"""What a worker does with a message from another."""


class Bus(Protocol):
    """Carries messages to other workers and their replies back. For one event loop."""

    async def start(self, hear: Hear) -> None:
        """Listen from now on; `hear` is called with what the others say."""

    async def ask(self, message: Message) -> list[Reply]:
        """The replies of the others: of all who can be reached, but nobody is waited for long."""

    async def close(self) -> None:
        """Listen no longer."""
