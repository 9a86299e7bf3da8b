"""Valet's own path: the mail tools' listing and bulk fetch over the gateway's signed transport, audited on SQLite."""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from auth.audit import AuditLog
from auth.capability import Capability
from auth.gateway import Gateway, SignedTransport
from auth.lease import Lease, Secret
from auth.wire import Cut, Wire
from tests.bench.contenders.worker import loop
from tests.bench.service.corpus import OWNER, digest_of
from tools.base import ToolContext
from tools.clients import gmail
from tools.gmail_summary import READ
from tools.mail.box import Mailbox
from tools.mail.fetch import expect, get_all
from tools.mail.listing import list_path, read_listing, thread_path
from tools.mail.payload import read_body

NOW = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
CAPABILITY = Capability(READ.connection, READ.capability, frozenset(READ.scopes), READ.operations, "read")


UNREAD = ("INBOX", "UNREAD")


@dataclass
class Kept:
    """A node's memory that lasts as long as the process."""

    values: dict[str, bytes] = field(default_factory=dict)

    def get(self, key: str) -> bytes | None:
        return self.values.get(key)

    def put(self, key: str, value: bytes) -> None:
        self.values[key] = value


class Reader:
    """Reads the mailbox of the fake service."""

    def __init__(self, origin: str, folder: Path) -> None:
        self._origin, self._folder = origin, folder
        self._wire = Wire()
        self._memory = Kept()
        self._audit = AuditLog(self._connect)
        gmail()

    def _connect(self) -> sqlite3.Connection:
        found = sqlite3.connect(self._folder / "audit.db", isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL"):
            found.execute(f"PRAGMA {pragma}")
        return found

    def transport(self, *, cold: bool) -> SignedTransport:
        """A transport as the graph hands to a call; cold, over connections of its own."""
        if cold:
            self._wire.close()
            self._wire = Wire()
        lease = Lease(
            "bench", OWNER, CAPABILITY.name, CAPABILITY.scopes, float("inf"), Secret("ya29.fake-token-of-a-measurement")
        )
        hosts = {"gmail.googleapis.com": self._origin}
        return Gateway(self._wire, self._audit, hosts).open(lease, CAPABILITY, cut=Cut(), renew=lambda dead: None)

    def rescan(self, command: dict[str, Any]) -> Any:
        """Bring the newest hundred unread conversations up to date; `learn` begins with nothing remembered."""
        if command.get("learn"):
            self._memory = Kept()
        context = ToolContext(self.transport(cold=False), NOW, ZoneInfo("UTC"), OWNER, _silent, self._memory)

        def timed() -> dict[str, Any]:
            mailbox = Mailbox(context)
            scan = mailbox.scan(query="", labels=UNREAD, limit=100)
            mailbox.close()
            mails = [mail for messages in scan.threads.values() for mail in messages]
            return {"mails": {mail.id: mail.text for mail in mails}}

        return timed

    def read(self, command: dict[str, Any]) -> Any:
        transport = self.transport(cold=bool(command.get("cold")))

        def timed() -> dict[str, Any]:
            mails = fetched(transport, command["count"])
            bodies = [read_body(mail["payload"]) for mail in mails] if command.get("bodies", True) else []
            return {"got": len(mails), "read": len(bodies), "late": lambda: judged(mails)}

        return timed


def fetched(transport: SignedTransport, count: int) -> list[dict[str, Any]]:
    """The newest unread mails, whole, as the mail tools list and fetch them."""
    path = list_path("", UNREAD, count)
    expect(transport, count)
    listing = read_listing(get_all(transport, [path], _silent, what="listing").found[path], count)
    found = get_all(transport, [thread_path(one) for one in listing.ids], _silent, what="reading").found.values()
    return [mail for thread in found for mail in thread["messages"]]


def _silent(done: int, total: int | None, what: str) -> None:
    """Nobody watches."""


def judged(mails: list[dict[str, Any]]) -> dict[str, Any]:
    return {"mails": {mail["id"]: [mail["snippet"], digest_of(mail["payload"])] for mail in mails}}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as kept:
        reader = Reader(sys.argv[1], Path(kept))
        loop({"read": reader.read, "rescan": reader.rescan})
