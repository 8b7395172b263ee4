"""What rules would do, counted while one looks at them."""

from collections.abc import Callable, Iterator
from time import monotonic

from textual import work
from textual.content import Content
from textual.message import Message
from textual.widgets import Static
from textual.worker import get_current_worker

from catalog_tui.core.errors import CatalogError, UsageError
from catalog_tui.core.removal.keep_rules import KeepRule, parse_rules
from catalog_tui.core.review import Weighing
from catalog_tui.core.units import format_count, format_size
from catalog_tui.core.words import _, ngettext

COUNT_EVERY_S = 0.1
"""How often the count is shown while it goes on."""

Weigh = Callable[[tuple[KeepRule, ...]], Iterator[Weighing]]
"""Counts what rules would do: a sum after each group. Called in a thread."""


class Verdict(Static):
    """Says of rules what is wrong with them, or what they would do."""

    class Counted(Message):
        """So much would be done by the rules, as far as was counted."""

        def __init__(self, rules: str, weighing: Weighing, *, last: bool) -> None:
            super().__init__()
            self.rules = rules
            self.weighing = weighing
            self.last = last

    class Failed(Message):
        """The groups could not be read."""

        def __init__(self, rules: str, words: str) -> None:
            super().__init__()
            self.rules = rules
            self.words = words

    def __init__(self, weigh: Weigh) -> None:
        super().__init__(id="verdict")
        self._weigh = weigh
        self._rules = ""

    def say_of(self, rules: str) -> None:
        """Say what is wrong with `rules`, or begin to count what they would do."""
        self._rules = rules
        self.workers.cancel_group(self, "weigh")
        try:
            parsed = parse_rules([rules])
        except UsageError as error:
            self._say(str(error))
            return
        if parsed:
            self._count(rules, parsed)
        else:
            self._say(_("Write at least one rule."))

    def say_nothing(self) -> None:
        """Stop counting."""
        self.workers.cancel_group(self, "weigh")
        self._rules = ""
        self._say("")

    @work(thread=True, exclusive=True, group="weigh", exit_on_error=False)
    def _count(self, rules: str, parsed: tuple[KeepRule, ...]) -> None:
        worker = get_current_worker()
        weighing = Weighing()
        shown_s = monotonic()
        try:
            for weighing in self._weigh(parsed):
                if worker.is_cancelled:
                    return
                if monotonic() - shown_s > COUNT_EVERY_S:
                    shown_s = monotonic()
                    self.post_message(self.Counted(rules, weighing, last=False))
        except CatalogError as error:
            self.post_message(self.Failed(rules, str(error)))
        else:
            self.post_message(self.Counted(rules, weighing, last=True))

    def on_verdict_counted(self, message: Counted) -> None:
        """Say how much it is so far, unless other rules are looked at by now."""
        message.stop()
        if message.rules == self._rules:
            self._say(_in_words(message.weighing) + ("" if message.last else " …"))

    def on_verdict_failed(self, message: Failed) -> None:
        """Say why it cannot be told."""
        message.stop()
        if message.rules == self._rules:
            self._say(message.words)

    def _say(self, words: str) -> None:
        self.update(Content(words))


def _in_words(weighing: Weighing) -> str:
    count = format_count
    files = ngettext("{count} file would go", "{count} files would go", weighing.files)
    groups = ngettext("of {count} group", "of {count} groups", weighing.groups)
    frees = _("purging frees {size}").format(size=format_size(weighing.bytes))
    words = [f"{files.format(count=count(weighing.files))} {groups.format(count=count(weighing.groups))}", frees]
    if weighing.by_path:
        tied = ngettext("in {count} group the path decides", "in {count} groups the path decides", weighing.by_path)
        words.append(tied.format(count=count(weighing.by_path)))
    if weighing.whole:
        whole = ngettext("{count} group stays whole", "{count} groups stay whole", weighing.whole)
        words.append(whole.format(count=count(weighing.whole)))
    return " · ".join(words)
