"""Any sequence of plans, removals, undoing, purging and other programs' doings loses nothing and overwrites nothing."""

import os
import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from catalog_tui.core.removal.executor import execute
from catalog_tui.core.removal.plan import HARDLINK, TRASH, Plan
from catalog_tui.core.removal.purge import purge
from catalog_tui.core.removal.trash import read_journal
from catalog_tui.core.removal.undo import undo
from tests.core.removal.ground import SYSTEMS, Seen, contents, plan_of, tree

NAMES = ["a.jpg", "b.jpg", "p_1.jpg", "p_2.jpg", "a.jpg.json", "p.json"]
PATHS = st.sampled_from([f"s/{model}/{name}" for model in "mn" for name in NAMES])
CONTENTS = st.sampled_from([b"one", b"two"])


class AnySequence(RuleBasedStateMachine):
    """An archive that is edited by others while it is cleaned."""

    @initialize(system=st.sampled_from(sorted(SYSTEMS)))
    def begin(self, system: str) -> None:
        self.root = Path(tempfile.mkdtemp())
        self.open_archive = SYSTEMS[system]
        self.plans: list[Plan] = []
        for model in "mn":
            (self.root / "s" / model).mkdir(parents=True)
            for name in NAMES:
                (self.root / "s" / model / name).write_bytes(b"one")

    def teardown(self) -> None:
        shutil.rmtree(getattr(self, "root", Path("/nonexistent")), ignore_errors=True)

    @rule(path=PATHS, content=CONTENTS, in_place=st.booleans())
    def write(self, path: str, content: bytes, in_place: bool) -> None:
        target = self.root / path
        if in_place and target.is_file():
            target.write_bytes(content)
        else:
            new = self.root / "new"
            new.write_bytes(content)
            new.rename(target)

    @rule(path=PATHS)
    def delete(self, path: str) -> None:
        (self.root / path).unlink(missing_ok=True)

    @rule(path=PATHS, source=PATHS, hard=st.booleans())
    def link(self, path: str, source: str, hard: bool) -> None:
        if path != source and self._is_file(source):
            (self.root / path).unlink(missing_ok=True)
            if hard:
                os.link(self.root / source, self.root / path)
            else:
                (self.root / path).symlink_to(self.root / source)

    @rule(path=PATHS, other=PATHS)
    def rename(self, path: str, other: str) -> None:
        if os.path.lexists(self.root / path):
            (self.root / path).rename(self.root / other)

    @rule(pairs=st.lists(st.tuples(PATHS, PATHS), max_size=4), action=st.sampled_from([TRASH, HARDLINK]))
    def plan(self, pairs: list[tuple[str, str]], action: str) -> None:
        there = [(victim, keeper) for victim, keeper in pairs if self._is_file(victim) and self._is_file(keeper)]
        self.plans.append(plan_of(self.root, *there, action=action))

    @rule(number=st.integers(0, 5))
    def apply(self, number: int) -> None:
        if not self.plans:
            return
        plan = self.plans[number % len(self.plans)]
        before, there = tree(self.root), contents(self.root)
        report = execute(plan, open_archive=self.open_archive)
        gone = {path for done in report.done for path in (done.path, *done.side_files)}
        after = tree(self.root)
        assert {path: seen for path, seen in before.items() if path not in gone and after.get(path) != seen} == {}
        assert after.keys() <= before.keys()
        assert contents(self.root) >= there
        kept = {seen.content for seen in after.values() if isinstance(seen, Seen)}
        for done in report.done:
            seen = before[done.path]
            assert isinstance(seen, Seen)
            assert seen.content in kept  # not only in the trash: the archive itself still has it

    @rule(steps=st.integers(1, 3))
    def undo(self, steps: int) -> None:
        before, there = tree(self.root), contents(self.root)
        undo(str(self.root), steps, open_archive=self.open_archive)
        after = tree(self.root)
        for path, seen in before.items():
            assert _content(after.get(path)) == _content(seen)
        assert contents(self.root) >= there

    @rule()
    def purge(self) -> None:
        before, there = tree(self.root), contents(self.root)
        purge(str(self.root), open_archive=self.open_archive)
        assert tree(self.root) == before
        assert contents(self.root) >= there

    @invariant()
    def the_journal_can_be_read(self) -> None:
        if hasattr(self, "root"):
            read_journal(str(self.root))

    def _is_file(self, path: str) -> bool:
        return (self.root / path).is_file() and not (self.root / path).is_symlink()


def _content(seen: Seen | str | None) -> bytes | str | None:
    return seen.content if isinstance(seen, Seen) else seen


TestAnySequence = AnySequence.TestCase
TestAnySequence.settings = settings(max_examples=100, stateful_step_count=25)
