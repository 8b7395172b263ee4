"""Opens an archive for browsing; its folders are being read while the screen's code is still being loaded."""

import os
import threading
from contextlib import suppress

from catalog_tui.archives import open_archive
from catalog_tui.config import Settings
from catalog_tui.core.archive import Archive
from catalog_tui.core.child_reader import ChildReader
from catalog_tui.core.complaints import Complaint
from catalog_tui.core.errors import CatalogError
from catalog_tui.core.state import Place, load_place

FRAMES_PER_S = 240
"""At most. A frame waits for the one before: at Textual's 60 a key pressed just after a scan's progress was drawn was
answered 17 ms late."""


def browse(root: str, settings: Settings, complaints: list[Complaint]) -> int:
    """Browse the archive at `root` (absolute) until the user leaves; gives the exit code."""
    place, damage = load_place(root)
    with ChildReader() as reader:
        archive = open_archive(root, settings, reader)
        threading.Thread(target=read_ahead, args=(archive, place), name="read ahead", daemon=True).start()
        os.environ.setdefault("TEXTUAL_FPS", str(FRAMES_PER_S))  # read when Textual is loaded
        from catalog_tui.app import CatalogApp

        app = CatalogApp(archive, reader, settings, place, [*complaints, *damage])
        code = app.run()
        app.save()
    return code or 0


def read_ahead(archive: Archive, place: Place) -> None:
    """Bring into the caches what the first screen will ask for: the way to `place`, or to the first model there is."""
    with suppress(CatalogError):  # whatever it is, the pane that asks for the same will say it
        site = place.site or next(iter(archive.sites().names), "")
        if site:
            models = archive.models(site)
            model = place.model if place.site else next(iter(models.names), None)
            if model is not None:
                archive.media(site, model)
