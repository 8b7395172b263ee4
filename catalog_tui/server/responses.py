"""Answers of the routes that Starlette finds."""

from collections.abc import Mapping

import msgspec
from starlette.responses import Response

from catalog_tui.server.replies import SAFE_DATA, SAFE_PAGE


class JsonResponse(Response):
    """A type of `shapes` as JSON, or JSON that is ready; nobody keeps it."""

    media_type = "application/json"

    def __init__(
        self,
        content: msgspec.Struct | Mapping[str, object],
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(msgspec.json.encode(content), status, {"cache-control": "no-store", **(headers or {})})
        self.raw_headers.extend(SAFE_DATA)


class PageResponse(Response):
    """HTML of ours, which runs no script but ours and is shown in nobody's frame."""

    media_type = "text/html"

    def __init__(self, text: str, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(text, status, {"cache-control": "no-store", **(headers or {})})
        self.raw_headers.extend(SAFE_PAGE)


class TextResponse(Response):
    """Plain text of ours, for programs; nobody keeps it."""

    def __init__(self, text: str, media_type: str) -> None:
        super().__init__(text, headers={"cache-control": "no-store"}, media_type=media_type)
        self.raw_headers.extend(SAFE_DATA)
