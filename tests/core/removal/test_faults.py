"""Every system call of the real command fails once in each of four ways, and is once the last before a kill.

Whatever happens, every content is somewhere, the journal can be read, and undo gives back the tree as it was.
"""

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from catalog_tui.core.removal.executor import execute
from catalog_tui.core.removal.plan import HARDLINK, TRASH, plan_to_json
from catalog_tui.core.removal.purge import purge
from catalog_tui.core.removal.trash import read_journal
from catalog_tui.core.removal.undo import undo
from tests.core.removal.ground import age, contents, plan_of, tree
from tests.core.removal.sweep import FAULTS, KILL, calls_of, run_faulted
from tests.trees import make_archive

KEEPER, VICTIM, SIDE = "s/keep.jpg", "s/copy.jpg", "s/copy.jpg.json"
FILES = {KEEPER: b"content", VICTIM: b"content", SIDE: b"{}"}
NOT_LOADED = re.compile(r"^(ImportError|ModuleNotFoundError)", re.MULTILINE)  # a module of Python's own was not read
PARTS = 4  # of a sweep, so that they run beside each other


def make(root: Path) -> Path:
    make_archive(root, FILES)
    (root / VICTIM).chmod(0o640)
    age(root)
    return root


def plan_file(root: Path, action: str) -> Path:
    file = root.with_suffix(".json")
    file.write_text(json.dumps(plan_to_json(plan_of(root, (VICTIM, KEEPER), action=action))))
    return file


def check(root: Path, said: str) -> None:
    """Nothing is lost, nothing is torn, and all comes back."""
    assert "Traceback" not in said or NOT_LOADED.search(said), said
    assert contents(root) >= set(FILES.values())
    read_journal(str(root))
    undo(str(root), 99)
    assert tree(root) == tree(make(root.with_name("fresh")))


def words_for(root: Path, action: str) -> Sequence[str]:
    return ["dedupe", "--plan", str(plan_file(root, action)), "--apply"]


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize(("action", "fault"), [*((TRASH, fault) for fault in FAULTS), (HARDLINK, KILL)])
def test_removing_loses_nothing_wherever_it_fails(tmp_path: Path, action: str, fault: str, part: int) -> None:
    calls = calls_of(words_for(make(tmp_path / "first"), action), tmp_path / "log")
    assert len(calls) > 50
    for number, call in enumerate(calls[part::PARTS]):
        root = make(tmp_path / str(number) / "archive")
        done = run_faulted(words_for(root, action), call, fault)
        assert fault != KILL or done.returncode == -9, call
        check(root, done.stderr)


@pytest.mark.parametrize("part", range(2))
def test_undo_can_be_killed_anywhere_and_done_again(tmp_path: Path, part: int) -> None:
    first = make(tmp_path / "first")
    execute(plan_of(first, (VICTIM, KEEPER)))
    calls = calls_of(["undo", str(first)], tmp_path / "log")
    for number, call in enumerate(calls[part::2]):
        root = make(tmp_path / str(number) / "archive")
        execute(plan_of(root, (VICTIM, KEEPER)))
        done = run_faulted(["undo", str(root)], call, KILL)
        assert done.returncode == -9, call
        check(root, done.stderr)


@pytest.mark.parametrize("part", range(2))
def test_purging_can_be_killed_anywhere(tmp_path: Path, part: int) -> None:
    first = make(tmp_path / "first")
    execute(plan_of(first, (VICTIM, KEEPER)))
    words = ["trash", "purge", "--yes"]
    calls = calls_of([*words, str(first)], tmp_path / "log")
    for number, call in enumerate(calls[part::2]):
        root = make(tmp_path / str(number) / "archive")
        execute(plan_of(root, (VICTIM, KEEPER)))
        run_faulted([*words, str(root)], call, KILL)
        assert contents(root) >= set(FILES.values())
        read_journal(str(root))
        assert purge(str(root)).purged in ((), (VICTIM,))
        assert contents(root) >= set(FILES.values())
