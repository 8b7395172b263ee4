"""Small windows that ask one thing and give back a typed answer."""

from collections.abc import Sequence
from typing import NamedTuple

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option


class Choice(NamedTuple):
    """One answer that can be given."""

    id: str
    label: str
    key: str
    """A letter that gives this answer at once."""


class ChoiceDialog(ModalScreen[str | None]):
    """A question with a few answers; gives the chosen one's id, or None when it was left by Escape."""

    DEFAULT_CSS = """
    ChoiceDialog {
        align: center middle;
        & > Vertical {
            width: auto; min-width: 24; max-width: 90%; height: auto; max-height: 90%;
            border: round $border; border-title-color: $text-primary; border-title-style: bold;
            background: $surface; padding: 1 2;
        }
        Static { width: auto; max-width: 70; margin-bottom: 1; }
        OptionList { width: auto; min-width: 20; height: auto; border: none; background: transparent; padding: 0;
            &:focus { border: none; background-tint: transparent; }
        }
    }
    """

    def __init__(
        self,
        title: str,
        choices: Sequence[Choice],
        *,
        words: str = "",
        highlighted: str = "",
        below: Sequence[Widget] = (),
    ) -> None:
        """`words` stand above the answers, the widgets `below` under them."""
        super().__init__()
        self._below = below
        self._title = title
        self._choices = tuple(choices)
        self._words = words
        self._highlighted = highlighted

    def compose(self) -> ComposeResult:
        """The question, then the answers one under the other."""
        box = Vertical()
        box.border_title = self._title
        with box:
            if self._words:
                yield Static(Content(self._words))
            yield OptionList(
                *(Option(Content(f"{choice.key}  {choice.label}"), id=choice.id) for choice in self._choices)
            )
            yield from self._below

    def on_mount(self) -> None:
        """Stand on the answer that is in force, or on the first."""
        ids = [choice.id for choice in self._choices]
        self.query_one(OptionList).highlighted = ids.index(self._highlighted) if self._highlighted in ids else 0

    @on(OptionList.OptionSelected)
    def give_answer(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click."""
        self.dismiss(event.option_id)

    def on_key(self, event: events.Key) -> None:
        """A letter answers at once; j and k move; Escape and q leave it open."""
        answers = self.query_one(OptionList)
        chosen = next((choice.id for choice in self._choices if choice.key == event.character), None)
        if chosen is not None:
            self.dismiss(chosen)
        elif event.key in ("escape", "q", "h", "left"):
            self.dismiss(None)
        elif event.key == "j":
            answers.action_cursor_down()
        elif event.key == "k":
            answers.action_cursor_up()
        elif event.key in ("l", "right"):
            answers.action_select()
        else:
            return
        event.stop()
        event.prevent_default()


class TypedNameDialog(ModalScreen[bool]):
    """Asks for a name to be typed, as a question that no habit answers; gives whether it was typed."""

    DEFAULT_CSS = """
    TypedNameDialog {
        align: center middle;
        & > Vertical {
            width: 70; max-width: 90%; height: auto;
            border: round $border; border-title-color: $text-primary; border-title-style: bold;
            background: $surface; padding: 1 2;
        }
        Static { margin-bottom: 1; }
    }
    """

    def __init__(self, title: str, words: str, name: str) -> None:
        """`name` is to be typed as it is shown."""
        super().__init__()
        self._title = title
        self._words = words
        self._wanted = name

    def compose(self) -> ComposeResult:
        """The question, and the line for the answer."""
        box = Vertical()
        box.border_title = self._title
        with box:
            yield Static(Content(self._words))
            yield Input(placeholder=self._wanted)

    @on(Input.Submitted)
    def give_answer(self, event: Input.Submitted) -> None:
        """Enter; another name than the one asked for is a no."""
        self.dismiss(event.value == self._wanted)

    def on_key(self, event: events.Key) -> None:
        """Escape leaves it."""
        if event.key == "escape":
            event.stop()
            self.dismiss(False)
