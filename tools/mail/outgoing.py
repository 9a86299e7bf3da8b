"""A mail to be written: every header and the whole text, plain data. Law: what the card shows is what goes out.

Mail is text/plain (RFC 5322, RFC 2045); there is no field for a blind copy.
"""

from __future__ import annotations

import base64
import hashlib
import re

from pydantic import BaseModel, ConfigDict

from tools.errors import BadArgument
from tools.mail.addresses import Person
from tools.write import Recipient, Row

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_NOBODY = re.compile(r"^(?:no|not|do-?not|keine)[-._]?(?:reply|antwort)|^(?:mailer-daemon|postmaster)$")
MOST_RECIPIENTS = 100


class Mailbox(BaseModel):
    """Somebody a mail goes to."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    address: str
    name: str = ""

    @property
    def shown(self) -> str:
        return self.name or self.address


class Outgoing(BaseModel):
    """One mail. `sender` is the account's address; `thread` is the conversation it joins, "" for none.

    `in_reply_to` and `references` are Message-IDs with their brackets (RFC 5322, section 3.6.4).
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    sender: str
    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...] = ()
    subject: str
    text: str
    thread: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()

    @property
    def everybody(self) -> tuple[Mailbox, ...]:
        return self.to + self.cc

    def recipients(self) -> tuple[Recipient, ...]:
        to = (Recipient(address=box.address, name=box.name, role="to") for box in self.to)
        return (*to, *(Recipient(address=box.address, name=box.name, role="cc") for box in self.cc))

    def rows(self) -> tuple[Row, ...]:
        rows = [Row(label="from", value=self.sender), Row(label="subject", value=self.subject)]
        return (*rows, Row(label="body", value=self.text))

    def raw(self, key: str) -> str:
        """The mail as base64url, under the Message-ID of this key; the service dates it."""
        from email.headerregistry import Address
        from email.message import EmailMessage
        from email.policy import SMTP

        mail = EmailMessage(policy=SMTP)
        mail["From"] = self.sender
        mail["To"] = [Address(box.name, addr_spec=box.address) for box in self.to]
        if self.cc:
            mail["Cc"] = [Address(box.name, addr_spec=box.address) for box in self.cc]
        mail["Subject"] = self.subject
        mail.set_content(self.text, cte="quoted-printable")
        return base64.urlsafe_b64encode(self._identity(key) + mail.as_bytes()).decode()

    def _identity(self, key: str) -> bytes:
        """The headers of Message-IDs, one on a line: email.message would encode a long one, and break the thread."""
        lines = [f"Message-ID: <{message_id(key, self.sender)}>"]
        lines += [f"In-Reply-To: {self.in_reply_to}"] if self.in_reply_to else []
        lines += ["References: " + "\r\n ".join(self.references)] if self.references else []
        return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def message_id(key: str, sender: str) -> str:
    """The Message-ID of the write with this key, without brackets."""
    return f"valet.{hashlib.sha256(key.encode()).hexdigest()[:40]}@{sender.rpartition('@')[2] or 'localhost'}"


def mailboxes(people: tuple[Person, ...]) -> tuple[Mailbox, ...]:
    """These people, each address once. Raises BadArgument for an address that cannot be written to."""
    found: dict[str, Mailbox] = {}
    for person in people:
        if not _ADDRESS.fullmatch(person.address):
            raise BadArgument(f"{person.shown!r} has no address that mail can be sent to.", "Ask for the address.")
        found.setdefault(person.address, Mailbox(address=person.address, name=person.name))
    if len(found) > MOST_RECIPIENTS:
        raise BadArgument(f"{len(found)} people are too many for one mail.", "Ask whom to write to.")
    return tuple(found.values())


def is_address(text: str) -> bool:
    return bool(_ADDRESS.fullmatch(text))


def unread_addresses(boxes: tuple[Mailbox, ...]) -> tuple[str, ...]:
    """What to say of addresses whose very name says that nobody reads them."""
    silent = [box.address for box in boxes if _NOBODY.search(box.address.partition("@")[0])]
    return tuple(f"{address} says by its name that nobody reads it" for address in silent)


def written(text: str) -> str:
    """The text as it goes out: lines end alike, no space around it. Raises BadArgument for an empty one."""
    plain = "\n".join(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")).strip()
    if not plain:
        raise BadArgument("The mail has no text.", "Ask what it is to say.")
    return plain
