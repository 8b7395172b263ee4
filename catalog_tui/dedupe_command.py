"""`catalog-tui dedupe`: plan the removal of duplicates, and, when told to, do it."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from catalog_tui.choosing import check_archive
from catalog_tui.core.errors import CatalogError, UsageError
from catalog_tui.core.names import display, json_path
from catalog_tui.core.removal.plan import ACTIONS, HARDLINK, REFLINK, TRASH
from catalog_tui.core.words import _, ngettext, reason_of

if TYPE_CHECKING:
    from catalog_tui.core.removal.executor import Done, Report
    from catalog_tui.core.removal.plan import Plan
    from catalog_tui.core.removal.planning import Planned
    from catalog_tui.core.removal.refusals import Refusal
    from catalog_tui.core.scan.events import Event, Finished
    from catalog_tui.core.scan.options import ScanOptions


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `catalog-tui dedupe`."""
    from catalog_tui.core.removal.keep_rules import DEFAULT_RULES, RULE_NAMES

    parser.add_argument("archive", nargs="?", metavar="ARCHIVE", help=_("the archive's folder"))
    parser.add_argument("--apply", action="store_true", help=_("do it; without this the plan is only shown"))
    plan_help = _("carry out this plan, as --format json printed it, instead of making one; - for standard input")
    parser.add_argument("--plan", metavar="FILE", help=plan_help)
    keep_help = _("which file of a group is kept, by the first rule that tells: {rules}; usual: {usual}")
    rules = ", ".join(f"{name}:WHERE" if name in ("prefer", "avoid") else name for name in RULE_NAMES)
    keep_help = keep_help.format(rules=rules, usual=" ".join(DEFAULT_RULES))
    parser.add_argument("--keep", metavar="RULE", nargs="+", action="extend", default=[], help=keep_help)
    protect_help = _("never remove a file in this folder or below it; may be repeated")
    parser.add_argument("--protect", metavar="DIR", nargs="+", action="extend", default=[], help=protect_help)
    action_help = _("trash: move away; hardlink, reflink: let them share the disk space of the file that is kept")
    parser.add_argument("--action", choices=ACTIONS, help=action_help)
    format_help = _("how the plan, or what was done, is printed")
    parser.add_argument("--format", choices=("table", "json"), default="table", help=format_help)


def run(args: argparse.Namespace) -> int:
    """Plan, print, act when asked to; 0 when done, 3 when something was left alone, 130 when interrupted."""
    from catalog_tui.interrupting import interruptions
    from catalog_tui.removal_words import say, say_refusals

    with interruptions() as interrupted:
        planned = _planned(args, interrupted)
        if interrupted():
            return 130
        if not args.apply:
            _print_plan(args.format, planned)
            say_refusals(planned.left_out)
            say(_("This is a dry run: nothing was removed. --apply does it."))
            return 3 if planned.left_out else 0
        report = _applied(planned.plan, _protected(args, planned.plan.archive), interrupted)
    refused = (*planned.left_out, *report.refused)
    _print_report(args.format, planned.plan, report, refused)
    say_refusals(refused)
    if report.cancelled:
        return 130
    return 3 if refused else 0


def _protected(args: argparse.Namespace, archive: str) -> list[str]:
    """What the command line protects, and those of the settings' folders, meant for every archive, that are here."""
    from catalog_tui.core.removal.planning import present_folders

    return [*present_folders(archive, args.settings.protect), *args.protect]


def _planned(args: argparse.Namespace, interrupted: Callable[[], bool]) -> "Planned":
    from catalog_tui.archives import scan_options
    from catalog_tui.core.removal.keep_rules import DEFAULT_RULES, parse_rules
    from catalog_tui.core.removal.planning import Planned, plan_removal

    if args.plan:
        if args.keep or args.action:
            raise UsageError(_("--keep and --action make a plan, --plan brings one: give one or the other"))
        return Planned(_read_plan(args.plan, args.archive), ())
    if not args.archive:
        raise UsageError(_("which archive? Give its folder, or a plan with --plan"))
    rules = parse_rules(args.keep or args.settings.keep or DEFAULT_RULES)
    archive = os.path.abspath(args.archive)
    check_archive(archive)
    with _scanned(scan_options(archive, args.settings), interrupted) as (finished, unreadable):
        groups = finished.outcome.groups() if finished.outcome is not None else ()
        action = args.action or TRASH
        planned = plan_removal(archive, groups, rules, action=action, protected=_protected(args, archive))
    return replace(planned, left_out=(*unreadable, *planned.left_out))


@contextmanager
def _scanned(options: "ScanOptions", interrupted: Callable[[], bool]) -> "Iterator[tuple[Finished, list[Refusal]]]":
    """A scan of the archive as `catalog-tui scan` makes it, open for reading, and what it could not read."""
    from catalog_tui.core.places import archive_cache
    from catalog_tui.core.removal.refusals import Refusal
    from catalog_tui.core.scan.engine import scan
    from catalog_tui.core.scan.events import FileError, Finished
    from catalog_tui.core.scan.lock import scan_lock

    unreadable: list[Refusal] = []
    with ExitStack() as held:
        held.enter_context(scan_lock(archive_cache(options.archive)))
        for event in scan(options, cancelled=interrupted):
            if isinstance(event, Finished) and event.outcome is not None:
                held.callback(event.outcome.close)
                yield event, unreadable
            elif isinstance(event, FileError):
                unreadable.append(Refusal(event.path, event.error))
            else:
                _say_event(event)


def _say_event(event: "Event") -> None:
    from catalog_tui.core.scan.events import Notice, Progress
    from catalog_tui.removal_words import say

    if isinstance(event, Notice):
        say(event.text)
    elif isinstance(event, Progress) and sys.stderr.isatty():
        from shutil import get_terminal_size

        from catalog_tui.scan_report import progress_line

        line = progress_line(event, get_terminal_size().columns - 1)
        print(f"\r{line}\x1b[K\r", end="", file=sys.stderr, flush=True)


def _read_plan(file: str, archive: str | None) -> "Plan":
    from catalog_tui.core.removal.plan import plan_from_json

    try:
        if file == "-":
            text = sys.stdin.buffer.read()
        else:
            with open(file, "rb") as stream:
                text = stream.read()
    except OSError as error:
        reason = _("the plan {file} cannot be read: {reason}")
        raise CatalogError(reason.format(file=display(file), reason=reason_of(error))) from error
    plan = plan_from_json(text)
    if archive and os.path.realpath(archive) != os.path.realpath(plan.archive):
        text_of = _("the plan is for another archive: {archive}")
        raise UsageError(text_of.format(archive=display(plan.archive)))
    check_archive(plan.archive)
    return plan


def _applied(plan: "Plan", protected: Sequence[str], interrupted: Callable[[], bool]) -> "Report":
    from catalog_tui.core.removal.executor import Report, execute
    from catalog_tui.removal_words import ProgressLine

    if not plan.items:
        return Report("", (), ())
    return execute(plan, protected=protected, progress=ProgressLine(_("removing")), cancelled=interrupted)


def _print_plan(output: str, planned: "Planned") -> None:
    from catalog_tui.core.removal.plan import plan_to_json

    if output == "json":
        print(json.dumps(plan_to_json(planned.plan)))
        return
    plan = planned.plan
    verb = _verbs()[plan.action]
    for keeper, items in groupby(plan.items, key=lambda item: item.keeper):
        print(f"{_('keep')}  {display(keeper.path) if keeper else ''}")
        for item in items:
            print(f"  {verb}  {display(item.victim.path)}")
    _print_total(plan, len(plan.items))


def _verbs() -> dict[str, str]:
    return {TRASH: _("to the trash"), HARDLINK: _("hard link"), REFLINK: _("share blocks")}


def _print_total(plan: "Plan", count: int) -> None:
    from catalog_tui.core.units import format_count, format_size

    text = ngettext("{count} file; purging frees {size}", "{count} files; purging frees {size}", count)
    if plan.action == REFLINK:
        text = ngettext("{count} file; this frees {size}", "{count} files; this frees {size}", count)
    print(text.format(count=format_count(count), size=format_size(plan.bytes_after_purge)))


def _print_report(output: str, plan: "Plan", report: "Report", refused: "Sequence[Refusal]") -> None:
    from catalog_tui.core.removal.plan import plan_to_json
    from catalog_tui.core.units import format_count
    from catalog_tui.removal_words import refusals_json

    if output == "json":
        fields = plan_to_json(plan) | {"run": report.run, "cancelled": report.cancelled}
        print(json.dumps(fields | {"done": list(map(_done_json, report.done)), "refused": refusals_json(refused)}))
        return
    verb = _verbs()[plan.action]
    for done in report.done:
        print(f"{verb}  {display(done.path)}")
    counts = {"done": format_count(len(report.done)), "refused": format_count(len(refused))}
    if plan.action == REFLINK or not report.done:  # sharing blocks, names, inodes and dates are what they were
        print(_("{done} done, {refused} left alone").format(**counts))
    else:
        print(_("{done} done, {refused} left alone; catalog-tui undo puts them back").format(**counts))


def _done_json(done: "Done") -> dict[str, Any]:
    trash = {"trash": json_path(done.trash_path)} if done.trash_path else {}
    return {**json_path(done.path), "size": done.size, **trash, "side_files": list(map(json_path, done.side_files))}
