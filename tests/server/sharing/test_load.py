"""Two servers of two workers each over one archive and one Redis, asked all the time, while everything is ended.

Whatever is killed, frozen, filled or emptied: what was deleted is not told of any more, and what was not deleted is.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.server.conftest import grow_old
from tests.server.serving import RunningServer
from tests.server.sharing.redis_server import RedisServer
from tests.server.sharing.test_servers import settle, shared, sharing, stats
from tests.trees import make_archive
from tests.waiting import wait_until

MODELS = 4
FILES = 120
BELIEVED_S = 3.0
"""How long what is gone may still be told of where the word of it was lost: a second, and the look before it."""
MORE = 25
"""Answers of each server that each blow is followed by, at least."""


class Kept:
    """A server that is started again when it was killed."""

    def __init__(self, start: Callable[[], Any]) -> None:
        self._start = start
        self.server: RunningServer | None = None
        self.answers = 0

    def start(self) -> None:
        self._context = self._start()
        self.server = self._context.__enter__()

    def kill(self) -> None:
        server, self.server = self.server, None
        assert server is not None
        server.process.kill()
        server.process.wait()
        self._context.gen.close()

    def end(self) -> None:
        self._context.__exit__(None, None, None)


class Watched:
    """What is known of the archive, and what was answered wrongly."""

    def __init__(self, servers: list[Kept]) -> None:
        self.servers = servers
        self.gone: dict[str, float] = {}
        """Files of which the deletion was answered, and when."""
        self.asked: set[str] = set()
        """Files of which somebody has asked the deletion."""
        self.wrong: list[str] = []
        self.ended = threading.Event()

    def read(self, seed: int) -> None:
        """Ask for a random model of a random server until the end."""
        lots = random.Random(seed)
        while not self.ended.is_set():
            kept, model = lots.choice(self.servers), lots.randrange(MODELS)
            began_s = time.monotonic()
            must_be_gone = {path for path, at_s in self.gone.items() if at_s < began_s - BELIEVED_S}
            server = kept.server
            if server is None:
                continue
            with suppress(OSError, HTTPException, ValueError):
                answer = server.ask(f"/api/model?site=site&model=m{model}&images_limit=1000")
                if answer.status == 200:
                    found = {f"site/m{model}/{name}" for name in answer.json["images"]}
                    of_model = {f"site/m{model}/img{number}.jpg" for number in range(FILES)}
                    self.note(found & must_be_gone, "told of though gone")
                    self.note(of_model - found - self.asked, "not told of though there")
                    kept.answers += 1
                picture = server.ask("/thumb/site/m0/real.png?size=320")
                self.note({"thumbnail"} if picture.status == 200 and len(picture.body) < 100 else set(), "is broken")

    def write(self) -> None:
        """Delete one file after the other, at one server and then at another."""
        lots = random.Random(7)
        for number in range(FILES):
            for model in range(MODELS):
                if self.ended.is_set():
                    return
                path = f"site/m{model}/img{number}.jpg"
                self.asked.add(path)
                server = lots.choice(self.servers).server
                wanted = {"site": "site", "model": f"m{model}", "name": f"img{number}.jpg"}
                with suppress(OSError, HTTPException, ValueError):
                    if server is not None and server.post("/api/delete_file", wanted).json.get("done") == [path]:
                        self.gone[path] = time.monotonic()
                self.ended.wait(0.05)

    def note(self, paths: set[str], what: str) -> None:
        self.wrong += [f"{path} {what}" for path in sorted(paths)]

    def go_on(self) -> None:
        """Return when each server has answered so many times more."""
        before = [kept.answers for kept in self.servers]
        wait_until(
            lambda: (
                bool(self.wrong)
                or all(kept.answers >= had + MORE for kept, had in zip(self.servers, before, strict=True))
            )
        )
        assert not self.wrong, self.wrong[:5]


@contextmanager
def asking(watched: Watched) -> Iterator[None]:
    threads = [threading.Thread(target=watched.read, args=(seed,)) for seed in range(3)]
    threads.append(threading.Thread(target=watched.write))
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        watched.ended.set()
        for thread in threads:
            thread.join()


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    spec = {f"site/m{model}/img{number}.jpg": b"x" for model in range(MODELS) for number in range(FILES)}
    root = make_archive(tmp_path / "archive", spec)
    Image.effect_noise((600, 400), 50).save(root / "site/m0/real.png")
    grow_old(root)
    settle(root)
    return root


def test_nothing_that_ends_or_fails_makes_an_answer_wrong(archive: Path, tmp_path: Path, redis: RedisServer) -> None:
    secret = tmp_path / "secret"
    secret.write_text("a secret that the servers share\n")
    secret.chmod(0o600)
    flags = ("--allow-delete", "--workers", "2", "--log", "none")
    one = Kept(lambda: sharing(archive, tmp_path / "one", redis, secret, *flags, is_patient=False))
    other = Kept(lambda: sharing(archive, tmp_path / "two", redis, secret, *flags, is_patient=False))
    with ExitStack() as held:
        for kept in (one, other):
            kept.start()
            held.callback(kept.end)
        watched = Watched([one, other])
        with asking(watched):
            watched.go_on()
            for blow in (
                redis.freeze,
                redis.thaw,
                redis.kill,
                redis.start,
                redis.client.flushall,
                redis.fill,
                redis.empty,
                redis.scramble,
            ):
                blow()
                watched.go_on()
            other.kill()
            other.start()
            watched.go_on()
            redis.kill()
            one.server and one.server.ask("/api/clear_cache", method="POST")
            redis.start()
            watched.go_on()
            wait_until(lambda: len(watched.gone) >= 10)
        for kept in (one, other):
            server = kept.server
            assert server is not None
            wait_until(partial(_all_there, server))
            for model in range(MODELS):
                names = server.ask(f"/api/model?site=site&model=m{model}&images_limit=1000").json["images"]
                assert sorted(names) == sorted(file.name for file in (archive / f"site/m{model}").iterdir())


def _all_there(server: RunningServer) -> bool:
    return bool(shared(server)["reachable"]) and stats(server)["workers"] == 4
