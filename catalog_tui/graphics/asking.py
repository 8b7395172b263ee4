"""Asking a terminal what it can draw where no app runs in it: for `doctor`."""

import os
import sys
from collections.abc import Mapping
from time import monotonic

from . import tmux
from .answers import Answers, Sieve, can_be_asked, questions

PATIENCE_S = 1.0
"""So long a terminal has for its answers; over SSH that is some round trips."""


def ask_terminal(environ: Mapping[str, str], *, patience_s: float = PATIENCE_S) -> Answers:
    """What the terminal that standard input and output are answers; nothing where they are none, or on Windows."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()) or not can_be_asked(environ):
        return Answers()
    try:
        import termios
        import tty
        from select import select
    except ImportError:
        return Answers()
    keyboard = sys.stdin.fileno()
    settings = termios.tcgetattr(keyboard)
    sieve = Sieve()
    in_tmux = tmux.is_inside(environ)
    sieve.expect(in_tmux=in_tmux)
    until_s = monotonic() + patience_s
    try:
        tty.setcbreak(keyboard, termios.TCSANOW)
        sys.stdout.write(questions(in_tmux=in_tmux))
        sys.stdout.flush()
        while sieve.is_expecting and (left_s := until_s - monotonic()) > 0:
            if select([keyboard], [], [], left_s)[0]:
                sieve.keys(os.read(keyboard, 4096).decode("utf-8", "replace"), monotonic())
    finally:
        termios.tcsetattr(keyboard, termios.TCSAFLUSH, settings)  # what was typed meanwhile is not for the shell
    return sieve.answers
