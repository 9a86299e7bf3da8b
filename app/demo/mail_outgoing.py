"""Mail on its way out: the headers Gmail adds, who is to receive it, and its delivery into the workspace's mailboxes.

Law: a Message-ID that was given is kept; a blind copy is told to nobody but its sender.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from app.demo.google_errors import GoogleError
from app.demo.mail_text import decoded, read_facts, read_message

if TYPE_CHECKING:
    from app.demo.mail_store import MailStore
    from app.demo.workspace import Workspace

SCHEMA = """
CREATE TABLE IF NOT EXISTS mail_outbox (
    number INTEGER PRIMARY KEY, mailbox TEXT NOT NULL, message TEXT NOT NULL, message_id TEXT NOT NULL,
    subject TEXT NOT NULL, recipients TEXT NOT NULL, sent REAL NOT NULL
);
"""
"""Every mail that was sent, once for each time; nothing is ever taken out of it."""


@dataclass(frozen=True)
class Sent:
    """One mail that went out. `sent` is in seconds since the epoch, `recipients` are addresses in lower case."""

    mailbox: str
    message: str
    message_id: str
    subject: str
    recipients: tuple[str, ...]
    sent: float


def sent_mail(workspace: Workspace) -> list[Sent]:
    """Everything that was sent from this workspace, in order."""
    rows = workspace.database.rows(
        "SELECT mailbox, message, message_id, subject, recipients, sent FROM mail_outbox ORDER BY number"
    )
    return [Sent(box, message, name, about, tuple(to.split()), at) for box, message, name, about, to, at in rows]


def completed(raw: bytes, *, address: str, name: str, moment: datetime, dated_anew: bool = False) -> bytes:
    """The mail with the From, Date and Message-ID it lacks; a From that is not the account's own is replaced."""
    from email.utils import format_datetime, formataddr, getaddresses

    message = read_message(raw)
    sender = [found.lower() for _, found in getaddresses([decoded(str(message.get("From", "")))])]
    drop, added = set(), []
    if sender != [address.lower()]:
        drop.add("from")
        added.append(f"From: {formataddr((name, address))}")
    if dated_anew or not message.get("Date"):
        drop.add("date")
        added.append(f"Date: {format_datetime(moment.astimezone(UTC))}")
    if not str(message.get("Message-ID", "")).strip():
        drop.add("message-id")
        added.append(f"Message-ID: <CA{secrets.token_urlsafe(24)}@mail.gmail.com>")
    return "".join(f"{line}\r\n" for line in added).encode() + without_headers(raw, drop)


def without_headers(raw: bytes, names: set[str]) -> bytes:
    """The mail without these header fields (named in lower case), their folded lines included."""
    kept: list[bytes] = []
    rest, dropping = raw, False
    while rest:
        line, ending, after = rest.partition(b"\n")
        if not line.strip():
            return b"".join(kept) + rest
        if line[:1] not in b" \t":
            dropping = line.partition(b":")[0].strip().lower().decode("latin-1") in names
        if not dropping:
            kept.append(line + ending)
        rest = after
    return b"".join(kept)


def recipients(raw: bytes) -> tuple[str, ...]:
    """The addresses of To, Cc and Bcc, in lower case, each once. Raises GoogleError as the service does."""
    from email.utils import getaddresses

    message = read_message(raw)
    found: dict[str, None] = {}
    for header in ("To", "Cc", "Bcc"):
        stated = [decoded(str(value)) for value in message.get_all(header, [])]
        for _, address in getaddresses(stated):
            local, at, domain = address.strip().partition("@")
            if address and not (local and at and domain):
                raise GoogleError(400, "invalidArgument", f"Invalid {header} header")
            if address:
                found[address.strip().lower()] = None
    if not found:
        raise GoogleError(400, "invalidArgument", "Recipient address required")
    return tuple(found)


def send(workspace: Workspace, store: MailStore, raw: bytes, thread: str | None) -> str:
    """File the mail as sent, deliver it to everybody of the workspace it is for, note it; its id.

    Raises GoogleError.
    """
    everybody = recipients(raw)
    moment = datetime.fromtimestamp(workspace.clock(), UTC)
    own = store.mailbox.lower()
    labels = ("SENT", "INBOX", "UNREAD") if own in everybody else ("SENT",)
    facts = read_facts(raw)
    with workspace.transaction():
        message = store.add(raw, labels=labels, received=moment, thread=thread, fresh=True)
        _deliver(workspace, without_headers(raw, {"bcc"}), [name for name in everybody if name != own], moment)
        workspace.database.run(
            "INSERT INTO mail_outbox VALUES (NULL, ?, ?, ?, ?, ?, ?)",
            store.mailbox,
            message,
            facts.message_id,
            facts.subject,
            " ".join(everybody),
            workspace.clock(),
        )
    return message


def _deliver(workspace: Workspace, raw: bytes, addresses: Sequence[str], moment: datetime) -> None:
    """Into the mailboxes of the workspace's people; who else there is in the world gets nothing."""
    known = {person.address.lower(): person.address for person in workspace.people()}
    for address in addresses:
        if address in known:
            workspace.mail(known[address]).add(raw, labels=("INBOX", "UNREAD"), received=moment, fresh=True)
