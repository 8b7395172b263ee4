"""An archive as the settings want it read and remembered; both front ends open it here."""

from catalog_tui.config import Settings
from catalog_tui.core.archive import Archive
from catalog_tui.core.cache import Caches
from catalog_tui.core.layout import LayoutRules
from catalog_tui.core.reader import Reader


def open_archive(root: str, settings: Settings, reader: Reader) -> Archive:
    """The archive at `root`."""
    caches = settings.caches
    below_the_archive = {site: 1 + below_the_site for site, below_the_site in settings.depth.items()}
    return Archive(
        root,
        rules=LayoutRules(depths=below_the_archive, follow_links=settings.follow_links),
        reader=reader,
        caches=Caches(
            models=caches.models,
            model_info=caches.model_info,
            media_list=caches.media_list,
            ttl_s=caches.ttl_s,
            clean_every_s=caches.clean_up_s,
        ),
    )
