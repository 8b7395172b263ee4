"""Presets and the user's own keys: what `[keys]` in `config.toml` says, checked, as a keymap for Textual."""

import string
from collections.abc import Iterable, Mapping
from functools import cache

from textual.binding import Binding
from textual.keys import Keys

from catalog_tui.commands.groups import LIVE_TOGETHER, all_commands
from catalog_tui.config import KeyChoice, nearest
from catalog_tui.core.complaints import Complaint
from catalog_tui.core.names import display
from catalog_tui.core.words import _

NO_KEY = "no_key"
"""What a command without a key is bound to: no terminal sends it. (Textual reads "" as "leave the default".)"""

PRESETS: Mapping[str, Mapping[str, str]] = {
    "default": {},
    "vim": {
        "list.page_down": "pagedown,ctrl+f,ctrl+d",
        "list.page_up": "pageup,ctrl+u",  # not vim's ctrl+b: that is tmux's prefix
        "list.mark_range": "v,V",
        "app.palette": "ctrl+p,colon",
    },
}
"""Preset -> command id -> keys, where they differ from the commands' own."""

_MODIFIERS = frozenset({"ctrl", "shift", "alt", "super", "hyper", "meta"})
_OTHER_NAMES = {"esc": "escape", "return": "enter", "del": "delete", "pgup": "pageup", "pgdn": "pagedown"}


def build_keymap(preset: str, choices: Iterable[KeyChoice]) -> tuple[dict[str, str], list[Complaint]]:
    """What to give `App.set_keymap` (only what differs from the bindings), and what is wrong with the choices.

    A key that the user gives to one command is taken from the others that are live at the same time.
    """
    defaults = {command.id: _canonical_keys(command.key) for command in all_commands()}
    chosen, complaints = _checked_choices(choices, defaults)
    keys = defaults | {command_id: _canonical_keys(text) for command_id, text in PRESETS[preset].items()}
    for command_id in keys:
        if command_id in chosen:
            keys[command_id] = chosen[command_id].keys
            continue
        takers = {key: choice for choice in chosen.values() for key in choice.keys if _rivals(choice, command_id)}
        kept = tuple(key for key in keys[command_id] if key not in takers)
        if keys[command_id] and not kept:
            taker = takers[keys[command_id][0]]
            text = _("“{taker}” takes the only key of “{loser}”: give that one another key")
            complaints.append(Complaint(text.format(taker=taker.command_id, loser=command_id), taker.where))
        keys[command_id] = kept
    return {i: ",".join(keys[i]) or NO_KEY for i in keys if keys[i] != defaults[i]}, complaints


def canonical_key(written: str) -> str | None:
    """The one name Textual gives a key: `?` is `question_mark`, `Ctrl+P` is `ctrl+p`; None if there is no such key."""
    *modifiers, base = [written] if len(written) == 1 else written.split("+")
    modifiers = [modifier.lower() for modifier in modifiers]
    if not base.isprintable() or not _MODIFIERS.issuperset(modifiers):
        return None
    if len(base) == 1:
        key = _key_of_character(base.lower() if "ctrl" in modifiers else base)
    else:
        key = _OTHER_NAMES.get(base.lower(), base.lower())
        if key not in _key_names():
            return None
    if modifiers == ["shift"] and len(key) == 1:
        return key.upper()  # what a terminal sends
    return "+".join([*modifiers, key])


def _checked_choices(
    choices: Iterable[KeyChoice], known: Mapping[str, object]
) -> tuple[dict[str, KeyChoice], list[Complaint]]:
    """The choices that can be had, with canonical keys, by command; of two that want one key the first gets it."""
    chosen: dict[str, KeyChoice] = {}
    complaints: list[Complaint] = []
    for choice in choices:
        if choice.command_id not in known:
            text = _("there is no command “{name}”").format(name=display(choice.command_id))
            complaints.append(Complaint(text + nearest(choice.command_id, known), choice.where))
            continue
        good = []
        for written in choice.keys:
            key = canonical_key(written)
            holder = next((c for c in chosen.values() if key in c.keys and _rivals(c, choice.command_id)), None)
            if key is None:
                text = _("there is no key “{name}”").format(name=display(written))
                complaints.append(Complaint(text + nearest(written.lower(), _key_names()), choice.where))
            elif holder:
                text = _("“{key}” is taken by “{holder}” already, so “{name}” does not get it")
                text = text.format(key=key, holder=holder.command_id, name=choice.command_id)
                complaints.append(Complaint(text, choice.where))
            else:
                good.append(key)
        if good or not choice.keys:  # with nothing usable the default stays
            chosen[choice.command_id] = choice._replace(keys=tuple(dict.fromkeys(good)))
    return chosen, complaints


def _rivals(choice: KeyChoice, command_id: str) -> bool:
    groups = {choice.command_id.partition(".")[0], command_id.partition(".")[0]}
    return len(groups) == 1 or any(groups <= together for together in LIVE_TOGETHER)


def _canonical_keys(keys: str) -> tuple[str, ...]:
    return tuple(canonical_key(key) or key for key in keys.split(",") if key)


def _key_of_character(character: str) -> str:
    if character in ", ":  # Binding takes the one for a separator, the other for nothing
        return "comma" if character == "," else "space"
    return next(iter(Binding.make_bindings([Binding(character, "")]))).key


@cache
def _key_names() -> frozenset[str]:
    named = (key.value for key in Keys if key.value.isalnum())
    return frozenset(named) | {_key_of_character(character) for character in string.punctuation}
