"""What every test stands on: a home, settings, caches and state of its own, English, and a plain colour terminal."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from catalog_tui.core.words import choose_language
from tests.waiting import until_idle

PLAIN_TERMINAL = {
    "TERM": "xterm-256color",
    "COLORTERM": "truecolor",
    "LANG": "C.UTF-8",
    "LANGUAGE": "en",  # set and not only unset: the command line sets it, and it must not outlive the test
    "TZ": "UTC",
}
FOREIGN_PREFIXES = ("CATALOG_TUI_", "TEXTUAL", "XDG_", "LC_", "LANG", "TMUX", "SSH_", "KITTY_", "ITERM_", "WEZTERM_")
FOREIGN = (
    "PYTHONUNBUFFERED",
    "PYTHONIOENCODING",
    "NO_COLOR",
    "FORCE_COLOR",
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "TERM_PROGRAM",
    "TERM_PROGRAM_VERSION",
    "STY",
)
SNAPSHOTS = "TEXTUAL_SNAPSHOT_TEMPDIR"  # by which pytest-textual-snapshot tells its own processes where to report


if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a shell leaves it to what it runs in the background
    signal.signal(signal.SIGINT, signal.default_int_handler)  # or no program that a test starts would hear of Ctrl-C

# How long an example takes says how busy the machine is: by itself Hypothesis fails one of 200 ms.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


@pytest.fixture(autouse=True)
def isolated(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Keep the test from the user's files, locale and terminal; gives the home it lives in, empty."""
    home = tmp_path_factory.mktemp("home")
    for variable in list(os.environ):
        if variable != SNAPSHOTS and (variable.startswith(FOREIGN_PREFIXES) or variable in FOREIGN):
            monkeypatch.delenv(variable)
    for variable, value in PLAIN_TERMINAL.items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    for part in ("config", "cache", "state"):
        monkeypatch.setenv(f"CATALOG_TUI_{part.upper()}_DIR", str(home / part))
    _read_time_zone()
    choose_language("en")
    yield home
    monkeypatch.undo()
    _read_time_zone()


@pytest.fixture(autouse=True)
def idle_is_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pilot, which waits twice for every key, goes on once all is done that the key sets off in the app."""
    for module in ("textual.pilot", "textual.app"):
        monkeypatch.setattr(f"{module}.wait_for_idle", until_idle)


@pytest.fixture(autouse=True)
def time_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was said stands to the end of the test, and no cursor blinks, however long a step takes."""
    monkeypatch.setattr("textual.notifications.Notification.time_left", 3600.0)
    monkeypatch.setattr("textual.widgets.Input._toggle_cursor", lambda _input: None)


def _read_time_zone() -> None:
    if hasattr(time, "tzset"):  # not on Windows
        time.tzset()
