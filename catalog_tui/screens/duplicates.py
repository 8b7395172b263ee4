"""The review of duplicates: groups by waste, the files of one, what is chosen to go; nothing goes unasked."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Grid
from textual.message import Message
from textual.worker import get_current_worker

from catalog_tui.commands import MEDIA_COMMANDS, PANE_COMMANDS, REMOVAL_COMMANDS, REVIEW_COMMANDS, bindings
from catalog_tui.config import Settings
from catalog_tui.core.archive import Archive
from catalog_tui.core.errors import CatalogError
from catalog_tui.core.kept_apart import keep_apart, kept_apart
from catalog_tui.core.removal.keep_rules import DEFAULT_RULES, parse_rules
from catalog_tui.core.review import Group, Review, Totals
from catalog_tui.core.scan.results import ScanResult
from catalog_tui.core.units import format_age, format_count, format_size
from catalog_tui.core.words import _, ngettext
from catalog_tui.graphics.studio import Studio
from catalog_tui.screens.file_actions import copy_path, open_file
from catalog_tui.screens.removal_screen import RemovalScreen
from catalog_tui.screens.removing import say_what_came_of_it
from catalog_tui.screens.rules import ask_for_rules
from catalog_tui.screens.whole_screen import WholeScreen
from catalog_tui.widgets.after_rest import AfterRest
from catalog_tui.widgets.comparison import Comparison
from catalog_tui.widgets.group_files import GroupFiles
from catalog_tui.widgets.group_list import GroupList
from catalog_tui.widgets.key_line import KeyLine
from catalog_tui.widgets.place_line import PlaceLine
from catalog_tui.widgets.record_list import RecordList
from catalog_tui.widgets.remover import Remover


class DuplicatesScreen(RemovalScreen):
    """Reviews one result of a scan; takes it over and closes it when left."""

    USER_COMMANDS = (*PANE_COMMANDS, *MEDIA_COMMANDS, *REVIEW_COMMANDS, *REMOVAL_COMMANDS)
    BINDINGS: ClassVar[list[BindingType]] = bindings(*USER_COMMANDS)

    class RuleApplied(Message):
        """A rule has chosen what stays in so many groups."""

        def __init__(self, groups: int) -> None:
            super().__init__()
            self.groups = groups

    def __init__(
        self,
        archive: Archive,
        result: ScanResult,
        settings: Settings,
        studio: Studio | None,
        *,
        rescan: Callable[[], None],
        show_in_browser: Callable[[str], None],
        save_rules: Callable[[tuple[str, ...]], None],
    ) -> None:
        """`rescan` is called when files were moved, so that what stands here is found anew; `show_in_browser` with the
        path of a file when this screen is left for it; `save_rules` with rules to keep (CatalogError if that fails)."""
        super().__init__(archive)
        self.result = result
        self.settings = settings
        self.studio = studio
        self.rescan = rescan
        self.show_in_browser = show_in_browser
        self.save_rules = save_rules
        self.review = self._new_review()
        self.groups = GroupList(id="groups")
        self.files = GroupFiles(archive.root, id="files")
        self.totals = PlaceLine()
        self.comparison = Comparison(archive.root, studio)
        self._following = AfterRest(self, self.follow_now)

    def compose(self) -> ComposeResult:
        """Where one is, groups, files, what is chosen, keys."""
        yield self.place_line
        with Grid(id="review"):
            yield self.groups
            yield self.files
            yield self.comparison
        yield self.totals
        yield self.remover
        yield KeyLine()

    def on_mount(self) -> None:
        """Show what was found."""
        self.place_line.show((self.archive_name, _("Duplicates")))
        self._show_result()
        self.set_focus(self.groups.records)

    def on_unmount(self) -> None:
        """Let go of the results."""
        self.result.close()

    def take_result(self, result: ScanResult) -> None:
        """Show the result of a newer scan; what was chosen in the old one is forgotten with it."""
        former, self.result = self.result, result
        self.review = self._new_review()
        self._show_result()
        former.close()  # now: until here the list has painted from it

    def _show_result(self) -> None:
        summary = self.result.summary
        note = _("{groups} groups, {size} to gain, {age}").format(
            groups=format_count(summary.duplicate_groups),
            size=format_size(summary.total_waste_bytes),
            age=format_age(self.result.age_s()),
        )
        self.place_line.show_note(note)
        self.groups.show_result(self.result, self.review)
        self.show_files()
        self._show_totals()

    @on(GroupList.Unreadable)
    def say_unreadable(self) -> None:
        """Say it in the place of the files of a group that stands without words, too."""
        if self.groups.current is None:
            self.show_files()

    def _show_totals(self) -> None:
        self.totals.show((_totals_in_words(self.review.totals()),))

    # Choosing

    @on(RecordList.Highlighted, "#groups-list")
    def follow_cursor(self) -> None:
        """Show the files of the group under the cursor once that rests."""
        self._following.moved()

    def follow_now(self) -> None:
        """Show the files of the group under the cursor; look at them again where they are shown."""
        if self.groups.current != self.files.shown:
            self.show_files()
        else:
            self.files.look_again()

    def show_files(self) -> None:
        """Show the files of the group under the cursor, those that go marked."""
        found = self.groups.current
        self.files.show_group(found, () if found is None else self.review.going(found[0].id), self.groups.unreadable)
        if found is None:
            self.comparison.forget()

    @on(GroupFiles.StaleFound)
    @on(RecordList.Highlighted, "#files-list")
    def compare(self) -> None:
        """Show the file under the cursor beside the one that stays; beside another where it stays itself."""
        found, at = self.files.shown, self.files.records.current
        if found is None or at is None or at >= len(found[1]):
            self.comparison.forget()
            return
        group, files = found
        staying = [place for place in range(len(files)) if place not in self.review.going(group.id)]
        keeper = next((place for place in staying if place != at), staying[0])
        self.comparison.show(group, files[keeper], files[at], self.files.stale)

    @on(RecordList.Changed, "#files-list")
    def take_choice(self) -> None:
        """What is marked goes; the last copy is not let go."""
        if (chosen := self.files.chosen()) is None:
            return
        group, going = chosen
        if not self.review.decide(group, going):
            self.files.mark_only(self.review.going(group.id))
            all_kept = _("Every copy of this group is kept: b lets them be chosen.")
            words = all_kept if self.review.is_kept_apart(group) else _("One copy stays, always.")
            self.notify(words, severity="warning")
        self.groups.records.update_cells()
        self._show_totals()

    def action_review_rule(self) -> None:
        """Ask for a rule and let it choose in the marked groups, or in all that are shown."""
        groups = self.groups.chosen()

        def choose(rules: str) -> None:
            self._choose_by_rule(rules, groups)

        ask_for_rules(
            self,
            self.settings.keep,
            weigh=lambda rules: self.review.weigh(self._read(groups), rules),
            save=self._save_rules,
            apply=choose,
        )

    def _save_rules(self, rules: tuple[str, ...]) -> None:
        self.save_rules(rules)
        self.settings = replace(self.settings, keep=rules)

    def action_review_accept(self) -> None:
        """Let the rules of the settings choose in the group under the cursor, and go to the next."""
        if (found := self.groups.current) is not None:
            self.review.apply_rules([found], parse_rules(self.settings.keep or DEFAULT_RULES))
            self.show_choice()
            self.groups.move_by(1)

    def action_review_skip(self) -> None:
        """Let every copy of the group under the cursor stay this time, and go to the next."""
        if (found := self.groups.current) is not None:
            self.review.decide(found[0], ())
            self.show_choice()
            self.groups.move_by(1)

    @work(thread=True, exclusive=True, group="rule", exit_on_error=False)
    def _choose_by_rule(self, rules: str, groups: list[int]) -> None:
        worker = get_current_worker()
        try:
            count = self.review.apply_rules(self._read(groups), parse_rules([rules]), lambda: worker.is_cancelled)
        except CatalogError as error:
            self.app.call_from_thread(self.notify, str(error), severity="error", markup=False)
        else:
            self.post_message(self.RuleApplied(count))

    def _read(self, groups: list[int]) -> Iterator[Group]:
        for group in groups:
            yield self.result.group(group)

    @on(RuleApplied)
    def show_choice(self) -> None:
        """Show what the rule chose."""
        self.groups.records.update_cells()
        self.show_files()
        self._show_totals()

    def _new_review(self) -> Review:
        try:
            kept = kept_apart(self.archive.root)
        except CatalogError as error:
            self.app.notify(str(error), severity="warning", markup=False)
            kept = frozenset()
        return Review(self.archive.root, kept, self.settings.protect)

    def action_review_keep_both(self) -> None:
        """Let every copy of the group under the cursor stay, for good; or take that back."""
        if (found := self.groups.current) is None:
            return
        group = found[0]
        keep = not self.review.is_kept_apart(group)
        try:
            keep_apart(self.archive.root, (group.size, group.hash), keep=keep)
        except CatalogError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        self.review.keep_apart(group, keep=keep)
        self.show_choice()
        self.groups.move_by(1)

    def action_review_browse(self) -> None:
        """Leave for the browser, at the file under the cursor."""
        self.follow_now()
        source, index = self.files.records.source, self.files.records.current
        if source is not None and index is not None:
            path = source.name(index)
            self.dismiss()
            self.show_in_browser(path)

    def action_review_clear(self) -> None:
        """Forget what was chosen."""
        self.review.clear()
        self.show_choice()

    def action_review_compare(self) -> None:
        """Look at the two files in turns."""
        if (series := self.comparison.series()) is not None:
            self.app.push_screen(WholeScreen(series, self.studio))

    # Removing

    def action_removal_trash(self) -> None:
        """Make a plan of what is chosen, and ask."""
        if self.review.totals().files:
            groups = list(self.review.decided())
            self.ask_about_removing(lambda: self.review.plan(self._read(groups)))
        else:
            self.notify(_("Nothing is chosen to go: Space chooses a file, R a rule for many."), severity="warning")

    @on(Remover.Ended)
    def say_and_find_anew(self, message: Remover.Ended) -> None:
        """Say what was done, and let the archive be scanned again: what did not change is not read."""
        say_what_came_of_it(self, message.words, message.refused)
        self.archive.reload()
        self.rescan()

    # Moving about

    def action_pane_right(self) -> None:
        """From the groups to the files; there, open the file."""
        if self.files.has_focus_within:
            self.action_media_open()
        else:
            self.action_pane_next()

    def action_pane_left(self) -> None:
        """Back out one step: the range, the filter, the files, and at last this screen."""
        pane = self.files if self.files.has_focus_within else self.groups
        if pane.records.leave_range() or pane.clear_filter():
            return
        if pane is self.files:
            self.set_focus(self.groups.records)
        else:
            self.dismiss()

    def action_pane_next(self) -> None:
        self.follow_now()
        self.set_focus((self.groups if self.files.has_focus_within else self.files).records)

    action_pane_previous = action_pane_next

    def _current_path(self) -> str | None:
        self.follow_now()
        records = self.files.records
        if records.source is None or records.current is None:
            return None
        return f"{self.archive.root}/{records.source.name(records.current)}"

    def action_media_open(self) -> None:
        open_file(self, self._current_path())

    def action_media_copy_path(self) -> None:
        copy_path(self, self._current_path())


def _totals_in_words(totals: Totals) -> str:
    if not totals.files:
        return _("Nothing is chosen to go: Space chooses a file, R a rule for many.")
    files = ngettext("{count} file goes", "{count} files go", totals.files).format(count=format_count(totals.files))
    groups = ngettext("of {count} group", "of {count} groups", totals.groups).format(count=format_count(totals.groups))
    frees = _("purging will free {size}").format(size=format_size(totals.bytes))
    return f"{files} {groups} · {frees} · {_('d moves them')}"
