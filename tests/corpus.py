"""The one corpus of hostile file names; every surface that shows, sends or stores names is run through it."""

import io
import os
from pathlib import Path
from typing import Final

from PIL import Image

MAX_NAME_BYTES: Final = 255

TERMINAL: Final = (
    b"\x1b]0;owned\x07",  # sets the window title
    b"\x1b]52;c;ZWNobyBoaQ==\x07",  # writes to the clipboard
    b"\x1b]8;;mailto:x\x1b\\link\x1b]8;;\x1b\\",
    b"\x1b[2J\x1b[H",
    b"\x1b[31mred\x1b[0m",
    b'\x1bP$q"p\x1b\\',
    b"\x1b_Ga=T;AAAA\x1b\\",
    b"\x1bc",
    "\x9b31m c1 csi".encode(),
    "\x9d0;c1 osc\x9c".encode(),
    b"raw\x9b31m c1",
    b"\x7fdel",
)
CONTROL: Final = (
    b"new\nline",
    b"carriage\rreturn",
    b"\r\n",
    b"tab\there",
    b"bell\x07",
    b"back\x08\x08\x08\x08space",
    b"\x01\x02\x03\x0b\x0c\x0e\x0f\x1f",
    "line\u2028separator".encode(),
    "paragraph\u2029separator".encode(),
    "next\x85line".encode(),
)
DIRECTION: Final = (
    "evil\u202egpj.exe".encode(),
    "\u202alre\u202b rle\u202c pdf\u202d lro".encode(),
    "\u2066lri\u2067 rli\u2068 fsi\u2069 pdi".encode(),
    "\u200elrm\u200f rlm\u061c alm".encode(),
    "صورة جميلة".encode(),
    "תמונה 12 יפה".encode(),
)
INVISIBLE: Final = (
    "zero\u200bwidth".encode(),
    "joined\u200dlatin".encode(),
    "\u200d\u200c\ufeff".encode(),
    "soft\xadhyphen".encode(),
    "word\u2060joiner".encode(),
    "filler\u3164\u115f\u1160\uffa0".encode(),
    "grapheme\u034fjoiner".encode(),
    "private\ue000 unassigned\U000e0fff\u0378".encode(),
    "tags\U000e0041\U000e0042".encode(),
    "annotation\ufff9\ufffa\ufffb".encode(),
    "\u2800braille\u3000ideographic\u00a0spaces".encode(),
)
NOT_UTF8: Final = (
    b"\xff",
    b"\xff\xfe\xfd",
    b"caf\xe9 latin-1",
    b"truncated \xe3\x81",
    b"overlong \xc0\xaf",
    b"surrogate \xed\xa0\x80",
    b"cesu \xed\xa0\xbd\xed\xb8\x80",
    b"too far \xf4\x90\x80\x80",
    b"\x80" * 60,
)
LONG: Final = (
    b"a" * 255,
    b"no-break-" * 28 + b"end",
    "写".encode() * 85,
    "e\u0301".encode() * 85,
    b"\x1b" * 255,
)
MARKUP: Final = (
    b"[",
    b"]",
    b"[bold]loud",
    b"[@click=app.quit]x",
    b"\\[",
    b"\\",
    b"[[]]",
    b":smile:",
    b"*a* _b_ `c`",
    b"$text-error {{x}} ${y}",
    b"{0} {name!r}",
    b"%s %d %n",
    b"%(name)s",
)
WEB: Final = (
    b"<script>alert(1)<!--",
    b"<img src=x onerror=alert(1)>",
    b'"><svg onload=alert(1)>',
    b"'onmouseover='alert(1)",
    b"javascript:alert(1)",
    b"&lt;b&gt;&amp;",
    b"a.jpg\r\nX-Header: yes",
    b"%00",
    b"%2e%2e%2fetc%2fpasswd",
    b"100%",
    b"%zz%",
    b"a?b#c&d=e+f;g",
    b"..\\..\\windows",
    b"..foo",
    b"...",
)
SHELL: Final = (
    b"$(reboot)",
    b"`reboot`",
    b"; reboot #",
    b"| tee x",
    b"a && b || c",
    b"~",
    b"*",
    b"?",
    b"!history!",
    b"it's",
    b'"quoted"',
    b"-rf",
    b"--help",
    b"=cmd|' 'C'!A0",
    b"+1+1",
    b"@SUM(1)",
    b"a,b;c\td",
    b"'; DROP TABLE files; --",
)
SPACES: Final = (b" ", b"   ", b" leading", b"trailing ", b"trailing.", b"two  spaces")
WINDOWS: Final = (b"CON", b"aux.jpg", b"nul", b"a:b", b"a:$DATA", b"LPT1.txt", b'<>|*?"')
SCRIPTS: Final = (
    "café".encode(),  # precomposed
    "cafe\u0301".encode(),  # the same in the decomposed form of macOS
    "한글".encode(),
    "\u1112\u1161\u11ab\u1100\u1173\u11af".encode(),
    "日本語の写真".encode(),
    "ﾊﾝｶｸ ＦＵＬＬ".encode(),
    "ภาพถ่ายที่นี่".encode(),
    "हिन्दी चित्र".encode(),
    "می\u200cخواهم".encode(),
    "Ωμέγα Привет Ünïcödé ß ı İ".encode(),
    "👨\u200d👩\u200d👧\u200d👦 family".encode(),
    "🏳\ufe0f\u200d🌈 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f".encode(),
    "👍🏽 🏽 ❤\ufe0f ❤\ufe0e ❤ 1\ufe0f⃣".encode(),
    "🇧🇷🇵🇹🇧".encode(),
    "葛\U000e0100城".encode(),
    "new \U0001fae8 emoji".encode(),
    ("z" + "\u0301\u0316\u0335\u0489" * 10 + "a\u0334" * 10).encode(),
    "\u0301starts with a mark".encode(),
)

NASTY_NAMES: Final[tuple[bytes, ...]] = (
    *TERMINAL,
    *CONTROL,
    *DIRECTION,
    *INVISIBLE,
    *NOT_UTF8,
    *LONG,
    *MARKUP,
    *WEB,
    *SHELL,
    *SPACES,
    *WINDOWS,
    *SCRIPTS,
)
# What a name cannot hold but a relative path can: the slash, which closes markup and HTML.
NASTY_PATHS: Final[tuple[bytes, ...]] = (
    b"[/]",
    b"[@click=app.quit]x[/]",
    b"[bold]x[/bold]",
    b"[link=file:etc]x[/link]",
    b"</script><script>alert(1)</script>",
    b"\x1b]8;;http:/example.com\x1b\\link\x1b]8;;\x1b\\",
)


def write_corpus(folder: Path, suffix: bytes = b".jpg") -> list[bytes]:
    """Make a small JPEG, each of another colour, for every nasty name + suffix in `folder`; gives the names made.

    Names too long with the suffix lose their end. What the filesystem refuses (macOS what is not UTF-8) is left out.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for number, nasty in enumerate(NASTY_NAMES):
        name = _shortened(nasty, MAX_NAME_BYTES - len(suffix)) + suffix
        try:
            descriptor = os.open(os.path.join(os.fsencode(folder), name), os.O_CREAT | os.O_EXCL | os.O_WRONLY)
        except OSError:
            continue
        with os.fdopen(descriptor, "wb") as file:
            file.write(_picture(number))
        made.append(name)
    return made


def _shortened(name: bytes, limit: int) -> bytes:
    """`name` in at most `limit` bytes; what was UTF-8 stays UTF-8."""
    if len(name) <= limit:
        return name
    while limit > 0 and name[limit] & 0xC0 == 0x80:
        limit -= 1
    return name[:limit]


def _picture(number: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), (number * 37 % 256, number * 91 % 256, number)).save(buffer, "JPEG")
    return buffer.getvalue()
