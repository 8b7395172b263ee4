"""Small pictures of the archive's files, made when they are first asked for; many who ask at once wait for one making.

Each is kept as ready bytes, by the file's state: what was sent lately is sent again after a look at the file. A file of
which no picture can be made is there all the same: a program is told why (404), and who asks for nothing but to show a
picture (`Accept` names `image/`, as every <img> does) is given none (204), which no browser writes into its console as
an error.
"""

import asyncio
import os
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Final, NamedTuple

from xxhash import xxh3_64_hexdigest

from catalog_tui.core.pictures.posters import Poster, poster_paths
from catalog_tui.core.thumbnails import Cancelled, CannotShow, Size, Thumbnails
from catalog_tui.server import inputs
from catalog_tui.server.conditions import Outcome, Validators, check, conditions_of
from catalog_tui.server.hrefs import path_of, version_of
from catalog_tui.server.problems import Refused, not_found
from catalog_tui.server.queries import read_query
from catalog_tui.server.reaching import Reacher
from catalog_tui.server.replies import SAFE_DATA, Headers, Receive, Scope, Send, header, reply
from catalog_tui.server.service import Service

MOST_BYTES: Final = 64 << 20
NO_PICTURE: Final = "no_picture"
NOTHING_TO_SHOW: Final[Headers] = [(b"cache-control", b"private, max-age=600"), (b"vary", b"accept"), *SAFE_DATA]
THREADS: Final = 16
"""That wait for decoders: these are fewer, and those who come first are served first."""


_Key = tuple[str, Size, int, int, int]
"""Path, size, and which file in which state."""


class _Ready(NamedTuple):
    """A picture as it is sent."""

    body: bytes
    validators: Validators
    same_headers: Headers
    """What a 304 says too."""
    headers: Headers


class Thumbs:
    """The tree /thumb/; for one event loop."""

    def __init__(self, service: Service, reacher: Reacher, thumbnails: Thumbnails) -> None:
        self._service = service
        self._reacher = reacher
        self._thumbnails = thumbnails
        self._waiters = ThreadPoolExecutor(THREADS, thread_name_prefix="thumbs")
        self._making: dict[_Key, asyncio.Task[_Ready]] = {}
        self._ready: OrderedDict[_Key, _Ready] = OrderedDict()
        self._bytes = 0
        scope = b"private, " if service.options.token_digest is not None else b""
        self._for_ever = (b"cache-control", scope + b"max-age=31536000, immutable")
        self._asked_again = (b"cache-control", scope + b"no-cache")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer GET or HEAD."""
        path = path_of(scope["raw_path"], b"/thumb/")
        query = read_query(scope["query_string"], inputs.ThumbQuery)
        status = await self._status(path)
        key = (path, query.size, status.st_ino, status.st_size, status.st_mtime_ns)
        ready = self._ready.get(key)
        if ready is None:
            try:
                ready = await self._made(key, status)
            except Refused as refused:
                if refused.code != NO_PICTURE or b"image/" not in (header(scope, b"accept") or b""):
                    raise
                await reply(scope, send, 204, NOTHING_TO_SHOW, b"")
                return
        is_current = query.v == version_of(status.st_size, status.st_mtime_ns)
        kept = self._for_ever if is_current else self._asked_again
        asked = conditions_of(scope)
        if asked and check(asked, ready.validators) is Outcome.NOT_MODIFIED:
            await reply(scope, send, 304, [kept, *ready.same_headers], b"")
        else:
            await reply(scope, send, 200, [kept, *ready.headers], ready.body)

    def close(self) -> None:
        """End the decoders; who waits for them is refused."""
        self._thumbnails.close()
        self._waiters.shutdown(wait=False, cancel_futures=True)

    async def _status(self, path: str) -> os.stat_result:
        if self._reacher.is_warm(path):
            return self._looked(path)
        loop = asyncio.get_running_loop()
        status = await loop.run_in_executor(self._service.executor, self._looked, path)
        self._reacher.note_warm(path)
        return status

    def _looked(self, path: str) -> os.stat_result:
        file = self._reacher.open(path)
        os.close(file.descriptor)
        return file.status

    async def _made(self, key: _Key, status: os.stat_result) -> _Ready:
        task = self._making.get(key)
        if task is None:
            task = self._making[key] = asyncio.ensure_future(self._make(key, status))
        return await asyncio.shield(task)

    async def _make(self, key: _Key, status: os.stat_result) -> _Ready:
        loop = asyncio.get_running_loop()
        try:
            ready = await loop.run_in_executor(self._waiters, self._asked, key[0], key[1], status)
        finally:
            del self._making[key]
        self._ready[key] = ready
        self._bytes += len(ready.body)
        while self._bytes > MOST_BYTES and len(self._ready) > 1:
            _oldest, gone = self._ready.popitem(last=False)
            self._bytes -= len(gone.body)
        return ready

    def _poster(self, path: str) -> Poster | None:
        """The picture beside a video, opened beneath the archive as the video was."""
        for beside in poster_paths(path):
            with suppress(Refused):
                return Poster(self._full(beside), self._looked(beside))
        return None

    def _full(self, path: str) -> str:
        return os.path.join(self._service.archive.root, path)

    def _asked(self, path: str, size: Size, status: os.stat_result) -> _Ready:
        """In a thread. `known` says which file was opened beneath the archive: no other is opened now."""
        try:
            picture = self._thumbnails.get(self._full(path), size, known=status, poster=self._poster(path))
        except CannotShow as error:
            raise Refused(404, error.reason, code=NO_PICTURE) from error
        except Cancelled as error:
            raise not_found() from error
        validators = Validators(b'"%b"' % xxh3_64_hexdigest(picture.data).encode(), int(status.st_mtime // 1))
        same: Headers = [(b"etag", validators.tag), (b"last-modified", validators.last_modified), *SAFE_DATA]
        kind = (b"content-type", b"image/" + picture.form.encode())
        length = (b"content-length", b"%d" % len(picture.data))
        return _Ready(picture.data, validators, same, [kind, length, *same])
