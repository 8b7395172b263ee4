"""With a token: nothing without it, sessions that end, codes that work once, and no hurry for who guesses."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from catalog_tui.server.patience import Patience
from tests.cli.running import run_cli
from tests.server.serving import Reply, RunningServer, serving
from tests.waiting import wait_until

TOKEN = "a-token-that-nobody-guesses"
OPEN = {"/healthz", "/login", "/pair", "/login.css"}


@pytest.fixture
def server(archive: Path, tmp_path: Path) -> Iterator[RunningServer]:
    """A server that asks for TOKEN; of its own for each test, for it remembers who failed."""
    file = tmp_path / "token"
    file.write_text(TOKEN + "\n")
    file.chmod(0o600)
    with serving(archive, "--token-file", str(file), home=tmp_path / "home") as running:
        yield running


def bearer(token: str = TOKEN) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def send_form(server: RunningServer, path: str, fields: dict[str, str]) -> Reply:
    told = {"content-type": "application/x-www-form-urlencoded"}
    return server.ask(path, method="POST", headers=told, body=urlencode(fields).encode())


def cookie_of(answer: Reply) -> dict[str, str]:
    return {"cookie": answer.headers["set-cookie"].split(";")[0]}


def test_every_operation_asks_for_the_token(server: RunningServer) -> None:
    paths = server.ask("/openapi.json", headers=bearer()).json["paths"]
    assert len(paths) > 8
    for path, operations in {**paths, "/docs": {"get": {}}, "/openapi.json": {"get": {}}, "/": {"get": {}}}.items():
        for method in operations:
            answer = server.ask(re.sub(r"{\w+}", "x", path), method=method.upper())
            assert answer.status == (200 if path in OPEN else 401), (method, path)
    for path in ("/media/alpha/anna/img1.jpg", "/thumb/alpha/anna/img1.jpg", "/static/docs.css", "/nothing"):
        assert server.ask(path).json["error"] == "token_needed"
        assert server.ask(path).headers["www-authenticate"] == "Bearer"


def test_the_token_opens(server: RunningServer) -> None:
    assert server.ask("/api/sites", headers=bearer()).status == 200
    assert server.ask("/api/sites", headers={"authorization": f"bearer  {TOKEN}"}).status == 200
    for wrong in ("", "x", TOKEN[:-1], TOKEN + "x", TOKEN.upper()):
        assert server.ask("/api/sites", headers=bearer(wrong)).status in (401, 429)
    for other in (f"Basic {TOKEN}", TOKEN, "Bearer"):
        assert server.ask("/api/sites", headers={"authorization": other}).status == 401
    assert server.ask(f"/api/sites?token={TOKEN}").status == 401


def test_what_the_token_opened_is_kept_by_nobody_in_between(server: RunningServer) -> None:
    for path in ("/api/sites", "/media/alpha/anna/img1.jpg"):
        assert server.ask(path, headers=bearer()).headers["cache-control"].startswith("private")


def test_a_browser_is_led_to_the_page_and_in(server: RunningServer) -> None:
    led = server.ask("/", headers={"accept": "text/html,*/*"})
    assert (led.status, led.headers["location"]) == (303, "/login")
    page = server.ask("/login")
    assert b'name="token"' in page.body and b"<script" not in page.body and b"style=" not in page.body
    entered = send_form(server, "/login", {"token": TOKEN})
    assert (entered.status, entered.headers["location"]) == (303, "/")
    for word in ("HttpOnly", "SameSite=Strict", "Path=/"):
        assert word in entered.headers["set-cookie"]
    assert TOKEN not in entered.headers["set-cookie"]
    assert server.ask("/api/sites", headers=cookie_of(entered)).status == 200


def test_leaving_ends_the_session_for_good(server: RunningServer) -> None:
    cookie = cookie_of(send_form(server, "/login", {"token": TOKEN}))
    other = cookie_of(send_form(server, "/login", {"token": TOKEN}))
    left = server.ask("/logout", method="POST", headers=cookie)
    assert "Max-Age=0" in left.headers["set-cookie"]
    assert server.ask("/api/sites", headers=cookie).status == 401
    assert server.ask("/api/sites", headers=other).status == 200


def test_a_made_up_cookie_opens_nothing(server: RunningServer) -> None:
    name = cookie_of(send_form(server, "/login", {"token": TOKEN}))["cookie"].split("=")[0]
    for value in ("", "x", "../../etc/passwd", "%00", "a" * 4000, TOKEN):
        assert server.ask("/api/sites", headers={"cookie": f"{name}={value}"}).status == 401


def test_a_pairing_code_works_once_and_not_by_looking_at_it(server: RunningServer) -> None:
    code = server.ask("/api/pairing_code", method="POST", headers=bearer()).json["code"]
    for _ in range(2):
        assert b"<form" in server.ask(f"/pair?code={code}").body
    entered = send_form(server, "/pair", {"code": code})
    assert server.ask("/api/sites", headers=cookie_of(entered)).status == 200
    again = send_form(server, "/pair", {"code": code})
    assert again.status == 401 and "set-cookie" not in again.headers
    assert send_form(server, "/pair", {"code": "made-up"}).status == 401


def test_who_guesses_has_to_wait_and_then_is_not_looked_at(server: RunningServer) -> None:
    cookie = cookie_of(send_form(server, "/login", {"token": TOKEN}))
    statuses = [send_form(server, "/login", {"token": f"guess {number}"}).status for number in range(8)]
    assert statuses[:5] == [401] * 5 and statuses[-1] == 429
    waiting = server.ask("/api/sites", headers=bearer("guess"))
    assert waiting.status == 429 and int(waiting.headers["retry-after"]) > 0
    assert server.ask("/api/sites", headers=bearer()).status == 429  # or the answer would tell a right guess
    assert server.ask("/api/sites", headers=cookie).status == 200


def test_no_secret_is_in_the_log(server: RunningServer) -> None:
    code = server.ask("/api/pairing_code", method="POST", headers=bearer()).json["code"]
    server.ask(f"/pair?code={code}")
    cookie = cookie_of(send_form(server, "/pair", {"code": code}))
    server.ask("/api/sites", headers=cookie)
    log = server.wait_log("/api/sites 200")
    for secret in (TOKEN, code, cookie["cookie"].split("=")[1]):
        assert secret not in log


def test_what_is_kept_of_sessions_tells_nobody_anything(server: RunningServer) -> None:
    cookie = cookie_of(send_form(server, "/login", {"token": TOKEN}))["cookie"].split("=")[1]
    environ = Path(f"/proc/{server.process.pid}/environ").read_bytes()
    command = Path(f"/proc/{server.process.pid}/cmdline").read_bytes()
    assert TOKEN.encode() not in environ and TOKEN.encode() not in command
    (session,) = server.log.parent.glob("catalog-tui-*/session-*")
    assert cookie not in str(session)
    assert session.parent.stat().st_mode & 0o077 == 0 and session.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_token_file_that_others_may_read_is_refused(archive: Path, tmp_path: Path, mode: int) -> None:
    file = tmp_path / "token"
    file.write_text(TOKEN)
    file.chmod(mode)
    done = run_cli("serve", str(archive), "--token-file", str(file), "--port", "0")
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1 and "chmod 600" in done.stderr
    file.chmod(0o600)
    file.write_text("short")
    done = run_cli("serve", str(archive), "--token-file", str(file), "--port", "0")
    assert done.returncode == 1 and "too short" in done.stderr


def test_listening_elsewhere_makes_a_token_and_shows_it_once(archive: Path, tmp_path: Path) -> None:
    with serving(archive, "--host", "0.0.0.0", home=tmp_path / "home") as server:
        assert len(server.token) >= 32
        assert server.ask("/api/sites").status == 401
        assert server.ask("/api/sites", headers=bearer(server.token)).status == 200
        assert server.wait_log("/api/sites 200").count(server.token) == 1


def test_a_failure_is_known_at_once_where_it_happened_and_soon_to_other_workers(tmp_path: Path) -> None:
    here, there = Patience(str(tmp_path)), Patience(str(tmp_path))
    assert not here.is_tried and not there.is_tried
    here.failed("127.0.0.1")
    assert here.is_tried
    wait_until(lambda: there.is_tried)
