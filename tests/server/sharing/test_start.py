"""What is said at the start of the Redis that is to be shared by: one line, and nothing of the password."""

from pathlib import Path

import pytest

from tests.cli.running import run_cli
from tests.server.peers import free_port
from tests.server.serving import serving
from tests.server.sharing.redis_server import RedisServer
from tests.trees import make_archive


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return make_archive(tmp_path / "archive", {"site/model/a.jpg": b"x"})


def refused(archive: Path, *flags: str) -> tuple[int, str]:
    done = run_cli("serve", str(archive), "--port", "0", *flags)
    (line,) = done.stderr.splitlines()
    return done.returncode, line


def test_a_redis_that_is_not_there_is_told_in_one_line(archive: Path) -> None:
    port = free_port()
    code, line = refused(archive, "--redis", f"redis://user:hush-hush@127.0.0.1:{port}/0")
    assert code == 1 and f"Redis cannot be reached at redis://127.0.0.1:{port}/0" in line and "hush" not in line


def test_a_redis_that_wants_another_password_is_told_in_one_line(archive: Path, redis: RedisServer) -> None:
    redis.client.config_set("requirepass", "right")
    code, line = refused(archive, "--redis", f"redis://:hush-hush@127.0.0.1:{redis.port}/0")
    assert code == 1 and "Redis cannot be reached" in line and "hush" not in line


def test_what_is_no_redis_is_told_in_one_line(archive: Path, tmp_path: Path) -> None:
    with serving(archive, home=tmp_path / "home") as web:
        code, line = refused(archive, "--redis", f"redis://127.0.0.1:{web.port}")
        assert code == 1 and "Redis cannot be reached" in line
    code, line = refused(archive, "--redis", "http://127.0.0.1:1/")
    assert code == 2 and "redis://HOST:PORT/0" in line


def test_a_secret_that_others_may_read_is_none(archive: Path, tmp_path: Path, redis: RedisServer) -> None:
    file = tmp_path / "secret"
    file.write_text("a secret that is long enough\n")
    file.chmod(0o644)
    code, line = refused(archive, "--redis", redis.url, "--redis-secret", str(file))
    assert code == 1 and "chmod 600" in line
    assert refused(archive, "--redis", redis.url, "--redis-secret", str(tmp_path / "none"))[0] == 1


def test_a_setting_will_do_and_a_secret_is_made_for_this_machine(
    archive: Path, tmp_path: Path, redis: RedisServer
) -> None:
    url = f"redis://default:hush-hush@127.0.0.1:{redis.port}/0"
    redis.client.config_set("requirepass", "hush-hush")
    home = tmp_path / "home"
    with serving(archive, home=home, environ={"CATALOG_TUI_REDIS": url}) as server:
        said = server.log.read_text()
        assert f"shared by Redis at redis://127.0.0.1:{redis.port}/0" in said and "hush" not in said
        assert server.ask("/api/cache_stats").json["backend"] == "redis"
    kept = home / "state/redis-secret"
    assert kept.stat().st_mode & 0o777 == 0o600
    first = kept.read_text()
    with serving(archive, "--redis", url, home=home):
        assert kept.read_text() == first and len(first) > 32


def test_doctor_tells_of_it(redis: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "none is set" in run_cli("doctor").stdout
    monkeypatch.setenv("CATALOG_TUI_REDIS", redis.url)
    assert f"redis://127.0.0.1:{redis.port}/0 answers, version" in run_cli("doctor").stdout
    redis.kill()
    assert "Redis cannot be reached" in run_cli("doctor").stdout
