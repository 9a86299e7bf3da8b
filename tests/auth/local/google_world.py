"""A Google broker on a token endpoint that answers as a test says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from auth.capability import Capability
from auth.lease import Lease, Secret
from auth.local.google import GoogleBroker
from auth.local.grants import Client, Grant, MemoryGrants
from auth.need import Need
from auth.wire import Wire
from tests.auth.signed import Rows
from tests.loopback import Got, Hostile, Play

REFRESH, ACCESS, HUSH = "1//canary-refresh", "ya29.canary-access", "canary-client-secret"
READ_SCOPE, SEND_SCOPE = "https://example.org/auth/read", "https://example.org/auth/send"
READ = Capability("google", "mail.read", frozenset({READ_SCOPE}), ("GET host/*",), "read", "read your mail")
ANA = "ana@example.org"


def form(got: Got) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(got.body.decode()).items()}


def issue(**changed: Any) -> Play:
    """A token answer; a value of None leaves the field out."""
    body = {"access_token": ACCESS, "expires_in": 3599, "scope": READ_SCOPE, "token_type": "Bearer"} | changed
    return lambda got, line: line.reply(200, {name: value for name, value in body.items() if value is not None})


def refuse(error: object, status: int = 400, description: str = "said Google", **headers: str) -> Play:
    return lambda got, line: line.reply(status, {"error": error, "error_description": description}, **headers)


def of(who: str, tokens: Play) -> Play:
    """Tokens as the play has them, all of this person's account."""
    facts = {"aud": "valet.apps.example", "sub": f"id-of-{who}", "email": who}
    return lambda got, line: line.reply(200, facts) if got.path == "/tokeninfo" else tokens(got, line)


@dataclass
class World:
    server: Hostile
    wire: Wire
    grants: MemoryGrants = field(default_factory=MemoryGrants)
    audit: Rows = field(default_factory=Rows)
    now: float = 1_800_000_000.0

    def broker(self, consent: Callable[[str], str] | None = None, default: str = ANA) -> GoogleBroker:
        return GoogleBroker(
            wire=self.wire,
            client=Client("valet.apps.example", HUSH),
            grants=self.grants,
            audit=self.audit,
            clock=lambda: self.now,
            default_account=default,
            locate=lambda url: self.server.origin + urlsplit(url).path,
            consent=consent,
        )

    def granted(self, *scopes: str) -> GoogleBroker:
        self.grants.keep("me", READ.name, Grant(ANA, frozenset(scopes or {READ_SCOPE}), Secret(REFRESH)))
        return self.broker()


Make = Callable[[Play], World]


def token(outcome: Lease | Need) -> str:
    assert isinstance(outcome, Lease), outcome
    assert outcome.token is not None
    return outcome.token.reveal()
