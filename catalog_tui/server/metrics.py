"""The server's figures in the text format that Prometheus reads (exposition format 0.0.4).

Those of several workers are told apart by a label: one that takes another's place begins at nothing, and Prometheus
must see that of each on its own.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from catalog_tui.server.sharing.messages import Figures

EXPOSITION_TYPE: Final = "text/plain; version=0.0.4"

_Value = int | float
_Row = tuple[dict[str, str], _Value]


def exposition(workers: Sequence[Figures]) -> str:
    """All figures. Labels are routes, statuses, cache names and numbers of ours: nothing that a client wrote."""
    return "\n".join([*_lines(workers), ""])


def _lines(workers: Sequence[Figures]) -> Iterator[str]:
    for name, kind, rows in METRICS:
        yield f"# TYPE {name} {kind}"
        for worker in workers:
            own = {"worker": str(worker.slot)} if len(workers) > 1 or worker.slot else {}
            for labels, value in rows(worker):
                told = ",".join(f'{label}="{text}"' for label, text in {**labels, **own}.items())
                yield f"{name}{{{told}}} {_text(value)}" if told else f"{name} {_text(value)}"


def _text(value: _Value) -> str:
    return f"{value:.6f}" if isinstance(value, float) else str(value)


def _requests(worker: Figures) -> list[_Row]:
    return [({"route": route, "status": str(status)}, count) for route, status, count in sorted(worker.requests)]


def _of_caches(figure: str) -> Callable[[Figures], list[_Row]]:
    return lambda worker: [({"cache": name}, getattr(cache, figure)) for name, cache in worker.caches.items()]


def _of_shared(figure: str) -> Callable[[Figures], list[_Row]]:
    return lambda worker: [] if worker.shared is None else [({}, int(getattr(worker.shared, figure)))]


METRICS: Final[Sequence[tuple[str, str, Callable[[Figures], list[_Row]]]]] = (
    ("catalog_requests_total", "counter", _requests),
    ("catalog_sent_bytes_total", "counter", lambda worker: [({}, worker.sent_bytes)]),
    ("catalog_request_seconds_total", "counter", lambda worker: [({}, worker.request_s)]),
    ("catalog_cache_hits_total", "counter", _of_caches("hits")),
    ("catalog_cache_misses_total", "counter", _of_caches("misses")),
    ("catalog_cache_evictions_total", "counter", _of_caches("evictions")),
    ("catalog_cache_entries", "gauge", _of_caches("size")),
    ("catalog_answer_bytes", "gauge", lambda worker: [({}, worker.answer_bytes)]),
    ("catalog_redis_reachable", "gauge", _of_shared("reachable")),
    ("catalog_redis_hits_total", "counter", _of_shared("hits")),
    ("catalog_redis_misses_total", "counter", _of_shared("misses")),
    ("catalog_redis_refused_total", "counter", _of_shared("refused")),
    ("catalog_redis_failures_total", "counter", _of_shared("failures")),
    ("process_cpu_seconds_total", "counter", lambda worker: [({}, worker.cpu_s)]),
)
