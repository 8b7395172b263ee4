"""Reading what a request brings: little, soon, and as it says it is."""

import asyncio
from typing import Any, Final, TypeVar

import msgspec
from starlette.requests import Request

from catalog_tui.core.words import _
from catalog_tui.server.problems import Refused
from catalog_tui.server.queries import invalid, parameters
from catalog_tui.server.replies import header

T = TypeVar("T")

MOST_BYTES: Final = 64 << 10
PATIENCE_S: Final = 10.0


async def read_json(request: Request, into: type[T]) -> T:
    """The body as `into`; Refused where it is no JSON of that form. Forms cannot send JSON: so other sites cannot."""
    body = await _read(request, b"application/json")
    try:
        fields = msgspec.json.decode(body or b"{}", type=dict[str, Any])
        return msgspec.convert({name: _whole(value) for name, value in fields.items()}, into)
    except msgspec.ValidationError as error:
        raise invalid(error) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(400, _("The body is no JSON.")) from error


def _whole(value: object) -> object:
    """1.0 as 1: JSON knows one kind of number, and the schema calls both integers."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form."""
    return parameters(await _read(request, b"application/x-www-form-urlencoded"))


async def _read(request: Request, kind: bytes) -> bytes:
    told = (header(request.scope, b"content-type") or b"").partition(b";")[0].strip().lower()
    if told != kind or header(request.scope, b"content-encoding") is not None:
        raise Refused(415, _("The body must be {type}, not compressed.").format(type=kind.decode()))
    length = header(request.scope, b"content-length") or b"0"
    if not length.isdigit() or int(length[:20]) > MOST_BYTES:
        raise _too_large()
    body = bytearray()
    try:
        async with asyncio.timeout(PATIENCE_S):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MOST_BYTES:
                    raise _too_large()
    except TimeoutError as error:
        raise Refused(408, _("The body did not come in time.")) from error
    return bytes(body)


def _too_large() -> Refused:
    return Refused(413, _("The body is too large."))
