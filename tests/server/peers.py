"""Other servers over the same files, to hold ours against."""

import random
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.waiting import PATIENCE_S

NGINX = """
daemon off; worker_processes {workers}; pid {scratch}/pid; error_log {scratch}/errors; user root;
events {{ worker_connections 1024; }}
http {{
    access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; types {{ image/jpeg jpg; }}
    client_body_temp_path {scratch}/body; proxy_temp_path {scratch}/proxy; fastcgi_temp_path {scratch}/fastcgi;
    uwsgi_temp_path {scratch}/uwsgi; scgi_temp_path {scratch}/scgi;
    server {{ listen 127.0.0.1:{port} backlog=2048; root {root}; }}
}}
"""


@contextmanager
def nginx_serving(root: Path, scratch: Path, *, workers: int = 1) -> Iterator[str]:
    """A real nginx over `root`; gives its URL. `scratch` takes its files."""
    port = free_port()
    config = scratch / "nginx.conf"
    config.write_text(NGINX.format(workers=workers, scratch=scratch, port=port, root=root))
    process = subprocess.Popen(["nginx", "-c", str(config), "-p", str(scratch)], stderr=subprocess.DEVNULL)
    try:
        wait_for(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    """A port that nobody has at this moment, and that the system gives to nobody who asks for any: one of those that it
    deals out may be taken, by a mere client, before it is listened on."""
    while True:
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", random.randrange(10_000, 32_000)))
            return int(probe.getsockname()[1])


def wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Return once somebody listens on the port."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        assert process.poll() is None and time.monotonic() < deadline
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        time.sleep(0.01)
