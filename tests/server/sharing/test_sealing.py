"""What comes back from somebody else's keeping is what was given there, or nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_tui.server.sharing.sealing import AHEAD_S, Seal

SEAL = Seal(b"a secret of sixteen", lambda: 1_000_000_000_000)


@given(st.binary(), st.binary())
def test_what_was_sealed_is_opened_at_its_place(place: bytes, content: bytes) -> None:
    assert SEAL.open(place, SEAL.close(place, content), 1.0) == content


@given(st.binary(max_size=100), st.data())
def test_one_other_bit_and_it_is_nothing(content: bytes, data: st.DataObject) -> None:
    sealed = bytearray(SEAL.close(b"here", content))
    at = data.draw(st.integers(0, len(sealed) - 1))
    sealed[at] ^= 1 << data.draw(st.integers(0, 7))
    assert SEAL.open(b"here", bytes(sealed), 1e9) is None


@pytest.mark.parametrize("sealed", [b"", b"short", bytes(39), bytes(40), None, 7, "text"])
def test_what_is_no_sealed_content_is_nothing(sealed: object) -> None:
    assert SEAL.open(b"here", sealed, 1e9) is None


def test_what_was_sealed_for_another_place_or_under_another_secret_is_nothing() -> None:
    sealed = SEAL.close(b"here", b"content")
    assert SEAL.open(b"there", sealed, 1.0) is None
    assert SEAL.open(b"her", SEAL.close(b"here", b""), 1.0) is None
    assert Seal(b"another secret", lambda: 1_000_000_000_000).open(b"here", sealed, 1.0) is None


def test_what_is_older_than_allowed_or_from_the_future_is_nothing() -> None:
    def at(seconds: float) -> Seal:
        return Seal(b"a secret of sixteen", lambda: 1_000_000_000_000 + int(seconds * 1e9))

    sealed = SEAL.close(b"here", b"content")
    assert at(10).open(b"here", sealed, 10.0) == b"content"
    assert at(10.1).open(b"here", sealed, 10.0) is None
    assert at(-AHEAD_S + 1).open(b"here", sealed, 10.0) == b"content"
    assert at(-AHEAD_S - 1).open(b"here", sealed, 10.0) is None


def test_names_tell_parts_apart_and_tell_nothing_of_them() -> None:
    names = {SEAL.name(b"site", b"model"), SEAL.name(b"sitemodel"), SEAL.name(b"site", b"mode", b"l")}
    assert len(names) == 3 and not any("site" in name for name in names)
