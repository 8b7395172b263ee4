"""Starts the server as a user does, and asks it over a real socket."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote_from_bytes

from tests.waiting import PATIENCE_S

SILENCE_S = 30.0
"""After so long without a word no more is waited for."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; header names in lower case, several of one name joined."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass(slots=True)
class RunningServer:
    """A server that runs, and a plain client for it."""

    process: "subprocess.Popen[bytes]"
    port: int
    log: Path
    cookie: str = ""
    token: str = ""
    default_headers: dict[str, str] = field(default_factory=dict)

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        timeout: float = PATIENCE_S,
    ) -> Reply:
        """One request on a connection of its own."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, {**self.default_headers, **(headers or {})})
            answer = connection.getresponse()
            found: dict[str, str] = {}
            for name, value in answer.getheaders():
                found[name.lower()] = f"{found[name.lower()]}, {value}" if name.lower() in found else value
            return Reply(answer.status, found, answer.read())
        finally:
            connection.close()

    def post(self, path: str, fields: object, headers: Mapping[str, str] | None = None) -> Reply:
        """POST JSON."""
        told = {"content-type": "application/json", **(headers or {})}
        return self.ask(path, method="POST", headers=told, body=json.dumps(fields).encode())

    def exchange(self, raw: bytes, *, timeout: float = SILENCE_S) -> bytes:
        """Send these bytes as they are; gives all that comes until the server closes or falls silent."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as connection:
            connection.sendall(raw)
            received = b""
            with suppress(TimeoutError, ConnectionResetError):
                while chunk := connection.recv(65536):
                    received += chunk
            return received

    def status_of(self, raw: bytes) -> int:
        """The status of the answer to these bytes, sent as they are; 0 where none came."""
        found = re.match(rb"HTTP/1\.[01] (\d{3})", self.exchange(raw))
        return int(found[1]) if found else 0

    def get(self, target: str, *more: str, host: str = "") -> int:
        """The status of GET for a target that no client would send so."""
        lines = [f"GET {target} HTTP/1.1", f"Host: {host or f'127.0.0.1:{self.port}'}", *more, "Connection: close"]
        return self.status_of("\r\n".join([*lines, "", ""]).encode("latin-1"))

    def pids(self) -> list[int]:
        """The server's processes: itself, its workers, their readers."""
        found = [self.process.pid]
        for pid in found:
            with suppress(FileNotFoundError, ProcessLookupError):  # it may end while it is looked at
                tasks = Path(f"/proc/{pid}/task").iterdir()
                found += [int(child) for task in tasks for child in (task / "children").read_text().split()]
        return found

    def wait_log(self, text: str) -> str:
        """The log, once `text` is in it."""
        deadline = time.monotonic() + PATIENCE_S
        while text not in (said := self.log.read_text(errors="replace")):
            assert time.monotonic() < deadline, said[-2000:]
            time.sleep(0.01)
        return said


@contextmanager
def serving(
    archive: Path, *flags: str, home: Path, environ: Mapping[str, str] | None = None
) -> Iterator[RunningServer]:
    """The server over this archive, on a free port; it is ended afterwards, and must end in order."""
    home.mkdir(parents=True, exist_ok=True)
    log = home / "log"
    places = {f"CATALOG_TUI_{part}_DIR": str(home / part.lower()) for part in ("CONFIG", "CACHE", "STATE")}
    command = [sys.executable, "-P", "-m", "catalog_tui", "serve", str(archive), *flags]
    if "--port" not in flags:
        command += ["--port", "0"]
    inherited = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    variables = {**inherited, "HOME": str(home), "TMPDIR": str(home), "LANGUAGE": "en", **places, **(environ or {})}
    with log.open("wb") as stream:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=stream, stdout=stream, env=variables)
        try:
            server = RunningServer(process, _port(process, log), log)
            found = re.search(r"token, shown this once: (\S+)", log.read_text())
            server.token = found[1] if found else ""
            _wait_until_it_answers(server, "--cert" in flags)
            yield server
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                raise
    assert process.returncode == 0, log.read_text(errors="replace")[-3000:]


def encoded(name: str | bytes) -> str:
    """A name for an address."""
    return quote_from_bytes(os.fsencode(name), safe="")


def _port(process: "subprocess.Popen[bytes]", log: Path) -> int:
    deadline = time.monotonic() + PATIENCE_S
    while not (found := re.search(r"://\S+?:(\d+)/", log.read_text(errors="replace"))):
        assert process.poll() is None and time.monotonic() < deadline, log.read_text(errors="replace")
        time.sleep(0.01)
    return int(found[1])


def _wait_until_it_answers(server: RunningServer, secure: bool) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        assert server.process.poll() is None and time.monotonic() < deadline, server.log.read_text()
        with suppress(OSError):
            if secure:
                socket.create_connection(("127.0.0.1", server.port), timeout=1).close()
                return
            if server.ask("/healthz", timeout=1).status:
                return
        time.sleep(0.01)
