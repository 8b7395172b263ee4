"""The cases: what is asked, and what the RFC has a server answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

CONTENT: Final = bytes(range(256)) * 4  # 1,024 bytes
SIZE: Final = len(CONTENT)
WHOLE: Final = ((0, SIZE),)

Slices = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One request. `slices` are the bytes that the answer must hold, `has` and `lacks` its headers.

    In header values `{etag}`, `{weak}` (the same tag, marked weak), `{modified}`, `{before}` and `{after}` (a day off)
    stand for those of the file.
    """

    name: str
    section: str
    status: tuple[int, ...]
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"
    slices: Slices = ()
    has: Mapping[str, str] = field(default_factory=dict)
    lacks: tuple[str, ...] = ()


def _range(name: str, value: str, *slices: tuple[int, int], section: str = "14.1.2") -> Case:
    has = {}
    if len(slices) == 1:
        start, end = slices[0]
        has = {"content-range": f"bytes {start}-{end - 1}/{SIZE}", "content-length": str(end - start)}
    return Case(name, section, (206,), {"range": value}, slices=slices, has=has)


def _invalid(name: str, value: str) -> Case:
    """What is no range may be ignored or rejected; the whole, if it comes, must be whole."""
    return Case(name, "14.2", (200, 400, 416), {"range": value}, slices=WHOLE)


def _unsatisfiable(name: str, value: str) -> Case:
    return Case(name, "15.5.17", (416,), {"range": value}, has={"content-range": f"bytes */{SIZE}"})


def _fresh(name: str, section: str, headers: Mapping[str, str], method: str = "GET") -> Case:
    lacks = ("content-range", "content-encoding")
    return Case(name, section, (304,), headers, method, has={"etag": "{etag}"}, lacks=lacks)


def _whole(name: str, section: str, headers: Mapping[str, str]) -> Case:
    return Case(name, section, (200,), headers, slices=WHOLE, lacks=("content-range",))


def _failed(name: str, section: str, headers: Mapping[str, str], method: str = "GET") -> Case:
    return Case(name, section, (412,), headers, method)


PLAIN: Final = (
    Case(
        "whole file",
        "9.3.1",
        (200,),
        slices=WHOLE,
        has={"content-length": str(SIZE), "accept-ranges": "bytes", "etag": "{etag}", "last-modified": "{modified}"},
    ),
    Case("HEAD", "9.3.2", (200,), method="HEAD", has={"content-length": str(SIZE), "etag": "{etag}"}),
    Case("HEAD knows no ranges", "14.2", (200,), {"range": "bytes=0-9"}, "HEAD", has={"content-length": str(SIZE)}),
    Case("the date of the answer", "6.6.1", (200,), slices=WHOLE, has={"date": "*"}),
    Case("unknown method", "15.5.6", (400, 405, 501), method="BREW"),
    Case("POST to a file", "15.5.6", (401, 403, 405), method="POST"),
    Case("DELETE of a file", "15.5.6", (401, 403, 405), method="DELETE"),
    Case("405 says what goes", "15.5.6", (401, 403, 405), method="PUT", has={"allow": "*"}),
)

RANGES: Final = (
    _range("first bytes", "bytes=0-99", (0, 100)),
    _range("first byte", "bytes=0-0", (0, 1)),
    _range("middle", "bytes=100-199", (100, 200)),
    _range("last byte", f"bytes={SIZE - 1}-{SIZE - 1}", (SIZE - 1, SIZE)),
    _range("from there to the end", "bytes=1000-", (1000, SIZE)),
    _range("from the beginning to the end", "bytes=0-", (0, SIZE)),
    _range("beyond the end is cut", f"bytes=1000-{SIZE + 10}", (1000, SIZE)),
    _range("far beyond the end is cut", "bytes=1000-99999999999999999", (1000, SIZE)),
    _range("exactly the end", f"bytes=0-{SIZE - 1}", (0, SIZE)),
    _range("the last ten", "bytes=-10", (SIZE - 10, SIZE)),
    _range("the last one", "bytes=-1", (SIZE - 1, SIZE)),
    _range("more than all from the end", f"bytes=-{SIZE + 1}", (0, SIZE)),
    _range("far more than all from the end", "bytes=-99999999999999999", (0, SIZE)),
    _range("unit in upper case", "Bytes=0-9", (0, 10), section="14.1"),
    _range("spaces around", "bytes= 0-9 ", (0, 10), section="5.6.1"),
    _range("leading zeros", "bytes=0000-0009", (0, 10)),
    _range("an empty element", "bytes=,0-9", (0, 10), section="5.6.1"),
    _range("an empty element at the end", "bytes=0-9,", (0, 10), section="5.6.1"),
    _unsatisfiable("beginning at the end", f"bytes={SIZE}-"),
    _unsatisfiable("beginning beyond the end", "bytes=5000-6000"),
    _unsatisfiable("the last none", "bytes=-0"),
    _unsatisfiable("several, all beyond", "bytes=5000-6000,7000-"),
    Case("another unit", "14.2", (200,), {"range": "lines=0-9"}, slices=WHOLE, lacks=("content-range",)),
    _invalid("no unit", "0-9"),
    _invalid("no numbers", "bytes=-"),
    _invalid("letters", "bytes=a-b"),
    _invalid("nothing", "bytes="),
    _invalid("a negative one", "bytes=--5"),
    _invalid("last before first", "bytes=10-1"),
    _invalid("one bad among good", "bytes=0-9,x-y"),
    _invalid("a colon for the equals sign", "bytes:0-9"),
    _invalid("hexadecimal", "bytes=0x0-0x9"),
    _invalid("a plus sign", "bytes=+0-9"),
    Case(
        "a hundred digits",
        "14.1.2",
        (200, 416),
        {"range": "bytes=" + "9" * 100 + "-"},
    ),
)

SEVERAL: Final = (
    _range("two", "bytes=0-9,100-109", (0, 10), (100, 110), section="14.6"),
    _range("three", "bytes=0-0,500-509,-1", (0, 1), (500, 510), (SIZE - 1, SIZE), section="14.6"),
    _range("in the order asked", "bytes=500-509,0-9", (500, 510), (0, 10), section="14.6"),
    _range("spaces after the comma", "bytes=0-9, 100-109", (0, 10), (100, 110), section="14.6"),
    _range("one of two beyond the end", f"bytes=0-9,{SIZE}-", (0, 10), section="14.1.2"),
    _range("one of two of no bytes", "bytes=0-9,-0", (0, 10), section="14.1.2"),
    Case("overlapping", "14.2", (200, 206), {"range": "bytes=0-99,50-149"}),
    Case("the same twice", "14.2", (200, 206), {"range": "bytes=0-9,0-9"}),
    Case("ten thousand", "17.15", (200, 400, 416, 431), {"range": "bytes=" + ",".join(["0-0"] * 10_000)}),
    Case("a thousand overlapping", "17.15", (200, 206, 416), {"range": "bytes=" + ",".join(["0-"] * 1000)}),
    Case(
        "the type of parts",
        "14.6",
        (206,),
        {"range": "bytes=0-9,100-109"},
        has={"content-type": "multipart/byteranges; boundary=*"},
        lacks=("content-range",),
    ),
)

CONDITIONS: Final = (
    _fresh("If-None-Match, the tag", "13.1.2", {"if-none-match": "{etag}"}),
    _fresh("If-None-Match, the tag marked weak", "13.1.2", {"if-none-match": "{weak}"}),
    _fresh("If-None-Match, one of several", "13.1.2", {"if-none-match": '"a", {etag}, "b"'}),
    _fresh("If-None-Match, several without spaces", "13.1.2", {"if-none-match": '"a",{etag}'}),
    _fresh("If-None-Match, any", "13.1.2", {"if-none-match": "*"}),
    _fresh("If-None-Match to HEAD", "13.1.2", {"if-none-match": "{etag}"}, "HEAD"),
    _whole("If-None-Match, another tag", "13.1.2", {"if-none-match": '"other"'}),
    _whole("If-None-Match, the tag without quotes", "8.8.3", {"if-none-match": "x{bare}x"}),
    _whole("If-None-Match, the beginning of the tag", "8.8.3.2", {"if-none-match": "{shorter}"}),
    _whole("If-None-Match, a tag with a comma", "8.8.3", {"if-none-match": '"a,b"'}),
    _fresh("If-Modified-Since, the date", "13.1.3", {"if-modified-since": "{modified}"}),
    _fresh("If-Modified-Since, later", "13.1.3", {"if-modified-since": "{after}"}),
    _whole("If-Modified-Since, before", "13.1.3", {"if-modified-since": "{before}"}),
    _whole("If-Modified-Since, no date", "13.1.3", {"if-modified-since": "yesterday"}),
    _whole("If-Modified-Since, a number", "13.1.3", {"if-modified-since": "1700000000"}),
    _fresh("If-Modified-Since, the date of RFC 850", "5.6.7", {"if-modified-since": "{after_850}"}),
    _fresh("If-Modified-Since, the date of asctime", "5.6.7", {"if-modified-since": "{after_asctime}"}),
    _whole(
        "If-None-Match goes before If-Modified-Since",
        "13.2.2",
        {"if-none-match": '"other"', "if-modified-since": "{after}"},
    ),
    _fresh(
        "and the other way round",
        "13.2.2",
        {"if-none-match": "{etag}", "if-modified-since": "{before}"},
    ),
    _whole("If-Match, the tag", "13.1.1", {"if-match": "{etag}"}),
    _whole("If-Match, one of several", "13.1.1", {"if-match": '"a", {etag}'}),
    _whole("If-Match, any", "13.1.1", {"if-match": "*"}),
    _failed("If-Match, another tag", "13.1.1", {"if-match": '"other"'}),
    _failed("If-Match, the tag marked weak", "8.8.3.2", {"if-match": "{weak}"}),
    _failed("If-Match to HEAD", "13.1.1", {"if-match": '"other"'}, "HEAD"),
    _whole("If-Unmodified-Since, the date", "13.1.4", {"if-unmodified-since": "{modified}"}),
    _whole("If-Unmodified-Since, later", "13.1.4", {"if-unmodified-since": "{after}"}),
    _failed("If-Unmodified-Since, before", "13.1.4", {"if-unmodified-since": "{before}"}),
    _whole("If-Unmodified-Since, no date", "13.1.4", {"if-unmodified-since": "never"}),
    _whole(
        "If-Match goes before If-Unmodified-Since",
        "13.2.2",
        {"if-match": "{etag}", "if-unmodified-since": "{before}"},
    ),
    _failed("If-Match goes before If-None-Match", "13.2.2", {"if-match": '"other"', "if-none-match": "{etag}"}),
    _fresh("304 goes before a range", "13.2.2", {"if-none-match": "{etag}", "range": "bytes=0-9"}),
    _failed("412 goes before a range", "13.2.2", {"if-match": '"other"', "range": "bytes=0-9"}),
    _fresh("304 goes before 416", "13.2.2", {"if-none-match": "{etag}", "range": "bytes=5000-"}),
)


def _if_range(name: str, condition: str, *, holds: bool, section: str = "13.1.5") -> Case:
    headers = {"range": "bytes=0-9", "if-range": condition}
    if holds:
        return Case(name, section, (206,), headers, slices=((0, 10),))
    return Case(name, section, (200,), headers, slices=WHOLE, lacks=("content-range",))


IF_RANGE: Final = (
    _if_range("If-Range, the tag", "{etag}", holds=True),
    _if_range("If-Range, another tag", '"other"', holds=False),
    _if_range("If-Range, the tag marked weak", "{weak}", holds=False),
    _if_range("If-Range, the date", "{modified}", holds=True),
    _if_range("If-Range, an earlier date", "{before}", holds=False),
    _if_range("If-Range, a later date", "{after}", holds=False),
    _if_range("If-Range, nonsense", "nonsense", holds=False),
    Case(
        "If-Range that fails makes no 416",
        "13.1.5",
        (200,),
        {"range": "bytes=5000-", "if-range": '"other"'},
        slices=WHOLE,
    ),
    Case("If-Range that holds, beyond the end", "13.1.5", (416,), {"range": "bytes=5000-", "if-range": "{etag}"}),
    Case("If-Range without a range", "13.1.5", (200,), {"if-range": "{etag}"}, slices=WHOLE),
)

CASES: Final = (*PLAIN, *RANGES, *SEVERAL, *CONDITIONS, *IF_RANGE)
