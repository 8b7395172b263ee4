"""Asking which copy stays: by one of the usual rules, by those of the settings, or by rules written down."""

from collections.abc import Callable, Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Input, OptionList, Static

from catalog_tui.core.errors import CatalogError, UsageError
from catalog_tui.core.names import display
from catalog_tui.core.removal.keep_rules import DEFAULT_RULES, parse_rules
from catalog_tui.core.words import _
from catalog_tui.widgets.dialogs import Choice, ChoiceDialog
from catalog_tui.widgets.verdict import Verdict, Weigh

WRITE = "write"

SaveRules = Callable[[tuple[str, ...]], None]
"""Keeps rules in the settings; CatalogError where that cannot be done."""


def ask_for_rules(
    screen: Screen[None], own: Sequence[str], *, weigh: Weigh, save: SaveRules, apply: Callable[[str], None]
) -> None:
    """Ask, saying of each rule what it would do, and `apply` those chosen; `own` are those of the settings."""

    def answered(rules: str | None) -> None:
        if rules == WRITE:
            screen.app.push_screen(RuleEditor(", ".join(own or DEFAULT_RULES), weigh, save), answered)
        elif rules is not None:
            apply(rules)

    screen.app.push_screen(RuleDialog(own, weigh), answered)


class RuleDialog(ChoiceDialog):
    """The usual rules, those of the settings first, and under them what the one looked at would do."""

    DEFAULT_CSS = """
    RuleDialog {
        & > Vertical { width: 76; }
        #verdict { margin: 1 0 0 0; height: 2; color: $text-muted; }
    }
    """

    def __init__(self, own: Sequence[str], weigh: Weigh) -> None:
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
        self._verdict = Verdict(weigh)
        super().__init__(_("Which copy stays?"), choices, below=[self._verdict])

    @on(OptionList.OptionHighlighted)
    def weigh_rules(self, event: OptionList.OptionHighlighted) -> None:
        """Count what the rules stood on would do."""
        if event.option_id is None or event.option_id == WRITE:
            self._verdict.say_nothing()
        else:
            self._verdict.say_of(event.option_id)


class RuleEditor(ModalScreen[str | None]):
    """A line for rules, looked at as they are typed; gives them, or None when it was left by Escape."""

    DEFAULT_CSS = """
    RuleEditor {
        align: center middle;
        & > Vertical {
            width: 90; max-width: 96%; height: auto;
            border: round $border; border-title-color: $text-primary; border-title-style: bold;
            border-subtitle-color: $text-muted;
            background: $surface; padding: 1 2;
        }
        #rule-names { margin-bottom: 1; color: $text-muted; }
        #verdict { margin-top: 1; height: 2; }
    }
    """
    BINDINGS = [("escape", "dismiss(None)"), ("ctrl+s", "save")]

    def __init__(self, rules: str, weigh: Weigh, save: SaveRules) -> None:
        """The line begins with `rules`."""
        super().__init__()
        self._rules = rules
        self._verdict = Verdict(weigh)
        self._save = save

    def compose(self) -> ComposeResult:
        """What there is, the line, and what is to be said of it."""
        box = Vertical()
        box.border_title = _("Keep rules, the first that tells decides")
        box.border_subtitle = _("Enter chooses by them · ctrl+s makes them yours, for the next time too")
        with box:
            yield Static(
                Content(
                    "newest oldest shortest-path longest-path shortest-name longest-name most-side-files "
                    "largest-folder prefer:SITE/MODEL avoid:SITE prefer:*pattern*"
                ),
                id="rule-names",
            )
            yield Input(self._rules, placeholder=", ".join(("prefer:site/model", "oldest")))
            yield self._verdict

    @on(Input.Changed)
    def look_at_rules(self, event: Input.Changed) -> None:
        """Say what is wrong with the rules, or what they would do."""
        self._verdict.say_of(event.value)

    @on(Input.Submitted)
    def give_rules(self, event: Input.Submitted) -> None:
        """Enter; rules that make no sense are not given."""
        if _parsed(event.value):
            self.dismiss(event.value)

    def action_save(self) -> None:
        """Keep the rules in the settings."""
        if rules := _parsed(self.query_one(Input).value):
            try:
                self._save(rules)
            except CatalogError as error:
                self.notify(str(error), severity="error", markup=False)
            else:
                self.notify(_("These are your rules now."), markup=False)


def _parsed(rules: str) -> tuple[str, ...]:
    """The rules one by one; () where they make no sense, which the verdict says."""
    try:
        return tuple(rule.text for rule in parse_rules([rules]))
    except UsageError:
        return ()
