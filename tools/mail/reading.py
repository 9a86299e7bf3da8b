"""Reads conversations and judges them: bulk fetch, who the person is, whom they know, one digest each.

Law: what could not be read is named, never filled in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tools.base import ToolContext
from tools.errors import NotFound
from tools.mail.addresses import FREE_MAIL
from tools.mail.box import Mailbox, Scan
from tools.mail.budget import Budget
from tools.mail.conversation import Conversation, Me, converse, who_am_i
from tools.mail.digest import Digest
from tools.mail.judge import Judge
from tools.mail.listing import Listing, sent_path
from tools.mail.message import Message
from tools.mail.relations import Relations
from tools.mail.suspicion import Known

LOOKUPS = 25
"""Senders looked up in the sent mail; each costs one small request of a batch."""
SHORT_WAIT = 45
"""Seconds; a longer wait is called a minute."""


@dataclass(frozen=True)
class Read:
    """Conversations in the order asked for, with their digests; `gaps` says what could not be read, and why; `address`
    is the mailbox's. `left` are those that wait for the next minute's units."""

    conversations: tuple[Conversation, ...]
    digests: tuple[Digest, ...]
    gaps: tuple[str, ...]
    address: str
    listing: Listing
    left: tuple[str, ...] = ()


def read_scope(
    context: ToolContext, *, query: str, labels: Sequence[str], limit: int, budget: Budget | None = None
) -> Read:
    """Find, read and judge the newest conversations of a search. Raises ToolError when nothing could be read."""
    mailbox = Mailbox(context, budget)
    return _read(context, mailbox, mailbox.scan(query=query, labels=labels, limit=limit))


def read_thread(context: ToolContext, identity: str, budget: Budget | None = None) -> Read:
    """Read and judge one conversation. Raises ToolError."""
    mailbox = Mailbox(context, budget)
    return _read(context, mailbox, mailbox.one(identity))


def _read(context: ToolContext, mailbox: Mailbox, scan: Scan) -> Read:
    me = who_am_i(mailbox.address(), (message for messages in scan.threads.values() for message in messages))
    found = [converse(identity, messages, me) for identity, messages in scan.threads.items()]
    conversations = tuple(conversation for conversation in found if conversation is not None)
    digests = _judged(mailbox, conversations, me, context.now)
    mailbox.close()
    return Read(conversations, digests, _gaps(scan), mailbox.address(), scan.listing, tuple(scan.left))


def _judged(mailbox: Mailbox, conversations: Sequence[Conversation], me: Me, now: datetime) -> tuple[Digest, ...]:
    """The digests. Whether the person has written to a sender is looked up only where it would be judged otherwise."""

    relations = Relations(me, conversations)

    def judge(written_to: frozenset[str]) -> Judge:
        return Judge(me, now, _known(conversations, me, written_to), relations, written_to)

    known = _written_to(mailbox, conversations)
    as_known = judge(known)
    digests = [as_known.digest(conversation) for conversation in conversations]
    asked = {c.id: c.theirs[-1].message for c in conversations if c.theirs}
    strangers = {
        identity: message.sender.address
        for identity, message in asked.items()
        if message.sender.address not in known and _may_be_known(message, me)
    }
    other = judge(known | frozenset(strangers.values()))
    differing = [
        strangers[c.id]
        for c, digest in zip(conversations, digests, strict=True)
        if c.id in strangers and other.category(c) != digest.category
    ]
    unclear = list(dict.fromkeys(differing))[:LOOKUPS]
    found = mailbox.written_to(unclear, {address: sent_path(address) for address in unclear})
    if found:
        informed = judge(known | found)
        digests = [informed.digest(conversation) for conversation in conversations]
    return tuple(digests)


def _written_to(mailbox: Mailbox, conversations: Sequence[Conversation]) -> frozenset[str]:
    """Whom the person has written to: seen in these conversations, or found out before."""
    seen = {
        person.address
        for conversation in conversations
        for mail in conversation.mails
        if mail.mine
        for person in mail.message.readers
    }
    return frozenset(seen | {address for address, written in mailbox.known.written_to.items() if written}) - {""}


def _may_be_known(message: Message, me: Me) -> bool:
    """Whether it is worth asking: a mass mailing is none, and a colleague needs no asking."""
    bulk = "list-unsubscribe" in message.headers or "list-id" in message.headers
    return "@" in message.sender.address and not bulk and message.sender.domain not in me.domains


def _known(conversations: Sequence[Conversation], me: Me, written_to: frozenset[str]) -> Known:
    domains = {address.rpartition("@")[2] for address in written_to} | me.domains
    names: dict[str, frozenset[str]] = {}
    for conversation in conversations:
        for mail in conversation.mails:
            for person in (mail.message.sender, *mail.message.readers):
                if person.name and (person.domain in me.domains or person.address in written_to):
                    key = person.name.casefold()
                    names[key] = names.get(key, frozenset()) | {person.address}
    return Known(frozenset(domains - FREE_MAIL), names)


def _gaps(scan: Scan) -> tuple[str, ...]:
    """What could not be read, in sentences, by cause."""
    causes: dict[str, int] = {}
    for error in scan.failed:
        why = "gone meanwhile" if isinstance(error, NotFound) else f"{error.what} {error.next}"
        causes[why] = causes.get(why, 0) + 1
    gaps = [f"{count} conversation{'s' if count > 1 else ''} could not be read: {why}" for why, count in causes.items()]
    if scan.left:
        total = len(scan.listing.ids)
        gaps.append(
            f"{total - len(scan.left)} of {total} conversations were read; the rest fits the service's limit in about "
            + ("a minute" if scan.wait > SHORT_WAIT else f"{max(1, round(scan.wait))} seconds")
        )
    return tuple(gaps)
