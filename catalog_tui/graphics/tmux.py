"""What must be said differently inside tmux, and what tmux says of the terminal around it."""

import os
import subprocess
from collections.abc import Mapping

ASK_S = 0.5
"""A tmux that does not answer this soon is not waited for."""

LINES_NEEDED = ("set -g allow-passthrough on",)
"""What `~/.tmux.conf` must hold (tmux 3.3 or newer) for pictures to come through."""


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


def outer_terminal(environ: Mapping[str, str]) -> str:
    """How the terminal around the tmux here calls itself, such as `kitty(0.35.2)`; "" where that cannot be known."""
    return _ask(environ, "display-message", "-p", "#{client_termtype}") or ""


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
