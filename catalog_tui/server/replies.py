"""Sending answers over ASGI: headers that every one of them bears, bytes in one piece, errors as JSON."""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any, Final

from catalog_tui.server.problems import Refused

Headers = list[tuple[bytes, bytes]]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

JSON_TYPE: Final = b"application/json"
HTML_TYPE: Final = b"text/html; charset=utf-8"

SAFE_EVERYWHERE: Final[Headers] = [
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
SAFE: Final[Headers] = [*SAFE_EVERYWHERE, (b"referrer-policy", b"no-referrer")]
DATA_POLICY: Final = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
PAGE_POLICY: Final = (
    b"content-security-policy",
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self'; "
    b"connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
    b"frame-ancestors 'none'",
)
SAFE_DATA: Final[Headers] = [*SAFE, DATA_POLICY]
SAFE_PAGE: Final[Headers] = [
    *SAFE_EVERYWHERE,
    (b"referrer-policy", b"same-origin"),  # with no-referrer a browser says "Origin: null" of our own forms
    PAGE_POLICY,
    (b"cross-origin-opener-policy", b"same-origin"),
]


async def reply(scope: Scope, send: Send, status: int, headers: Iterable[tuple[bytes, bytes]], body: bytes) -> None:
    """Send an answer; to HEAD, its headers alone."""
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


async def reply_json(scope: Scope, send: Send, body: bytes, *, status: int = 200, more: Headers | None = None) -> None:
    """Send JSON that nobody may keep."""
    headers = [
        (b"content-type", JSON_TYPE),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
        *SAFE_DATA,
        *(more or ()),
    ]
    await reply(scope, send, status, headers, body)


async def refuse(scope: Scope, send: Send, refused: Refused) -> None:
    """Send what went wrong."""
    await reply_json(scope, send, refused.body(), status=refused.status, more=list(refused.headers))


def header(scope: Scope, name: bytes) -> bytes | None:
    """The value of a request's header (in lower case), several joined as one; None where there is none."""
    values = [value for key, value in scope["headers"] if key == name]
    return b", ".join(values) if values else None
