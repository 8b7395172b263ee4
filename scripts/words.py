"""Keeps the catalogues in step with the source: `python scripts/words.py` updates them, `--check` says what is amiss.

Amiss is: a text without a translation, a translation with other placeholders, a catalogue older than the source, a
`_()` that no catalogue can know because its text is no literal, and a text for people that does not go through `_()`.
"""

import argparse
import ast
import io
import re
import string
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from catalog_tui.commands import COMMAND_GROUPS, all_commands
from catalog_tui.core.words import DOMAIN, LANGUAGES, LOCALE_DIR

PROGRAM = "catalog-tui"
LOCALES = Path(LOCALE_DIR)
PACKAGE = LOCALES.parent
TEMPLATE = LOCALES / f"{DOMAIN}.pot"
NEVER = datetime(2026, 1, 1, tzinfo=UTC)  # in the headers: the same source gives the same bytes on every day

ARGPARSE = (
    "usage: ",
    "positional arguments",
    "options",
    "show this help message and exit",
    "%(prog)s: error: %(message)s\n",
    "argument %(argument_name)s: %(message)s",
    "the following arguments are required: %s",
    "unrecognized arguments: %s",
    "expected one argument",
    "expected at least one argument",
    "ignored explicit argument %r",
    "invalid %(type)s value: %(value)r",
    "invalid choice: %(value)r (choose from %(choices)s)",
    "not allowed with argument %s",
)
"""What Python's argparse says for us, through the same catalogue."""

SYSTEM = (
    "Operation not permitted",
    "No such file or directory",
    "Input/output error",
    "Permission denied",
    "Device or resource busy",
    "File exists",
    "Not a directory",
    "Is a directory",
    "Invalid argument",
    "Too many open files",
    "File too large",
    "No space left on device",
    "Read-only file system",
    "File name too long",
    "Directory not empty",
    "Too many levels of symbolic links",
    "Stale file handle",
    "Disk quota exceeded",
    "Transport endpoint is not connected",
)
"""Why systems usually refuse: what `reason_of` translates."""

SHOWN_BY_CALL = frozenset(
    {
        "notify",
        "update",
        "Segment",
        "from_markup",
        "Static",
        "Label",
        "Button",
        "Option",
        "Tooltip",
        "Checkbox",
        "exit",
        "Complaint",
        "Notice",
    }
)
SHOWN_BY_NAME = frozenset(
    {"border_title", "border_subtitle", "placeholder", "tooltip", "sub_title", "title", "label", "help", "message"}
)
WORD = re.compile(r"[^\W\d_]{2,}")


class Text(NamedTuple):
    """A text to translate, and its plural if it has one. (Not where it is from: moving it should change nothing.)"""

    one: str
    many: str = ""


class Source:
    """One file of the program, read for its texts."""

    def __init__(self, path: Path) -> None:
        self.file = path.relative_to(PACKAGE.parent).as_posix()
        self.tree = ast.parse(path.read_text("utf-8"), path.name)

    def texts(self) -> Iterator[Text]:
        """What goes through `_` and `ngettext`."""
        for call in self._calls("_"):
            for text in _literals(call, 1):
                yield Text(text)
        for call in self._calls("ngettext"):
            match _literals(call, 2):
                case [one, many]:
                    yield Text(one, many)

    def unknowable(self) -> Iterator[str]:
        """Complaints about texts that are made as the program runs."""
        for name, count in (("_", 1), ("ngettext", 2)):
            for call in self._calls(name):
                if not _literals(call, count):
                    yield f"{self.file}:{call.lineno}: {name}() needs a literal text"

    def unspoken(self, errors: frozenset[str]) -> Iterator[str]:
        """Complaints about texts that people see and no catalogue does; `errors` are the classes shown to people."""
        for node in ast.walk(self.tree):
            for shown in _shown_by(node, errors):
                for text in _words_in(shown):
                    yield f"{self.file}:{shown.lineno}: not translated: {text!r}"

    def classes(self) -> Iterator[tuple[str, list[str]]]:
        """Every class of the file with the names of its bases."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ClassDef):
                yield node.name, [base.id for base in node.bases if isinstance(base, ast.Name)]

    def _calls(self, name: str) -> Iterator[ast.Call]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                yield node


def _literals(call: ast.Call, count: int) -> list[str]:
    """The first `count` arguments of a call, if they are literal texts; else nothing."""
    values = [arg.value for arg in call.args[:count] if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    return values if len(values) == count else []


def _shown_by(node: ast.AST, errors: frozenset[str]) -> Iterator[ast.expr]:
    """The expressions that a node puts before people's eyes."""
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name == "print":
            yield from node.args
        elif name in SHOWN_BY_CALL or name in errors:
            yield from node.args[:1]  # what follows are ids, severities, places
        yield from (keyword.value for keyword in node.keywords if keyword.arg in SHOWN_BY_NAME)
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Attribute) and target.attr in SHOWN_BY_NAME:
                yield node.value


def _words_in(expression: ast.expr) -> Iterator[str]:
    """The literal words that an expression shows: its text, the fixed parts of an f-string, of a sum, of a choice."""
    match expression:
        case ast.Constant(value=str(text)) if WORD.search(text.replace(PROGRAM, "")):
            yield text
        case ast.JoinedStr(values=parts):
            for part in parts:
                yield from _words_in(part)
        case ast.BinOp(left=left, right=right):
            yield from _words_in(left)
            yield from _words_in(right)
        case ast.IfExp(body=body, orelse=orelse):
            yield from _words_in(body)
            yield from _words_in(orelse)


def sources() -> list[Source]:
    """Every file of the program."""
    return [Source(path) for path in sorted(PACKAGE.rglob("*.py"))]


def shown_errors(files: list[Source]) -> frozenset[str]:
    """CatalogError and all that derives from it: their texts are shown to people as they are."""
    found = {"CatalogError"}
    classes = [pair for file in files for pair in file.classes()]
    for _round in classes:  # as deep as it may go
        found |= {name for name, bases in classes if found & set(bases)}
    return frozenset(found)


def make_template(files: list[Source]) -> Catalog:
    """All texts of the program, untranslated."""
    texts = [text for file in files for text in file.texts()]
    texts += [Text(text) for text in ARGPARSE]
    texts += [Text(text) for text in SYSTEM]
    for heading, _commands in COMMAND_GROUPS.values():
        texts.append(Text(heading))
    for command in all_commands():
        said = (command.title, command.label, command.help_text())
        texts += [Text(text) for text in said if text]
    catalog = _empty("# What catalog-tui says.")
    for text in sorted(set(texts)):
        catalog.add((text.one, text.many) if text.many else text.one)
    return catalog


def _empty(header: str, language: str | None = None) -> Catalog:
    return Catalog(
        language,
        header_comment=header,
        project=PROGRAM,
        version="current",
        msgid_bugs_address=" ",
        last_translator=" ",
        language_team=" ",
        creation_date=NEVER,
        revision_date=NEVER,
        fuzzy=False,
    )


def updated(language: str, template: Catalog) -> Catalog:
    """The catalogue of `language` with the texts of now: new ones empty, those gone left out."""
    path = _catalogue(language, ".po")
    header = f"# What catalog-tui says, in {language}."
    old = read_po(io.BytesIO(path.read_bytes()), locale=language) if path.exists() else Catalog(locale=language)
    new = _empty(header, language)
    for message in template:
        if message.id:
            known = old.get(message.id) or old.get(message.id[0] if isinstance(message.id, tuple) else message.id)
            said = known.string if known and isinstance(known.string, tuple) == isinstance(message.id, tuple) else None
            new.add(message.id, said, flags=known.flags if known else ())
    return new


def check_catalog(catalog: Catalog) -> Iterator[str]:
    """Complaints about translations that are missing, unsure or do not fit."""
    for message in catalog:
        if not message.id:
            continue
        originals, said = _forms(message.id), _forms(message.string)
        if not all(said):
            yield f"{catalog.locale}: not translated: {originals[0]!r}"
        elif message.fuzzy:
            yield f"{catalog.locale}: marked as unsure: {originals[0]!r}"
        else:
            fitting = _fillings(originals[-1]), _edges(originals[-1])
            if any((_fillings(text), _edges(text)) != fitting for text in said):
                yield f"{catalog.locale}: other placeholders or edges: {originals[0]!r}"


def _forms(text: str | Sequence[str] | None) -> Sequence[str]:
    """A message's singular and plurals; of one that is not counted, itself."""
    return (text or "",) if isinstance(text, str | None) else text


def _fillings(text: str) -> list[str]:
    """The placeholders of a text, sorted: `{name}` and `%(name)s`."""
    try:
        braces = [name for _text, name, _format, _conversion in string.Formatter().parse(text) if name is not None]
    except ValueError:
        return [text]  # a lone brace: fits nothing but itself
    return sorted(braces + re.findall(r"%\(\w+\)\w|%[sdr]", text))


def _edges(text: str) -> tuple[str, str]:
    """The white space at both ends."""
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def generated(files: list[Source]) -> tuple[dict[Path, bytes], list[Catalog]]:
    """What each generated file should hold, and the catalogues."""
    template = make_template(files)
    catalogs = [updated(language, template) for language in LANGUAGES if language != "en"]
    contents = {TEMPLATE: _written(write_po, template)}
    for catalog in catalogs:
        contents[_catalogue(str(catalog.locale), ".po")] = _written(write_po, catalog)
        contents[_catalogue(str(catalog.locale), ".mo")] = _written(write_mo, catalog)
    return contents, catalogs


def _written(write: Callable[..., None], catalog: Catalog) -> bytes:
    stream = io.BytesIO()
    write(stream, catalog)
    return stream.getvalue()


def complaints() -> list[str]:
    """Everything that is amiss."""
    files = sources()
    contents, catalogs = generated(files)
    errors = shown_errors(files)
    found = [line for file in files for line in (*file.unknowable(), *file.unspoken(errors))]
    found += [line for catalog in catalogs for line in check_catalog(catalog)]
    stale = [path for path, content in contents.items() if not path.exists() or path.read_bytes() != content]
    return found + [f"{path.relative_to(PACKAGE.parent)}: out of date; run scripts/words.py" for path in stale]


def _catalogue(language: str, suffix: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / f"{DOMAIN}{suffix}"


def main() -> int:
    """Update the files, or check them; gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if something is amiss")
    if not parser.parse_args().check:
        for path, content in generated(sources())[0].items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    found = complaints()
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
