"""Reads conversations and judges them: bulk fetch, who the person is, whom they know, one digest each.

Law: what could not be read is named, never filled in.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tools.base import ToolContext
from tools.clients import gmail, run
from tools.errors import NotFound, ToolError
from tools.mail.addresses import FREE_MAIL
from tools.mail.conversation import Conversation, Me, converse, read_messages, who_am_i
from tools.mail.digest import Digest
from tools.mail.fetch import get_all
from tools.mail.judge import Judge
from tools.mail.listing import SERVICE, sent_path, thread_path
from tools.mail.message import Message
from tools.mail.relations import Relations
from tools.mail.suspicion import Known

LOOKUPS = 25
"""Senders looked up in the sent mail; each costs one small request of a batch."""


@dataclass(frozen=True)
class Read:
    """Conversations in the order asked for, with their digests; `gaps` says what could not be read, and why."""

    conversations: tuple[Conversation, ...]
    digests: tuple[Digest, ...]
    gaps: tuple[str, ...]
    me: Me


def read_threads(context: ToolContext, ids: Sequence[str]) -> Read:
    """Fetch and judge the conversations. Raises ToolError when nothing could be read."""
    paths = {identity: thread_path(identity) for identity in ids}
    fetched = get_all(context.transport, list(paths.values()), context.progress, what="reading conversations")
    threads = {
        identity: read_messages(fetched.found[path]) for identity, path in paths.items() if path in fetched.found
    }
    me = who_am_i(_account(context), (message for messages in threads.values() for message in messages))
    found = [converse(identity, messages, me) for identity, messages in threads.items()]
    conversations = tuple(conversation for conversation in found if conversation is not None)
    written_to = _written_to(context, conversations, me)
    judge = Judge(me, context.now, _known(conversations, me, written_to), Relations.of(conversations, me), written_to)
    digests = tuple(judge.digest(conversation) for conversation in conversations)
    return Read(conversations, digests, _gaps(fetched.failed.values()), me)


def _account(context: ToolContext) -> str:
    """The mailbox's address: the account's name when it is one, else as the service says."""
    if "@" in context.account:
        return context.account
    profile = run(gmail().users().getProfile(userId="me"), context.transport, service=SERVICE)
    return str(profile.get("emailAddress", ""))


def _written_to(context: ToolContext, conversations: Sequence[Conversation], me: Me) -> frozenset[str]:
    """Whom the person has written to: seen in these conversations, and looked up for the other senders."""
    seen = {
        person.address
        for conversation in conversations
        for mail in conversation.mails
        if mail.mine
        for person in mail.message.readers
    }
    unknown = [
        mail.message.sender.address
        for conversation in conversations
        for mail in conversation.theirs[-1:]
        if mail.message.sender.address not in seen and _may_be_known(mail.message, me)
    ]
    paths = {sent_path(address): address for address in list(dict.fromkeys(unknown))[:LOOKUPS]}
    if paths:
        answers = get_all(context.transport, list(paths), context.progress, what="looking up senders")
        seen |= {address for path, address in paths.items() if answers.found.get(path, {}).get("messages")}
    return frozenset(seen - {""})


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


def _gaps(failures: Iterable[ToolError]) -> tuple[str, ...]:
    """What could not be read, in sentences, by cause."""
    causes: dict[str, int] = {}
    for error in failures:
        why = "gone meanwhile" if isinstance(error, NotFound) else f"{error.what} {error.next}"
        causes[why] = causes.get(why, 0) + 1
    return tuple(
        f"{count} conversation{'s' if count > 1 else ''} could not be read: {why}" for why, count in causes.items()
    )
