"""Two real servers over one archive and one real Redis."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.server.conftest import grow_old
from tests.server.serving import RunningServer, serving
from tests.server.sharing.redis_server import RedisServer
from tests.trees import make_archive
from tests.waiting import wait_until

PATIENT = str(Path(__file__).parent / "patient")
NAMES = [f"img{number}.jpg" for number in range(20)]
LISTING = "/api/model?site=site&model=m1"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    spec = {f"site/m{model}/{name}": name.encode() for model in range(5) for name in NAMES}
    root = make_archive(tmp_path / "archive", spec)
    Image.new("RGB", (800, 600), "teal").save(root / "site/m0/real.jpg")
    grow_old(root)
    settle(root)
    return root


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "secret"
    file.write_text("a secret that the servers share\n")
    file.chmod(0o600)
    return file


@contextmanager
def sharing(
    archive: Path, home: Path, redis: RedisServer, secret: Path, *flags: str, is_patient: bool = True
) -> Iterator[RunningServer]:
    """A server that shares, once it hears the others; `is_patient`: what Redis has to say is waited for."""
    words = ("--redis", redis.url, "--redis-secret", str(secret), "--redis-name", "the archive", *flags)
    with serving(archive, *words, home=home, environ={"PYTHONPATH": PATIENT} if is_patient else {}) as server:
        wait_until(lambda: shared(server)["reachable"])
        yield server


@pytest.fixture
def two(
    archive: Path, tmp_path: Path, redis: RedisServer, secret: Path
) -> Iterator[tuple[RunningServer, RunningServer]]:
    with ExitStack() as held:
        one = held.enter_context(sharing(archive, tmp_path / "one", redis, secret, "--allow-delete"))
        yield one, held.enter_context(sharing(archive, tmp_path / "two", redis, secret, "--allow-delete"))


def settle(root: Path) -> None:
    """Return once the folders are old enough for their stamps to be trusted: their ctimes no program can set."""
    newest = max(os.stat(folder).st_ctime for folder, _folders, _files in os.walk(root))
    wait_until(lambda: time.time() - newest > 2.1)


def stats(server: RunningServer) -> Any:
    return server.ask("/api/cache_stats").json


def shared(server: RunningServer) -> Any:
    """What the server at hand came of asking, with the other's."""
    return stats(server)["shared"]


def names(server: RunningServer) -> list[str]:
    found: list[str] = server.ask(LISTING).json["images"]
    return found


def test_what_one_has_read_the_other_need_not(two: tuple[RunningServer, RunningServer]) -> None:
    one, other = two
    assert names(one) == NAMES and shared(one)["hits"] == 0
    assert names(other) == NAMES
    assert shared(one)["hits"] == shared(other)["hits"] == 1


def test_a_page_of_models_is_asked_for_at_once(two: tuple[RunningServer, RunningServer], archive: Path) -> None:
    one, other = two
    make_archive(archive, {f"site/more{number}/a.jpg": b"x" for number in range(30)})
    grow_old(archive)
    settle(archive)
    pages = [server.ask("/api/models?site=site&limit=100").json for server in two]
    assert pages[0] == pages[1] and len(pages[0]["models"]) == 35
    assert shared(other)["hits"] == 36, "the list of models, and what is in each"
    (archive / "site/more7/b.jpg").write_bytes(b"y")
    assert one.post("/api/clear_cache", {}).status == 200
    counts = {
        model["name"]: model["image_count"] for model in other.ask("/api/models?site=site&limit=100").json["models"]
    }
    assert counts["more7"] == 2 and counts["more8"] == 1


def test_what_changed_since_one_has_read_it_the_other_reads_itself(
    two: tuple[RunningServer, RunningServer], archive: Path
) -> None:
    one, other = two
    names(one)
    (archive / "site/m1/img3.jpg").unlink()
    expected = [name for name in NAMES if name != "img3.jpg"]
    assert names(other) == expected
    wait_until(lambda: names(one) == expected)


def test_a_thumbnail_is_made_once(two: tuple[RunningServer, RunningServer], tmp_path: Path) -> None:
    one, other = two
    answers = [server.ask("/thumb/site/m0/real.jpg?size=320") for server in (one, other)]
    assert [answer.status for answer in answers] == [200, 200] and answers[0].body == answers[1].body
    assert shared(other)["hits"] == 1
    assert not any(_decoders(other)), "the other has not even started a decoder"


def _decoders(server: RunningServer) -> list[bool]:
    return [b"pictures.worker" in Path(f"/proc/{pid}/cmdline").read_bytes() for pid in server.pids()]


def test_another_file_of_the_same_name_size_and_date_has_its_own_thumbnail(
    two: tuple[RunningServer, RunningServer], archive: Path
) -> None:
    one, other = two
    file = archive / "site/m0/real.jpg"
    before = file.stat()
    red = one.ask("/thumb/site/m0/real.jpg").body
    Image.new("RGB", (800, 600), "red").save(file)
    os.truncate(file, before.st_size)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert other.ask("/thumb/site/m0/real.jpg").body != red


def test_what_one_deletes_is_gone_at_the_other_when_that_is_answered(two: tuple[RunningServer, RunningServer]) -> None:
    one, other = two
    assert names(one) == names(other) == NAMES
    left = list(NAMES)
    for at, name in enumerate(NAMES[:10]):
        done = two[at % 2].post("/api/delete_file", {"site": "site", "model": "m1", "name": name})
        assert done.json["done"] == [f"site/m1/{name}"]
        left.remove(name)
        assert names(one) == names(other) == left
    assert one.post("/api/undo", {"steps": 10}).status == 200
    assert names(one) == names(other) == NAMES


def test_clearing_reaches_the_other_and_all_that_was_shared(
    two: tuple[RunningServer, RunningServer], archive: Path, redis: RedisServer
) -> None:
    one, other = two
    names(one), names(other)
    file = archive / "site/m1/img1.jpg"
    with file.open("ab") as stream:  # grows in place: no folder changes, so nobody can notice
        stream.write(b"more")
    assert one.post("/api/clear_cache", {}).json["cleared"] is True
    for server in two:
        sizes = {item["name"]: item["size"] for item in server.ask(LISTING).json["items"]}
        assert sizes["img1.jpg"] == file.stat().st_size
    assert stats(one)["models_cache"]["size"] <= 2


def test_stats_are_those_of_both(two: tuple[RunningServer, RunningServer]) -> None:
    one, other = two
    for server in two:
        assert stats(server)["workers"] == 2 and stats(server)["backend"] == "redis"
    names(one), names(other)
    assert stats(one)["media_list_cache"] == stats(other)["media_list_cache"]
    assert stats(one)["media_list_cache"]["size"] == 2


def test_another_secret_shares_nothing(archive: Path, tmp_path: Path, redis: RedisServer, secret: Path) -> None:
    foreign = tmp_path / "foreign"
    foreign.write_text("another secret of somebody else\n")
    foreign.chmod(0o600)
    with (
        sharing(archive, tmp_path / "one", redis, secret) as one,
        sharing(archive, tmp_path / "two", redis, foreign) as other,
    ):
        assert names(one) == names(other) == NAMES
        assert shared(other)["hits"] == 0 and stats(other)["workers"] == 1


def test_what_stands_in_redis_is_no_matter(two: tuple[RunningServer, RunningServer], redis: RedisServer) -> None:
    one, other = two
    names(one)
    for name in redis.names():
        kind = redis.client.type(name)
        if kind == b"string" and not name.endswith(":epoch"):
            redis.client.set(name, b"\x80\x04N." * 50)
    assert names(other) == NAMES
    assert shared(other)["refused"] >= 1
    redis.client.flushall()
    for page in range(5):
        assert other.ask(f"/api/model?site=site&model=m{page}").json["total_images"] >= 20


def test_a_frozen_redis_holds_nobody_up_for_long(
    archive: Path, tmp_path: Path, redis: RedisServer, secret: Path
) -> None:
    with (
        sharing(archive, tmp_path / "one", redis, secret, is_patient=False) as one,
        sharing(archive, tmp_path / "two", redis, secret, is_patient=False) as other,
    ):
        redis.freeze()
        for model in range(5):
            assert one.ask(f"/api/model?site=site&model=m{model}").json["total_images"] >= 20
        assert one.post("/api/clear_cache", {}).json["cleared"] is True
        assert names(one) == NAMES
        redis.thaw()
        wait_until(lambda: shared(one)["reachable"] and shared(other)["reachable"])


def test_a_redis_that_comes_back_is_used_again(two: tuple[RunningServer, RunningServer], redis: RedisServer) -> None:
    one, other = two
    names(one)
    redis.kill()
    wait_until(lambda: not shared(one)["reachable"] and not shared(other)["reachable"])
    assert names(one) == names(other) == NAMES
    redis.start()
    wait_until(lambda: shared(one)["reachable"] and stats(one)["workers"] == 2)
    before = shared(one)["hits"]
    assert one.ask("/api/model?site=site&model=m2").json["total_images"] == 20
    assert other.ask("/api/model?site=site&model=m2").json["total_images"] == 20
    assert shared(one)["hits"] > before


def test_what_was_cleared_while_redis_was_away_is_cleared_when_it_is_back(
    archive: Path, tmp_path: Path, secret: Path
) -> None:
    redis = RedisServer(tmp_path / "kept", keeps=True)
    redis.start()
    with ExitStack() as held:
        held.callback(redis.close)
        one = held.enter_context(sharing(archive, tmp_path / "one", redis, secret))
        other = held.enter_context(sharing(archive, tmp_path / "two", redis, secret))
        names(one), names(other)
        redis.kill()
        wait_until(lambda: not shared(one)["reachable"] and not shared(other)["reachable"])
        file = archive / "site/m1/img1.jpg"
        with file.open("ab") as stream:
            stream.write(b"more")
        one.post("/api/clear_cache", {})
        redis.start()  # with all that it had
        wait_until(lambda: shared(one)["reachable"] and stats(one)["workers"] == 2)

        def size(server: RunningServer) -> int:
            sizes: dict[str, int] = {item["name"]: item["size"] for item in server.ask(LISTING).json["items"]}
            return sizes["img1.jpg"]

        wait_until(lambda: [size(one), size(other)] == [file.stat().st_size] * 2)


def test_the_folders_of_one_archive_may_be_mounted_elsewhere(
    archive: Path, tmp_path: Path, redis: RedisServer, secret: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.symlink_to(archive)
    with (
        sharing(archive, tmp_path / "one", redis, secret) as one,
        sharing(elsewhere, tmp_path / "two", redis, secret) as other,
    ):
        names(one)
        assert names(other) == NAMES and shared(other)["hits"] == 1


def test_a_scan_at_one_is_seen_refused_and_ended_at_the_other(tmp_path: Path, redis: RedisServer, secret: Path) -> None:
    root = make_archive(tmp_path / "large", {"site/m/a.mp4": 1 << 42, "site/m/b.mp4": 1 << 42})

    def states(*servers: RunningServer) -> list[str]:
        return [server.ask("/api/scan_progress").json["status"] for server in servers]

    with (
        sharing(root, tmp_path / "one", redis, secret) as one,
        sharing(root, tmp_path / "two", redis, secret) as other,
    ):
        assert one.post("/api/scan", {}).status == 202
        assert states(one, other) == ["running", "running"]
        assert other.post("/api/scan", {}).json["error"] == "scan_in_progress"
        redis.kill()
        wait_until(lambda: states(one, other) == ["running", "failed"])
        redis.start()
        wait_until(lambda: states(one, other) == ["running", "running"])
        assert other.post("/api/cancel_scan", {}).status == 200
        wait_until(lambda: states(one, other) == ["cancelled", "cancelled"])


def test_a_redis_in_which_something_else_stands_is_used_again(
    archive: Path, tmp_path: Path, redis: RedisServer, secret: Path
) -> None:
    with sharing(archive, tmp_path / "one", redis, secret):
        (epoch,) = [name for name in redis.names() if name.endswith(":epoch")]
    for nonsense in (b"nonsense", b"\xff"):
        redis.client.set(epoch, nonsense)
        with sharing(archive, tmp_path / "one", redis, secret) as one:
            assert names(one) == NAMES
    redis.client.delete(epoch)
    redis.client.lpush(epoch, b"x")
    with sharing(archive, tmp_path / "one", redis, secret) as one:
        assert names(one) == NAMES


def test_a_copy_of_the_archive_is_not_taken_for_it(
    archive: Path, tmp_path: Path, redis: RedisServer, secret: Path
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(archive, copy)
    (copy / "site/m1/img1.jpg").unlink()
    grow_old(copy)
    settle(copy)
    with (
        sharing(archive, tmp_path / "one", redis, secret) as one,
        sharing(copy, tmp_path / "two", redis, secret) as other,
    ):
        assert names(one) == NAMES
        assert len(names(other)) == len(NAMES) - 1
