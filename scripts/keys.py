"""Writes docs/keys.md from the command declarations: `python scripts/keys.py`; `--check` says whether it is current."""

import argparse
import string
import sys
from collections.abc import Iterator
from pathlib import Path

from textual.keys import format_key

from catalog_tui.commands import COMMAND_GROUPS, Command
from catalog_tui.commands.keymap import PRESETS

PAGE = Path(__file__).resolve().parent.parent / "docs" / "keys.md"

HEAD = """\
# Keys

Made from `catalog_tui/commands` by `scripts/keys.py`: change it there. Every command but plain moving is also in the
palette (ctrl+p), and `?` shows those that answer where the cursor is.

The preset `vim` (`key_preset = "vim"` in `config.toml`) has further keys, shown in its column. Any command can be given
other keys by its id; `""` takes its keys away, and a key given to one command is taken from another that answers at the
same time:

```toml
key_preset = "vim"

[keys]
"list.down" = "down,n"
"media.open" = ["o", "ctrl+o"]
"list.invert_marks" = ""
```

`catalog-tui doctor` says what is wrong with `config.toml`, and where.
"""


def page() -> str:
    """What docs/keys.md should hold."""
    return "\n".join([HEAD, *_sections()])


def _sections() -> Iterator[str]:
    for heading, commands in COMMAND_GROUPS.values():
        yield f"## {heading}\n"
        yield "| command | keys | in `vim` | id | what it does |"
        yield "| --- | --- | --- | --- | --- |"
        for command in commands:
            keys = f"{_keys(command.key)} | {_vim_keys(command)}"
            yield f"| {command.title} | {keys} | `{command.id}` | {command.help_text()} |"
        yield ""


def _vim_keys(command: type[Command]) -> str:
    known = command.key.split(",")
    further = [key for key in PRESETS["vim"].get(command.id, "").split(",") if key not in known]
    return _keys(",".join(further))


def _keys(keys: str) -> str:
    """Keys as written on a keyboard, each in a code span."""
    return " ".join(f"`{_shown(key)}`" for key in keys.split(",") if key)


def _shown(key: str) -> str:
    sign = format_key(key)
    return sign if sign in string.punctuation else key  # "/" and not "slash", but "down" and not an arrow


def main() -> int:
    """Write the page, or check it; gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if the page is out of date")
    if parser.parse_args().check:
        if PAGE.read_text("utf-8") == page():
            return 0
        print("docs/keys.md is out of date: run scripts/keys.py", file=sys.stderr)
        return 1
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
