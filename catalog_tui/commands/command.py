"""What a command is, and the key bindings made of commands.

A widget or screen that carries commands out names them and has one `action_…` method for each:

    class RecordList(ScrollView):
        USER_COMMANDS = LIST_COMMANDS
        BINDINGS = bindings(*USER_COMMANDS)

        def action_list_down(self) -> None: ...

(`COMMANDS` is Textual's own name for palette providers, hence `USER_COMMANDS`.) Bindings are class attributes, made
when the module that holds them is imported. So the command line chooses the language first and imports the app after.
"""

import re
from typing import ClassVar

from textual.binding import Binding, BindingType

from catalog_tui.core.words import translated


class Command:
    """One thing a user can ask for; the first line of a subclass's docstring is its help."""

    id: ClassVar[str]
    """`group.verb`, stable: what a user's keymap names; the groups are in `groups.py`."""
    key: ClassVar[str] = ""
    """The keys of the default preset, separated by commas; "" for the palette only."""
    in_footer: ClassVar[bool] = False
    in_palette: ClassVar[bool] = True
    title: ClassVar[str]
    """English; made of the class's name where a subclass gives none."""
    label: ClassVar[str] = ""
    """English, one word for the footer; "" for the title."""
    action: ClassVar[str]
    """The action that carries it out: `list.down` is done by `action_list_down`."""

    def __init_subclass__(cls) -> None:
        """Fill in what follows from the name and the id."""
        if "title" not in cls.__dict__:
            first, *others = re.findall("[A-Z][a-z]*", cls.__name__)
            cls.title = " ".join([first, *(word.lower() for word in others)])
        if "action" not in cls.__dict__:
            cls.action = cls.id.replace(".", "_")

    @classmethod
    def shown_title(cls) -> str:
        """The title in the reader's language."""
        return translated(cls.title)

    @classmethod
    def shown_label(cls) -> str:
        """The footer's label in the reader's language."""
        return translated(cls.label or cls.title)

    @classmethod
    def shown_help(cls) -> str:
        """One line on what it does, in the reader's language."""
        return translated(cls.help_text())

    @classmethod
    def help_text(cls) -> str:
        """The English help: the docstring's first line ("" under `python -OO`, which strips docstrings)."""
        return (cls.__doc__ or "").partition("\n")[0]


def bindings(*commands: type[Command]) -> list[BindingType]:
    """Textual's bindings for `commands`, in the language in force now; those without a key have none."""
    return [
        Binding(
            command.key,
            command.action,
            command.shown_label(),
            show=command.in_footer,
            tooltip=command.shown_help(),
            id=command.id,
        )
        for command in commands
        if command.key
    ]
