"""What every screen does with the file under the cursor: open it, copy its path."""

from textual.screen import Screen

from catalog_tui.core.opening import NotOpenedError, open_with_system
from catalog_tui.core.quoting import pasteable
from catalog_tui.core.words import _


def open_file(screen: Screen[None], path: str | None) -> None:
    """Hand the file at `path` to the system's program for it, beside the screen; why not is said in a notification."""
    if path is None:
        screen.notify(_("Choose a file first."), severity="warning")
        return

    def hand_over() -> None:
        try:
            open_with_system(path)
        except NotOpenedError as error:
            screen.app.call_from_thread(screen.notify, str(error), severity="warning", markup=False)

    screen.run_worker(hand_over, thread=True, group="open", exit_on_error=False)


def copy_path(screen: Screen[None], path: str | None) -> None:
    """Copy `path` by OSC 52, which reaches the clipboard of the terminal's machine over SSH too."""
    if path is None:
        return
    text = pasteable(path)
    screen.app.copy_to_clipboard(text)
    quoted = _("Path copied, quoted for a shell: its name has odd characters.")
    screen.notify(_("Path copied.") if text == path else quoted, timeout=2)
