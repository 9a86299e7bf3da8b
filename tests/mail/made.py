"""Mails for the tests: Gmail resources made from raw bytes or from a few words, conversations, and a judge."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from app.demo.gmail_payload import payload_of
from app.demo.mail_text import read_message as parse
from tools.mail.conversation import Conversation, Me, converse
from tools.mail.digest import Digest
from tools.mail.judge import Judge
from tools.mail.lexicon import Words
from tools.mail.message import Message, read_message
from tools.mail.relations import Relations
from tools.mail.suspicion import Known

REAL = Path(__file__).parent.parent / "data" / "imports" / "mail"
ZURICH = ZoneInfo("Europe/Zurich")
NOW = datetime(2025, 11, 18, 9, 12, tzinfo=ZURICH)  # a Tuesday
ALEX = "Alex Rivera <alex.rivera@northwind.example>"
ME = Me(frozenset({"alex.rivera@northwind.example"}), frozenset({"alex", "rivera"}), "rivera")
HOME = frozenset({"northwind.example"})


def resource(
    raw: bytes, *, at: datetime = NOW, labels: Sequence[str] = ("INBOX",), identity: str = "a1"
) -> dict[str, Any]:
    """A `users.messages` resource of format=full, as the service makes it from the raw bytes."""
    return {
        "id": identity,
        "internalDate": str(int(at.timestamp() * 1000)),
        "labelIds": list(labels),
        "snippet": "",
        "payload": payload_of(parse(raw), identity),
    }


def encoded(text: str | bytes) -> str:
    raw = text if isinstance(text, bytes) else text.encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def leaf(kind: str, text: str | bytes, *, filename: str = "", content_type: str = "") -> dict[str, Any]:
    """One part of a payload tree."""
    headers = [{"name": "Content-Type", "value": content_type or f"{kind}; charset=utf-8"}]
    return {
        "mimeType": kind,
        "filename": filename,
        "headers": headers,
        "body": {"data": encoded(text), "size": len(text)},
    }


def tree(kind: str, *parts: dict[str, Any]) -> dict[str, Any]:
    return {"mimeType": f"multipart/{kind}", "filename": "", "body": {"size": 0}, "parts": list(parts)}


@dataclass(frozen=True)
class Post:
    """A mail in a few words. `ago` is the time before NOW."""

    text: str
    by: str = "Ana Moreira <ana@northwind.example>"
    to: str = ALEX
    cc: str = ""
    subject: str = "Plans"
    ago: timedelta = timedelta(hours=2)
    html: str = ""
    headers: Mapping[str, str] | None = None
    labels: tuple[str, ...] = ("INBOX", "UNREAD")
    date: str = ""

    def resource(self, number: int = 0) -> dict[str, Any]:
        named = {"From": self.by, "To": self.to, "Cc": self.cc, "Subject": self.subject, "Date": self.date}
        headers = [{"name": n, "value": v} for n, v in {**named, **(self.headers or {})}.items() if v]
        parts = [leaf("text/plain", self.text)] * bool(self.text) + [leaf("text/html", self.html)] * bool(self.html)
        payload = tree("alternative", *parts) | {"headers": headers}
        moment = (NOW - self.ago).astimezone(UTC)
        return {
            "id": f"m{number}",
            "internalDate": str(int(moment.timestamp() * 1000)),
            "labelIds": list(self.labels),
            "payload": payload,
        }


def message(post: Post) -> Message:
    return read_message(post.resource())


def mine(text: str, ago: timedelta, to: str = "Ana Moreira <ana@northwind.example>") -> Post:
    """What the person wrote."""
    return Post(text, by=ALEX, to=to, ago=ago, labels=("SENT",))


def conversation(*posts: Post, identity: str = "t1") -> Conversation:
    messages = sorted((read_message(p.resource(n)) for n, p in enumerate(posts)), key=lambda m: m.at)
    found = converse(identity, messages, ME)
    assert found is not None
    return found


def judged(*posts: Post, written_to: Sequence[str] = (), known: Known | None = None) -> Digest:
    """What Valet says of a conversation of these mails."""
    found = conversation(*posts)
    judge = Judge(ME, NOW, known or Known(HOME, {}), Relations(ME, [found]), frozenset(written_to))
    return judge.digest(found)


def concepts(text: str) -> frozenset[str]:
    return Words(text).concepts
