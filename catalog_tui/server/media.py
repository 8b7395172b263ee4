"""The bytes of the archive's files, whole or in ranges.

A small file is answered with one body, a larger one in pieces of CHUNK. A disk may be slow, so a thread opens what is
in a folder of which nothing was asked lately, and reads what the page cache has not. The rest is done at once:
going through a thread costs more than all of it.
"""

import asyncio
import os
import secrets
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final, NamedTuple

from xxhash import xxh3_64_hexdigest

from catalog_tui.core.content import HEAD_BYTES
from catalog_tui.core.words import _
from catalog_tui.server.conditions import Outcome, Validators, check, conditions_of, range_holds
from catalog_tui.server.content_types import UNKNOWN, attachment, type_by_content, type_by_name
from catalog_tui.server.hrefs import path_of
from catalog_tui.server.problems import Refused, unreadable
from catalog_tui.server.ranges import Span, spans_of
from catalog_tui.server.reaching import OpenFile, Reacher
from catalog_tui.server.replies import SAFE, Headers, Receive, Scope, Send, reply
from catalog_tui.server.service import Service

SMALL: Final = 256 << 10  # bytes that are read and sent in one piece
CHUNK: Final = 1 << 20
MOST_KNOWN: Final = 10_000  # files
POLICY: Final = (b"content-security-policy", b"default-src 'none'; img-src 'self'; media-src 'self'; sandbox")
READ_AT_ONCE: Final = getattr(os, "RWF_NOWAIT", 0)


Read = Callable[[int, int, int], bytes | bytearray]
"""Reads from a descriptor, at a place, so many bytes."""


class _Described(NamedTuple):
    """What is said of a file in every answer: its validators, the headers with them, and those of its type."""

    validators: Validators
    common: Headers
    kind: Headers


class _Piece(NamedTuple):
    """Bytes to send: `lead` as it stands, then those of the span."""

    lead: bytes
    span: Span


class _Prepared(NamedTuple):
    """An answer: its status and headers, `body` where it is at hand, else `pieces` of `file` and what ends them."""

    status: int
    headers: Headers
    body: bytes = b""
    file: OpenFile | None = None
    pieces: Sequence[_Piece] = ()
    end: bytes = b""


class Media:
    """The tree /media/."""

    def __init__(self, service: Service, reacher: Reacher) -> None:
        self._service = service
        self._reacher = reacher
        scope = b"private, " if service.options.token_digest is not None else b""
        self._known: dict[tuple[str, int, int, int, int], _Described] = {}
        self._cache_control = (b"cache-control", scope + b"max-age=86400")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer GET or HEAD."""
        prepared = await self._prepared(path_of(scope["raw_path"], b"/media/"), scope)
        if prepared.file is None:
            await reply(scope, send, prepared.status, prepared.headers, prepared.body)
            return
        try:
            await send({"type": "http.response.start", "status": prepared.status, "headers": prepared.headers})
            await self._stream(prepared.file, prepared, receive, send)
        finally:
            os.close(prepared.file.descriptor)

    async def _prepared(self, path: str, scope: Scope) -> _Prepared:
        if READ_AT_ONCE and self._reacher.is_warm(path):
            with suppress(BlockingIOError):
                return self._prepare(path, scope, read_at_once)
        loop = asyncio.get_running_loop()
        prepared = await loop.run_in_executor(self._service.executor, self._prepare, path, scope, read_at)
        self._reacher.note_warm(path)
        return prepared

    def _prepare(self, path: str, scope: Scope, read: Read) -> _Prepared:
        file = self._reacher.open(path)
        kept = False
        try:
            prepared = self._answer(file, path, scope, read)
            kept = prepared.file is not None
            return prepared
        finally:
            if not kept:
                os.close(file.descriptor)

    def _described(self, file: OpenFile, path: str, read: Read) -> _Described:
        """What is said of a file whatever is asked; remembered, for saying it takes longer than finding it."""
        status = file.status
        key = (path, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
        known = self._known.get(key)
        if known is not None:
            return known
        validators = validators_of(status)
        common: Headers = [
            (b"etag", validators.tag),
            (b"last-modified", validators.last_modified),
            (b"accept-ranges", b"bytes"),
            self._cache_control,
            *SAFE,
            POLICY,
        ]
        described = _Described(validators, common, _type_headers(path, file, read))
        while len(self._known) >= MOST_KNOWN:
            with suppress(KeyError, RuntimeError):  # threads do this too
                del self._known[next(iter(self._known))]
        self._known[key] = described
        return described

    def _answer(self, file: OpenFile, path: str, scope: Scope, read: Read) -> _Prepared:
        validators, common, kind = self._described(file, path, read)
        asked = conditions_of(scope)
        size = file.status.st_size
        if not asked:
            return _whole(file, [*common, *kind], scope, read)
        outcome = check(asked, validators)
        if outcome is Outcome.FAILED:
            raise Refused(412, _("The file is not in the state that you ask for."))
        if outcome is Outcome.NOT_MODIFIED:
            return _Prepared(304, common)
        wanted = asked.get(b"range") if scope["method"] == "GET" else None
        spans = spans_of(wanted, size) if wanted is not None and range_holds(asked, validators, time.time()) else None
        if spans == []:
            raise Refused(
                416,
                _("The file has no such bytes."),
                headers=((b"content-range", b"bytes */%d" % size), (b"accept-ranges", b"bytes")),
            )
        if spans is None:
            return _whole(file, [*common, *kind], scope, read)
        if len(spans) == 1:
            ours = [(b"content-length", b"%d" % spans[0].size), (b"content-range", spans[0].content_range(size))]
            return _filled(206, [*common, *kind, *ours], file, [_Piece(b"", spans[0])], b"", scope, read)
        return _several(common, kind, file, spans, scope, read)

    async def _stream(self, file: OpenFile, prepared: _Prepared, receive: Receive, send: Send) -> None:
        """Send the pieces; ends early when the client is gone, which Granian tells only to who receives."""
        gone = asyncio.ensure_future(until_gone(receive))
        try:
            for lead, span in prepared.pieces:
                if lead:
                    await send({"type": "http.response.body", "body": lead, "more_body": True})
                at = span.start
                while at < span.end:
                    chunk = await self._read(file.descriptor, at, min(CHUNK, span.end - at))
                    if gone.done():
                        return
                    if not chunk:  # shorter than it was: the answer cannot be completed, and must not seem to be
                        return
                    at += len(chunk)
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
                    await asyncio.sleep(0)  # to a client that is gone Granian "sends" without letting others run
            await send({"type": "http.response.body", "body": prepared.end, "more_body": False})
        finally:
            gone.cancel()

    async def _read(self, descriptor: int, at: int, size: int) -> bytes | bytearray:
        with suppress(BlockingIOError):
            return read_at_once(descriptor, at, size)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._service.executor, read_at, descriptor, at, size)


def validators_of(status: os.stat_result) -> Validators:
    """What tells this state of a file from any other, and no inode to anybody."""
    told = b"%d %d %d %d" % (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    return Validators(b'"%b"' % xxh3_64_hexdigest(told).encode(), int(status.st_mtime // 1))


def _type_headers(path: str, file: OpenFile, read: Read) -> Headers:
    kind = type_by_name(path)
    if kind is None and "." not in path.rpartition("/")[2]:
        kind = type_by_content(bytes(read(file.descriptor, 0, min(HEAD_BYTES, file.status.st_size))))
    if kind is None or kind == UNKNOWN:
        return [(b"content-type", UNKNOWN), (b"content-disposition", attachment(path))]
    return [(b"content-type", kind)]


def _whole(file: OpenFile, headers: Headers, scope: Scope, read: Read) -> _Prepared:
    size = file.status.st_size
    headers.append((b"content-length", b"%d" % size))
    return _filled(200, headers, file, [_Piece(b"", Span(0, size))], b"", scope, read)


def _several(common: Headers, kind: Headers, file: OpenFile, spans: list[Span], scope: Scope, read: Read) -> _Prepared:
    """Several ranges, as multipart/byteranges (section 14.6)."""
    boundary = secrets.token_hex(16).encode()
    size = file.status.st_size
    pieces = []
    for number, span in enumerate(spans):
        lead = b"\r\n" if number else b""
        lead += b"--%b\r\nContent-Type: %b\r\nContent-Range: " % (boundary, kind[0][1])
        pieces.append(_Piece(lead + span.content_range(size) + b"\r\n\r\n", span))
    end = b"\r\n--%b--\r\n" % boundary
    length = sum(len(piece.lead) + piece.span.size for piece in pieces) + len(end)
    headers = [
        *common,
        *kind[1:],
        (b"content-type", b"multipart/byteranges; boundary=" + boundary),
        (b"content-length", b"%d" % length),
    ]
    return _filled(206, headers, file, pieces, end, scope, read)


def _filled(
    status: int, headers: Headers, file: OpenFile, pieces: Sequence[_Piece], end: bytes, scope: Scope, read: Read
) -> _Prepared:
    """The answer with its body where that is small or not wanted."""
    if scope["method"] == "HEAD":
        return _Prepared(status, headers)
    if sum([piece.span.size for piece in pieces]) > SMALL:
        return _Prepared(status, headers, b"", file, pieces, end)
    parts: list[bytes | bytearray] = []
    for lead, span in pieces:
        some = read(file.descriptor, span.start, span.size)
        if len(some) != span.size:  # it was cut short meanwhile
            raise unreadable()
        parts += [lead, some]
    return _Prepared(status, headers, b"".join([*parts, end]))


def read_at(descriptor: int, at: int, size: int) -> bytes:
    """At most `size` bytes from `at`; fewer only at the end of the file."""
    if not hasattr(os, "pread"):
        os.lseek(descriptor, at, os.SEEK_SET)
        return os.read(descriptor, size)
    parts: list[bytes] = []
    while size and (some := os.pread(descriptor, size, at)):
        parts.append(some)
        at, size = at + len(some), size - len(some)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def read_at_once(descriptor: int, at: int, size: int) -> bytearray:
    """The same where the page cache has it all; BlockingIOError where it has not, or the system cannot tell."""
    if not READ_AT_ONCE:
        raise BlockingIOError
    buffer = bytearray(size)
    try:
        got = os.preadv(descriptor, [buffer], at, READ_AT_ONCE) if size else 0
    except OSError as error:  # a filesystem that cannot tell says so
        raise BlockingIOError from error
    if got != size:
        raise BlockingIOError
    return buffer


async def until_gone(receive: Receive) -> None:
    """Return when the client is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
