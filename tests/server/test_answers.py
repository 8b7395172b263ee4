"""The answers that are kept: how many bytes they are, whatever comes to an end when."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

from catalog_tui.server import shapes
from catalog_tui.server.answers import Answers
from catalog_tui.server.listings import Seen


class LateToTell(Executor):
    """Does what is asked at once, and tells of it when it is asked to: as a thread does that is not heard of yet."""

    def __init__(self) -> None:
        self.tell: list[Callable[[], None]] = []

    def submit(self, call: Callable[..., Any], /, *words: Any, **named: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        found = call(*words, **named)
        self.tell.append(lambda: future.set_result(found))
        return future


def seen(name: str) -> Callable[[], Seen]:
    return lambda: Seen((name,), lambda: shapes.PairingCode(name, ""))


def test_an_answer_that_goes_before_it_was_counted_takes_nothing_from_the_count() -> None:
    async def ask() -> None:
        executor = LateToTell()
        answers = Answers(executor, most_bytes=9)
        looks = [asyncio.ensure_future(answers.get(key, seen(key * 8))) for key in "ab"]
        while len(executor.tell) < 2:
            await asyncio.sleep(0)
        executor.tell[1]()  # there is no room for two: the first has to go
        second = await looks[1]
        assert answers.stats()["size"] == 1
        assert answers.size == second.size
        executor.tell[0]()
        assert (await looks[0]).body != second.body
        assert answers.size == second.size

    asyncio.run(ask())
