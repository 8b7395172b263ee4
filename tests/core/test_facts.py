"""What one look at a file tells."""

import os
from pathlib import Path

import pytest

from catalog_tui.core.errors import ArchiveError
from catalog_tui.core.facts import file_facts

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


def written(folder: Path, name: str, content: bytes = PNG) -> str:
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(content)
    return path


def test_size_dates_and_format(tmp_path: Path) -> None:
    path = written(tmp_path, "x.png")
    os.utime(path, ns=(1, 1_700_000_000_123_456_789))
    facts = file_facts(path)
    assert (facts.size_bytes, facts.mtime_ns, facts.form, facts.real_form) == (
        48,
        1_700_000_000_123_456_789,
        "png",
        "",
    )
    assert facts.ctime_ns == os.stat(path).st_ctime_ns
    assert (facts.hard_links, facts.link_target, facts.link_is_dead, facts.side_files) == (1, None, False, ())


@pytest.mark.parametrize(
    ("name", "form", "real_form"),
    [("x.jpg", "png", "png"), ("x.PNG", "png", ""), ("x", "png", ""), ("x.mp4", "png", "png")],
)
def test_a_name_that_says_another_format_is_told(tmp_path: Path, name: str, form: str, real_form: str) -> None:
    facts = file_facts(written(tmp_path, name))
    assert (facts.form, facts.real_form) == (form, real_form)


def test_an_unknown_or_empty_file_has_no_format(tmp_path: Path) -> None:
    for name, content in (("x.jpg", b""), ("y.jpg", b"whatever")):
        facts = file_facts(written(tmp_path, name, content))
        assert (facts.form, facts.real_form) == ("", "")


def test_hard_links_are_counted(tmp_path: Path) -> None:
    path = written(tmp_path, "x.png")
    os.link(path, tmp_path / "y.png")
    assert file_facts(path).hard_links == 2


@pytest.mark.parametrize(("target", "dead"), [("x.png", False), ("nowhere", True), ("link.png", True)])
def test_a_link_is_told_with_its_target_and_not_followed(tmp_path: Path, target: str, dead: bool) -> None:
    written(tmp_path, "x.png")
    (tmp_path / "link.png").symlink_to(target)
    facts = file_facts(str(tmp_path / "link.png"))
    assert (facts.link_target, facts.link_is_dead, facts.form) == (target, dead, "")


def test_side_files_beside_it_are_named(tmp_path: Path) -> None:
    path = written(tmp_path, "x.png")
    for name in ("x.png.json", "x.txt", "x.json.xz", "y.txt", "x.info.json"):
        written(tmp_path, name, b"")
    assert set(file_facts(path).side_files) == {"x.png.json", "x.txt", "x.json.xz", "x.info.json"}


def test_a_text_is_no_side_file_of_itself(tmp_path: Path) -> None:
    assert file_facts(written(tmp_path, "x.txt", b"")).side_files == ()


def test_what_is_gone_is_said_in_one_harmless_line(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError) as told:
        file_facts(str(tmp_path / "\x1b[31m\n.png"))
    assert str(told.value) == "\\x1b[31m\\n.png: No such file or directory"


def test_a_pipe_hangs_nothing(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    assert file_facts(str(tmp_path / "pipe.jpg")).form == ""


def test_names_of_any_bytes(tmp_path: Path) -> None:
    path = written(tmp_path, os.fsdecode(b"\xff\xfe.png"))
    written(tmp_path, os.fsdecode(b"\xff\xfe.txt"), b"")
    assert file_facts(path).side_files == (os.fsdecode(b"\xff\xfe.txt"),)
