"""The routes of the JSON API that read: each is an ASGI app of its own, answered from ready bytes."""

from collections.abc import Callable, Mapping
from functools import partial

from catalog_tui.server import inputs
from catalog_tui.server.answers import Answer
from catalog_tui.server.conditions import is_among
from catalog_tui.server.listings import Seen, see_model, see_models, see_search, see_sites
from catalog_tui.server.queries import read_query
from catalog_tui.server.replies import Headers, Receive, Scope, Send, reply
from catalog_tui.server.service import Service
from catalog_tui.server.statistics import see_statistics

Ask = Callable[[bytes], Callable[[], Seen]]
"""From a query string to what then looks at the archive, in a thread; Refused (422) for a wrong query."""


class ListingRoute:
    """A route that answers a query about the archive; what goes wrong is raised as Refused."""

    def __init__(self, path: bytes, ask: Ask, service: Service) -> None:
        self._path = path
        self._ask = ask
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer GET or HEAD."""
        answers = self._service.answers
        key = (self._path, scope["query_string"])
        answer = answers.at_hand(key)
        if answer is None:
            see = self._ask(scope["query_string"])
            answer = await answers.get(key, partial(self._service.asked, see))
        await send_answer(scope, send, answer)


def listing_routes(service: Service) -> Mapping[bytes, ListingRoute]:
    """The listing routes by their paths."""
    archive = service.archive
    asks: dict[bytes, Ask] = {
        b"/api/sites": lambda _query: partial(see_sites, archive),
        b"/api/models": lambda query: partial(see_models, archive, read_query(query, inputs.ModelsQuery)),
        b"/api/model": lambda query: partial(see_model, archive, read_query(query, inputs.ModelQuery)),
        b"/api/statistics": lambda _query: partial(see_statistics, archive),
        b"/api/search": lambda query: partial(see_search, archive, read_query(query, inputs.SearchQuery)),
    }
    return {path: ListingRoute(path, ask, service) for path, ask in asks.items()}


async def send_answer(scope: Scope, send: Send, answer: Answer, *, more: Headers | None = None) -> None:
    """Send ready bytes, compressed where the client takes that, or 304 where it has them; with `more` headers."""
    accepted = tags = b""
    for name, value in scope["headers"]:
        if name == b"accept-encoding":
            accepted = value
        elif name == b"if-none-match":
            tags = value
    body, headers, tag = answer.body, answer.headers, answer.tag
    if answer.squeezed is not None and accepts_gzip(accepted):
        body, headers, tag = answer.squeezed, answer.squeezed_headers, answer.squeezed_tag
    if more:
        headers = [*headers, *more]
    if tags and is_among(tag, tags):
        await reply(scope, send, 304, [(b"etag", tag), *answer.same_headers], b"")
    else:
        await reply(scope, send, 200, headers, body)


def accepts_gzip(accepted: bytes) -> bool:
    """Whether an Accept-Encoding allows gzip (RFC 9110 section 12.5.3)."""
    if b"gzip" not in accepted and b"*" not in accepted:
        return False
    if b";" not in accepted:
        return True
    weights: dict[bytes, float] = {}
    for part in accepted.lower().split(b","):
        coding, _semicolon, weight = part.replace(b" ", b"").partition(b";q=")
        try:
            weights[coding] = float(weight or 1)
        except ValueError:
            weights[coding] = 0.0
    return weights.get(b"gzip", weights.get(b"*", 0.0)) > 0
