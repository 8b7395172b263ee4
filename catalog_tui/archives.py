"""An archive as the settings want it read and remembered; both front ends open it here."""

from catalog_tui.config import Settings
from catalog_tui.core.archive import Archive
from catalog_tui.core.cache import Caches
from catalog_tui.core.layout import LayoutRules
from catalog_tui.core.reader import Reader
from catalog_tui.core.scan.options import ScanOptions


def open_archive(root: str, settings: Settings, reader: Reader) -> Archive:
    """The archive at `root`."""
    caches = settings.caches
    return Archive(
        root,
        rules=LayoutRules(depths=_depths(settings), follow_links=settings.follow_links),
        reader=reader,
        caches=Caches(
            models=caches.models,
            model_info=caches.model_info,
            media_list=caches.media_list,
            ttl_s=caches.ttl_s,
            clean_every_s=caches.clean_up_s,
        ),
    )


def scan_options(root: str, settings: Settings) -> ScanOptions:
    """A scan of the archive at `root` (absolute), of the folders that browsing shows."""
    depths = tuple(sorted(_depths(settings).items())) if settings.follow_links else ()
    return ScanOptions(root, follow_links=settings.follow_links, depths=depths)


def _depths(settings: Settings) -> dict[str, int]:
    """For sites, how many levels below the archive their models are."""
    return {site: 1 + below_the_site for site, below_the_site in settings.depth.items()}
