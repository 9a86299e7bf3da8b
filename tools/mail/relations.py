"""Which kind of person wrote: colleague, family and friends, customer, candidate, another contact.

Law: told from domains, names and the words of all conversations read, never from a list of people.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from tools.mail.addresses import FREE_MAIL
from tools.mail.category import Category
from tools.mail.conversation import Conversation, Mail, Me

TELLING: Mapping[str, float] = {"candidate": 3.0, "private": 2.0, "customer": 2.0}
"""How many phrases of a concept make somebody that; customers are told by all conversations with their house."""


@dataclass(frozen=True)
class Relations:
    """What is known of the people: the person, and what they wrote in all conversations read."""

    me: Me
    conversations: Sequence[Conversation]

    @cached_property
    def customers(self) -> Mapping[str, int]:
        """How often each outside domain speaks as a customer."""
        counts: Counter[str] = Counter()
        for conversation in self.conversations:
            for mail in conversation.theirs:
                domain = mail.message.sender.domain
                if domain not in self.me.domains and domain not in FREE_MAIL:
                    counts[domain] += sum(s.words.count("customer") for s in mail.letter.sentences)
        return counts

    def kind(self, conversation: Conversation, newest: Mail, reason: str) -> tuple[Category, str]:
        """The kind of person behind the newest mail, and why; `reason` is why it is a person at all."""
        sender = newest.message.sender
        if sender.domain in self.me.domains and sender.domain not in FREE_MAIL:
            return "colleague", f"writes from your own domain, {sender.domain}"
        if self._bears_my_name(sender.name, sender.domain):
            return "personal", "bears your family name"
        said = _said(conversation)
        weights: dict[Category, float] = {
            "candidate": said["candidate"] / TELLING["candidate"],
            "personal": said["private"] / TELLING["private"],
            "customer": self.customers.get(sender.domain, 0) / TELLING["customer"],
        }
        best = max(weights, key=lambda kind: weights[kind])
        if weights[best] >= 1.0:
            why = {"candidate": "speaks of an application", "personal": "speaks of private life"}
            return best, why.get(best, "their house speaks as a customer")
        return ("personal", f"writes from {sender.domain}") if sender.domain in FREE_MAIL else ("contact", reason)

    def _bears_my_name(self, name: str, domain: str) -> bool:
        surname = name.split()[-1].casefold() if len(name.split()) > 1 else ""
        return bool(self.me.family) and (surname == self.me.family or self.me.family in domain.casefold())


def _said(conversation: Conversation) -> Counter[str]:
    """How often each concept stands in what others wrote, the subject included."""
    words = [sentence.words for mail in conversation.theirs for sentence in mail.letter.sentences]
    return Counter(sign.concept for text in (*words, conversation.subject_words) for sign in text.signs)
