"""The server's request log: what was asked and answered, secrets only as hashes."""

import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import quote

from app.demo.wire import Request, Response, fingerprint

LONGEST = 10_000
_SECRETS = frozenset(
    {
        *("access_token", "oauth_token", "token", "key", "code", "code_challenge", "code_verifier", "client_secret"),
        *("state", "ticket", "connect_code", "refresh_token", "id_token_hint", "user_code"),
    }
)
_PLAIN = frozenset({"grant_type", "client_id", "scope", "redirect_uri", "audience", "connection", "login_hint"})


@dataclass(frozen=True)
class Record:
    """One request and its answer. `token` is the beginning of the bearer token's hash, "" for none.

    `inside_batch` marks the parts of a batch; the batch itself has a record of its own. `form` are the fields of a
    form, those that could be secret hashed.
    """

    method: str
    path: str
    query: str
    status: int
    scopes: tuple[str, ...]
    token: str
    inside_batch: bool
    form: str = ""


class Journal:
    """The last requests, oldest first."""

    def __init__(self) -> None:
        self._records: deque[Record] = deque(maxlen=LONGEST)
        self._lock = threading.Lock()

    def add(self, request: Request, response: Response, *, inside_batch: bool = False) -> None:
        record = Record(
            request.method,
            request.path,
            _shown(request.parameters, lambda name: name not in _SECRETS),
            response.status,
            response.scopes,
            fingerprint(request.bearer)[:12] if request.bearer else "",
            inside_batch,
            _shown(request.form.items(), lambda name: name in _PLAIN),
        )
        with self._lock:
            self._records.append(record)

    def records(self) -> list[Record]:
        with self._lock:
            return list(self._records)

    def clear(self) -> None:
        with self._lock:
            self._records.clear()


def _shown(pairs: Iterable[tuple[str, str]], plain: Callable[[str], bool]) -> str:
    """The names with their values, or with a hash where the value is none to be shown."""
    kept = [(name, value if plain(name) else f"sha256-{fingerprint(value)[:12]}") for name, value in pairs]
    return "&".join(f"{quote(name)}={quote(value)}" for name, value in kept)
