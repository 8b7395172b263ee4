"""Sessions and codes that end, wrong ones that cost time: looked at with the clock in hand, without a server."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from catalog_tui.server.keys import PAIRING_S, SESSION_S, Keys, digest_of
from catalog_tui.server.patience import FIRST_WAIT_S, FREE_FAILURES, LONGEST_WAIT_S, Patience
from catalog_tui.server.problems import Refused

TOKEN = "a-token-that-nobody-guesses"
SCOPE = {"client": ("192.0.2.7", 5)}


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(digest_of(TOKEN), str(tmp_path), port=1, secure=False)


def status_of(ask: Callable[[], object]) -> int:
    """200, or with what it is refused."""
    try:
        ask()
    except Refused as refused:
        return refused.status
    return 200


def make_older(folder: Path, kind: str, seconds: float) -> None:
    (path,) = folder.glob(f"{kind}-*")
    date = path.stat().st_mtime - seconds
    os.utime(path, (date, date))


def test_a_session_ends_by_itself(keys: Keys, tmp_path: Path) -> None:
    headers = {b"cookie": b"other=1; " + keys.open_session().split(b";")[0]}
    make_older(tmp_path, "session", SESSION_S - 60)
    assert status_of(lambda: keys.check(SCOPE, headers)) == 200
    make_older(tmp_path, "session", 61)
    assert status_of(lambda: keys.check(SCOPE, headers)) == 401


def test_a_pairing_code_ends_by_itself(keys: Keys, tmp_path: Path) -> None:
    for age_s, status in ((PAIRING_S - 60, 200), (PAIRING_S + 1, 401)):
        code = keys.new_pairing_code()
        make_older(tmp_path, "pairing", age_s)
        assert status_of(partial(keys.take_pairing_code, SCOPE, code)) == status
        assert not list(tmp_path.glob("pairing-*"))


def test_guessing_codes_costs_what_guessing_tokens_costs(keys: Keys) -> None:
    for _time in range(FREE_FAILURES + 1):
        assert status_of(lambda: keys.take_pairing_code(SCOPE, "guess")) == 401
    code = keys.new_pairing_code()
    assert status_of(lambda: keys.take_pairing_code(SCOPE, code)) == 429
    assert status_of(lambda: keys.check_token(SCOPE, TOKEN)) == 429
    assert status_of(lambda: keys.take_pairing_code({"client": ("192.0.2.8", 5)}, code)) == 200


def test_who_guesses_has_to_wait_with_the_header_that_was_right_before_too(keys: Keys) -> None:
    right = {b"authorization": b"Bearer " + TOKEN.encode()}
    keys.check(SCOPE, right)
    for _time in range(FREE_FAILURES + 1):
        assert status_of(lambda: keys.check_token(SCOPE, "guess")) == 401
    assert status_of(lambda: keys.check(SCOPE, right)) == 429


@pytest.mark.parametrize("secure", [True, False])
def test_no_script_and_no_other_site_gets_the_cookie(tmp_path: Path, secure: bool) -> None:
    keys = Keys(digest_of(TOKEN), str(tmp_path), port=1, secure=secure)
    for cookie in (keys.open_session(), keys.end_session({})):
        flags = {flag.strip() for flag in cookie.decode().split(";")[1:]}
        assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= flags
        assert ("Secure" in flags) is secure


def test_each_failure_doubles_the_wait_up_to_a_quarter_of_an_hour(tmp_path: Path) -> None:
    clock = [0.0]
    patience = Patience(str(tmp_path), lambda: clock[0])
    waited: list[float] = []
    for number in range(FREE_FAILURES + 12):
        patience.failed("them")
        (file,) = (tmp_path / "failures").iterdir()
        os.utime(file, (clock[0], clock[0]))
        before = clock[0]
        while status_of(lambda: patience.check("them")) == 429:
            clock[0] += 1.0
        waited.append(clock[0] - before)
        assert status_of(lambda: patience.check("others")) == 200, number
    free, waits = waited[:FREE_FAILURES], waited[FREE_FAILURES:]
    assert set(free) == {0.0}
    assert waits == [min(FIRST_WAIT_S * 2**failure, LONGEST_WAIT_S) for failure in range(12)]
    patience.succeeded("them")
    patience.failed("them")
    assert status_of(lambda: patience.check("them")) == 200
