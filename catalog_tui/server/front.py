"""Where every request comes in: the gate, then the route, then a line in the log.

The routes that are asked most (listings, media, thumbnails) are found by their raw path without going through
Starlette: its routing alone takes longer than sending ready bytes, and its paths have lost what is not UTF-8.
"""

import time
from collections.abc import Awaitable, Mapping, MutableMapping
from typing import Any

from catalog_tui.core.words import _
from catalog_tui.server.access_log import AccessLog
from catalog_tui.server.counters import Counters
from catalog_tui.server.gate import Gate
from catalog_tui.server.problems import CODES, Refused
from catalog_tui.server.replies import SAFE_PAGE, App, Receive, Scope, Send, header, refuse, reply

READS = ("GET", "HEAD")


class Sent:
    """An ASGI send that remembers what went through."""

    __slots__ = ("_send", "size", "status")

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 0
        self.size = 0

    def __call__(self, message: MutableMapping[str, Any]) -> Awaitable[None]:
        if message["type"] == "http.response.body":
            self.size += len(message.get("body", b""))
        elif message["type"] == "http.response.start":
            self.status = message["status"]
        return self._send(message)


class Front:
    """The server's ASGI app."""

    def __init__(
        self,
        gate: Gate,
        routes: Mapping[bytes, App],
        trees: Mapping[bytes, App],
        rest: App,
        log: AccessLog,
        counters: Counters,
    ) -> None:
        """`routes` are found by their whole path, `trees` by its first name (`/media/`); both are only read."""
        self._gate = gate
        self._routes = routes
        self._trees = trees
        self._rest = rest
        self._log = log
        self._counters = counters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or one WebSocket."""
        if scope["type"] == "http":
            await self._answer(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._speak(scope, receive, send)
        else:
            await self._rest(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        began_s = time.perf_counter()
        sent = Sent(send)
        try:
            self._gate.check(scope)
            await self._route(scope)(scope, receive, sent)
        except Refused as refused:
            if not sent.status:
                await self._refuse(scope, sent, refused)
        finally:
            seconds = time.perf_counter() - began_s
            status = sent.status or 500
            self._counters.count(scope["raw_path"], status, sent.size, seconds)
            self._log.add(scope, status, sent.size, seconds)

    async def _refuse(self, scope: Scope, send: Send, refused: Refused) -> None:
        if (
            refused.code == CODES[401]
            and scope["method"] in READS
            and b"text/html" in (header(scope, b"accept") or b"")
        ):
            headers = [(b"location", b"/login"), (b"cache-control", b"no-store"), (b"content-length", b"0"), *SAFE_PAGE]
            await reply(scope, send, 303, headers, b"")
        else:
            await refuse(scope, send, refused)

    def _route(self, scope: Scope) -> App:
        path: bytes = scope["raw_path"]
        app = self._routes.get(path)
        if app is None:
            app = self._trees.get(path[: path.find(b"/", 1) + 1])
        if app is None:
            if b"%" in path:  # else the gate would see one path, and Starlette, which decodes it, another
                raise Refused(404, _("There is no such address here."))
            return self._rest
        if scope["method"] not in READS:
            raise Refused(405, _("This can only be read."), headers=((b"allow", b"GET, HEAD"),))
        return app

    async def _speak(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            self._gate.check(scope)
        except Refused as refused:
            await receive()
            await send({"type": "websocket.http.response.start", "status": refused.status, "headers": []})
            await send({"type": "websocket.http.response.body", "body": refused.body()})
            self._log.add(scope, refused.status, 0, 0.0)
            return
        self._log.add(scope, 101, 0, 0.0)
        await self._rest(scope, receive, send)
