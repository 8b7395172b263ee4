"""`catalog-tui thumbs`: make the thumbnails of an archive ahead; everything it says goes to stderr."""

import argparse
import json
import sys
from typing import TYPE_CHECKING

from catalog_tui.choosing import check_archive
from catalog_tui.core.names import display, fit, json_path
from catalog_tui.core.units import format_count, format_duration, format_size
from catalog_tui.core.words import _, ngettext
from catalog_tui.interrupting import interruptions

if TYPE_CHECKING:
    from catalog_tui.core.complaints import Complaint
    from catalog_tui.core.pictures.filling import FillError, FillEvent, FillFinished, FillProgress
    from catalog_tui.core.thumbnails import Size

MOST_ERRORS = 20  # lines on stderr; all are in --progress jsonl
SIZES_BY_WORD: "dict[str, tuple[Size, ...]]" = {"320": (320,), "1280": (1280,), "both": (320, 1280)}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `catalog-tui thumbs`."""
    parser.add_argument("archive", metavar="ARCHIVE", help=_("the archive's folder"))
    size_help = _("which: 320 pixels for grids, 1280 for previews, or both")
    parser.add_argument("--size", choices=list(SIZES_BY_WORD), default="320", help=size_help)
    progress_help = _("auto: a line on the terminal; jsonl: events as JSON lines on stderr; none")
    parser.add_argument("--progress", choices=("auto", "jsonl", "none"), default="auto", help=progress_help)


def run(args: argparse.Namespace) -> int:
    """Fill the store; 0 when done, 3 when some files cannot be shown, 130 when interrupted."""
    from catalog_tui.archives import open_archive
    from catalog_tui.core.pictures.filling import FillFinished, fill
    from catalog_tui.core.reader import DirectReader
    from catalog_tui.core.thumbnails import Thumbnails

    listener = _Listener(args.progress)
    check_archive(args.archive)
    archive = open_archive(args.archive, args.settings, DirectReader())
    finished: FillFinished | None = None
    with interruptions() as interrupted, Thumbnails(complain=listener.complain) as thumbnails:
        if not thumbnails.has_room():  # then why was said
            return 1
        for event in fill(archive, thumbnails, SIZES_BY_WORD[args.size], interrupted):
            listener.take(event)
            if isinstance(event, FillFinished):
                finished = event
        if finished is not None and finished.full:
            listener.say_full(thumbnails.stats().cap_bytes)
    if finished is None or finished.cancelled:
        return 130
    return 3 if listener.errors else 0


class _Listener:
    """Takes the events: shows progress as asked, counts errors and says the first of them at the end."""

    def __init__(self, progress: str) -> None:
        self._as_lines = progress == "jsonl"
        self._on_line = progress == "auto" and sys.stderr.isatty()
        self._first: list[FillError] = []
        self.errors = 0

    def complain(self, complaint: "Complaint") -> None:
        """Say what is wrong with the store; called from whichever thread met it."""
        self._say(str(complaint))

    def take(self, event: "FillEvent") -> None:
        from catalog_tui.core.pictures.filling import FillError, FillFinished, FillProgress

        if isinstance(event, FillError):
            self.errors += 1
            if len(self._first) < MOST_ERRORS:
                self._first.append(event)
        if self._as_lines:
            print(_to_line(event), file=sys.stderr, flush=True)
        elif isinstance(event, FillProgress):
            if self._on_line:
                self._overwrite(event)
        elif isinstance(event, FillFinished):
            self._say_end(event)

    def say_full(self, cap_bytes: int) -> None:
        """Say why it ended before the archive did."""
        text = _("the store of thumbnails is full ({size}): the rest is made as it is looked at")
        self._say(text.format(size=format_size(cap_bytes)))

    def _overwrite(self, progress: "FillProgress") -> None:
        from shutil import get_terminal_size

        rate = progress.made / progress.seconds if progress.seconds else 0.0
        left = (progress.total - progress.done) * progress.seconds / progress.done if progress.done else None
        text = _("thumbnails: {done} of {total}, {rate} a second, {left}").format(
            done=format_count(progress.done),
            total=format_count(progress.total),
            rate=format_count(round(rate)),
            left="" if left is None else _("{time} left").format(time=format_duration(left)),
        )
        line = fit(text.rstrip(" ,"), get_terminal_size().columns - 1).rstrip()
        print(f"\r{line}\x1b[K", end="", file=sys.stderr, flush=True)

    def _say_end(self, finished: "FillFinished") -> None:
        if self._on_line:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
        for error in self._first:
            self._say(f"{display(error.path)}: {error.error}")
        more = self.errors - len(self._first)
        if more > 0:
            self._say(ngettext("and {count} more", "and {count} more", more).format(count=more))
        text = _("{made} thumbnails made, {kept} were there, {failed} files cannot be shown")
        counts = {name: format_count(getattr(finished.progress, name)) for name in ("made", "kept", "failed")}
        self._say(text.format(**counts))

    def _say(self, text: str) -> None:
        start = "\r\x1b[K" if self._on_line else ""
        print(f"{start}catalog-tui: {text}", file=sys.stderr)


def _to_line(event: "FillEvent") -> str:
    from catalog_tui.core.pictures.filling import FillError, FillProgress

    if isinstance(event, FillError):
        return json.dumps({"event": "error", **json_path(event.path), "error": event.error})
    if isinstance(event, FillProgress):
        return json.dumps({"event": "progress", **event._asdict()})
    about = {"cancelled": event.cancelled, "full": event.full}
    return json.dumps({"event": "finished", **event.progress._asdict(), **about})
