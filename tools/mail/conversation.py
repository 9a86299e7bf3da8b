"""A conversation: its mails in order, and whose they are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from functools import cached_property
from typing import Any

from tools.mail.addresses import Person
from tools.mail.due import When
from tools.mail.lexicon import Seen, Words
from tools.mail.message import Message, read_message
from tools.mail.sentences import Letter, read_letter

JUDGED_LIMIT = 4_000
"""Characters of one mail that are judged; more are kept for reading, never judged."""
SEEN_LIMIT = 6_000
"""Characters of one mail, subject included, that are looked at for what kind of mail it is."""
BURIED = frozenset(("TRASH", "SPAM"))


@dataclass(frozen=True)
class Me:
    """The person: every address they write from, what they are called (folded), and their own family name."""

    addresses: frozenset[str]
    names: frozenset[str] = frozenset()
    family: str = ""

    @property
    def domains(self) -> frozenset[str]:
        return frozenset(address.rpartition("@")[2] for address in self.addresses)

    def is_me(self, person: Person) -> bool:
        return person.address in self.addresses


@dataclass(frozen=True)
class Mail:
    """One mail of a conversation: `mine` when the person wrote it."""

    message: Message
    mine: bool

    @cached_property
    def letter(self) -> Letter:
        return read_letter(self.message.new_words[:JUDGED_LIMIT])

    @cached_property
    def times(self) -> dict[tzinfo | None, list[tuple[When, ...]]]:
        """The times its sentences speak of, by the zone they were read in; filled by who reads them first."""
        return {}

    @cached_property
    def seen(self) -> Seen:
        """Subject and text, quotations included."""
        return Seen(f"{self.message.subject}\n{self.message.text}"[:SEEN_LIMIT])


@dataclass(frozen=True)
class Conversation:
    """Mails of one thread, oldest first, without drafts; `draft` says whether one lies there."""

    id: str
    mails: tuple[Mail, ...]
    draft: bool = False

    @property
    def last(self) -> Mail:
        return self.mails[-1]

    @cached_property
    def theirs(self) -> tuple[Mail, ...]:
        """What others wrote."""
        return tuple(mail for mail in self.mails if not mail.mine)

    @cached_property
    def since_mine(self) -> tuple[Mail, ...]:
        """What others wrote after the person's last word."""
        start = max((index + 1 for index, mail in enumerate(self.mails) if mail.mine), default=0)
        return self.mails[start:]

    @property
    def joined(self) -> bool:
        """Whether the person has written in it."""
        return len(self.theirs) < len(self.mails)

    @property
    def subject(self) -> str:
        return self.mails[0].message.subject or self.last.message.subject

    @cached_property
    def subject_words(self) -> Words:
        return Words(self.subject)

    @property
    def unread(self) -> bool:
        return any(mail.message.unread for mail in self.mails)

    @cached_property
    def people(self) -> tuple[Person, ...]:
        """Everybody who wrote, latest first, each once."""
        seen: dict[str, Person] = {}
        for mail in reversed(self.mails):
            seen.setdefault(mail.message.sender.address or mail.message.sender.name, mail.message.sender)
        return tuple(seen.values())


def read_all(thread: Mapping[str, Any]) -> list[Message]:
    """Every mail of a `users.threads` resource."""
    resources = thread.get("messages")
    listed = resources if isinstance(resources, list) else ()
    return [read_message(item) for item in listed if isinstance(item, Mapping)]


def arranged(messages: Iterable[Message]) -> list[Message]:
    """Oldest first; what lies in the bin only when nothing else does."""
    read = list(messages)
    kept = [message for message in read if not message.labels & BURIED] or read
    return sorted(kept, key=lambda message: message.at)


def who_am_i(account: str, messages: Iterable[Message]) -> Me:
    """The person's addresses and names, from the account and from the mails filed as sent."""
    addresses = {account.lower()} if "@" in account else set()
    mine: list[Person] = []
    for message in messages:
        if "SENT" in message.labels and message.sender.address:
            addresses.add(message.sender.address)
        mine += [person for person in (message.sender, *message.readers) if person.address in addresses and person.name]
    names = frozenset(name for person in (*mine, Person("", account.lower())) for name in person.given_names)
    whole = next((person.name for person in mine if len(person.name.split()) > 1), "")
    return Me(frozenset(addresses), names, whole.split()[-1].casefold() if whole else "")


def converse(identity: str, messages: list[Message], me: Me) -> Conversation | None:
    """The conversation of these mails; None when there is nothing but drafts."""
    mails = tuple(Mail(m, "SENT" in m.labels or me.is_me(m.sender)) for m in messages if not m.is_draft)
    draft = any(message.is_draft for message in messages)
    return Conversation(identity, mails, draft) if mails else None
