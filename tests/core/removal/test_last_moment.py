"""Names change hands between the last look and the act: whatever moved that was not meant is put back."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from catalog_tui.core.removal.executor import execute
from catalog_tui.core.removal.plan import HARDLINK, TRASH
from catalog_tui.core.removal.system import Folder, HeldFolder, NamedFolder, RenameCall, renameat2
from catalog_tui.core.scan.hashing import CHUNK_BYTES
from tests.core.removal.ground import contents, plan_of, tree

KEEPER, VICTIM = "site/a/keep.jpg", "site/b/copy.jpg"


class Meddled:
    """A way to hold folders in which something happens once, right before a move or exchange, or before a link."""

    def __init__(self, happen: Callable[[], object], *, before_link: bool = False) -> None:
        self.happen = happen
        self.before_link = before_link
        self.done = False

    def once(self, *, linking: bool = False) -> None:
        if not self.done and linking == self.before_link:
            self.done = True
            self.happen()

    def held(self, rename: RenameCall | None) -> Callable[[str], Folder]:
        meddled = self

        class MeddledFolder(HeldFolder):
            def take(self, *names: Any) -> None:
                meddled.once()
                super().take(*names)

            def swap(self, *names: Any) -> bool:
                meddled.once()
                return super().swap(*names)

            def link(self, *names: Any) -> None:
                meddled.once(linking=True)
                super().link(*names)

            def child(self, name: str) -> HeldFolder:
                return MeddledFolder(os.dup(super().child(name)._descriptor), self._rename)

        return lambda path: MeddledFolder.top(path, rename)

    def named(self) -> Callable[[str], Folder]:
        meddled = self

        class MeddledFolder(NamedFolder):
            def take(self, *names: Any) -> None:
                meddled.once()
                super().take(*names)

            def link(self, *names: Any) -> None:
                meddled.once(linking=True)
                super().link(*names)

            def child(self, name: str) -> NamedFolder:
                return MeddledFolder(super().child(name)._path)

        return MeddledFolder


SYSTEMS: dict[str, Callable[[Meddled], Callable[[str], Folder]]] = {
    "renameat2": lambda meddled: meddled.held(renameat2()),
    "descriptors": lambda meddled: meddled.held(None),
    "paths": lambda meddled: meddled.named(),
}


def replace(path: Path, content: bytes) -> None:
    path.with_name("new").write_bytes(content)
    path.with_name("new").rename(path)


def link_in_place(path: Path, target: Path) -> None:
    path.unlink()
    path.symlink_to(target)


EVENTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "victim replaced": (lambda root: replace(root / VICTIM, b"new words"), "another file took its place"),
    "victim a link": (lambda root: link_in_place(root / VICTIM, root / KEEPER), "another file took its place"),
    "victim rewritten": (lambda root: (root / VICTIM).write_bytes(b"else bytes"), "another file took its place"),
    "victim gone": (lambda root: (root / VICTIM).unlink(), "it is gone"),
    "keeper gone": (lambda root: (root / KEEPER).unlink(), "the copy to keep changed"),
    "keeper rewritten": (lambda root: (root / KEEPER).write_bytes(b"else bytes"), "the copy to keep changed"),
    "keeper replaced": (lambda root: replace(root / KEEPER, b"new words"), "the copy to keep changed"),
}


@pytest.mark.parametrize("action", [TRASH, HARDLINK])
@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("event", EVENTS)
def test_what_was_not_meant_is_put_back(root: Path, event: str, system: str, action: str) -> None:
    happen, reason = EVENTS[event]
    plan = plan_of(root, (VICTIM, KEEPER), action=action)
    after: dict[str, object] = {}

    def meddle() -> None:
        happen(root)
        after.update(tree(root), contents=contents(root))

    report = execute(plan, open_archive=SYSTEMS[system](Meddled(meddle)))
    there = after.pop("contents")
    assert isinstance(there, set)
    assert contents(root) >= there
    if action == HARDLINK and event.startswith("keeper"):
        return  # the link holds the keeper's file itself: what becomes of the keeper's name costs nothing
    assert tree(root) == after
    assert [refusal.reason.startswith(reason) for refusal in report.refused] == [True]


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("event", [event for event in EVENTS if event.startswith("keeper")])
def test_a_hard_link_is_made_of_the_very_copy_that_was_compared(root: Path, event: str, system: str) -> None:
    after: dict[str, object] = {}

    def meddle() -> None:
        EVENTS[event][0](root)
        after.update(tree(root))

    meddled = Meddled(meddle, before_link=True)
    report = execute(plan_of(root, (VICTIM, KEEPER), action=HARDLINK), open_archive=SYSTEMS[system](meddled))
    assert (len(report.done), len(report.refused)) == (0, 1)
    assert tree(root) == after


def test_what_was_exchanged_for_a_copy_that_was_just_rewritten_comes_back(root: Path) -> None:
    meddled = Meddled(lambda: (root / KEEPER).write_bytes(b"else bytes"))
    report = execute(plan_of(root, (VICTIM, KEEPER), action=HARDLINK), open_archive=SYSTEMS["renameat2"](meddled))
    assert (len(report.done), len(report.refused)) == (0, 1)
    assert (root / VICTIM).read_bytes() == b"same bytes"


def test_what_cannot_be_put_back_stays_in_the_trash_and_is_said(root: Path) -> None:
    class TakenAgain(HeldFolder):
        def take(self, name: str, private: HeldFolder, new: str) -> None:
            (root / VICTIM).write_bytes(b"else bytes")
            super().take(name, private, new)
            (root / VICTIM).write_bytes(b"newest")

        def child(self, name: str) -> HeldFolder:
            return TakenAgain(os.dup(super().child(name)._descriptor), self._rename)

    report = execute(plan_of(root, (VICTIM, KEEPER)), open_archive=lambda path: TakenAgain.top(path, renameat2()))
    assert "it is in the trash now, for it could not be put back: File exists" in report.refused[0].reason
    assert contents(root) >= {b"else bytes", b"newest"}


@pytest.mark.parametrize("path", [VICTIM, KEEPER])
def test_what_changes_while_it_is_compared_is_left_alone(root: Path, path: str) -> None:
    for copy in (VICTIM, KEEPER):
        (root / copy).write_bytes(bytes(2 * CHUNK_BYTES))
    plan = plan_of(root, (VICTIM, KEEPER))
    asked = 0

    def cancelled() -> bool:
        """Called before each piece: after the first has been compared it is written over, the date kept."""
        nonlocal asked
        asked += 1
        if asked == 3:
            status = (root / path).stat()
            with (root / path).open("r+b") as file:
                file.write(b"written over")
            os.utime(root / path, ns=(status.st_atime_ns, status.st_mtime_ns))
        return False

    report = execute(plan, cancelled=cancelled)
    about = f"the copy to keep, {KEEPER}: " if path == KEEPER else ""
    assert [refusal.reason for refusal in report.refused] == [f"{about}it changes at this moment"]
    assert (root / path).read_bytes().startswith(b"written over")
