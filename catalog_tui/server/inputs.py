"""What the API takes, as types: requests are checked against them, and the OpenAPI document is generated from them."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

MOST_ITEMS = 1000  # on one page: 1,000 items are about 250 KB of JSON

PageNumber = Annotated[int, Meta(ge=1, le=2**53, description="counted from 1")]
PageLimit = Annotated[int, Meta(ge=1, le=MOST_ITEMS, description="items on a page")]
Given = Annotated[
    str, Meta(pattern="^[A-Za-z0-9+/]*={0,2}$", description="base64 of the name's bytes: goes before the readable one")
]


class ModelsQuery(Struct, frozen=True):
    """Which page of a site's models."""

    site: str
    page: PageNumber = 1
    limit: PageLimit = 50
    sort: Annotated[
        Literal["name", "mtime", "bytes", "count", "newest"],
        Meta(description="mtime: of the folder; newest: of the latest file; count: of images and videos"),
    ] = "name"
    order: Literal["asc", "desc"] = "asc"
    q: Annotated[str, Meta(max_length=200, description="only names that contain this, case aside")] = ""


class ModelQuery(Struct, frozen=True):
    """Which part of a model."""

    site: str
    model: Annotated[str, Meta(description="empty: the files that lie loose in the site's folder")]
    images_limit: Annotated[int, Meta(ge=0, le=MOST_ITEMS, description="how many names in `images`")] = 100
    videos_limit: Annotated[int, Meta(ge=0, le=MOST_ITEMS, description="how many names in `videos`")] = 100
    limit: Annotated[int, Meta(ge=0, le=MOST_ITEMS, description="how many in `items`")] = 100
    offset: Annotated[int, Meta(ge=0, le=2**53, description="how many to pass over, in each of the lists")] = 0
    order: Annotated[
        Literal["name", "-name", "newest", "oldest", "largest"], Meta(description="of all three lists")
    ] = "name"
    kind: Annotated[Literal["all", "image", "video", "other"], Meta(description="which files are `items`")] = "all"
    q: Annotated[str, Meta(max_length=200, description="only `items` whose name contains this, case aside")] = ""
    name: Annotated[str, Meta(description="also tell the `position` of this file among all `items`")] = ""


class SearchQuery(Struct, frozen=True):
    """What to look for, by name."""

    q: Annotated[str, Meta(min_length=1, max_length=200)]
    site: Annotated[str, Meta(description="only there; empty: everywhere")] = ""
    page: PageNumber = 1
    limit: PageLimit = 50


class ThumbQuery(Struct, frozen=True):
    """Which picture of a file."""

    size: Annotated[Literal[320, 1280], Meta(description="pixels of the longer edge, at most")] = 320
    v: Annotated[str, Meta(description="the file's state as hrefs have it: with it the answer may be kept")] = ""


class DuplicatesQuery(Struct, frozen=True):
    """Which page of the last scan's groups."""

    page: PageNumber = 1
    limit: PageLimit = 50


class DownloadQuery(Struct, frozen=True):
    """Which model, or with no model which site, to put into one zip."""

    site: str
    model: str | None = None


class Body(Struct, frozen=True, forbid_unknown_fields=True):
    """What is posted. A field that nobody knows is refused: who names a file to `delete_model` does not mean it all."""


class ScanRequest(Body, frozen=True):
    """How to look for duplicates."""

    hash: Literal["xxh128", "md5", "sha256", "blake2b"] = "xxh128"
    min_size: Annotated[int, Meta(ge=1, le=2**62)] = 1
    verify: Annotated[bool, Meta(description="compare the files of every group byte by byte")] = False
    md5: Annotated[bool, Meta(description="add the MD5 of each group")] = False


class DeleteModel(Body, frozen=True):
    """A model to move to the trash."""

    site: str
    model: str
    site_b64: Given = ""
    model_b64: Given = ""


class DeleteFile(Body, frozen=True):
    """A file to move to the trash, copy or not."""

    site: str
    model: str
    name: str
    site_b64: Given = ""
    model_b64: Given = ""
    name_b64: Given = ""


class DeleteDuplicate(Body, frozen=True):
    """A file of a group of the last scan to move to the trash; another of the group stays, compared byte by byte."""

    group: Annotated[int, Meta(ge=0, le=2**53)]
    path: str
    path_b64: Given = ""


class ChosenGroup(Body, frozen=True):
    """A group of the last scan, and which of its files go, by their places in `files`."""

    group: Annotated[int, Meta(ge=0, le=2**53)]
    going: Annotated[list[Annotated[int, Meta(ge=0, le=2**53)]], Meta(min_length=1, max_length=1000)]


class DeleteDuplicates(Body, frozen=True):
    """Files of many groups to move to the trash at once; of each group one stays, compared byte by byte."""

    finished: Annotated[float, Meta(description="of the scan that they were chosen from, as /api/duplicates tells it")]
    groups: Annotated[list[ChosenGroup], Meta(min_length=1, max_length=1000)]


class Rules(Body, frozen=True):
    """Which file of every group of a scan is to be kept: rules as `dedupe --keep` takes them, in their order."""

    finished: Annotated[float, Meta(description="of the scan that is meant, as /api/duplicates tells it")]
    rules: Annotated[list[Annotated[str, Meta(max_length=4096)]], Meta(min_length=1, max_length=20)]


class DeleteByRules(Rules, frozen=True):
    """All that these rules would have go; refused (409) unless it is what /api/weigh_rules told of them."""

    files: Annotated[int, Meta(ge=1, description="how many go, as told")]
    bytes: Annotated[int, Meta(ge=0, description="of how many bytes, as told")]


class UndoRequest(Body, frozen=True):
    """How many of the last removals to undo."""

    steps: Annotated[int, Meta(ge=1, le=1000)] = 1
