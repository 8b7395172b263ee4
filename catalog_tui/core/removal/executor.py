"""Carrying out a plan: every file is looked at again, compared with its copy, moved to the trash, looked at once more.

Intents are in the journal, on the disk, before the first file of a batch moves. What cannot be done with one file is
a refusal, and the rest goes on.
"""

import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import islice

from catalog_tui.core.errors import Cancelled
from catalog_tui.core.removal import journal
from catalog_tui.core.removal.acts import Destination, Named, move_to_trash, replace_by_link, share_content
from catalog_tui.core.removal.beneath import Protection, opened, split
from catalog_tui.core.removal.journal import Entry, Run
from catalog_tui.core.removal.plan import HARDLINK, REFLINK, TRASH, Identity, Plan, PlanItem
from catalog_tui.core.removal.refusals import Refusal, RefusedError, RemovalError, reason_for
from catalog_tui.core.removal.system import Folder, Inode, OpenTop, open_top
from catalog_tui.core.removal.trash import Trash, make_private, path_in_trash
from catalog_tui.core.removal.travelling import SideFile, SideFilesOfFolders
from catalog_tui.core.removal.verify import check_identity, held_file, same_content
from catalog_tui.core.scan.options import TRASH_NAME
from catalog_tui.core.words import _

BATCH = 256  # files a journal fsync: one costs about 2 ms on a disk, 10,000 would cost 20 s

Progress = Callable[[int, int, int], None]
"""Called after each file: how many are behind, of how many, and their bytes."""


@dataclass(frozen=True, slots=True)
class Done:
    """A file that was acted on: its path, where it is now ("" where it shares blocks), its bytes, what went along."""

    path: str
    trash_path: str
    size: int
    side_files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a plan. `run` is the action's name in the journal, "" where nothing was begun."""

    run: str
    done: tuple[Done, ...]
    refused: tuple[Refusal, ...]
    cancelled: bool = False


def nobody(_done: int, _total: int, _size: int) -> None:
    """The progress that nobody looks at."""


def execute(
    plan: Plan,
    *,
    protected: Sequence[str] = (),
    progress: Progress = nobody,
    cancelled: Callable[[], bool] = lambda: False,
    open_archive: OpenTop = open_top,
) -> Report:
    """Carry out `plan`; `protected` folders (absolute, or relative to the archive) are added to the plan's own.

    RemovalError where nothing can be begun: no trash can be made, a protected folder cannot be read, or another
    process is at it. When `cancelled` turns true what was done stays done, and can be undone.
    """
    protected = (*plan.protected, *protected)
    try:
        protection = Protection(plan.archive, protected, open_archive)
    except OSError as error:
        text = _("a protected folder cannot be read, so nothing is removed: {reason}")
        raise RemovalError(text.format(reason=reason_for(error))) from error
    with Trash.of(plan.archive, open_archive) as trash:
        try:
            run = trash.begin(plan.action)
        except OSError as error:
            text = _("the trash cannot be written, so nothing is removed: {reason}")
            raise RemovalError(text.format(reason=reason_for(error))) from error
        return _Execution(plan, trash, run, protection, cancelled).report(progress)


@dataclass(slots=True)
class _Step:
    """One item on its way: its entry in the journal, and those of the side-files that may go along."""

    item: PlanItem
    entry: Entry
    along: list[tuple[SideFile, Entry]] = field(default_factory=list)


class _Execution:
    """One run of one plan."""

    def __init__(
        self, plan: Plan, trash: Trash, run: Run, protection: Protection, cancelled: Callable[[], bool]
    ) -> None:
        self._plan = plan
        self._trash = trash
        self._run = run
        self._protection = protection
        self._cancelled = cancelled
        self._sides = SideFilesOfFolders(trash.top)
        self._victims = {(item.victim.device, item.victim.inode) for item in plan.items}
        self._named = {item.victim.path for item in plan.items} | {i.keeper.path for i in plan.items if i.keeper}
        self._ctimes: dict[Inode, int] = {}
        """The ctimes that our own acts gave to files which have further names in the plan, or were linked to."""
        self._made: set[str] = set()
        self._met: set[str] = set()
        """The victims met so far: what is journaled of a path holds for one file."""
        self._number = 0
        self._done: list[Done] = []
        self._refused: list[Refusal] = []

    def report(self, progress: Progress) -> Report:
        """Do it all; tells `progress` after each file."""
        items = iter(self._plan.items)
        counted = _Counted(progress, len(self._plan.items))
        stopped = False
        try:
            while batch := list(islice(items, BATCH)):
                self._carry_out(batch, counted)
            self._remove_emptied_folders()
        except Cancelled:
            stopped = True
        finally:
            self._forget_empty_run()
        return Report(self._run.id, tuple(self._done), tuple(self._refused), stopped)

    def _carry_out(self, batch: list[PlanItem], counted: "_Counted") -> None:
        """Journal what is going to be done with these, do it, journal what came of it."""
        steps: list[_Step] = []
        for item in batch:
            if step := self._prepared(item):
                steps.append(step)
            else:
                counted.add([item])
        entries = [entry for step in steps for entry in (step.entry, *(entry for _side, entry in step.along))]
        try:
            self._trash.journal.add(map(journal.intent_event, entries))
        except OSError as error:
            self._refuse_all(steps, error)
            counted.add(step.item for step in steps)
            return
        outcomes = _Outcomes()
        try:
            for step in steps:
                if self._cancelled():
                    raise Cancelled
                self._take_step(step, outcomes)
                counted.add([step.item])
        finally:
            # If this cannot be written the trash itself still tells what moved: undo goes by that.
            with suppress(OSError):
                self._trash.journal.add(outcomes.events())

    def _refuse_all(self, steps: list[_Step], error: OSError) -> None:
        reason = _("the journal of the trash cannot be written: {reason}").format(reason=reason_for(error))
        self._refused += [Refusal(step.item.victim.path, reason) for step in steps]

    def _prepared(self, item: PlanItem) -> _Step | None:
        """The item's journal entries; None where it is clear already that it is to be refused."""
        try:
            self._check_apart(item)
            self._check_once(item)
            folder, name = split(item.victim.path)
            place = self._trash.place_of(folder)
            step = _Step(item, self._entry(item, place))
            if self._plan.action == TRASH:
                for side in self._sides.of(folder, name):
                    path = f"{folder}/{side.name}" if folder else side.name
                    if path not in self._named:
                        step.along.append((side, self._side_entry(path, place, item)))
        except RefusedError as error:
            self._refused.append(Refusal(item.victim.path, str(error)))
            return None
        except OSError as error:
            self._refused.append(Refusal(item.victim.path, reason_for(error)))
            return None
        return step

    def _check_apart(self, item: PlanItem) -> None:
        """A copy of each content stays outside the plan, counted by inode."""
        if item.keeper is not None and (item.keeper.device, item.keeper.inode) in self._victims:
            raise RefusedError(_("the copy to keep is itself to be removed"))

    def _check_once(self, item: PlanItem) -> None:
        if item.victim.path in self._met:
            raise RefusedError(_("it stands in the plan twice"))
        self._met.add(item.victim.path)

    def _entry(self, item: PlanItem, place: str) -> Entry:
        victim, keeper = item.victim, item.keeper
        entry = self._side_entry(victim.path, place, item)
        return replace(
            entry,
            size=item.size,
            inode=victim.inode,
            mtime_ns=victim.mtime_ns,
            hash=item.hash,
            keeper=keeper.path if keeper else "",
            keeper_inode=keeper.inode if keeper else 0,
            keeper_mtime_ns=keeper.mtime_ns if keeper else 0,
            side_of="",
        )

    def _side_entry(self, path: str, place: str, item: PlanItem) -> Entry:
        self._number += 1
        trash_path = path_in_trash(place, self._run.id, path)
        return Entry(self._run.id, self._number - 1, path, trash_path, 0, 0, 0, side_of=item.victim.path)

    def _take_step(self, step: _Step, outcomes: "_Outcomes") -> None:
        try:
            went = self._act(step, outcomes)
        except RefusedError as error:
            reason = str(error)
        except OSError as error:
            reason = reason_for(error)
        else:
            trash_path = "" if self._plan.action == REFLINK else step.entry.trash_path
            self._done.append(Done(step.item.victim.path, trash_path, step.item.size, went))
            return
        outcomes.refused.append((step.entry, reason))
        self._refused.append(Refusal(step.item.victim.path, reason))

    def _act(self, step: _Step, outcomes: "_Outcomes") -> tuple[str, ...]:
        """Verify, act, look again; gives the side-files that went along."""
        item = step.item
        folder_path, name = split(item.victim.path)
        with ExitStack() as held:
            self._protection.check(self._trash.top.inode)
            folder = held.enter_context(opened(self._trash.top, folder_path, passing=self._protection.check))
            victim_held = held.enter_context(ExitStack())
            victim = Named(folder, name, victim_held.enter_context(held_file(folder, name)))
            check_identity(victim.file, item.victim, item.size, self._ctime(item.victim))
            keeper = self._compared_keeper(item, victim, held)
            if self._plan.action == REFLINK and keeper:
                share_content(victim, keeper)
                outcomes.done.append(step.entry)
                return ()
            to = held.enter_context(self._destination(step.entry))
            if self._plan.action == HARDLINK and keeper:
                replace_by_link(victim, victim_held, keeper, to)
                self._note_ctime(keeper)
            else:
                move_to_trash(victim, victim_held, keeper, to)
            self._note_ctime(Named(to.folder, to.name, victim.file))
            outcomes.done.append(step.entry)
            return tuple(self._take_along(folder, to.folder, step.along, outcomes))

    def _compared_keeper(self, item: PlanItem, victim: Named, held: ExitStack) -> Named | None:
        """The copy that stays, verified and found to hold the same bytes; None where the plan has none."""
        if item.keeper is None:
            return None
        with _about_the_keeper(item.keeper.path):
            folder_path, name = split(item.keeper.path)
            folder = held.enter_context(opened(self._trash.top, folder_path))
            keeper = Named(folder, name, held.enter_context(held_file(folder, name)))
            check_identity(keeper.file, item.keeper, item.size, self._ctime(item.keeper))
        if not same_content(victim.file, keeper.file, self._cancelled):
            raise RefusedError(_("its content is not that of the copy to keep"))
        victim.file.check_unchanged()
        with _about_the_keeper(item.keeper.path):
            keeper.file.check_unchanged()
        return keeper

    def _ctime(self, meant: Identity) -> int:
        return self._ctimes.get((meant.device, meant.inode), meant.ctime_ns)

    def _note_ctime(self, named: Named) -> None:
        with suppress(OSError):  # it is done already; the file's other names are refused then, as changed
            status = named.folder.look(named.name)
            if status is not None and status.st_nlink > 1:
                self._ctimes[named.file.inode] = status.st_ctime_ns

    @contextmanager
    def _destination(self, entry: Entry) -> Iterator[Destination]:
        folder_path, _slash, name = entry.trash_path.rpartition("/")
        if folder_path not in self._made:
            make_private(self._trash.top, folder_path)
            self._made.add(folder_path)
        with opened(self._trash.top, folder_path) as folder:
            yield Destination(folder, name, f".link-{entry.number}")

    def _take_along(
        self, folder: Folder, private: Folder, along: list[tuple[SideFile, Entry]], outcomes: "_Outcomes"
    ) -> Iterator[str]:
        """Move the side-files that describe nothing in the folder any more; what hinders one stays where it is."""
        for side, entry in along:
            try:
                if any(folder.look(name) is not None for name in side.describes):
                    continue
                with ExitStack() as held:
                    file = Named(folder, side.name, held.enter_context(held_file(folder, side.name)))
                    move_to_trash(file, held, None, Destination(private, side.name, ""))
            except RefusedError as error:
                outcomes.refused.append((entry, str(error)))
            except OSError as error:
                outcomes.refused.append((entry, reason_for(error)))
            else:
                outcomes.done.append(entry)
                yield entry.path

    def _remove_emptied_folders(self) -> None:
        """Remove the plan's folders that nothing is in any more; one that has something in it, or cannot go, stays."""
        for path in self._plan.folders:
            with suppress(OSError, RefusedError):
                above, name = split(path)
                with opened(self._trash.top, path, passing=self._protection.check) as folder:
                    if folder.names():
                        continue
                with opened(self._trash.top, above) as folder:
                    status = folder.look(name)
                    if status is not None:
                        mode = stat.S_IMODE(status.st_mode)
                        self._trash.journal.add([journal.folder_event(self._run, path, mode)])
                        folder.remove_child(name)

    def _forget_empty_run(self) -> None:
        if not self._made:
            with suppress(OSError), opened(self._trash.top, TRASH_NAME) as folder:
                folder.remove_child(self._run.id)


class _Counted:
    """How far a run is, told to whoever wants to know."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress = progress
        self._total = total
        self._behind = 0
        self._size = 0

    def add(self, items: Iterable[PlanItem]) -> None:
        """These are behind."""
        for item in items:
            self._behind += 1
            self._size += item.size
            self._progress(self._behind, self._total, self._size)


@dataclass(slots=True)
class _Outcomes:
    """What came of the files of one batch."""

    done: list[Entry] = field(default_factory=list)
    refused: list[tuple[Entry, str]] = field(default_factory=list)

    def events(self) -> list[dict[str, object]]:
        """Their lines in the journal."""
        refused = [journal.refused_event(entry, reason) for entry, reason in self.refused]
        return journal.outcome_events(journal.DONE, self.done) + refused


@contextmanager
def _about_the_keeper(path: str) -> Iterator[None]:
    from catalog_tui.core.names import display

    text = _("the copy to keep, {path}: {reason}")
    try:
        yield
    except RefusedError as error:
        raise RefusedError(text.format(path=display(path), reason=error)) from error
    except OSError as error:
        raise RefusedError(text.format(path=display(path), reason=reason_for(error))) from error
