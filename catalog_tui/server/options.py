"""How a server is to run: what its worker is told, wherever that runs."""

from dataclasses import dataclass

from catalog_tui.config import Settings
from catalog_tui.server.sharing.redis_link import RedisOptions


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """Everything that the command line and the settings say. Paths are absolute."""

    archive: str
    settings: Settings
    language: str
    run_folder: str
    """A private folder for the time of this run, of its own: sessions, pairing codes."""
    host: str = "127.0.0.1"
    port: int = 8008
    allow_delete: bool = False
    allowed_hosts: tuple[str, ...] = ()
    """Host names by which it may be called, besides addresses, localhost and the machine's own name."""
    token_digest: bytes | None = None
    """The SHA-256 of the token; None where none is asked for."""
    certificate: str = ""
    private_key: str = ""
    log: str = "text"
    """`text`, `json` or `none`."""
    workers: int = 1
    """Processes that answer, each the whole application."""
    device: int = 0
    """Of the archive's folder when the server began: another one there means that the archive is away."""
    redis: RedisOptions | None = None
    """Where several servers share what they have read and made; None where this one is alone."""

    @property
    def scheme(self) -> str:
        """https where there is a certificate."""
        return "https" if self.certificate else "http"
