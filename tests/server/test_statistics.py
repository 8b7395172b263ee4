"""What the page asks beside the listings: figures of the archive, of the server, and where a file stands."""

import os
from pathlib import Path
from typing import Any

from tests.server.serving import RunningServer, encoded, serving
from tests.server.test_scans import scan
from tests.trees import make_archive

SPEC: dict[str, bytes | int] = {
    "one/model/a.jpg": 1000,
    "one/model/b.mp4": 500,
    "one/other/c.zip": 20,
    "one/loose.jpg": 3,
    "two/empty/": b"",
    "two/large/d.jpg": 5000,
    "two/\udcff/e.jpg": 7,
}


def figures(root: Path, home: Path) -> Any:
    with serving(root, home=home) as server:
        return server.ask("/api/statistics").json


def test_everything_is_counted_once(tmp_path: Path) -> None:
    told = figures(make_archive(tmp_path / "a", SPEC), tmp_path / "home")
    sums = {site["name"]: (site["models"], site["files"], site["bytes"]) for site in told["sites"]}
    assert sums == {"one": (3, 4, 1523), "two": (3, 2, 5007)}
    assert told["models"] == 6
    kinds = {kind["kind"]: (kind["files"], kind["bytes"]) for kind in told["kinds"]}
    assert kinds == {"image": (4, 6010), "video": (1, 500), "other": (1, 20)}
    assert [model["bytes"] for model in told["largest"]] == [5000, 1500, 20, 7, 3, 0]
    odd = next(model for model in told["largest"] if "name_b64" in model)
    assert odd["href"].endswith("model=%FF")


def test_months_are_told_in_order_and_of_files_from_any_time(tmp_path: Path) -> None:
    root = make_archive(tmp_path / "a", SPEC)
    for name, moment in (("a.jpg", 1_700_000_000), ("b.mp4", 1_600_000_000)):
        os.utime(root / "one/model" / name, (moment, moment))
    os.utime(root / "two/large/d.jpg", (-2_000_000_000, -2_000_000_000))
    months = figures(root, tmp_path / "home")["months"]
    assert [month["month"] for month in months][:3] == ["1906-08", "2020-09", "2023-11"]
    assert [month["bytes"] for month in months][:3] == [5000, 500, 1000]
    assert sum(month["files"] for month in months) == 6


def test_a_file_that_came_is_counted(tmp_path: Path) -> None:
    root = make_archive(tmp_path / "a", SPEC)
    with serving(root, home=tmp_path / "home") as server:
        assert server.ask("/api/statistics").json["kinds"][0]["files"] == 4
        (root / "one/model/new.jpg").write_bytes(b"x")
        counts = iter(lambda: server.ask("/api/statistics").json["kinds"][0]["files"], 5)
        assert all(count == 4 for count in counts)  # until it is 5


def test_the_server_tells_what_it_lets_be_done(tmp_path: Path) -> None:
    root = make_archive(tmp_path / "a", SPEC)
    with serving(root, "--allow-delete", home=tmp_path / "home") as server:
        told = server.ask("/api/server").json
        assert (told["archive"], told["allow_delete"], told["token"], told["scanned"]) == ("a", True, False, False)
        scan(server)
        assert server.ask("/api/server").json["scanned"] is True


def test_a_model_is_narrowed_and_a_file_found_in_it(server: RunningServer) -> None:
    narrowed = server.ask("/api/model?site=alpha&model=anna&q=IMG1").json
    assert [item["name"] for item in narrowed["items"]] == ["img1.jpg", "img10.jpg", "img11.jpg", "img12.jpg"]
    assert narrowed["total_items"] == 4 and narrowed["total_images"] == 12
    for query, position in (
        ("&name=img3.jpg", 3),  # deep/er/clip.mp4 comes first
        ("&name=img3.jpg&kind=image", 2),
        ("&name=img10.jpg&q=img1", 1),
        ("&name=img3.jpg&order=-name", 10),
        (f"&name={encoded('deep/er/clip.mp4')}", 0),
        ("&name=img3.jpg&kind=video", None),
        ("&name=nothing.jpg", None),
        ("", None),
    ):
        answer = server.ask(f"/api/model?site=alpha&model=anna&limit=0{query}").json
        assert answer["position"] == position, query
    found = server.ask("/api/search?q=img3").json["results"][0]
    assert found["model_href"] == "/api/model?site=alpha&model=anna"
