"""Removing over HTTP: only when allowed, always into the trash, never the last copy of a duplicate, and back."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog_tui.core.kept_apart import keep_apart
from tests.server.serving import RunningServer, encoded, serving
from tests.server.test_scans import scan
from tests.trees import make_archive

SPEC: dict[str, bytes | int] = {
    "site/model/a.jpg": b"same",
    "site/model/a.jpg.json": b"{}",
    "site/model/deep/b.jpg": b"b",
    "site/other/c.jpg": b"same",
    "site/loose.jpg": b"loose",
    "site/other/\udcff.jpg": b"odd",
}
BODIES: dict[str, dict[str, object]] = {
    "/api/delete_model": {"site": "site", "model": "model"},
    "/api/delete_file": {"site": "site", "model": "model", "name": "a.jpg"},
    "/api/delete_duplicate": {"group": 0, "path": "site/model/a.jpg"},
    "/api/delete_duplicates": {"finished": 0.0, "groups": [{"group": 0, "going": [0]}]},
    "/api/weigh_rules": {"finished": 0.0, "rules": ["oldest"]},
    "/api/delete_by_rules": {"finished": 0.0, "rules": ["oldest"], "files": 1, "bytes": 4},
    "/api/undo": {},
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_archive(tmp_path / "a", SPEC)


@pytest.fixture
def server(root: Path, tmp_path: Path) -> Iterator[RunningServer]:
    with serving(root, "--allow-delete", home=tmp_path / "home") as running:
        yield running


@pytest.mark.parametrize("path", BODIES)
def test_without_leave_nothing_is_removed(root: Path, tmp_path: Path, path: str) -> None:
    before = sorted(os.walk(os.fsencode(root)))
    with serving(root, home=tmp_path / "home") as server:
        answer = server.post(path, BODIES[path])
        assert (answer.status, answer.json["error"]) == (403, "read_only")
        assert server.ask(path).status == 405
    assert sorted(os.walk(os.fsencode(root))) == before


@pytest.mark.parametrize("path", BODIES)
def test_with_leave_another_sites_page_has_none(server: RunningServer, root: Path, path: str) -> None:
    before = sorted(os.walk(os.fsencode(root)))
    assert server.post(path, BODIES[path], {"origin": "http://evil.example"}).status == 403
    assert server.ask(path, method="POST", body=b"site=site&model=model").status == 415
    assert sorted(os.walk(os.fsencode(root))) == before


def test_a_file_goes_with_its_side_file_and_comes_back(server: RunningServer, root: Path) -> None:
    assert server.ask("/api/model?site=site&model=model").json["total_images"] == 2
    answer = server.post("/api/delete_file", BODIES["/api/delete_file"]).json
    assert answer["done"] == ["site/model/a.jpg"] and answer["refused"] == []
    assert not (root / "site/model/a.jpg").exists() and not (root / "site/model/a.jpg.json").exists()
    assert server.ask("/api/model?site=site&model=model").json["images"] == ["deep/b.jpg"]
    assert server.ask("/media/site/model/a.jpg").status == 404
    back = server.post("/api/undo", {}).json
    assert back["restored"] == ["site/model/a.jpg"] or "site/model/a.jpg" in back["restored"]
    assert server.ask("/media/site/model/a.jpg").body == b"same"
    assert server.ask("/api/model?site=site&model=model").json["total_images"] == 2
    assert server.post("/api/undo", {}).json["runs"] == []


def test_a_model_goes_whole_and_comes_back(server: RunningServer, root: Path) -> None:
    answer = server.post("/api/delete_model", BODIES["/api/delete_model"]).json
    assert {"site/model/a.jpg", "site/model/deep/b.jpg"} <= set(answer["done"])
    assert not (root / "site/model").exists()
    assert [row["name"] for row in server.ask("/api/models?site=site").json["models"]] == ["", "other"]
    server.post("/api/undo", {})
    assert (root / "site/model/deep/b.jpg").read_bytes() == b"b"


def test_of_loose_files_only_they_go(server: RunningServer, root: Path) -> None:
    assert server.post("/api/delete_model", {"site": "site", "model": ""}).json["done"] == ["site/loose.jpg"]
    assert (root / "site/model/a.jpg").exists()


def test_a_name_that_is_not_utf8_is_given_exactly(server: RunningServer, root: Path) -> None:
    items = server.ask("/api/model?site=site&model=other").json["items"]
    exact = next(item["name_b64"] for item in items if "name_b64" in item)
    answer = server.post("/api/delete_file", {"site": "site", "model": "other", "name": "", "name_b64": exact})
    assert answer.status == 200
    assert server.ask("/media/site/other/" + encoded(b"\xff.jpg")).status == 404


@pytest.mark.parametrize(
    "fields",
    [
        {"site": "site", "model": "model", "name": "../other/c.jpg"},
        {"site": "site", "model": "model", "name": "deep"},
        {"site": "site", "model": "model", "name": "a.jpg.json"},
        {"site": "site", "model": "..", "name": "a"},
        {"site": "..", "model": "a", "name": "site/model/a.jpg"},
        {"site": ".catalog-trash", "model": "x", "name": "journal.jsonl"},
        {"site": "site", "model": "model", "name": "nothing.jpg"},
    ],
)
def test_what_is_none_of_the_archives_files_is_not_deleted(server: RunningServer, fields: dict[str, str]) -> None:
    assert server.post("/api/delete_file", fields).status == 404


@pytest.mark.parametrize("path", [*BODIES, "/api/scan"])
def test_who_says_more_than_is_known_is_refused_and_nothing_moves(server: RunningServer, root: Path, path: str) -> None:
    before = sorted(os.walk(os.fsencode(root)))
    answer = server.post(path, {**BODIES.get(path, {}), "file": "a.jpg"})
    assert (answer.status, answer.json["field"]) == (422, "file")
    assert sorted(os.walk(os.fsencode(root))) == before


def test_wrong_fields_are_named(server: RunningServer) -> None:
    assert server.post("/api/delete_file", {"site": "site", "model": "model"}).json["field"] == "name"
    assert server.post("/api/delete_model", {"model": "x"}).json["field"] == "site"
    odd = {"site": "s", "model": "m", "name": "", "name_b64": "*"}
    assert server.post("/api/delete_file", odd).json["field"] == "name_b64"
    assert server.post("/api/delete_file", {**odd, "name_b64": "A"}).status == 404
    assert server.post("/api/delete_file", {**odd, "name_b64": ""}).status == 404
    assert server.post("/api/undo", {"steps": 0}).json["field"] == "steps"
    assert server.post("/api/delete_duplicate", {"group": "x"}).json["field"] == "group"


def test_a_duplicate_goes_while_its_twin_stands(server: RunningServer, root: Path) -> None:
    scan(server)
    answer = server.post("/api/delete_duplicate", {"group": 0, "path": "site/model/a.jpg"}).json
    assert answer["done"] == ["site/model/a.jpg"]
    again = server.post("/api/delete_duplicate", {"group": 0, "path": "site/other/c.jpg"}).json
    assert again["done"] == [] and again["refused"]
    assert (root / "site/other/c.jpg").read_bytes() == b"same"


def test_a_duplicate_whose_twin_changed_stays(server: RunningServer, root: Path) -> None:
    scan(server)
    (root / "site/other/c.jpg").write_bytes(b"elsE")
    answer = server.post("/api/delete_duplicate", {"group": 0, "path": "site/model/a.jpg"}).json
    assert answer["done"] == [] and answer["refused"]
    assert (root / "site/model/a.jpg").read_bytes() == b"same"
    assert server.post("/api/delete_duplicate", {"group": 7, "path": "site/model/a.jpg"}).status == 404
    assert server.post("/api/delete_duplicate", {"group": 0, "path": "site/loose.jpg"}).status == 404


def test_duplicates_of_many_groups_go_as_one_removal(tmp_path: Path) -> None:
    spec: dict[str, bytes | int] = {
        **{f"site/model/{name}.jpg": b"same" for name in "abc"},
        **{f"site/model/{name}.jpg": b"also the same" for name in "xy"},
    }
    root = make_archive(tmp_path / "b", spec)
    with serving(root, "--allow-delete", home=tmp_path / "home") as server:
        scan(server)
        told = server.ask("/api/duplicates").json
        assert [len(group["files"]) for group in told["groups"]] == [2, 3]
        chosen = {"finished": told["finished"], "groups": [{"group": 0, "going": [1]}, {"group": 1, "going": [0, 2]}]}
        answer = server.post("/api/delete_duplicates", chosen).json
        assert sorted(answer["done"]) == [f"site/model/{name}.jpg" for name in "acy"] and answer["refused"] == []
        assert server.ask("/api/model?site=site&model=model").json["images"] == ["b.jpg", "x.jpg"]
        assert len(server.post("/api/undo", {}).json["restored"]) == 3


def test_of_chosen_duplicates_one_stays_and_only_the_scan_that_they_are_from_counts(
    server: RunningServer, root: Path
) -> None:
    unknown = {"finished": 1.0, "groups": [{"group": 0, "going": [0]}]}
    assert server.post("/api/delete_duplicates", unknown).json["error"] == "no_scan"
    scan(server)
    assert server.post("/api/delete_duplicates", unknown).json["error"] == "newer_scan"
    finished = server.ask("/api/duplicates").json["finished"]
    for groups, status in (
        ([{"group": 0, "going": [0, 1]}], 422),
        ([{"group": 0, "going": []}], 422),
        ([], 422),
        ([{"group": 0, "going": [2]}], 404),
        ([{"group": 9, "going": [0]}], 404),
    ):
        assert server.post("/api/delete_duplicates", {"finished": finished, "groups": groups}).status == status
    assert (root / "site/model/a.jpg").exists() and (root / "site/other/c.jpg").exists()


def test_rules_are_weighed_and_then_act_on_all_groups_at_once(tmp_path: Path) -> None:
    spec: dict[str, bytes | int] = {
        **{f"site/model/{name * 3}.jpg": b"same" for name in "ab"},
        "site/b.jpg": b"same",
        **{f"site/{where}/x{number}.jpg": b"%03d" % number for number in range(60) for where in ("model", "longer")},
    }
    root = make_archive(tmp_path / "b", spec)
    with serving(root, "--allow-delete", home=tmp_path / "home") as server:
        scan(server)
        finished = server.ask("/api/duplicates").json["finished"]
        wanted = {"finished": finished, "rules": ["shortest-path"]}
        told = server.post("/api/weigh_rules", wanted).json
        assert told == {"groups": 61, "files": 62, "bytes": 60 * 3 + 2 * 4, "by_path": 0, "whole": 0}
        assert sum(path.suffix == ".jpg" for path in root.rglob("*")) == 123
        shown = {"files": told["files"], "bytes": told["bytes"]}
        assert server.post("/api/delete_by_rules", wanted | shown | {"files": 61}).json["error"] == "changed"
        assert server.post("/api/delete_by_rules", wanted | shown | {"finished": 1.0}).json["error"] == "newer_scan"
        done = server.post("/api/delete_by_rules", wanted | shown).json
        assert (len(done["done"]), done["refused"]) == (62, [])
        assert {path.parent.name for path in root.glob("site/**/*.jpg")} == {"site", "model"}
        assert len(server.post("/api/undo", {}).json["restored"]) == 62


def test_rules_leave_what_was_kept_apart(
    server: RunningServer, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan(server)
    told = server.ask("/api/duplicates").json
    [group] = told["groups"]
    monkeypatch.setenv("CATALOG_TUI_STATE_DIR", str(tmp_path / "home/state"))
    keep_apart(str(root), (group["size"], group["hash"]))
    wanted = {"finished": told["finished"], "rules": ["oldest"]}
    weighed = server.post("/api/weigh_rules", wanted).json
    assert (weighed["files"], weighed["whole"]) == (0, 1)
    assert server.post("/api/delete_by_rules", wanted | {"files": 1, "bytes": 4}).json["error"] == "changed"


def test_rules_that_are_none_are_named(server: RunningServer) -> None:
    scan(server)
    finished = server.ask("/api/duplicates").json["finished"]
    for rules in (["prettiest"], []):
        assert server.post("/api/weigh_rules", {"finished": finished, "rules": rules}).json["field"] == "rules"


def test_protected_folders_hold_over_http_too(root: Path, tmp_path: Path) -> None:
    config = tmp_path / "home/config/config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('protect = ["site/model"]\n')
    with serving(root, "--allow-delete", home=tmp_path / "home") as server:
        answer = server.post("/api/delete_file", BODIES["/api/delete_file"]).json
        assert answer["done"] == [] and answer["refused"]
    assert (root / "site/model/a.jpg").exists()
