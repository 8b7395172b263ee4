"""`catalog-tui doctor`: what this terminal can do, which versions run, where things are, what is wrong with them."""

import locale
import os
import platform
import shutil
import sys
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path

from catalog_tui import __version__
from catalog_tui.config import Settings
from catalog_tui.core import places
from catalog_tui.core.complaints import Complaint
from catalog_tui.core.errors import CatalogError
from catalog_tui.core.names import cell_width, display
from catalog_tui.core.state import load_state
from catalog_tui.core.words import _, language
from catalog_tui.graphics import tmux
from catalog_tui.graphics.answers import Answers
from catalog_tui.graphics.asking import ask_terminal
from catalog_tui.graphics.choosing import SIXEL, Choice, choose
from catalog_tui.graphics.equipping import cell_size, is_remote

PARTS = (
    "textual",
    "rich",
    "xxhash",
    "platformdirs",
    "msgspec",
    "rapidfuzz",
    "pillow",
    "av",
    "starlette",
    "granian",
    "redis",
)
Rows = list[tuple[str, str]]


def run(settings: Settings, complaints: Sequence[Complaint]) -> int:
    """Print everything; works without a terminal. Gives 0: a complaint is shown, and no failure."""
    sections = {
        _("Terminal"): terminal(os.environ),
        _("Pictures"): pictures(os.environ, settings.preview, ask_terminal(os.environ)),
        _("Server"): [("Redis", _redis(settings))],
        _("Versions"): _versions(),
        _("Places"): _folders(),
        _("Settings"): _complaint_rows(settings, complaints),
    }
    width = max(cell_width(label) for rows in sections.values() for label, _value in rows)
    for heading, rows in sections.items():
        print(heading)
        for label, value in rows:
            print(f"  {label}{' ' * (width - cell_width(label))}  {value}")
    return 0


def terminal(environ: Mapping[str, str]) -> Rows:
    """What can be known of the terminal without asking it."""
    columns, lines = shutil.get_terminal_size()
    is_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    size = _("{columns} columns, {lines} lines").format(columns=columns, lines=lines)
    return [
        (_("name"), display(terminal_name(environ))),
        (_("size"), size if is_terminal else _("unknown: input or output is no terminal")),
        (_("colours"), colours(environ)),
        (_("text"), f"{sys.stdout.encoding}, {display(locale.setlocale(locale.LC_CTYPE))}"),
        (_("language"), language()),
        (_("multiplexer"), _("tmux") if "TMUX" in environ else _("screen") if "STY" in environ else _("none")),
        (_("over SSH"), _("yes") if is_remote(environ) else _("no")),
    ]


def terminal_name(environ: Mapping[str, str]) -> str:
    """The program that draws, as far as the environment tells."""
    program = environ.get("TERM_PROGRAM") or _telltale(environ)
    version = environ.get("TERM_PROGRAM_VERSION", "")
    term = environ.get("TERM", "") or _("TERM is not set")
    return f"{program} {version}".strip() + f" ({term})" if program else term


def colours(environ: Mapping[str, str]) -> str:
    """How many colours there are, and what says so."""
    if environ.get("NO_COLOR"):
        return _("none (NO_COLOR is set)")
    if environ.get("COLORTERM", "") in ("truecolor", "24bit"):
        return _("16 million (COLORTERM={value})").format(value=environ["COLORTERM"])
    if "256color" in environ.get("TERM", ""):
        return _("256 (TERM={value}; if the terminal has more, set COLORTERM=truecolor)").format(value=environ["TERM"])
    if environ.get("TERM", "dumb") == "dumb":
        return _("none (TERM says that it is dumb)")
    return _("16 or so (TERM={value})").format(value=display(environ["TERM"]))


def pictures(environ: Mapping[str, str], preview: str, answers: Answers) -> Rows:
    """How pictures are drawn with this setting and these answers of the terminal, and why; what tmux still needs."""
    in_tmux = tmux.is_inside(environ)
    choice = choose(environ, answers, outer=tmux.outer_terminal(environ).name if in_tmux and answers.kitty else "")
    if preview != "auto":
        choice = Choice(preview, _("the setting “preview” says so"))
    rows = [(_("drawn as"), f"{choice.protocol}: {display(choice.reason)}")]
    if answers.complete:
        columns, lines = shutil.get_terminal_size()
        cell = cell_size(answers.cell_size(columns, lines))
        rows += [
            (_("it answers"), display(answers.version) or _("without a name")),
            (_("kitty"), _("yes") if answers.kitty else _("no")),
            (_("sixel"), _("yes") if SIXEL in answers.attributes else _("no")),
            (_("a cell"), _("{width} × {height} pixels").format(width=cell.width, height=cell.height)),
        ]
    if in_tmux:
        rows += _tmux_rows(environ)
    return rows


def _tmux_rows(environ: Mapping[str, str]) -> Rows:
    if tmux.lets_through(environ):
        rows = [(_("tmux"), _("lets pictures through"))]
        if not tmux.says_what_it_shows(environ):
            lines = _("does not say when it shows a window again: press ctrl+l there, or have in ~/.tmux.conf: {line}")
            rows.append((_("tmux"), lines.format(line=tmux.FOCUS_LINE)))
        return rows
    lines = _("pictures need in ~/.tmux.conf (tmux 3.3 or newer): {lines}")
    return [(_("tmux"), lines.format(lines="; ".join(tmux.LINES_NEEDED)))]


def _telltale(environ: Mapping[str, str]) -> str:
    """The terminal that leaves a variable of its own, "" if none did."""
    tales = {
        "KITTY_WINDOW_ID": "kitty",
        "GHOSTTY_RESOURCES_DIR": "ghostty",
        "WEZTERM_PANE": "WezTerm",
        "KONSOLE_VERSION": "Konsole",
        "WT_SESSION": "Windows Terminal",
        "ALACRITTY_WINDOW_ID": "Alacritty",
        "VTE_VERSION": "VTE",
    }
    return next((name for variable, name in tales.items() if variable in environ), "")


def _versions() -> Rows:
    rows = [
        ("catalog-tui", __version__),
        ("Python", f"{platform.python_version()} ({sys.executable})"),
        (_("system"), platform.platform()),
    ]
    for part in PARTS:
        try:
            rows.append((part, metadata.version(part)))
        except metadata.PackageNotFoundError:
            rows.append((part, _("not installed")))
    return rows


def _redis(settings: Settings) -> str:
    """What the Redis says that the settings name."""
    if not settings.redis:
        return _("none is set: a server shares with no other")
    from catalog_tui.server.sharing.redis_link import place_of, version_at  # here: most have none

    try:
        version = version_at(settings.redis)
    except CatalogError as error:
        return str(error)
    return _("{place} answers, version {version}").format(place=place_of(settings.redis), version=display(version))


def _folders() -> Rows:
    folders = {_("config"): places.config_dir(), _("cache"): places.cache_dir(), _("state"): places.state_dir()}
    return [(name, f"{display(str(folder))} ({_writable(folder)})") for name, folder in folders.items()]


def _writable(folder: Path) -> str:
    """Whether files can be written there, in words."""
    if not folder.exists():
        above = next(parent for parent in folder.parents if parent.exists())
        can = above.is_dir() and os.access(above, os.W_OK | os.X_OK)
        return (
            _("not made yet")
            if can
            else _("cannot be made: {folder} is not writable").format(folder=display(str(above)))
        )
    if not folder.is_dir():
        return _("is a file, not a folder")
    return _("writable") if os.access(folder, os.W_OK | os.X_OK) else _("not writable")


def _complaint_rows(settings: Settings, complaints: Sequence[Complaint]) -> Rows:
    from catalog_tui.commands.keymap import build_keymap  # here: it brings Textual

    found = [*complaints, *load_state()[1], *build_keymap(settings.key_preset, settings.keys)[1]]
    return [(_("wrong"), str(complaint)) for complaint in found] or [(_("wrong"), _("nothing"))]
