"""What is remembered between starts survives hostile names, kills and damage."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_tui.core import places
from catalog_tui.core.errors import CatalogError
from catalog_tui.core.state import Place, SortOrder, State, load_place, load_state, save_place, save_state

NAMES = st.binary(max_size=12).filter(lambda raw: b"\0" not in raw).map(os.fsdecode)


def state_file() -> Path:
    return places.state_dir() / "state.json"


def test_nothing_is_remembered_at_first() -> None:
    assert load_state() == (State(), [])
    assert load_place("/archive") == (Place(), [])


@given(last_archive=NAMES, theme=st.text())
def test_any_state_comes_back(last_archive: str, theme: str) -> None:
    state = State(last_archive, theme)
    save_state(state)
    assert load_state() == (state, [])


@given(
    names=st.tuples(NAMES, NAMES, NAMES),
    pane=st.text(),
    sorts=st.dictionaries(st.text(), st.builds(SortOrder, st.text(), st.booleans())),
)
def test_any_place_comes_back_with_its_names_exact(
    names: tuple[str, str, str], pane: str, sorts: dict[str, SortOrder]
) -> None:
    place = Place(*names, pane, sorts)
    save_place("/archive", place)
    assert load_place("/archive") == (place, [])


def test_each_archive_has_its_own_place(tmp_path: Path) -> None:
    save_place(str(tmp_path / "a"), Place(site="one"))
    save_place(str(tmp_path / "b"), Place(site="two"))
    assert load_place(str(tmp_path / "a"))[0].site == "one"


def test_an_archive_reached_by_a_link_is_the_same_archive(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    save_place(str(tmp_path / "link"), Place(site="here"))
    assert load_place(str(tmp_path / "real"))[0].site == "here"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"{}",
        b'{"last_archive": 1, "theme": ""}',
        b'{"last_archive": {"path": "/x"}, "theme": 3}',
        b'{"last_archive": {"path_b64": "?"}, "theme": ""}',
        b"\xff\xfe\x00",
        b"[" * 100_000,
    ],
    ids=repr,
)
def test_a_damaged_file_is_set_aside_and_said(content: bytes) -> None:
    state_file().parent.mkdir(parents=True)
    state_file().write_bytes(content)
    state, (complaint,) = load_state()
    assert state == State()
    assert complaint.text == "was damaged; it is now called state.json.damaged, and the last place is forgotten"
    assert state_file().with_name("state.json.damaged").read_bytes() == content
    assert load_state() == (State(), [])


def test_a_damaged_place_is_set_aside_too() -> None:
    save_place("/archive", Place())
    (file,) = (places.state_dir() / "archives").iterdir()
    file.write_text(json.dumps({**json.loads(file.read_text()), "sorts": [1]}))
    place, (complaint,) = load_place("/archive")
    assert place == Place()
    assert "was damaged" in complaint.text


def test_what_a_newer_version_added_does_no_harm() -> None:
    save_state(State(theme="nord"))
    state_file().write_text(json.dumps({**json.loads(state_file().read_text()), "new": 1}))
    assert load_state() == (State(theme="nord"), [])


def test_a_state_that_cannot_be_read_is_left_where_it_is() -> None:
    state_file().mkdir(parents=True)
    state, (complaint,) = load_state()
    assert state == State()
    assert complaint.text == "cannot be read, so the last place is not known: Is a directory"
    assert state_file().is_dir()


def test_a_state_folder_that_cannot_be_made_is_one_line(isolated: Path) -> None:
    (isolated / "state").write_text("a file in the way")
    with pytest.raises(CatalogError, match=r"could not be saved to .*: Not a directory|File exists"):
        save_state(State())


def test_a_write_that_fails_leaves_the_old_state_and_no_litter(monkeypatch: pytest.MonkeyPatch) -> None:
    save_state(State(theme="old"))

    def full_disk(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(CatalogError, match="No space left"):
        patch.setattr(os, "fsync", full_disk)
        save_state(State(theme="new"))
    assert load_state() == (State(theme="old"), [])
    assert [file.name for file in places.state_dir().iterdir()] == ["state.json"]


WRITE_FOR_EVER = """
import itertools
from catalog_tui.core.state import State, save_state
print("ready", flush=True)
for number in itertools.count():
    save_state(State(theme="x" * (number % 5000)))
"""


def test_two_apps_that_write_at_once_and_a_kill_leave_a_whole_file() -> None:
    writers = [subprocess.Popen([sys.executable, "-c", WRITE_FOR_EVER], stdout=subprocess.PIPE) for _ in range(2)]
    try:
        for writer in writers:
            assert writer.stdout and writer.stdout.readline() == b"ready\n"
        while not state_file().exists():
            pass
        for _ in range(200):
            assert load_state()[1] == []
    finally:
        for writer in writers:
            writer.kill()
            writer.communicate()
    assert load_state()[1] == []
