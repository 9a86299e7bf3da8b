"""What kind of mail a conversation is, and by which evidence.

Law: the evidence and its weights stand in the table; the kind with the most weight wins, and says why.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from tools.mail.addresses import Person
from tools.mail.conversation import Conversation, Mail, Me
from tools.mail.lexicon import Seen

Category = Literal[
    "colleague", "customer", "contact", "candidate", "personal", "list", "newsletter", "marketing", "receipt",
    "notification", "invitation", "automatic", "phishing",
]  # fmt: skip
PEOPLE: frozenset[Category] = frozenset(("colleague", "customer", "contact", "candidate", "personal"))
MACHINE: frozenset[Category] = frozenset(("notification", "receipt", "automatic"))
"""What a program wrote about this person alone."""
BULK: frozenset[Category] = frozenset(("newsletter", "marketing", "list"))

_ROBOT = re.compile(
    r"^(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|notifications?|notify|alerts?|mailer(?:-daemon)?|bounces?|postmaster|updates?"
    r"|receipts?|invoices?|billing|orders?|accounts?|security|jira|github|gitlab|ci|builds?|deploy(?:s|ments?)?|calendar"
    r"|digest|reminders?|system|robot|bot|automat\w*|monitoring|status|rechnung|factur\w*|tickets?|news(?:letter)?|marketing"
    r"|promo\w*|offers?|ofertas?|offerte|offres?|angebote?|aktion(?:en)?|aanbieding(?:en)?|deals|statements?|payments?|shipping|tracking|reservations?|bookings?|confirm\w*)(?:[+\-_.@].*)?$",
    re.IGNORECASE,
)
_BILLING = re.compile(
    r"^(?:billing|invoices?|receipts?|orders?|payments?|rechnung|factur\w*|bookings?|sales-?receipt)\b", re.IGNORECASE
)
_SHARED = re.compile(
    r"^(?:info|hello|team|support|service|contact|office|reception|sales|hr|admin|events?|community|loans|desk|help\w*)(?:[+\-_.].*)?$",
    re.IGNORECASE,
)
_MONEY = re.compile(r"(?:€|\$|£|¥|CHF|EUR|USD|GBP)\s?\d[\d.,’' ]*|\d[\d.,’' ]*\s?(?:€|EUR|CHF|USD|GBP|kr|zł)")
_PERCENT_OFF = re.compile(r"[-–]?\d{1,2}\s?%")


@dataclass(frozen=True)
class Clues:
    """What the rules look at: the newest mail of others, and what is known around it."""

    mail: Mail
    conversation: Conversation
    me: Me
    known: bool
    words: Seen

    @property
    def sender(self) -> Person:
        return self.mail.message.sender

    @cached_property
    def local(self) -> str:
        return self.sender.address.partition("@")[0]

    def has(self, header: str) -> bool:
        return header in self.mail.message.headers

    def says(self, header: str, *values: str) -> bool:
        found = self.mail.message.headers.get(header, "").lower()
        return any(value in found for value in values)

    def label(self, *names: str) -> bool:
        return bool(self.mail.message.labels & set(names))

    @cached_property
    def robot(self) -> bool:
        return bool(_ROBOT.match(self.local)) and not self.conversation.joined

    @cached_property
    def shared(self) -> bool:
        return bool(_SHARED.match(self.local))

    @cached_property
    def automatic(self) -> bool:
        submitted = self.mail.message.headers.get("auto-submitted", "no").lower()
        return self.robot or not submitted.startswith("no") or self.says("precedence", "bulk", "junk", "auto_reply")

    @cached_property
    def broadcast(self) -> bool:
        """Whether the list is the sender's own, named after their address: nobody else writes to it."""
        return self.says("list-id", self.sender.address.replace("@", ".")) and not self.has("list-post")

    @cached_property
    def sent_by_machine(self) -> bool:
        return self.automatic or self.bulk or self.announces_terms or self.impersonal or self.label("CATEGORY_UPDATES")

    @cached_property
    def impersonal(self) -> bool:
        """Whether an office's address speaks to a customer whose name it does not say."""
        return self.shared and "greeting.generic" in self.words.concepts and not self.known

    @cached_property
    def announces_terms(self) -> bool:
        return self.shared and "terms" in self.words.concepts and not self.known and not self.conversation.joined

    @cached_property
    def gets_rid(self) -> bool:
        """Whether somebody the person never wrote to says how to get no more mail, though no header does."""
        return "way_out" in self.words.concepts and not (self.bulk or self.known or self.conversation.joined)

    @cached_property
    def bulk(self) -> bool:
        return self.has("list-unsubscribe") or self.says("precedence", "bulk", "list") or self.has("list-id")


@dataclass(frozen=True)
class Rule:
    """If it holds, the category gains the weight, and `reason` may be given as the ground."""

    category: Category
    weight: float
    reason: str
    holds: Callable[[Clues], bool]


RULES: tuple[Rule, ...] = (
    Rule("invitation", 6.0, "carries a calendar invitation", lambda c: c.mail.message.invitation is not None),
    Rule(
        "automatic",
        6.0,
        "an automatic reply",
        lambda c: c.says("auto-submitted", "auto-replied") or c.has("x-autoreply"),
    ),
    Rule("automatic", 5.0, "a delivery report", lambda c: c.local.startswith(("mailer-daemon", "postmaster"))),
    Rule("automatic", 2.0, "says it is an absence or delivery notice", lambda c: "absence" in c.words.concepts),
    Rule("list", 3.0, "came through a mailing list", lambda c: c.has("list-post") or c.label("CATEGORY_FORUMS")),
    Rule("list", 2.5, "names a mailing list", lambda c: c.has("list-id") and not (c.robot or c.broadcast)),
    Rule("newsletter", 2.0, "has an unsubscribe header", lambda c: c.has("list-unsubscribe")),
    Rule("newsletter", 1.0, "was sent in bulk", lambda c: c.says("precedence", "bulk") or c.says("list-id", "news")),
    Rule("newsletter", 1.5, "speaks as a newsletter", lambda c: c.words.count("newsletter") >= 2),
    Rule(
        "newsletter", 1.0, "comes from a newsletter address", lambda c: c.local.startswith(("news", "digest", "weekly"))
    ),
    Rule("marketing", 1.5, "has an unsubscribe header", lambda c: c.has("list-unsubscribe")),
    Rule("marketing", 0.75, "is filed under promotions", lambda c: c.label("CATEGORY_PROMOTIONS")),
    Rule("newsletter", 0.75, "is filed under promotions", lambda c: c.label("CATEGORY_PROMOTIONS") and c.bulk),
    Rule("marketing", 2.5, "tells how to get no more of it", lambda c: c.gets_rid),
    Rule("marketing", 1.0, "advertises", lambda c: "marketing" in c.words.concepts),
    Rule("marketing", 2.0, "advertises", lambda c: c.words.count("marketing") >= 2),
    Rule(
        "marketing",
        1.0,
        "offers a discount",
        lambda c: bool(_PERCENT_OFF.search(c.words.text)) and "marketing" in c.words.concepts,
    ),
    Rule(
        "marketing",
        1.5,
        "is promoted, and you never wrote to them",
        lambda c: c.label("CATEGORY_PROMOTIONS") and not c.known and not c.has("list-unsubscribe"),
    ),
    Rule("marketing", 1.5, "sells, and you never wrote to them", lambda c: "sales" in c.words.concepts and not c.known),
    Rule("marketing", 3.0, "sells, and you never wrote to them", lambda c: c.words.count("sales") >= 2 and not c.known),
    Rule(
        "receipt",
        2.0,
        "the subject names a receipt or order",
        lambda c: "receipt_subject" in c.conversation.subject_words.concepts,
    ),
    Rule("receipt", 2.0, "comes from a billing address", lambda c: bool(_BILLING.match(c.local))),
    Rule("receipt", 1.5, "speaks of a payment or an order", lambda c: c.words.count("receipt") >= 2),
    Rule(
        "receipt", 1.0, "names an amount", lambda c: "receipt" in c.words.concepts and bool(_MONEY.search(c.words.text))
    ),
    Rule("notification", 2.5, "comes from an automatic address", lambda c: c.robot),
    Rule("notification", 2.0, "was generated automatically", lambda c: c.says("auto-submitted", "auto-generated")),
    Rule("notification", 3.0, "speaks to any customer", lambda c: c.impersonal),
    Rule("notification", 2.0, "announces changed terms", lambda c: c.announces_terms),
    Rule("notification", 1.5, "is filed under updates", lambda c: c.label("CATEGORY_UPDATES", "CATEGORY_SOCIAL")),
    Rule("notification", 1.0, "comes from an address of an office", lambda c: c.shared and not c.conversation.joined),
    Rule("contact", 1.2, "somebody wrote it", lambda c: not c.automatic and not c.bulk),
    Rule("contact", 1.3, "a person wrote it", lambda c: not c.automatic and not c.bulk and not c.shared),
    Rule("contact", 4.0, "you write in this conversation", lambda c: c.conversation.joined and not c.bulk),
    Rule("contact", 2.0, "you have written to them before", lambda c: c.known and not c.automatic and not c.bulk),
    Rule(
        "contact", 1.0, "it calls you by name", lambda c: bool(c.mail.letter.greeting.names & c.me.names) and not c.bulk
    ),
)

AUTOMATIC_ONLY = frozenset(("receipt", "notification"))


def categorise(clues: Clues) -> tuple[Category, str]:
    """The kind of mail, and the reason that weighs most."""
    weights: dict[Category, float] = {}
    best: dict[Category, Rule] = {}
    for rule in RULES:
        if rule.category in AUTOMATIC_ONLY and not clues.sent_by_machine:
            continue
        if rule.holds(clues):
            weights[rule.category] = weights.get(rule.category, 0.0) + rule.weight
            if rule.category not in best or rule.weight > best[rule.category].weight:
                best[rule.category] = rule
    if not weights:
        return "contact", "nothing tells what it is"
    category = max(weights, key=lambda name: weights[name])
    return category, best[category].reason
