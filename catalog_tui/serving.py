"""The server as a process of its own, seen from the app: start it, follow what it says, end it."""

import json
import os
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from catalog_tui.core.names import safe_text_for_terminal
from catalog_tui.core.words import _, language
from catalog_tui.server.attached import PAIR

STATS_PATH = "/api/cache_stats"
"""What the app itself asks its server; not counted."""

RECENT = 200
END_S = 7.0
"""How long answers under way may take before the server is ended by force."""


class Reach(NamedTuple):
    """To whom an archive is served, and what they may do."""

    host: str = "127.0.0.1"
    allow_delete: bool = False

    @property
    def is_network(self) -> bool:
        """Whether other machines reach it."""
        return self.host != "127.0.0.1"


class Began(NamedTuple):
    """The server answers now."""

    address: str
    token: str
    """"" where none is asked for."""


class Pairing(NamedTuple):
    """An address that opens one session, once."""

    address: str


class Request(NamedTuple):
    """One request that was answered."""

    method: str
    path: str
    """Safe to show."""
    status: int
    bytes: int
    ms: float


class Ended(NamedTuple):
    """The process is gone; why, "" where it was asked to end."""

    reason: str


ServerEvent: TypeAlias = Began | Pairing | Request | Ended


class ServerProcess:
    """A server over one archive, which ends when this program does.

    `events` is for one thread; everything else may be called from any.
    """

    def __init__(self, archive: str, reach: Reach, *, port: int, config: str = "") -> None:
        """`archive` is its absolute path; `config` the settings' file, "" for the usual one."""
        self.reach = reach
        self._words = ["serve", archive, "--host", reach.host, "--port", str(port), "--log", "json", "--attached"]
        self._words += ["--language", language(), *(["--config", config] if config else [])]
        self._words += ["--allow-delete"] if reach.allow_delete else []
        self._process: subprocess.Popen[bytes] | None = None
        self._asked_to_end = False

    def start(self) -> None:
        """Start the process; once."""
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "catalog_tui", *self._words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
            start_new_session=True,  # Ctrl+C in the terminal is for the program on the screen
        )

    @property
    def pid(self) -> int | None:
        """Its process id, None before the start."""
        return None if self._process is None else self._process.pid

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.poll() is None

    def events(self) -> Iterator[ServerEvent]:
        """Everything it says, as it comes; the last is Ended."""
        process = self._process
        if process is None or process.stdout is None:
            return
        said = ""
        with process.stdout:
            for line in process.stdout:
                event = _event_of(line)
                if event is not None:
                    yield event
                elif line.strip():
                    said = line.decode("utf-8", "replace").strip()
        code = process.wait()
        self._let_go()
        reason = said.removeprefix("catalog-tui: ") or _("it was ended with code {code}").format(code=code)
        yield Ended("" if self._asked_to_end else safe_text_for_terminal(reason))

    def ask_for_pairing(self) -> None:
        """Ask for an address that opens a session; it comes as Pairing."""
        if self._process is not None and self._process.stdin is not None:
            with suppress(BrokenPipeError, ValueError):  # it has ended already
                self._process.stdin.write(PAIR)
                self._process.stdin.flush()

    def end(self) -> None:
        """Ask the server to end; Ended comes soon."""
        self._asked_to_end = True
        self._let_go()

    def _let_go(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            with suppress(OSError, ValueError):
                self._process.stdin.close()

    def close(self, timeout_s: float = END_S) -> None:
        """Make sure that the process is gone: asked first, ended by force after `timeout_s`."""
        process = self._process
        if process is None:
            return
        self.end()
        try:
            process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _event_of(line: bytes) -> ServerEvent | None:
    try:
        told = json.loads(line)
        match told.get("event"):
            case "serving":
                return Began(told["address"], told["token"])
            case "pairing":
                return Pairing(told["address"])
        return Request(told["method"], told["path"], told["status"], told["bytes"], told["ms"])
    except (ValueError, KeyError, AttributeError):
        return None


@dataclass(slots=True)
class Tally:
    """What a server has answered so far."""

    requests: int = 0
    errors: int = 0
    """Answered with 400 or above."""
    bytes: int = 0
    recent: deque[Request] = field(default_factory=lambda: deque(maxlen=RECENT))

    def add(self, request: Request) -> None:
        """Count it."""
        if request.path == STATS_PATH:
            return
        self.requests += 1
        self.errors += request.status >= 400
        self.bytes += request.bytes
        self.recent.append(request)
