"""Serving the archive from the app: a real server of its own process, seen and ended by keyboard."""

import os
import signal
import socket
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import segno
from textual.content import Content

from catalog_tui.config import Settings
from catalog_tui.screens.serving import QUIET_MODULES, ServerWindow, qr_code
from catalog_tui.widgets.dialogs import ChoiceDialog
from tests.screens.driving import Driver, browsing
from tests.waiting import PATIENCE_S


def ask(address: str, path: str, token: str = "") -> int:
    connection = HTTPConnection("127.0.0.1", urlsplit(address).port, timeout=PATIENCE_S)
    try:
        connection.request("GET", path, headers={"Authorization": f"Bearer {token}"} if token else {})
        return connection.getresponse().status
    finally:
        connection.close()


async def serve(user: Driver, answer: str) -> str:
    """Serve by key; gives the address."""
    await user.press("N")
    await user.until(lambda: isinstance(user.app.screen, ChoiceDialog))
    await user.press(answer)
    bar = user.browser.server_bar
    await user.until(lambda: bar.began is not None)
    assert bar.began is not None
    return bar.began.address


async def test_the_archive_is_served_counted_and_ended(known: Path) -> None:
    async with browsing(known, settings=Settings(port=0)) as user:
        address = await serve(user, "h")
        assert ask(address, "/api/sites") == 200
        assert ask(address, "/api/nothing") == 404
        await user.until(lambda: "404 GET /api/nothing" in user.text() and "Requests" in user.text())
        await user.press("escape")
        await user.until(lambda: "2 requests" in user.text() and "1 error" in user.text())
        await user.press("N")
        await user.until(lambda: isinstance(user.app.screen, ServerWindow))
        await user.press("x")
        await user.until(lambda: user.browser.server_bar.server is None)
        await user.until(lambda: user.app.screen is user.browser)
        assert not user.notices()


async def test_the_network_gets_a_token_and_a_code(known: Path) -> None:
    async with browsing(known, settings=Settings(port=0)) as user:
        address = await serve(user, "n")
        bar = user.browser.server_bar
        await user.until(lambda: bool(bar.pairing) and bar.began is not None)
        assert bar.began is not None
        assert ask(address, "/api/sites") == 401
        assert ask(address, "/api/sites", bar.began.token) == 200
        first = bar.pairing
        await user.press("c")
        await user.until(lambda: bar.pairing != first)
        token = bar.began.token
        await user.until(lambda: token in user.text())


async def test_a_server_that_dies_is_said(known: Path) -> None:
    async with browsing(known, settings=Settings(port=0)) as user:
        await serve(user, "h")
        process = user.browser.server_bar.server
        assert process is not None
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        await user.until(lambda: any("The server ended" in notice for notice in user.notices()))
        await user.until(lambda: user.app.screen is user.browser)


async def test_a_port_that_is_taken_is_said(known: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with browsing(known, settings=Settings(port=port)) as user:
            await user.press("N")
            await user.until(lambda: isinstance(user.app.screen, ChoiceDialog))
            await user.press("h")
            await user.until(lambda: any(f"port {port} is taken" in notice for notice in user.notices()))


async def test_no_server_is_left_behind(known: Path) -> None:
    async with browsing(known, settings=Settings(port=0)) as user:
        address = await serve(user, "h")
        process = user.browser.server_bar.server
        assert process is not None
    assert not process.running
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", urlsplit(address).port or 0)) != 0


def test_the_code_is_drawn_module_by_module() -> None:
    text = "http://192.168.1.20:8008/pair?code=" + "x" * 32
    rows = [list(row) for row in segno.make(text, error="l", micro=False).matrix_iter(border=QUIET_MODULES)]
    lines = qr_code(text).plain.splitlines()
    drawn = []
    for line in lines:
        drawn.append([character not in "█▀" for character in line])
        drawn.append([character not in "█▄" for character in line])
    assert drawn[: len(rows)] == [[bool(dark) for dark in row] for row in rows]


def test_no_code_where_there_is_no_address() -> None:
    assert qr_code("") == Content()
