"""Thousands of requests whose clients are killed or break off, and what the server holds before and after."""

import os
import random
import socket
import time
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.sharedctypes import RawArray
from pathlib import Path
from typing import Any, Final

from bench.servers import PATIENCE_S, TOKEN, ask, ours

REQUESTS: Final = 10_000
CLIENTS: Final = 8
BREAKS_OFF: Final = 1 / 3
KILLS_A_SECOND: Final = 40
PATHS: Final = (
    "/api/models?site=site&limit=50",
    "/api/search?q=img01&limit=20",
    "/media/site/model000/small.jpg",
    "/media/site/model000/large.mp4",
    "/thumb/site/model000/photo.jpg",
    "/api/download?site=site&model=model001",
)


def soak(root: Path, scratch: Path) -> str:
    """Run it against a server of ours, and say what came of it."""
    with ours(root, scratch) as (port, process):
        run(port, REQUESTS // 5)
        before = settled(process.pid, port)
        killed = run(port, REQUESTS)
        after = settled(process.pid, port, before)
    words = ("descriptors", "processes", "MB")
    told = ", ".join(f"{word} {one} -> {other}" for word, one, other in zip(words, before, after, strict=True))
    return (
        f"\nSoak of {REQUESTS:,} requests by {CLIENTS} clients, {killed} of them killed, every third request broken "
        f"off: {told}."
    )


def run(port: int, count: int) -> int:
    """So many requests by processes that are killed in their midst, and replaced; gives how many were killed."""
    context = get_context("fork")
    begun = RawArray("q", CLIENTS)  # requests, by client; without a lock, which a killed one would keep
    dice = random.Random(7)

    def start(place: int) -> Any:
        client = context.Process(target=ask_for_ever, args=(port, PATHS, begun, place, dice.random()), daemon=True)
        client.start()
        return client

    clients = [start(place) for place in range(CLIENTS)]
    killed = 0
    while sum(begun) < count:
        time.sleep(dice.expovariate(KILLS_A_SECOND))
        victim = dice.randrange(CLIENTS)
        clients[victim].kill()
        clients[victim].join()
        clients[victim] = start(victim)
        killed += 1
    for client in clients:
        client.kill()
        client.join()
    return killed


def ask_for_ever(port: int, paths: Sequence[str], begun: Any, place: int, seed: float) -> None:
    """One client; breaks off one request of three."""
    dice = random.Random(seed)
    while True:
        begun[place] += 1
        most = dice.randrange(200_000) if dice.random() < BREAKS_OFF else 1 << 40
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as connection:
            lines = [
                f"GET {dice.choice(paths)} HTTP/1.1",
                "Host: localhost",
                f"Authorization: Bearer {TOKEN}",
                "Range: bytes=0-999999",
                "Connection: close",
            ]
            connection.sendall("\r\n".join([*lines, "", ""]).encode())
            got = 0
            while got < most and (chunk := connection.recv(65536)):
                got += len(chunk)


def settled(pid: int, port: int, before: tuple[int, int, int] | None = None) -> tuple[int, int, int]:
    """What is held once the server is done with those who are gone: as few descriptors as `before`, or as few as it
    comes to within a second."""
    ask(port, "/healthz", {})
    deadline = time.monotonic() + (PATIENCE_S if before is not None else 1.0)
    held = held_by(pid)
    while (before is None or held[0] > before[0]) and time.monotonic() < deadline:
        time.sleep(0.1)
        held = held_by(pid)
    return held


def held_by(pid: int) -> tuple[int, int, int]:
    """Open descriptors, processes, and resident MB of a process and all below it (Linux)."""
    pids = [pid]
    for each in pids:
        with suppress(FileNotFoundError):
            tasks = Path(f"/proc/{each}/task").iterdir()
            pids += [int(child) for task in tasks for child in (task / "children").read_text().split()]
    descriptors = sum(len(os.listdir(f"/proc/{each}/fd")) for each in pids)
    pages = sum(int(Path(f"/proc/{each}/statm").read_text().split()[1]) for each in pids)
    return descriptors, len(pids), pages * os.sysconf("SC_PAGE_SIZE") >> 20
