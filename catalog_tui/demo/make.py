"""Making the demo archive in a folder of its own, or finding it made."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

import msgspec
from PIL import Image

from catalog_tui.core.errors import CatalogError, UsageError
from catalog_tui.core.names import safe_text_for_terminal
from catalog_tui.core.words import _
from catalog_tui.demo.plan import Plan, plan_demo
from catalog_tui.demo.writing import write_derived, write_original

MARKER: Final = ".catalog-demo"
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class DemoSummary:
    """What the demo archive held when it was made; `reused` says that it was made by an earlier call."""

    sites: int
    models: int
    files: int
    size_bytes: int
    reused: bool = False


def make_demo(folder: Path, *, progress: Progress | None = None) -> DemoSummary:
    """Make the demo archive in `folder`, new or empty; one made there before is left as it is now.

    `progress` is called in the caller's thread with the files done and their total. Raises UsageError for a folder
    that holds something else, and CatalogError where it cannot be written.
    """
    shown = safe_text_for_terminal(str(folder))
    try:
        marker = folder / MARKER
        if marker.exists():
            summary = _earlier_summary(marker)
            if summary is not None:
                return summary
        elif folder.exists() and (not folder.is_dir() or os.listdir(folder)):
            raise UsageError(_("{folder} is there and is no demo: name a new folder").format(folder=shown))
        return _make(folder, plan_demo(), progress)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CatalogError(
            _("cannot make the demo in {folder}: {reason}").format(folder=shown, reason=reason)
        ) from error


def _earlier_summary(marker: Path) -> DemoSummary | None:
    """What an earlier call noted; None when it was interrupted, and its files are to be made again."""
    try:
        return replace(msgspec.json.decode(marker.read_bytes(), type=DemoSummary), reused=True)
    except msgspec.MsgspecError:
        return None


def _make(folder: Path, plan: Plan, progress: Progress | None) -> DemoSummary:
    root = os.path.abspath(folder)
    items = [*plan.originals, *plan.derived]
    os.makedirs(root, exist_ok=True)
    marker = Path(root, MARKER)
    marker.touch()  # empty until all is made
    for path in {os.path.dirname(item.path) for item in items}.union(plan.empty_folders):
        os.makedirs(os.path.join(root, path), exist_ok=True)
    Image.init()  # Pillow loads its formats on first use, which is nothing for several threads at once
    # Threads will do: Pillow and FFmpeg release the interpreter while they paint and encode.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for done, _written in enumerate(pool.map(partial(write_original, root), plan.originals), 1):
            if progress is not None:
                progress(done, len(items))
    for done, item in enumerate(plan.derived, len(plan.originals) + 1):
        write_derived(root, item)
        if progress is not None:
            progress(done, len(items))
    summary = _summary(root, plan)
    marker.write_bytes(msgspec.json.encode(summary))
    return summary


def _summary(root: str, plan: Plan) -> DemoSummary:
    paths = [item.path for item in (*plan.originals, *plan.derived)]
    chains = [path.split("/") for path in (*paths, *(f"{folder}/" for folder in plan.empty_folders))]
    return DemoSummary(
        sites=len({chain[0] for chain in chains}),
        models=len({tuple(chain[:2]) for chain in chains if len(chain) > 2}),
        files=len(paths),
        size_bytes=sum(os.path.getsize(os.path.join(root, path)) for path in paths),
    )
