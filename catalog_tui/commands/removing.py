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


class ClearReview(Command):
    """Let every copy stay: forget all that was chosen"""

    id = "review.clear"
    key = "C"


REMOVAL_COMMANDS: tuple[type[Command], ...] = (MoveToTrash, UndoRemoval)
REVIEW_COMMANDS: tuple[type[Command], ...] = (ApplyRule, ClearReview)
