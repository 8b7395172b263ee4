"""What screens that remove have in common: the question before, the report after, and the journal of it all."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

from textual.content import Content
from textual.screen import Screen

from catalog_tui.core.names import display
from catalog_tui.core.removal.plan import HARDLINK, REFLINK, TRASH, Plan
from catalog_tui.core.removal.refusals import Refusal
from catalog_tui.core.units import format_count, format_size
from catalog_tui.core.words import _, ngettext
from catalog_tui.widgets.dialogs import Choice, ChoiceDialog
from catalog_tui.widgets.reading_window import ReadingWindow
from catalog_tui.widgets.wrapping import wrapped

MOST_SITES = 8


def ask_and_remove(screen: Screen[None], plan: Plan, remove: Callable[[Plan], None]) -> None:
    """Show what `plan` would do, site by site, and `remove` it only when the user says so; Cancel comes first."""
    if not plan.items:
        screen.notify(_("Nothing is chosen that could be moved."), severity="warning")
        return

    def answered(answer: str | None) -> None:
        if answer in (TRASH, HARDLINK, REFLINK):
            remove(replace(plan, action=answer))

    count = ngettext("{count} file", "{count} files", len(plan.items)).format(count=format_count(len(plan.items)))
    choices = [
        Choice("cancel", _("Cancel"), "n"),
        Choice(TRASH, _("Move {files} to the archive's trash").format(files=count), "y"),
    ]
    if all(item.keeper is not None for item in plan.items):
        choices.append(Choice(HARDLINK, _("Make them hard links to the copy that stays"), "l"))
        choices.append(Choice(REFLINK, _("Let them share the disk space of the copy that stays (reflink)"), "r"))
    screen.app.push_screen(ChoiceDialog(_("Move to the trash?"), choices, words=_summary(plan)), answered)


def say_what_came_of_it(screen: Screen[None], words: str, refused: tuple[Refusal, ...]) -> None:
    """Say what was done; where something was left alone, in a window that tells of each file why."""
    screen.notify(words, markup=False)
    if refused:
        screen.app.push_screen(Report(words, refused))


class Report(ReadingWindow):
    """What was done, and every file that was left alone."""

    def __init__(self, words: str, refused: Iterable[Refusal]) -> None:
        super().__init__(_("Left alone"), saved_as="catalog-tui-report")
        self._words = words
        self._refused = tuple(refused)

    def text(self) -> Content:
        """The words, then file by file."""
        count = len(self._refused)
        left = ngettext("{count} file was left alone:", "{count} files were left alone:", count)
        lines = [*wrapped(self._words, self.room), left.format(count=format_count(count))]
        for refusal in self._refused:
            lines += ["", *wrapped(display(refusal.path), self.room)]
            lines += [f"  {line}" for line in wrapped(refusal.reason, self.room - 2)]
        return Content("\n".join(lines))


class JournalWindow(ReadingWindow):
    """Every removal there was, the latest first, and what of it can still be undone."""

    def __init__(self, runs: list[tuple[str, str, int, int]]) -> None:
        """`runs`: when (as in the journal), the action, how many files, how many of them undo would bring back."""
        super().__init__(_("What was removed"), saved_as="catalog-tui-journal")
        self._runs = runs

    def text(self) -> Content:
        """A line for each removal."""
        if not self._runs:
            return Content(_("Nothing was removed yet."))
        actions = {TRASH: _("to the trash"), HARDLINK: _("hard links"), REFLINK: _("shared blocks")}
        lines = []
        for created, action, files, undoable in self._runs:
            counted = ngettext("{count} file", "{count} files", files).format(count=format_count(files))
            back = _("{count} can be undone").format(count=format_count(undoable)) if undoable else _("nothing to undo")
            lines.append(f"{created.replace('T', ' ').rstrip('Z')} UTC  {actions[action]}: {counted}, {back}")
        return Content("\n".join(lines))


def _summary(plan: Plan) -> str:
    by_site = Counter[str]()
    for item in plan.items:
        by_site[item.victim.path.split("/", 1)[0]] += 1
    lines = [f"{format_count(count):>7}  {display(site)}" for site, count in by_site.most_common(MOST_SITES)]
    if len(by_site) > MOST_SITES:
        lines.append(_("… and {count} more sites").format(count=format_count(len(by_site) - MOST_SITES)))
    lines.append("")
    frees = _("Purging would free {size}; until then nothing is freed.")
    lines.append(frees.format(size=format_size(plan.bytes_after_purge)))
    if any(item.keeper is None for item in plan.items):
        lines.append(_("They are moved as they are: whether copies of them stand elsewhere is not looked at."))
    else:
        lines.append(_("A copy of each stays, and is compared byte by byte before its twin is moved."))
    return "\n".join(lines)
