"""The web page: one shell for the address of every view, and its files, held in memory, each by its whole path.

The files' addresses bear a digest of them all, so that a browser keeps them for good and never mixes two versions. The
style sheets of `web/css` are sent as one: over HTTP/1.1 each file costs a round trip of its own.
"""

import re
from collections.abc import Mapping
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final

import msgspec
from xxhash import xxh3_64_hexdigest

from catalog_tui.server.answers import Answer, Answers
from catalog_tui.server.api import send_answer
from catalog_tui.server.replies import HTML_TYPE, SAFE_PAGE, App, Receive, Scope, Send

WEB: Final = Path(__file__).parent / "web"
VIEWS: Final = ("/", "/site", "/model", "/search", "/duplicates", "/statistics", "/settings")
FIRST_SCRIPTS: Final = (
    "kit.js",
    "words.js",
    "data.js",
    "grid.js",
    "list.js",
    "library.js",
    "model.js",
    "parts.js",
    "pictures.js",
    "decoding.js",
    "addresses.js",
)
"""What every view needs: asked for at once, not one after the other."""

TYPES: Final[Mapping[str, bytes]] = {
    ".html": HTML_TYPE,
    ".css": b"text/css; charset=utf-8",
    ".js": b"text/javascript; charset=utf-8",
    ".json": b"application/json",
    ".webmanifest": b"application/manifest+json",
    ".svg": b"image/svg+xml",
    ".png": b"image/png",
}
AT_THE_TOP: Final = ("login.css", "service-worker.js", "app.webmanifest", "icon-192.png", "icon-512.png")
"""What has an address of its own: it is asked for before there is a session, or by the browser itself."""
FOR_GOOD: Final = b"private, max-age=31536000, immutable"
_PLAIN_QUERY: Final = re.compile(rb"[A-Za-z0-9%&=._~+-]+")
_THUMB: Final = re.compile(rb'"thumb":"(/thumb/[A-Za-z0-9%&=._~/?-]+)"')
FIRST_THUMBS: Final = 2
"""Pictures that come with the scripts; more would hold these up on a slow line."""
_FIRST_LISTINGS: Final = {
    b"/": b"/api/sites",
    b"/site": b"/api/models?%b&page=1&limit=100",
    b"/model": b"/api/model?%b&images_limit=0&videos_limit=0&offset=0&limit=100",
}


def page_routes(answers: Answers, folder: Path = WEB) -> Mapping[bytes, App]:
    """Every address of the page, read from `folder` once; `answers` are those of the API."""
    files = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix in TYPES}
    files["page.css"] = b"\n".join(path.read_bytes() for path in sorted((folder / "css").glob("*.css")))
    shell = files.pop("index.html")
    digest = xxh3_64_hexdigest(b"\0".join([shell, *files.values()]))
    static = f"/static/{digest}/"
    kept = [static + name for name in files if name not in AT_THE_TOP]
    files["files.json"] = msgspec.json.encode(kept)
    links = "".join(f'<link rel="modulepreload" href="{static}{name}">' for name in FIRST_SCRIPTS)
    filled = shell.decode().replace("{static}", static).replace("{modules}", links)
    send_shell: App = partial(_send_shell, _answer("index.html", filled.encode()), answers)
    routes: dict[bytes, App] = dict.fromkeys([view.encode() for view in VIEWS], send_shell)
    for name, body in files.items():
        routes[f"{static}{name}".encode()] = partial(_send, _answer(name, body, FOR_GOOD))
        if name in AT_THE_TOP:
            routes[f"/{name}".encode()] = partial(_send, _answer(name, body))
    routes[b"/static/docs.css"] = partial(_send, _answer("docs.css", files["docs.css"]))
    routes[b"/favicon.ico"] = routes[b"/icon-192.png"]
    return routes


def _answer(name: str, body: bytes, cache_control: bytes = b"no-cache") -> Answer:
    return Answer(body, cache_control=cache_control, kind=TYPES[Path(name).suffix], safe=SAFE_PAGE)


async def _send(answer: Answer, scope: Scope, receive: Receive, send: Send) -> None:
    await send_answer(scope, send, answer)


async def _send_shell(shell: Answer, answers: Answers, scope: Scope, receive: Receive, send: Send) -> None:
    """Send the shell, and tell the browser which listing the view will ask for, and which pictures it will show first
    if that listing is known: they then come along with the scripts."""
    listing = _FIRST_LISTINGS.get(scope["raw_path"], b"")
    if b"%b" in listing:
        query: bytes = scope["query_string"]
        listing = listing % query if _PLAIN_QUERY.fullmatch(query) else b""
    early = [b"<%b>; rel=preload; as=fetch; crossorigin" % listing] if listing else []
    path, _mark, query = listing.partition(b"?")
    known = answers.last((path, query)) if path == b"/api/model" else None
    if known is not None:
        early += [
            b"<%b>; rel=preload; as=fetch; crossorigin" % found[1]
            for found in islice(_THUMB.finditer(known.body), FIRST_THUMBS)
        ]
    more = [(b"link", b", ".join(early))] if early else []
    await send_answer(scope, send, shell, more=more)
