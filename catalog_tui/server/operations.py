"""The list of all operations: what each takes and gives. The OpenAPI document and the page /docs are made of it."""

from typing import Final, NamedTuple

from msgspec import Struct

from catalog_tui.server import inputs, shapes

COMMON: Final = (401, 403, 421, 429)
"""The statuses that any operation may answer with."""

DELETING: Final = (400, 404, 409, 413, 415, 422, 503)


class Operation(NamedTuple):
    """One method of one path; `gives` is a type, or the media type of bytes."""

    method: str
    path: str
    summary: str
    gives: type[Struct] | str
    query: type[Struct] | None = None
    body: type[Struct] | None = None
    statuses: tuple[int, ...] = ()
    success: int = 200
    nothing: str = ""
    """What a 204 means."""


OPERATIONS: Final = (
    Operation("get", "/api/sites", "The sites of the archive", shapes.Sites, statuses=(503,)),
    Operation(
        "get",
        "/api/models",
        "A page of a site's models",
        shapes.ModelsPage,
        inputs.ModelsQuery,
        statuses=(404, 422, 503),
    ),
    Operation("get", "/api/model", "What is in a model", shapes.ModelPage, inputs.ModelQuery, statuses=(404, 422, 503)),
    Operation(
        "get",
        "/api/search",
        "Models and media by name",
        shapes.SearchPage,
        inputs.SearchQuery,
        statuses=(404, 422, 503),
    ),
    Operation("get", "/api/server", "What this server serves, and what it lets be done", shapes.Server),
    Operation("get", "/api/statistics", "What the archive holds, in figures", shapes.Statistics, statuses=(503,)),
    Operation("get", "/api/cache_stats", "The figures of the caches", shapes.CacheStats),
    Operation("post", "/api/clear_cache", "Forget what was read", shapes.Cleared),
    Operation("get", "/api/clear_cache", "Forget what was read", shapes.Cleared),
    Operation(
        "post",
        "/api/scan",
        "Begin a scan for duplicates",
        shapes.ScanState,
        None,
        inputs.ScanRequest,
        (400, 409, 413, 415, 422, 503),
        202,
    ),
    Operation("post", "/api/cancel_scan", "End the scan that runs", shapes.ScanState),
    Operation("get", "/api/scan_progress", "How far the scan is; pushed at the WebSocket /ws/scan", shapes.ScanState),
    Operation(
        "get",
        "/api/duplicates",
        "What the last finished scan found",
        shapes.DuplicatesPage,
        inputs.DuplicatesQuery,
        statuses=(404, 422),
    ),
    Operation(
        "post", "/api/delete_model", "Move a model to the trash", shapes.Removed, None, inputs.DeleteModel, DELETING
    ),
    Operation(
        "post", "/api/delete_file", "Move a file to the trash", shapes.Removed, None, inputs.DeleteFile, DELETING
    ),
    Operation(
        "post",
        "/api/delete_duplicate",
        "Move a duplicate to the trash",
        shapes.Removed,
        None,
        inputs.DeleteDuplicate,
        DELETING,
    ),
    Operation(
        "post",
        "/api/delete_duplicates",
        "Move duplicates of many groups to the trash",
        shapes.Removed,
        None,
        inputs.DeleteDuplicates,
        DELETING,
    ),
    Operation(
        "post",
        "/api/weigh_rules",
        "What rules would do in all groups, nothing touched",
        shapes.Weighed,
        None,
        inputs.Rules,
        DELETING,
    ),
    Operation(
        "post",
        "/api/delete_by_rules",
        "Move to the trash what rules have go in all groups",
        shapes.Removed,
        None,
        inputs.DeleteByRules,
        DELETING,
    ),
    Operation("post", "/api/undo", "Undo the last removals", shapes.Undone, None, inputs.UndoRequest, DELETING),
    Operation(
        "get",
        "/api/download",
        "A model or a site in one zip",
        "application/zip",
        inputs.DownloadQuery,
        statuses=(404, 422, 503),
    ),
    Operation("post", "/api/pairing_code", "A code for one more device", shapes.PairingCode),
    Operation(
        "get",
        "/media/{site}/{model}/{file}",
        "The bytes of a file, whole or in ranges",
        "*/*",
        statuses=(404, 412, 416, 503),
    ),
    Operation(
        "get",
        "/thumb/{site}/{model}/{file}",
        "A small picture of a file",
        "image/*",
        inputs.ThumbQuery,
        statuses=(404, 422, 503),
        nothing="There is no picture of this file; else, where Accept names no image/, a 404 says why",
    ),
    Operation("get", "/metrics", "Figures for Prometheus", "text/plain"),
    Operation("get", "/healthz", "Whether the server runs and reaches its archive", shapes.Health),
)
