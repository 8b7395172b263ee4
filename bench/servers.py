"""The servers that `bench.server` compares: ours with a token, nginx, a plain script, copyparty where it is there."""

import http.client
import importlib.util
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

TOKEN: Final = "a-token-for-the-bench-alone"
PATIENCE_S: Final = 30.0

Targets = dict[str, str]
"""The URL of each row that a server can answer."""


@dataclass(slots=True)
class Contender:
    """A server that runs: where its rows are, and what its requests bear."""

    name: str
    targets: Targets
    headers: tuple[str, ...] = ()
    figures: dict[str, str] = field(default_factory=dict)
    rates: dict[str, float] = field(default_factory=dict)


def start(held: ExitStack, root: Path, scratch: Path) -> list[Contender]:
    """Every server there is, and the files that nginx sends in place of made answers."""
    port, _process = held.enter_context(ours(root, scratch))
    bearer = {"authorization": f"Bearer {TOKEN}"}
    page = "/api/models?site=site&limit=50"
    small = "/site/model000/small.jpg"
    thumb = ask(port, "/thumb/site/model000/photo.jpg?size=320", bearer)
    ready = scratch / "ready"
    ready.mkdir()
    (ready / "page.json").write_bytes(ask(port, page, bearer))
    (ready / "thumb.webp").write_bytes(thumb)
    (ready / "site").symlink_to(root / "site")
    base = f"http://127.0.0.1:{port}"
    contenders = [
        Contender(
            "catalog-tui",
            {
                "json": base + page,
                "same": base + page,
                "large": f"{base}/media/site/model000/large.mp4",
                "small": f"{base}/media{small}",
                "thumb": f"{base}/thumb/site/model000/photo.jpg?size=320",
            },
            (f"Authorization: Bearer {TOKEN}",),
        )
    ]
    for name, command, targets in peers(ready, root, scratch):
        peer_port = free_port()
        held.enter_context(running([word.replace("PORT", str(peer_port)) for word in command], peer_port, scratch))
        found = {row: f"http://127.0.0.1:{peer_port}{path}" for row, path in targets.items()}
        contenders.append(Contender(name, found))
    return contenders


def peers(ready: Path, root: Path, scratch: Path) -> Iterator[tuple[str, list[str], Targets]]:
    """The others: their commands, with PORT in them, and the paths of the rows that they can answer."""
    config = scratch / "nginx.conf"
    temporary = " ".join(f"{kind}_temp_path {scratch}/{kind};" for kind in ("proxy", "fastcgi", "uwsgi", "scgi"))
    config.write_text(
        f"daemon off; worker_processes 2; pid {scratch}/pid; error_log {scratch}/errors; user root;"
        "events { worker_connections 1024; } http { access_log off; sendfile on; tcp_nopush on;"
        f"keepalive_requests 1000000; client_body_temp_path {scratch}/body; {temporary}"
        "types { application/json json; } server { listen 127.0.0.1:NUMBER; root ROOT; } }"
    )
    made = {"json": "/page.json", "same": "/page.json", "thumb": "/thumb.webp"}
    files = {"large": "/site/model000/large.mp4", "small": "/site/model000/small.jpg"}
    script = f"sed -e s/NUMBER/PORT/ -e 's#ROOT#{ready}#' {config} > {config}.used && exec nginx -c {config}.used"
    yield (
        "nginx (files)",
        ["sh", "-c", script],
        {**files, **made},
    )
    yield "stdlib", [sys.executable, "-m", "bench.plain_server", str(root), "PORT"], {**files, "json": "/api/models"}
    if importlib.util.find_spec("copyparty") is not None:
        flags = ["-i", "127.0.0.1", "-p", "PORT", "-v", f"{root}::r", "-q", "--hist", f"{scratch}/hist"]
        made = {"json": "/site/?ls", "thumb": "/site/model000/photo.jpg?th=w"}
        yield "copyparty", [sys.executable, "-m", "copyparty", *flags], {**files, **made}


@contextmanager
def ours(root: Path, scratch: Path) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """Our server with a token; gives its port."""
    token = scratch / "token"
    token.write_text(TOKEN)
    token.chmod(0o600)
    port = free_port()
    places = {f"CATALOG_TUI_{part}_DIR": str(scratch / part.lower()) for part in ("CACHE", "STATE", "CONFIG")}
    command = [sys.executable, "-P", "-m", "catalog_tui", "serve", str(root), "--port", str(port)]
    with running([*command, "--token-file", str(token)], port, scratch, places) as process:
        yield port, process


@contextmanager
def running(
    command: list[str], port: int, scratch: Path, environ: dict[str, str] | None = None
) -> Iterator["subprocess.Popen[bytes]"]:
    """A server, once it answers."""
    with (scratch / f"log-{port}").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, **(environ or {})})
        try:
            deadline = time.monotonic() + PATIENCE_S
            while True:
                if process.poll() is not None or time.monotonic() > deadline:
                    said = (scratch / f"log-{port}").read_text()[-2000:]
                    raise SystemExit(f"{command} did not start: {said}")
                with suppress(OSError):
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                time.sleep(0.05)
            yield process
        finally:
            process.terminate()
            process.wait()


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ask(port: int, path: str, headers: dict[str, str]) -> bytes:
    """The body at `path`, which must be there."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    if response.status != 200:
        raise SystemExit(f"{path}: {response.status}")
    return body
