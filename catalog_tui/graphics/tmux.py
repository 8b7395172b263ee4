"""What must be said differently inside tmux, and what tmux says of the terminal around it."""

import os
import subprocess
from collections.abc import Mapping
from typing import NamedTuple

ASK_S = 0.5
"""A tmux that does not answer this soon is not waited for."""

FOCUS_LINE = "set -g focus-events on"
"""What it must hold for tmux to say that it shows our window again; what it was to pass on meanwhile it has dropped."""
LINES_NEEDED = ("set -g allow-passthrough on", FOCUS_LINE)
"""What `~/.tmux.conf` must hold (tmux 3.3 or newer) for pictures to come through."""


class Outer(NamedTuple):
    """The terminal around tmux."""

    name: str = ""
    """How it calls itself, such as `kitty(0.35.2)`; "" where that cannot be known."""
    client: str = ""
    """The process that attaches it: another one is another terminal, or the same emptied."""


def is_inside(environ: Mapping[str, str]) -> bool:
    """Whether tmux draws what we write; also where it runs on the other side of an SSH connection."""
    return "TMUX" in environ or environ.get("TERM", "").startswith("tmux")


def passed_through(sequence: str) -> str:
    """`sequence` as tmux hands it on to the terminal around it."""
    return "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"


def lets_through(environ: Mapping[str, str]) -> bool | None:
    """Whether the tmux here passes sequences on; None where that cannot be known. Waits up to ASK_S."""
    answer = _ask(environ, "show-options", "-Apv", "allow-passthrough")
    return None if answer is None else answer in ("on", "all")


def says_what_it_shows(environ: Mapping[str, str]) -> bool | None:
    """Whether the tmux here tells programs that their window is shown again; None where that cannot be known."""
    answer = _ask(environ, "show-options", "-sv", "focus-events")
    return None if answer is None else answer == "on"


def outer_terminal(environ: Mapping[str, str]) -> Outer:
    """The terminal around the tmux here, as far as that can be known. Waits up to ASK_S."""
    told = _ask(environ, "display-message", "-p", "#{client_pid} #{client_termtype}") or ""
    client, _space, name = told.partition(" ")
    return Outer(name, client)


def _ask(environ: Mapping[str, str], *words: str) -> str | None:
    if "TMUX" not in environ:
        return None
    try:
        answer = subprocess.run(
            ["tmux", *words],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=ASK_S,
            env={**os.environ, **environ},
            encoding="utf-8",
            errors="replace",
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout.strip() if answer.returncode == 0 else None
