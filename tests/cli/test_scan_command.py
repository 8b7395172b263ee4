"""`catalog-tui scan`: its formats, options, progress and exit codes, as a shell and a script see them."""

import base64
import csv
import hashlib
import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from catalog_tui.core.scan.events import Finished, from_line
from tests.cli.running import run_cli
from tests.waiting import PATIENCE_S

NASTY = b"\xff\x1b]0;own\x07\n.jpg"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A group of three, one with a hard link; one of two with a nasty name; one of hidden files; one of side-files."""
    model = tmp_path / "archive" / "site" / "model"
    model.mkdir(parents=True)
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        (model / name).write_bytes(b"x" * 3000)
    os.link(model / "a.jpg", model / "linked.jpg")
    (model / "d.png").write_bytes(b"y" * 100_000)
    with open(os.path.join(os.fsencode(model), NASTY), "wb") as file:
        file.write(b"y" * 100_000)
    for name in (".hidden1.jpg", ".hidden2.jpg"):
        (model / name).write_bytes(b"h" * 500)
    for name in ("a.jpg.json", "b.jpg.json"):
        (model / name).write_bytes(b"{}" * 10)
    (tmp_path / "archive" / ".catalog-trash").mkdir()
    (tmp_path / "archive" / ".catalog-trash" / "a.jpg").write_bytes(b"x" * 3000)
    return tmp_path / "archive"


def scan_json(archive: Path, *flags: str) -> dict[str, object]:
    done = run_cli("scan", str(archive), "--format", "json", *flags)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert isinstance(answer, dict)
    return answer


def waste(archive: Path, *flags: str) -> list[int]:
    groups = scan_json(archive, *flags)["groups"]
    assert isinstance(groups, list)
    return [group["waste"] for group in groups]


def test_json_has_the_fields_it_promises(archive: Path) -> None:
    answer = scan_json(archive)
    groups = answer.pop("groups")
    assert isinstance(groups, list)
    assert isinstance(answer.pop("seconds"), float)
    assert answer == {
        "archive": str(archive),
        "algorithm": "xxh128",
        "files": 6,
        "bytes": 4 * 3000 + 2 * 100_000,
        "candidates": 5,
        "hashed_files": 5,
        "bytes_read": 3 * 3000 + 2 * (100_000 + 2 * 4096),
        "cache_hits": 0,
        "cache_misses": 5,
        "duplicate_groups": 2,
        "duplicate_files": 3,
        "total_waste_bytes": 106_000,
        "cancelled": False,
        "errors": [],
    }
    assert [(group["size"], group["count"], group["waste"]) for group in groups] == [
        (100_000, 2, 100_000),
        (3000, 3, 6000),
    ]
    exact = [file.get("path_b64") for file in groups[0]["files"]]
    assert base64.b64encode(b"site/model/" + NASTY).decode() in exact
    first = groups[1]["files"][0]
    assert first["path"] == "site/model/a.jpg"
    assert first["links"] == ["site/model/linked.jpg"]
    assert first["mtime_ns"] == (archive / "site/model/a.jpg").stat().st_mtime_ns


def test_the_hash_is_the_digest_that_is_named(archive: Path) -> None:
    groups = scan_json(archive, "--hash", "sha256", "--md5")["groups"]
    assert isinstance(groups, list)
    content = (archive / "site/model/d.png").read_bytes()
    assert groups[0]["hash"] == hashlib.sha256(content).hexdigest()
    assert groups[0]["md5"] == hashlib.md5(content, usedforsecurity=False).hexdigest()


def test_csv_has_a_row_for_every_name(archive: Path) -> None:
    done = run_cli("scan", str(archive), "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [row["group"] for row in rows] == ["1", "1", "2", "2", "2", "2"]
    assert [row["path"] for row in rows if row["link"] == "1"] == ["site/model/linked.jpg"]
    assert [base64.b64decode(row["path_b64"]) for row in rows if row["path_b64"]] == [b"site/model/" + NASTY]


def test_null_carries_every_name_byte_for_byte(archive: Path) -> None:
    argv = [sys.executable, "-m", "catalog_tui", "scan", str(archive), "--format", "null"]
    output = subprocess.run(argv, capture_output=True, check=True).stdout
    groups = [group.split(b"\0") for group in output.removesuffix(b"\0\0").split(b"\0\0")]
    names = [[name.removeprefix(b"site/model/") for name in group] for group in groups]
    assert names == [[b"d.png", NASTY], [b"a.jpg", b"b.jpg", b"c.jpg"]]


def test_the_table_shows_groups_and_totals_and_no_control_character(archive: Path) -> None:
    done = run_cli("scan", str(archive))
    assert "97.66 KB" in done.stdout
    assert "103.52 KB in 3 duplicates, 2 groups" in done.stdout
    assert "\x1b" not in done.stdout
    assert "\\x1b" in done.stdout


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ((), [100_000, 6000]),
        (("--min-size", "4K"), [100_000]),
        (("--min-size", "3000"), [100_000, 6000]),
        (("--exclude", "*.png"), [6000]),
        (("--exclude", "[bc].jpg", "--exclude", "*.png"), []),
        (("--exclude", "site/model"), []),
        (("--exclude", "model"), []),
        (("--exclude", "nowhere/*"), [100_000, 6000]),
        (("--all",), [100_000, 6000, 500, 20]),
        (("--no-index",), [100_000, 6000]),
        (("--verify",), [100_000, 6000]),
    ],
)
def test_what_is_looked_at(archive: Path, flags: tuple[str, ...], expected: list[int]) -> None:
    assert waste(archive, *flags) == expected


def test_the_same_question_gets_the_same_answer(archive: Path) -> None:
    first, second = (scan_json(archive, *flags)["groups"] for flags in ((), ("--no-index",)))
    assert first == second


def test_progress_lines_go_to_stderr_and_the_result_to_stdout(archive: Path) -> None:
    done = run_cli("scan", str(archive), "--format", "json", "--progress", "jsonl")
    events = [from_line(line) for line in done.stderr.splitlines()]
    assert isinstance(events[-1], Finished)
    assert events[-1].summary.duplicate_groups == len(json.loads(done.stdout)["groups"])


def test_without_a_terminal_nothing_is_said(archive: Path) -> None:
    assert run_cli("scan", str(archive), "--format", "json").stderr == ""


def test_files_that_cannot_be_read_are_said_and_give_exit_code_3(archive: Path) -> None:
    locked = archive / "site" / "locked"
    locked.mkdir()
    script = 'mount -t tmpfs none "$LOCKED"; chmod 0 "$LOCKED"; exec setpriv --bounding-set=-all --inh-caps=-all "$@"'
    argv = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", f"set -e; {script}", "sh"]
    argv += [sys.executable, "-m", "catalog_tui", "scan", str(archive), "--format", "json"]
    done = subprocess.run(argv, capture_output=True, env={**os.environ, "LOCKED": str(locked)}, check=False)
    assert done.returncode == 3, done.stderr
    assert json.loads(done.stdout)["errors"] == [{"path": "site/locked", "error": "Permission denied"}]
    assert b"catalog-tui: site/locked: Permission denied" in done.stderr


def test_ctrl_c_gives_what_was_found_and_exit_code_130(tmp_path: Path) -> None:
    model = tmp_path / "site" / "model"
    model.mkdir(parents=True)
    for name in ("a.mp4", "b.mp4"):
        with (model / name).open("wb") as file:
            file.truncate(1 << 42)
    for name in ("c.jpg", "d.jpg"):
        (model / name).write_bytes(b"x" * 1000)
    argv = [sys.executable, "-m", "catalog_tui", "scan", str(tmp_path), "--format", "json", "--progress", "jsonl"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as scan:
        assert scan.stderr is not None
        for line in scan.stderr:
            if b'"phase": "hash"' in line:
                scan.send_signal(signal.SIGINT)
                break
        output, _words = scan.communicate(timeout=PATIENCE_S)
    answer = json.loads(output)
    assert scan.returncode == 130
    assert answer["cancelled"]
    assert [group["size"] for group in answer["groups"]] == [1000]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--min-size", "big"), 2),
        (("--hash", "crc32"), 2),
        (("--dask-root", "/there"), 2),
    ],
)
def test_wrong_usage(archive: Path, words: tuple[str, ...], code: int) -> None:
    done = run_cli("scan", str(archive), *words)
    assert done.returncode == code
    assert "Traceback" not in done.stderr


def test_an_archive_that_is_not_there(tmp_path: Path) -> None:
    done = run_cli("scan", str(tmp_path / "none"))
    assert (done.returncode, done.stdout) == (1, "")
    assert "none" in done.stderr
    assert "Traceback" not in done.stderr
