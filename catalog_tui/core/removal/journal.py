"""The journal of an archive's trash: what was going to be moved, and what became of it. Append-only JSON lines.

    {"event": "run", "run": "2026-01-31-120000", "action": "trash", "created": "2026-01-31T12:00:00Z", "files": 2}
    {"event": "intent", "run": …, "n": 0, "path": "site/model/b.jpg", "trash": {"path": ".catalog-trash/…"}, "size": 9,
     "inode": 2, "mtime_ns": 0, "hash": "…", "keeper": {"path": …}, "keeper_inode": 3, "keeper_mtime_ns": 0,
     "side_of": {"path": …}}
    {"event": "folder", "run": …, "path": "site/model", "mode": 493}         a folder that went because it was empty
    {"event": "done" | "undone" | "purged", "run": …, "n": [0, 1]}
    {"event": "refused", "run": …, "n": 0, "reason": "…"}

Intents reach the disk before anything is moved, outcomes after. An intent without an outcome is from a run that was
killed: what became of it is seen in the trash itself, which is what undo and purge go by in any case. A line that
was cut short by a kill or a full disk is passed over. `keeper` and `side_of` are left out where there is none.
"""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from catalog_tui.core.errors import UsageError
from catalog_tui.core.names import json_path, path_from_json
from catalog_tui.core.removal.system import Folder, let_go

JOURNAL_NAME = "journal.jsonl"
DONE, REFUSED, UNDONE, PURGED = "done", "refused", "undone", "purged"


@dataclass(frozen=True, slots=True)
class Entry:
    """One file that a run meant to move: paths in the archive, size in bytes, what is known of its copy."""

    run: str
    number: int
    path: str
    trash_path: str
    size: int
    inode: int
    mtime_ns: int
    hash: str = ""
    keeper: str = ""
    """"" where the user deleted a file that had no copy, and for side-files."""
    keeper_inode: int = 0
    keeper_mtime_ns: int = 0
    side_of: str = ""
    """For a side-file the path of the media it went with."""
    outcome: str = ""
    """DONE, REFUSED, UNDONE, PURGED; "" where the run was killed before it could say."""


@dataclass(frozen=True, slots=True)
class Run:
    """One action: everything one plan did."""

    id: str
    action: str
    created: str
    entries: tuple[Entry, ...]
    folders: tuple[tuple[str, int], ...] = ()
    """Emptied folders that went, deepest first: path and mode."""


class Journal:
    """The journal, open for adding to it; one process at a time has it so."""

    def __init__(self, trash: Folder) -> None:
        """Open or begin the journal in the folder `trash`; OSError where that cannot be."""
        is_new = trash.look(JOURNAL_NAME) is None
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
        self._descriptor = trash.open_file(JOURNAL_NAME, flags)
        if is_new:
            trash.sync()
        self._is_cut_short = _is_cut_short(self._descriptor)

    def add(self, events: Iterable[dict[str, Any]]) -> None:
        """Write these and wait until they are on the disk; OSError where they are not, or not all."""
        text = "".join(json.dumps(event) + "\n" for event in events).encode()
        rest = memoryview(b"\n" + text if self._is_cut_short else text)
        self._is_cut_short = True
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]
        self._is_cut_short = False
        os.fsync(self._descriptor)

    def knows(self, run: str) -> bool:
        """Whether a run of this name was ever begun, even if nothing is left of it in the trash."""
        wanted = json.dumps(run).encode()
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        before = b""
        while chunk := os.read(self._descriptor, 1 << 20):
            if wanted in before + chunk:
                return True
            before = chunk[-len(wanted) :]
        return False

    def close(self) -> None:
        """Let go of the file."""
        let_go(self._descriptor)


def run_event(run: Run) -> dict[str, Any]:
    """The line that begins a run."""
    return {
        "event": "run",
        "run": run.id,
        "action": run.action,
        "created": run.created,
    }


def intent_event(entry: Entry) -> dict[str, Any]:
    """The line that must be on the disk before the file is moved."""
    event: dict[str, Any] = {"event": "intent", "run": entry.run, "n": entry.number, **json_path(entry.path)}
    event |= {"trash": json_path(entry.trash_path), "size": entry.size, "inode": entry.inode}
    event |= {"mtime_ns": entry.mtime_ns, "hash": entry.hash}
    if entry.keeper:
        event |= {"keeper": json_path(entry.keeper), "keeper_inode": entry.keeper_inode}
        event["keeper_mtime_ns"] = entry.keeper_mtime_ns
    if entry.side_of:
        event["side_of"] = json_path(entry.side_of)
    return event


def folder_event(run: Run, path: str, mode: int) -> dict[str, Any]:
    """The line that must be on the disk before an empty folder is removed."""
    return {"event": "folder", "run": run.id, **json_path(path), "mode": mode}


def outcome_events(outcome: str, entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """The lines that say that these came to `outcome`, one a run."""
    numbers: dict[str, list[int]] = {}
    for entry in entries:
        numbers.setdefault(entry.run, []).append(entry.number)
    return [{"event": outcome, "run": run, "n": of_run} for run, of_run in numbers.items()]


def refused_event(entry: Entry, reason: str) -> dict[str, Any]:
    """The line that says why a file was left alone."""
    return {"event": REFUSED, "run": entry.run, "n": [entry.number], "reason": reason}


def read_runs(trash: Folder) -> list[Run]:
    """The runs in the journal of the folder `trash`, oldest first; none where there is no journal."""
    if trash.look(JOURNAL_NAME) is None:
        return []
    with open(trash.open_file(JOURNAL_NAME), "rb") as file:
        return _replayed(_events(file))


def _replayed(events: Iterable[dict[str, Any]]) -> list[Run]:
    runs: dict[str, Run] = {}
    entries: dict[str, dict[int, Entry]] = {}
    for event in events:
        try:
            run = event["run"]
            if event["event"] == "run":
                runs[run] = Run(run, event["action"], event["created"], ())
                entries[run] = {}
            elif event["event"] == "intent":
                entry = _entry(event)
                entries[run][entry.number] = entry
            elif event["event"] == "folder":
                folder = path_from_json(event), int(event["mode"])
                runs[run] = replace(runs[run], folders=(*runs[run].folders, folder))
            else:
                for number in event["n"]:
                    entries[run][number] = replace(entries[run][number], outcome=event["event"])
        except (KeyError, TypeError, ValueError, UsageError):
            continue  # a line of a later version, or of nobody's: the others stand
    return [replace(run, entries=tuple(entries[run.id].values())) for run in runs.values()]


def _entry(event: dict[str, Any]) -> Entry:
    return Entry(
        run=event["run"],
        number=int(event["n"]),
        path=path_from_json(event),
        trash_path=path_from_json(event["trash"]),
        size=int(event["size"]),
        inode=int(event["inode"]),
        mtime_ns=int(event["mtime_ns"]),
        hash=str(event["hash"]),
        keeper=path_from_json(event["keeper"]) if "keeper" in event else "",
        keeper_inode=int(event.get("keeper_inode", 0)),
        keeper_mtime_ns=int(event.get("keeper_mtime_ns", 0)),
        side_of=path_from_json(event["side_of"]) if "side_of" in event else "",
    )


def _events(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    for line in lines:
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict):
            yield event


def _is_cut_short(descriptor: int) -> bool:
    """Whether the file's last line lacks its end: what comes next must begin on a new one."""
    size = os.lseek(descriptor, 0, os.SEEK_END)
    if size == 0:
        return False
    os.lseek(descriptor, size - 1, os.SEEK_SET)
    return os.read(descriptor, 1) != b"\n"
