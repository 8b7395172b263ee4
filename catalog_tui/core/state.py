"""What is remembered from one start to the next: the last archive and theme, and per archive the place and sort orders.

Small JSON files in the state folder, one for the program and one per archive, so that two apps on two archives never
write to the same one. A file is written beside its place and moved over it: a reader, or a kill, finds either the old
one or the new.
"""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from catalog_tui.core import places
from catalog_tui.core.complaints import Complaint
from catalog_tui.core.errors import CatalogError, UsageError
from catalog_tui.core.names import display, json_path, path_from_json
from catalog_tui.core.words import _, reason_of
from catalog_tui.core.writing import write_atomically


class SortOrder(NamedTuple):
    """What a pane is sorted by."""

    key: str
    descending: bool


@dataclass(frozen=True, slots=True)
class State:
    """What is remembered of the program."""

    last_archive: str = ""
    """Absolute path; "" before the first archive was opened."""
    theme: str = ""
    """The theme chosen last; "" if none was."""
    pictures_hidden: bool = False
    """Whether no pictures are to be seen."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the user was in one archive: names exactly as on disk, "" where there was none."""

    site: str = ""
    model: str = ""
    name: str = ""
    pane: str = ""
    """The focused pane."""
    sorts: Mapping[str, SortOrder] = field(default_factory=dict)
    """Pane -> its sort order."""


def load_state() -> tuple[State, list[Complaint]]:
    """What is remembered of the program; the defaults, and a complaint, where the file is unusable."""
    found, complaints = _load(_state_file(), _state_of)
    return found or State(), complaints


def save_state(state: State) -> None:
    """Remember `state`; CatalogError if it cannot be written."""
    kept = {"last_archive": json_path(state.last_archive), "theme": state.theme, "hidden": state.pictures_hidden}
    _save(_state_file(), kept)


def load_place(archive: str) -> tuple[Place, list[Complaint]]:
    """Where the user was in the archive at this path; the defaults, and a complaint, where the file is unusable."""
    found, complaints = _load(_place_file(archive), _place_of)
    return found or Place(), complaints


def save_place(archive: str, place: Place) -> None:
    """Remember `place` for the archive at this path; CatalogError if it cannot be written."""
    names = {part: json_path(getattr(place, part)) for part in ("site", "model", "name")}
    sorts = {pane: {"key": order.key, "descending": order.descending} for pane, order in place.sorts.items()}
    _save(_place_file(archive), {**names, "pane": place.pane, "sorts": sorts})


def _state_file() -> Path:
    return places.state_dir() / "state.json"


def _place_file(archive: str) -> Path:
    return places.state_dir() / "archives" / f"{places.archive_slug(archive)}.json"


_Kept = TypeVar("_Kept")


def _load(file: Path, make: Callable[[dict[str, Any]], _Kept]) -> tuple[_Kept | None, list[Complaint]]:
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        return None, []
    except OSError as error:
        text = _("cannot be read, so the last place is not known: {reason}")
        return None, [Complaint(text.format(reason=reason_of(error)), display(str(file)))]
    try:
        return make(json.loads(content)), []
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, UsageError):
        return None, [_set_aside(file)]


def _set_aside(file: Path) -> Complaint:
    aside = file.with_name(file.name + ".damaged")
    try:
        os.replace(file, aside)
    except OSError as error:
        text = _("is damaged and was left alone: {reason}").format(reason=reason_of(error))
    else:
        text = _("was damaged; it is now called {name}, and the last place is forgotten").format(name=aside.name)
    return Complaint(text, display(str(file)))


def _state_of(kept: dict[str, Any]) -> State:
    return State(path_from_json(kept["last_archive"]), _text(kept["theme"]), kept.get("hidden") is True)


def _place_of(kept: dict[str, Any]) -> Place:
    site, model, name = (path_from_json(kept[part]) for part in ("site", "model", "name"))
    sorts = {pane: SortOrder(_text(order["key"]), bool(order["descending"])) for pane, order in kept["sorts"].items()}
    return Place(site, model, name, _text(kept["pane"]), sorts)


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise TypeError(value)


def _save(file: Path, kept: dict[str, Any]) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(file, json.dumps(kept, indent=1).encode())
    except OSError as error:
        text = _("The place in the archive could not be saved to {file}: {reason}")
        raise CatalogError(text.format(file=display(str(file)), reason=reason_of(error))) from error
