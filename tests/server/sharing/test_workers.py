"""One server of several processes: which of them answers makes no difference."""

import json
import os
import re
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import connect

from tests.cli.running import run_cli
from tests.server.conftest import grow_old
from tests.server.serving import RunningServer, serving
from tests.server.sharing.test_servers import settle
from tests.trees import make_archive
from tests.waiting import PATIENCE_S, wait_until

NAMES = [f"img{number}.jpg" for number in range(30)]
WORKERS = 3
LISTING = "/api/model?site=site&model=m1"
TOKEN = "a token of more than sixteen"


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = make_archive(
        tmp_path_factory.mktemp("workers") / "archive",
        {f"site/m{model}/{name}": name.encode() for model in range(3) for name in NAMES},
    )
    grow_old(root)
    settle(root)
    return root


@pytest.fixture
def server(settled: Path, tmp_path: Path) -> Iterator[RunningServer]:
    with serving(settled, "--workers", str(WORKERS), "--allow-delete", home=tmp_path / "home") as running:
        wait_until(lambda: workers_of(running) == WORKERS)
        yield running


def workers_of(server: RunningServer) -> int:
    count: int = server.ask("/api/cache_stats").json["workers"]
    return count


def slot_of(connection: HTTPConnection) -> str:
    """Which worker is at the other end: the one that counts the request just made."""
    connection.request("GET", "/metrics")
    text = connection.getresponse().read().decode()
    counts = re.findall(r'catalog_requests_total\{route="other",status="200",worker="(\d)"\} (\d+)', text)
    connection.request("GET", "/metrics")
    again = connection.getresponse().read().decode()
    more = dict(re.findall(r'catalog_requests_total\{route="other",status="200",worker="(\d)"\} (\d+)', again))
    (grown,) = {*more.items()} - {*counts}
    return str(grown[0])


@pytest.fixture
def each(server: RunningServer) -> Iterator[list[Callable[..., Any]]]:
    """A way to ask each of the workers: connections, which stay with the worker that took them."""
    found: dict[str, HTTPConnection] = {}
    spare: list[HTTPConnection] = []
    while len(found) < WORKERS:
        connection = HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE_S)
        (spare if found.setdefault(slot_of(connection), connection) is not connection else []).append(connection)
    yield [lambda path, fields=None, at=connection: asked(at, path, fields) for connection in found.values()]
    for connection in (*found.values(), *spare):
        connection.close()


def asked(connection: HTTPConnection, path: str, fields: object = None) -> Any:
    if fields is None:
        connection.request("GET", path)
    else:
        connection.request("POST", path, json.dumps(fields), {"content-type": "application/json"})
    return json.loads(connection.getresponse().read())


def test_what_one_worker_deletes_is_gone_at_all_when_that_is_answered(each: list[Callable[..., Any]]) -> None:
    left = list(NAMES)
    for at in range(12):
        done = each[at % WORKERS]("/api/delete_file", {"site": "site", "model": "m1", "name": left[3]})
        assert done["done"] == [f"site/m1/{left.pop(3)}"]
        assert [ask(LISTING)["images"] for ask in each] == [left] * WORKERS
    each[0]("/api/undo", {"steps": 12})
    assert [ask(LISTING)["images"] for ask in each] == [NAMES] * WORKERS


def test_removals_at_all_workers_at_once_wait_for_each_other(each: list[Callable[..., Any]]) -> None:
    wanted = [{"site": "site", "model": "m2", "name": name} for name in NAMES[:12]]
    done: list[Any] = []

    def remove(ask: Callable[..., Any], some: list[dict[str, str]]) -> None:
        done.extend(ask("/api/delete_file", fields) for fields in some)

    threads = [threading.Thread(target=remove, args=(each[at], wanted[at::WORKERS])) for at in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(len(answer.get("done", ())) for answer in done) == [1] * 12, done
    each[0]("/api/undo", {"steps": 12})


def test_clearing_and_stats_reach_all(each: list[Callable[..., Any]], settled: Path) -> None:
    for ask in each:
        ask(LISTING)
    counted = [ask("/api/cache_stats") for ask in each]
    assert [(stats["workers"], stats["media_list_cache"]["size"]) for stats in counted] == [
        (WORKERS, WORKERS)
    ] * WORKERS
    file = settled / "site/m1/img1.jpg"
    with file.open("ab") as stream:  # grows in place: nobody can notice
        stream.write(b"more")
    assert each[1]("/api/clear_cache", {})["cleared"] is True
    assert each[2]("/api/cache_stats")["media_list_cache"]["size"] == 0
    for ask in each:
        sizes = {item["name"]: item["size"] for item in ask(LISTING)["items"]}
        assert sizes["img1.jpg"] == file.stat().st_size


def test_metrics_are_those_of_each_worker(server: RunningServer, each: list[Callable[..., Any]]) -> None:
    for ask in each:
        for _time in range(5):
            ask(LISTING)
    text = server.ask("/metrics").body.decode()
    counts = dict(re.findall(r'catalog_requests_total\{route="/api/model",status="200",worker="(\d)"\} (\d+)', text))
    assert counts == {str(slot): "5" for slot in range(WORKERS)}
    assert text.count("# TYPE catalog_requests_total counter") == 1


@pytest.fixture
def endless(tmp_path: Path) -> Iterator[RunningServer]:
    """A server whose archive takes a long time to scan: two files as large as no disk, which are only read through."""
    root = make_archive(tmp_path / "a", {"site/m/a.mp4": 1 << 42, "site/m/b.mp4": 1 << 42})
    with serving(root, "--workers", "2", home=tmp_path / "home") as running:
        wait_until(lambda: workers_of(running) == 2)
        yield running


def status(server: RunningServer) -> str:
    """On a connection of its own: any worker may answer."""
    told: str = server.ask("/api/scan_progress").json["status"]
    return told


def test_a_scan_is_seen_refused_and_ended_by_any_worker(endless: RunningServer) -> None:
    assert endless.post("/api/scan", {}).status == 202
    assert {status(endless) for _time in range(20)} == {"running"}
    refused = [endless.post("/api/scan", {}) for _time in range(10)]
    assert {(answer.status, answer.json["error"]) for answer in refused} == {(409, "scan_in_progress")}
    assert endless.post("/api/cancel_scan", {}).json["status"] in ("stopping", "cancelled")
    wait_until(lambda: {status(endless) for _time in range(20)} == {"cancelled"})


def test_every_workers_socket_shows_the_scan(endless: RunningServer) -> None:
    with ExitStack() as held:
        sockets = [
            held.enter_context(connect(f"ws://127.0.0.1:{endless.port}/ws/scan", close_timeout=0.1))
            for _time in range(8)
        ]
        assert [json.loads(each.recv(timeout=PATIENCE_S))["status"] for each in sockets] == ["idle"] * 8
        endless.post("/api/scan", {})
        for each in sockets:
            while json.loads(each.recv(timeout=PATIENCE_S))["status"] != "running":
                pass
        endless.post("/api/cancel_scan", {})
        for each in sockets:
            while json.loads(each.recv(timeout=PATIENCE_S))["status"] != "cancelled":
                pass


def test_a_scan_whose_worker_is_killed_has_failed_and_another_may_begin(endless: RunningServer) -> None:
    assert endless.post("/api/scan", {}).status == 202
    wait_until(lambda: scanner(endless) is not None)
    os.kill(scanner(endless) or 0, signal.SIGKILL)
    wait_until(lambda: settled_status(endless) == {"failed"})
    wait_until(lambda: endless.post("/api/scan", {}).status == 202)


def settled_status(server: RunningServer) -> set[str]:
    found = set()
    for _time in range(20):
        with suppress(OSError, HTTPException):
            found.add(status(server))
    return found


def scanner(server: RunningServer) -> int | None:
    """The worker that has a scan as its child."""
    for pid in server.pids():
        with suppress(FileNotFoundError, ProcessLookupError):
            if b"core.scan.child" in Path(f"/proc/{pid}/cmdline").read_bytes():
                return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return None


def test_wrong_tokens_are_counted_whichever_worker_hears_them(settled: Path, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(TOKEN)
    file.chmod(0o600)
    right = {"Authorization": f"Bearer {TOKEN}"}
    flags = ("--workers", "3", "--token-file", str(file))
    with serving(settled, *flags, home=tmp_path / "home") as server:
        wait_until(lambda: server.ask("/api/cache_stats", headers=right).json["workers"] == 3)
        wrong = {"Authorization": "Bearer not the token at all"}
        answers = [server.ask("/api/sites", headers=wrong).status for _time in range(20)]
        assert answers == [401] * 6 + [429] * 14
        assert server.ask("/api/sites", headers=right).status == 429
        assert server.ask("/healthz").status == 200


def test_a_session_is_one_at_all_workers_and_ends_at_all(settled: Path, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(TOKEN)
    file.chmod(0o600)
    flags = ("--workers", "3", "--token-file", str(file))
    with serving(settled, *flags, home=tmp_path / "home") as server:
        form = {"content-type": "application/x-www-form-urlencoded"}
        entered = server.ask("/login", method="POST", headers=form, body=b"token=" + TOKEN.replace(" ", "+").encode())
        cookie = {"Cookie": entered.headers["set-cookie"].partition(";")[0]}
        assert {server.ask("/api/sites", headers=cookie).status for _time in range(20)} == {200}
        server.ask("/logout", method="POST", headers=cookie)
        assert {server.ask("/api/sites", headers=cookie).status for _time in range(20)} == {401}


def test_a_worker_that_is_killed_comes_back_and_knows_what_the_others_know(
    server: RunningServer, each: list[Callable[..., Any]]
) -> None:
    del each
    server.post("/api/scan", {})
    wait_until(lambda: status(server) == "finished")
    workers = [pid for pid in server.pids() if parent_of(pid) == server.process.pid and is_python(pid)]
    victim = workers[-1]
    os.kill(victim, signal.SIGKILL)
    wait_until(lambda: server.process.pid not in (0, victim) and victim not in server.pids())
    wait_until(lambda: answered(server) == WORKERS)
    assert {status(server) for _time in range(20)} == {"finished"}


def answered(server: RunningServer) -> int:
    with suppress(OSError, HTTPException):
        return workers_of(server)
    return 0


def parent_of(pid: int) -> int:
    with suppress(FileNotFoundError, ProcessLookupError):
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return 0


def is_python(pid: int) -> bool:
    return b"serve" in Path(f"/proc/{pid}/cmdline").read_bytes()


def test_a_worker_that_starts_while_the_archive_is_away_finds_it_when_it_is_back(tmp_path: Path) -> None:
    root = make_archive(tmp_path / "a", {"site/m/a.jpg": b"x"})
    with serving(root, "--workers", "2", home=tmp_path / "home") as server:
        wait_until(lambda: workers_of(server) == 2)
        root.rename(tmp_path / "away")
        victim = next(pid for pid in server.pids() if parent_of(pid) == server.process.pid and is_python(pid))
        os.kill(victim, signal.SIGKILL)
        wait_until(lambda: victim not in server.pids() and answered(server) == 2)
        assert {server.ask("/api/sites").status for _time in range(20)} == {503}
        (tmp_path / "away").rename(root)
        assert {server.ask("/api/sites").status for _time in range(20)} == {200}


def test_the_lines_of_several_workers_are_whole(server: RunningServer) -> None:
    def get() -> None:
        for number in range(100):
            server.ask(f"/api/model?site=site&model=m1&q={number}&images_limit=0")

    threads = [threading.Thread(target=get) for _time in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wait_until(lambda: server.log.read_text().count("q=") == 600)
    lines = [line for line in server.log.read_text().splitlines() if "q=" in line]
    assert all(re.fullmatch(r"\S+Z 127\.0\.0\.1 GET /api/model\?\S+ 200 \d+ [\d.]+ms", line) for line in lines)


def test_many_workers_end_in_order_and_leave_nothing(settled: Path, tmp_path: Path) -> None:
    with serving(settled, "--workers", "4", home=tmp_path / "home") as server:
        wait_until(lambda: workers_of(server) == 4)
        for model in range(3):
            server.ask(f"/api/model?site=site&model=m{model}")
        pids, port = server.pids(), server.port
        assert len(pids) >= 5
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))
    assert not list((tmp_path / "home").glob("catalog-tui-*"))
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.mark.parametrize("workers", ["0", "-1", "65", "two", ""])
def test_a_number_of_workers_that_makes_no_sense_is_told(settled: Path, workers: str) -> None:
    done = run_cli("serve", str(settled), f"--workers={workers}")
    assert done.returncode == 2 and "a number from 1 to 64" in done.stderr
