"""The mailbox of the fake service: made from a seed, each mail with what is new in it and what it quotes.

Shares: 28 % newsletters, 24 % notifications, 31 % from people (half quote as Outlook does, half as Gmail does), 11 %
receipts, 6 % with an invitation. Half of the mail that is HTML alone is wrapped in a multipart. Every paragraph holds
a code word of its own, so a text can be traced to the one mail it came from.
"""

from __future__ import annotations

import base64
import hashlib
import json
import random
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from tests.bench.service import prose

SHARES = (("newsletter", 28), ("notification", 24), ("person", 31), ("receipt", 11), ("invitation", 6))
OWNER = "kim@home.example"


@dataclass
class Mail:
    """One mail: the truth of its text, and the resources the service gives of it."""

    id: str
    kind: str
    sender: str
    subject: str
    new: list[str]
    quoted: list[str] = field(default_factory=list)
    resource: dict[str, Any] = field(default_factory=dict)
    raw: bytes = b""

    @property
    def words(self) -> str:
        """The code word of its first paragraph."""
        return prose.code_of(self.new[0])

    @property
    def digest(self) -> str:
        """SHA-256 of its text parts as they travel."""
        return digest_of(self.resource["payload"])


def mailbox(count: int, seed: int) -> list[Mail]:
    """That many mails, newest first."""
    return [mail_of(number, kind, seed) for number, kind in enumerate(kinds(count, seed))]


def kinds(count: int, seed: int) -> list[str]:
    """The kinds of so many mails."""
    shares = [kind for kind, share in SHARES for _ in range(share)]
    order = [shares[i % len(shares)] for i in range(count)]
    random.Random(seed).shuffle(order)
    return order


def id_of(number: int) -> str:
    return f"{0x18F0000000000000 + number * 7919:x}"


def history_of(number: int) -> int:
    """The moment of the mailbox's history at which the mail of that number came."""
    return 1_000_000 - number


def mail_of(number: int, kind: str, seed: int) -> Mail:
    draw = random.Random(f"{seed} {number}")
    person = prose.person(draw)
    mail = Mail(id_of(number), kind, "", "", [])
    mail.sender = (
        person if kind in ("person", "invitation") else f"{prose.word(draw).title()} <no-reply@{kind}.example>"
    )
    mail.subject = prose.sentence(draw, "")[:60].rstrip(". ")
    count = draw.randint(1, 4) if kind in ("person", "invitation") else draw.randint(2, 6)
    mail.new = [prose.paragraph(draw, f"{number:05d}n{i}") for i in range(count)]
    message = _written(mail, number, draw)
    mail.raw = message.as_bytes()
    mail.resource = _resource(mail, message, number)
    return mail


def _written(mail: Mail, number: int, draw: random.Random) -> EmailMessage:
    message = EmailMessage()
    at = prose.moment(number)
    for name, value in (
        ("From", mail.sender),
        ("To", f"Kim <{OWNER}>"),
        ("Subject", mail.subject),
        ("Date", format_datetime(at)),
        ("Message-ID", f"<{number}@bench.example>"),
        ("ARC-Seal", prose.noise(draw, 340)),
        ("DKIM-Signature", prose.noise(draw, 520)),
        ("Received", prose.noise(draw, 200)),
    ):
        message[name] = value
    {"person": _of_person, "invitation": _invites}.get(mail.kind, _of_machine)(mail, message, draw)
    return message


def _of_person(mail: Mail, message: EmailMessage, draw: random.Random) -> None:
    mail.quoted = [prose.paragraph(draw, f"{mail.id[-6:]}q{i}") for i in range(draw.randint(2, 7))]
    name = mail.sender.partition(" <")[0]
    outlook = draw.random() < 0.5
    plain = prose.outlook_plain if outlook else prose.gmail_plain
    page = prose.outlook_page if outlook else prose.gmail_page
    message.set_content(plain(name, mail.new, mail.quoted))
    message.add_alternative(page(name, mail.new, mail.quoted), subtype="html")
    if draw.random() < 0.2:
        message.add_attachment(draw.randbytes(220_000), maintype="application", subtype="pdf", filename="report.pdf")


def _invites(mail: Mail, message: EmailMessage, draw: random.Random) -> None:
    message.set_content("\n\n".join(mail.new))
    message.add_alternative(prose.page(draw, mail.new, rows=2), subtype="html")
    message.add_attachment(
        prose.invitation(mail.id).encode(), maintype="text", subtype="calendar", filename="invite.ics"
    )


def _of_machine(mail: Mail, message: EmailMessage, draw: random.Random) -> None:
    rows = {"newsletter": 60, "notification": 14, "receipt": 24}[mail.kind]
    message["List-Unsubscribe"] = f"<https://{mail.kind}.example/u/{prose.noise(draw, 60)}>"
    page = prose.page(draw, mail.new, rows=rows)
    style = draw.choice(("both", "both", "page", "wrapped"))
    if style == "both":
        message.set_content("\n\n".join(mail.new))
        message.add_alternative(page, subtype="html")
        return
    message.set_content(page, subtype="html")
    if style == "wrapped":
        message.make_alternative()


def _resource(mail: Mail, message: EmailMessage, number: int) -> dict[str, Any]:
    return {
        "id": mail.id,
        "threadId": mail.id,
        "labelIds": ["INBOX", "UNREAD"],
        "snippet": mail.new[0][:180],
        "historyId": str(history_of(number)),
        "internalDate": str(int(prose.moment(number).timestamp() * 1000)),
        "sizeEstimate": len(mail.raw),
        "payload": _part(message, ""),
    }


def _part(message: Any, part_id: str) -> dict[str, Any]:
    """The payload of a message as Gmail shapes it; files stay behind an attachment id."""
    headers = [{"name": name, "value": str(value)} for name, value in message.items()]
    name = message.get_filename() or ""
    found = {"partId": part_id, "mimeType": message.get_content_type(), "filename": name, "headers": headers}
    if message.is_multipart():
        inner = [_part(child, f"{part_id}.{i}".strip(".")) for i, child in enumerate(message.iter_parts())]
        return {**found, "body": {"size": 0}, "parts": inner}
    data = message.get_payload(decode=True)
    if name:
        return {**found, "body": {"attachmentId": hashlib.sha256(data).hexdigest(), "size": len(data)}}
    return {**found, "body": {"size": len(data), "data": base64.urlsafe_b64encode(data).decode()}}


def digest_of(payload: dict[str, Any]) -> str:
    """SHA-256 over the text parts of a payload, in order."""
    whole = hashlib.sha256()
    stack = [payload]
    while stack:
        part = stack.pop(0)
        stack = [*part.get("parts", ()), *stack]
        if part["mimeType"].startswith("text/") and "data" in part["body"]:
            whole.update(base64.urlsafe_b64decode(part["body"]["data"] + "=="))
    return whole.hexdigest()


def raw_resource(mail: Mail) -> dict[str, Any]:
    """As format=raw gives it."""
    kept = {name: value for name, value in mail.resource.items() if name != "payload"}
    return {**kept, "raw": base64.urlsafe_b64encode(mail.raw).decode()}


def as_json(resource: dict[str, Any]) -> bytes:
    """As Google prints it, indented."""
    return json.dumps(resource, indent=2, ensure_ascii=False).encode()
