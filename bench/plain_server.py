"""A server as a plain script would be: ThreadingTCPServer, a dictionary for a cache, JSON encoded for each answer."""

import json
import os
import socketserver
import sys
from http.server import SimpleHTTPRequestHandler
from typing import Final

KINDS: Final = {".jpg": "image_count", ".mp4": "video_count"}
PAGE: Final = 50


class Handler(SimpleHTTPRequestHandler):
    """The listing as JSON, all else as files."""

    protocol_version = "HTTP/1.1"
    root = ""
    cached: dict[str, dict[str, object]] = {}

    def do_GET(self) -> None:
        """Answer."""
        if not self.path.startswith("/api/models"):
            super().do_GET()
            return
        site = os.path.join(self.root, "site")
        if site not in self.cached:
            self.cached[site] = models(site)
        body = json.dumps(self.cached[site]).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name it has in the library
        """Say nothing: a terminal would be what is measured."""


class Server(socketserver.ThreadingTCPServer):
    """A thread for each connection."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128


def models(site: str) -> dict[str, object]:
    """The first page of a site."""
    names = sorted(entry.name for entry in os.scandir(site) if entry.is_dir())
    rows = [row(os.path.join(site, name), name) for name in names[:PAGE]]
    pages = {"page": 1, "limit": PAGE, "total": len(names), "total_pages": -(-len(names) // PAGE)}
    return {"site": "site", "models": rows, "pagination": pages}


def row(folder: str, name: str) -> dict[str, object]:
    """A model's figures."""
    found: dict[str, object] = {"name": name, "thumb": None, "image_count": 0, "video_count": 0}
    for file in os.listdir(folder):
        kind = KINDS.get(os.path.splitext(file)[1])
        if kind is not None:
            found[kind] = int(str(found[kind])) + 1
    return found


if __name__ == "__main__":
    Handler.root = sys.argv[1]
    os.chdir(Handler.root)
    with Server(("127.0.0.1", int(sys.argv[2])), Handler) as server:
        server.serve_forever()
