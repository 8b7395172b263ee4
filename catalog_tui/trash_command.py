"""`catalog-tui trash list|restore|purge` and `catalog-tui undo`."""

import argparse
import json
import os
import re
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

from catalog_tui.choosing import check_archive
from catalog_tui.core.errors import CatalogError, UsageError
from catalog_tui.core.names import display, json_path
from catalog_tui.core.units import format_count, format_size
from catalog_tui.core.words import _, ngettext

if TYPE_CHECKING:
    from catalog_tui.core.removal.undo import UndoReport


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `catalog-tui trash`."""
    what_help = _("show what is in it, put files back, or delete for good what stands elsewhere in the archive too")
    parser.add_argument("what", choices=["list", "restore", "purge"], help=what_help)
    parser.add_argument("archive", metavar="ARCHIVE", help=_("the archive's folder"))
    path_help = _("restore: files, or folders of files, by their old paths in the archive; none: all")
    parser.add_argument("paths", nargs="*", metavar="PATH", help=path_help)
    age_help = _("purge: only what was removed so long ago: 30d, 12h, 2w")
    parser.add_argument("--older-than", metavar="AGE", default="0d", help=age_help)
    last_help = _("purge: also what has no other copy in the archive")
    parser.add_argument("--last-copies", action="store_true", help=last_help)
    parser.add_argument("--yes", action="store_true", help=_("purge: do not ask"))
    _add_format(parser)


def add_undo_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `catalog-tui undo`."""
    parser.add_argument("archive", metavar="ARCHIVE", help=_("the archive's folder"))
    steps_help = _("how many actions to undo, the latest first; usual: 1")
    parser.add_argument("steps", nargs="?", type=int, default=1, metavar="STEPS", help=steps_help)
    _add_format(parser)


def run(args: argparse.Namespace) -> int:
    """List, restore or purge; 0 when done, 3 when something was left alone, 130 when interrupted."""
    if args.paths and args.what != "restore":
        raise UsageError(_("PATH goes with restore only"))
    archive = os.path.abspath(args.archive)
    check_archive(archive)
    if args.what == "list":
        return _list(archive, args.format)
    if args.what == "restore":
        return _restore(archive, args.paths, args.format)
    return _purge(archive, _age(args.older_than), args)


def run_undo(args: argparse.Namespace) -> int:
    """Undo; 0 when done, 3 when something was left alone, 130 when interrupted."""
    from catalog_tui.core.removal.undo import undo
    from catalog_tui.interrupting import interruptions
    from catalog_tui.removal_words import ProgressLine, say

    if args.steps < 1:
        raise UsageError(_("STEPS is 1 or more"))
    check_archive(args.archive)
    with interruptions() as interrupted:
        progress = ProgressLine(_("putting back"))
        report = undo(os.path.abspath(args.archive), args.steps, progress=progress, cancelled=interrupted)
    if not report.runs:
        say(_("there is nothing to undo"))
    return _say_undone(report, args.format)


def _add_format(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("table", "json"), default="table", help=_("how the answer is printed"))


def _list(archive: str, output: str) -> int:
    from catalog_tui.core.removal.contents import trashed

    files = trashed(archive)
    if output == "json":
        shown = [
            {
                **json_path(file.entry.path),
                "trash": json_path(file.entry.trash_path),
                "run": file.entry.run,
                "action": file.action,
                "created": file.created,
                "size": file.size,
                "keeper": json_path(file.entry.keeper) if file.entry.keeper else None,
                "can_undo": file.can_undo,
            }
            for file in files
        ]
        print(json.dumps({"archive": json_path(archive)["path"], "files": shown}))
        return 0
    for file in files:
        print(f"{file.created}  {format_size(file.size):>10}  {display(file.entry.path)}")
    text = ngettext("{count} file in the trash, {size}", "{count} files in the trash, {size}", len(files))
    print(text.format(count=format_count(len(files)), size=format_size(sum(file.size for file in files))))
    return 0


def _restore(archive: str, paths: list[str], output: str) -> int:
    from catalog_tui.core.removal.undo import restore
    from catalog_tui.interrupting import interruptions
    from catalog_tui.removal_words import ProgressLine, say

    wanted = [os.path.relpath(path, archive) if os.path.isabs(path) else path.rstrip("/") for path in paths]
    with interruptions() as interrupted:
        report = restore(
            archive,
            lambda entry: not wanted or any(entry.path == path or entry.path.startswith(f"{path}/") for path in wanted),
            progress=ProgressLine(_("putting back")),
            cancelled=interrupted,
        )
    met = [file.path for file in report.restored] + [refusal.path for refusal in report.refused]
    missing = [path for path in wanted if not any(file == path or file.startswith(f"{path}/") for file in met)]
    for path in missing:
        say(_("{path} is not in the trash").format(path=display(path)))
    code = _say_undone(report, output)
    return code or (3 if missing else 0)


def _say_undone(report: "UndoReport", output: str) -> int:
    from catalog_tui.removal_words import refusals_json, say, say_refusals

    if output == "json":
        restored = [{**json_path(file.path), "now": json_path(file.now)} for file in report.restored]
        fields = {"runs": report.runs, "restored": restored, "refused": refusals_json(report.refused)}
        print(json.dumps(fields | {"cancelled": report.cancelled}))
    else:
        for file in report.restored:
            print(display(file.now))
    for file in report.restored:
        if file.now != file.path:
            text = _("{path} is taken by another file; it was put back as {now}")
            say(text.format(path=display(file.path), now=display(file.now)))
    say_refusals(report.refused)
    if report.cancelled:
        return 130
    return 3 if report.refused else 0


def _purge(archive: str, older_than: timedelta, args: argparse.Namespace) -> int:
    from catalog_tui.core.removal.purge import purge
    from catalog_tui.interrupting import interruptions
    from catalog_tui.removal_words import ProgressLine, refusals_json, say_refusals

    if not args.yes:
        _ask(args.last_copies)
    with interruptions() as interrupted:
        report = purge(
            archive,
            older_than=older_than,
            last_copies=args.last_copies,
            progress=ProgressLine(_("purging")),
            cancelled=interrupted,
        )
    if args.format == "json":
        fields = {"purged": list(map(json_path, report.purged)), "bytes_freed": report.freed}
        print(json.dumps(fields | {"refused": refusals_json(report.refused), "cancelled": report.cancelled}))
    else:
        count = len(report.purged)
        text = ngettext("{count} file deleted, {size} freed", "{count} files deleted, {size} freed", count)
        print(text.format(count=format_count(count), size=format_size(report.freed)))
    say_refusals(report.refused)
    if report.cancelled:
        return 130
    return 3 if report.refused else 0


def _ask(last_copies: bool) -> None:
    """CatalogError unless the person at the terminal says yes."""
    if not sys.stdin.isatty():
        raise UsageError(_("purging cannot be undone: say --yes, or run it on a terminal, where it asks"))
    question = _("Delete for good what stands elsewhere in the archive too? [y/N] ")
    if last_copies:
        question = _("Delete for good everything in the trash, the LAST COPIES too? [y/N] ")
    print(question, end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in (_("y"), _("yes"), "y"):
        raise CatalogError(_("nothing was purged"))


def _age(text: str) -> timedelta:
    found = re.fullmatch(r"(\d+)([hdw])", text.strip().lower())
    if not found:
        raise UsageError(_("{age} is no age: write 12h, 30d or 2w").format(age=text))
    return timedelta(hours=int(found[1]) * {"h": 1, "d": 24, "w": 168}[found[2]])
