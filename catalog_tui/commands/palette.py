"""The command palette's entries: the commands that answer now, with the key that also gives each."""

from collections.abc import Awaitable, Callable, Iterator
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from catalog_tui.commands.active import ActiveCommand, active_commands


class CommandsProvider(Provider):
    """Give the app this as its one palette source: `COMMANDS = {CommandsProvider}`."""

    async def discover(self) -> Hits:
        """Every command that answers now, before anything is typed."""
        for item in self._entries():
            title = item.command.shown_title()
            shown = _with_keys(Content(title), item)
            yield DiscoveryHit(shown, self._run(item), text=title, help=item.command.shown_help())

    async def search(self, query: str) -> Hits:
        """The commands whose title matches `query`, best first."""
        matcher = self.matcher(query)
        for item in self._entries():
            title = item.command.shown_title()
            if (score := matcher.match(title)) > 0:
                shown = _with_keys(matcher.highlight(title), item)
                yield Hit(score, shown, self._run(item), text=title, help=item.command.shown_help())

    def _entries(self) -> Iterator[ActiveCommand]:
        return (item for item in active_commands(self.screen) if item.command.in_palette)

    def _run(self, item: ActiveCommand) -> Callable[[], Awaitable[bool]]:
        return partial(self.app.run_action, item.command.action, item.node)


def _with_keys(title: Content, item: ActiveCommand) -> Content:
    return Content.assemble(title, "  ", (item.keys, "dim")) if item.keys else title
