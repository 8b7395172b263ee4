"""What can be done in every list: move, mark, sort, filter."""

from catalog_tui.commands.command import Command


class MoveDown(Command):
    """Move the cursor one row down"""

    id = "list.down"
    key = "down,j"
    in_palette = False


class MoveUp(Command):
    """Move the cursor one row up"""

    id = "list.up"
    key = "up,k"
    in_palette = False


class PageDown(Command):
    """Move the cursor one page down"""

    id = "list.page_down"
    key = "pagedown"
    in_palette = False


class PageUp(Command):
    """Move the cursor one page up"""

    id = "list.page_up"
    key = "pageup"
    in_palette = False


class GoToFirst(Command):
    """Move the cursor to the first row"""

    id = "list.first"
    key = "home,g"


class GoToLast(Command):
    """Move the cursor to the last row"""

    id = "list.last"
    key = "end,G"


class Mark(Command):
    """Mark the row, or take its mark away, and go to the next"""

    id = "list.mark"
    key = "space"
    in_footer = True


class MarkRange(Command):
    """Start a range here; again, mark every row from there to the cursor"""

    id = "list.mark_range"
    key = "v"


class MarkDownward(Command):
    """Mark the row and go one down"""

    id = "list.mark_down"
    key = "shift+down,J"
    in_palette = False


class MarkUpward(Command):
    """Mark the row and go one up"""

    id = "list.mark_up"
    key = "shift+up,K"
    in_palette = False


class MarkAll(Command):
    """Mark every row of the list; with a filter, every row it shows"""

    id = "list.mark_all"
    key = "A"


class MarkNone(Command):
    """Take every mark of the list away"""

    id = "list.mark_none"
    key = "U"


class InvertMarks(Command):
    """Mark what is unmarked and unmark what is marked"""

    id = "list.invert_marks"
    key = "asterisk"


class Sort(Command):
    """Choose what the list is sorted by"""

    id = "list.sort"
    key = "s"


class ReverseSort(Command):
    """Turn the sort order round"""

    id = "list.reverse_sort"
    key = "S"


class Filter(Command):
    """Narrow the list while typing"""

    id = "list.filter"
    key = "slash"
    in_footer = True


class ClearFilter(Command):
    """Show the whole list again"""

    id = "list.clear_filter"


LIST_COMMANDS: tuple[type[Command], ...] = (
    MoveDown,
    MoveUp,
    PageDown,
    PageUp,
    GoToFirst,
    GoToLast,
    Mark,
    MarkRange,
    MarkDownward,
    MarkUpward,
    MarkAll,
    MarkNone,
    InvertMarks,
    ReverseSort,
)
LIST_FRAME_COMMANDS: tuple[type[Command], ...] = (Sort, Filter, ClearFilter)


class KeepFilter(Command):
    """Go back to the list; the filter holds"""

    id = "filter.keep"
    key = "enter"
    in_footer = True
    in_palette = False
    label = "Keep"


class DropFilter(Command):
    """Go back to the list and show all of it"""

    id = "filter.drop"
    key = "escape"
    in_footer = True
    in_palette = False
    label = "Show all"


class FilterDown(Command):
    """Move the list's cursor one row down while typing"""

    id = "filter.down"
    key = "down"
    in_palette = False


class FilterUp(Command):
    """Move the list's cursor one row up while typing"""

    id = "filter.up"
    key = "up"
    in_palette = False


class ToggleFuzzy(Command):
    """Match the letters in order and rank what matches, as fzf does; again: match the text as it stands"""

    id = "filter.fuzzy"
    key = "ctrl+f"
    in_footer = True
    in_palette = False
    label = "Fuzzy"


FILTER_COMMANDS: tuple[type[Command], ...] = (KeepFilter, DropFilter, ToggleFuzzy, FilterDown, FilterUp)
