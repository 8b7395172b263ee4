"""Who may ask: by which name the server was called, from which page the request comes, and with which key.

Against DNS rebinding a Host is an address, localhost, the machine's own name, or one that was allowed. Against other
sites' pages there is what browsers say of a request's origin (Fetch Metadata, Origin); programs say neither.
"""

import ipaddress
import re
import socket
from collections.abc import Iterable
from typing import Final

from catalog_tui.core.words import _
from catalog_tui.server.keys import Keys
from catalog_tui.server.problems import Refused
from catalog_tui.server.replies import Scope

OPEN_PATHS: Final = frozenset((b"/healthz", b"/login", b"/pair", b"/login.css"))
CHANGING_PATHS: Final = frozenset((b"/api/clear_cache",))
"""What changes something though it may be asked for by GET."""

SAFE_METHODS: Final = frozenset(("GET", "HEAD", "OPTIONS"))
ONLY_ONCE: Final = (b"host", b"authorization", b"origin", b"cookie")
MOST_HEADERS: Final = 100
_HOST: Final = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^:\[\]@/?#\s]+)(?::\d{1,5})?")


class Gate:
    """Lets a request through or raises Refused; `keys` is None where no token is asked for."""

    def __init__(self, allowed_hosts: Iterable[str], keys: Keys | None) -> None:
        own = socket.gethostname().lower()
        self._names = {"localhost", own, f"{own}.local", *(name.lower() for name in allowed_hosts)}
        self._known: set[bytes] = set()
        self._keys = keys

    def check(self, scope: Scope) -> None:
        """Refused unless this request may be answered."""
        pairs: list[tuple[bytes, bytes]] = scope["headers"]
        headers = dict(pairs)
        if len(headers) != len(pairs):
            _check_repeated(pairs)
        if len(pairs) > MOST_HEADERS:
            raise Refused(431, _("The request has too many headers."))
        host = headers.get(b"host", b"")
        if host not in self._known:
            self._check_host(host)
        is_websocket = scope["type"] == "websocket"
        path: bytes = scope["raw_path"]
        changes = is_websocket or scope["method"] not in SAFE_METHODS or path in CHANGING_PATHS
        site = headers.get(b"sec-fetch-site")
        if site is not None or b"origin" in headers:
            _check_origin(headers, host, changes=changes)
        if self._keys is not None and path not in OPEN_PATHS:
            self._keys.check(scope, headers)

    def _check_host(self, host: bytes) -> None:
        found = _HOST.fullmatch(host.decode("latin-1"))
        name = found[1].lower().rstrip(".") if found else ""
        if name not in self._names and not _is_address(name):
            raise Refused(421, _("This server is not called by that name; --allow-host NAME allows it."))
        if len(self._known) < 100:  # a name and a port each: who makes up more is looked at each time
            self._known.add(host)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def _check_repeated(pairs: list[tuple[bytes, bytes]]) -> None:
    names = [name for name, _value in pairs if name in ONLY_ONCE]
    if len(set(names)) != len(names):
        raise Refused(400, _("A header that may come once came twice."))


def _check_origin(headers: dict[bytes, bytes], host: bytes, *, changes: bool) -> None:
    site = headers.get(b"sec-fetch-site")
    if site in (b"cross-site", b"same-site"):
        shown = headers.get(b"sec-fetch-mode") == b"navigate" and headers.get(b"sec-fetch-dest") == b"document"
        if changes or not shown:
            raise Refused(403, _("Another site's page may not ask this."), code="cross_site")
    origin = headers.get(b"origin")
    if changes and origin is not None and origin.partition(b"://")[2].lower() != host.lower():
        raise Refused(403, _("Another site's page may not ask this."), code="cross_site")
