"""The page's own files, held in memory: by their whole path, so nothing else of the disk can be asked for."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from catalog_tui.server.answers import Answer
from catalog_tui.server.api import send_answer
from catalog_tui.server.replies import HTML_TYPE, SAFE_PAGE, Receive, Scope, Send

WEB: Final = Path(__file__).parent / "web"
TYPES: Final = {
    ".html": HTML_TYPE,
    ".css": b"text/css; charset=utf-8",
    ".js": b"text/javascript; charset=utf-8",
    ".mjs": b"text/javascript; charset=utf-8",
    ".json": b"application/json",
    ".webmanifest": b"application/manifest+json",
    ".svg": b"image/svg+xml",
    ".png": b"image/png",
    ".ico": b"image/x-icon",
    ".woff2": b"font/woff2",
}
FIRST: Final = "index.html"
OPEN: Final = "login.css"
"""What the login page needs, and is therefore no secret; it stands beside the pages, not below /static/."""


class PageFile:
    """A file of the page."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer GET or HEAD."""
        await send_answer(scope, send, self._answer)


def page_files(folder: Path = WEB) -> Mapping[bytes, PageFile]:
    """Every file in `folder` by its address: `/` for the first page, `/static/…` for what it loads."""
    found: dict[bytes, PageFile] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not path.is_file() or path.suffix not in TYPES:
            continue
        address = "/" if name == FIRST else f"/{name}" if name == OPEN else f"/static/{name}"
        answer = Answer(path.read_bytes(), kind=TYPES[path.suffix], safe=SAFE_PAGE)
        found[address.encode()] = PageFile(answer)
    return found
