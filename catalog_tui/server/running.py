"""Takes the port, and lets Granian serve until it is told to end."""

import errno
import os
import signal
import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Final

from granian.constants import HTTPModes, Interfaces, SSLProtocols
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from catalog_tui.core.errors import CatalogError
from catalog_tui.core.names import display
from catalog_tui.core.words import _, reason_of
from catalog_tui.server.options import ServerOptions
from catalog_tui.server.worker import make_app

MOST_HEADER_BYTES: Final = 64 << 10
HEADER_TIMEOUT_MS: Final = 15_000
CONNECTIONS: Final = 2048  # waiting and open
END_S: Final = 5  # for answers under way when the server is told to end


def claim(host: str, port: int) -> socket.socket:
    """Take the address for this process alone; gives a socket that holds it until it is closed.

    Granian listens with SO_REUSEPORT: a second server of ours would silently share the port, every other request to
    each. So the address is first bound without that, which fails where anybody has it. CatalogError with the reason.
    """
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError) as error:
        raise CatalogError(_("there is no address {host} on this machine").format(host=display(host))) from error
    holder = socket.socket(family, kind, protocol)
    try:
        if os.name != "nt":
            holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(address)
        if hasattr(socket, "SO_REUSEPORT"):  # from now on: for our own worker, and nobody who binds without it
            holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    except OSError as error:
        holder.close()
        raise CatalogError(_why_not(host, port, error)) from error
    return holder


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return _("port {port} is taken by another program; choose one with --port").format(port=port)
    if isinstance(error, PermissionError):
        return _("you have no permission to listen on port {port}; choose one above 1023").format(port=port)
    return _("cannot listen on {host}: {reason}").format(host=display(host), reason=reason_of(error))


def run(options: ServerOptions) -> None:
    """Serve until SIGINT, SIGTERM or the end of the terminal; the address must have been claimed."""
    server = Server(
        "catalog_tui.server",  # a name for Granian's own words; the app comes from the loader
        address=socket.gethostbyname(options.host) if options.host == "localhost" else options.host,
        port=options.port,
        interface=Interfaces.ASGI,
        workers=options.workers,
        backlog=CONNECTIONS,
        http=HTTPModes.auto,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_TIMEOUT_MS, max_buffer_size=MOST_HEADER_BYTES),
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=END_S,
        ssl_cert=Path(options.certificate) if options.certificate else None,
        ssl_key=Path(options.private_key) if options.private_key else None,
        ssl_protocol_min=SSLProtocols.tls12,
    )
    server.on_startup(partial(_end_with_terminal, server.signal_handler_interrupt, _hears_hang_up()))
    server.serve(target_loader=partial(make_app, options), wrap_loader=False)


def _hears_hang_up() -> bool:
    """Whether the terminal's end is ours: not on systems without that signal, and not under nohup."""
    return hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN


def _end_with_terminal(end: Callable[[int, FrameType | None], None], hears: bool) -> None:
    """Granian takes SIGHUP for a wish to start its workers anew: whoever closes the terminal would go on serving."""
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, end if hears else signal.SIG_IGN)
