"""The server's figures in the text format that Prometheus reads (exposition format 0.0.4)."""

import os
from collections.abc import Iterator
from typing import Final

from catalog_tui.server.service import Service

EXPOSITION_TYPE: Final = "text/plain; version=0.0.4"


def exposition(service: Service) -> str:
    """All figures. Labels are routes, statuses and cache names of ours: nothing that a client wrote."""
    return "\n".join([*_lines(service), ""])


def _lines(service: Service) -> Iterator[str]:
    counters = service.counters
    yield "# TYPE catalog_requests_total counter"
    for (route, status), count in sorted(counters.requests.items()):
        yield f'catalog_requests_total{{route="{route}",status="{status}"}} {count}'
    yield "# TYPE catalog_sent_bytes_total counter"
    yield f"catalog_sent_bytes_total {counters.bytes}"
    yield "# TYPE catalog_request_seconds_total counter"
    yield f"catalog_request_seconds_total {counters.seconds:.6f}"
    caches = {**service.archive.cache_stats(), "answers": service.answers.stats()}
    for figure in ("hits", "misses", "evictions"):
        yield f"# TYPE catalog_cache_{figure}_total counter"
        for name, stats in caches.items():
            yield f'catalog_cache_{figure}_total{{cache="{name}"}} {stats[figure]}'
    yield "# TYPE catalog_cache_entries gauge"
    for name, stats in caches.items():
        yield f'catalog_cache_entries{{cache="{name}"}} {stats["size"]}'
    yield "# TYPE catalog_answer_bytes gauge"
    yield f"catalog_answer_bytes {service.answers.size}"
    yield "# TYPE process_cpu_seconds_total counter"
    times = os.times()
    yield f"process_cpu_seconds_total {times.user + times.system:.2f}"
