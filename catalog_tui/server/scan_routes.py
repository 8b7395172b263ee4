"""The routes about scans and what they found."""

import asyncio
from contextlib import suppress
from functools import partial

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from catalog_tui.core.names import json_path
from catalog_tui.core.scan.results import DuplicateFile, NoResultError, ScanResult
from catalog_tui.core.words import _
from catalog_tui.server import inputs, shapes
from catalog_tui.server.bodies import read_json
from catalog_tui.server.hrefs import media_href, readable
from catalog_tui.server.problems import Refused
from catalog_tui.server.queries import read_query
from catalog_tui.server.responses import JsonResponse
from catalog_tui.server.service import Service
from catalog_tui.server.sharing.shared_scans import SharedScans


def scan_routes(service: Service, scans: SharedScans) -> list[BaseRoute]:
    """Begin, end, watch, and what was found."""

    async def begin(request: Request) -> Response:
        wanted = await read_json(request, inputs.ScanRequest)
        await asyncio.to_thread(service.presence.check)
        return JsonResponse(await scans.begin(wanted), 202)

    async def cancel(_request: Request) -> Response:
        return JsonResponse(await scans.cancel())

    async def progress(_request: Request) -> Response:
        return JsonResponse(scans.newest.state)

    async def duplicates(request: Request) -> Response:
        query = read_query(request.scope["query_string"], inputs.DuplicatesQuery)
        loop = asyncio.get_running_loop()
        return JsonResponse(
            await loop.run_in_executor(service.executor, partial(found, service.options.archive, query))
        )

    async def watch(socket: WebSocket) -> None:
        await socket.accept()
        pushing = asyncio.ensure_future(_push(socket, scans))
        try:
            with suppress(WebSocketDisconnect):
                while True:
                    await socket.receive_text()  # nothing is expected; but so the end is heard of
        finally:
            pushing.cancel()
            with suppress(asyncio.CancelledError, RuntimeError):
                await pushing

    return [
        Route("/api/scan", begin, methods=["POST"]),
        Route("/api/cancel_scan", cancel, methods=["POST"]),
        Route("/api/scan_progress", progress, methods=["GET"]),
        Route("/api/duplicates", duplicates, methods=["GET"]),
        WebSocketRoute("/ws/scan", watch),
    ]


async def _push(socket: WebSocket, scans: SharedScans) -> None:
    """Each state when the last was taken: who reads slowly misses some, and is never behind."""
    async for state in scans.newest.states():
        await socket.send_text(msgspec.json.encode(state).decode())


def found(archive: str, query: inputs.DuplicatesQuery) -> shapes.DuplicatesPage:
    """A page of the last finished scan; Refused (404) where there is none. Blocks."""
    try:
        with ScanResult.open(archive) as result:
            groups = result.groups((query.page - 1) * query.limit, query.limit)
            total = result.summary.duplicate_groups
            return shapes.DuplicatesPage(
                groups=[
                    shapes.DuplicateGroup(
                        id=group.id,
                        hash=group.hash,
                        md5=group.md5,
                        size=group.size,
                        count=group.copies,
                        waste=group.waste,
                        files=[_file(file) for file in result.group_files(group.id)],
                    )
                    for group in groups
                ],
                pagination=shapes.Pagination(query.page, query.limit, total, -(-total // query.limit)),
                duplicate_files=result.summary.duplicate_files,
                total_waste_bytes=result.summary.total_waste_bytes,
                finished=result.finished_ns / 1e9,
            )
    except NoResultError as error:
        raise Refused(404, _("No scan of this archive has been finished yet."), code="no_scan") from error


def _file(file: DuplicateFile) -> shapes.DuplicateFile:
    path, exact = readable(file.path)
    links = [json_path(link)["path"] for link in file.links]
    return shapes.DuplicateFile(path, media_href(file.path), file.mtime_ns, links, exact)
