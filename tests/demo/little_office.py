"""A tiny demo workspace, a clock set by hand, and a plain client that checks every answer against its schema."""

from __future__ import annotations

import http.client
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from app.demo.google_oauth import CLIENT_ID, CLIENT_SECRET
from app.demo.server import Running
from app.demo.workspace import Person, Workspace
from tests.demo.discovery_schema import check_response

NOW = datetime(2026, 3, 25, 9, 0, tzinfo=UTC)  # a Wednesday; clocks go forward on Sunday the 29th in Europe
ALEX = "alex.rivera@northwind.example"
DANA = "dana.okafor@northwind.example"
ZONE = "Europe/Zurich"
AUTH = "https://www.googleapis.com/auth/"
READONLY = f"{AUTH}gmail.readonly"
CALENDAR = f"{AUTH}calendar.readonly"
REDIRECT = "http://127.0.0.1:9/callback"
VERIFIER = "verifier-" + "0123456789" * 5
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass
class Clock:
    """Seconds since the epoch, moved by hand."""

    now: float = NOW.timestamp()

    def __call__(self) -> float:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span).total_seconds()


@dataclass(frozen=True)
class Answer:
    """What came back; `json` is read from the body when it is asked for."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def reason(self) -> str:
        """The machine word of a Google error."""
        return str(self.json["error"]["errors"][0]["reason"])


@dataclass
class Client:
    """One keep-alive connection to a server; with a token, a caller of its APIs."""

    running: Running
    token: str = ""
    connection: http.client.HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        address = urlsplit(self.running.origin)
        self.connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=20)

    def send(
        self, method: str, target: str, body: bytes | str | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        bearer = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        self.connection.request(method, target, body, {**bearer, **(headers or {})})
        response = self.connection.getresponse()
        answer = Answer(response.status, dict(response.headers), response.read())
        plain = "fields=" not in target and not headers
        if plain and answer.status == 200 and target.startswith(("/gmail/", "/calendar/")):
            check_response(method, target, answer.json)
        return answer

    def get(self, path: str, **query: Any) -> Answer:
        return self.send("GET", f"{path}?{urlencode(query, doseq=True)}" if query else path)

    def mail(self, path: str, **query: Any) -> Answer:
        return self.get(f"/gmail/v1/users/me/{path}", **query)

    def calendar(self, path: str, **query: Any) -> Answer:
        return self.get(f"/calendar/v3/{path}", **query)

    def post(self, path: str, value: Any) -> Answer:
        return self.send("POST", path, json.dumps(value), {"Content-Type": "application/json"})

    def form(self, path: str, **values: str) -> Answer:
        return self.send("POST", path, urlencode(values), FORM)

    def close(self) -> None:
        self.connection.close()


def challenge(verifier: str = VERIFIER) -> str:
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")


def authorize(client: Client, scopes: Sequence[str], **changes: str) -> Answer:
    """Open the consent page as an installed app does; `changes` replace parameters ("" leaves one out)."""
    asked = {
        "client_id": CLIENT_ID,
        "redirect_uri": REDIRECT,
        "response_type": "code",
        "scope": " ".join(scopes),
        "state": "state-of-the-client",
        "code_challenge": challenge(),
        "code_challenge_method": "S256",
        **changes,
    }
    return client.get("/o/oauth2/v2/auth", **{name: value for name, value in asked.items() if value})


def callback(answer: Answer) -> dict[str, str]:
    """What the redirect carries back to the app."""
    assert answer.status == 302, answer
    return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))


def redeem(client: Client, code: str, **changes: str) -> Answer:
    asked = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": REDIRECT,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "code_verifier": VERIFIER,
        **changes,
    }
    return client.form("/token", **asked)


def refresh(client: Client, token: str, **changes: str) -> Answer:
    asked = {"grant_type": "refresh_token", "refresh_token": token, "client_id": CLIENT_ID}
    return client.form("/token", **{**asked, "client_secret": CLIENT_SECRET, **changes})


def sign_in(running: Running, *scopes: str, hint: str = "") -> dict[str, Any]:
    """The whole consent, as the token endpoint answers it."""
    client = Client(running)
    code = callback(authorize(client, scopes, login_hint=hint))["code"]
    answer = redeem(client, code)
    client.close()
    assert answer.status == 200, answer.body
    tokens: dict[str, Any] = answer.json
    return tokens


def letter(
    sender: str = f"Dana Okafor <{DANA}>",
    subject: str = "Budget",
    body: str = "Hello Alex.",
    number: int = 1,
    **headers: str,
) -> bytes:
    """A plain message; further headers with _ for -."""
    extra = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return (
        f"From: {sender}\r\nTo: Alex Rivera <{ALEX}>\r\nSubject: {subject}\r\n"
        f"Message-ID: <{number}@mail.example>\r\n{extra}\r\n{body}\r\n"
    ).encode()


def file(workspace: Workspace, raw: bytes, *labels: str, days: float = 0, **more: Any) -> str:
    """Put a message into the mailbox, received `days` before NOW."""
    return workspace.add_message(raw, labels=labels or ("INBOX",), received=NOW - timedelta(days=days), **more)


def timed(day: str, start: str, end: str, **more: Any) -> dict[str, Any]:
    """An event of a day of March 2026 in the office's zone; times as HH:MM."""
    return {
        "summary": "Meeting",
        "start": {"dateTime": f"2026-03-{day}T{start}:00", "timeZone": ZONE},
        "end": {"dateTime": f"2026-03-{day}T{end}:00", "timeZone": ZONE},
        **more,
    }


def open_office(path: Path, clock: Clock) -> Workspace:
    """An owner, a colleague, and a calendar for each."""
    workspace = Workspace.create(path, owner=Person(ALEX, "Alex Rivera", ZONE), zone=ZONE, clock=clock)
    workspace.add_person(Person(DANA, "Dana Okafor", "Europe/London", ("08:00", "16:00")))
    workspace.add_calendar(ALEX, summary="Alex Rivera", owner=ALEX, zone=ZONE, primary=True)
    workspace.add_calendar(
        DANA, summary="Dana Okafor", owner=DANA, zone="Europe/London", role="freeBusyReader", primary=True
    )
    return workspace
