"""The result of a scan as JSON, CSV or NUL-separated paths, in pieces, and its progress as a line of words."""

import json
import os
from collections.abc import Iterator, Sequence
from itertools import islice
from json.encoder import encode_basestring_ascii as quoted
from typing import TYPE_CHECKING

from catalog_tui.core.scan.events import FileError, Finished, Progress, summary_json
from catalog_tui.core.words import _

if TYPE_CHECKING:
    from catalog_tui.core.scan.outcome import Piece


def as_json(finished: Finished, errors: list[FileError], *, shown: bool = False) -> Iterator[bytes]:
    """One JSON object, with the fields of design section 7; on a terminal the same, as nothing in it can drive one."""
    yield json.dumps(summary_json(finished.summary))[:-1].encode() + b', "groups": ['
    separator = ""
    for piece in _pieces(finished):
        yield (separator + ",\n".join(_groups_json(piece))).encode()
        separator = ",\n"
    listed = ", ".join(f'{{{_path_json(error.path)}, "error": {quoted(error.error)}}}' for error in errors)
    yield f'], "errors": [{listed}]}}\n'.encode()


def as_csv(finished: Finished, errors: list[FileError], *, shown: bool = False) -> Iterator[bytes]:
    """A row for every name of every file; `path_b64` is filled where a name is not UTF-8.

    Where it is `shown` on a terminal, `path` is what a list shows, and `path_b64` has the exact name of all that
    differ from that."""
    from catalog_tui.core.names import json_path, visible_path
    from catalog_tui.core.scan.outcome import one_by_one

    header = ("group", "hash", "md5", "size", "count", "waste", "link", "mtime_ns", "path", "path_b64")
    yield _csv_rows([header])
    for piece in _pieces(finished):
        rows: list[tuple[object, ...]] = []
        for group, files in one_by_one([piece]):
            for file in files:
                for path in (file.path, *file.links):
                    name = visible_path(path) if shown else json_path(path)
                    about = (group.id + 1, group.hash, group.md5, group.size, group.copies, group.waste)
                    is_link = int(path != file.path)
                    rows.append((*about, is_link, file.mtime_ns, name["path"], name.get("path_b64", "")))
        yield _csv_rows(rows)


def as_null(finished: Finished, errors: list[FileError], *, shown: bool = False) -> Iterator[bytes]:
    """The first path of every inode, ended by NUL, and one more NUL after each group; names as lists show them where
    it is `shown` on a terminal."""
    written = _visible if shown else os.fsencode
    for piece in _pieces(finished):
        names = map(written, piece.paths)
        yield b"".join([b"\0".join(islice(names, copies)) + b"\0\0" for copies in piece.copies])


def _visible(path: str) -> bytes:
    from catalog_tui.core.names import display

    return display(path).encode()


def progress_line(progress: Progress, width: int) -> str:
    """Phase, counts, rate, time left and waste so far, in at most `width` cells."""
    from catalog_tui.core.names import display, fit
    from catalog_tui.core.units import format_count, format_duration, format_rate, format_size

    if progress.phase == "walk":
        text = _("looking: {files} files, {size}, {folder}").format(
            files=format_count(progress.files), size=format_size(progress.bytes), folder=display(progress.folder)
        )
    else:
        share = min(1.0, progress.done / progress.total) if progress.total else 0.0
        left = _("{time} left").format(time=format_duration(progress.eta_s)) if progress.eta_s is not None else ""
        text = _("reading: {percent} %, {rate} {left}, duplicates so far {waste}").format(
            percent=round(100 * share), rate=format_rate(progress.rate), left=left, waste=format_size(progress.waste)
        )
    return fit(text, width).rstrip()


def _pieces(finished: Finished) -> "Iterator[Piece]":
    return finished.outcome.pieces() if finished.outcome is not None else iter(())


def _groups_json(piece: "Piece") -> list[str]:
    # Put together by hand and in columns: json.dumps of the same takes six times as long, a second for a million files.
    files = iter(_files_json(piece))
    md5s = [f'"md5": "{md5}", ' if md5 else "" for md5 in piece.md5s]
    return [
        f'{{"hash": "{digest}", {md5}"size": {size}, "count": {copies}, "waste": {size * (copies - 1)}, '
        f'"files": [{", ".join(islice(files, copies))}]}}'
        for digest, md5, size, copies in zip(piece.hashes, md5s, piece.sizes, piece.copies, strict=True)
    ]


def _files_json(piece: "Piece") -> list[str]:
    named = zip(_paths_json(piece.paths), piece.mtimes_ns, strict=True)
    if not any(piece.links):
        return [f'{{{path}, "mtime_ns": {mtime_ns}, "links": []}}' for path, mtime_ns in named]
    links = [", ".join(map(_link_json, links)) for links in piece.links]
    return [
        f'{{{path}, "mtime_ns": {mtime_ns}, "links": [{names}]}}'
        for (path, mtime_ns), names in zip(named, links, strict=True)
    ]


def _paths_json(paths: "Sequence[str]") -> list[str]:
    """The fields that say each path; those of text are quoted as one, with what stands in no path between them."""
    text = "//".join(paths)
    if text.isascii() or _is_utf8(text):
        return ('"path": ' + quoted(text)).replace("//", '"//"path": "').split("//")
    return [_path_json(path) for path in paths]


def _is_utf8(path: str) -> bool:
    """Whether `json_path` gives it as it is."""
    try:
        return os.fsencode(path).decode() == path
    except UnicodeDecodeError:
        return False


def _path_json(path: str) -> str:
    if path.isascii():
        return '"path": ' + quoted(path)
    from catalog_tui.core.names import json_path

    return json.dumps(json_path(path))[1:-1]


def _link_json(path: str) -> str:
    """Text, as in design section 7; an object with the exact path too where text cannot carry it."""
    fields = _path_json(path)
    return f"{{{fields}}}" if "path_b64" in fields and not path.isascii() else fields.removeprefix('"path": ')


def _csv_rows(rows: list[tuple[object, ...]]) -> bytes:
    import csv
    import io

    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
