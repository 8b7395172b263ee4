"""Choosing the order of a list."""

from catalog_tui.core.words import _

from .dialogs import Choice, ChoiceDialog
from .records import Sort

DESCENDING_FIRST = frozenset({"size", "date", "count"})
"""Keys by which one wants the largest or newest first."""


def sort_dialog(sort_keys: tuple[str, ...], sort: Sort) -> ChoiceDialog:
    """Ask for one of `sort_keys`, standing on the one in force."""
    names = {
        "name": Choice("name", _("Name"), "n"),
        "size": Choice("size", _("Size, largest first"), "s"),
        "date": Choice("date", _("Date, newest first"), "d"),
        "kind": Choice("kind", _("Kind"), "t"),
        "count": Choice("count", _("Count, most first"), "c"),
    }
    return ChoiceDialog(_("Sort by"), [names[key] for key in sort_keys], highlighted=sort.key)


def sort_of(key: str, sort: Sort) -> Sort:
    """The order that choosing `key` gives: its usual way, or turned round where it is in force already."""
    if key == sort.key:
        return sort._replace(descending=not sort.descending)
    return Sort(key, key in DESCENDING_FIRST)
