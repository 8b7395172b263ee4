"""What a scan says while it runs, and how that is written as JSON lines.

One object per line, told apart by `event`:

    {"event": "progress", "phase": "walk|match|hash|verify|group", "files": 0, "bytes": 0, "candidates": 0, "done": 0,
     "total": 0, "bytes_read": 0, "rate": 0.0, "eta_s": null, "folder": "site/model", "hits": 0, "misses": 0,
     "groups": 0, "waste": 0, "errors": 0, "seconds": 0.0}
    {"event": "error", "path": "site/x", "error": "Permission denied"}
    {"event": "notice", "text": "..."}
    {"event": "failed", "text": "..."}
    {"event": "finished", ...: the summary, with the fields of `scan --format json` but for groups and errors}

A path that is not UTF-8 is readable in `path` and exact in `path_b64`.
"""

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from catalog_tui.core.errors import CatalogError
from catalog_tui.core.words import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalog_tui.core.scan.outcome import DuplicateFile, DuplicateGroup, Piece


class Progress(NamedTuple):
    """How far the scan is. `done` and `total` count bytes read and to read (0: unknown); `rate` is bytes a second."""

    phase: str = "walk"
    files: int = 0
    bytes: int = 0
    candidates: int = 0
    done: int = 0
    total: int = 0
    bytes_read: int = 0
    rate: float = 0.0
    eta_s: float | None = None
    folder: str = ""
    hits: int = 0
    misses: int = 0
    groups: int = 0
    waste: int = 0
    errors: int = 0
    seconds: float = 0.0


class FileError(NamedTuple):
    """A file or folder that could not be read, or that changed under the scan; `path` is relative to the archive."""

    path: str
    error: str


class Notice(NamedTuple):
    """Something a person should know that stops nothing, said once."""

    text: str


class Failed(NamedTuple):
    """The last event of a scan that could not be done; `text` says why."""

    text: str


class Summary(NamedTuple):
    """The figures of a finished scan; field names are those of the JSON result."""

    archive: str
    algorithm: str
    files: int = 0
    bytes: int = 0
    candidates: int = 0
    hashed_files: int = 0
    bytes_read: int = 0
    cache_hits: int = 0
    cache_misses: int = 0
    seconds: float = 0.0
    duplicate_groups: int = 0
    duplicate_files: int = 0
    total_waste_bytes: int = 0
    cancelled: bool = False


class Outcome(Protocol):
    """The groups of a scan, those that waste most first."""

    def pieces(self) -> "Iterator[Piece]":
        """Every group with its files, in path order; some hundred groups at a time."""
        ...

    def groups(self) -> "Iterator[tuple[DuplicateGroup, list[DuplicateFile]]]":
        """The same, each group by itself."""
        ...

    def close(self) -> None:
        """Let go of what is held."""
        ...


class Finished(NamedTuple):
    """The last event of a scan. `outcome` has the groups where the scan ran in this process; it goes in no line."""

    summary: Summary
    errors: int = 0
    outcome: Outcome | None = None


Event = Progress | FileError | Notice | Failed | Finished


def to_line(event: Event) -> str:
    """The event as one line of JSON, without its line break."""
    import json  # here, as below: a scan that prints no events needs none of it

    from catalog_tui.core.names import json_path

    if isinstance(event, FileError):
        return json.dumps({"event": "error", **json_path(event.path), "error": event.error})
    if isinstance(event, Notice):
        return json.dumps({"event": "notice", "text": event.text})
    if isinstance(event, Failed):
        return json.dumps({"event": "failed", "text": event.text})
    if isinstance(event, Finished):
        return json.dumps({"event": "finished", **summary_json(event.summary), "errors": event.errors})
    fields = event._asdict()
    fields["folder"] = json_path(event.folder)["path"]
    return json.dumps({"event": "progress", **fields})


def from_line(line: str | bytes) -> Event:
    """The event that `to_line` wrote; CatalogError where the line is none."""
    import json

    from catalog_tui.core.names import path_from_json

    try:
        fields: dict[str, Any] = json.loads(line)
        kind = fields.pop("event")
        if kind == "progress":
            return Progress(**fields)
        if kind == "error":
            return FileError(path_from_json(fields), fields["error"])
        if kind == "notice":
            return Notice(**fields)
        if kind == "failed":
            return Failed(**fields)
        errors = fields.pop("errors")
        fields["archive"] = path_from_json({"path": fields["archive"], "path_b64": fields.pop("archive_b64", None)})
        return Finished(Summary(**fields), errors)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CatalogError(_("not an event of a scan: {line}").format(line=repr(line)[:200])) from error


def summary_json(summary: Summary) -> dict[str, Any]:
    """The summary as JSON fields; the archive's exact path goes in `archive_b64` where it is not UTF-8."""
    fields = summary._asdict()
    if summary.archive.isascii():
        return fields
    from catalog_tui.core.names import json_path

    named = json_path(summary.archive)
    fields["archive"] = named["path"]
    if "path_b64" in named:
        fields["archive_b64"] = named["path_b64"]
    return fields
