"""The way to the other workers of one server: each listens at a socket in the run's private folder.

The folder is the list of who is there, so nobody has to keep one: whose socket nobody answers has ended, and its name
is taken away. A worker listens before it serves, so that no answer of its own is older than what it was told.
"""

import asyncio
import os
import struct
from contextlib import suppress
from typing import Final

from catalog_tui.server.sharing.bus import Hear
from catalog_tui.server.sharing.messages import Message, Parcel, Reply, of_bytes, to_bytes

REPLY_S: Final = 10.0
"""How long another is waited for; one that takes longer is stopped or about to end."""
MOST_BYTES: Final = 1 << 20
LONGEST_FOLDER: Final = 70
"""Bytes: with a socket's name in it a longer one does not fit an address on macOS (104)."""
_PREFIX: Final = "worker-"
_LENGTH: Final = struct.Struct("<I")


class SocketBus:
    """See Bus. `folder`: the run's own; `worker`: this one's name."""

    def __init__(self, folder: str, worker: str) -> None:
        self._folder = folder
        self._worker = worker
        self._own = _PREFIX + worker
        self._hear: Hear | None = None
        self._server: asyncio.Server | None = None

    async def start(self, hear: Hear) -> None:
        """See Bus."""
        self._hear = hear
        path = os.path.join(self._folder, self._own)
        hidden = os.path.join(self._folder, f"new-{self._worker}")
        self._server = await asyncio.start_unix_server(self._serve, hidden)
        os.rename(hidden, path)  # bound and not yet listening it refuses as the socket of a dead worker does

    async def ask(self, message: Message) -> list[Reply]:
        """See Bus."""
        names = [name for name in os.listdir(self._folder) if name.startswith(_PREFIX) and name != self._own]
        parcel = to_bytes(Parcel(self._worker, 0, False, message))
        replies = await asyncio.gather(*(self._ask_one(os.path.join(self._folder, name), parcel) for name in names))
        return [reply for reply in replies if reply is not None]

    async def close(self) -> None:
        """See Bus."""
        with suppress(FileNotFoundError):
            os.unlink(os.path.join(self._folder, self._own))
        if self._server is not None:
            self._server.close()

    async def _ask_one(self, path: str, parcel: bytes) -> Reply | None:
        try:
            async with asyncio.timeout(REPLY_S):
                reader, writer = await asyncio.open_unix_connection(path)
                try:
                    await _write(writer, parcel)
                    reply = of_bytes(await _read(reader)).content
                    return reply if isinstance(reply, Reply) else None
                finally:
                    writer.close()
        except ConnectionRefusedError:  # it was killed
            with suppress(FileNotFoundError):
                os.unlink(path)
        except (OSError, EOFError):  # TimeoutError is an OSError
            pass
        return None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Hear one message, and reply."""
        with suppress(OSError, EOFError):
            message = of_bytes(await _read(reader)).content
            if self._hear is not None and isinstance(message, Message):
                reply = await self._hear(message)
                await _write(writer, to_bytes(Parcel(self._worker, 0, True, reply)))
        writer.close()


async def _read(reader: asyncio.StreamReader) -> bytes:
    (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
    if length > MOST_BYTES:
        raise EOFError
    return await reader.readexactly(length)


async def _write(writer: asyncio.StreamWriter, content: bytes) -> None:
    writer.write(_LENGTH.pack(len(content)) + content)
    await writer.drain()
