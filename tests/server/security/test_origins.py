"""Other sites' pages in the user's browser can neither change anything nor read."""

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from catalog_tui.server.gate import MOST_HEADERS, Gate
from catalog_tui.server.operations import OPERATIONS
from catalog_tui.server.problems import Refused
from tests.server.serving import RunningServer, serving

CHANGING = [
    ("POST", "/api/clear_cache"),
    ("GET", "/api/clear_cache"),
    ("POST", "/api/pairing_code"),
    ("POST", "/logout"),
]
FOREIGN = [
    {"origin": "http://evil.example"},
    {"origin": "null"},
    {"origin": "http://localhost.evil.example"},
    {"origin": "http://127.0.0.1:1"},
    {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"},
    {"sec-fetch-site": "same-site", "sec-fetch-mode": "cors"},
    {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"},
]


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize(("method", "path"), CHANGING)
def test_nothing_changes_at_another_sites_wish(
    server: RunningServer, method: str, path: str, headers: dict[str, str]
) -> None:
    answer = server.ask(path, method=method, headers=headers)
    assert (answer.status, answer.json["error"]) == (403, "cross_site")


def test_our_own_page_and_programs_may(server: RunningServer) -> None:
    own = {"origin": f"http://127.0.0.1:{server.port}", "sec-fetch-site": "same-origin"}
    assert server.ask("/api/clear_cache", method="POST", headers=own).json["cleared"] is True
    assert server.ask("/api/clear_cache", method="POST").status == 200
    assert server.ask("/api/clear_cache", headers={"sec-fetch-site": "none"}).status == 200


def test_a_spelling_that_another_would_decode_does_not_pass_the_gate(server: RunningServer) -> None:
    headers = {"origin": "http://evil.example"}
    assert server.ask("/api/clear%5Fcache", headers=headers).status == 404
    assert server.ask("/%61pi/clear_cache", headers=headers).status == 404


@pytest.mark.parametrize("path", ["/api/sites", "/media/alpha/anna/img1.jpg", "/openapi.json"])
def test_another_sites_page_cannot_take_in_what_is_read(server: RunningServer, path: str) -> None:
    loaded = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}
    assert server.ask(path, headers=loaded).status == 403
    answer = server.ask(path, headers={"origin": "http://evil.example"})
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    linked = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    assert server.ask(path, headers=linked).status == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost.evil", "", "a b", "[::1", "x@127.0.0.1"],
)
def test_a_name_that_is_none_of_ours_is_refused(server: RunningServer, host: str) -> None:
    assert server.get("/api/sites", host=host or " ") in (400, 421)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1", "[::1]:8", "192.168.1.5:8008", "localhost."])
def test_addresses_and_localhost_are_ours(server: RunningServer, host: str) -> None:
    assert server.get("/api/sites", host=host) == 200


def test_no_host_two_hosts_and_a_foreign_one_in_the_target(server: RunningServer) -> None:
    assert server.status_of(b"GET /api/sites HTTP/1.1\r\nConnection: close\r\n\r\n") in (400, 421)
    assert server.status_of(b"GET /api/sites HTTP/1.0\r\n\r\n") in (400, 421)
    assert server.get("/api/sites", "Host: localhost") == 400
    assert server.get("http://evil.example/api/sites", host="evil.example") == 421


@pytest.fixture(scope="module")
def named(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with serving(archive, "--allow-host", "nas.example", home=tmp_path_factory.mktemp("home")) as running:
        yield running


def test_a_name_that_was_allowed(named: RunningServer) -> None:
    assert named.get("/api/sites", host="NAS.example:8008") == 200
    assert named.get("/api/sites", host="other.example") == 421


READ = sorted({operation.path for operation in OPERATIONS if operation.method == "get" and "{" not in operation.path})


@pytest.mark.parametrize(
    "path",
    [*READ, "/docs", "/openapi.json", "/media/alpha/anna/img1.jpg", "/thumb/alpha/anna/img1.jpg", "/no", "/login.css"],
)
def test_every_answer_tells_browsers_to_be_careful(server: RunningServer, path: str) -> None:
    headers = server.ask(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == ("same-origin" if path in ("/docs", "/login.css") else "no-referrer")
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]


@pytest.mark.parametrize(("count", "is_refused"), [(MOST_HEADERS, False), (MOST_HEADERS + 1, True)])
def test_more_headers_than_anybody_sends_are_not_looked_at(count: int, is_refused: bool) -> None:
    headers = [(b"host", b"localhost"), *((b"x-%d" % at, b"") for at in range(count - 1))]
    scope = {"type": "http", "method": "GET", "raw_path": b"/api/sites", "headers": headers}
    with pytest.raises(Refused) if is_refused else nullcontext() as refused:
        Gate((), None).check(scope)
    assert refused is None or refused.value.status == 431
