"""A reply to a conversation: to whom, under which subject, with which references. Law: its newest mail decides.

Rules: RFC 5322, sections 3.6.2 (Reply-To) and 3.6.4 (References, In-Reply-To); drafts and binned mails do not count.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tools.base import ToolContext
from tools.clients import gmail, run
from tools.errors import BadArgument, NotFound
from tools.mail.addresses import PEOPLE_LIMIT, Person, decoded, read_people, read_person
from tools.mail.conversation import BURIED
from tools.mail.listing import SERVICE
from tools.mail.outgoing import Outgoing, mailboxes, unread_addresses, written
from tools.mail.payload import headers_of
from tools.text.characters import one_line
from tools.write import Row

_REPLIED = re.compile(r"^\s*(?:re|aw|sv|vs|antw|odp|ref)\s*(?:\[\d+\])?\s*[:：]", re.IGNORECASE)
_ID = re.compile(r"<[!-;=?-~]{1,900}>")
REFERENCES = 20
BASIS = "the conversation"
"""What a reply is based on: the id of the newest mail."""


@dataclass(frozen=True)
class Tip:
    """The newest mail of a conversation: its id, when it came (aware), headers by lower-case name, and whether the
    person wrote it."""

    id: str
    at: datetime
    headers: Mapping[str, str]
    mine: bool

    def row(self, zone: ZoneInfo) -> Row:
        """Which mail is answered, for the card."""
        sender = "you" if self.mine else read_person(self.headers.get("from", "")).shown
        subject = one_line(decoded(self.headers.get("subject", "")), 120)
        return Row(label="answers", value=f"“{subject}” from {sender}, {self.at.astimezone(zone):%a %d %b %H:%M %Z}")


def address_of(context: ToolContext) -> str:
    """The address the account writes from."""
    if "@" in context.account:
        return context.account.lower()
    profile = run(gmail().users().getProfile(userId="me"), context.transport, service=SERVICE)
    return str(profile.get("emailAddress", "")).lower()


def read_tip(context: ToolContext, thread: str, me: str) -> Tip:
    """The newest mail of a thread. Raises NotFound where there is none."""
    request = gmail().users().threads().get(userId="me", id=thread, format="metadata")
    listed = run(request, context.transport, service=SERVICE).get("messages")
    mails = [m for m in listed or () if isinstance(m, dict) and "DRAFT" not in (m.get("labelIds") or ())]
    kept = [m for m in mails if not BURIED & set(m.get("labelIds") or ())] or mails
    if not kept:
        raise NotFound("That conversation has no mail to answer.", "List the inbox again, or search for it.")
    newest = max(kept, key=_received)
    headers = headers_of(newest.get("payload"))
    senders = {person.address for person in read_people(headers.get("from", ""))}
    at = datetime.fromtimestamp(_received(newest) / 1000, UTC)
    return Tip(str(newest.get("id", "")), at, headers, me in senders or "SENT" in (newest.get("labelIds") or ()))


def _received(message: Mapping[str, Any]) -> int:
    """Milliseconds since the epoch; 0 where the service does not say."""
    stated = str(message.get("internalDate") or "")
    return int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 16 else 0


def basis(context: ToolContext, body: Mapping[str, Any]) -> dict[str, str]:
    """What a reply is based on, as it is now; nothing for a mail that joins no conversation."""
    mail = Outgoing.model_validate(body["mail"])
    return {BASIS: read_tip(context, mail.thread, mail.sender).id} if mail.thread else {}


def reply(
    context: ToolContext, thread: str, text: str, copies: tuple[Person, ...], *, everybody: bool
) -> tuple[Outgoing, Tip, tuple[str, ...]]:
    """The reply, with a copy to these people too, what it is based on, and what the person should know of it. Raises
    ToolError."""
    me = address_of(context)
    tip = read_tip(context, thread, me)
    to, cc = _readers(tip.headers, me, mine=tip.mine, everybody=everybody)
    there = {person.address for person in (*to, *cc)}
    cc += tuple(person for person in copies if person.address not in there)
    own = _ID.findall(tip.headers.get("message-id", ""))[:1]
    before = _ID.findall(tip.headers.get("references", "") or tip.headers.get("in-reply-to", ""))
    mail = Outgoing(
        sender=me,
        to=mailboxes(to),
        cc=mailboxes(cc),
        subject=_subject(tip.headers),
        text=written(text),
        thread=thread,
        in_reply_to=own[0] if own else "",
        references=_shortened([*before, *own]),
    )
    return mail, tip, (*_remarks(tip, mail), *unread_addresses(mail.everybody))


def _readers(
    headers: Mapping[str, str], me: str, *, mine: bool, everybody: bool
) -> tuple[tuple[Person, ...], tuple[Person, ...]]:
    """Whom a reply goes to, and who gets a copy. Raises BadArgument for more people than can be shown."""
    if any(headers.get(name, "").count("@") > PEOPLE_LIMIT for name in ("to", "cc", "reply-to")):
        raise BadArgument("That mail went to more people than one mail can answer.", "Ask whom to answer.")
    to, copied = read_people(headers.get("to", "")), read_people(headers.get("cc", ""))
    if mine:
        first, others = to, copied
    else:
        first = read_people(headers.get("reply-to", "")) or read_people(headers.get("from", ""))
        others = (*to, *copied)
    named = {person.address for person in first}
    first = tuple(p for p in first if p.address != me) or first
    if not first:
        raise BadArgument("It cannot be told whom to answer there.", "Ask for the address, and write a new mail.")
    rest = tuple(p for p in others if p.address and p.address not in named | {me})
    return first, rest if everybody else ()


def _subject(headers: Mapping[str, str]) -> str:
    subject = " ".join(decoded(headers.get("subject", "")).split())
    return subject if _REPLIED.match(subject) else f"Re: {subject}".rstrip()


def _shortened(references: list[str]) -> tuple[str, ...]:
    """The first, which names the conversation, and the newest."""
    once = list(dict.fromkeys(references))
    return tuple(once if len(once) <= REFERENCES else [once[0], *once[1 - REFERENCES :]])


def _remarks(tip: Tip, mail: Outgoing) -> tuple[str, ...]:
    """What is unlike what a person would expect of a reply."""
    senders = read_people(tip.headers.get("from", ""))
    wrote = {person.address for person in senders}
    if tip.mine:
        return ("The newest mail there is your own: this goes to whom you wrote it to",)
    others = [box.address for box in mail.to if box.address not in wrote]
    if tip.headers.get("reply-to") and others:
        whom = ", ".join(person.address for person in senders)
        return (f"{whom} asks for answers at another address (Reply-To): {', '.join(others)}",)
    return ()
