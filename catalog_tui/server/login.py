"""How a browser gets in: the token on a page, or a one-time code that it read as a QR code; and how it gets out."""

from collections.abc import Callable
from html import escape

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from catalog_tui.core.words import _, language
from catalog_tui.server import shapes
from catalog_tui.server.bodies import read_form
from catalog_tui.server.keys import Keys
from catalog_tui.server.problems import Refused
from catalog_tui.server.replies import Scope
from catalog_tui.server.responses import JsonResponse, PageResponse


def login_routes(keys: Keys | None) -> list[Route]:
    """The pages; where no token is asked for they lead on."""

    async def login(request: Request) -> Response:
        if keys is None:
            return _enter()
        if request.method == "GET":
            return PageResponse(_token_page())
        return await _opened(request, keys, "token", keys.check_token)

    async def pair(request: Request) -> Response:
        if keys is None:
            return _enter()
        if request.method == "GET":  # a look at the address must not use the code up: apps do that to preview it
            return PageResponse(_code_page(request.query_params.get("code", "")))
        return await _opened(request, keys, "code", keys.take_pairing_code)

    async def logout(request: Request) -> Response:
        if keys is None:
            return _enter()
        cookie = keys.end_session(dict(request.scope["headers"]))
        return _enter(cookie, to="/login")

    async def new_code(request: Request) -> Response:
        code = keys.new_pairing_code() if keys is not None else ""
        return JsonResponse(shapes.PairingCode(code, f"/pair?code={code}" if code else "/"))

    return [
        Route("/login", login, methods=["GET", "POST"]),
        Route("/pair", pair, methods=["GET", "POST"]),
        Route("/logout", logout, methods=["POST"]),
        Route("/api/pairing_code", new_code, methods=["POST"]),
    ]


async def _opened(request: Request, keys: Keys, field: str, check: Callable[[Scope, str], None]) -> Response:
    """A session for who sent what `check` takes in this field of the form; else the page that asks for the token."""
    fields = await read_form(request)
    try:
        check(request.scope, fields.get(field, ""))
    except Refused as refused:
        return _again(_token_page(str(refused)), refused)
    return _enter(keys.open_session())


def _enter(cookie: bytes = b"", to: str = "/") -> Response:
    response = Response(status_code=303, headers={"location": to, "cache-control": "no-store"})
    if cookie:
        response.raw_headers.append((b"set-cookie", cookie))
    return response


def _again(page: str, refused: Refused) -> Response:
    headers = {name.decode(): value.decode() for name, value in refused.headers if name != b"www-authenticate"}
    return PageResponse(page, refused.status, headers)


def _token_page(wrong: str = "") -> str:
    words = f'<p class="wrong" role="alert">{escape(wrong)}</p>' if wrong else ""
    return _page(
        f"{words}<p>{escape(_('The program that serves this archive showed it when it started.'))}</p>"
        f'<form method="post" action="/login"><label for="token">{escape(_("Token"))}</label>'
        '<input id="token" name="token" type="password" autocomplete="current-password" required autofocus>'
        f"<button>{escape(_('Open'))}</button></form>"
    )


def _code_page(code: str) -> str:
    return _page(
        f'<form method="post" action="/pair"><input type="hidden" name="code" value="{escape(code)}">'
        f"<button autofocus>{escape(_('Open the archive on this device'))}</button></form>"
    )


def _page(inner: str) -> str:
    return (
        f'<!doctype html><html lang="{language().replace("_", "-")}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>catalog-tui</title>'
        '<link rel="stylesheet" href="/login.css"></head>'
        f"<body><main><h1>catalog-tui</h1>{inner}</main></body></html>"
    )
