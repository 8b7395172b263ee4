"""A model or a site in one zip, made while it is sent: stored as it is, so its size is known beforehand.

The files are opened one after another as everything else is (`reaching`), in a thread; memory holds one piece of one.
"""

import asyncio
import os
from collections.abc import Iterator
from typing import Final

from zipstream import ZIP_STORED, ZipStream

from catalog_tui.core.stamps import below
from catalog_tui.server import inputs
from catalog_tui.server.content_types import attachment
from catalog_tui.server.hrefs import folder_path, readable
from catalog_tui.server.media import CHUNK, read_at, until_gone
from catalog_tui.server.problems import Refused
from catalog_tui.server.queries import read_query
from catalog_tui.server.reaching import Reacher
from catalog_tui.server.replies import SAFE_DATA, Receive, Scope, Send
from catalog_tui.server.service import Service

PIECE: Final = 4 << 20  # bytes sent at a time: with less, changing threads costs more than reading
SEPARATORS: Final = str.maketrans({"\\": "_", "\0": "_"})


class ChangedError(Exception):
    """A file is not as it was when the zip's size was told: the zip cannot be completed."""


class Downloads:
    """The route /api/download."""

    def __init__(self, service: Service, reacher: Reacher) -> None:
        self._service = service
        self._reacher = reacher

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer GET or HEAD."""
        query = read_query(scope["query_string"], inputs.DownloadQuery)
        loop = asyncio.get_running_loop()
        executor = self._service.executor
        stream, size = await loop.run_in_executor(executor, self._service.asked, lambda: self._zip(query))
        name = query.model.rstrip("/") if query.model else query.site
        headers = [
            (b"content-type", b"application/zip"),
            (b"content-length", b"%d" % size),
            (b"content-disposition", attachment(f"{os.path.basename(name)}.zip")),
            (b"cache-control", b"no-store"),
            *SAFE_DATA,
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        if scope["method"] == "HEAD":
            await send({"type": "http.response.body", "body": b""})
            return
        gone = asyncio.ensure_future(until_gone(receive))
        pieces = iter(stream)
        try:
            while piece := await loop.run_in_executor(executor, _next_pieces, pieces):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
                await asyncio.sleep(0)
                if gone.done():
                    return
            await send({"type": "http.response.body", "body": b""})
        except (ChangedError, Refused, OSError):
            return  # without its last piece no client takes it for whole
        finally:
            gone.cancel()

    def _zip(self, query: inputs.DownloadQuery) -> tuple[ZipStream, int]:
        archive = self._service.archive
        models = archive.models(query.site).names if query.model is None else [query.model]
        stream = ZipStream(compress_type=ZIP_STORED, sized=True)
        taken: set[str] = set()
        for model in models:
            listing = archive.media(query.site, model)
            folder = folder_path(query.site, model)
            for at, name in enumerate(listing.names):
                if not listing.links[at]:
                    inside = _free_name(name if query.model is not None else below(model.rstrip("/"), name), taken)
                    size = listing.sizes[at]
                    stream.add(self._content(below(folder, name), size), inside, size=size)
        return stream, len(stream)

    def _content(self, path: str, size: int) -> Iterator[bytes]:
        """The bytes of a file; it is opened when its turn comes."""
        file = self._reacher.open(path)
        try:
            if file.status.st_size != size:
                raise ChangedError(path)
            for at in range(0, size, CHUNK):
                chunk = bytes(read_at(file.descriptor, at, min(CHUNK, size - at)))
                if len(chunk) != min(CHUNK, size - at):
                    raise ChangedError(path)
                yield chunk
        finally:
            os.close(file.descriptor)


def _next_pieces(pieces: Iterator[bytes]) -> bytes:
    """Some pieces as one: of small files there are three for each, and sending costs more than joining."""
    gathered: list[bytes] = []
    size = 0
    for piece in pieces:
        gathered.append(piece)
        size += len(piece)
        if size >= PIECE:
            break
    return b"".join(gathered)


def _free_name(path: str, taken: set[str]) -> str:
    """`path` as a zip bears it, in UTF-8 and with slashes alone between names; one that is taken gets a number."""
    name = readable(path)[0].translate(SEPARATORS)
    stem, dot, suffix = name.rpartition(".")
    free, count = name, 1
    while free in taken:
        count += 1
        free = f"{stem} ({count}){dot}{suffix}" if stem else f"{name} ({count})"
    taken.add(free)
    return free
