"""The scroll bar of a long list: drawn anew only where its thumb moves, and always at the ends where the list is."""

from tests.widgets.test_record_list import ListApp, Numbered


async def test_a_row_of_a_hundred_thousand_does_not_move_the_bar_but_a_thousand_do() -> None:
    app = ListApp(Numbered(100_000))
    async with app.run_test(size=(60, 20)):
        bar = app.records.vertical_scrollbar
        top = app.records.max_scroll_y // 2 + 100  # not where a step of the bar begins
        app.records.scroll_to(y=top, animate=False, immediate=True)
        before = bar.position
        app.records.scroll_to(y=top + 1, animate=False, immediate=True)
        assert bar.position == before
        app.records.scroll_to(y=top + 1000, animate=False, immediate=True)
        assert before < bar.position <= top + 1000


async def test_the_bar_stands_at_the_ends_with_the_list() -> None:
    for count in (30, 100_000):
        app = ListApp(Numbered(count))
        async with app.run_test(size=(60, 20)):
            last = app.records.max_scroll_y
            app.records.move_to(count - 1)
            assert app.records.vertical_scrollbar.position == last > 0
            app.records.move_to(0)
            assert app.records.vertical_scrollbar.position == 0
