"""Keys that arrive in one packet, as they do over a slow line, do what they would do one by one."""

from pathlib import Path

from textual import events

from tests.screens.driving import Driver, browsing


def send_at_once(user: Driver, keys: str) -> None:
    """All keys before any of them is looked at."""
    for key in keys:
        name = {"/": "slash", "\r": "enter"}.get(key, key)
        user.app.post_message(events.Key(name, None if key == "\r" else key))


async def test_through_the_panes_and_on_there(known: Path) -> None:
    async with browsing(known) as user:
        send_at_once(user, "jlljj")
        await user.until(lambda: user.focused == "media" and user.at(user.browser.sites) == "boards")
        await user.settle()
        send_at_once(user, "hhkll")
        await user.until(lambda: user.at(user.browser.sites) == "artsite" and user.focused == "media")


async def test_a_filter_typed_in_one_go_reaches_the_line_and_nothing_else(known: Path) -> None:
    async with browsing(known) as user:
        send_at_once(user, "/rq\r")
        pane = user.browser.sites
        await user.until(lambda: pane.filter_input.value == "rq" and pane.records.has_focus)
        assert user.app.is_running
        send_at_once(user, "/s")
        await user.until(lambda: pane.filter_input.value == "rqs")
