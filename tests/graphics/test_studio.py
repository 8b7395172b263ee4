"""Wishes are met in the order of their urgency, by the means in force; what nobody wants any more is given up."""

import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from catalog_tui.graphics.drawing import Cells, CellSize
from catalog_tui.graphics.half_blocks import HalfBlocks
from catalog_tui.graphics.kitty import Kitty
from catalog_tui.graphics.sixel import Sixel
from catalog_tui.graphics.studio import THREADS, Means, Studio
from catalog_tui.graphics.wishes import Failed, Job, Result, Shown, Wanted, Wishes
from tests.graphics.decoding import kitty_commands
from tests.screens.showing import StagedSource
from tests.waiting import PATIENCE_S

CELL = CellSize(8, 16)
ROOM = Cells(20, 10)


def wanted(name: str, *, cells_only: bool = False, room: Cells = ROOM) -> Wanted:
    return Wanted(name, (1, 1), room, cells_only=cells_only)


def until(so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not so():
        assert time.monotonic() < deadline, "what was waited for did not come"
        time.sleep(0.002)


class Desk:
    """A studio with what it wrote and delivered."""

    def __init__(self, source: StagedSource, *, is_remote: bool = False) -> None:
        self.source = source
        self.written: list[str] = []
        self.delivered: list[Result] = []
        self.studio = Studio(lambda: source, write=self.written.append, is_remote=is_remote)

    def ask(self, *names: str, who: str = "a", ahead: tuple[str, ...] = (), is_urgent: bool = True) -> None:
        later = [wanted(name) for name in ahead]
        now = [wanted(name) for name in names]
        self.studio.ask(who, now, self.delivered.append, ahead=later, is_urgent=is_urgent)

    def paths(self) -> list[str]:
        return [result.wanted.path for result in self.delivered]

    def has(self, name: str) -> bool:
        return name in self.paths()

    def commands(self) -> list[tuple[str, str]]:
        """What kitty was told: sent (T) or deleted (d), and which."""
        return [(sent.control["a"], sent.control["i"]) for sent in kitty_commands("".join(self.written))]


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk(StagedSource())
    yield desk
    desk.studio.close()


def jobs(wishes: Wishes) -> list[tuple[str, bool]]:
    """All that can be begun now, in order: the name, and whether it is only for later."""
    found: list[Job] = []
    while (job := wishes.next()) is not None:
        found.append(job)
    return [(job.wanted.path, job.is_ahead) for job in found]


def nobody(_result: Result) -> None:
    """Takes deliveries that no test looks at."""


def test_the_urgent_comes_first_and_a_thread_is_kept_for_it() -> None:
    wishes = Wishes(3)
    wishes.ask("grid", [wanted(name) for name in "pqrs"], [wanted("z")], nobody, is_urgent=False)
    wishes.ask("view", [wanted("a")], [wanted("b")], nobody, is_urgent=True)
    assert jobs(wishes) == [("a", False), ("p", False), ("q", False)]  # one thread is left for the next urgent one
    wishes.ask("view", [wanted("c")], [], nobody, is_urgent=True)
    assert jobs(wishes) == [("c", False)]


def test_what_is_drawn_for_later_becomes_wanted_without_being_drawn_twice() -> None:
    wishes = Wishes(3)
    wishes.ask("view", [], [wanted("a")], nobody, is_urgent=True)
    job = wishes.next()
    assert job is not None
    assert job.is_ahead
    wishes.ask("view", [wanted("a")], [], nobody, is_urgent=True)
    assert not job.is_over()
    assert wishes.next() is None
    wishes.end(job, is_done=False)  # nothing came of it
    again = wishes.next()
    assert again is not None
    assert not again.is_ahead


def test_what_is_not_wanted_any_more_is_over() -> None:
    wishes = Wishes(3)
    wishes.ask("view", [wanted("a")], [], nobody, is_urgent=True)
    job = wishes.next()
    assert job is not None
    wishes.ask("view", [wanted("b")], [], nobody, is_urgent=True)
    assert job.is_over()
    wishes.forget("view")
    assert wishes.next() is None


def test_a_newer_wish_cancels_the_older() -> None:
    desk = Desk(StagedSource(held=True))
    desk.ask("a")
    until(lambda: [path for path, *_rest in desk.source.asked] == ["a"])
    desk.ask("b")
    until(lambda: desk.source.cancelled == ["a"])
    desk.source.let_go()
    until(lambda: "b" in desk.paths())
    desk.studio.close()


def test_what_stands_drawn_is_not_drawn_again(desk: Desk) -> None:
    desk.ask("a", ahead=("b",))
    until(lambda: desk.has("a") and desk.studio.ready(wanted("b")) is not None)
    assert desk.paths() == ["a"]
    desk.ask("b")
    until(lambda: desk.paths() == ["a", "b"])
    assert sorted(path for path, *_rest in desk.source.asked) == ["a", "b"]


def test_what_is_asked_for_just_when_it_was_drawn_for_later_is_delivered_once(desk: Desk) -> None:
    drawn_by: list[threading.Thread] = []
    let_in, gone_on = threading.Event(), threading.Event()

    class LetsIn(threading.Condition):
        """Lets the asker in when the thread that drew for later has said that it is done, before it goes on."""

        def __enter__(self) -> bool:
            if desk.has("b") and drawn_by == [threading.current_thread()]:
                gone_on.set()
            return super().__enter__()

        def __exit__(self, *error: Any) -> None:
            super().__exit__(*error)
            if drawn_by == [threading.current_thread()] and not let_in.is_set():
                let_in.set()
                desk.ask("b")
                until(lambda: desk.has("b"))

    studio = desk.studio
    studio._changed = LetsIn()
    end = studio._wishes.end

    def note(job: Job, *, is_done: bool) -> None:
        end(job, is_done=is_done)
        if job.is_ahead:
            drawn_by.append(threading.current_thread())

    studio._wishes.end = note  # type: ignore[method-assign]
    desk.ask(ahead=("b",))
    assert gone_on.wait(PATIENCE_S)
    assert desk.paths() == ["b"]


def test_other_means_draw_anew_and_kitty_forgets_what_it_was_sent(desk: Desk) -> None:
    desk.studio.use(Means(Kitty(), CELL))
    desk.ask("a")
    until(lambda: desk.paths() == ["a"])
    desk.studio.use(Means(HalfBlocks(), CELL))
    assert desk.commands() == [("T", "1"), ("d", "1")]
    assert desk.studio.ready(wanted("a")) is None


def test_means_that_change_while_a_picture_is_made_are_those_it_is_drawn_by() -> None:
    desk = Desk(StagedSource(held=True))
    desk.ask("a")
    until(lambda: bool(desk.source.asked))
    desk.studio.use(Means(Kitty(), CELL))
    desk.source.let_go()
    until(lambda: bool(desk.delivered))
    (result,) = desk.delivered
    assert isinstance(result, Shown)
    assert result.drawing.image_id
    desk.studio.close()


def test_only_so_much_is_remembered_and_the_terminal_forgets_the_rest(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog_tui.graphics.studio.MOST_CELLS", 300)
    desk.studio.use(Means(Kitty(), CELL))
    for name in "abc":
        desk.ask(name)
        until(partial(desk.has, name))
    assert desk.commands() == [("T", "1"), ("T", "2"), ("T", "3"), ("d", "1")]  # 120 cells each


def test_closing_forgets_all_that_was_sent(desk: Desk) -> None:
    desk.studio.use(Means(Kitty(), CELL))
    desk.ask("a", "b")
    until(lambda: len(desk.delivered) == 2)
    desk.studio.close()
    assert {number for what, number in desk.commands() if what == "d"} == {"1", "2"}
    assert desk.source.is_closed


def test_a_large_sixel_is_preceded_by_half_blocks(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.studio.use(Means(Sixel(), CELL))
    desk.ask("a")
    until(lambda: bool(desk.delivered))
    monkeypatch.setattr("catalog_tui.graphics.studio.MANY_CELLS", 100)
    monkeypatch.setattr("catalog_tui.graphics.studio.FIRST_S", 0.0)  # nobody paints here
    desk.ask("b")
    until(lambda: len(desk.delivered) == 3)
    small, first, whole = (result.drawing for result in desk.delivered if isinstance(result, Shown))
    assert small.over
    assert not first.over
    assert whole.over
    assert first.cells == whole.cells


def test_over_ssh_what_is_only_for_later_is_not_sent() -> None:
    desk = Desk(StagedSource(), is_remote=True)
    desk.studio.use(Means(Kitty(), CELL))
    desk.ask(ahead=("b",))
    until(lambda: desk.source.finished == ["b"])
    desk.studio.close()
    assert desk.commands() == []


def test_over_ssh_the_first_picture_is_small_and_seen_before_the_rest_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog_tui.graphics.studio.FIRST_S", PATIENCE_S)
    desk = Desk(StagedSource(), is_remote=True)
    desk.studio.use(Means(Kitty(), CELL))
    desk.studio.ask("view", [wanted("a", room=Cells(160, 45))], desk.delivered.append)
    until(lambda: len(desk.delivered) == 1)
    (first,) = desk.delivered
    assert isinstance(first, Shown)
    assert first.painted is not None
    assert sum(len(line.render(desk.studio.console)) for line in first.drawing.lines) <= 20_000
    assert desk.written == []
    first.painted.set()
    until(lambda: len(desk.delivered) == 2)
    last = desk.delivered[1]
    assert isinstance(last, Shown)
    assert last.drawing.image_id
    desk.studio.close()


def test_tiles_are_drawn_in_cells_where_the_protocol_draws_over_them(desk: Desk) -> None:
    desk.studio.use(Means(Sixel(), CELL))
    tile = wanted("a", cells_only=True)
    desk.studio.ask("grid", [tile, wanted("b")], desk.delivered.append)
    until(lambda: len(desk.delivered) == 2)
    over = {result.wanted.path: result.drawing.over for result in desk.delivered if isinstance(result, Shown)}
    assert not over["a"]
    assert over["b"]


def test_what_cannot_be_shown_comes_with_its_reason() -> None:
    desk = Desk(StagedSource(refuses=("a",)))
    desk.ask("a")
    until(lambda: bool(desk.delivered))
    assert desk.delivered == [Failed(wanted("a"), "The file is damaged or incomplete.")]
    desk.studio.close()


def test_a_decoder_can_be_started_ahead_but_not_after_the_end(desk: Desk) -> None:
    desk.studio.warm()
    until(lambda: desk.source.is_warm)
    desk.studio.close()
    other = Desk(StagedSource())
    other.studio.close()
    other.studio._warm()
    assert not other.source.is_warm


def test_a_closed_studio_takes_no_wishes(desk: Desk) -> None:
    desk.ask("a")
    until(lambda: desk.paths() == ["a"])
    desk.studio.close()
    desk.ask("b")
    assert desk.paths() == ["a"]
    until(lambda: not [thread for thread in desk.studio._threads if thread.is_alive()])
    assert len(desk.studio._threads) == THREADS
    assert threading.main_thread() not in desk.source.threads
