"""Picks from conversations the mails that are to be read at once, and the page that goes on where the last one ended.

Law: no mail is passed over. What the service's limit left for later ends a page; a conversation that has left the
listing since is looked up by its time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from tools.base import ToolContext
from tools.errors import BadArgument
from tools.mail.addresses import Person
from tools.mail.conversation import Conversation, Mail
from tools.mail.mails_finding import MailsFinding, given, page
from tools.mail.phrases import fold
from tools.mail.reading import Read, read_thread


@dataclass(frozen=True)
class Wanted:
    """Which mails of a conversation are meant; a conversation of which none is, is meant as a whole."""

    unread: bool = False
    since: datetime | None = None
    until: datetime | None = None
    sender: str = ""

    def of(self, conversation: Conversation) -> tuple[Mail, ...]:
        return tuple(mail for mail in conversation.mails if self._means(mail)) or conversation.mails

    def _means(self, mail: Mail) -> bool:
        message = mail.message
        late = self.since is None or message.at >= self.since
        early = self.until is None or message.at < self.until
        return late and early and (message.unread or not self.unread) and self._names(message.sender)

    def _names(self, person: Person) -> bool:
        known = fold(f"{person.name} {person.address}")
        return all(word in known for word in fold(self.sender).split())


def mails_of(context: ToolContext, read: Read, wanted: Wanted, *, after: str, asked: str) -> MailsFinding:
    """The page behind the conversation `after` ("": the first). Raises BadArgument where that is not to be found."""
    left = set(read.left)
    ready = set(takewhile(lambda identity: identity not in left, read.listing.ids))
    following = _behind(context, [c for c in read.conversations if c.id in ready], after)
    digests = {digest.id: digest for digest in read.digests}
    count, estimate = len(read.listing.ids), read.listing.estimate
    beyond = (f"only the newest {count} of about {estimate} conversations are looked at; raise `limit` for more",)
    whole = MailsFinding(
        now=context.now,
        zone=context.zone,
        account=read.address,
        gaps=read.gaps + (beyond if read.listing.more else ()),
        asked=asked,
        digests=tuple(digests[conversation.id] for conversation in following),
        mails=tuple(given(digests[c.id], mail) for c in following for mail in wanted.of(c)),
        more=bool(left),
        marked=not wanted.unread,
    )
    return page(whole, context.room)


def _behind(context: ToolContext, conversations: Sequence[Conversation], after: str) -> Sequence[Conversation]:
    if not after:
        return conversations
    ids = [conversation.id for conversation in conversations]
    if after in ids:
        return conversations[ids.index(after) + 1 :]
    last = read_thread(context, after).conversations
    if not last:
        raise BadArgument("The conversation to go on after is gone.", "Begin again, without `after`.")
    return [c for c in conversations if c.last.message.at <= last[0].last.message.at]
