"""Names as they stand in JSON and in addresses, and back: percent-encoded bytes, exact for any name."""

import base64
import os
from urllib.parse import quote_from_bytes, unquote_to_bytes

from msgspec import UNSET, UnsetType

from catalog_tui.core.stamps import below
from catalog_tui.server.problems import not_found


def readable(name: str) -> tuple[str, str | UnsetType]:
    """`name` for JSON, and its bytes in base64 where they are not UTF-8."""
    if name.isascii():
        return name, UNSET
    raw = os.fsencode(name)
    try:
        return raw.decode("utf-8"), UNSET
    except UnicodeDecodeError:
        return raw.decode("utf-8", "backslashreplace"), base64.b64encode(raw).decode("ascii")


def encoded(path: str) -> str:
    """`path` for an address; only the slashes between names stay."""
    return quote_from_bytes(os.fsencode(path), safe="/")


def parameter(text: str) -> str:
    """`text` for a query string."""
    return quote_from_bytes(os.fsencode(text), safe="")


def models_href(site: str) -> str:
    """Where the models of a site are."""
    return f"/api/models?site={parameter(site)}"


def model_href(site: str, model: str) -> str:
    """Where what is in a model is."""
    return f"/api/model?site={parameter(site)}&model={parameter(model)}"


def folder_path(site: str, model: str) -> str:
    """The path of a model's folder in the archive; a model of loose files ends in a slash or is empty."""
    return below(site, model.rstrip("/"))


def media_href(path: str) -> str:
    """Where the bytes of the file at `path` in the archive are."""
    return f"/media/{encoded(path)}"


def path_of(raw_path: bytes, prefix: bytes) -> str:
    """The path in the archive that an address means; Refused (404) where an encoded slash or a NUL hides in a name."""
    path = raw_path[len(prefix) :]
    if b"%" in path:
        small = path.lower()
        if b"%2f" in small or b"%00" in small:
            raise not_found()
        path = unquote_to_bytes(path)
    if not path or path[:1] == b"/" or path[-1:] == b"/" or b"//" in path or b"\0" in path:
        raise not_found()
    return os.fsdecode(path)


def version_of(size_bytes: int, mtime_ns: int) -> str:
    """A mark of a file's state, for addresses whose answer is kept for ever."""
    return f"{mtime_ns:x}-{size_bytes:x}"


def thumb_href(path: str, size_bytes: int, mtime_ns: int) -> str:
    """Where a small picture of the file at `path` in the archive is, as it is now."""
    return f"/thumb/{encoded(path)}?size=320&v={version_of(size_bytes, mtime_ns)}"
