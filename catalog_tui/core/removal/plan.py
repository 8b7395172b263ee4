"""What is going to be removed: an immutable list that says of every file exactly which one is meant, and its JSON.

The JSON is that of design section 7. What it does not say it does not need: content is compared byte by byte anyway.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from catalog_tui.core.errors import UsageError
from catalog_tui.core.names import json_path, path_from_json
from catalog_tui.core.words import _

TRASH: Final = "trash"
HARDLINK: Final = "hardlink"
REFLINK: Final = "reflink"
ACTIONS: Final = (TRASH, HARDLINK, REFLINK)


@dataclass(frozen=True, slots=True)
class Identity:
    """One regular file as it was seen: its path in the archive and what must not have changed since; times in ns."""

    path: str
    device: int
    inode: int
    mtime_ns: int
    ctime_ns: int


@dataclass(frozen=True, slots=True)
class PlanItem:
    """A file to remove, and the copy to keep; `keeper` is None where the user deletes a file that has none."""

    hash: str
    size: int
    victim: Identity
    keeper: Identity | None


@dataclass(frozen=True, slots=True)
class Plan:
    """Removals in one archive (an absolute path). `created` is in UTC, as ISO 8601; `protected` are folders."""

    archive: str
    created: str
    action: str
    rules: tuple[str, ...]
    items: tuple[PlanItem, ...]
    bytes_after_purge: int
    """What purging will free, once: a file counts when all its names are in the plan."""
    protected: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    """Folders that go too when they are empty by then, deepest first: of a model that the user deletes. Not in JSON."""


def plan_to_json(plan: Plan) -> dict[str, Any]:
    """The plan as JSON fields; `archive_b64` and `protected` are there only when there is something to say."""
    archive = json_path(plan.archive)
    fields: dict[str, Any] = {"archive": archive["path"]}
    if "path_b64" in archive:
        fields["archive_b64"] = archive["path_b64"]
    fields |= {"created": plan.created, "action": plan.action, "rules": list(plan.rules)}
    if plan.protected:
        fields["protected"] = [json_path(folder) for folder in plan.protected]
    fields["items"] = [
        {
            "hash": item.hash,
            "size": item.size,
            "victim": identity_to_json(item.victim),
            "keeper": identity_to_json(item.keeper) if item.keeper else None,
        }
        for item in plan.items
    ]
    fields["bytes_after_purge"] = plan.bytes_after_purge
    return fields


def plan_from_json(text: str | bytes) -> Plan:
    """The plan that `plan_to_json` gave; UsageError where `text` is none."""
    try:
        fields = json.loads(text)
        plan = Plan(
            archive=path_from_json({"path": fields["archive"], "path_b64": fields.get("archive_b64")}),
            created=_text(fields["created"]),
            action=_text(fields["action"]),
            rules=tuple(map(_text, fields["rules"])),
            items=tuple(map(_item, fields["items"])),
            bytes_after_purge=_number(fields["bytes_after_purge"]),
            protected=tuple(map(path_from_json, fields.get("protected", ()))),
        )
    except UsageError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UsageError(_("that is no plan: {reason}").format(reason=error)) from error
    if plan.action not in ACTIONS or not os.path.isabs(plan.archive):
        raise UsageError(_("that is no plan: {reason}").format(reason=f"{plan.action} {plan.archive!r}"))
    return plan


def identity_to_json(identity: Identity) -> dict[str, Any]:
    """An identity as JSON fields."""
    return {
        **json_path(identity.path),
        "device": identity.device,
        "inode": identity.inode,
        "mtime_ns": identity.mtime_ns,
        "ctime_ns": identity.ctime_ns,
    }


def identity_from_json(fields: Mapping[str, object]) -> Identity:
    """The identity that `identity_to_json` gave; KeyError, TypeError or UsageError where it is none."""
    numbers = (_number(fields[name]) for name in ("device", "inode", "mtime_ns", "ctime_ns"))
    return Identity(path_from_json(fields), *numbers)


def _item(fields: Mapping[str, Any]) -> PlanItem:
    """An item of a saved plan. One without a keeper is none: those are made where the user deletes, and never saved."""
    victim, keeper = identity_from_json(fields["victim"]), identity_from_json(fields["keeper"])
    return PlanItem(_text(fields["hash"]), _number(fields["size"]), victim, keeper)


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise TypeError(value)


def _number(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise TypeError(value)
