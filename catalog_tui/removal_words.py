"""How the commands that remove and restore speak: one line on standard error, files in lines on standard output."""

import sys
from collections.abc import Iterable
from typing import Any

from catalog_tui.core.names import display, json_path, safe_text_for_terminal
from catalog_tui.core.removal.refusals import Refusal
from catalog_tui.core.units import format_count
from catalog_tui.core.words import _, ngettext

MOST_LINES = 20  # of refusals; all are in the JSON


class ProgressLine:
    """A line on the terminal that counts files; nothing where standard error is none."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __call__(self, done: int, total: int, _size: int) -> None:
        """Show it, after every hundredth file."""
        if sys.stderr.isatty() and (done % 100 == 0 or done == total):
            counts = _("{done} of {total}").format(done=format_count(done), total=format_count(total))
            end = "\r\x1b[K" if done == total else ""
            print(f"\r{self._text}: {counts}", end=end, file=sys.stderr, flush=True)


def say(text: str) -> None:
    """One line for people."""
    print(f"catalog-tui: {safe_text_for_terminal(text)}", file=sys.stderr)


def say_refusals(refused: Iterable[Refusal]) -> None:
    """What was left alone, and why: the first MOST_LINES."""
    refused = list(refused)
    for refusal in refused[:MOST_LINES]:
        say(f"{display(refusal.path)}: {refusal.reason}")
    more = len(refused) - MOST_LINES
    if more > 0:
        say(ngettext("and {count} more", "and {count} more", more).format(count=format_count(more)))


def refusals_json(refused: Iterable[Refusal]) -> list[dict[str, Any]]:
    """The refusals as JSON fields."""
    return [{**json_path(refusal.path), "reason": refusal.reason} for refusal in refused]
