"""What can be done about files that are to go: moved to the archive's trash, and back."""

from catalog_tui.commands.command import Command


class MoveToTrash(Command):
    """Move what is marked to the archive's trash, after a question; it can be undone"""

    id = "removal.trash"
    key = "d"
    label = "Trash"


class UndoRemoval(Command):
    """Put back what the last removal moved, and before that the one before"""

    id = "removal.undo"
    key = "u"
    label = "Undo"


class ApplyRule(Command):
    """Choose by a rule which copy stays: of the marked groups, or of all that are shown"""

    id = "review.rule"
    key = "R"
    in_footer = True
    label = "Rule"


class AcceptGroup(Command):
    """Choose in this group by your keep rules, and go to the next group"""

    id = "review.accept"
    key = "a"
    in_footer = True
    label = "Accept"


class SkipGroup(Command):
    """Let every copy of this group stay this time, and go to the next group"""

    id = "review.skip"
    key = "n"


class ClearReview(Command):
    """Let every copy stay: forget all that was chosen"""

    id = "review.clear"
    key = "C"


class KeepBoth(Command):
    """Keep every copy of this group, now and after later scans; again: let them be chosen"""

    id = "review.keep_both"
    key = "b"
    title = "Keep both"


class ShowInBrowser(Command):
    """Go to this file in the browser"""

    id = "review.browse"
    key = "f"


class ComparePictures(Command):
    """Look at the two pictures in turns, in one place; x again goes from one to the other"""

    id = "review.compare"
    key = "x"


class ShowJournal(Command):
    """Show what was removed, and what of it can still be undone"""

    id = "removal.journal"
    key = "H"


REMOVAL_COMMANDS: tuple[type[Command], ...] = (MoveToTrash, UndoRemoval, ShowJournal)
REVIEW_COMMANDS: tuple[type[Command], ...] = (
    AcceptGroup,
    SkipGroup,
    ApplyRule,
    KeepBoth,
    ComparePictures,
    ShowInBrowser,
    ClearReview,
)
