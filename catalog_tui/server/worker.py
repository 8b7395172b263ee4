"""One worker: the whole application over one archive, made in the process that runs it."""

import gc
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Final

from catalog_tui.archives import open_archive, scan_options
from catalog_tui.core.archive import Archive
from catalog_tui.core.child_reader import ChildReader
from catalog_tui.core.reader import Reader
from catalog_tui.core.thumbnails import MOST_WORKERS, Thumbnails
from catalog_tui.core.words import choose_language
from catalog_tui.server.access_log import AccessLog
from catalog_tui.server.answers import Answers
from catalog_tui.server.api import listing_routes
from catalog_tui.server.counters import Counters
from catalog_tui.server.deletes import Deletes, delete_routes
from catalog_tui.server.downloads import Downloads
from catalog_tui.server.front import Front
from catalog_tui.server.gate import Gate
from catalog_tui.server.keys import Keys
from catalog_tui.server.login import login_routes
from catalog_tui.server.media import Media
from catalog_tui.server.one_call import one_call
from catalog_tui.server.options import ServerOptions
from catalog_tui.server.orphans import end_with_parent
from catalog_tui.server.page import page_routes
from catalog_tui.server.presence import Presence
from catalog_tui.server.reaching import Reacher
from catalog_tui.server.scan_routes import scan_routes
from catalog_tui.server.scans import Scans
from catalog_tui.server.service import Service
from catalog_tui.server.sharing.joining import Sharing, half_of
from catalog_tui.server.sharing.others import Others
from catalog_tui.server.sharing.shared_reader import SharedReader
from catalog_tui.server.sharing.shared_scans import SharedScans
from catalog_tui.server.sharing.shared_thumbnails import SharedThumbnails
from catalog_tui.server.sharing.team import Team
from catalog_tui.server.site import make_site
from catalog_tui.server.thumbs import Thumbs

THREADS: Final = 8  # that may wait for a disk


def make_app(options: ServerOptions) -> Front:
    """The ASGI app that this process serves."""
    end_with_parent()
    choose_language(options.language)
    others = Others(options)
    reader = ChildReader()
    reader.warm_all()
    executor = ThreadPoolExecutor(THREADS, thread_name_prefix="archive")
    service = Service(
        options=options,
        archive=archive_of(options, reader, others.sharing),
        presence=Presence(options.archive, options.device),
        answers=Answers(executor, cache_control=b"private, no-cache" if options.token_digest else b"no-cache"),
        counters=Counters(),
        executor=executor,
    )
    reacher = Reacher(service.archive, service.presence, follow_links=options.settings.follow_links, beneath=one_call())
    scans = SharedScans(Scans(scan_options(options.archive, options.settings)), others.name, others.ask)
    team = Team(others, service, scans)
    thumbs = Thumbs(service, reacher, thumbnails_of(options, others.sharing))
    log = AccessLog(options.log)
    keys = keys_of(options)
    deletes = Deletes(service)
    site = make_site(
        service,
        team,
        [*login_routes(keys), *scan_routes(service, scans), *delete_routes(service, team, deletes)],
        ends=[log.flush, reader.close, thumbs.close],
    )
    gc.collect()
    gc.freeze()  # what is loaded by now stays: nothing for the collector to look through
    return Front(
        Gate(options.allowed_hosts, keys),
        routes={
            **page_routes(service.answers),
            **listing_routes(service),
            b"/api/download": Downloads(service, reacher),
        },
        trees={b"/media/": Media(service, reacher), b"/thumb/": thumbs},
        rest=site,
        log=log,
        counters=service.counters,
    )


def archive_of(options: ServerOptions, reader: Reader, sharing: Sharing | None) -> Archive:
    """The archive. Where listings are shared, they grow as old as allowed half with the others and half here."""
    settings = options.settings
    if sharing is None:
        return open_archive(options.archive, settings, reader)
    halved = replace(settings, caches=replace(settings.caches, ttl_s=half_of(settings.caches.ttl_s)))
    return open_archive(options.archive, halved, SharedReader(options.archive, reader, sharing.listings))


def thumbnails_of(options: ServerOptions, sharing: Sharing | None) -> Thumbnails:
    """Who makes the thumbnails; several workers have as many decoders as one."""
    decoders = max(1, min(MOST_WORKERS, os.cpu_count() or 1) // options.workers)
    if sharing is None:
        return Thumbnails(workers=decoders)
    return SharedThumbnails(options.archive, sharing.thumbs, workers=decoders)


def keys_of(options: ServerOptions) -> Keys | None:
    """What opens the server; None where it is open."""
    if options.token_digest is None:
        return None
    return Keys(options.token_digest, options.run_folder, port=options.port, secure=options.scheme == "https")
