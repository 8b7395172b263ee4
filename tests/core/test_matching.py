from array import array
from itertools import chain

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from catalog_tui.core.errors import Cancelled
from catalog_tui.core.matching import Criteria, Finder, fuzzy_slices, ranked, substring_slices
from catalog_tui.core.packed import PackedNames

ALPHABET = "abAB1. éÉßſ/\udcff\n"
name_lists = st.lists(st.text(ALPHABET, max_size=8), max_size=40)
texts = st.text(ALPHABET, min_size=1, max_size=3)


def contains_in_order(name: str, word: str) -> bool:
    rest = iter(name)
    return all(character in rest for character in word)


@given(name_lists, texts, st.integers(1, 10))
@example(["ab", "ba"], "bb", 10)
@example(["a", "b", *"x" * 20], "a\0b", 50)
@example(["7_7", *"x" * 20], "7", 50)
@example(["AB", "ab"], "aB", 10)
def test_a_text_finds_the_names_that_contain_it(names: list[str], text: str, size: int) -> None:
    obvious = [index for index, name in enumerate(names) if text.casefold() in name.casefold()]
    assert list(chain.from_iterable(substring_slices(PackedNames.pack(names), text, size=size))) == obvious
    assert list(Finder(PackedNames.pack(names)).arrange(Criteria(text))) == obvious


@given(st.integers(0, 400), st.text("0123456789_.jpg", min_size=1, max_size=3))
def test_a_text_finds_rare_and_common_names_alike(count: int, text: str) -> None:
    names = [f"{number}_.jpg" for number in range(count)]
    found = Finder(PackedNames.pack(names)).arrange(Criteria(text))
    assert list(found) == [index for index, name in enumerate(names) if text in name]


@given(name_lists, texts, st.integers(1, 10))
def test_a_fuzzy_text_finds_its_characters_in_order(names: list[str], text: str, size: int) -> None:
    words = text.casefold().split()
    obvious = [
        index for index, name in enumerate(names) if all(contains_in_order(name.casefold(), word) for word in words)
    ]
    packed = PackedNames.pack(names)
    assert list(chain.from_iterable(fuzzy_slices(packed, text, size=size))) == obvious
    assert sorted(Finder(packed).arrange(Criteria(text, fuzzy=True))) == obvious


def test_a_fuzzy_text_ranks_the_nearest_first_and_equals_in_their_order() -> None:
    names = PackedNames.pack(["s-u-m-m-e-r.jpg", "summer 2.jpg", "winter.jpg", "sum of merit.jpg", "Summer 1.jpg"])
    assert [names[index] for index in Finder(names).arrange(Criteria("summer", fuzzy=True))] == [
        "summer 2.jpg",
        "Summer 1.jpg",
        "sum of merit.jpg",
        "s-u-m-m-e-r.jpg",
    ]
    assert list(ranked(names, [4, 1], "summer")) == [4, 1]


def test_the_words_of_a_fuzzy_text_are_sought_apart() -> None:
    names = PackedNames.pack(["beach summer.jpg", "beach.jpg"])
    assert list(Finder(names).arrange(Criteria("smr bch", fuzzy=True))) == [0]


@given(st.lists(st.integers(-3, 3), max_size=30), st.booleans())
def test_records_are_in_the_order_of_their_figures_and_equals_in_that_of_names(
    figures: list[int], descending: bool
) -> None:
    names = PackedNames.pack(map(str, range(len(figures))))
    order = Finder(names).arrange(Criteria(column=array("q", figures), descending=descending))
    assert list(order) == sorted(range(len(figures)), key=lambda index: (-1 if descending else 1) * figures[index])


def test_without_figures_the_order_is_that_of_the_names_either_way() -> None:
    names = PackedNames.pack(["a", "b", "ab"])
    assert list(Finder(names).arrange(Criteria())) == [0, 1, 2]
    assert list(Finder(names).arrange(Criteria(descending=True))) == [2, 1, 0]
    assert list(Finder(names).arrange(Criteria("a", descending=True))) == [2, 0]
    assert list(Finder(names).arrange(Criteria("a", column=b"\2\1\1"))) == [2, 0]


@given(name_lists, st.lists(st.tuples(texts | st.just(""), st.booleans()), max_size=6))
def test_a_text_typed_further_finds_what_it_would_have_found_at_once(
    names: list[str], typed: list[tuple[str, bool]]
) -> None:
    packed = PackedNames.pack(names)
    finder = Finder(packed)
    so_far = ""
    for text, fuzzy in typed:
        so_far = so_far + text if text else ""
        assert finder.arrange(Criteria(so_far, fuzzy=fuzzy)) == Finder(packed).arrange(Criteria(so_far, fuzzy=fuzzy))


def test_a_search_that_was_given_up_is_not_taken_for_done() -> None:
    finder = Finder(PackedNames.pack(["ab", "b"]))
    with pytest.raises(Cancelled):
        finder.find("a", cancelled=lambda: True)
    assert list(finder.find("ab")) == [0]
    assert list(finder.find("b")) == [0, 1]


@given(name_lists, texts, st.data(), st.booleans())
def test_a_search_within_looks_nowhere_else(names: list[str], text: str, data: st.DataObject, fuzzy: bool) -> None:
    packed = PackedNames.pack(names)
    within = [index for index in range(len(names)) if data.draw(st.booleans())]
    search = fuzzy_slices if fuzzy else substring_slices
    everywhere = set(chain.from_iterable(search(packed, text)))
    assert list(chain.from_iterable(search(packed, text, within=within, size=3))) == [
        index for index in within if index in everywhere
    ]


def test_arranging_is_given_up_when_nobody_wants_it() -> None:
    with pytest.raises(Cancelled):
        Finder(PackedNames.pack(["a"])).arrange(Criteria("a"), cancelled=lambda: True)
