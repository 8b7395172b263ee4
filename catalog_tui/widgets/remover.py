"""A line that carries out removals and their undoing beside the screen, and says how far it is."""

from collections.abc import Callable

from rich.segment import Segment
from textual import on, work
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.worker import get_current_worker

from catalog_tui.core.errors import CatalogError
from catalog_tui.core.names import fit
from catalog_tui.core.removal.plan import HARDLINK, REFLINK, Plan
from catalog_tui.core.removal.refusals import Refusal
from catalog_tui.core.units import format_count
from catalog_tui.core.words import _, ngettext

Progress = Callable[[int, int, int], None]
Outcome = tuple[str, tuple[Refusal, ...]]
"""What was done, in words, and what was left alone."""


class Remover(Widget):
    """Does one thing at a time; hidden while there is none. What cannot be begun at all is said like a refusal."""

    DEFAULT_CSS = """
    Remover {
        height: 1; padding: 0 1; display: none; background: $panel; color: $text-warning;
        &.-working { display: block; }
    }
    """

    class Went(Message):
        """So many files of so many are behind."""

        def __init__(self, done: int, total: int) -> None:
            super().__init__()
            self.done = done
            self.total = total

        def can_replace(self, message: Message) -> bool:
            """Only the newest matters."""
            return isinstance(message, Remover.Went)

    class Ended(Message):
        """The work is over: what was done, and what was left alone and why."""

        def __init__(self, words: str, refused: tuple[Refusal, ...]) -> None:
            super().__init__()
            self.words = words
            self.refused = refused

    def __init__(self, archive: str) -> None:
        """`archive` is its absolute path."""
        super().__init__()
        self._archive = archive
        self._went: Remover.Went | None = None

    @property
    def working(self) -> bool:
        """Whether something is being done."""
        return self.has_class("-working")

    def remove_planned(self, plan: Plan) -> None:
        """Carry out `plan`."""
        self._begin(lambda progress, cancelled: _execute(plan, progress, cancelled))

    def undo_last(self) -> None:
        """Undo the last removal that can be undone."""
        archive = self._archive
        self._begin(lambda progress, cancelled: _undo(archive, progress, cancelled))

    def cancel(self) -> None:
        """Stop after the file at hand; what was done stays done, and can be undone."""
        self.workers.cancel_group(self, "removal")

    def _begin(self, do: Callable[[Progress, Callable[[], bool]], Outcome]) -> None:
        if not self.working:
            self._went = None
            self.add_class("-working")
            self._work(do)

    @work(thread=True, group="removal", exit_on_error=False)
    def _work(self, do: Callable[[Progress, Callable[[], bool]], Outcome]) -> None:
        worker = get_current_worker()

        def progress(done: int, total: int, _size: int) -> None:
            self.post_message(self.Went(done, total))

        try:
            words, refused = do(progress, lambda: worker.is_cancelled)
        except CatalogError as error:
            words, refused = str(error), ()
        self.post_message(self.Ended(words, refused))

    @on(Went)
    def show_progress(self, message: Went) -> None:
        """Count on."""
        message.stop()
        self._went = message
        self.refresh()

    @on(Ended)
    def hide(self) -> None:
        """Nothing is being done any more."""
        self.remove_class("-working")

    def render_line(self, y: int) -> Strip:
        """The only line."""
        text = _("Working…")
        if self._went is not None:
            done, total = format_count(self._went.done), format_count(self._went.total)
            text = _("{done} of {total} files").format(done=done, total=total)
        return Strip([Segment(fit(text, self.size.width), self.rich_style)])


def _execute(plan: Plan, progress: Progress, cancelled: Callable[[], bool]) -> Outcome:
    from catalog_tui.core.removal.executor import execute  # ctypes and the rest: not before the first paint

    report = execute(plan, progress=progress, cancelled=cancelled)
    count = len(report.done)
    if plan.action == HARDLINK:
        words = ngettext("{count} file is a hard link now.", "{count} files are hard links now.", count)
    elif plan.action == REFLINK:
        words = ngettext("{count} file shares its disk space now.", "{count} files share their disk space now.", count)
    else:
        words = ngettext("{count} file was moved to the trash.", "{count} files were moved to the trash.", count)
    said = [
        words.format(count=format_count(count)),
        *_with_side_files(sum(len(done.side_files) for done in report.done)),
    ]
    if report.done:
        said.append(_("u undoes it."))
    return " ".join(said), report.refused


def _with_side_files(count: int) -> list[str]:
    words = ngettext("{count} side-file too.", "{count} side-files too.", count)
    return [words.format(count=format_count(count))] if count else []


def _undo(archive: str, progress: Progress, cancelled: Callable[[], bool]) -> Outcome:
    from catalog_tui.core.removal.undo import undo

    report = undo(archive, progress=progress, cancelled=cancelled)
    if not report.runs:
        return _("There is nothing to undo."), ()
    sides = sum(bool(file.side_of) for file in report.restored)
    count = len(report.restored) - sides
    words = ngettext("{count} file is back.", "{count} files are back.", count).format(count=format_count(count))
    words = " ".join([words, *_with_side_files(sides)])
    beside = sum(file.path != file.now for file in report.restored)
    if beside:
        more = ngettext(
            "{count} of them stands beside a file that has its name now.",
            "{count} of them stand beside files that have their names now.",
            beside,
        )
        words = f"{words} {more.format(count=format_count(beside))}"
    return words, report.refused
