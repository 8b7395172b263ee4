"""Asks a server the cases and says what is wrong with its answers."""

import re
from datetime import timedelta
from email.parser import BytesParser
from email.utils import format_datetime, parsedate_to_datetime
from http.client import HTTPConnection
from typing import NamedTuple
from urllib.parse import urlsplit

from tests.server.conformance.cases import CONTENT, SIZE, Case
from tests.waiting import PATIENCE_S


class Answer(NamedTuple):
    """What a server said; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class Subject:
    """A server under test; `url` is where it has the file."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        assert parts.hostname is not None
        self._host, self._port, self._path = parts.hostname, parts.port or 80, parts.path
        plain = self._ask("GET", {})
        assert (plain.status, plain.body) == (200, CONTENT), f"{url} is not the test file"
        modified = parsedate_to_datetime(plain.headers["last-modified"])
        day = timedelta(days=1)
        tag = plain.headers.get("etag", '"it has none"')
        self._values = {
            "etag": tag,
            "weak": f"W/{tag}",
            "bare": tag.strip('"'),
            "shorter": tag[:-2] + '"',
            "modified": plain.headers["last-modified"],
            "before": format_datetime(modified - day, usegmt=True),
            "after": format_datetime(modified + day, usegmt=True),
            "after_850": (modified + day).strftime("%A, %d-%b-%y %H:%M:%S GMT"),
            "after_asctime": (modified + day).strftime("%a %b %e %H:%M:%S %Y"),
        }

    def fault(self, case: Case) -> str:
        """What is wrong with the answer to a case; "" for nothing."""
        headers = {name: value.format(**self._values) for name, value in case.headers.items()}
        answer = self._ask(case.method, headers)
        if answer.status not in case.status:
            return f"{answer.status} for {' or '.join(map(str, case.status))}"
        for name, pattern in case.has.items():
            if name == "allow" and answer.status != 405:
                continue
            value = answer.headers.get(name, "")
            wanted = re.escape(pattern.format(**self._values)).replace(r"\*", ".+") if pattern != "*" else ".+"
            if name == "content-range" and answer.status == 416:
                wanted = re.escape(f"bytes */{SIZE}")
            if not re.fullmatch(wanted, value):
                return f"{name}: {value or 'missing'}"
        for name in case.lacks:
            if name in answer.headers:
                return f"{name} is there"
        if answer.status in (304,) or case.method == "HEAD":
            return f"a body of {len(answer.body)} bytes" if answer.body else ""
        if (
            case.slices
            and answer.status < 400
            and _slices(answer) != [CONTENT[start:end] for start, end in case.slices]
        ):
            return "other bytes"
        return ""

    def _ask(self, method: str, headers: dict[str, str]) -> Answer:
        connection = HTTPConnection(self._host, self._port, timeout=PATIENCE_S)
        try:
            connection.request(method, self._path, headers=headers)
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, found, response.read())
        finally:
            connection.close()


def _slices(answer: Answer) -> list[bytes]:
    kind = answer.headers.get("content-type", "")
    if not kind.startswith("multipart/byteranges"):
        return [answer.body]
    message = BytesParser().parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + answer.body)
    slices = []
    for part in message.get_payload():
        assert not isinstance(part, str)
        found = re.fullmatch(rf"bytes (\d+)-(\d+)/{SIZE}", part["Content-Range"] or "")
        payload = part.get_payload(decode=True)
        assert found and isinstance(payload, bytes)
        assert len(payload) == int(found[2]) - int(found[1]) + 1
        slices.append(payload)
    return slices
