"""What is said to a scan's process: what to scan, as its first line, and later that it should end."""

import json

from catalog_tui.core.scan.options import ScanOptions
from catalog_tui.core.words import language

CANCEL = b"cancel\n"


def request_line(options: ScanOptions) -> bytes:
    """What the process reads first: the options, and the language to speak."""
    return json.dumps({"language": language(), "options": options._asdict()}).encode() + b"\n"


def from_request(line: bytes) -> tuple[ScanOptions, str]:
    """The options and the language that `request_line` wrote."""
    request = json.loads(line)
    options = ScanOptions(**request["options"])
    exclude, depths = tuple(options.exclude), tuple((site, levels) for site, levels in options.depths)
    return options._replace(exclude=exclude, depths=depths), request["language"]
