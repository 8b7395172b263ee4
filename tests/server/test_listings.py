"""The JSON about sites, models and what is in them."""

import gzip
import os
from functools import partial
from pathlib import Path

import pytest

from tests.corpus import NASTY_NAMES, write_corpus
from tests.server.serving import RunningServer, encoded, serving
from tests.trees import make_archive
from tests.waiting import wait_until


def test_the_sites_with_how_many_models_each_has(server: RunningServer) -> None:
    sites = server.ask("/api/sites").json["sites"]
    assert [(site["name"], site["models"]) for site in sites] == [("alpha", 4), ("beta", 2), ("gamma", 0)]


def test_models_come_with_figures_and_loose_files_first(server: RunningServer) -> None:
    answer = server.ask("/api/models?site=alpha").json
    assert [model["name"] for model in answer["models"]] == ["", "anna", "bert", "empty"]
    loose, anna = answer["models"][:2]
    assert loose["loose"] and not anna["loose"]
    assert (anna["image_count"], anna["video_count"], anna["other_count"]) == (12, 1, 1)
    assert answer["pagination"] == {"page": 1, "limit": 50, "total": 4, "total_pages": 1}


def test_every_href_leads_to_what_it_names(server: RunningServer) -> None:
    for site in server.ask("/api/sites").json["sites"]:
        for model in server.ask(site["href"]).json["models"]:
            page = server.ask(model["href"]).json
            assert page["total_images"] == model["image_count"]


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_pages_of_models_are_the_whole_in_pieces(server: RunningServer, limit: int) -> None:
    names, page = [], 1
    while rows := server.ask(f"/api/models?site=alpha&page={page}&limit={limit}").json["models"]:
        assert len(rows) <= limit
        names += [row["name"] for row in rows]
        page += 1
    assert names == ["", "anna", "bert", "empty"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("sort=name&order=desc", ["empty", "bert", "anna", ""]),
        ("sort=count&order=desc", ["anna", "", "bert", "empty"]),
        ("sort=bytes&order=desc", ["anna", "bert", "", "empty"]),
        ("q=E", ["bert", "empty"]),
        ("q=nothing-like-that", []),
    ],
)
def test_models_sorted_and_narrowed(server: RunningServer, query: str, names: list[str]) -> None:
    assert [row["name"] for row in server.ask(f"/api/models?site=alpha&{query}").json["models"]] == names


def test_a_model_in_natural_order_without_what_is_no_media(server: RunningServer) -> None:
    answer = server.ask("/api/model?site=alpha&model=anna").json
    names = [item["name"] for item in answer["items"]]
    assert names == ["deep/er/clip.mp4", *(f"img{number}.jpg" for number in range(1, 13)), "notes.pdf"]
    assert [item["kind"] for item in answer["items"]] == ["video", *["image"] * 12, "other"]
    assert answer["images"] == names[1:13] and answer["videos"] == names[:1]
    assert (answer["total_images"], answer["total_videos"], answer["total_items"]) == (12, 1, 14)


def test_a_model_in_parts(server: RunningServer) -> None:
    answer = server.ask("/api/model?site=alpha&model=anna&images_limit=2&videos_limit=0&limit=3&offset=1").json
    assert answer["images"] == ["img2.jpg", "img3.jpg"]
    assert answer["videos"] == []
    assert [item["name"] for item in answer["items"]] == ["img1.jpg", "img2.jpg", "img3.jpg"]
    assert answer["total_images"] == 12


def test_a_model_by_kind_and_by_date(archive: Path, server: RunningServer) -> None:
    answer = server.ask("/api/model?site=alpha&model=anna&kind=video").json
    assert [item["name"] for item in answer["items"]] == ["deep/er/clip.mp4"]
    largest = server.ask("/api/model?site=alpha&model=anna&order=largest&limit=1").json["items"]
    assert largest[0]["name"] == "deep/er/clip.mp4"
    assert largest[0]["mtime_ns"] == os.stat(archive / "alpha/anna/deep/er/clip.mp4").st_mtime_ns


def test_loose_files_are_a_model_of_their_own(server: RunningServer) -> None:
    assert server.ask("/api/model?site=alpha&model=").json["images"] == ["loose.jpg"]


def test_search_gives_what_begins_with_the_text_first_and_models_before_files(server: RunningServer) -> None:
    found = server.ask("/api/search?q=IMG&limit=1000").json["results"]
    assert [(hit["type"], hit["name"]) for hit in found] == [
        ("model", "img-lover"),
        *[("media", f"img{number}.jpg") for number in range(1, 13)],
    ]
    inner = server.ask("/api/search?q=lo").json["results"]
    assert [hit["name"] for hit in inner] == ["loose.jpg", "img-lover"]


def test_search_in_one_site_and_in_pages(server: RunningServer) -> None:
    assert server.ask("/api/search?q=img&site=beta").json["pagination"]["total"] == 1
    pages = [server.ask(f"/api/search?q=img&page={page}&limit=5").json["results"] for page in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [5, 5, 3, 0]
    assert len({hit["href"] for page in pages for hit in page}) == 13


@pytest.mark.parametrize(
    "path",
    [
        "/api/models?site=nobody",
        "/api/models?site=.private",
        "/api/models?site=%40eaDir",
        "/api/models?site=..",
        "/api/models?site=alpha%2Fanna",
        "/api/models?site=%00",
        "/api/models?site=",
        "/api/model?site=alpha&model=nobody",
        "/api/model?site=alpha&model=.secret",
        "/api/model?site=alpha&model=..%2F..",
        "/api/model?site=alpha&model=loose.jpg",
        "/api/search?q=a&site=nobody",
    ],
)
def test_hidden_and_missing_cannot_be_told_apart(server: RunningServer, path: str) -> None:
    missing = server.ask("/api/models?site=really-not-there")
    assert missing.status == 404 and missing.json["error"] == "not_found"
    answer = server.ask(path)
    assert (answer.status, answer.body) == (404, missing.body)


@pytest.mark.parametrize("value", ["0", "-1", "x", "1.5", "", "9" * 30, "%00", "%D9%A1"])
@pytest.mark.parametrize("field", ["page", "limit"])
def test_a_wrong_number_is_named(server: RunningServer, field: str, value: str) -> None:
    answer = server.ask(f"/api/models?site=alpha&{field}={value}")
    assert (answer.status, answer.json["error"], answer.json["field"]) == (422, "invalid", field)


def test_other_wrong_queries_are_named_too(server: RunningServer) -> None:
    assert server.ask("/api/models").json["field"] == "site"
    assert server.ask("/api/models?site=alpha&limit=1000000000").json["field"] == "limit"
    assert server.ask("/api/models?site=alpha&sort=1;DROP").json["field"] == "sort"
    assert server.ask("/api/search?q=").json["field"] == "q"
    assert server.ask("/api/model?site=alpha").json["field"] == "model"
    assert server.ask("/api/models?site=" + "x" * 9000).json["field"] == "query"


def test_an_answer_is_compressed_for_who_takes_that(server: RunningServer) -> None:
    plain = server.ask("/api/model?site=alpha&model=anna")
    squeezed = server.ask("/api/model?site=alpha&model=anna", headers={"accept-encoding": "br, gzip;q=0.5"})
    assert "content-encoding" not in plain.headers
    assert squeezed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(squeezed.body) == plain.body
    assert plain.headers["vary"] == squeezed.headers["vary"] == "accept-encoding"
    assert plain.headers["etag"] != squeezed.headers["etag"]
    refused = server.ask("/api/model?site=alpha&model=anna", headers={"accept-encoding": "gzip;q=0, br"})
    assert "content-encoding" not in refused.headers


def test_small_answers_are_left_as_they_are(server: RunningServer) -> None:
    answer = server.ask("/api/sites", headers={"accept-encoding": "gzip"})
    assert len(answer.body) < 1024 and "content-encoding" not in answer.headers


def test_who_has_the_answer_gets_none(server: RunningServer) -> None:
    first = server.ask("/api/model?site=alpha&model=anna")
    again = server.ask("/api/model?site=alpha&model=anna", headers={"if-none-match": f'"x", W/{first.headers["etag"]}'})
    assert (again.status, again.body) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert server.ask("/api/model?site=alpha&model=anna", headers={"if-none-match": '"other"'}).status == 200


def test_head_tells_the_headers_alone(server: RunningServer) -> None:
    whole = server.ask("/api/sites")
    head = server.ask("/api/sites", method="HEAD")
    assert head.body == b""
    assert head.headers["content-length"] == str(len(whole.body))


def test_what_can_only_be_read_says_so(server: RunningServer) -> None:
    answer = server.post("/api/sites", {})
    assert (answer.status, answer.json["error"], answer.headers["allow"]) == (405, "method_not_allowed", "GET, HEAD")


def test_a_file_deleted_beside_the_server_is_gone_from_it(tmp_path: Path) -> None:
    root = make_archive(tmp_path / "a", {"site/model/a.jpg": b"a", "site/model/b.jpg": b"b", "site/other/c.jpg": b"c"})
    with serving(root, home=tmp_path / "home") as server:
        for name, left in (("a.jpg", 1), ("b.jpg", 0)):
            assert server.ask("/api/model?site=site&model=model").json["total_images"] == left + 1
            (root / "site/model" / name).unlink()  # an answer is believed for 20 ms, and then must be the new one
            wait_until(partial(_has_images, server, left))
            wait_until(partial(_has_counts, server, [left, 1]))
        (root / "site/other/c.jpg").rename(root / "site/model/c.jpg")
        wait_until(partial(_has_images, server, 1))


def _has_images(server: RunningServer, count: int) -> bool:
    return bool(server.ask("/api/model?site=site&model=model").json["total_images"] == count)


def _has_counts(server: RunningServer, counts: list[int]) -> bool:
    rows = server.ask("/api/models?site=site").json["models"]
    return [row["image_count"] for row in rows] == counts


def test_names_of_any_bytes_arrive_whole(tmp_path: Path) -> None:
    made = write_corpus(tmp_path / "a/site/model")
    for name in NASTY_NAMES:
        if not name.startswith(b"."):
            os.makedirs(os.path.join(os.fsencode(tmp_path), b"a/models", name))
    with serving(tmp_path / "a", home=tmp_path / "home") as server:
        items = server.ask("/api/model?site=site&model=model&limit=1000").json["items"]
        hrefs = {item["href"] for item in items}
        assert hrefs == {f"/media/site/model/{encoded(name)}" for name in made if not name.startswith(b".")}
        models = server.ask("/api/models?site=models&limit=1000").json["models"]
        assert len(models) == sum(not name.startswith(b".") for name in NASTY_NAMES)
        for model in models:
            assert server.ask(model["href"]).status == 200


def test_an_archive_that_goes_away_is_said_and_comes_back_by_itself(tmp_path: Path) -> None:
    root = make_archive(tmp_path / "a", {"site/model/a.jpg": b"a"})
    with serving(root, home=tmp_path / "home") as server:
        assert server.ask("/api/sites").status == 200
        root.rename(tmp_path / "elsewhere")
        wait_until(lambda: server.ask("/api/sites").status == 503)
        answer = server.ask("/api/models?site=site")
        assert (answer.status, answer.json["error"]) == (503, "archive_away")
        assert server.ask("/healthz").json["status"] == "archive_away"
        (tmp_path / "elsewhere").rename(root)
        assert server.ask("/api/sites").status == 200
        assert server.ask("/api/models?site=site").json["pagination"]["total"] == 1
