"""What workers may do without harm: hang, die, talk nonsense; and their queue: shared, urgent first, cancelled."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from catalog_tui.core.errors import Cancelled
from catalog_tui.core.media import CannotShow, Problem
from catalog_tui.core.thumbnails import Picture, Priority, Thumbnails
from tests.waiting import PATIENCE_S

ODD = "tests.core.pictures.odd_worker"


HASTY_S = 4.0
"""For a file over which a worker hangs: one that does well comes back within it, started anew on a busy machine too."""


@pytest.fixture
def hasty(tmp_path: Path) -> Iterator[Thumbnails]:
    """Two odd workers, and little time for each file."""
    with Thumbnails(tmp_path / "store", workers=2, patience_s=HASTY_S, module=ODD) as thumbnails:
        yield thumbnails


@pytest.fixture
def odd(tmp_path: Path) -> Iterator[Thumbnails]:
    """Two odd workers, and time enough."""
    with Thumbnails(tmp_path / "store", workers=2, patience_s=PATIENCE_S, module=ODD) as thumbnails:
        yield thumbnails


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Thumbnails]:
    """One odd worker, and time enough."""
    with Thumbnails(tmp_path / "store", workers=1, patience_s=PATIENCE_S, module=ODD) as thumbnails:
        yield thumbnails


def file(tmp_path: Path, name: str) -> str:
    path = tmp_path / name
    path.write_bytes(name.encode())
    return str(path)


def begun(tmp_path: Path) -> list[str]:
    log = tmp_path / "begun"
    return log.read_text().split() if log.exists() else []


def until(so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not so():
        assert time.monotonic() < deadline, "what was waited for did not come"
        time.sleep(0.005)


def is_alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:1]
    except OSError:
        return False


@pytest.mark.parametrize(
    ("name", "workers", "problem", "words"),
    [
        ("hang", "hasty", Problem.TOO_SLOW, f"Decoding took longer than {HASTY_S:.0f} s and was stopped."),
        ("die", "odd", Problem.CRASHED, "The decoder ended over it."),
        ("nonsense", "odd", Problem.CRASHED, "The decoder ended over it."),
        ("lies", "odd", Problem.CRASHED, "The decoder ended over it."),
    ],
)
def test_a_bad_decoder_costs_this_file_only_and_only_once(
    request: pytest.FixtureRequest, tmp_path: Path, name: str, workers: str, problem: Problem, words: str
) -> None:
    odd: Thumbnails = request.getfixturevalue(workers)
    bad, good = file(tmp_path, name), file(tmp_path, "good")
    for _ in range(2):
        with pytest.raises(CannotShow) as told:
            odd.get(bad, 320)
        assert (told.value.problem, told.value.reason) == (problem, words)
        assert odd.get(good, 320).data == b"data"
    with pytest.raises(CannotShow):
        odd.cached(bad, 320)
    assert begun(tmp_path) == [name, "good"]


def test_a_hanging_worker_is_killed_and_the_other_goes_on_meanwhile(hasty: Thumbnails, tmp_path: Path) -> None:
    path = file(tmp_path, "hang")

    def wait() -> None:
        with pytest.raises(CannotShow):
            hasty.get(path, 320)

    hanging = threading.Thread(target=wait)
    hanging.start()
    until(lambda: "hang" in begun(tmp_path))
    pids = hasty.pids()
    assert hasty.get(file(tmp_path, "good"), 320).width == 4
    assert hanging.is_alive()
    hanging.join()
    until(lambda: not any(map(is_alive, pids[:1])))


def test_a_worker_that_did_well_before_gets_one_more_try(one: Thumbnails, tmp_path: Path) -> None:
    one.get(file(tmp_path, "good"), 320)
    with pytest.raises(CannotShow):
        one.get(file(tmp_path, "die"), 320)
    assert begun(tmp_path).count("die") == 2


def test_a_worker_killed_from_outside_costs_nothing(one: Thumbnails, tmp_path: Path) -> None:
    one.get(file(tmp_path, "a"), 320)
    os.kill(one.pids()[0], signal.SIGKILL)
    assert one.get(file(tmp_path, "b"), 320).data == b"data"


def test_many_who_want_the_same_have_it_decoded_once(odd: Thumbnails, tmp_path: Path) -> None:
    path = file(tmp_path, "gated")
    found: list[Picture] = []
    threads = [threading.Thread(target=lambda: found.append(odd.get(path, 320))) for _ in range(40)]
    for thread in threads:
        thread.start()
    until(lambda: begun(tmp_path) == ["gated"])
    (tmp_path / "gate").touch()
    for thread in threads:
        thread.join()
    assert len(found) == 40
    assert begun(tmp_path) == ["gated"]


def test_what_is_looked_at_goes_before_what_is_made_ahead(one: Thumbnails, tmp_path: Path) -> None:
    wishes = [
        ("gated", Priority.AHEAD),
        ("ahead", Priority.AHEAD),
        ("soon", Priority.SOON),
        ("raised", Priority.AHEAD),
        ("view", Priority.VIEW),
        ("raised", Priority.VIEW),
    ]
    threads = []
    for number, (name, priority) in enumerate(wishes):
        path = str(tmp_path / name) if (tmp_path / name).exists() else file(tmp_path, name)
        threads.append(threading.Thread(target=one.get, args=(path, 320), kwargs={"priority": priority}))
        threads[-1].start()
        until(lambda wanted=number: "gated" in begun(tmp_path) and one.waiting() > wanted)  # type: ignore[misc]
    (tmp_path / "gate").touch()
    for thread in threads:
        thread.join()
    assert begun(tmp_path) == ["gated", "view", "raised", "soon", "ahead"]


def test_work_that_was_given_up_is_not_begun(one: Thumbnails, tmp_path: Path) -> None:
    held = threading.Thread(target=one.get, args=(file(tmp_path, "gated"), 320))
    held.start()
    until(lambda: begun(tmp_path) == ["gated"])
    with pytest.raises(Cancelled):
        one.get(file(tmp_path, "unwanted"), 320, cancelled=lambda: True)
    (tmp_path / "gate").touch()
    held.join()
    one.get(file(tmp_path, "next"), 320)
    assert begun(tmp_path) == ["gated", "next"]


def test_work_that_nobody_waits_for_any_more_is_killed_and_no_judgement_on_the_file(
    one: Thumbnails, tmp_path: Path
) -> None:
    path = file(tmp_path, "gated")
    pids: list[int] = []

    def is_begun() -> bool:
        pids[:] = one.pids()
        return bool(begun(tmp_path))

    with pytest.raises(Cancelled):
        one.get(path, 320, cancelled=is_begun)
    (pid,) = pids
    until(lambda: not is_alive(pid))
    (tmp_path / "gate").touch()
    assert one.get(path, 320).data == b"data"


def test_work_that_is_done_soon_after_it_was_given_up_is_kept(
    one: Thumbnails, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog_tui.core.pictures.pool.GRACE_S", PATIENCE_S)
    path = file(tmp_path, "gated")
    with pytest.raises(Cancelled):
        one.get(path, 320, cancelled=lambda: bool(begun(tmp_path)))
    (tmp_path / "gate").touch()
    until(lambda: one.cached(path, 320) is not None)


def test_closing_ends_the_workers_and_whoever_waits(tmp_path: Path) -> None:
    thumbnails = Thumbnails(tmp_path / "store", workers=1, module=ODD)
    outcome: list[Exception] = []

    def wait() -> None:
        try:
            thumbnails.get(str(tmp_path / "hang"), 320)
        except Cancelled as error:
            outcome.append(error)

    file(tmp_path, "hang")
    waiting = threading.Thread(target=wait)
    waiting.start()
    until(lambda: begun(tmp_path) == ["hang"])
    (pid,) = thumbnails.pids()
    thumbnails.close()
    waiting.join()
    assert len(outcome) == 1
    assert not is_alive(pid)
    with pytest.raises(Cancelled):
        thumbnails.get(file(tmp_path, "late"), 320)


def test_workers_end_with_a_program_that_is_killed(tmp_path: Path) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "a.png")
    code = (
        "import sys, time; from pathlib import Path; from catalog_tui.core.thumbnails import Thumbnails\n"
        "t = Thumbnails(Path(sys.argv[1]), workers=1); t.get(sys.argv[2], 320)\n"
        "print(*t.pids(), flush=True); time.sleep(60)"
    )
    argv = [sys.executable, "-c", code, str(tmp_path / "store"), str(tmp_path / "a.png")]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        assert is_alive(pid)
        process.kill()
    until(lambda: not is_alive(pid))


def test_a_worker_that_hangs_ends_by_itself_where_nobody_is_left_to_kill_it() -> None:
    code = (
        "import sys, time; from catalog_tui.core.pictures import worker\n"
        "worker.PARTING_S = 0; worker.answer = lambda request: time.sleep(60)\n"
        "worker.serve(sys.stdin.buffer, sys.stdout.buffer)"
    )
    from catalog_tui.core.pictures.wire import write_message

    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        write_message(process.stdin, {"patience_s": 0.2})
        assert process.wait(PATIENCE_S) == -signal.SIGALRM


def test_closing_is_no_judgement_on_the_file(tmp_path: Path) -> None:
    path = file(tmp_path, "gated")
    with Thumbnails(tmp_path / "store", workers=1, module=ODD) as closed:
        waiting = threading.Thread(target=lambda: give_up(closed, path))
        waiting.start()
        until(lambda: begun(tmp_path) == ["gated"])
    waiting.join()
    (tmp_path / "gate").touch()
    with Thumbnails(tmp_path / "store", workers=1, module=ODD) as later:
        assert later.get(path, 320).data == b"data"


def give_up(thumbnails: Thumbnails, path: str) -> None:
    with pytest.raises(Cancelled):
        thumbnails.get(path, 320)
