"""When a folder counts as unchanged: both its times, of every folder that was read, and none that was too fresh."""

import os
from pathlib import Path

import pytest

from catalog_tui.core.stamps import GONE, RACY_NS, StampColumns, Stamps, stamp_of

SECOND_NS = 1_000_000_000


def noted(top: Path, *folders: str, later_ns: int = 10 * SECOND_NS) -> Stamps:
    """The stamps of these folders, read so long after the latest change of each."""
    columns = StampColumns()
    for folder in folders:
        stamp = stamp_of(str(top / folder))
        columns.add(folder, stamp, max(stamp) + later_ns)
    return columns.packed()


@pytest.fixture
def top(tmp_path: Path) -> Path:
    (tmp_path / "deep").mkdir()
    for folder in (tmp_path / "deep", tmp_path):
        os.utime(folder, ns=(0, 1_600_000_000 * SECOND_NS))
    return tmp_path


def test_what_did_not_change_holds(top: Path) -> None:
    stamps = noted(top, "", "deep")
    assert len(stamps) == 2
    assert stamps.hold(str(top)) and stamps.hold(str(top), only_top=True)


def test_a_change_shows_in_whatever_folder_and_only_the_first_is_asked_where_that_is_wanted(top: Path) -> None:
    stamps = noted(top, "", "deep")
    (top / "deep/new.jpg").touch()
    assert not stamps.hold(str(top))
    assert stamps.hold(str(top), only_top=True)
    (top / "new.jpg").touch()
    assert not stamps.hold(str(top), only_top=True)


def test_a_change_shows_though_somebody_set_the_date_back(top: Path) -> None:
    stamps = noted(top, "", "deep")
    (top / "deep/new.jpg").touch()
    os.utime(top / "deep", ns=(0, 1_600_000_000 * SECOND_NS))  # as rsync -t and tar do
    assert not stamps.hold(str(top))


def test_a_folder_that_is_gone_does_not_hold(top: Path) -> None:
    stamps = noted(top, "", "deep")
    (top / "deep").rmdir()
    assert stamp_of(str(top / "deep")) == GONE
    assert not stamps.hold(str(top))


@pytest.mark.parametrize(
    ("later_ns", "holds"),
    [(0, False), (RACY_NS - 1, False), (RACY_NS, True), (-1, False), (-RACY_NS, True)],
)
def test_what_changed_just_before_it_was_read_is_never_believed(top: Path, later_ns: int, holds: bool) -> None:
    # It may have changed again within the same tick of the filesystem's clock; and clocks of servers differ.
    assert noted(top, "", "deep", later_ns=later_ns).hold(str(top)) is holds
