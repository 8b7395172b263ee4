"""Query strings into the types of `shapes`, names with their exact bytes."""

import os
import re
from typing import Final, TypeVar
from urllib.parse import unquote_to_bytes

import msgspec

from catalog_tui.core.words import _
from catalog_tui.server.problems import Refused

T = TypeVar("T")

LONGEST: Final = 8192  # bytes of a query string: two names of 255 bytes, each byte as %XX, are 1,530
_FIELD: Final = re.compile(r"\$\.(\w+)|field `(\w+)`")


def parameters(query: bytes) -> dict[str, str]:
    """The parameters of a query string, the last of each name; bytes that are not UTF-8 as os.fsdecode gives them."""
    found: dict[str, str] = {}
    for part in query.split(b"&"):
        name, _equals, value = part.partition(b"=")
        if name:
            found[_text(name)] = _text(value)
    return found


def read_query(query: bytes, into: type[T]) -> T:
    """What is asked for; Refused (422) with the field's name where that cannot be."""
    if len(query) > LONGEST:
        raise Refused(422, _("The query is too long."), field="query")
    return convert(parameters(query), into)


def convert(fields: object, into: type[T]) -> T:
    """`fields` as `into`, numbers from their digits; Refused (422) with the field's name where that cannot be."""
    try:
        return msgspec.convert(fields, into, strict=False)
    except msgspec.ValidationError as error:
        raise invalid(error) from error


def invalid(error: msgspec.ValidationError) -> Refused:
    """The answer that names the field."""
    found = _FIELD.search(str(error))
    field = (found[1] or found[2]) if found else ""
    reason = str(error).split(" - at ")[0]
    message = _("“{field}” is wrong: {reason}") if field else _("The request is wrong: {reason}")
    return Refused(422, message.format(field=field, reason=reason), field=field)


def _text(raw: bytes) -> str:
    return os.fsdecode(unquote_to_bytes(raw.replace(b"+", b" ")))
