"""The Starlette application: every route but the listings and the files, which are found before it."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from catalog_tui import __version__
from catalog_tui.core.scan.results import NoResultError, ScanResult
from catalog_tui.core.words import _
from catalog_tui.server import shapes
from catalog_tui.server.caches import cache_routes
from catalog_tui.server.docs import docs_page
from catalog_tui.server.hrefs import readable
from catalog_tui.server.metrics import EXPOSITION_TYPE, exposition
from catalog_tui.server.openapi import document
from catalog_tui.server.operations import OPERATIONS
from catalog_tui.server.problems import CODES, Refused
from catalog_tui.server.responses import JsonResponse, PageResponse, TextResponse
from catalog_tui.server.service import Service
from catalog_tui.server.sharing.team import Team


def make_site(
    service: Service, team: Team, routes: Sequence[BaseRoute], ends: Sequence[Callable[[], None]]
) -> Starlette:
    """The application; `ends` are called when the worker ends."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await team.start()
        yield
        await team.close()
        for end in ends:
            end()

    async def health(_request: Request) -> Response:
        there = service.presence.is_there()
        return JsonResponse(shapes.Health("ok" if there else "archive_away", __version__), 200 if there else 503)

    async def server(_request: Request) -> Response:
        options = service.options
        name = readable(os.path.basename(options.archive))[0]
        scanned = await asyncio.to_thread(_is_scanned, options.archive)
        token = options.token_digest is not None
        return JsonResponse(shapes.Server(name, __version__, options.allow_delete, token, scanned))

    async def openapi(_request: Request) -> Response:
        return JsonResponse(document(OPERATIONS))

    async def metrics(_request: Request) -> Response:
        return TextResponse(exposition(await team.figures_of_this_server()), EXPOSITION_TYPE)

    async def docs(_request: Request) -> Response:
        return PageResponse(docs_page())

    site = Starlette(
        routes=[
            Route("/healthz", health),
            Route("/api/server", server, methods=["GET"]),
            Route("/openapi.json", openapi),
            Route("/docs", docs),
            Route("/metrics", metrics),
            *cache_routes(service, team),
            *routes,
        ],
        lifespan=lifespan,
        exception_handlers={HTTPException: _say_http, Refused: _say_refused},
    )
    site.router.redirect_slashes = False
    return site


def _is_scanned(archive: str) -> bool:
    try:
        ScanResult.open(archive).close()
    except NoResultError:
        return False
    return True


async def _say_http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    words = {
        404: _("There is no such address here."),
        405: _("This address does not take that method."),
    }
    message = words.get(error.status_code, error.detail)
    problem = shapes.Problem(CODES.get(error.status_code, "failed"), message)
    return JsonResponse(problem, error.status_code, error.headers)


async def _say_refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    headers = {name.decode(): value.decode() for name, value in error.headers}
    return JsonResponse(msgspec.json.decode(error.body(), type=shapes.Problem), error.status, headers)
