"""A server that the app started: it tells how it is in lines of JSON, answers wishes, and ends with its starter.

On stdout: `{"event": "serving", "address": …, "token": …}` as soon as it answers (the token "" where none is asked
for), and `{"event": "pairing", "address": …}` for every line `pair` on stdin: an address that opens one session, once.
The end of stdin means that the starter is gone, and ends the server. The lines of the access log come on stderr.
"""

import json
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from typing import Final

PAIR: Final = b"pair\n"
LOOK_EVERY_S: Final = 0.02
LOCAL: Final = {"0.0.0.0": "127.0.0.1", "localhost": "127.0.0.1", "::": "::1"}


def attend(host: str, port: int, told: dict[str, str], new_pairing: Callable[[], str]) -> None:
    """Tell `told` as soon as something listens there, and hear the starter from now on.

    `new_pairing` gives an address that opens a session.
    """
    threading.Thread(target=_announce, args=(host, port, told), name="announcing", daemon=True).start()
    threading.Thread(target=_hear, args=(new_pairing,), name="starter", daemon=True).start()


def _announce(host: str, port: int, told: dict[str, str]) -> None:
    host = LOCAL.get(host, host)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    while True:
        with socket.socket(family) as probe:
            if probe.connect_ex((host, port)) == 0:
                break
        time.sleep(LOOK_EVERY_S)
    _tell({"event": "serving", **told})


def _hear(new_pairing: Callable[[], str]) -> None:
    # Unbuffered: a worker forked while this thread sat in sys.stdin's lock would wait for that lock for ever.
    while wishes := os.read(0, 4096):
        for _wish in range(wishes.count(PAIR)):
            _tell({"event": "pairing", "address": new_pairing()})
    os.kill(os.getpid(), signal.SIGINT)


def _tell(event: dict[str, str]) -> None:
    os.write(1, json.dumps(event).encode() + b"\n")
