"""The routes about the caches: those of all workers, whichever is asked."""

from collections.abc import Sequence
from functools import reduce

from msgspec import UNSET
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from catalog_tui.core.words import _
from catalog_tui.server import shapes
from catalog_tui.server.responses import JsonResponse
from catalog_tui.server.service import Service
from catalog_tui.server.sharing.messages import Figures
from catalog_tui.server.sharing.team import Team


def cache_routes(service: Service, team: Team) -> list[Route]:
    """Their figures, and forgetting them. GET clears too, as it is documented of old: the gate guards it like POST."""

    async def stats(_request: Request) -> Response:
        return JsonResponse(summed(await team.figures(), is_shared=service.options.redis is not None))

    async def clear(_request: Request) -> Response:
        await team.clear()
        return JsonResponse(shapes.Cleared(True, _("The caches are empty.")))

    return [
        Route("/api/cache_stats", stats, methods=["GET"]),
        Route("/api/clear_cache", clear, methods=["GET", "POST"]),
    ]


def summed(figures: Sequence[Figures], *, is_shared: bool) -> shapes.CacheStats:
    """The figures of several workers, of one at least, as one; what is reachable is so for the first."""
    caches = {name: reduce(_added, [worker.caches[name] for worker in figures]) for name in figures[0].caches}
    shared = [worker.shared for worker in figures if worker.shared is not None]
    return shapes.CacheStats(
        **caches,
        answer_bytes=sum(worker.answer_bytes for worker in figures),
        hits=sum(cache.hits for cache in caches.values()),
        misses=sum(cache.misses for cache in caches.values()),
        evictions=sum(cache.evictions for cache in caches.values()),
        backend="redis" if is_shared else "memory",
        workers=len(figures),
        shared=reduce(_both, shared) if shared else UNSET,
    )


def _added(one: shapes.CacheFigures, other: shapes.CacheFigures) -> shapes.CacheFigures:
    return shapes.CacheFigures(
        size=one.size + other.size,
        max_size=one.max_size + other.max_size,
        ttl=one.ttl,
        hits=one.hits + other.hits,
        misses=one.misses + other.misses,
        evictions=one.evictions + other.evictions,
    )


def _both(one: shapes.SharedFigures, other: shapes.SharedFigures) -> shapes.SharedFigures:
    return shapes.SharedFigures(
        reachable=one.reachable,
        hits=one.hits + other.hits,
        misses=one.misses + other.misses,
        refused=one.refused + other.refused,
        failures=one.failures + other.failures,
    )
