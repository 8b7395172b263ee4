"""The links that a scan follows: those to site and model folders that browsing follows, and no others."""

import os
from collections.abc import Iterator, Mapping

from catalog_tui.core.archive import Archive
from catalog_tui.core.errors import CatalogError
from catalog_tui.core.layout import Folders, LayoutRules, Link


def followed_links(root: str, depths: Mapping[str, int]) -> frozenset[bytes]:
    """The followed links of the archive at `root`, as paths in it; `depths` as in LayoutRules.

    Each leads to a real folder that lies neither in the archive nor around it nor behind another of them: so no folder
    is met twice by them and there is no way round in circles.
    """
    return frozenset(map(os.fsencode, _followed(Archive(root, rules=LayoutRules(depths, follow_links=True)))))


def _followed(archive: Archive) -> Iterator[str]:
    try:
        sites = archive.sites()
    except CatalogError:  # the walk will meet it as well, and say it; so also below
        return
    for site, link in _with_links(sites):
        if link == Link.SHOWN:
            continue
        if link == Link.FOLLOWED:
            yield site
        try:
            models = archive.models(site)
        except CatalogError:
            continue
        yield from (f"{site}/{model}" for model, link in _with_links(models) if link == Link.FOLLOWED)


def _with_links(folders: Folders) -> Iterator[tuple[str, int]]:
    return zip(folders.names, folders.links, strict=True)
