import threading

from catalog_tui.core.cache import CacheEntry, CacheManager, Caches


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_what_was_kept_is_given_again_and_counted() -> None:
    cache: CacheManager[int] = CacheManager(2)
    cache.set("a", 1)
    assert cache.get("a") == 1
    assert cache.get("b") is None
    assert cache.stats() == {"size": 1, "max_size": 2, "ttl": 1800.0, "hits": 1, "misses": 1, "evictions": 0}


def test_the_oldest_entry_makes_room() -> None:
    cache: CacheManager[int] = CacheManager(2)
    for key in "abc":
        cache.set(key, 1)
    assert cache.get("a") is None
    assert cache.get("b") == cache.get("c") == 1
    assert cache.stats()["evictions"] == 1


def test_an_entry_set_again_is_the_newest() -> None:
    cache: CacheManager[int] = CacheManager(2)
    for key in "abac":
        cache.set(key, 1)
    assert cache.get("b") is None
    assert cache.get("a") == 1


def test_an_entry_is_forgotten_when_its_time_is_up() -> None:
    clock = Clock()
    cache: CacheManager[int] = CacheManager(2, 10, clock=clock)
    cache.set("a", 1)
    clock.now_s = 10
    assert cache.get("a") == 1
    clock.now_s = 10.5
    assert cache.get("a") is None
    assert CacheEntry(1, 0.0).is_expired(10.5, 10)


def test_expired_entries_are_swept_out_on_any_access_once_in_a_while() -> None:
    clock = Clock()
    released = []

    class Value:
        def __del__(self) -> None:
            released.append(clock.now_s)

    cache: CacheManager[Value] = CacheManager(9, 10, clean_every_s=300, clock=clock)
    cache.set("a", Value())
    for clock.now_s in (299.0, 300.0):
        cache.get("b")
    assert released == [300.0]


def test_figures_do_not_count_what_is_expired() -> None:
    clock = Clock()
    cache: CacheManager[int] = CacheManager(9, 10, clock=clock)
    cache.set("a", 1)
    clock.now_s = 11
    assert cache.stats()["size"] == 0


def test_a_value_that_is_denied_is_a_miss_and_forgotten() -> None:
    cache: CacheManager[int] = CacheManager(9)
    cache.set("a", 1)
    assert cache.get("a", still_true=lambda value: value == 2) is None
    assert cache.get("a") is None
    assert cache.stats()["misses"] == 2


def test_a_value_set_while_the_old_one_was_denied_stays() -> None:
    cache: CacheManager[int] = CacheManager(9)
    cache.set("a", 1)

    def deny(value: int) -> bool:
        cache.set("a", value + 1)
        return False

    assert cache.get("a", still_true=deny) is None
    assert cache.get("a") == 2


def test_heavy_values_make_each_other_go_but_one_always_stays() -> None:
    cache: CacheManager[str] = CacheManager(9, max_weight=10, weigh=len)
    cache.set("a", "x" * 6)
    cache.set("b", "x" * 4)
    assert cache.stats()["size"] == 2
    cache.set("c", "x" * 5)
    assert cache.get("a") is None
    assert cache.get("b") == "xxxx"
    cache.set("d", "x" * 99)
    assert cache.get("d") == "x" * 99
    assert cache.stats()["size"] == 1
    cache.clear()
    for key in "ab":
        cache.set(key, "x" * 5)
    assert cache.stats()["size"] == 2


def test_entries_are_forgotten_by_key_by_condition_or_all() -> None:
    cache: CacheManager[int] = CacheManager(9)
    for key in "abcd":
        cache.set(key, 1)
    assert cache.delete("a")
    assert not cache.delete("a")
    assert cache.delete_where(lambda key: key in ("b", "c")) == 2
    assert cache.peek("d") == 1
    cache.clear()
    assert cache.peek("d") is None
    assert cache.stats()["hits"] == cache.stats()["misses"] == 0


def test_many_threads_use_one_cache() -> None:
    cache: CacheManager[int] = CacheManager(20)

    def work(base: int) -> None:
        for number in range(500):
            key = (base + number) % 40
            cache.set(key, key)
            assert cache.get(key) in (key, None)
            cache.stats()

    threads = [threading.Thread(target=work, args=(base,)) for base in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stats = cache.stats()
    assert stats["size"] == 20
    assert stats["hits"] + stats["misses"] == 2000


def test_an_archives_caches_have_the_figures_that_users_know() -> None:
    stats = Caches().stats()
    assert {name: figures["max_size"] for name, figures in stats.items()} == {
        "models_cache": 500,
        "model_info_cache": 2000,
        "media_list_cache": 1000,
        "sites_list": 1,
    }
    assert {figures["ttl"] for figures in stats.values()} == {1800.0}
