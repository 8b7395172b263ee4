"""Typed settings: the defaults, then `config.toml`, then `CATALOG_TUI_*` in the environment, then flags.

What is wrong with a file or a variable never stops the program: that setting keeps the value it had, and a `Complaint`
says what is wrong, where, and what was probably meant.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, NamedTuple

from catalog_tui.core import places
from catalog_tui.core.complaints import Complaint
from catalog_tui.core.errors import UsageError
from catalog_tui.core.names import display
from catalog_tui.core.words import LANGUAGES, _, reason_of
from catalog_tui.previews import PREVIEWS

KEY_PRESETS = ("default", "vim")


class KeyChoice(NamedTuple):
    """One line of `[keys]`: keys as written for a command; not yet checked (commands/keymap.py does)."""

    command_id: str
    keys: tuple[str, ...]
    where: str


Check = Callable[[object], Any]
"""Gives the value as it is kept; raises ValueError with a few words on what is expected."""


def _one_of(*choices: str) -> Check:
    def check(value: object) -> object:
        if value in choices:
            return value
        raise ValueError(_("one of {choices}").format(choices=", ".join(choices)))

    return check


def _at_least(least: int) -> Check:
    def check(value: object) -> object:
        if isinstance(value, int) and not isinstance(value, bool) and value >= least:
            return value
        raise ValueError(_("a whole number, {least} or more").format(least=least))

    return check


def _port(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 65536:
        return value
    raise ValueError(_("a number from 0 to 65535"))


def _text(value: object) -> object:
    if isinstance(value, str):
        return value
    raise ValueError(_("a text in quotes"))


def _folder(value: object) -> object:
    return os.path.expanduser(str(_text(value)))


def _folders(value: object) -> object:
    if isinstance(value, list) and all(isinstance(folder, str) for folder in value):
        return tuple(map(os.path.expanduser, value))
    raise ValueError(_('a list of folders: ["site/model", "site"]'))


def _keep_rules(value: object) -> object:
    from catalog_tui.core.removal.keep_rules import parse_rules  # only who has written rules pays for what knows them

    if not isinstance(value, list) or not all(isinstance(rule, str) for rule in value):
        raise ValueError(_('a list of keep rules: ["oldest", "prefer:site"]'))
    try:
        return tuple(rule.text for rule in parse_rules(value))
    except UsageError as error:
        raise ValueError(_("a list of keep rules: {reason}").format(reason=error)) from error


def _yes_or_no(value: object) -> object:
    if isinstance(value, bool):
        return value
    raise ValueError(_("true or false"))


def _setting(default: Any, check: Check) -> Any:
    return field(default=default, metadata={"check": check})


@dataclass(frozen=True, slots=True)
class CacheSettings:
    """`[caches]`: how much the caches in memory hold, and for how long."""

    models: int = _setting(500, _at_least(1))
    model_info: int = _setting(2000, _at_least(1))
    media_list: int = _setting(1000, _at_least(1))
    ttl_s: int = _setting(1800, _at_least(1))
    clean_up_s: int = _setting(300, _at_least(1))


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set; the names are those in `config.toml`."""

    archive: str = _setting("", _folder)
    """The archive to open when none is named; "" for the last one opened."""
    theme: str = _setting("", _text)
    """A theme of Textual's; "" for the one chosen last."""
    language: str = _setting("auto", _one_of("auto", *LANGUAGES))
    follow_links: bool = _setting(False, _yes_or_no)
    show_details: bool = _setting(True, _yes_or_no)
    preview: str = _setting("auto", _one_of(*PREVIEWS))
    """How pictures are drawn; `auto` for the best way that the terminal has."""
    keep: tuple[str, ...] = _setting((), _keep_rules)
    """Which file of a group of duplicates is kept, where nothing else is said; () for the usual rules."""
    protect: tuple[str, ...] = _setting((), _folders)
    """Folders, relative to the archive or absolute, in which nothing is ever removed."""
    port: int = _setting(8008, _port)
    """Where the server that the app starts listens; 0 for any port that is free."""
    redis: str = _setting("", _text)
    """The address of a Redis by which servers of one archive share what they read; "" for none."""
    redis_secret: str = _setting("", _folder)
    """The file of the secret that those servers share; "" for one of this machine's own."""
    redis_name: str = _setting("", _text)
    """What those servers call the archive; "" for its path."""
    redis_mb: int = _setting(256, _at_least(1))
    """How much is kept in Redis for one archive, in MiB."""
    key_preset: str = _setting("default", _one_of(*KEY_PRESETS))
    keys: tuple[KeyChoice, ...] = ()
    """`[keys]`: command id = "key,key" or ["key", "key"]; "" for no key at all."""
    depth: Mapping[str, int] = field(default_factory=dict)
    """`[depth]`: site = how many folders below the site a model is; 1 where it is not said."""
    caches: CacheSettings = CacheSettings()
    file: Path | None = field(default=None, compare=False)
    """Where they were read from and new ones are saved to, be it there or not yet; None where that is not known."""


def load_settings(
    *, file: Path | None, environ: Mapping[str, str], flags: Mapping[str, Any]
) -> tuple[Settings, list[Complaint]]:
    """The settings in force, and what is wrong with their sources.

    `file` is what `--config` names, None for the usual place; `flags` are settings by name, those not given left out.
    Raises UsageError if a named `file` does not exist.
    """
    if file and not file.exists():
        raise UsageError(_("there is no settings file {file}").format(file=display(str(file))))
    complaints: list[Complaint] = []
    file = file or places.config_dir() / "config.toml"
    settings = replace(_ConfigFile(file, complaints).settings(), file=file)
    settings = _with_environment(settings, environ, complaints)
    return replace(settings, **flags), complaints


class _ConfigFile:
    """One `config.toml` on its way to Settings."""

    def __init__(self, path: Path, complaints: list[Complaint]) -> None:
        self.path = path
        self.complaints = complaints
        self.lines: list[str] = []

    def settings(self) -> Settings:
        table = self._table()
        keys = tuple(self._keys(table.pop("keys", {})))
        depth = dict(self._depth(table.pop("depth", {})))
        caches = CacheSettings(**self._good_values(_checks(CacheSettings), table.pop("caches", {}), "caches"))
        return Settings(keys=keys, depth=depth, caches=caches, **self._good_values(_checks(Settings), table))

    def _table(self) -> dict[str, Any]:
        try:
            text = self.path.read_bytes().decode("utf-8-sig")  # Windows' Notepad puts a byte order mark
        except FileNotFoundError:
            return {}
        except OSError as error:
            self._complain(_("cannot be read: {reason}").format(reason=reason_of(error)))
            return {}
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            self._complain(_("is not UTF-8 text; the defaults are used"), line)
            return {}
        import tomllib  # 3 ms that who has no such file need not pay

        self.lines = text.splitlines()
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            place = re.search(r"line (\d+)", str(error))
            reason = re.sub(r" \(at .*\)$", "", str(error))
            line = int(place[1]) if place else len(self.lines)
            self._complain(_("is not valid TOML ({reason}); the defaults are used").format(reason=reason), line)
            return {}

    def _good_values(self, checks: Mapping[str, Check], table: object, name: str = "") -> dict[str, Any]:
        """What is right in `table`, which is called `name` ("" for the top level)."""
        good: dict[str, Any] = {}
        if not isinstance(table, dict):
            self._complain_of_value(_("a table: [{name}]").format(name=name), name)
            return good
        for key, value in table.items():
            path = (name, key) if name else (key,)
            if key in checks:
                try:
                    good[key] = checks[key](value)
                except ValueError as error:
                    self._complain_of_value(str(error), *path)
            else:
                known = [*checks] if name else [*checks, "keys", "depth", "caches"]
                text = _("there is no setting “{name}”").format(name=display(key))
                self._complain(text + nearest(key, known), self._line_of(*path))
        return good

    def _keys(self, table: object) -> Iterator[KeyChoice]:
        if not isinstance(table, dict):
            self._complain_of_value(_("a table: [{name}]").format(name="keys"), "keys")
            return
        for command_id, value in _flat(table):
            written = [key.strip() for key in value.split(",")] if isinstance(value, str) else value
            if not isinstance(written, list) or not all(isinstance(key, str) for key in written):
                self._complain_of_value(_('keys in quotes, such as "down,j"'), "keys", command_id)
                continue
            line = self._line_of("keys", command_id)
            yield KeyChoice(command_id, tuple(key for key in written if key), self._where(line))

    def _depth(self, table: object) -> Iterator[tuple[str, int]]:
        if not isinstance(table, dict):
            self._complain_of_value(_("a table: [{name}]").format(name="depth"), "depth")
            return
        for site, value in table.items():
            if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
                yield site, value
            else:
                self._complain_of_value(_("a whole number, {least} or more").format(least=1), "depth", site)

    def _complain_of_value(self, expected: str, *path: str) -> None:
        text = _("“{name}” should be {expected}").format(name=display(".".join(path)), expected=expected)
        self._complain(text, self._line_of(*path))

    def _complain(self, text: str, line: int = 0) -> None:
        self.complaints.append(Complaint(text, self._where(line)))

    def _where(self, line: int) -> str:
        return display(str(self.path)) + (f":{line}" if line else "")

    def _line_of(self, *path: str) -> int:
        """The line that sets `path`, 1-based, as far as reading line by line can tell; else 0."""
        wanted = ".".join(path)
        table = ""
        for number, line in enumerate(self.lines, 1):
            if header := re.match(r"\s*\[([^\[\]]+)\]", line):
                table = _bare(header[1]) + "."
                if table[:-1] == wanted:
                    return number
            elif (left := line.partition("=")[0]) != line and table + _bare(left) == wanted:
                return number
        return 0


def _with_environment(settings: Settings, environ: Mapping[str, str], complaints: list[Complaint]) -> Settings:
    checks = _checks(Settings)
    cache_checks = {f"caches_{name}": check for name, check in _checks(CacheSettings).items()}
    for variable in sorted(environ):
        if not variable.startswith(places.VARIABLE_PREFIX) or variable in places.VARIABLES:
            continue
        name = variable.removeprefix(places.VARIABLE_PREFIX).lower()
        text = environ[variable]
        try:
            if name in checks:
                settings = replace(settings, **{name: _of_text(checks[name], text)})
            elif name in cache_checks:
                caches = replace(settings.caches, **{name.removeprefix("caches_"): _of_text(cache_checks[name], text)})
                settings = replace(settings, caches=caches)
            else:
                known = [places.VARIABLE_PREFIX + known.upper() for known in (*checks, *cache_checks)]
                unknown = _("there is no such setting") + nearest(variable, [*known, *places.VARIABLES])
                complaints.append(Complaint(unknown, display(variable)))
        except ValueError as error:
            expected = _("should be {expected}").format(expected=str(error))
            complaints.append(Complaint(expected, variable))
    return settings


def _of_text(check: Check, text: str) -> Any:
    """What `check` makes of an environment variable, where all is text: as text, yes or no, a number or a list."""
    words = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    for value in (text, words.get(text.lower()), int(text) if text.isdecimal() else None):
        with suppress(ValueError):
            return check(value)
    return check(_list_of_text(text))


def _list_of_text(text: str) -> object:
    """A list as the settings file has it, where there is a bracket; else the words between commas."""
    if not text.lstrip().startswith("["):
        return [word.strip() for word in text.split(",") if word.strip()]
    import tomllib

    try:
        return tomllib.loads(f"list = {text}")["list"]
    except tomllib.TOMLDecodeError:
        return text


def nearest(name: str, known: Iterable[str]) -> str:
    """“; did you mean …?” with the known name that is most like `name`, or nothing if none is like it."""
    from difflib import get_close_matches  # 4 ms, only where something is misspelt

    likely = get_close_matches(name, list(known), n=1)
    return _("; did you mean “{name}”?").format(name=likely[0]) if likely else ""


def _checks(settings: type[Settings] | type[CacheSettings]) -> dict[str, Check]:
    return {f.name: f.metadata["check"] for f in fields(settings) if "check" in f.metadata}


def _flat(table: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    """`list.down = "n"` without quotes is a table in a table to TOML: give both spellings alike."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def _bare(name: str) -> str:
    """A TOML key as its plain name: quotes off, and the space around it and its dots."""
    return re.sub(r"\s*\.\s*", ".", re.sub("[\"']", "", name)).strip()
