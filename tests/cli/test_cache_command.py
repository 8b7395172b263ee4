"""`cache stats` and `cache clear` show and delete what is kept of one archive, and touch nothing else."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from catalog_tui import cli
from catalog_tui.core import places
from catalog_tui.core.pictures.store import Store
from catalog_tui.core.state import State, load_state, save_state
from catalog_tui.core.thumbnails import default_folder


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive of which an index of three rows and a thumbnail are kept."""
    folder = places.archive_cache(str(tmp_path))
    (folder / "thumbnails").mkdir(parents=True)
    (folder / "thumbnails" / "a.png").write_bytes(b"x" * 2048)
    with closing(sqlite3.connect(folder / "index.db")) as connection, connection:
        connection.execute("CREATE TABLE digest (inode INTEGER)")
        connection.executemany("INSERT INTO digest VALUES (?)", [(1,), (2,), (3,)])
    return tmp_path


def test_nothing_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["cache", "stats", str(tmp_path)]) == 0
    assert capsys.readouterr().out.endswith("\nNothing is kept of this archive.\n")


def test_stats_as_a_table(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["cache", "stats", str(archive)]) == 0
    folder, heading, index, thumbnail = capsys.readouterr().out.splitlines()
    assert folder == str(places.archive_cache(str(archive)))
    assert heading.split() == ["file", "size", "entries", "written"]
    assert index.split()[:4] == ["index.db", "8.00", "KB", "3"]
    assert thumbnail.split() == ["thumbnails/a.png", "2.00", "KB", "just", "now"]


def test_stats_as_json(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["cache", "stats", str(archive), "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["archive"] == {"path": str(archive)}
    assert shown["bytes"] == 8192 + 2048
    assert [(file["path"], file["bytes"], file["entries"]) for file in shown["files"]] == [
        ("index.db", 8192, 3),
        ("thumbnails/a.png", 2048, None),
    ]


def test_a_damaged_index_is_still_listed(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (places.archive_cache(str(archive)) / "index.db").write_bytes(b"not a database, and longer than a header" * 100)
    assert cli.main(["cache", "stats", str(archive)]) == 0
    assert "index.db" in capsys.readouterr().out


def test_clear_deletes_this_archive_s_cache_only(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = places.archive_cache("/other")
    other.mkdir()
    save_state(State(theme="nord"))
    assert cli.main(["cache", "clear", str(archive)]) == 0
    assert capsys.readouterr().err == "2 files deleted, 10.00 KB\n"
    assert not places.archive_cache(str(archive)).exists()
    assert other.exists()
    assert archive.exists()
    assert load_state() == (State(theme="nord"), [])


def test_clearing_twice_is_no_failure(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["cache", "clear", str(archive)])
    capsys.readouterr()
    assert cli.main(["cache", "clear", str(archive)]) == 0
    assert capsys.readouterr().err == "0 files deleted, 0 B\n"


def test_a_link_to_the_archive_is_the_archive(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    link = tmp_path_factory.mktemp("links") / "link"
    link.symlink_to(archive)
    assert cli.main(["cache", "clear", str(link)]) == 0
    assert not places.archive_cache(str(archive)).exists()


def test_a_cache_that_cannot_be_deleted_is_one_line(
    archive: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(folder: Path) -> None:  # tests may run as root, who may delete anything
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("shutil.rmtree", refuse)
    assert cli.main(["cache", "clear", str(archive)]) == 1
    assert capsys.readouterr().err.endswith("could not be deleted: Permission denied\n")


@pytest.fixture
def thumbnails(tmp_path: Path) -> Path:
    """The user's store with something in it; gives its folder."""
    with closing(Store(default_folder(), 1 << 20)) as store:
        store.put(b"k" * 16, b"x" * 5000)
    return default_folder()


def test_the_thumbnails_are_told_of_and_kept(
    archive: Path, thumbnails: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["cache", "stats", str(archive)]) == 0
    *_, folder, line = capsys.readouterr().out.splitlines()
    assert folder == str(thumbnails)
    assert line.startswith("  thumbnails of all archives: 1, ")
    assert cli.main(["cache", "clear", str(archive)]) == 0
    assert cli.main(["cache", "stats", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["thumbnails"]["records"] == 1


def test_the_thumbnails_are_cleared_when_that_is_asked_for(
    thumbnails: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["cache", "clear", "--thumbnails"]) == 0
    assert capsys.readouterr().err.startswith("thumbnails deleted, ")
    assert list(thumbnails.glob("*.pack")) == []
    assert cli.main(["cache", "stats", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["thumbnails"]["records"] == 0


def test_asking_begins_no_store(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["cache", "stats", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"thumbnails": None}
    assert not default_folder().exists()


def test_clearing_nothing_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["cache", "clear"]) == 2
    assert "--thumbnails" in capsys.readouterr().err
