"""Writing settings back leaves all else in the file as it was."""

import stat
from pathlib import Path

import pytest

from catalog_tui.config import load_settings
from catalog_tui.config_file import save_keep_rules
from catalog_tui.core.errors import CatalogError

MINE = """\
# mine
theme = "nord"   # calm

[keys]
"list.down" = "down,n"  # as elsewhere
"""
RULES = ("prefer:here/ann", "oldest")


def load(file: Path) -> tuple[str, ...]:
    settings, complaints = load_settings(file=file, environ={}, flags={})
    assert complaints == []
    return settings.keep


def test_rules_are_added_before_the_tables_and_changed_in_place(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(MINE)
    file.chmod(0o640)
    save_keep_rules(file, RULES)
    assert load(file) == RULES
    assert [line for line in file.read_text().splitlines() if not line.startswith("keep")] == MINE.splitlines()
    save_keep_rules(file, ("newest",))
    assert load(file) == ("newest",)
    assert file.read_text().count("keep") == 1
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [file]


def test_the_file_and_its_folder_are_made(tmp_path: Path) -> None:
    file = tmp_path / "new" / "config.toml"
    save_keep_rules(file, RULES)
    assert load(file) == RULES


def test_a_link_to_the_file_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "dotfiles.toml").write_text(MINE)
    link = tmp_path / "config.toml"
    link.symlink_to("dotfiles.toml")
    save_keep_rules(link, RULES)
    assert link.is_symlink()
    assert load(link) == RULES


@pytest.mark.parametrize("content", [b"theme = ", b"\xff = 1"])
def test_a_broken_file_is_left_alone(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(content)
    with pytest.raises(CatalogError, match=r"config\.toml"):
        save_keep_rules(file, RULES)
    assert file.read_bytes() == content


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CatalogError, match="could not be saved"):
        save_keep_rules(tmp_path / "file" / "config.toml", RULES)
