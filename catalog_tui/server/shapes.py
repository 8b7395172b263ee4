"""What the API gives, as types: answers are made of them, and the OpenAPI document is generated from them.

A name that is not UTF-8 is readable in `name` (lossy) and exact, in base64, in `name_b64`; `href` is always exact.
Sizes are bytes, times nanoseconds since the epoch where they end in `_ns` and seconds elsewhere.
"""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

Count = Annotated[int, Meta(ge=0)]
Exact = Annotated[str, Meta(description="base64 of the name's bytes, only where they are not UTF-8")]
Kind = Literal["image", "video", "other"]


class Problem(Struct, frozen=True):
    """Every answer that is no success."""

    error: Annotated[str, Meta(description="a code for programs")]
    message: Annotated[str, Meta(description="words for people")]
    field: Annotated[str, Meta(description="422: the parameter that is wrong")] | UnsetType = UNSET


class Site(Struct, frozen=True):
    """A site; `href` gives its models."""

    name: str
    models: Count
    href: str
    name_b64: Exact | UnsetType = UNSET
    error: str | UnsetType = UNSET


class Sites(Struct, frozen=True):
    """All sites, in natural order."""

    sites: list[Site]


class ModelRow(Struct, frozen=True):
    """A model in a list; `href` gives what is in it, `thumb` a small picture of its first file."""

    name: str
    thumb: str | None
    image_count: Count
    video_count: Count
    other_count: Count
    bytes: Count
    newest_mtime_ns: int
    href: str
    loose: Annotated[bool, Meta(description="the files that lie loose in a folder, and no folder of its own")] = False
    name_b64: Exact | UnsetType = UNSET
    error: Annotated[str, Meta(description="why it could not be read")] | UnsetType = UNSET


class Pagination(Struct, frozen=True):
    """Where a page stands."""

    page: Count
    limit: Count
    total: Count
    total_pages: Count


class ModelsPage(Struct, frozen=True):
    """A page of a site's models."""

    site: str
    models: list[ModelRow]
    pagination: Pagination


class Item(Struct, frozen=True):
    """A file of a model; `name` is its path below the model, `href` where its bytes are."""

    name: str
    kind: Kind
    size: Count
    mtime: float
    mtime_ns: int
    href: str
    thumb: str | None
    name_b64: Exact | UnsetType = UNSET


class ModelPage(Struct, frozen=True):
    """A part of a model."""

    site: str
    model: str
    images: list[str]
    videos: list[str]
    total_images: Count
    total_videos: Count
    total_others: Count
    total_bytes: Count
    items: list[Item]
    total_items: Count
    unreadable: Annotated[int, Meta(ge=0, description="folders in it that could not be read")]
    position: Annotated[Count | None, Meta(description="of the file asked for by name; null: it is not there")] = None


class Found(Struct, frozen=True):
    """A model or a file that was found."""

    type: Literal["model", "media"]
    site: str
    model: str
    name: str
    href: str
    thumb: str | None
    model_href: Annotated[str, Meta(description="what is in the model that it is, or is in")]
    kind: Kind | UnsetType = UNSET
    size: Count | UnsetType = UNSET
    name_b64: Exact | UnsetType = UNSET


class SearchPage(Struct, frozen=True):
    """What was found: names that begin with the text first, models before files."""

    q: str
    results: list[Found]
    pagination: Pagination


class FolderFigures(Struct, frozen=True):
    """What a folder holds."""

    name: str
    href: str
    files: Count
    bytes: Count


class SiteFigures(FolderFigures, frozen=True):
    """What a site holds."""

    models: Count
    name_b64: Exact | UnsetType = UNSET


class ModelFigures(FolderFigures, frozen=True):
    """What a model holds."""

    site: str
    name_b64: Exact | UnsetType = UNSET


class KindFigures(Struct, frozen=True):
    """What there is of a kind."""

    kind: Kind
    files: Count
    bytes: Count


class MonthFigures(Struct, frozen=True):
    """What is from a month, by the dates of the files (UTC)."""

    month: Annotated[str, Meta(description="as 2026-11")]
    files: Count
    bytes: Count


class Statistics(Struct, frozen=True):
    """What the archive holds, in figures; months without files are left out."""

    sites: list[SiteFigures]
    models: Count
    largest: Annotated[list[ModelFigures], Meta(description="the models that take most space")]
    kinds: list[KindFigures]
    months: list[MonthFigures]


class CacheFigures(Struct, frozen=True):
    """The state of one cache; `ttl` in seconds."""

    size: Count
    max_size: Count
    ttl: float
    hits: Count
    misses: Count
    evictions: Count


class SharedFigures(Struct, frozen=True):
    """What came of asking Redis; `refused`: entries not ours or too old; `failures`: no answer, or no use of it."""

    reachable: Annotated[bool, Meta(description="it is asked now, and tells of what other servers clear")]
    hits: Count
    misses: Count
    refused: Count
    failures: Count


class CacheStats(Struct, frozen=True):
    """The caches of all workers that could be asked, and their sums."""

    models_cache: CacheFigures
    model_info_cache: CacheFigures
    media_list_cache: CacheFigures
    sites_list: CacheFigures
    answers: CacheFigures
    answer_bytes: Count
    hits: Count
    misses: Count
    evictions: Count
    backend: Annotated[Literal["memory", "redis"], Meta(description="redis: other servers are asked, too")]
    workers: Annotated[int, Meta(ge=1, description="processes, of this server and others, whose figures these are")]
    shared: SharedFigures | UnsetType = UNSET


class Cleared(Struct, frozen=True):
    """The caches are empty, in all workers that could be told."""

    cleared: bool
    message: str


class Health(Struct, frozen=True):
    """The server runs; whether it reaches its archive."""

    status: Literal["ok", "archive_away"]
    version: str


class Server(Struct, frozen=True):
    """What this server serves, and what it lets be done."""

    archive: Annotated[str, Meta(description="the name of its folder")]
    version: str
    allow_delete: Annotated[bool, Meta(description="files can be moved to the trash and put back")]
    token: Annotated[bool, Meta(description="it asks for a token, and has sessions that can be ended")]
    scanned: Annotated[bool, Meta(description="a scan was finished, and /api/duplicates tells what it found")]


class PairingCode(Struct, frozen=True):
    """A code that opens the server on one more device, once, within ten minutes; `href` is where it is used."""

    code: str
    href: str


class ScanState(Struct, frozen=True):
    """A scan as it is now; `done` and `total` are bytes read and to read, `rate` bytes a second."""

    status: Literal["idle", "running", "stopping", "finished", "cancelled", "failed"] = "idle"
    phase: str = ""
    files: Count = 0
    bytes: Count = 0
    done: Count = 0
    total: Count = 0
    rate: float = 0.0
    eta_s: float | None = None
    folder: str = ""
    groups: Count = 0
    waste: Count = 0
    errors: Count = 0
    seconds: float = 0.0
    message: str = ""


class DuplicateFile(Struct, frozen=True):
    """A file of a group; `links` are further names of the same inode."""

    path: str
    href: str
    mtime_ns: int
    links: list[str]
    path_b64: Exact | UnsetType = UNSET


class DuplicateGroup(Struct, frozen=True):
    """Files of one content."""

    id: Count
    hash: str
    md5: str
    size: Count
    count: Count
    waste: Count
    files: list[DuplicateFile]


class DuplicatesPage(Struct, frozen=True):
    """A page of the last finished scan's groups, those that waste most first."""

    groups: list[DuplicateGroup]
    pagination: Pagination
    duplicate_files: Count
    total_waste_bytes: Count
    finished: Annotated[float, Meta(description="when that scan ended")]


class LeftAlone(Struct, frozen=True):
    """A file that was not touched, and why."""

    path: str
    reason: str


class Weighed(Struct, frozen=True):
    """What rules would do in all groups of a scan; nothing is touched yet."""

    groups: Annotated[int, Meta(ge=0, description="of which something would go")]
    files: Annotated[int, Meta(ge=0, description="that would go")]
    bytes: Count
    by_path: Annotated[int, Meta(ge=0, description="groups in which the rules cannot tell: there the path decides")]
    whole: Annotated[int, Meta(ge=0, description="groups of which nothing would go: kept apart, or protected")]


class Removed(Struct, frozen=True):
    """What came of a removal; `run` is its name in the journal. It can be undone."""

    run: str
    done: list[str]
    refused: list[LeftAlone]


class Undone(Struct, frozen=True):
    """What came of undoing: the files that are back, by where they are now."""

    runs: list[str]
    restored: list[str]
    refused: list[LeftAlone]
