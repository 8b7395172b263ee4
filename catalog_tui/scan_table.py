"""The result of a scan as a table for people: the groups that waste most, and the totals."""

from itertools import islice

from rich.console import Console
from rich.table import Table
from rich.text import Text

from catalog_tui.core.names import display
from catalog_tui.core.scan.events import Finished, Summary
from catalog_tui.core.units import format_count, format_elapsed, format_size
from catalog_tui.core.words import _

TOP_GROUPS = 20
MOST_NAMES = 5  # of a group


def print_table(finished: Finished) -> None:
    """Print the TOP_GROUPS groups and what the scan did."""
    console = Console(highlight=False, markup=False, emoji=False)
    summary = finished.summary
    if finished.outcome is not None and summary.duplicate_groups:
        table = Table(expand=True)
        table.add_column(_("Waste"), justify="right", no_wrap=True)
        table.add_column(_("Size"), justify="right", no_wrap=True)
        table.add_column(_("Copies"), justify="right", no_wrap=True)
        table.add_column(_("Files"), ratio=1, overflow="fold")
        for group, files in islice(finished.outcome.groups(), TOP_GROUPS):
            names = [display(file.path) for file in files[:MOST_NAMES]]
            if len(files) > MOST_NAMES:
                names.append(_("and {count} more").format(count=format_count(len(files) - MOST_NAMES)))
            cells = (format_size(group.waste), format_size(group.size), format_count(group.copies), "\n".join(names))
            table.add_row(*map(Text, cells), end_section=True)
        console.print(table)
        more = summary.duplicate_groups - TOP_GROUPS
        if more > 0:
            console.print(_("and {count} more groups").format(count=format_count(more)))
    for line in _totals(summary):
        console.print(Text(line))


def _totals(summary: Summary) -> list[str]:
    lines = [
        _("{waste} in {files} duplicates, {groups} groups").format(
            waste=format_size(summary.total_waste_bytes),
            files=format_count(summary.duplicate_files),
            groups=format_count(summary.duplicate_groups),
        ),
        _("{files} files, {size}; read {read} in {time}").format(
            files=format_count(summary.files),
            size=format_size(summary.bytes),
            read=format_size(summary.bytes_read),
            time=format_elapsed(summary.seconds),
        ),
    ]
    if summary.cache_hits:
        asked = summary.cache_hits + summary.cache_misses
        share = 100 * summary.cache_hits / asked
        lines.append(
            _("{percent} % of {count} digests were in the index").format(
                percent=round(share), count=format_count(asked)
            )
        )
    if summary.cancelled:
        lines.append(_("Interrupted: this is what was found until then"))
    return lines
