"""A screen with a duplicate scan beside it: starts and stops it, and says what came of it."""

from abc import abstractmethod
from contextlib import suppress
from dataclasses import replace

from textual import on, work

from catalog_tui.archives import scan_options
from catalog_tui.config import Settings
from catalog_tui.core.archive import Archive
from catalog_tui.core.names import display, safe_text_for_terminal
from catalog_tui.core.scan.events import Failed
from catalog_tui.core.units import format_age, format_count
from catalog_tui.core.words import _, ngettext
from catalog_tui.graphics.studio import Studio
from catalog_tui.screens.removal_screen import RemovalScreen
from catalog_tui.widgets.scan_bar import ScanBar


class ScanningScreen(RemovalScreen):
    """Has a scan bar, which its subclass composes."""

    def __init__(self, archive: Archive, settings: Settings, studio: Studio | None) -> None:
        super().__init__(archive)
        self.settings = settings
        self.studio = studio
        self.scan_bar = ScanBar()

    @abstractmethod
    def go_to(self, path: str) -> None:
        """Put the cursors on the file at `path`, relative to the archive."""

    def action_scan_start(self) -> None:
        """Look for duplicates beside the browsing."""
        if self.scan_bar.scanning:
            self.notify(_("A scan is running already."))
        else:
            self.scan_bar.start(scan_options(self.archive.root, self.settings))

    def action_scan_cancel(self) -> None:
        """Stop the scan that runs."""
        self.scan_bar.cancel()

    def action_scan_results(self) -> None:
        """Show what the last finished scan found, this one or one of an earlier start."""
        from catalog_tui.core.scan.results import NoResultError, ScanResult  # SQLite: not before the first paint
        from catalog_tui.screens.duplicates import DuplicatesScreen

        try:
            result = ScanResult.open(self.archive.root)
        except NoResultError:
            self.notify(_("No scan has been finished yet: D starts one."))
        else:
            screen = DuplicatesScreen(
                self.archive,
                result,
                self.settings,
                self.studio,
                rescan=self.action_scan_start,
                show_in_browser=self.go_to,
                save_rules=self.save_rules,
            )
            self.app.push_screen(screen)

    def save_rules(self, rules: tuple[str, ...]) -> None:
        """Keep these rules in the settings' file, for the next reviews; CatalogError where it cannot be written."""
        from catalog_tui.config_file import save_keep_rules  # what writes TOML is not loaded before it is needed

        save_keep_rules(self.settings.file, rules)
        self.settings = replace(self.settings, keep=rules)

    @work(thread=True, group="last scan", exit_on_error=False)
    def recall_last_scan(self) -> None:
        """Say at the right of the first line what the last finished scan found, and how long ago."""
        from catalog_tui.core.scan.results import NoResultError, ScanResult

        try:
            with ScanResult.open(self.archive.root) as result:
                groups, age = result.summary.duplicate_groups, format_age(result.age_s())
        except NoResultError:
            return  # none was finished yet
        words = ngettext("{count} group of duplicates, {age}", "{count} groups of duplicates, {age}", groups)
        self.app.call_from_thread(self.place_line.show_note, words.format(count=format_count(groups), age=age))

    def _renew_review(self) -> None:
        from catalog_tui.core.scan.results import NoResultError, ScanResult
        from catalog_tui.screens.duplicates import DuplicatesScreen

        for screen in self.app.screen_stack:
            if isinstance(screen, DuplicatesScreen):
                with suppress(NoResultError):
                    screen.take_result(ScanResult.open(self.archive.root))

    @on(ScanBar.Ended)
    def say_scan_ended(self, message: ScanBar.Ended) -> None:
        """Say in words what the bar has no room for, and show the new result where the old one is being reviewed."""
        self.recall_last_scan()
        self._renew_review()
        if isinstance(message.last, Failed):
            self.notify(safe_text_for_terminal(message.last.text), severity="error", markup=False, timeout=10)
        elif self.scan_bar.file_errors:
            count = len(self.scan_bar.file_errors)
            first = self.scan_bar.file_errors[0]
            words = ngettext("{count} file could not be read", "{count} files could not be read", count)
            text = f"{words.format(count=format_count(count))}: {display(first.path)}: {first.error}"
            self.notify(text, severity="warning", markup=False, timeout=10)
