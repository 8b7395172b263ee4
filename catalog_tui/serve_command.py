"""`catalog-tui serve`: the archive over HTTP; closed to strangers unless told otherwise."""

import argparse
import os
import socket
import ssl
import sys
import tempfile
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

from catalog_tui.choosing import check_archive
from catalog_tui.core import places
from catalog_tui.core.errors import CatalogError, UsageError
from catalog_tui.core.names import display
from catalog_tui.core.words import _, language, reason_of
from catalog_tui.secret_files import kept_secret, read_secret

if TYPE_CHECKING:
    from catalog_tui.server.options import ServerOptions
    from catalog_tui.server.sharing.redis_link import RedisOptions


MOST_WORKERS = 64


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `catalog-tui serve`."""
    parser.add_argument("archive", nargs="?", metavar="ARCHIVE", help=_("the archive's folder"))
    parser.add_argument("--models-dir", metavar="ARCHIVE", help=_("the same, as it is written of old"))
    host_help = _("where to listen; anywhere else than on this machine asks for a token")
    parser.add_argument("--host", default="127.0.0.1", help=host_help)
    parser.add_argument("--port", type=_port, default=8008, help=_("the port; 0: any that is free"))
    delete_help = _("let files be moved to the trash over HTTP too")
    parser.add_argument("--allow-delete", action="store_true", help=delete_help)
    token_help = _("ask for the token in this file, which only you may read")
    parser.add_argument("--token-file", metavar="FILE", help=token_help)
    allow_help = _("a name by which the server may be called, besides addresses; may be repeated")
    parser.add_argument("--allow-host", metavar="NAME", action="append", default=[], help=allow_help)
    parser.add_argument("--cert", metavar="FILE", help=_("serve by HTTPS with this certificate (PEM), and --key"))
    parser.add_argument("--key", metavar="FILE", help=_("the certificate's private key (PEM)"))
    workers_help = _("processes that answer; several are faster where there are processors for them")
    parser.add_argument("--workers", metavar="N", type=_workers, default=1, help=workers_help)
    redis_help = _("share listings and thumbnails with other servers of this archive by this Redis")
    parser.add_argument("--redis", metavar="URL", help=redis_help)
    secret_help = _("the secret that those servers share; without it one is made for this machine")
    parser.add_argument("--redis-secret", metavar="FILE", help=secret_help)
    name_help = _("what those servers call the archive; without it its path")
    parser.add_argument("--redis-name", metavar="NAME", help=name_help)
    parser.add_argument("--attached", action="store_true", help=argparse.SUPPRESS)  # to the app: server/attached.py
    parser.add_argument("--log", choices=("text", "json", "none"), default="text", help=_("one line a request"))


def run(args: argparse.Namespace) -> int:
    """Serve until interrupted; 0 when that was in order."""
    from catalog_tui.server.attached import attend
    from catalog_tui.server.running import claim
    from catalog_tui.server.running import run as serve

    if (args.archive is None) == (args.models_dir is None):
        raise UsageError(_("which archive? Give its folder"))
    archive = os.path.abspath(args.archive or args.models_dir)
    check_archive(archive)
    _check_certificate(args.cert, args.key)
    token, shown = _token(args.token_file, args.host)
    redis = _redis(args, archive)
    with ExitStack() as held:
        port = held.enter_context(claim(args.host, args.port)).getsockname()[1]
        folder = held.enter_context(_run_folder(args.workers))
        options = _options(args, archive, port, token, folder, redis)
        if args.attached:
            told = {"address": address(options), "token": token if shown else ""}
            attend(options.host, options.port, told, partial(pairing_address, options))
        else:
            print(banner(options, token if shown else ""), file=sys.stderr, flush=True)
        serve(options)
    return 0


def banner(options: "ServerOptions", token: str) -> str:
    """What is said at the start: the address, what is open to whom, and the token where it was just made."""
    reach = _("to this machine only") if is_loopback(options.host) else _("to every machine that reaches this one")
    mode = _("files can be moved to the trash") if options.allow_delete else _("read-only")
    needs = _("without a token") if options.token_digest is None else _("with the token")
    lines = [
        "catalog-tui: " + _("serving {archive}").format(archive=display(options.archive)),
        "  " + address(options),
        "  " + _("open {reach}, {needs}; {mode}").format(reach=reach, needs=needs, mode=mode),
    ]
    if options.redis is not None:
        from catalog_tui.server.sharing.redis_link import place_of

        lines.append("  " + _("shared by Redis at {place}").format(place=place_of(options.redis.url)))
    if token:
        lines.append("  " + _("token, shown this once: {token}").format(token=token))
    if options.token_digest is not None:
        lines += _pairing(options)
    lines.append("  " + _("Ctrl+C ends it"))
    return "\n".join(lines)


def address(options: "ServerOptions") -> str:
    """The address to type on this machine or, where the server listens everywhere, on another one."""
    host = _own_address() if options.host in ("0.0.0.0", "::", "") else options.host
    host = f"[{host}]" if ":" in host else host
    return f"{options.scheme}://{host}:{options.port}/"


def pairing_address(options: "ServerOptions") -> str:
    """An address that opens a session for the browser that asks for it, once."""
    from catalog_tui.server.keys import pairing_code

    return f"{address(options)}pair?code={pairing_code(options.run_folder)}"


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a server that listens there."""
    import ipaddress

    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _pairing(options: "ServerOptions") -> list[str]:
    """A QR code that opens a session on the phone that sees it, once; only on a terminal."""
    if not sys.stderr.isatty():
        return []
    import io

    import segno

    drawn = io.StringIO()
    code = segno.make(pairing_address(options), micro=False)
    code.terminal(drawn, compact=True)
    return [drawn.getvalue().rstrip("\n"), "  " + _("this opens it on one phone, once, within ten minutes")]


def _own_address() -> str:
    """This machine's address in its network, as its routes tell; nothing is sent for that."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address kept for documentation
            return str(probe.getsockname()[0])
        except OSError:
            return socket.gethostname()


def _options(
    args: argparse.Namespace, archive: str, port: int, token: str, folder: str, redis: "RedisOptions | None"
) -> "ServerOptions":
    from catalog_tui.server.keys import digest_of
    from catalog_tui.server.options import ServerOptions

    return ServerOptions(
        archive=archive,
        settings=args.settings,
        language=language(),
        run_folder=folder,
        host=args.host,
        port=port,
        allow_delete=args.allow_delete,
        allowed_hosts=tuple(args.allow_host),
        token_digest=digest_of(token) if token else None,
        certificate=os.path.abspath(args.cert) if args.cert else "",
        private_key=os.path.abspath(args.key) if args.key else "",
        log=args.log,
        workers=args.workers,
        device=os.stat(archive).st_dev,
        redis=redis,
    )


def _token(file: str | None, host: str) -> tuple[str, bool]:
    """The token ("" where none is asked for), and whether it was made just now and is to be shown."""
    from catalog_tui.server.keys import new_secret

    if file is None:
        return ("", False) if is_loopback(host) else (new_secret(), True)
    return read_secret(file), False


def _redis(args: argparse.Namespace, archive: str) -> "RedisOptions | None":
    """The Redis to share by, which answers; None where nothing is shared."""
    url = args.redis or args.settings.redis
    if not url:
        return None
    from catalog_tui.server.sharing.redis_link import RedisOptions, version_at

    file = args.redis_secret or args.settings.redis_secret
    secret = read_secret(file) if file else kept_secret(places.state_dir() / "redis-secret")
    name = args.redis_name or args.settings.redis_name or places.archive_slug(archive)
    options = RedisOptions(url, secret.encode(), name, args.settings.redis_mb << 20)
    version_at(url)
    return options


def _check_certificate(certificate: str | None, key: str | None) -> None:
    """UsageError or CatalogError unless both are there and belong together, or neither."""
    if (certificate is None) != (key is None):
        raise UsageError(_("--cert and --key go together"))
    if certificate is None or key is None:
        return
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password="")
    except (OSError, ValueError) as error:
        if isinstance(error, ssl.SSLError):  # OpenSSL has no word for what is not even PEM
            reason = error.reason or _("one of the two is no file in PEM form")
        else:
            reason = reason_of(error)
        text = _("the certificate {file} cannot be used with that key: {reason}")
        raise CatalogError(text.format(file=display(certificate), reason=reason)) from error


def _run_folder(workers: int) -> "tempfile.TemporaryDirectory[str]":
    """The run's private folder; where workers meet at sockets in it, one whose path fits a socket's address."""
    from catalog_tui.server.sharing.socket_bus import LONGEST_FOLDER

    is_long = workers > 1 and len(os.fsencode(tempfile.gettempdir())) + 24 > LONGEST_FOLDER
    return tempfile.TemporaryDirectory(prefix="catalog-tui-", dir="/tmp" if is_long else None)


def _workers(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= MOST_WORKERS):
        raise argparse.ArgumentTypeError(_("a number from 1 to {most}").format(most=MOST_WORKERS))
    if int(text) > 1 and os.name == "nt":
        raise argparse.ArgumentTypeError(_("on this system one process answers"))
    return int(text)


def _port(text: str) -> int:
    if text.isascii() and text.isdecimal() and int(text) < 65536:
        return int(text)
    raise argparse.ArgumentTypeError(_("a port is a number from 0 to 65535"))
