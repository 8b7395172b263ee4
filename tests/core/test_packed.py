import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_tui.core.packed import PackedNames
from tests.corpus import NASTY_NAMES

file_names = st.binary(max_size=20).filter(lambda raw: b"\0" not in raw).map(os.fsdecode)
name_lists = st.lists(file_names, max_size=30)


@given(name_lists)
def test_names_come_out_as_they_went_in(names: list[str]) -> None:
    packed = PackedNames.pack(names)
    assert list(packed) == names
    assert [packed[index] for index in range(-len(names), len(names))] == names + names
    assert [packed.raw(index) for index in range(len(names))] == [os.fsencode(name) for name in names]
    assert len(packed) == len(names)


@given(name_lists, st.slices(30))
def test_a_slice_is_the_slice_of_the_names(names: list[str], part: slice) -> None:
    assert PackedNames.pack(names)[part] == names[part]


@given(name_lists, file_names)
def test_a_name_is_found_where_it_first_stands(names: list[str], name: str) -> None:
    packed = PackedNames.pack(names)
    for sought in [*names, name]:
        assert packed.position(sought) == (names.index(sought) if sought in names else None)
        assert (sought in packed) == (sought in names)


def test_the_blob_holds_the_exact_bytes() -> None:
    packed = PackedNames.pack(map(os.fsdecode, NASTY_NAMES))
    assert packed.blob == b"".join(name + b"\0" for name in NASTY_NAMES)


def test_every_byte_of_the_blob_belongs_to_a_name() -> None:
    packed = PackedNames.pack(["ab", "", "c"])
    assert [packed.at(offset) for offset in range(len(packed.blob))] == [0, 0, 0, 1, 2, 2]


def test_an_index_out_of_range_is_an_error() -> None:
    packed = PackedNames.pack(["a"])
    for index in (1, -2):
        with pytest.raises(IndexError):
            packed[index]


def test_a_name_takes_about_four_bytes_beside_itself() -> None:
    packed = PackedNames.pack([f"{number:08}.jpg" for number in range(1000)])
    assert len(packed.blob) + len(packed.offsets) * packed.offsets.itemsize == 1000 * (13 + 4) + 4


def test_equal_names_make_equal_sequences() -> None:
    assert PackedNames.pack(["a"]) == PackedNames.pack(["a"])
    assert hash(PackedNames.pack(["a"])) == hash(PackedNames.pack(["a"]))
    assert PackedNames.pack(["a"]) != PackedNames.pack(["b"])
    assert PackedNames.pack(["a"]) != ["a"]
    assert repr(PackedNames.pack(["a"])) == "<1 names: ['a']>"
