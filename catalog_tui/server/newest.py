"""The newest state of a scan, for whoever follows it."""

import asyncio
from collections.abc import AsyncIterator

from catalog_tui.server import shapes


class Newest:
    """For one event loop."""

    def __init__(self) -> None:
        self.state = shapes.ScanState()
        self._replaced = asyncio.Event()

    def show(self, state: shapes.ScanState) -> None:
        """Let this be the state from now on."""
        self.state = state
        self._replaced.set()
        self._replaced = asyncio.Event()

    async def states(self) -> AsyncIterator[shapes.ScanState]:
        """The state now, and then whenever it is another: always the newest, whatever was missed meanwhile."""
        while True:
            replaced = self._replaced  # of this state: one that comes while it is dealt with is not waited for
            yield self.state
            await replaced.wait()
