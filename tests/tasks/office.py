"""The tasks API as a test talks to it: real HTTP on loopback, tokens of an issuer of the test's own or the embedded."""

from __future__ import annotations

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import urllib3
from joserfc import jwt
from joserfc.jwk import RSAKey

from app.storage import private_file
from app.tasks.addresses import AUDIENCE
from app.tasks.application import Application, Embedded, Trusted
from app.tasks.keys import CLIENT_ID, MemoryKeys, client_secret
from app.tasks.server import TasksServer
from app.vault_opening import VAULT
from auth.local.keys import Beside, Ladder
from auth.local.vault import Vault
from tests.demo.little_office import Answer as Plain
from tests.demo.little_office import Clock as Hands
from tests.loopback import Got, Hostile, Line

USER, OTHER = "local:1000", "local:1001"
REDIRECT = "http://127.0.0.1/tasks/callback"
VERIFIER = "verifier-" + "0123456789" * 5
DIGEST = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
BOTH = "tasks:read tasks:write"
ABROAD = "https://tenant.auth.example/"


@dataclass
class Clock(Hands):
    """Begins with the second that it really is."""

    now: float = field(default_factory=lambda: float(int(time.time())))


class Answer(Plain):
    """An answer of the API, whose errors are problems (RFC 9457)."""

    @property
    def kind(self) -> str:
        """The last part of the problem's type."""
        return str(self.json["type"]).rpartition(":")[2]


@dataclass
class Office:
    """A client of one running server."""

    origin: str
    token: str = ""
    secret: str = ""

    def send(self, method: str, target: str, body: bytes | None = None, **headers: str) -> Answer:
        """Header names with _ for -; an empty value leaves the header out."""
        given = {name.replace("_", "-").title(): value for name, value in headers.items()}
        if self.token and "Authorization" not in given:
            given["Authorization"] = f"Bearer {self.token}"
        given = {name: value for name, value in given.items() if value}
        with urllib3.PoolManager(retries=False) as pool:
            answer = pool.request(method, self.origin + target, body=body, headers=given, redirect=False)
            return Answer(answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.data)

    def put(self, method: str, target: str, value: Any, **headers: str) -> Answer:
        """Send JSON."""
        return self.send(method, target, json.dumps(value).encode(), **({"content_type": "application/json"} | headers))

    def create(self, title: str = "Sign the lease", **given: Any) -> Any:
        made = self.put("POST", "/v1/tasks", {"title": title, **given})
        assert made.status == 201, made.body
        return made.json

    def titles(self, **query: str) -> list[str]:
        listed = self.send("GET", f"/v1/tasks?{urlencode(query)}")
        assert listed.status == 200, listed.body
        return [task["title"] for task in listed.json["tasks"]]

    def form(self, path: str, **fields: str) -> Answer:
        given = {"client_id": CLIENT_ID, "client_secret": self.secret, **fields}
        body = urlencode({name: value for name, value in given.items() if value}).encode()
        return self.send("POST", path, body, content_type="application/x-www-form-urlencoded")

    def authorize(self, **changed: str) -> Answer:
        """Ask for a code; a parameter changed to "" is left out."""
        query = {
            "client_id": CLIENT_ID,
            "redirect_uri": REDIRECT,
            "response_type": "code",
            "scope": f"{BOTH} offline_access",
            "audience": AUDIENCE,
            "state": "s1",
            "code_challenge": DIGEST,
            "code_challenge_method": "S256",
        } | changed
        return self.send("GET", f"/authorize?{urlencode({k: v for k, v in query.items() if v})}")

    def code(self, **changed: str) -> str:
        return back(self.authorize(**changed))["code"]

    def redeem(self, code: str, **changed: str) -> Answer:
        fields = {"grant_type": "authorization_code", "code": code, "code_verifier": VERIFIER, "redirect_uri": REDIRECT}
        return self.form("/oauth/token", **(fields | changed))

    def refresh(self, token: str, **changed: str) -> Answer:
        return self.form("/oauth/token", **({"grant_type": "refresh_token", "refresh_token": token} | changed))

    def sign_in(self, scope: str = BOTH) -> Any:
        """The answer of the token endpoint; its token is used from now on."""
        given = self.redeem(self.code(scope=f"{scope} offline_access"))
        assert given.status == 200, given.body
        self.token = given.json["access_token"]
        return given.json


def back(answer: Answer) -> dict[str, str]:
    """What the browser was sent back with."""
    assert answer.status == 302, answer.body
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}


@contextmanager
def vault_in(folder: Path) -> Iterator[Vault]:
    """A vault whose key lies beside it."""
    with closing(Vault.open(private_file(folder / VAULT), Ladder((Beside(folder),)))) as vault:
        yield vault


@contextmanager
def opened(path: Path, clock: Any = time.time, keys: Any = None) -> Iterator[Office]:
    """A server with the embedded issuer; nobody has signed in."""
    kept = keys or MemoryKeys()
    with TasksServer(lambda origin: Application(path, InClear(), Embedded(USER, kept), origin, clock)) as server:
        yield Office(server.origin, secret=client_secret(kept))


class InClear:
    """A seal that hides nothing, for what is not about secrecy."""

    def encrypt(self, plain: bytes, about: bytes, /) -> bytes:
        return plain

    def decrypt(self, closed: bytes, about: bytes, /) -> bytes:
        return closed

    def name(self, *names: str) -> bytes:
        return sha256("\n".join(names).encode()).digest()


class Abroad:
    """An issuer elsewhere, whose keys are published by `hostile`."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048)
        self.published = [self.public(self.key, "k1")]
        self.fetches = 0
        self.down = False

    def public(self, key: RSAKey, kid: str) -> dict[str, Any]:
        return {**key.as_dict(private=False), "kid": kid, "use": "sig", "alg": "RS256"}

    def play(self, got: Got, line: Line) -> None:
        self.fetches += 1
        if self.down:
            line.reply(503, {"error": "down"})
        else:
            line.reply(200, {"keys": self.published})

    def token(self, clock: Clock, *, header: Mapping[str, Any] | None = None, key: Any = None, **claims: Any) -> str:
        """A good token, changed as told; a claim of None is left out."""
        good = {
            "iss": ABROAD,
            "aud": [AUDIENCE, "https://other.example"],
            "sub": USER,
            "exp": clock.now + 600,
            "iat": clock.now,
            "scope": BOTH,
        }
        given = {name: value for name, value in (good | claims).items() if value is not None}
        head = {"alg": "RS256", "kid": "k1", "typ": "JWT"} | dict(header or {})
        algorithms = ["RS256", "RS512", "PS256", "HS256"]
        return jwt.encode(head, given, key or self.key, algorithms=algorithms, default_type=None)


@contextmanager
def trusting(path: Path, abroad: Abroad, clock: Clock) -> Iterator[Office]:
    """A server that takes the tokens of an issuer elsewhere."""
    with Hostile(abroad.play) as hostile:
        trusted = Trusted(ABROAD, AUDIENCE, f"{hostile.origin}/jwks.json")
        with TasksServer(lambda origin: Application(path, InClear(), trusted, origin, clock)) as server:
            yield Office(server.origin)
