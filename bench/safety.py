"""What duplicate finders destroy when a file changes between their scan and their deletion; prints a Markdown table.

    python -m bench.safety

Two equal files of 9,000 bytes; the program scans; then one event happens; then the deletion is confirmed. LOST: content
that was on the disk after the event is nowhere after the deletion. Ours is purged on top, for its trash loses nothing
by itself. The first row is the control: without any event the copy must be gone, or the program was not driven rightly.
"""

import os
import pty
import re
import select
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from bench import measuring

ORIGINAL = b"original " * 1000
OTHER = b"changed! " * 1000
PATIENCE_S = 20

Event = Callable[[Path, Path], None]
"""Does something to (keeper, victim)."""
Finder = Callable[[Path, Event], None]
"""Scans the folder, lets the event happen to what it will keep and remove, and deletes."""


def _rewrite(path: Path) -> None:
    path.write_bytes(OTHER)


def _rewrite_in_disguise(path: Path) -> None:
    status = path.stat()
    path.write_bytes(OTHER)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def _replace(path: Path, make: Callable[[Path], None]) -> None:
    path.unlink()
    make(path)


EVENTS: dict[str, Event] = {
    "nothing (control)": lambda keeper, victim: None,
    "keeper rewritten": lambda keeper, victim: _rewrite(keeper),
    "keeper rewritten, mtime restored": lambda keeper, victim: _rewrite_in_disguise(keeper),
    "keeper deleted": lambda keeper, victim: keeper.unlink(),
    "keeper a symlink to the victim": lambda keeper, victim: _replace(keeper, lambda path: path.symlink_to(victim)),
    "keeper a hard link of the victim": lambda keeper, victim: _replace(keeper, lambda path: path.hardlink_to(victim)),
    "victim rewritten": lambda keeper, victim: _rewrite(victim),
    "victim rewritten, mtime restored": lambda keeper, victim: _rewrite_in_disguise(victim),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run every event against every program; 1 when ours loses anything."""
    if arguments or len(sys.argv) > 1:
        print(__doc__)
        return 2
    measuring.require(["jdupes", "fdupes", "rmlint"])
    rows = []
    for name, event in EVENTS.items():
        rows.append(
            [name, *(_outcome(finder, event, control=name.endswith("(control)")) for finder in FINDERS.values())]
        )
    rows.append(
        ["events that lose content", *(str(sum(cell == "LOST" for cell in column)) for column in _columns(rows))]
    )
    print(measuring.markdown_table(["event between scan and deletion", *FINDERS], rows))
    return 1 if rows[-1][1] != "0" else 0


def _columns(rows: list[list[str]]) -> list[tuple[str, ...]]:
    return list(zip(*(row[1:] for row in rows), strict=True))


def _outcome(finder: Finder, event: Event, *, control: bool) -> str:
    with tempfile.TemporaryDirectory(prefix="catalog-tui-safety-") as scratch:
        root = Path(scratch, "archive")
        for path in (root / "site/a/1.jpg", root / "site/b/2.jpg"):
            path.parent.mkdir(parents=True)
            path.write_bytes(ORIGINAL)
        there: set[bytes] = set()

        def happen(keeper: Path, victim: Path) -> None:
            event(keeper, victim)
            there.update(_contents(root))

        finder(root, happen)
        left = _contents(root)
        if not there:
            raise SystemExit("a program ended before it could be asked to delete")
        if control:
            files = [path for path in root.rglob("*.jpg") if path.is_file()]
            if len(files) != 1 or left != {ORIGINAL}:
                raise SystemExit(f"the control row deleted nothing: {files}")
            return "deleted"
        return "ok" if left >= there else "LOST"


def _contents(root: Path) -> set[bytes]:
    return {path.read_bytes() for path in root.rglob("*.jpg") if path.is_file() and not path.is_symlink()}


def _ours(root: Path, happen: Event) -> None:
    plan = root.with_name("plan.json")
    command = [sys.executable, "-P", "-m", "catalog_tui"]
    scratch = {**os.environ, "CATALOG_TUI_CACHE_DIR": str(root.with_name("cache"))}
    with plan.open("wb") as file:
        asked = [*command, "dedupe", str(root), "--format", "json"]
        subprocess.run(asked, stdout=file, stderr=subprocess.DEVNULL, env=scratch, check=True)
    found = re.findall(r'"(victim|keeper)": {"path": "([^"]*)"', plan.read_text())
    paths = {role: root / path for role, path in found}
    happen(paths["keeper"], paths["victim"])
    for words in (["dedupe", "--plan", str(plan), "--apply"], ["trash", "purge", str(root), "--yes"]):
        done = subprocess.run([*command, *words], capture_output=True, env=scratch, check=False)
        if done.returncode not in (0, 3):
            raise SystemExit(done.stderr.decode())


def _asking(*command: str) -> Finder:
    """A finder that lists each set with numbers and asks on the terminal which of its files to preserve."""

    def find(root: Path, happen: Event) -> None:
        child, terminal = pty.fork()
        if child == 0:
            os.execvp(command[0], [*command, str(root)])
        try:
            shown = _read_until(terminal, rb"preserve files|keep which files")
            listed = dict(re.findall(rb"\[(\d)\] ([^\r\n]+)", shown))
            happen(Path(os.fsdecode(listed[b"1"])), Path(os.fsdecode(listed[b"2"])))
            os.write(terminal, b"1\n")
            _read_until(terminal, rb"(?!)")  # which nothing matches: to its end
        finally:
            os.close(terminal)
            os.waitpid(child, 0)

    return find


def _read_until(terminal: int, pattern: bytes) -> bytes:
    shown = b""
    with suppress(OSError):  # EIO: the program has ended
        while not re.search(pattern, shown) and select.select([terminal], [], [], PATIENCE_S)[0]:
            data = os.read(terminal, 4096)
            if not data:
                break
            shown += data
    return shown


def _rmlint(*flags: str) -> Finder:
    """rmlint writes a script that deletes; that is run after the event."""

    def find(root: Path, happen: Event) -> None:
        script, listing = root.with_name("rmlint.sh"), root.with_name("rmlint.json")
        outputs = ["-o", f"sh:{script}", "-o", f"json:{listing}"]
        subprocess.run(["rmlint", "-T", "df", *outputs, str(root)], capture_output=True, cwd=root.parent, check=True)
        found = re.findall(r'"path": *"([^"]+)"[^}]*?"is_original": *(true|false)', listing.read_text(), re.DOTALL)
        roles = {original: Path(path) for path, original in found}
        happen(roles["true"], roles["false"])
        delete = ["sh", str(script), *flags, str(root)]
        subprocess.run(delete, capture_output=True, stdin=subprocess.DEVNULL, cwd=root.parent, check=False)

    return find


FINDERS: dict[str, Finder] = {
    "ours, purged": _ours,
    "jdupes -rd": _asking("jdupes", "-r", "-d"),
    "fdupes -rd": _asking("fdupes", "-r", "-d", "--plain"),
    "rmlint.sh -d": _rmlint("-d", "-x"),
    "rmlint.sh -dp": _rmlint("-d", "-x", "-p"),
}


if __name__ == "__main__":
    raise SystemExit(main())
