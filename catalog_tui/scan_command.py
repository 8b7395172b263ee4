"""`catalog-tui scan`: find duplicates and print them; data to stdout, words and progress to stderr."""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from catalog_tui.choosing import check_archive
from catalog_tui.core.errors import CatalogError, UsageError
from catalog_tui.core.words import _, ngettext
from catalog_tui.interrupting import interruptions

if TYPE_CHECKING:
    from catalog_tui.core.scan.crew import Workers
    from catalog_tui.core.scan.events import Event, FileError, Finished, Progress
    from catalog_tui.core.scan.options import ScanOptions

FORMATS = ("table", "json", "csv", "null")
MOST_ERRORS = 20  # lines on stderr; all are in the JSON


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `catalog-tui scan`."""
    from catalog_tui.core.scan.options import ALGORITHMS

    parser.add_argument("archive", metavar="ARCHIVE", help=_("the archive's folder"))
    format_help = _("table: the largest groups; json, csv: all; null: paths, each ended by NUL, each group by one more")
    parser.add_argument("--format", choices=FORMATS, default="table", help=format_help)
    hash_help = _("the digest that decides; different files with one MD5 can be made on purpose: add --verify to md5")
    parser.add_argument("--hash", choices=ALGORITHMS, default="xxh128", help=hash_help)
    parser.add_argument("--min-size", metavar="N", default="1", help=_("leave out smaller files: bytes, or 10K, 5MB"))
    all_help = _("every regular file, hidden ones and side-files too, but never the archive's own trash")
    parser.add_argument("--all", action="store_true", help=all_help)
    exclude_help = _("leave out files and folders of this name, or this path if it has a slash; may be repeated")
    parser.add_argument("--exclude", metavar="GLOB", action="append", default=[], help=exclude_help)
    no_index_help = _("read everything anew and remember nothing")
    parser.add_argument("--no-index", action="store_true", help=no_index_help)
    parser.add_argument("--verify", action="store_true", help=_("compare the files of every group byte by byte"))
    parser.add_argument("--md5", action="store_true", help=_("add the MD5 of each group"))
    progress_help = _("auto: a line on the terminal; jsonl: events as JSON lines on stderr; none")
    parser.add_argument("--progress", choices=("auto", "jsonl", "none"), default="auto", help=progress_help)
    parser.add_argument("--dask", metavar="URL", help=_("hash on the workers of this Dask scheduler"))
    parser.add_argument("--dask-root", metavar="DIR", help=_("where those workers have the archive"))


def run(args: argparse.Namespace) -> int:
    """Scan and print; 0 when done, 3 when some files could not be read, 130 when interrupted."""
    from catalog_tui.core.scan.collector import no_collector

    with no_collector():
        return _scan(args)


def _scan(args: argparse.Namespace) -> int:
    from catalog_tui.core.scan.engine import scan

    options = _options(args)
    check_archive(options.archive)
    listener = _Listener(args.progress)
    with ExitStack() as held:
        interrupted = held.enter_context(interruptions())
        if options.use_index:
            from catalog_tui.core.places import archive_cache
            from catalog_tui.core.scan.lock import scan_lock

            held.enter_context(scan_lock(archive_cache(options.archive)))
        workers = held.enter_context(executor_for(args))
        for event in scan(options, cancelled=interrupted, workers=workers):
            listener.take(event)
    finished = listener.finished
    if finished is None or finished.outcome is None:
        return 1
    try:
        _print(args.format, finished, listener.errors)
    finally:
        finished.outcome.close()
    if finished.summary.cancelled:
        return 130
    return 3 if listener.errors else 0


@contextmanager
def executor_for(args: argparse.Namespace) -> Iterator["Workers | None"]:
    """Who reads and hashes, as the command line says: None for this machine's own processors."""
    if args.dask_root and not args.dask:
        raise UsageError(_("--dask-root says where the workers of --dask have the archive: give both"))
    if not args.dask:
        yield None
        return
    try:
        from catalog_tui.core.scan.cluster import cluster_workers
    except ImportError as error:
        text = _("--dask needs Dask, which is not installed here: pip install 'catalog-tui[dask]'")
        raise CatalogError(text) from error
    with cluster_workers(args.dask, os.path.abspath(args.archive), args.dask_root or "") as workers:
        yield workers


def _options(args: argparse.Namespace) -> "ScanOptions":
    from catalog_tui.core.scan.options import ScanOptions, parse_size

    if args.settings is None:  # nothing is set, and what knows settings is not even loaded
        archive = ScanOptions(os.path.abspath(args.archive))
    else:
        from catalog_tui.archives import scan_options

        archive = scan_options(os.path.abspath(args.archive), args.settings)
    return archive._replace(
        algorithm=args.hash,
        min_size=max(1, parse_size(args.min_size)),
        everything=args.all,
        exclude=tuple(args.exclude),
        use_index=not args.no_index,
        verify=args.verify,
        md5=args.md5,
    )


def _print(output: str, finished: "Finished", errors: "list[FileError]") -> None:
    from catalog_tui import scan_report

    if output == "table":
        from catalog_tui.scan_table import print_table

        print_table(finished)
    else:
        chunks = {"json": scan_report.as_json, "csv": scan_report.as_csv, "null": scan_report.as_null}[output]
        sys.stdout.flush()
        for chunk in chunks(finished, errors, shown=sys.stdout.isatty()):
            sys.stdout.buffer.write(chunk)


class _Listener:
    """Takes the events of a scan: shows progress as asked, collects the rest."""

    def __init__(self, progress: str) -> None:
        self._as_lines = progress == "jsonl"
        self._on_line = progress == "auto" and sys.stderr.isatty()
        self.errors: list[FileError] = []
        self.finished: Finished | None = None

    def take(self, event: "Event") -> None:
        from catalog_tui.core.scan.events import FileError, Finished, Notice, Progress, to_line

        if isinstance(event, FileError):
            self.errors.append(event)
        elif isinstance(event, Finished):
            self.finished = event
        if self._as_lines:
            print(to_line(event), file=sys.stderr, flush=True)
        elif isinstance(event, Progress):
            if self._on_line:
                self._overwrite(event)
        elif isinstance(event, Notice):
            self._say(event.text)
        elif isinstance(event, Finished):
            self._say_errors()

    def _overwrite(self, progress: "Progress") -> None:
        from shutil import get_terminal_size

        from catalog_tui.scan_report import progress_line

        line = progress_line(progress, get_terminal_size().columns - 1)
        print(f"\r{line}\x1b[K", end="", file=sys.stderr, flush=True)

    def _say(self, text: str) -> None:
        from catalog_tui.core.names import safe_text_for_terminal

        start = "\r\x1b[K" if self._on_line else ""
        print(f"{start}catalog-tui: {safe_text_for_terminal(text)}", file=sys.stderr)

    def _say_errors(self) -> None:
        if self._on_line:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
        for error in self.errors[:MOST_ERRORS]:
            self._say(f"{error.path or '.'}: {error.error}")
        more = len(self.errors) - MOST_ERRORS
        if more > 0:
            self._say(ngettext("and {count} more", "and {count} more", more).format(count=more))
