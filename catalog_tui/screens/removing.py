"""What screens that remove have in common: the question before, and the words after."""

from collections import Counter
from collections.abc import Callable

from textual.screen import Screen

from catalog_tui.core.names import display
from catalog_tui.core.removal.plan import TRASH, Plan
from catalog_tui.core.removal.refusals import Refusal
from catalog_tui.core.units import format_count, format_size
from catalog_tui.core.words import _, ngettext
from catalog_tui.widgets.dialogs import Choice, ChoiceDialog

MOST_SITES = 8
MOST_REASONS = 5


def ask_and_remove(screen: Screen[None], plan: Plan, remove: Callable[[Plan], None]) -> None:
    """Show what `plan` would do, site by site, and `remove` it only when the user says so; Cancel comes first."""
    if not plan.items:
        screen.notify(_("Nothing is chosen that could be moved."), severity="warning")
        return

    def answered(answer: str | None) -> None:
        if answer == TRASH:
            remove(plan)

    count = ngettext("{count} file", "{count} files", len(plan.items)).format(count=format_count(len(plan.items)))
    choices = (
        Choice("cancel", _("Cancel"), "n"),
        Choice(TRASH, _("Move {files} to the archive's trash").format(files=count), "y"),
    )
    screen.app.push_screen(ChoiceDialog(_("Move to the trash?"), choices, words=_summary(plan)), answered)


def say_what_came_of_it(screen: Screen[None], words: str, refused: tuple[Refusal, ...]) -> None:
    """Say what was done; and of what was left alone, how much and why."""
    screen.notify(words, markup=False)
    if refused:
        lines = [f"{display(refusal.path)}: {refusal.reason}" for refusal in refused[:MOST_REASONS]]
        left = ngettext("{count} file was left alone", "{count} files were left alone", len(refused))
        title = left.format(count=format_count(len(refused)))
        screen.notify("\n".join(lines), title=title, severity="warning", markup=False, timeout=15)


def _summary(plan: Plan) -> str:
    by_site = Counter[str]()
    for item in plan.items:
        by_site[item.victim.path.split("/", 1)[0]] += 1
    lines = [f"{format_count(count):>7}  {display(site)}" for site, count in by_site.most_common(MOST_SITES)]
    if len(by_site) > MOST_SITES:
        lines.append(_("… and {count} more sites").format(count=format_count(len(by_site) - MOST_SITES)))
    lines.append("")
    lines.append(
        _("Purging would free {size}; until then nothing is freed.").format(size=format_size(plan.bytes_after_purge))
    )
    if any(item.keeper is None for item in plan.items):
        lines.append(_("No copy is kept of these: they are where you look for them now, and in the trash after."))
    else:
        lines.append(_("A copy of each stays, and is compared byte by byte before its twin is moved."))
    return "\n".join(lines)
