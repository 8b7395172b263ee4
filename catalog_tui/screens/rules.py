"""Asking which copy stays: by one of the usual rules, by those of the settings, or by rules written down."""

from collections.abc import Callable, Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Input, Static

from catalog_tui.core.errors import UsageError
from catalog_tui.core.names import display
from catalog_tui.core.removal.keep_rules import parse_rules
from catalog_tui.core.words import _
from catalog_tui.widgets.dialogs import Choice, ChoiceDialog

WRITE = "write"


def ask_for_rules(screen: Screen[None], words: str, own: Sequence[str], apply: Callable[[str], None]) -> None:
    """Ask, saying in `words` what any rule would do, and `apply` the rules chosen; `own` are those of the settings."""
    choices = [
        Choice("oldest,shortest-path", _("Keep the oldest"), "o"),
        Choice("newest,shortest-path", _("Keep the newest"), "n"),
        Choice("shortest-path", _("Keep the one with the shortest path"), "p"),
        Choice("longest-path", _("Keep the one with the longest path"), "l"),
        Choice("shortest-name,shortest-path", _("Keep the one with the shortest name"), "s"),
        Choice("most-side-files,oldest", _("Keep the one with most side-files"), "f"),
        Choice("largest-folder,oldest", _("Keep the one in the largest folder"), "b"),
        Choice(WRITE, _("Write rules …"), "w"),
    ]
    if own:
        yours = _("Your rules: {rules}").format(rules=display(", ".join(own)))
        choices.insert(0, Choice(",".join(own), yours, "y"))

    def answered(rules: str | None) -> None:
        if rules == WRITE:
            screen.app.push_screen(RuleEditor(words, ", ".join(own)), answered)
        elif rules is not None:
            apply(rules)

    screen.app.push_screen(ChoiceDialog(_("Which copy stays?"), choices, words=words), answered)


class RuleEditor(ModalScreen[str | None]):
    """A line for rules, looked at as they are typed; gives them, or None when it was left by Escape."""

    DEFAULT_CSS = """
    RuleEditor {
        align: center middle;
        & > Vertical {
            width: 90; max-width: 96%; height: auto;
            border: round $border; border-title-color: $text-primary; border-title-style: bold;
            background: $surface; padding: 1 2;
        }
        Static { margin-bottom: 1; }
        #verdict { margin-top: 1; margin-bottom: 0; color: $text-muted; }
    }
    """
    BINDINGS = [("escape", "dismiss(None)")]

    def __init__(self, words: str, rules: str) -> None:
        """`words` say what valid rules would do; the line begins with `rules`."""
        super().__init__()
        self._words = words
        self._rules = rules

    def compose(self) -> ComposeResult:
        """What there is, the line, and what is to be said of it."""
        box = Vertical()
        box.border_title = _("Keep rules, the first that tells decides")
        with box:
            yield Static(
                Content(
                    "newest oldest shortest-path longest-path shortest-name longest-name most-side-files "
                    "largest-folder prefer:SITE/MODEL avoid:SITE prefer:*pattern*"
                )
            )
            yield Input(self._rules, placeholder=", ".join(("prefer:site/model", "oldest")))
            yield Static(id="verdict")

    @on(Input.Changed)
    def look_at_rules(self, event: Input.Changed) -> None:
        """Say what is wrong with the rules, or what they would do."""
        self.query_one("#verdict", Static).update(Content(self._verdict(event.value) or self._words))

    @on(Input.Submitted)
    def give_rules(self, event: Input.Submitted) -> None:
        """Enter; rules that make no sense are not given."""
        if not self._verdict(event.value):
            self.dismiss(event.value)

    def _verdict(self, rules: str) -> str:
        try:
            parsed = parse_rules([rules])
        except UsageError as error:
            return str(error)
        return "" if parsed else _("Write at least one rule.")
