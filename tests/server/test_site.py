"""What stands beside the listings: caches, health, metrics, the document of the API and the page of it."""

import os
import re
import signal
import socket
import subprocess
from pathlib import Path

import msgspec
import pytest

from catalog_tui.server import shapes
from catalog_tui.server.operations import OPERATIONS
from tests.cli.running import run_cli
from tests.server.serving import RunningServer, serving
from tests.waiting import PATIENCE_S


def test_the_document_lists_what_answers_and_its_types_fit(server: RunningServer) -> None:
    document = server.ask("/openapi.json").json
    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) == {operation.path for operation in OPERATIONS}
    named = re.findall(r'"#/components/schemas/(\w+)"', server.ask("/openapi.json").body.decode())
    assert set(named) <= set(document["components"]["schemas"])
    parameters = document["paths"]["/api/models"]["get"]["parameters"]
    limit = next(parameter for parameter in parameters if parameter["name"] == "limit")
    assert (limit["schema"]["minimum"], limit["schema"]["maximum"]) == (1, 1000)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/api/sites", shapes.Sites),
        ("/api/models?site=alpha", shapes.ModelsPage),
        ("/api/model?site=alpha&model=anna", shapes.ModelPage),
        ("/api/search?q=i", shapes.SearchPage),
        ("/api/cache_stats", shapes.CacheStats),
        ("/api/scan_progress", shapes.ScanState),
        ("/healthz", shapes.Health),
        ("/api/nothing", shapes.Problem),
    ],
)
def test_answers_are_what_the_document_says(server: RunningServer, path: str, kind: type[msgspec.Struct]) -> None:
    body = server.ask(path).body
    decoded = msgspec.json.decode(body, type=kind)
    assert msgspec.json.decode(msgspec.json.encode(decoded)) == msgspec.json.decode(body)


def test_the_page_of_the_api_is_plain_and_names_everything(server: RunningServer) -> None:
    page = server.ask("/docs").body.decode()
    assert all(operation.path in page for operation in OPERATIONS)
    assert "<script" not in page and "style=" not in page
    assert server.ask("/static/docs.css").status == 200


def test_caches_are_counted_and_cleared(server: RunningServer) -> None:
    server.ask("/api/models?site=alpha")
    before = server.ask("/api/cache_stats").json
    assert before["models_cache"]["size"] > 0 and before["answers"]["size"] > 0 and before["backend"] == "memory"
    assert server.ask("/api/clear_cache", method="POST").json["cleared"] is True
    after = server.ask("/api/cache_stats").json
    assert after["models_cache"]["size"] == after["answers"]["size"] == after["answer_bytes"] == 0


def test_metrics_count_what_was_asked(server: RunningServer) -> None:
    server.ask("/media/alpha/anna/img1.jpg")
    server.ask('/api/"}evil')
    text = server.ask("/metrics").body.decode()
    assert re.search(r'catalog_requests_total{route="/media",status="200"} [1-9]', text)
    assert "evil" not in text
    assert all(re.fullmatch(r"(# TYPE .*|\w+({[^}]*})? [\d.]+)", line) for line in text.splitlines())


def test_names_in_the_log_cannot_drive_a_terminal(archive: Path, tmp_path: Path) -> None:
    with serving(archive, home=tmp_path / "home") as server:
        server.exchange(b"GET /media/x\x1b]0;owned\x07\xff HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        server.ask("/media/%1b%5d0;owned%0d%0aforged")
        log = server.wait_log("forged")
    assert "\x1b" not in log and "\x07" not in log
    assert all(re.match(r"\d{4}-|catalog-tui|  ", line) for line in log.splitlines())


def test_the_log_as_json(archive: Path, tmp_path: Path) -> None:
    with serving(archive, "--log", "json", home=tmp_path / "home") as server:
        server.ask("/api/sites?x=1")
        log = server.wait_log("/api/sites")
    (line,) = [line for line in log.splitlines() if "/api/sites" in line]
    fields = msgspec.json.decode(line)
    assert (fields["method"], fields["path"], fields["status"]) == ("GET", "/api/sites?x=1", 200)


def test_a_taken_port_is_said_also_when_it_is_one_of_ours_that_has_it(server: RunningServer, archive: Path) -> None:
    done = run_cli("serve", str(archive), "--port", str(server.port))
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1 and "taken" in done.stderr
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        done = run_cli("serve", str(archive), "--port", str(other.getsockname()[1]))
        assert done.returncode == 1 and "taken" in done.stderr


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["/no/such/archive"], 1, "no folder"),
        ([".", "--host", "203.0.113.7"], 1, "cannot listen"),
        ([".", "--host", "no.such.host.invalid."], 1, "no address"),
        ([".", "--token-file", "/no/such/file"], 1, "cannot be read"),
        ([".", "--cert", "/no/such/file", "--key", "/no/such/file"], 1, "certificate"),
        ([".", "--cert", os.devnull, "--key", os.devnull], 1, "with that key: one of the two is no file in PEM form"),
        ([".", "--cert", "/no/such/file"], 2, "--key"),
        ([".", "--port", "99999"], 2, "65535"),
        ([], 2, "which archive"),
    ],
)
def test_what_cannot_be_served_is_said_in_one_line(words: list[str], code: int, said: str) -> None:
    done = run_cli("serve", *words)
    assert done.returncode == code and said in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_a_server_ends_with_its_terminal_and_under_nohup_it_stays(archive: Path, tmp_path: Path) -> None:
    with serving(archive, home=tmp_path / "home") as server:
        server.process.send_signal(signal.SIGHUP)
        assert server.process.wait(PATIENCE_S) == 0
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does, and processes inherit it
    try:
        with serving(archive, home=tmp_path / "home") as server:
            workers = server.pids()
            for pid in workers:
                os.kill(pid, signal.SIGHUP)
            assert server.ask("/healthz").status == 200
            assert set(server.pids()) >= set(workers)  # readers may have come meanwhile
    finally:
        signal.signal(signal.SIGHUP, before)


def test_the_flag_of_old(archive: Path, tmp_path: Path) -> None:
    done = run_cli("serve", str(archive), "--models-dir", str(archive))
    assert done.returncode == 2
    with serving(archive, home=tmp_path / "home") as server:
        assert "open to this machine only, without a token; read-only" in server.log.read_text()


def test_tls(archive: Path, tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        str(key),
        "-out",
        str(certificate),
    ]
    subprocess.run([*command, "-days", "2", "-subj", "/CN=localhost"], check=True, capture_output=True)
    with serving(archive, "--cert", str(certificate), "--key", str(key), home=tmp_path / "home") as server:
        url = f"https://localhost:{server.port}/api/sites"
        for version in ("--http1.1", "--http2"):
            done = subprocess.run(
                ["curl", "-sS", "--retry", "5", "--retry-connrefused", version, "--cacert", str(certificate), url],
                capture_output=True,
                check=True,
                timeout=PATIENCE_S,
            )
            assert b'"alpha"' in done.stdout
