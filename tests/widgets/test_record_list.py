"""The list of records: cursor, marks, order and filter, at any length."""

import threading
from collections.abc import Callable, Sequence

import pytest
from textual.app import App, ComposeResult
from textual.message import Message
from textual.pilot import Pilot

from catalog_tui.widgets.columns import Column
from catalog_tui.widgets.record_list import RecordList
from catalog_tui.widgets.record_pane import RecordPane
from catalog_tui.widgets.records import Query, Sort
from tests.waiting import PATIENCE_S, until


class Numbered:
    """Records named by their number; it counts how often it is asked for cells."""

    columns = (Column("Size", 10, "size"),)
    sort_keys = ("name", "size")

    def __init__(self, count: int, *, name: str = "file-{:07d}.jpg") -> None:
        self.count = count
        self.form = name
        self.drawn = 0

    def __len__(self) -> int:
        return self.count

    def name(self, index: int) -> str:
        return self.form.format(index)

    def label(self, index: int) -> str:
        return self.name(index)

    def cells(self, index: int) -> tuple[str, ...]:
        self.drawn += 1
        return (str(index),)

    def tone(self, index: int) -> str:
        return "image"

    def find(self, name: str) -> int | None:
        return next((index for index in range(self.count) if self.name(index) == name), None)

    def arranged(self, sort: Sort, query: Query, cancelled: Callable[[], bool]) -> Sequence[int]:
        shown = [index for index in range(self.count) if query.text in self.name(index)]
        if sort.key == "size":
            shown.sort(key=lambda index: index % 7)
        return shown[::-1] if sort.descending else shown


class ListApp(App[None]):
    """One pane and nothing else."""

    def __init__(self, source: Numbered) -> None:
        super().__init__()
        self.source = source
        self.chosen: list[int | None] = []

    def compose(self) -> ComposeResult:
        yield RecordPane("Files", id="files")

    def on_mount(self) -> None:
        self.records.show(self.source)
        self.records.focus()

    def on_record_list_chosen(self, message: RecordList.Chosen) -> None:
        self.chosen.append(message.records.current)

    @property
    def records(self) -> RecordList:
        return self.query_one(RecordList)


def running(count: int) -> ListApp:
    return ListApp(Numbered(count))


def marked(records: RecordList) -> list[int]:
    return list(records.marks.indexes())


async def press_all(pilot: Pilot[None], *keys: str) -> RecordList:
    await pilot.press(*keys)
    await pilot.pause()
    return pilot.app.query_one(RecordList)


@pytest.mark.parametrize(
    ("keys", "row"),
    [
        (["j", "j", "k"], 1),
        (["down", "down", "up"], 1),
        (["k"], 0),
        (["G"], 99),
        (["end", "j"], 99),
        (["G", "g"], 0),
        (["end", "home"], 0),
    ],
)
async def test_keys_move_the_cursor_and_stop_at_the_ends(keys: list[str], row: int) -> None:
    async with running(100).run_test(size=(60, 20)) as pilot:
        assert (await press_all(pilot, *keys)).cursor == row


async def test_a_page_moves_by_what_is_in_view_less_one_row() -> None:
    async with running(100).run_test(size=(60, 20)) as pilot:
        records = await press_all(pilot, "pagedown")
        assert records.cursor == records.size.height - 1
        assert (await press_all(pilot, "pageup")).cursor == 0


async def test_a_key_costs_what_is_in_view_however_many_records_there_are() -> None:
    app = running(1_000_000)
    async with app.run_test(size=(80, 40)) as pilot:
        await press_all(pilot, "j", "k")  # the first paints, before and after the scrollbar has come, are over
        for keys in (["j"], ["G"], ["k"], ["g"], ["pagedown"]):
            before = app.source.drawn
            records = await press_all(pilot, *keys)
            assert app.source.drawn - before <= records.size.height + 1


async def test_space_marks_and_goes_on_and_marks_are_counted_in_the_frame() -> None:
    async with running(10).run_test() as pilot:
        records = await press_all(pilot, "space", "j", "space")
        assert marked(records) == [0, 2]
        assert "2 marked" in str(pilot.app.query_one(RecordPane).border_subtitle)
        await press_all(pilot, "k", "space")
        assert marked(records) == [0]


async def test_a_range_marks_all_rows_between_in_either_direction() -> None:
    async with running(10).run_test() as pilot:
        records = await press_all(pilot, "j", "j", "j", "j", "v", "k", "k", "v")
        assert marked(records) == [2, 3, 4]


async def test_shift_and_an_arrow_mark_on_the_way() -> None:
    async with running(10).run_test() as pilot:
        assert marked(await press_all(pilot, "shift+down", "shift+down")) == [0, 1, 2]
        assert marked(await press_all(pilot, "G", "shift+up")) == [0, 1, 2, 8, 9]


async def test_all_none_and_invert_work_on_the_rows_shown() -> None:
    async with running(25).run_test() as pilot:
        records = await press_all(pilot, "slash", "1", "enter")
        shown = [index for index in range(25) if "1" in f"{index:07d}"]
        assert list(records.arrangement.order) == shown
        assert marked(await press_all(pilot, "A")) == shown
        assert marked(await press_all(pilot, "asterisk")) == []
        await press_all(pilot, "space")
        assert marked(await press_all(pilot, "asterisk")) == shown[1:]
        assert marked(await press_all(pilot, "U")) == []


async def test_all_of_a_million_are_marked_and_inverted() -> None:
    async with running(1_000_000).run_test() as pilot:
        records = await press_all(pilot, "A")
        assert records.marks.count == 1_000_000
        await press_all(pilot, "space", "asterisk")
        assert marked(records) == [0]


async def test_a_filter_narrows_as_one_types_and_is_shown_while_it_holds() -> None:
    async with running(120).run_test() as pilot:
        pane = pilot.app.query_one(RecordPane)
        records = await press_all(pilot, "slash", "0", "1", "1")
        assert [records.source.name(i) for i in records.arrangement.order if records.source] == [
            f"file-{index:07d}.jpg" for index in range(120) if "011" in f"{index:07d}"
        ]
        await press_all(pilot, "enter")
        assert records.has_focus
        assert pane.filter_input.display
        assert str(pane.border_title).startswith("Files 11/120")
        await press_all(pilot, "slash", "backspace", "backspace", "backspace", "enter")
        assert records.rows == 120
        assert not pane.filter_input.display


async def test_the_cursor_stays_on_its_record_when_the_list_is_narrowed_and_sorted() -> None:
    async with running(50).run_test() as pilot:
        records = await press_all(pilot, *"j" * 12)
        records.narrow(Query("2"))
        assert records.current == 12
        records.sort_by(Sort("size", descending=True))
        assert records.current == 12


async def test_reversing_the_order_of_a_million_needs_no_sorting() -> None:
    async with running(1_000_000).run_test() as pilot:
        records = await press_all(pilot, "S", "g")
        assert records.current == 999_999


async def test_a_long_list_is_narrowed_beside_the_screen() -> None:
    async with running(5_000).run_test() as pilot:
        records = await press_all(pilot, "slash", "4", "9", "9", "9")
        await until(pilot, lambda: records.rows == 1)
        assert records.current == 4_999


async def test_a_reload_keeps_cursor_marks_and_filter_by_name() -> None:
    async with running(30).run_test() as pilot:
        records = await press_all(pilot, "j", "j", "space", "j")
        records.renew(Numbered(40))
        await pilot.pause()
        assert (records.current, marked(records), records.rows) == (4, [2], 40)


async def test_a_range_begun_outlives_a_reload_but_not_another_order() -> None:
    async with running(30).run_test() as pilot:
        records = await press_all(pilot, "j", "v", "j", "j")
        records.renew(Numbered(40))
        assert records.marks.anchor == 1
        assert marked(await press_all(pilot, "v")) == [1, 2, 3]
        await press_all(pilot, "v", "S")
        assert records.marks.anchor is None


async def test_rows_stay_as_they_are_until_a_long_list_read_anew_is_arranged() -> None:
    app = running(5_000)
    async with app.run_test() as pilot:
        records = app.records
        records.sort_by(Sort("size", descending=True))
        await until(pilot, lambda: not records.arranging)
        await press_all(pilot, "space")
        last = records.current
        assert last is not None
        shorter = Numbered(4_000)
        records.renew(shorter)
        assert records.source is app.source
        assert records.current == last
        assert app.source.name(last) in records.render_line(records.cursor - records.scroll_offset.y).text
        await until(pilot, lambda: records.source is shorter)
        assert records.rows == 4_000
        assert records.marks.count <= 1


async def test_what_was_asked_last_holds_when_a_reload_comes_between() -> None:
    async with running(5_000).run_test() as pilot:
        records = pilot.app.query_one(RecordList)
        records.narrow(Query("4999"))
        records.renew(Numbered(5_000))
        await until(pilot, lambda: not records.arranging)
        assert records.rows == 1


async def test_rows_that_come_after_something_else_was_asked_for_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    app = running(5_000)
    async with app.run_test() as pilot:
        records = app.records
        begun, told = threading.Event(), threading.Event()
        go_on = {"49": threading.Event(), "4999": threading.Event()}
        arranged, post_message = app.source.arranged, records.post_message

        def begin(sort: Sort, query: Query, cancelled: Callable[[], bool]) -> Sequence[int]:
            begun.set()
            go_on[query.text].wait()
            return arranged(sort, query, cancelled)

        def tell(message: Message) -> bool:
            is_taken = post_message(message)
            if threading.current_thread() is not threading.main_thread():
                told.set()
            return is_taken

        monkeypatch.setattr(app.source, "arranged", begin)
        monkeypatch.setattr(records, "post_message", tell)
        records.narrow(Query("49"))
        await until(pilot, begun.is_set)
        go_on["49"].set()
        assert told.wait(PATIENCE_S)  # the loop stands still: what the worker gave lies there until it goes on
        records.narrow(Query("4999"))
        await pilot.pause()
        is_waiting = records.arranging and records.rows == 5_000
        go_on["4999"].set()
        await until(pilot, lambda: not records.arranging)
        assert is_waiting
        assert records.rows == 1


async def test_keys_typed_ahead_of_a_long_list_wait_until_its_rows_are_in_order() -> None:
    async with running(10).run_test() as pilot:
        records = pilot.app.query_one(RecordList)
        records.sort_by(Sort("size", descending=True))
        records.is_there = lambda: bool(records.source) and not (records.arranging and not records.rows)
        records.forget("Reading…")
        await press_all(pilot, "G")
        records.show(Numbered(5_000))
        await until(pilot, lambda: records.rows == 5_000)
        assert records.cursor == 4_999


async def test_another_place_begins_unmarked_unfiltered_and_at_the_top() -> None:
    async with running(30).run_test() as pilot:
        records = await press_all(pilot, "j", "space", "slash", "1", "enter")
        records.show(Numbered(40, name="other-{}.jpg"))
        await pilot.pause()
        assert (records.cursor, records.marks.count, records.rows) == (0, 0, 40)
        assert not pilot.app.query_one(RecordPane).filter_input.display


async def test_where_there_are_no_rows_words_say_why() -> None:
    async with ListApp(Numbered(0)).run_test(size=(40, 12)) as pilot:
        records = pilot.app.query_one(RecordList)
        records.show(Numbered(0), words="Nothing here yet.")
        await pilot.pause()
        lines = "".join(records.render_line(y).text for y in range(records.size.height))
        assert "Nothing here yet." in lines
        await pilot.press("j", "G", "space", "v", "A", "asterisk", "S")
        assert records.current is None


async def test_a_click_puts_the_cursor_there_and_two_choose() -> None:
    app = running(30)
    async with app.run_test(size=(60, 20)) as pilot:
        records = app.records
        await pilot.click(records, offset=(5, 4))
        assert records.cursor == 4
        await pilot.click(records, offset=(5, 7), times=2)
        await pilot.pause()
        assert app.chosen == [7]
