"""The demo's services, watched: every secret that they mint or are shown is noted, and they can be made to blab."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from app.demo.consent import Consent
from app.demo.listener import Reply
from app.demo.quota import Limits
from app.demo.server import Running
from app.demo.wire import Request, json_response
from app.demo.workspace import Workspace

MINTED = frozenset({"access_token", "refresh_token", "id_token", "auth_session", "ticket"})
SHOWN = frozenset(
    {
        "code",
        "code_verifier",
        "client_secret",
        "refresh_token",
        "token",
        "access_token",
        "apikey",
        "subject_token",
        "auth_session",
        "connect_code",
        "ticket",
    }
)
_LEAST = 16


class Watched(Running):
    """`noted` says of each secret what it is. A call to a path that `blabbing` matches is answered with the
    credentials it came with.
    """

    def __init__(self, workspace: Workspace, clock: Callable[[], float]) -> None:
        self.noted: dict[str, str] = {}
        self.blabbing = ""
        self._guard = threading.Lock()
        super().__init__(workspace, 0, Limits(), clock, Consent())

    def _reply(self, request: Request) -> Reply:
        reply = super()._reply(request)
        shown = [*_shown(request)]
        minted = [*_minted(reply.response.body), *_sent_back(dict(reply.response.headers).get("Location", ""))]
        with self._guard:
            for kind, secret in [*shown, *minted]:
                if len(secret) >= _LEAST:
                    self.noted.setdefault(secret, kind)
        return _blab(shown) if self.blabbing and re.fullmatch(self.blabbing, request.path) else reply

    def secrets(self) -> dict[str, str]:
        """By a name for each."""
        with self._guard:
            return {f"{kind} {number}": secret for number, (secret, kind) in enumerate(self.noted.items(), 1)}


def _blab(shown: list[tuple[str, str]]) -> Reply:
    told = " and ".join(secret for _, secret in shown)
    words = {
        "error": "invalid_request",
        "error_description": f"You sent {told}",
        "reason": told,
        "message": told,
        "detail": told,
    }
    return Reply(json_response(400, {"ok": False, **words}, ("X-Told", told)))


def _shown(request: Request) -> Iterator[tuple[str, str]]:
    if request.bearer:
        yield "bearer", request.bearer
    given: list[tuple[str, Any]] = [*request.parameters, *(request.form.items() if request.body else ())]
    given += _object(request.body).items()
    yield from ((name, value) for name, value in given if name in SHOWN and isinstance(value, str))


def _minted(body: bytes) -> Iterator[tuple[str, str]]:
    told = _object(body)
    for part in (told, told.get("authed_user"), told.get("connect_params")):
        if isinstance(part, dict):
            yield from ((name, value) for name, value in part.items() if name in MINTED and isinstance(value, str))


def _object(body: bytes) -> dict[str, Any]:
    """The JSON object of a body; {} for anything else."""
    try:
        told: Any = json.loads(body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _sent_back(location: str) -> Iterator[tuple[str, str]]:
    yield from (
        (name, value)
        for name, value in parse_qsl(urlsplit(location).query)
        if name in ("code", "state", "connect_code")
    )
