"""Brokers that ask in a browser, on the demo's identity services; and a browser that goes where it is sent."""

from __future__ import annotations

import http.client
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from app.demo.google_oauth import CLIENT_ID, CLIENT_SECRET
from app.demo.server import Running
from app.demo.slack.oauth import SLACK_CLIENT_ID
from auth.broker import Brokers
from auth.capability import Capability
from auth.consent import Asking, Outcome
from auth.gateway import Gateway
from auth.local.google import GoogleBroker
from auth.local.grants import Client, Grants, MemoryGrants
from auth.local.slack import SlackBroker
from auth.need import Need
from auth.wire import Cut, Wire
from tests.auth.signed import Rows
from tests.demo.little_office import AUTH, Clock
from tests.loopback import PATIENCE

HOSTS = ("gmail.googleapis.com", "www.googleapis.com", "oauth2.googleapis.com", "accounts.google.com", "slack.com")
READONLY, LABELS = f"{AUTH}gmail.readonly", f"{AUTH}gmail.labels"
MAIL = Capability("google", "gmail.read", frozenset({READONLY}), (), "read", "read your mail")
SORT = Capability("google", "gmail.sort", frozenset({READONLY, LABELS}), (), "read", "read and label your mail")
CHAT = Capability("slack", "slack.read", frozenset({"channels:read"}), (), "read", "read your channels")
ME = "me"


@dataclass(frozen=True)
class Page:
    status: int
    headers: dict[str, str]
    text: str


def fetch(address: str, method: str = "GET", **headers: str) -> Page:
    """One request, redirects as they are; header names with _ for -."""
    at = urlsplit(address)
    line = http.client.HTTPConnection(at.hostname or "", at.port, timeout=PATIENCE)
    try:
        line.request(method, at._replace(scheme="", netloc="").geturl() or "/", headers=_dashed(headers))
        answer = line.getresponse()
        named = {name.lower(): value for name, value in answer.headers.items()}
        return Page(answer.status, named, answer.read().decode())
    finally:
        line.close()


def _dashed(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def sent_back(page: str) -> str:
    """Follow the page to the provider, who answers at once; gives the address the browser is sent back to."""
    onward = fetch(page).headers["location"]
    return fetch(onward).headers["location"]


def browse(page: str) -> Page:
    """All the way: our page, the provider, and back."""
    return fetch(sent_back(page))


@dataclass(frozen=True)
class Noting(Brokers):
    """`askings` are all that were asked, with whom."""

    askings: list[tuple[str, Asking]] = field(default_factory=list)

    def ask(self, user: str, account: str, capability: Capability) -> Asking | Need:
        asking = super().ask(user, account, capability)
        if isinstance(asking, Asking):
            self.askings.append((user, asking))
        return asking


@dataclass
class Desk:
    """Valet's side of the demo's identity services, in one process."""

    running: Running
    clock: Clock
    google: Grants = field(default_factory=MemoryGrants)
    slack: Grants = field(default_factory=MemoryGrants)
    audit: Rows = field(default_factory=Rows)
    wire: Wire = field(default_factory=Wire)
    open_seconds: float = PATIENCE
    default_account: str = ""
    bundles: dict[str, Capability] = field(default_factory=dict)

    def __post_init__(self) -> None:
        gateway = Gateway(self.wire, self.audit, origins=dict.fromkeys(HOSTS, self.running.origin))
        common: dict[str, Any] = {
            "wire": self.wire,
            "audit": self.audit,
            "clock": self.clock,
            "locate": gateway.locate,
            "open_seconds": self.open_seconds,
            "default_account": self.default_account,
            "bundles": self.bundles,
        }
        google = GoogleBroker(client=Client(CLIENT_ID, CLIENT_SECRET), grants=self.google, **common)
        slack = SlackBroker(client=Client(SLACK_CLIENT_ID, ""), grants=self.slack, **common)
        self.brokers = Noting({"google": google, "slack": slack})

    def close(self) -> None:
        """Withdraw what is still asked: Slack's page may stand at three ports only, and the next test needs one."""
        for user, asking in self.brokers.askings:
            self.brokers.withdraw(user, asking.id)
        self.wire.close()

    def asked(self, capability: Capability = MAIL, account: str = "") -> Asking:
        asking = self.brokers.ask(ME, account, capability)
        assert isinstance(asking, Asking), asking
        return asking

    def settled(self, asking: Asking, seconds: float = PATIENCE) -> Outcome:
        return self.brokers.settle(ME, asking.id, seconds=seconds, cut=Cut())

    def linked(self, capability: Capability = MAIL, account: str = "") -> Outcome:
        """A whole consent."""
        asking = self.asked(capability, account)
        browse(asking.page)
        return self.settled(asking)

    def posts(self, path: str) -> int:
        return sum(record.path == path and record.method == "POST" for record in self.running.log)
