"""Hostile names on a terminal row and in JSON: harmless, of a known width, and never another file's."""

import json
import os
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

from catalog_tui.core.errors import UsageError
from catalog_tui.core.names import cell_width, display, fit, json_path, path_from_json, safe_text_for_terminal
from tests.corpus import NASTY_NAMES, NASTY_PATHS

ALL_NASTY = [os.fsdecode(name) for name in (*NASTY_NAMES, *NASTY_PATHS)]
HARMFUL = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
# A spacing mark (Devanagari's vowel signs) is given no cell by Rich and one by many terminals: not ours to mend.
SPACING_MARK = "Mc"

any_bytes = st.binary(min_size=1, max_size=60).map(lambda raw: raw.replace(b"\0", b"x"))
any_name = st.one_of(any_bytes.map(os.fsdecode), st.text(max_size=40), st.sampled_from(ALL_NASTY))


def categories(text: str) -> set[str]:
    return {unicodedata.category(char) for char in text}


@pytest.mark.parametrize("name", ALL_NASTY, ids=ascii)
def test_every_nasty_name_is_shown_as_one_harmless_line(name: str) -> None:
    shown = display(name)
    assert shown
    assert not categories(shown) & HARMFUL
    assert len(shown.splitlines()) == 1


@pytest.mark.parametrize("name", ALL_NASTY, ids=ascii)
def test_every_nasty_name_fills_exactly_the_cells_it_is_given(name: str) -> None:
    for width in range(81):
        for keep_end in (False, True):
            assert cell_width(fit(display(name), width, keep_end=keep_end)) == width


@pytest.mark.parametrize("name", ALL_NASTY, ids=ascii)
def test_terminals_agree_with_rich_on_the_width_of_what_is_shown(name: str) -> None:
    for shown in (display(name), *(fit(display(name), width) for width in range(1, 30))):
        if SPACING_MARK not in categories(shown):
            assert wcswidth(shown) == cell_width(shown)


@given(any_name)
def test_any_name_at_all_is_harmless_and_of_known_width(name: str) -> None:
    shown = display(name)
    assert not categories(shown) & HARMFUL
    assert cell_width(shown) == sum(cell_width(char) for char in shown)
    assert cell_width(fit(shown, 20)) == cell_width(fit(shown, 20, keep_end=True)) == 20


@given(any_name)
def test_a_name_that_is_shown_once_more_stays_harmless(name: str) -> None:
    assert not categories(display(display(name))) & HARMFUL


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("photo 01.jpg", "photo 01.jpg"),
        ("verão nº 2 – “praia”.jpg", "verão nº 2 – “praia”.jpg"),
        ("\x1b]0;owned\x07", r"\x1b]0;owned\x07"),
        ("a\nb\tc\rd\x7f", r"a\nb\tc\rd\x7f"),
        ("\x9b31m", r"\u009b31m"),
        ("evil\u202egpj.exe", r"evil\u202egpj.exe"),
        ("line\u2028break", r"line\u2028break"),
        (os.fsdecode(b"caf\xe9"), r"caf\xe9"),
        ("soft\xadhyphen", r"soft\u00adhyphen"),
        ("\ue000\U000e0fff", r"\ue000\U000e0fff"),
        ("\u0378 \U0002fff0", r"\u0378 \U0002fff0"),
        ("x\u115fx", r"x\u115fx"),
        ("é\u034f", r"é\u034f"),
        ("newer \U0001fae8", "newer \U0001fae8"),
    ],
    ids=ascii,
)
def test_ordinary_letters_stay_and_the_rest_is_spelled_out(name: str, shown: str) -> None:
    assert display(name) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f468\U0001f469\U0001f467"),
        ("\u2764\ufe0f", "\u2764"),
        ("\U0001f44d\U0001f3fd", "\U0001f44d"),
        ("1\ufe0f\u20e3", "1\u20e3"),
        ("می\u200cخواهم", "میخواهم"),
        ("葛\U000e0100城", "葛城"),
        ("\U0001f3f4\U000e0067\U000e007f", "\U0001f3f4"),
        ("a\u200db", r"a\u200db"),
        ("1\u200d", r"1\u200d"),
        ("\ufe0f", r"\ufe0f"),
        ("\u200dx", r"\u200dx"),
        (" \U0001f3fd", "␣\\U0001f3fd"),
        ("x\U000e0067", r"x\U000e0067"),
    ],
    ids=ascii,
)
def test_what_only_alters_its_neighbour_is_dropped_there_and_spelled_out_elsewhere(name: str, shown: str) -> None:
    assert display(name) == shown


def test_a_flag_stays_whole_and_half_a_flag_is_spelled_out() -> None:
    assert display("\U0001f1e7\U0001f1f7\U0001f1e7") == "\U0001f1e7\U0001f1f7\\U0001f1e7"
    assert fit("\U0001f1e7\U0001f1f7\U0001f1f5\U0001f1f9", 3) == "\U0001f1e7\U0001f1f7…"
    assert fit("\U0001f1e7\U0001f1f7\U0001f1f5\U0001f1f9", 2) == "… "


def test_the_two_unicode_forms_of_a_name_are_shown_alike() -> None:
    assert display("cafe\u0301") == display("caf\u00e9")
    assert display("\u1112\u1161\u11ab") == "\ud55c"


def test_marks_piled_on_a_letter_are_bounded_and_never_land_on_what_stands_before() -> None:
    assert display("z" + "\u0335" * 50 + "a") == "z" + "\u0335" * 4 + "a"
    assert display("z\u0335\u0335\u0335z\u0335\u0335") == "z\u0335\u0335\u0335z\u0335\u0335"
    assert display("\u0335a") == "\u25cc\u0335a"
    assert display("\x1b\u0335") == "\\x1b\u25cc\u0335"


def test_spaces_at_the_ends_of_a_name_are_seen_but_a_line_keeps_them() -> None:
    assert display("  a b ") == "␣␣a b␣"
    assert display("   ") == "␣␣␣"
    assert display("") == ""
    assert safe_text_for_terminal("  a\x1b ") == r"  a\x1b "


@pytest.mark.parametrize(
    ("text", "width", "start", "middle"),
    [
        ("short.jpg", 12, "short.jpg   ", "short.jpg   "),
        ("exact.jpg", 9, "exact.jpg", "exact.jpg"),
        ("holiday_picture_0012.jpg", 13, "holiday_pict…", "holiday_….jpg"),
        ("holiday_picture_0012.jpg", 22, "holiday_picture_0012.…", "holiday_pictur…012.jpg"),
        ("日本語の写真.jpg", 9, "日本語の…", "日本….jpg"),
        ("日本語の写真.jpg", 10, "日本語の… ", "日本… .jpg"),
        ("holiday.jpeg", 6, "holid…", "holid…"),
        ("archive", 1, "…", "…"),
        ("archive", 0, "", ""),
        ("archive", -3, "", ""),
    ],
)
def test_a_long_name_is_cut_at_its_end_or_in_its_middle(text: str, width: int, start: str, middle: str) -> None:
    assert fit(text, width) == start
    assert fit(text, width, keep_end=True) == middle


def test_a_cut_never_parts_a_letter_from_its_marks() -> None:
    text = "q\u0323w\u0323e\u0330r\u0323t\u0323"
    assert fit(text, 3) == "q\u0323w\u0323…"
    assert fit(text, 4, keep_end=True) == "q\u0323w\u0323…t\u0323"


@given(any_bytes)
def test_any_path_comes_back_from_json_as_it_was(raw: bytes) -> None:
    path = os.fsdecode(raw)
    fields = json.loads(json.dumps(json_path(path)).encode("utf-8"))
    assert path_from_json(fields) == path
    fields["path"].encode("utf-8")


def test_only_a_path_that_is_not_utf8_carries_its_exact_bytes() -> None:
    assert json_path("verão/a.jpg") == {"path": "verão/a.jpg"}
    assert json_path(os.fsdecode(b"a\xff.jpg")) == {"path": r"a\xff.jpg", "path_b64": "Yf8uanBn"}


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"path": 3},
        {"path": None},
        {"path": "a\0b"},
        {"path": "\ud800"},
        {"path": "\udcff"},
        {"path": "fine", "path_b64": 7},
        {"path": "fine", "path_b64": "not base64!"},
        {"path": "fine", "path_b64": "é"},
        {"path": "fine", "path_b64": "Yf8u\nanBn"},
        {"path_b64": "AA=="},
    ],
    ids=ascii,
)
def test_what_is_no_path_is_refused_in_one_line(fields: dict[str, object]) -> None:
    with pytest.raises(UsageError) as refusal:
        path_from_json(fields)
    assert "\n" not in str(refusal.value)
