"""Hashing on a Dask cluster: the same groups as here whoever dies, and one clear line where it cannot be."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from catalog_tui.core.scan import cluster as clusters
from catalog_tui.core.scan.cluster import cluster_workers
from catalog_tui.core.scan.cluster_executor import ClusterError
from catalog_tui.core.scan.engine import scan as scan_events
from catalog_tui.core.scan.events import Event, Finished, Progress
from catalog_tui.core.scan.options import ScanOptions
from tests.core.scan.command import SCAN
from tests.core.scan.command import scan as scan_by_command
from tests.core.scan.dask_cluster import DaskCluster, until
from tests.core.scan.engine import scan
from tests.core.scan.generator import generate
from tests.core.scan.test_filesystems import PRIVATE_MOUNTS
from tests.waiting import PATIENCE_S

PAIRS = 200
OTHER_DASK = "import distributed.versions as versions; versions._version_cached = lambda package: '1.0'"
NO_CATALOG_TUI = "import sys; sys.modules['catalog_tui'] = None"
OTHER_CATALOG_TUI = "import catalog_tui; catalog_tui.__version__ = '0.0.1'"
NEVER_DONE = (
    "import threading; from catalog_tui.core.scan import hashing; "
    "hashing.hash_batch = lambda batch: threading.Event().wait()"
)
NO_DASK = "import sys; sys.modules['distributed'] = None; from catalog_tui.cli import main; sys.exit(main())"


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cluster is given the time that a busy machine takes."""
    monkeypatch.setattr(clusters, "ANSWER_S", PATIENCE_S)
    monkeypatch.setattr(clusters, "LOOK_S", PATIENCE_S)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    """Two workers that nothing befalls."""
    with DaskCluster(tmp_path_factory.mktemp("dask")) as running:
        running.start_worker("first")
        running.start_worker("second")
        yield running


@pytest.fixture
def pairs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An archive of PAIRS pairs of equal files, all of one size, which make twenty batches or more."""
    monkeypatch.setattr("catalog_tui.core.scan.reading.BATCH_FILES", PAIRS // 10)
    monkeypatch.delattr("os.major")  # no disk can be seen to rotate: several batches are on their way from the start
    model = tmp_path / "archive/site/model"
    model.mkdir(parents=True)
    for number in range(2 * PAIRS):
        (model / f"{number:04}.jpg").write_bytes(str(number % PAIRS).zfill(500).encode())
    return tmp_path / "archive"


@pytest.mark.parametrize("flags", [(), ("--hash", "sha256", "--verify", "--md5", "--all")])
def test_a_cluster_finds_what_this_machine_finds(cluster: DaskCluster, tmp_path: Path, flags: tuple[str, ...]) -> None:
    generate(tmp_path / "archive", seed=7)
    here = scan_by_command(tmp_path / "archive", "--no-index", *flags)
    there = scan_by_command(tmp_path / "archive", "--no-index", "--dask", cluster.address, *flags)
    assert here.groups
    assert {**there.result, "seconds": 0} == {**here.result, "seconds": 0}
    assert (there.exit_code, there.words) == (here.exit_code, here.words)


@pytest.mark.usefixtures("settled")
def test_what_the_cluster_hashed_is_remembered_here(cluster: DaskCluster, pairs: Path) -> None:
    with cluster_workers(cluster.address, str(pairs)) as workers:
        assert scan(pairs, workers=workers).summary.cache_misses == 2 * PAIRS
    (pairs / "site/model/another.jpg").write_bytes(b"so that the archive is not the one seen before")
    found = scan(pairs).summary
    assert (found.cache_hits, found.bytes_read) == (2 * PAIRS, 0)


def test_workers_may_have_the_archive_at_another_path(cluster: DaskCluster, tmp_path: Path) -> None:
    real, alias = tmp_path / "real", tmp_path / "alias"
    tree = generate(real, seed=3)
    alias.mkdir()
    bound = f"mount --bind '{real}' '{alias}'"
    without = run_behind(bound, alias, "--dask", cluster.address)
    assert f"has another folder at {alias} than this machine" in complaint(without)
    found = run_behind(bound, alias, "--dask", cluster.address, "--dask-root", str(real))
    assert (found.returncode, found.stderr) == (0, b"")
    assert found.stdout == run_behind("true", tree.root).stdout != b""


@pytest.mark.parametrize("allowed_failures", [3, 0])
def test_a_worker_killed_at_work_costs_a_retry_and_never_a_file_in_silence(
    tmp_path: Path, pairs: Path, allowed_failures: int
) -> None:
    expected = scan(pairs, use_index=False).names
    with DaskCluster(tmp_path, allowed_failures=allowed_failures) as cluster, ThreadPoolExecutor(1) as thread:
        cluster.start_worker("first")
        victim = cluster.start_worker("victim")
        with cluster_workers(cluster.address, str(pairs)) as workers:
            victim.send_signal(signal.SIGSTOP)  # so that it is at work for certain when it dies
            scanning = thread.submit(scan, pairs, workers=workers, use_index=False)
            until(lambda: cluster.tasks_of("victim") > 0)
            victim.kill()
            found = scanning.result()
    if allowed_failures:
        assert found.names == expected
        assert not found.errors
    else:  # Dask gives up the tasks of the victim at once
        assert set(found.errors.values()) == {"no worker could read it: 1 worker died while it had it"}
        unread = {os.fsencode(path) for path in found.errors}
        assert found.names == {group for group in expected if not group & unread}
    assert scan(pairs, use_index=False).names == expected


@pytest.mark.usefixtures("settled")
def test_cancelled_it_ends_though_a_worker_hangs_and_keeps_what_was_hashed(tmp_path: Path, pairs: Path) -> None:
    cancelled = threading.Event()
    with DaskCluster(tmp_path) as cluster:
        last = scan_until_begun(cluster, pairs, cancelled.set, cancelled=cancelled.is_set)
    assert isinstance(last, Finished)
    assert last.summary.cancelled
    assert scan(pairs).summary.cache_hits > 0


@pytest.mark.usefixtures("settled")
def test_a_scheduler_that_dies_ends_the_scan_in_words_and_what_was_hashed_is_kept(tmp_path: Path, pairs: Path) -> None:
    said = r"^the connection to the Dask scheduler at .* was lost$"
    with DaskCluster(tmp_path) as cluster, pytest.raises(ClusterError, match=said):
        scan_until_begun(cluster, pairs, cluster.kill_scheduler)
    assert scan(pairs).summary.cache_hits > 0


def test_when_all_workers_are_gone_the_scan_ends_in_words(tmp_path: Path, pairs: Path) -> None:
    with DaskCluster(tmp_path) as cluster, pytest.raises(ClusterError, match="has had no workers for"):
        scan_until_begun(cluster, pairs, cluster.kill_workers, grace_s=4.0)  # the scheduler answers well within it


@pytest.mark.parametrize("stopped_by", ["Ctrl+C", "death of the scheduler"])
def test_the_command_ends_at_once_and_in_a_line_at_most(tmp_path: Path, pairs: Path, stopped_by: str) -> None:
    with DaskCluster(tmp_path) as cluster:
        cluster.start_worker("busy", preload=NEVER_DONE)
        command = [*SCAN, str(pairs), "--no-index", "--format", "null", "--dask", cluster.address]
        scanning = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        until(lambda: cluster.tasks_of("busy") > 0)
        if stopped_by == "Ctrl+C":
            scanning.send_signal(signal.SIGINT)
        else:
            cluster.kill_scheduler()
        output, said = scanning.communicate()
    if stopped_by == "Ctrl+C":
        assert (scanning.returncode, output, said) == (130, b"", b"")
    else:
        assert "was lost" in complaint(subprocess.CompletedProcess(command, scanning.returncode, output, said))


@pytest.mark.parametrize(
    ("preload", "expected"),
    [
        (OTHER_DASK, "has Dask 1.0, this machine "),
        (NO_CATALOG_TUI, "cannot run catalog-tui: "),
        (OTHER_CATALOG_TUI, "has catalog-tui 0.0.1, this machine "),
    ],
)
def test_a_worker_that_does_not_fit_is_named(cluster: DaskCluster, pairs: Path, preload: str, expected: str) -> None:
    worker = cluster.start_worker("unfit", preload=preload)
    try:
        assert expected in complaint(run("--dask", cluster.address, archive=pairs))
    finally:
        cluster.remove(worker, "unfit")


def test_a_worker_that_does_not_answer_holds_nobody(
    cluster: DaskCluster, pairs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clusters, "LOOK_S", 0.5)
    hung = cluster.start_worker("hung")
    hung.send_signal(signal.SIGSTOP)
    try:
        with (
            pytest.raises(ClusterError, match=r"^the workers of .* do not answer: nothing heard for"),
            cluster_workers(cluster.address, str(pairs)),
        ):
            pass
    finally:
        cluster.remove(hung, "hung")


def test_an_archive_that_is_not_there_is_said_before_anybody_is_asked(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    assert complaint(run("--dask", "tcp://127.0.0.1:9", archive=gone)) == f"catalog-tui: there is no folder {gone}\n"


def test_an_archive_that_no_worker_has_is_said_once(cluster: DaskCluster, pairs: Path) -> None:
    said = complaint(run("--dask", cluster.address, "--dask-root", "/nowhere", archive=pairs))
    assert "does not have the archive at /nowhere: No such file or directory; " in said
    assert said.endswith(" (and 1 more)\n")


def test_a_filesystem_of_the_archive_that_workers_lack_is_said_once(cluster: DaskCluster, tmp_path: Path) -> None:
    (tmp_path / "site/model").mkdir(parents=True)
    mounted = (
        "mount -t tmpfs none $ROOT/site/model; cd $ROOT/site/model; "
        "for number in $(seq 600); do echo same > $number.jpg; done"
    )
    said = complaint(run_behind(mounted, tmp_path, "--dask", cluster.address))
    assert "does not see what this machine sees: " in said
    assert said.endswith(".jpg: No such file or directory\n")


def test_a_scheduler_without_workers_is_said(tmp_path: Path, pairs: Path) -> None:
    with DaskCluster(tmp_path) as cluster:
        assert "has no workers; start some with: dask worker tcp://" in complaint(
            run("--dask", cluster.address, archive=pairs)
        )


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("tcp://127.0.0.1:9", "no Dask scheduler answers at tcp://127.0.0.1:9: Connection refused"),
        (
            "tcp://nowhere.invalid:8786",
            "no Dask scheduler answers at tcp://nowhere.invalid:8786: Name or service not known",
        ),
        ("http://127.0.0.1:9", "http://127.0.0.1:9 is no Dask scheduler: write tcp://host:port"),
        ("127.0.0.1", "127.0.0.1 is no Dask scheduler: write tcp://host:port"),
        ("tcp://127.0.0.1:99999\x1b[m", "tcp://127.0.0.1:99999\\x1b[m is no Dask scheduler: write tcp://host:port"),
    ],
)
def test_where_no_scheduler_answers_that_is_said(pairs: Path, address: str, expected: str) -> None:
    with pytest.raises(ClusterError) as said, cluster_workers(address, str(pairs)):
        pass
    assert str(said.value) == expected


def test_something_else_that_listens_there_holds_nobody(pairs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "ANSWER_S", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(ClusterError, match="nothing heard for 1 second"), cluster_workers(address, str(pairs)):
            pass


def test_without_the_extra_it_is_said_and_all_else_works(pairs: Path) -> None:
    command = [sys.executable, "-c", NO_DASK, "scan", str(pairs)]
    answer = subprocess.run([*command, "--dask", "tcp://127.0.0.1:9"], capture_output=True, check=False)
    assert complaint(answer).endswith(" is not installed here: pip install 'catalog-tui[dask]'\n")
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_a_root_for_the_workers_without_workers_is_wrong_usage(pairs: Path) -> None:
    assert run("--dask-root", "/elsewhere", archive=pairs).returncode == 2


def scan_until_begun(
    cluster: DaskCluster,
    archive: Path,
    then: Callable[[], None],
    *,
    cancelled: Callable[[], bool] = lambda: False,
    grace_s: float = PATIENCE_S,
) -> Event:
    """Scan with two workers of which one hangs, do `then` when the other has read something; gives the last event."""
    cluster.start_worker("works")
    hung = cluster.start_worker("hangs")
    begun = False
    with cluster_workers(cluster.address, str(archive), grace_s=grace_s) as workers:
        hung.send_signal(signal.SIGSTOP)
        for event in scan_events(ScanOptions(str(archive)), cancelled=cancelled, workers=workers):
            if isinstance(event, Progress) and event.bytes_read and not begun:
                begun = True
                then()
    return event


def run(*flags: str, archive: Path) -> "subprocess.CompletedProcess[bytes]":
    """Scan by the command line."""
    return subprocess.run([*SCAN, str(archive), "--no-index", *flags], capture_output=True, check=False)


def run_behind(script: str, archive: Path, *flags: str) -> "subprocess.CompletedProcess[bytes]":
    """Scan where the mounts of `script` are seen, which workers do not see; paths to stdout."""
    command = f'set -e; {script}; cd /; exec "$@"'
    scan_words = [*SCAN, str(archive), "--no-index", "--format", "null", *flags]
    argv = [*PRIVATE_MOUNTS, "sh", "-c", command, "sh", *scan_words]
    return subprocess.run(argv, capture_output=True, env={**os.environ, "ROOT": str(archive)}, check=False)


def complaint(answer: "subprocess.CompletedProcess[bytes]") -> str:
    """What a command said that could not do its work: one line."""
    said = answer.stderr.decode()
    assert (answer.returncode, answer.stdout, said.count("\n")) == (1, b"", 1), said
    return said
