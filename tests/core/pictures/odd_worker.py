"""A worker for tests that does what the name of the file asks for: `hang`, `die`, `nonsense`, or waits for a gate.

Every file it begins with is noted in `begun` beside the file.
"""

import os
import sys
import time
from pathlib import Path

from catalog_tui.core.pictures.wire import read_message, write_message

FACTS = {"kind": 0, "form": "jpg", "width": 4, "height": 3}


def main() -> None:
    """Serve a pool."""
    answers = os.fdopen(os.dup(1), "wb")
    while (message := read_message(sys.stdin.buffer)) is not None:
        path = Path(message.header["path"])
        with (path.parent / "begun").open("a") as begun:
            begun.write(path.name + "\n")
        while "hang" in path.name:
            time.sleep(1)
        if "die" in path.name:
            os._exit(1)
        if "nonsense" in path.name:
            answers.write(b"\xff" * 100)
            answers.flush()
            continue
        if "lies" in path.name:
            write_message(answers, {"facts": {"kind": "cat"}, "pictures": 7})
            continue
        while "gated" in path.name and not (path.parent / "gate").exists():
            time.sleep(0.01)
        pictures = [
            {"edge": edge, "form": "jpeg", "width": 4, "height": 3, "bytes": 4} for edge in message.header["edges"]
        ]
        write_message(answers, {"facts": FACTS, "pictures": pictures}, [b"data"] * len(pictures))
