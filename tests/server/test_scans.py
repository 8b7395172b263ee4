"""Scanning over HTTP: one at a time, watched by many, and what it found."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.server.serving import RunningServer, serving
from tests.trees import make_archive
from tests.waiting import PATIENCE_S, wait_until

COPIES = {f"site/m{number}/copy.jpg": b"the same bytes" for number in range(3)}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    root = make_archive(
        tmp_path / "a", {**COPIES, "site/m0/large1.mp4": bytes(90_000), "site/m1/large2.mp4": bytes(90_000)}
    )
    with serving(root, home=tmp_path / "home") as running:
        yield running


def scan(server: RunningServer) -> dict[str, Any]:
    assert server.post("/api/scan", {}).status == 202
    wait_until(lambda: server.ask("/api/scan_progress").json["status"] not in ("running", "stopping"))
    state: dict[str, Any] = server.ask("/api/scan_progress").json
    return state


def test_before_the_first_scan_there_is_nothing(server: RunningServer) -> None:
    assert server.ask("/api/scan_progress").json["status"] == "idle"
    assert server.ask("/api/duplicates").json["error"] == "no_scan"
    assert server.post("/api/cancel_scan", {}).json["status"] == "idle"


def test_a_scan_finds_the_groups_that_waste_most_first(server: RunningServer) -> None:
    assert scan(server)["status"] == "finished"
    answer = server.ask("/api/duplicates").json
    assert [(group["count"], group["waste"]) for group in answer["groups"]] == [(2, 90_000), (3, 28)]
    assert [file["path"] for file in answer["groups"][1]["files"]] == sorted(COPIES)
    assert answer["pagination"] == {"page": 1, "limit": 50, "total": 2, "total_pages": 1}
    assert server.ask(answer["groups"][1]["files"][0]["href"]).body == b"the same bytes"
    second = server.ask("/api/duplicates?page=2&limit=1").json
    assert [group["id"] for group in second["groups"]] == [1]
    assert server.ask("/api/duplicates?page=0").json["field"] == "page"


def test_wrong_wishes_are_named(server: RunningServer) -> None:
    assert server.post("/api/scan", {"hash": "crc"}).json["field"] == "hash"
    assert server.post("/api/scan", {"min_size": 0}).json["field"] == "min_size"
    assert server.ask("/api/scan", method="POST", body=b"{}").status == 415
    told = {"content-type": "application/json"}
    assert server.ask("/api/scan", method="POST", headers=told, body=b"{").status == 400
    assert server.ask("/api/scan").status == 405


def test_the_socket_gives_the_state_at_once_and_the_end(server: RunningServer) -> None:
    with connect(f"ws://127.0.0.1:{server.port}/ws/scan") as socket:
        assert json.loads(socket.recv(timeout=PATIENCE_S))["status"] == "idle"
        server.post("/api/scan", {"md5": True})
        states = [json.loads(socket.recv(timeout=PATIENCE_S))]
        while states[-1]["status"] == "running":
            states.append(json.loads(socket.recv(timeout=PATIENCE_S)))
    assert states[-1]["status"] == "finished" and states[-1]["groups"] == 2
    with connect(f"ws://127.0.0.1:{server.port}/ws/scan") as socket:
        assert json.loads(socket.recv(timeout=PATIENCE_S)) == states[-1]


def test_a_scan_goes_where_links_are_followed(tmp_path: Path) -> None:
    root = make_archive(tmp_path / "a", {"site/m/copy.jpg": b"the same bytes"})
    make_archive(tmp_path / "disk", {"model/copy.jpg": b"the same bytes"})
    os.symlink(tmp_path / "disk", root / "linked")
    with serving(root, "--follow-links", home=tmp_path / "home") as server:
        assert scan(server)["status"] == "finished"
        (group,) = server.ask("/api/duplicates").json["groups"]
        assert {file["path"] for file in group["files"]} == {"site/m/copy.jpg", "linked/model/copy.jpg"}


@pytest.fixture
def endless(tmp_path: Path) -> Iterator[RunningServer]:
    """A server whose archive takes a long time to scan: two files as large as no disk, which are only read through."""
    root = make_archive(tmp_path / "a", {"site/m/a.mp4": 1 << 42, "site/m/b.mp4": 1 << 42})
    with serving(root, home=tmp_path / "home") as running:
        yield running


def test_one_scan_at_a_time_and_it_can_be_ended(endless: RunningServer) -> None:
    assert endless.post("/api/scan", {}).json["status"] == "running"
    refused = endless.post("/api/scan", {})
    assert (refused.status, refused.json["error"]) == (409, "scan_in_progress")
    assert endless.post("/api/cancel_scan", {}).json["status"] in ("stopping", "cancelled")
    wait_until(lambda: endless.ask("/api/scan_progress").json["status"] == "cancelled")
    assert endless.post("/api/scan", {}).status == 202


def test_a_scan_of_another_program_is_in_the_way_too(endless: RunningServer, tmp_path: Path) -> None:
    same_cache = {"CATALOG_TUI_CACHE_DIR": str(tmp_path / "home/cache")}
    with serving(tmp_path / "a", home=tmp_path / "home2", environ=same_cache) as other:
        assert other.post("/api/scan", {}).status == 202
        wait_until(lambda: other.ask("/api/scan_progress").json["phase"] == "hash")
        refused = endless.post("/api/scan", {})
        assert (refused.status, refused.json["error"]) == (409, "scan_in_progress")
        assert endless.ask("/api/scan_progress").json["status"] == "idle"


def test_who_reads_the_socket_late_gets_the_newest_and_no_backlog(endless: RunningServer) -> None:
    with connect(f"ws://127.0.0.1:{endless.port}/ws/scan", max_queue=1, close_timeout=0.1) as slow:
        endless.post("/api/scan", {})
        wait_until(lambda: endless.ask("/api/scan_progress").json["seconds"] > 2)
        with connect(f"ws://127.0.0.1:{endless.port}/ws/scan") as late:
            first = json.loads(late.recv(timeout=PATIENCE_S))
            assert first["status"] == "running" and first["seconds"] > 1.5
        assert json.loads(slow.recv(timeout=PATIENCE_S))["status"] == "idle"


@pytest.mark.parametrize("headers", [{"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_another_sites_page_cannot_watch(server: RunningServer, headers: dict[str, str]) -> None:
    origin: Any = headers.pop("Origin", None)
    with pytest.raises(InvalidStatus) as refused:
        connect(f"ws://127.0.0.1:{server.port}/ws/scan", origin=origin, additional_headers=headers)
    assert refused.value.response.status_code == 403


def test_our_own_page_can(server: RunningServer) -> None:
    own: Any = f"http://127.0.0.1:{server.port}"
    with connect(f"ws://127.0.0.1:{server.port}/ws/scan", origin=own) as socket:
        assert json.loads(socket.recv(timeout=PATIENCE_S))["status"] == "idle"


def test_a_server_that_ends_takes_its_scan_along(tmp_path: Path) -> None:
    root = make_archive(tmp_path / "a", {"site/m/a.mp4": 1 << 42, "site/m/b.mp4": 1 << 42})
    with serving(root, home=tmp_path / "home") as server:
        server.post("/api/scan", {})
        wait_until(lambda: server.ask("/api/scan_progress").json["phase"] == "hash")
        pids = server.pids()
        assert len(pids) > 2
    wait_until(lambda: not any(_runs(pid) for pid in pids))


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
