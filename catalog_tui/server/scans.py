"""Scanning for duplicates: one scan at a time, in a process of its own; its newest state for whoever wants it."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import msgspec
from msgspec import structs

from catalog_tui.core.errors import CatalogError
from catalog_tui.core.names import json_path
from catalog_tui.core.places import archive_cache
from catalog_tui.core.scan.events import Event, Failed, FileError, Finished, Notice, Progress
from catalog_tui.core.scan.lock import ScanRunningError, scan_lock
from catalog_tui.core.scan.options import ScanOptions
from catalog_tui.core.scan.process import ScanProcess
from catalog_tui.core.words import _
from catalog_tui.server import inputs, shapes
from catalog_tui.server.newest import Newest
from catalog_tui.server.problems import Refused

BUSY: Final = "scan_in_progress"


class Scans:
    """The scans of one archive; for one event loop. What a scan says comes to it from a thread."""

    def __init__(self, options: ScanOptions, start: Callable[[ScanOptions], ScanProcess] = ScanProcess) -> None:
        """`options` are what every scan begins with: the archive, and what of it is scanned."""
        self._options = options
        self._start = start
        self._process: ScanProcess | None = None
        self._errors = 0
        self.newest = Newest()

    async def begin(self, request: inputs.ScanRequest) -> shapes.ScanState:
        """Begin a scan; Refused (409) while one runs, here or in another program."""
        if self._process is not None:
            raise Refused(409, _("A scan runs already."), code=BUSY)
        options = self._options._replace(
            algorithm=request.hash, min_size=max(1, request.min_size), verify=request.verify, md5=request.md5
        )
        self._process = process = self._start(options)
        try:
            await asyncio.to_thread(self._check_free)
        except Refused:
            self._process = None
            raise
        self._errors = 0
        self.newest.show(shapes.ScanState("running", "walk"))
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._follow, args=(process, loop), name="scan", daemon=True).start()
        return self.newest.state

    async def cancel(self) -> shapes.ScanState:
        """Ask the scan to end, if one runs; it keeps what it has hashed."""
        if self._process is not None:
            await asyncio.to_thread(self._process.cancel)
            if self.newest.state.status == "running":
                self.newest.show(structs.replace(self.newest.state, status="stopping"))
        return self.newest.state

    def close(self) -> None:
        """Leave no process behind."""
        if self._process is not None:
            self._process.close()

    def _check_free(self) -> None:
        try:
            with scan_lock(archive_cache(self._options.archive)):
                pass
        except ScanRunningError as error:
            raise Refused(409, str(error), code=BUSY) from error

    def _follow(self, process: ScanProcess, loop: asyncio.AbstractEventLoop) -> None:
        """In a thread: every event of the scan to the loop."""
        with suppress(RuntimeError):  # the loop is closed: the server ends
            try:
                process.start()
                for event in process.events():
                    loop.call_soon_threadsafe(self._take, event)
            except (CatalogError, OSError) as error:
                loop.call_soon_threadsafe(self._take, Failed(str(error)))
        with suppress(ValueError):  # its pipes are closed already when the server is ending
            process.close()

    def _take(self, event: Event) -> None:
        if isinstance(event, FileError):
            self._errors += 1
        elif isinstance(event, Progress):
            self.newest.show(_of_progress(event, self.newest.state.status, self._errors))
        elif not isinstance(event, Notice):
            self._process = None
            self.newest.show(_of_end(event, self.newest.state, self._errors))


def _of_progress(now: Progress, status: str, errors: int) -> shapes.ScanState:
    """What the scan says under the names it gives them; what a state has no field for is left out."""
    ours = {
        "status": "stopping" if status == "stopping" else "running",
        "folder": json_path(now.folder)["path"],
        "errors": errors,
    }
    return msgspec.convert({**now._asdict(), **ours}, shapes.ScanState)


def _of_end(last: Finished | Failed, before: shapes.ScanState, errors: int) -> shapes.ScanState:
    if isinstance(last, Failed):
        return structs.replace(before, status="failed", message=last.text)
    summary = last.summary
    return shapes.ScanState(
        status="cancelled" if summary.cancelled else "finished",
        files=summary.files,
        bytes=summary.bytes,
        groups=summary.duplicate_groups,
        waste=summary.total_waste_bytes,
        errors=errors,
        seconds=summary.seconds,
    )
