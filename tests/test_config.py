"""Settings: where they come from, and that nothing wrong with them stops the program."""

import os
import tomllib
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog_tui.config import CacheSettings, KeyChoice, Settings, load_settings
from catalog_tui.core import places
from catalog_tui.core.complaints import Complaint
from catalog_tui.core.errors import UsageError


def write_config(text: str | bytes) -> Path:
    file = places.config_dir() / "config.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def load(environ: dict[str, str] | None = None, **flags: object) -> tuple[Settings, list[Complaint]]:
    return load_settings(file=None, environ=environ or {}, flags=flags)


def complaints_of(text: str | bytes) -> list[str]:
    file = write_config(text)
    return [str(complaint).replace(str(file), "FILE") for complaint in load()[1]]


def test_without_any_source_the_defaults_hold() -> None:
    assert load() == (Settings(), [])


def test_every_setting_can_be_said_in_the_file() -> None:
    file = write_config(
        """
        archive = "~/Pictures"
        theme = "nord"
        language = "pt_BR"
        follow_links = true
        show_details = false
        key_preset = "vim"
        [keys]
        "list.down" = "down, n"
        list.up = ["up", "p"]
        "list.mark" = ""
        [depth]
        reddit = 2
        [caches]
        models = 7
        ttl_s = 60
        """
    )
    assert load() == (
        Settings(
            archive=os.path.expanduser("~/Pictures"),
            theme="nord",
            language="pt_BR",
            follow_links=True,
            show_details=False,
            key_preset="vim",
            keys=(
                KeyChoice("list.down", ("down", "n"), f"{file}:9"),
                KeyChoice("list.up", ("up", "p"), f"{file}:10"),
                KeyChoice("list.mark", (), f"{file}:11"),
            ),
            depth={"reddit": 2},
            caches=CacheSettings(models=7, ttl_s=60),
        ),
        [],
    )


def test_environment_beats_file_and_flag_beats_environment() -> None:
    write_config('theme = "nord"\nlanguage = "pt_BR"\nkey_preset = "vim"')
    environ = {"CATALOG_TUI_LANGUAGE": "en", "CATALOG_TUI_KEY_PRESET": "vim"}
    found, complaints = load(environ, key_preset="default")
    assert (found.theme, found.language, found.key_preset, complaints) == ("nord", "en", "default", [])


@pytest.mark.parametrize(("text", "value"), [("1", True), ("yes", True), ("TRUE", True), ("0", False), ("no", False)])
def test_yes_and_no_in_the_environment(text: str, value: bool) -> None:
    assert load({"CATALOG_TUI_FOLLOW_LINKS": text}) == (Settings(follow_links=value), [])


def test_numbers_in_the_environment() -> None:
    assert load({"CATALOG_TUI_CACHES_TTL_S": "1"}) == (Settings(caches=CacheSettings(ttl_s=1)), [])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("site", ("site",)),
        (" site/a , site/b,", ("site/a", "site/b")),
        ('["site, and more"]', ("site, and more",)),
        ("[]", ()),
        ("", ()),
    ],
)
def test_lists_in_the_environment(text: str, value: tuple[str, ...]) -> None:
    assert load({"CATALOG_TUI_PROTECT": text}) == (Settings(protect=value), [])


def test_a_list_in_the_environment_that_is_none_protects_nothing_and_is_said() -> None:
    found, complaints = load({"CATALOG_TUI_PROTECT": '["site', "CATALOG_TUI_KEEP": "newest,best"})
    assert found == Settings()
    assert ["“best” is no keep rule" in str(said) for said in complaints] == [True, False]
    assert str(complaints[1]) == 'CATALOG_TUI_PROTECT: should be a list of folders: ["site/model", "site"]'


def test_wrong_variables_are_named_with_what_was_meant() -> None:
    found, complaints = load({"CATALOG_TUI_LANGAUGE": "en", "CATALOG_TUI_CACHES_MODELS": "many"})
    assert found == Settings()
    assert [str(complaint) for complaint in complaints] == [
        "CATALOG_TUI_CACHES_MODELS: should be a whole number, 1 or more",
        "CATALOG_TUI_LANGAUGE: there is no such setting; did you mean “CATALOG_TUI_LANGUAGE”?",
    ]


def test_variables_that_say_where_the_files_are_are_no_settings() -> None:
    assert load({"CATALOG_TUI_STATE_DIR": "/x", "HOME": "/y"}) == (Settings(), [])


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("key_preset = 'vim'\n\ntheme = ", "FILE:3: is not valid TOML (Invalid value); the defaults are used"),
        ('theme = "a"\ntheme = "b"', "FILE:2: is not valid TOML (Cannot overwrite a value); the defaults are used"),
        (b'theme = "a"\n# caf\xe9', "FILE:2: is not UTF-8 text; the defaults are used"),
        ("\nlangage = 'en'", "FILE:2: there is no setting “langage”; did you mean “language”?"),
        ("[key]", "FILE:1: there is no setting “key”; did you mean “keys”?"),
        ("qqq = 1", "FILE:1: there is no setting “qqq”"),
        ('follow_links = "yes"', "FILE:1: “follow_links” should be true or false"),
        ("key_preset = 'magic'", "FILE:1: “key_preset” should be one of default, vim"),
        ("theme = 3", "FILE:1: “theme” should be a text in quotes"),
        ("archive = 3", "FILE:1: “archive” should be a text in quotes"),
        ("\n[caches]\nmodels = 0", "FILE:3: “caches.models” should be a whole number, 1 or more"),
        ("[caches]\nmodels = true", "FILE:2: “caches.models” should be a whole number, 1 or more"),
        ("[caches]\nttl = 5", "FILE:2: there is no setting “ttl”; did you mean “ttl_s”?"),
        ("caches = 5", "FILE:1: “caches” should be a table: [caches]"),
        ("keys = 5", "FILE:1: “keys” should be a table: [keys]"),
        ("depth = 5", "FILE:1: “depth” should be a table: [depth]"),
        ("[depth]\nx = 1\n'a b' = 'deep'", "FILE:3: “depth.a b” should be a whole number, 1 or more"),
        ("[depth]\nx = true", "FILE:2: “depth.x” should be a whole number, 1 or more"),
        ("[depth]\nx = 0", "FILE:2: “depth.x” should be a whole number, 1 or more"),
        ("[keys]\n\n'list.down' = 5", 'FILE:3: “keys.list.down” should be keys in quotes, such as "down,j"'),
    ],
)
def test_what_is_wrong_in_the_file_is_named_with_its_line(text: str | bytes, complaint: str) -> None:
    assert complaints_of(text) == [complaint]


def test_a_hostile_name_is_complained_of_in_harmless_words() -> None:
    (complaint,) = complaints_of('"\\u001b]0;x" = 1')
    assert complaint.startswith("FILE: there is no setting “")
    assert "\x1b" not in complaint


def test_one_wrong_setting_leaves_the_others_in_force() -> None:
    write_config("theme = 'nord'\nlanguage = 'magic'\n[caches]\nmodels = 'x'\nttl_s = 9")
    found, complaints = load()
    assert found == Settings(theme="nord", caches=CacheSettings(ttl_s=9))
    assert len(complaints) == 2


def test_a_byte_order_mark_is_no_mistake() -> None:
    assert complaints_of(b"\xef\xbb\xbftheme = 'nord'") == []


def test_a_folder_in_the_file_s_place_is_a_complaint() -> None:
    (places.config_dir() / "config.toml").mkdir(parents=True)
    (complaint,) = load()[1]
    assert complaint.text == "cannot be read: Is a directory"


def test_a_file_that_was_asked_for_must_exist(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no settings file"):
        load_settings(file=tmp_path / "none.toml", environ={}, flags={})
    (tmp_path / "my.toml").write_text("theme = 'nord'")
    assert load_settings(file=tmp_path / "my.toml", environ={}, flags={}) == (Settings(theme="nord"), [])


def test_the_page_of_settings_names_them_all_with_their_defaults() -> None:
    page = (Path(__file__).parent.parent / "docs" / "settings.md").read_text("utf-8")
    example = page.partition("```toml\n")[2].partition("```")[0]
    file = write_config(example)
    found, complaints = load()
    assert complaints == []
    assert set(tomllib.loads(file.read_text("utf-8"))) == {field.name for field in fields(Settings)} - {"file"}
    assert set(tomllib.loads(file.read_text("utf-8"))["caches"]) == {field.name for field in fields(CacheSettings)}
    assert replace(found, archive="", keys=(), depth={}) == Settings()


TOML_PIECES = st.sampled_from(
    ["theme", "keys", "depth", "caches", "models", "=", "[", "]", ".", '"', "'", "\n", "1", "true", "é", "{", "}", "\0"]
)


@given(st.lists(TOML_PIECES, max_size=20).map(" ".join) | st.text(max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_no_file_content_stops_the_program(text: str) -> None:
    write_config(text.encode(errors="replace"))
    found, complaints = load()
    assert isinstance(found, Settings)
    assert all("\n" not in str(complaint) for complaint in complaints)


@given(st.dictionaries(st.sampled_from(["CATALOG_TUI_THEME", "CATALOG_TUI_CACHES_TTL_S", "CATALOG_TUI_"]), st.text()))
def test_no_variable_stops_the_program(environ: dict[str, str]) -> None:
    assert isinstance(load(environ)[0], Settings)


def test_what_a_setting_should_be_is_a_sentence_with_every_kind_of_setting() -> None:
    write_config('keep = ["best"]\nport = 99999\nprotect = 3')
    said = [str(complaint).partition(":1: ")[2] or str(complaint).partition(":2: ")[2] for complaint in load()[1][:2]]
    assert said[0].startswith("“keep” should be a list of keep rules: “best” is no keep rule; there are: newest, ")
    assert said[1] == "“port” should be a number from 0 to 65535"
