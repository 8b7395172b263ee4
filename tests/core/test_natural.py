import random
import re
import unicodedata
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from catalog_tui.core.natural import natural_order
from tests.corpus import NASTY_NAMES

ALPHABET = "0123456789abAB.-_ /:@[éß٣\udcff\n"
names_lists = st.lists(st.text(ALPHABET, max_size=12) | st.text("0179a", max_size=6), max_size=60)


def ordered(names: list[str]) -> list[str]:
    return [names[index] for index in natural_order(names)]


def bare(name: str) -> str:
    """The name without case and accents, letter by letter."""
    return "".join(c for c in unicodedata.normalize("NFD", name.casefold()) if not "\u0300" <= c <= "\u036f")


def obvious_key(name: str) -> tuple[list[tuple[int, int, str]], str]:
    """Each character by itself and each number as one, slowly and plainly."""
    parts = []
    for part in re.findall(r"[0-9]+|[^0-9]", bare(name)):
        if part.isdigit() and part.isascii():
            parts.append((ord("0"), int(part), ""))
        else:
            parts.append((1 if part == "/" else ord(part), 0, part))
    return parts, name


@given(names_lists)
@example(["a1", "A01", "a01", "A1"])
@example(["9" * 300, "1" + "0" * 300, "0" * 400 + "7"])
@example(["a/x", "a b", "a-", "a"])
@example([""])
def test_the_order_is_the_obvious_one(names: list[str]) -> None:
    assert ordered(names) == sorted(names, key=obvious_key)


@given(st.integers(1, 3000), st.randoms())
def test_many_names_of_few_shapes_are_in_the_order_of_their_numbers(count: int, chance: random.Random) -> None:
    names = [f"Img{number}_{number % 11}.jpg" for number in range(count)]
    shuffled = chance.sample(names, count)
    assert ordered(shuffled) == names


def test_many_names_of_many_shapes_are_in_the_obvious_order() -> None:
    chance = random.Random(7)
    names = [f"{chance.randbytes(8).hex()} {chance.randrange(10**6)}" for _ in range(5000)]
    assert ordered(names) == sorted(names, key=obvious_key)


def test_one_name_of_many_digits_does_not_spoil_the_order_of_the_others() -> None:
    names = [f"{number}.jpg" for number in range(2000)] + ["3" * 250]
    assert ordered(names[::-1]) == names


def test_a_number_of_any_length_has_its_place() -> None:
    names = ["0", *("1" + "0" * zeros for zeros in range(250)), "a"]
    assert ordered(names[::-1]) == names


def test_equal_but_for_case_and_zeros_is_ordered_by_the_exact_name() -> None:
    assert ordered(["b1", "B1", "b01", "B01"]) == ["B01", "B1", "b01", "b1"]


def test_hostile_names_have_one_order_whatever_order_they_come_in() -> None:
    names = [name.decode("utf-8", "surrogateescape") for name in NASTY_NAMES]
    assert ordered(names) == ordered(names[::-1]) == sorted(names, key=obvious_key)
    assert all(obvious_key(one) < obvious_key(other) for one, other in pairwise(ordered(names)))


def test_accents_do_not_send_a_name_to_the_end() -> None:
    names = ["zebra", "Água Doce", "aster", "água 2", "Ação"]
    assert ordered(names) == ["Ação", "água 2", "Água Doce", "aster", "zebra"]
