"""The token, the sessions that it opens, and one-time pairing codes.

Sessions and codes are files in the run's private folder, named by the SHA-256 of their secret: so the folder
tells no secret, and a session ends with its file, whichever process is asked. One `stat` a request is all that costs.
"""

import base64
import hashlib
import hmac
import os
import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from catalog_tui.core.words import _
from catalog_tui.server.patience import Patience
from catalog_tui.server.problems import Refused
from catalog_tui.server.replies import Scope

TOKEN_BYTES: Final = 24
SESSION_S: Final = 30 * 24 * 3600.0
PAIRING_S: Final = 10 * 60.0


def digest_of(secret: str) -> bytes:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).digest()


def new_secret() -> str:
    """A secret that nobody guesses, fit for an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


class Keys:
    """What opens the server: the token of digest `digest`, and what it opened, kept in `folder`."""

    def __init__(self, digest: bytes, folder: str, *, port: int, secure: bool) -> None:
        """`port` tells the cookies of servers on one machine apart; `secure`: they go over TLS alone."""
        self._digest = digest
        self._folder = folder
        self.cookie_name: Final = f"catalog_session_{port}"
        self._secure = secure
        self._opened_by = b""  # the header that was right last: most programs send the same again and again
        self._patience = Patience(folder)

    def check(self, scope: Scope, headers: Mapping[bytes, bytes]) -> None:
        """Refused (401, 429) unless the request bears a session's cookie or the token."""
        cookie = self.session_of(headers)
        if cookie and self._is_young(self._path("session", cookie), SESSION_S):
            return
        authorization = headers.get(b"authorization", b"")
        if self._opened_by and hmac.compare_digest(authorization, self._opened_by) and not self._patience.is_tried:
            return
        if authorization[:7].lower() == b"bearer ":
            self.check_token(scope, authorization[7:].strip().decode("latin-1"))
            self._opened_by = authorization
            return
        raise Refused(401, _("This server asks for its token."), headers=((b"www-authenticate", b"Bearer"),))

    def check_token(self, scope: Scope, token: str) -> None:
        """Refused unless that is the token; who fails often has to wait."""
        client = scope["client"][0] if scope.get("client") else ""
        self._patience.check(client)
        if not hmac.compare_digest(digest_of(token), self._digest):
            self._patience.failed(client)
            raise Refused(
                401, _("That is not the token."), code="wrong_token", headers=((b"www-authenticate", b"Bearer"),)
            )
        self._patience.succeeded(client)

    def open_session(self) -> bytes:
        """A new session; gives its Set-Cookie."""
        secret = new_secret()
        self._make(self._path("session", secret))
        return self._cookie(secret, int(SESSION_S))

    def end_session(self, headers: Mapping[bytes, bytes]) -> bytes:
        """End the request's session, if it has one; gives the Set-Cookie that takes it from the browser."""
        if cookie := self.session_of(headers):
            with suppress(FileNotFoundError):
                os.unlink(self._path("session", cookie))
        return self._cookie("", 0)

    def new_pairing_code(self) -> str:
        """A code that opens one session, once, within PAIRING_S."""
        return pairing_code(self._folder)

    def take_pairing_code(self, scope: Scope, code: str) -> None:
        """Use a code up; Refused where it is none, was used, or is too old."""
        client = scope["client"][0] if scope.get("client") else ""
        self._patience.check(client)
        path = self._path("pairing", code)
        young = self._is_young(path, PAIRING_S)
        try:
            os.unlink(path)  # of several who come at once, one
        except FileNotFoundError:
            young = False
        if not young:
            self._patience.failed(client)
            raise Refused(401, _("That code was used already, or is too old."), code="wrong_code")

    def session_of(self, headers: Mapping[bytes, bytes]) -> str:
        """The secret in the request's cookie, "" where there is none."""
        for part in headers.get(b"cookie", b"").split(b";"):
            name, _equals, value = part.strip().partition(b"=")
            if name == self.cookie_name.encode():
                return value.decode("latin-1")
        return ""

    def _cookie(self, secret: str, age_s: int) -> bytes:
        secure = "; Secure" if self._secure else ""
        text = f"{self.cookie_name}={secret}; Path=/; Max-Age={age_s}; HttpOnly; SameSite=Strict{secure}"
        return text.encode()

    def _path(self, what: str, secret: str) -> str:
        return os.path.join(self._folder, f"{what}-{_name_of(secret)}")

    def _make(self, path: str) -> None:
        _make(path)

    def _is_young(self, path: str, most_s: float) -> bool:
        try:
            return time.time() - os.stat(path).st_mtime < most_s
        except OSError:
            return False


def pairing_code(folder: str) -> str:
    """A new one-time code for the server whose run folder this is."""
    code = new_secret()
    _make(os.path.join(folder, f"pairing-{_name_of(code)}"))
    return code


def _make(path: str) -> None:
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _name_of(secret: str) -> str:
    return base64.b32encode(digest_of(secret)).decode("ascii").rstrip("=").lower()
