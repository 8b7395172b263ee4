"""The slim line at the bottom that shows a duplicate scan while it runs, and what it found when it is done."""

from contextlib import suppress

from rich.segment import Segment
from rich.style import Style
from textual import on, work
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from catalog_tui.core.errors import CatalogError
from catalog_tui.core.names import cell_width, display, fit, safe_text_for_terminal
from catalog_tui.core.scan.events import Event, Failed, FileError, Finished, Notice, Progress
from catalog_tui.core.scan.options import ScanOptions
from catalog_tui.core.scan.process import ScanProcess
from catalog_tui.core.units import format_count, format_duration, format_elapsed, format_rate, format_size
from catalog_tui.core.words import _, ngettext

FULL, EMPTY = "━", "─"
MIN_BAR = 6


class ScanBar(Widget):
    """Runs one scan at a time in a child process, and draws its progress; hidden until the first one starts."""

    COMPONENT_CLASSES = {"scan-bar--phase", "scan-bar--done", "scan-bar--left", "scan-bar--found", "scan-bar--aside"}
    DEFAULT_CSS = """
    ScanBar {
        height: 1; padding: 0 1; display: none; background: $panel; color: $foreground;
        &.-scanning, &.-ended { display: block; }
        & > .scan-bar--phase { text-style: bold; color: $text-primary; }
        & > .scan-bar--done { color: $primary; }
        & > .scan-bar--left { color: $foreground-muted; text-style: dim; }
        & > .scan-bar--found { color: $text-warning; }
        & > .scan-bar--aside { color: $foreground-muted; }
    }
    """

    class Said(Message):
        """The scan said something."""

        def __init__(self, scan: ScanProcess, event: Event) -> None:
            super().__init__()
            self.scan = scan
            self.event = event

    class Ended(Message):
        """The scan is over: finished, cancelled or failed."""

        def __init__(self, last: Finished | Failed) -> None:
            super().__init__()
            self.last = last

    def __init__(self, *, keys: tuple[str, str] = ("X", "W")) -> None:
        """`keys` are those that stop a scan and that show its results."""
        super().__init__()
        self._stop_key, self._show_key = keys
        self._scan: ScanProcess | None = None
        self._progress = Progress()
        self._last: Finished | Failed | None = None
        self._stopping = False
        self.file_errors: list[FileError] = []
        """What could not be read in the last scan."""

    @property
    def scanning(self) -> bool:
        """Whether a scan runs."""
        return self._scan is not None

    def start(self, options: ScanOptions) -> None:
        """Begin a scan; where one runs already, nothing happens."""
        if self._scan is not None:
            return
        self._progress = Progress()
        self._last = None
        self._stopping = False
        self.file_errors = []
        self._scan = ScanProcess(options)
        self.add_class("-scanning")
        self.refresh()
        self._follow(self._scan)

    def cancel(self) -> None:
        """Ask the scan to end; what was hashed is kept."""
        if self._scan is not None:
            self._stopping = True
            self._scan.cancel()
            self.refresh()

    def close(self) -> None:
        """End the scan, if there is one, and wait for its process to be gone."""
        if self._scan is not None:
            self._scan.close()

    def on_unmount(self) -> None:
        """Leave no process behind."""
        self.close()

    @work(thread=True, group="scan", exit_on_error=False)
    def _follow(self, scan: ScanProcess) -> None:
        try:
            scan.start()
            for event in scan.events():
                self.post_message(self.Said(scan, event))
        except (CatalogError, OSError) as error:
            self.post_message(self.Said(scan, Failed(str(error))))
        finally:
            with suppress(ValueError):  # the pipes are closed already when the app is leaving
                scan.close()

    @on(Said)
    def take_in(self, message: Said) -> None:
        """Show what the scan said."""
        message.stop()
        event = message.event
        if message.scan is not self._scan:
            return
        if isinstance(event, Progress):
            self._progress = event
        elif isinstance(event, FileError):
            self.file_errors.append(event)
        elif isinstance(event, Notice):
            self.notify(safe_text_for_terminal(event.text), markup=False)
        else:
            self._scan = None
            self._last = event
            self.remove_class("-scanning")
            self.add_class("-ended")
            self.post_message(self.Ended(event))
        self.refresh()

    # Drawing

    def render_line(self, y: int) -> Strip:
        """The only line."""
        parts = self._ended_parts() if self._scan is None else self._progress_parts()
        segments = [Segment(text, self._style(part)) for part, text in parts]
        return Strip(segments).adjust_cell_length(self.size.width, self.rich_style)

    def _style(self, part: str) -> Style:
        return self.get_component_rich_style(f"scan-bar--{part}") if part else self.rich_style

    def _progress_parts(self) -> list[tuple[str, str]]:
        """Phase, bar, count, rate, time left, waste and key; the last first where there is no room."""
        now = self._progress
        phase = _("Stopping") if self._stopping else _PHASES[now.phase]()
        key = ("aside", "  " + _("{key} stops").format(key=self._stop_key))
        figures = [("", "  " + _files(now))]
        if now.waste:
            figures.append(("found", "  " + _("{size} duplicate").format(size=format_size(now.waste))))
        if now.eta_s is not None:
            figures.append(("", "  " + _("{time} left").format(time=format_duration(now.eta_s))))
        if now.rate:
            figures.append(("", "  " + format_rate(now.rate)))
        if now.hits + now.misses:
            percent = round(100 * now.hits / (now.hits + now.misses))
            figures.append(("aside", "  " + _("{percent} % remembered").format(percent=percent)))
        head = [("phase", f"{phase} ")]
        room = self.size.width - _width([*head, key]) - MIN_BAR
        while figures and _width(figures) > room:
            figures.pop()
        bar_width = MIN_BAR + room - _width(figures)
        if not now.total:
            return [*head, ("aside", fit(display(now.folder), bar_width)), *figures, key]
        done = min(bar_width, bar_width * now.done // now.total)
        return [*head, ("done", FULL * done), ("left", EMPTY * (bar_width - done)), *figures, key]

    def _ended_parts(self) -> list[tuple[str, str]]:
        if self._last is None:
            return []
        if isinstance(self._last, Failed):
            return [("found", safe_text_for_terminal(self._last.text))]
        summary = self._last.summary
        if summary.cancelled:
            return [("phase", _("Scan stopped.")), ("aside", " " + _("What was read is remembered for the next one."))]
        time = ("aside", "  " + format_elapsed(summary.seconds))
        if not summary.duplicate_groups:
            return [("phase", _("No duplicates.")), ("", "  " + _files(self._progress)), time]
        count = summary.duplicate_groups
        groups = ngettext("{count} group of duplicates", "{count} groups of duplicates", count)
        return [
            ("phase", groups.format(count=format_count(count))),
            ("found", "  " + _("{size} to gain").format(size=format_size(summary.total_waste_bytes))),
            time,
            ("aside", "  " + _("{key} shows them").format(key=self._show_key)),
        ]


_PHASES = {
    "walk": lambda: _("Looking"),
    "match": lambda: _("Matching"),
    "hash": lambda: _("Hashing"),
    "verify": lambda: _("Comparing"),
    "group": lambda: _("Grouping"),
}


def _files(progress: Progress) -> str:
    return ngettext("{count} file", "{count} files", progress.files).format(count=format_count(progress.files))


def _width(parts: list[tuple[str, str]]) -> int:
    return sum(cell_width(text) for _part, text in parts)
