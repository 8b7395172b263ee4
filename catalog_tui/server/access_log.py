"""One line a request on standard error, as text or as JSON, written a few times a second."""

import asyncio
import os
import time
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from catalog_tui.core.names import safe_text_for_terminal
from catalog_tui.server.replies import Scope

FLUSH_S: Final = 0.1
ATOMIC: Final = 4096
"""Bytes that a pipe takes at once, on Linux; a longer write another's may split."""
SECRET: Final = (b"/pair", b"/login")  # their queries are never written


class LogLine(msgspec.Struct):
    """A request as JSON; `ms` from its last header to the last byte handed over."""

    time: str
    client: str
    method: str
    path: str
    status: int
    bytes: int
    ms: float


class AccessLog:
    """For one event loop."""

    def __init__(self, form: str, descriptor: int = 2) -> None:
        """`form` is `text`, `json` or `none`; `descriptor` where to write."""
        self._form = form
        self._descriptor = descriptor
        self._lines: list[bytes] = []
        self._second, self._time = 0, ""

    def add(self, scope: Scope, status: int, size: int, seconds: float) -> None:
        """Note a request that was answered."""
        if self._form == "none":
            return
        if not self._lines:
            asyncio.get_running_loop().call_later(FLUSH_S, self.flush)
        self._lines.append(self._line(scope, status, size, seconds))

    def flush(self) -> None:
        """Write what was noted."""
        noted, self._lines = self._lines, []
        try:
            for piece in _pieces(noted):
                rest = memoryview(piece)
                while rest:
                    rest = rest[os.write(self._descriptor, rest) :]
        except OSError:
            self._form = "none"  # whoever read the log is gone; the server is not

    def _line(self, scope: Scope, status: int, size: int, seconds: float) -> bytes:
        path: bytes = scope.get("raw_path") or b""
        if scope.get("query_string") and path not in SECRET:
            path += b"?" + scope["query_string"]
        shown = path.decode("latin-1")
        if not (shown.isascii() and shown.isprintable()):
            shown = safe_text_for_terminal(shown)
        client = scope["client"][0] if scope.get("client") else "-"
        method = scope.get("method", "WEBSOCKET")
        ms = round(seconds * 1e3, 1)
        if self._form == "json":
            return msgspec.json.encode(LogLine(self._now(), client, method, shown, status, size, ms)) + b"\n"
        text = f"{self._now()} {client} {method} {shown} {status} {size} {ms}ms\n"
        return text.encode("utf-8", "backslashreplace")

    def _now(self) -> str:
        """The time to the second; writing it takes longer than all the rest of a line, so it is written once."""
        now_s = int(time.time())
        if now_s != self._second:
            self._second, self._time = now_s, time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now_s))
        return self._time


def _pieces(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Whole lines, together at most ATOMIC bytes where none is longer: several workers may write to one pipe."""
    piece = b""
    for line in lines:
        if piece and len(piece) + len(line) > ATOMIC:
            yield piece
            piece = b""
        piece += line
    if piece:
        yield piece
