"""The routes about the caches."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from catalog_tui.core.words import _
from catalog_tui.server import shapes
from catalog_tui.server.responses import JsonResponse
from catalog_tui.server.service import Service


def cache_routes(service: Service) -> list[Route]:
    """Their figures, and forgetting them. GET clears too, as it is documented of old: the gate guards it like POST."""

    async def stats(_request: Request) -> Response:
        return JsonResponse(figures(service))

    async def clear(_request: Request) -> Response:
        service.forget()
        return JsonResponse(shapes.Cleared(True, _("The caches are empty.")))

    return [
        Route("/api/cache_stats", stats, methods=["GET"]),
        Route("/api/clear_cache", clear, methods=["GET", "POST"]),
    ]


def figures(service: Service) -> shapes.CacheStats:
    """The figures of all caches of this process."""
    caches = {name: shapes.CacheFigures(**stats) for name, stats in service.archive.cache_stats().items()}
    caches["answers"] = shapes.CacheFigures(**service.answers.stats())
    return shapes.CacheStats(
        **caches,
        answer_bytes=service.answers.size,
        hits=sum(cache.hits for cache in caches.values()),
        misses=sum(cache.misses for cache in caches.values()),
        evictions=sum(cache.evictions for cache in caches.values()),
        backend="memory",
    )
