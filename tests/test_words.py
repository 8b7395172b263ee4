"""Everything said is said in every language, and the checks that see to it would see if it were not."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from catalog_tui.commands import all_commands
from catalog_tui.core.words import LANGUAGES, LOCALE_DIR, _, choose_language, language, ngettext, reason_of, translated
from scripts import keys, words
from tests.waiting import PATIENCE_S


def test_nothing_is_amiss_with_the_catalogues() -> None:
    assert words.complaints() == []


def test_the_page_of_keys_is_current() -> None:
    assert keys.PAGE.read_text("utf-8") == keys.page()


def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> words.Source:
    monkeypatch.setattr(words, "PACKAGE", tmp_path / "package")
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "x.py").write_text(text)
    return words.Source(tmp_path / "package" / "x.py")


def test_texts_are_found_with_their_plurals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = source(tmp_path, monkeypatch, 'x = _("one " "text")\ny = ngettext("a file", "{n} files", 3)\n')
    assert [(text.one, text.many) for text in file.texts()] == [("one text", ""), ("a file", "{n} files")]


@pytest.mark.parametrize(
    "code", ["_(name)", '_(f"{name} gone")', '_("a" + b)', '_("x".format())', "ngettext(one, many, 2)"]
)
def test_a_text_that_no_catalogue_can_know_is_found(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(list(source(tmp_path, monkeypatch, code).unknowable())) == 1


@pytest.mark.parametrize(
    "code",
    [
        'self.notify("It failed")',
        'print(f"{count} files")',
        'Static("Nothing here")',
        'Label("Gone: " + name)',
        'yield_(Button("Yes" if sure else "No"))',
        'Input(placeholder="type here")',
        'pane.border_title = "Sites"',
        'raise ArchiveError("cannot be read")',
        'raise OurError(f"{name} is gone")',
        'parser.add_argument("--x", help="an x")',
    ],
)
def test_a_text_that_goes_past_the_catalogue_is_found(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    errors = frozenset({"ArchiveError", "OurError"})
    assert len(list(source(tmp_path, monkeypatch, code).unspoken(errors))) >= 1


@pytest.mark.parametrize(
    "code",
    [
        'self.notify(_("It failed"))',
        'print(f"{PROGRAM}: {error}")',
        'print(f"catalog-tui: {error}")',
        'Static("", id="details")',
        'Label("…")',
        'raise ValueError("for programmers")',
        'label.add_class("-empty")',
    ],
)
def test_what_is_said_rightly_is_let_be(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(source(tmp_path, monkeypatch, code).unspoken(frozenset({"ArchiveError"}))) == []


def test_errors_shown_to_people_are_known_by_descent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = source(tmp_path, monkeypatch, "class C(B): ...\nclass B(CatalogError): ...\nclass D(ValueError): ...\n")
    assert words.shown_errors([file]) == {"CatalogError", "B", "C"}


@pytest.mark.parametrize(
    ("text", "translation", "complaint"),
    [
        ("{count} files", "{count} arquivos", None),
        ("{count} files", "", "not translated"),
        ("{count} files", "{conta} arquivos", "other placeholders"),
        ("{count} files", "arquivos", "other placeholders"),
        ("%(prog)s: error", "%(prog)s: erro", None),
        ("%(prog)s: error", "erro", "other placeholders"),
        ("usage: ", "uso:", "other placeholders or edges"),
        ("a {b", "um {b", "other placeholders"),
    ],
)
def test_a_translation_must_fit_its_text(text: str, translation: str, complaint: str | None) -> None:
    catalog = Catalog("pt_BR")
    catalog.add(text, translation)
    found = list(words.check_catalog(catalog))
    assert [complaint in line for line in found] == [True] if complaint else found == []


def test_an_unsure_translation_does_not_pass() -> None:
    catalog = Catalog("pt_BR")
    catalog.add("file", "arquivo", flags=["fuzzy"])
    assert [line for line in words.check_catalog(catalog) if "unsure" in line]


def test_every_plural_form_is_needed() -> None:
    catalog = Catalog("pt_BR")
    catalog.add(("{n} file", "{n} files"), ("{n} arquivo", ""))
    assert [line for line in words.check_catalog(catalog) if "not translated" in line]


def test_the_script_says_by_its_exit_code_whether_all_is_well() -> None:
    script = Path(words.__file__)
    finished = subprocess.run([sys.executable, script, "--check"], capture_output=True, check=False, timeout=PATIENCE_S)
    assert (finished.returncode, finished.stderr) == (0, b"")


@pytest.mark.parametrize(
    ("environ", "chosen"),
    [
        ({"LANG": "pt_BR.UTF-8"}, "pt_BR"),
        ({"LANG": "pt_PT.UTF-8"}, "pt_BR"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "C"}, "en"),
        ({"LC_ALL": "pt_BR.UTF-8", "LANG": "en_US.UTF-8"}, "pt_BR"),
        ({"LANGUAGE": "de:pt_BR:en", "LANG": "en_US.UTF-8"}, "pt_BR"),
        ({}, "en"),
    ],
)
def test_the_language_follows_the_locale(environ: dict[str, str], chosen: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(variable, raising=False)
    for variable, value in environ.items():
        monkeypatch.setenv(variable, value)
    assert choose_language() == chosen
    assert language() == chosen


def test_portuguese_is_spoken_when_asked_for() -> None:
    choose_language("pt_BR")
    assert _("yes") == "sim"
    assert ngettext("{count} day ago", "{count} days ago", 1) == "há {count} dia"
    assert ngettext("{count} day ago", "{count} days ago", 2) == "há {count} dias"
    assert translated("") == ""
    assert {command.shown_title() for command in all_commands()}.isdisjoint({"Quit", "Sort", "Filter"})


def test_the_system_s_reasons_are_translated_where_they_are_known() -> None:
    choose_language("pt_BR")
    assert reason_of(PermissionError(13, "Permission denied")) == "Permissão negada"
    assert reason_of(OSError(9999, "Something rare")) == "Something rare"
    assert reason_of(OSError("no number")) == "no number"
    assert reason_of(OSError()) == "OSError"


def test_each_language_has_its_compiled_catalogue() -> None:
    for code in LANGUAGES:
        assert code == "en" or (Path(LOCALE_DIR) / code / "LC_MESSAGES" / "catalog_tui.mo").exists()


def test_argparse_speaks_portuguese_too() -> None:
    command = [sys.executable, "-m", "catalog_tui", "cache", "--language", "pt_BR"]
    finished = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=PATIENCE_S)
    assert finished.returncode == 2
    assert re.match("uso: catalog-tui cache", finished.stderr)
    assert "catalog-tui cache: erro: os seguintes argumentos são obrigatórios: " in finished.stderr
