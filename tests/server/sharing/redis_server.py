"""A real Redis that a test may stop, kill, fill and start again."""

import signal
import subprocess
from contextlib import suppress
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from tests.server.peers import free_port
from tests.waiting import wait_until


class RedisServer:
    """A redis-server over a folder of its own; nothing is kept over a restart unless `keeps`."""

    def __init__(self, folder: Path, *, keeps: bool = False) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._keeps = keeps
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.client = Redis(port=self.port)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        append = "yes" if self._keeps else "no"
        words = ["--port", str(self.port), "--save", "", "--appendonly", append, "--appendfsync", "always"]
        log = (self._folder / "log").open("ab")
        with log:
            self._process = subprocess.Popen(
                ["redis-server", *words, "--dir", str(self._folder)], stdout=log, stderr=log
            )
        wait_until(self._answers)

    def kill(self) -> None:
        """End it in the midst of everything."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def freeze(self) -> None:
        """From now on it takes what is sent, and answers nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """It answers again."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def fill(self) -> None:
        """From now on there is no room for anything more."""
        self.client.config_set("maxmemory-policy", "noeviction")
        self.client.config_set("maxmemory", "100kb")

    def empty(self) -> None:
        """There is room again."""
        self.client.config_set("maxmemory", "0")

    def scramble(self) -> None:
        """Let every entry stand under another's name, and some be nonsense."""
        names = [name for name in self.names() if self.client.type(name) == b"string"]
        contents = [self.raw(name) for name in names]
        for name, content in zip(names, contents[1:] + contents[:1], strict=True):
            self.client.set(name, content)
        for name in names[::3]:
            self.client.set(name, b"\x80\x04N.")

    def close(self) -> None:
        """Leave nothing running."""
        self.client.close()
        self.kill()

    def names(self) -> list[str]:
        """The names of what it holds."""
        return sorted(name.decode() for name in self.client.scan_iter())

    def raw(self, name: str) -> bytes:
        """What it holds under a name, b"" for nothing."""
        found = self.client.get(name)
        return found if isinstance(found, bytes) else b""

    def _answers(self) -> bool:
        with suppress(RedisError):
            return bool(self.client.ping())
        return False
