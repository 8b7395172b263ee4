"""A copied path pastes into a shell as exactly the file it names, and cannot drive the terminal it is pasted into."""

import os
import subprocess
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog_tui.core.quoting import pasteable
from tests.corpus import NASTY_NAMES, NASTY_PATHS

UNSEEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}  # control, format, surrogate, private, separators
NAMES = [f"/archive/site/{os.fsdecode(name)}" for name in (*NASTY_NAMES, *NASTY_PATHS)]


def evaluated(words: list[str]) -> list[bytes]:
    """What bash makes of `words`: one argument each."""
    script = "printf '%s\\0' " + " ".join(words)
    said = subprocess.run(["bash", "--norc", "-c", script], capture_output=True, check=True, cwd="/").stdout
    return said.split(b"\0")[:-1]


@pytest.mark.parametrize("path", ["/archive/site/Ana/img_01-2.jpg", "/a/Ünïcödé/写真,+%@:=.png"])
def test_a_plain_path_is_copied_as_it_is(path: str) -> None:
    assert pasteable(path) == path


@pytest.mark.parametrize(
    ("path", "copied"),
    [
        ("/a/b c.jpg", "'/a/b c.jpg'"),
        ("/a/it's.jpg", "'/a/it'\\''s.jpg'"),
        ("/a/$(reboot)", "'/a/$(reboot)'"),
        ("/a/it's\n.jpg", "$'/a/it\\'s\\x0a.jpg'"),
    ],
)
def test_what_a_shell_would_read_otherwise_is_quoted(path: str, copied: str) -> None:
    assert pasteable(path) == copied


def test_bash_reads_every_name_back_byte_for_byte() -> None:
    assert evaluated([pasteable(name) for name in NAMES]) == [os.fsencode(name) for name in NAMES]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_copied_can_drive_a_terminal(name: str) -> None:
    assert not UNSEEN & set(map(unicodedata.category, pasteable(name)))


@given(st.lists(st.binary(min_size=1, max_size=40).map(lambda raw: raw.replace(b"\0", b"n")), min_size=1, max_size=20))
@settings(max_examples=30)
def test_any_bytes_come_back(raws: list[bytes]) -> None:
    paths = [os.fsdecode(b"/" + raw) for raw in raws]
    assert evaluated([pasteable(path) for path in paths]) == [os.fsencode(path) for path in paths]
