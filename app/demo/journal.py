"""The server's request log: what was asked and answered, secrets only as hashes."""

import threading
from collections import deque
from dataclasses import dataclass
from urllib.parse import quote

from app.demo.wire import Request, Response, fingerprint

LONGEST = 10_000
_SECRETS = frozenset(
    {"access_token", "oauth_token", "token", "key", "code", "code_challenge", "client_secret", "state"}
)


@dataclass(frozen=True)
class Record:
    """One request and its answer. `token` is the beginning of the bearer token's hash, "" for none.

    `inside_batch` marks the parts of a batch; the batch itself has a record of its own.
    """

    method: str
    path: str
    query: str
    status: int
    scopes: tuple[str, ...]
    token: str
    inside_batch: bool


class Journal:
    """The last requests, oldest first."""

    def __init__(self) -> None:
        self._records: deque[Record] = deque(maxlen=LONGEST)
        self._lock = threading.Lock()

    def add(self, request: Request, response: Response, *, inside_batch: bool = False) -> None:
        record = Record(
            request.method,
            request.path,
            _without_secrets(request),
            response.status,
            response.scopes,
            fingerprint(request.bearer)[:12] if request.bearer else "",
            inside_batch,
        )
        with self._lock:
            self._records.append(record)

    def records(self) -> list[Record]:
        with self._lock:
            return list(self._records)

    def clear(self) -> None:
        with self._lock:
            self._records.clear()


def _without_secrets(request: Request) -> str:
    shown = []
    for name, value in request.parameters:
        kept = f"sha256-{fingerprint(value)[:12]}" if name in _SECRETS else value
        shown.append(f"{quote(name)}={quote(kept)}")
    return "&".join(shown)
