"""A store in a real Redis: bounded, forgetful when told, and never the source of what nobody put there."""

from collections.abc import Iterator

import pytest

from catalog_tui.server.sharing.epochs import Epochs, new_epoch
from catalog_tui.server.sharing.redis_link import RedisLink, RedisOptions
from catalog_tui.server.sharing.redis_store import RedisStore, indexes
from catalog_tui.server.sharing.sealing import Seal
from tests.server.sharing.redis_server import RedisServer
from tests.waiting import PATIENCE_S, wait_until

SECRET = b"a secret of sixteen"
ROOM = 80_000


class Kept:
    """A store, and what it stands on."""

    def __init__(self, redis: RedisServer, *, ttl_s: float = 60.0, secret: bytes = SECRET) -> None:
        self.link = RedisLink(RedisOptions(redis.url, secret, "archive", ROOM))
        self.epochs = Epochs()
        self.epochs.join("0123456789abcdef")
        self.store = RedisStore(self.link, Seal(secret), self.epochs, prefix="{test}", ttl_s=ttl_s, most_bytes=ROOM)

    def put(self, key: bytes, content: bytes) -> None:
        self.store.put(key, content, self.store.epoch)

    def get(self, key: bytes) -> bytes | None:
        """What is there; asks again where Redis was left alone for a while."""
        self.link.waiting.resume()
        return self.store.get(key)


@pytest.fixture
def kept(redis: RedisServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kept]:
    """A store that waits for a busy Redis."""
    for name in ("PATIENCE_S", "QUICK_S"):
        monkeypatch.setattr(f"catalog_tui.server.sharing.redis_link.{name}", PATIENCE_S)
    found = Kept(redis)
    yield found
    found.link.close()


@pytest.fixture
def hasty(redis: RedisServer) -> Iterator[Kept]:
    """A store with no more patience than it has."""
    found = Kept(redis)
    yield found
    found.link.close()


def entries(redis: RedisServer) -> list[str]:
    return [name for name in redis.names() if not name.endswith((":ages", ":sizes"))]


def test_what_was_put_is_found_by_another_process_with_the_same_secret(redis: RedisServer, kept: Kept) -> None:
    kept.put(b"key", b"content")
    other, stranger = Kept(redis), Kept(redis, secret=b"another secret here")
    assert other.get(b"key") == b"content"
    assert other.get(b"another key") is None
    assert stranger.get(b"key") is None
    assert (other.store.hits, other.store.misses, other.store.refused) == (1, 1, 0)


def test_names_and_keys_of_the_archive_are_not_in_redis(redis: RedisServer, kept: Kept) -> None:
    kept.put(b"listing of site/model", b"content")
    assert not any("site" in name for name in redis.names())


def test_it_takes_no_more_than_its_room_and_the_oldest_goes_first(redis: RedisServer, kept: Kept) -> None:
    for number in range(30):
        kept.put(b"%d" % number, bytes(8_000))
    found = [number for number in range(30) if kept.get(b"%d" % number) is not None]
    assert found == list(range(30 - len(found), 30)) and 8 <= len(found) <= 9
    ages, sizes = indexes("{test}", kept.store.epoch)
    assert len(entries(redis)) == len(found) == redis.client.zcard(ages)
    assert int(redis.client.hget(sizes, "all") or 0) == sum(len(redis.raw(name)) for name in entries(redis))


def test_the_same_entry_again_takes_its_room_once(redis: RedisServer, kept: Kept) -> None:
    for size in (5_000, 9_000, 100):
        kept.put(b"key", bytes(size))
    sizes = indexes("{test}", kept.store.epoch)[1]
    assert int(redis.client.hget(sizes, "all") or 0) == 140
    assert kept.get(b"key") == bytes(100)


def test_an_entry_that_would_push_out_most_others_is_not_kept(redis: RedisServer, kept: Kept) -> None:
    kept.put(b"large", bytes(ROOM // 8 + 1))
    assert redis.names() == []


def test_entries_expire_and_give_their_room_back(redis: RedisServer) -> None:
    kept = Kept(redis, ttl_s=0.3)
    kept.put(b"key", b"content")
    assert kept.get(b"key") == b"content"
    wait_until(lambda: redis.names() == [])
    kept.put(b"another", b"content")
    ages, sizes = indexes("{test}", kept.store.epoch)
    assert redis.client.zcard(ages) == 1 and redis.client.hlen(sizes) == 2


def test_an_entry_older_than_allowed_is_refused_though_redis_still_has_it(redis: RedisServer, kept: Kept) -> None:
    kept.put(b"key", b"content")
    (name,) = entries(redis)
    redis.client.persist(name)
    strict = Kept(redis, ttl_s=0.0)
    assert strict.get(b"key") is None and strict.store.refused == 1


def test_what_lost_its_index_is_no_trouble(redis: RedisServer, kept: Kept) -> None:
    for number in range(5):
        kept.put(b"%d" % number, bytes(8_000))
    ages, sizes = indexes("{test}", kept.store.epoch)
    redis.client.delete(ages)
    for number in range(5, 30):
        kept.put(b"%d" % number, bytes(8_000))
    assert redis.client.zcard(ages) <= 10
    redis.client.delete(sizes)
    kept.put(b"more", bytes(8_000))
    assert kept.get(b"more") == bytes(8_000) and kept.link.failures == 0


def test_another_epoch_finds_nothing_of_the_last(redis: RedisServer, kept: Kept) -> None:
    before = kept.store.epoch
    kept.put(b"key", b"content")
    kept.epochs.begin(new_epoch(), is_said=True)
    assert kept.get(b"key") is None
    kept.store.put(b"late", b"read before", before)
    assert kept.get(b"late") is None
    kept.store.clear(before)
    assert redis.names() == []


def test_clearing_takes_any_number_of_entries(redis: RedisServer, kept: Kept) -> None:
    for number in range(1100):
        kept.put(b"%d" % number, b"x")
    kept.store.clear(kept.store.epoch)
    assert redis.names() == []


def test_nothing_is_asked_while_nobody_would_tell_of_a_clearing(redis: RedisServer, kept: Kept) -> None:
    kept.put(b"key", b"content")
    kept.epochs.lose()
    assert kept.get(b"key") is None
    kept.epochs.begin(new_epoch(), is_said=False)
    kept.epochs.join("0123456789abcdef")
    assert kept.get(b"key") is None, "an epoch that Redis does not know of yet is not taken back by it"


def test_a_redis_that_lies_is_not_believed(redis: RedisServer, kept: Kept) -> None:
    kept.put(b"one", b"one")
    (one,) = entries(redis)
    kept.put(b"two", b"two")
    (two,) = {*entries(redis)} - {one}
    first, second = redis.raw(one), redis.raw(two)
    for lie in (second, b"", b"\0" * 100, first[:-1], first + b"x", first[:40] + b"0" + first[41:]):
        redis.client.set(one, lie)
        redis.client.set(two, first)
        assert kept.get(b"one") is None and kept.get(b"two") is None
    redis.client.delete(one)
    redis.client.lpush(one, first)
    assert kept.get(b"one") is None
    redis.client.delete(one)
    redis.client.set(one, first)
    redis.client.set(two, second)
    assert (kept.get(b"one"), kept.get(b"two")) == (b"one", b"two")
    assert kept.store.refused == 12


def test_a_full_redis_is_still_read(redis: RedisServer, kept: Kept) -> None:
    kept.put(b"key", b"content")
    redis.fill()
    kept.put(b"more", bytes(9_000))
    assert kept.link.failures == 1
    assert kept.store.get(b"key") == b"content", "a refusal is no reason to leave it alone"
    redis.empty()
    kept.put(b"more", bytes(9_000))
    assert kept.get(b"more") == bytes(9_000)


def test_a_redis_that_evicts_on_its_own_is_no_trouble(redis: RedisServer, kept: Kept) -> None:
    for number in range(5):
        kept.put(b"%d" % number, bytes(8_000))
    for name in entries(redis)[:3]:
        redis.client.delete(name)
    for number in range(30):
        kept.put(b"%d" % number, bytes(8_000))
    assert len([number for number in range(30) if kept.get(b"%d" % number)]) >= 8


def test_a_redis_that_is_gone_or_dumb_costs_little_and_comes_back(redis: RedisServer, hasty: Kept) -> None:
    hasty.put(b"key", b"content")
    redis.freeze()
    asked = [hasty.store.get(b"key") for _time in range(1000)]
    assert asked == [None] * 1000 and hasty.link.failures == 1, "asked once, then left alone"
    redis.thaw()
    wait_until(lambda: hasty.store.get(b"key") == b"content")
    redis.kill()
    assert [hasty.store.get(b"key") for _time in range(1000)] == [None] * 1000
    redis.start()

    def put_and_found() -> bool:
        hasty.put(b"key", b"again")
        return hasty.store.get(b"key") == b"again"

    wait_until(put_and_found)
