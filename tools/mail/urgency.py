"""How urgent a conversation is for the person, with the reasons that make it so.

Law: reasons and their weights stand in the table; what shouts from a mass mailing weighs nothing.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property

from tools.mail.asks import is_closing, spoken_of
from tools.mail.category import BULK, MACHINE, PEOPLE, Category
from tools.mail.conversation import Conversation
from tools.mail.digest import Urgency
from tools.mail.due import When
from tools.mail.quoted import waiting

URGENT, SOON, NORMAL = 3.0, 1.5, 0.1
FRIDAY = 4
HOUR = timedelta(hours=1)
STRAINS = frozenset(
    (
        "ask.lack",
        "ask.waits",
        "ask.steer",
        "ask.yours",
        "ask.wonder",
        "due.act",
        "due.ends",
        "meeting.moved",
        "stake",
        "pressing",
    )
) | frozenset(("trouble.blocked", "trouble.broken", "trouble.fault", "trouble.harm", "trouble.waiting"))
TROUBLE = 2.0
"""Only a reason of this weight makes urgent what has a deadline further off."""


_QUOTED = re.compile(r"\{([\w.]+)\}")


@dataclass(frozen=True)
class Matter:
    """What the rules look at. `pleas` are the concepts of the sentences that ask."""

    conversation: Conversation
    category: Category
    owed: bool
    due: When | None
    pleas: frozenset[str]
    now: datetime

    @cached_property
    def mentions(self) -> list[When]:
        """Every time spoken of since the person's last word."""
        return spoken_of(self.conversation.since_mine, self.now)

    @cached_property
    def waiting(self) -> Mapping[str, str]:
        """The concepts in what others wrote after the person's last word, with the words that say them."""
        return waiting(self.conversation)

    @property
    def human(self) -> bool:
        return self.category in PEOPLE

    @property
    def single(self) -> bool:
        """From a person, or from a machine about this person alone."""
        return self.human or self.machine

    @property
    def machine(self) -> bool:
        return self.category in MACHINE

    @property
    def settled(self) -> bool:
        """Nothing is asked, and it says itself that nothing is left to do."""
        return not self.owed and not {"ask.none", "closing"}.isdisjoint(self.waiting)

    @property
    def pressed(self) -> bool:
        """Somebody presses the person, and does not only tell of pressing."""
        return self.human and not self.settled and (self.owed or "pressing" in self.conversation.subject_words.concepts)

    @property
    def recent(self) -> bool:
        """Arrived within the last twelve hours."""
        return self.now - self.conversation.last.message.at < timedelta(hours=12)

    @property
    def breach(self) -> bool:
        return {"trouble.security", "trouble.breach"} <= self.waiting.keys()

    @property
    def soon(self) -> datetime:
        """The end of the next working day."""
        ahead = max(1, 7 - self.now.weekday()) if self.now.weekday() >= FRIDAY else 1
        return datetime.combine(self.now.date() + timedelta(days=ahead), time(23, 59), tzinfo=self.now.tzinfo)

    @property
    def fresh(self) -> bool:
        """Arrived in the last two days."""
        return self.now - self.conversation.last.message.at < timedelta(days=2)

    def due_within(self, limit: datetime) -> bool:
        return self.due is not None and self.now <= self.due.at <= limit

    @property
    def meets_soon(self) -> bool:
        """Something is said of today or the next working day, or an invitation is for then."""
        invitation = self.conversation.last.message.invitation
        start = invitation.starts(self.now) if invitation else None
        times = [when.at for when in self.mentions if self.strained or not when.bare] + ([start] if start else [])
        return any(self.now - HOUR <= at <= self.soon for at in times)

    @property
    def set_soon(self) -> bool:
        """An hour of today or the next working day is named, and not as one to meet at."""
        ahead = any(when.has_time and self.now - HOUR <= when.at <= self.soon for when in self.mentions)
        return ahead and self.strained and "meet" not in self.pleas

    @property
    def strained(self) -> bool:
        """Something is missing, fails, waits or hangs on something: not a mere talk of times."""
        return not STRAINS.isdisjoint(self.waiting)

    @property
    def meeting_changed(self) -> bool:
        invitation = self.conversation.last.message.invitation
        if invitation is not None:
            return invitation.method == "cancel"
        journey = self.machine and "journey" in self.waiting
        return self.changed and "meeting.thing" in self.waiting and not journey

    @property
    def changed(self) -> bool:
        return "meeting.cancelled" in self.waiting or "meeting.moved" in self.waiting

    @property
    def unanswered(self) -> int:
        """Mails of the same other person since the person's last word."""
        senders = [mail.message.sender.address for mail in self.conversation.since_mine]
        return senders.count(senders[-1]) if senders else 0


@dataclass(frozen=True)
class Reason:
    """`text` may quote the words of a concept ("{trouble.harm}") and of the deadline ("{due}")."""

    weight: float
    text: str
    holds: Callable[[Matter], bool]


REASONS: tuple[Reason, ...] = (
    Reason(3.0, "deadline {due}, asked of you", lambda m: m.owed and m.due_within(m.soon)),
    Reason(2.5, "the deadline {due} has passed", lambda m: m.owed and _passed(m, timedelta(days=3))),
    Reason(1.0, "deadline {due}", lambda m: m.owed and _later(m)),
    Reason(2.3, "they need you at once: {immediate}", lambda m: m.owed and m.fresh and "immediate" in m.pleas),
    Reason(
        2.3,
        "somebody is blocked: {trouble.blocked}",
        lambda m: m.human and m.fresh and not m.settled and "trouble.blocked" in m.waiting,
    ),
    Reason(2.3, "something fails: {trouble.broken}", lambda m: _only(m, "trouble.broken", "trouble.blocked")),
    Reason(1.3, "something does not work: {trouble.fault}", lambda m: _undated(m, "trouble.fault")),
    Reason(1.2, "it waits for you: {ask.waits}", lambda m: _undated(m, "ask.waits")),
    Reason(1.2, "an hour is set for it", lambda m: m.owed and m.due is None and m.set_soon),
    Reason(2.3, "somebody waits there: {trouble.waiting}", lambda m: m.recent and _only(m, "trouble.waiting")),
    Reason(2.3, "harm is being done: {trouble.harm}", lambda m: m.owed and m.fresh and "trouble.harm" in m.waiting),
    Reason(
        1.2, "something hangs on it: {stake}", lambda m: m.owed and m.fresh and "stake" in m.waiting and m.meets_soon
    ),
    Reason(
        3.0,
        "a security matter: {trouble.security}",
        lambda m: m.human and m.fresh and not m.settled and "trouble.security" in m.waiting,
    ),
    Reason(
        1.5, "a security alert: {trouble.security}", lambda m: m.machine and m.fresh and "trouble.security" in m.waiting
    ),
    Reason(1.5, "an account may be in other hands", lambda m: m.machine and m.fresh and m.breach),
    Reason(
        2.0, "a payment problem: {trouble.payment}", lambda m: m.single and m.fresh and "trouble.payment" in m.waiting
    ),
    Reason(1.0, "they tried to reach you: {trouble.reaching}", lambda m: m.recent and _only(m, "trouble.reaching")),
    Reason(1.7, "it ends {due}", lambda m: m.machine and m.due_within(m.soon)),
    Reason(
        1.4, "it has consequences: {loss}", lambda m: m.machine and m.fresh and "loss" in m.waiting and m.meets_soon
    ),
    Reason(
        2.0, "an alarm is raised: {trouble.alert}", lambda m: m.machine and m.recent and "trouble.alert" in m.waiting
    ),
    Reason(
        1.2,
        "it is yours: {assigned}",
        lambda m: m.machine and m.recent and {"trouble.alert", "assigned"} <= m.waiting.keys(),
    ),
    Reason(
        3.0,
        "a journey of these days is cancelled or moved",
        lambda m: m.machine and m.changed and "journey" in m.waiting and m.meets_soon,
    ),
    Reason(3.0, "a meeting of these days is cancelled or moved", lambda m: m.meeting_changed and m.meets_soon),
    Reason(1.2, "they chase an answer", lambda m: m.human and m.owed and ("chase" in m.waiting or m.unanswered >= 3)),
    Reason(1.5, "they say it is urgent: {pressing}", lambda m: m.pressed and "pressing" in m.waiting),
    Reason(1.0, "it is about today or tomorrow", lambda m: m.owed and m.due is None and m.meets_soon),
    Reason(0.7, "a reply is owed", lambda m: m.owed),
    Reason(0.5, "waiting for more than three days", lambda m: m.owed and _waited(m) > timedelta(days=3)),
    Reason(0.3, "from a customer", lambda m: m.category == "customer"),
    Reason(0.2, "unread, from a person", lambda m: m.human and m.conversation.unread),
    Reason(-1.5, "they say there is no hurry", lambda m: "calm" in m.waiting and not m.due_within(m.soon)),
)


def weigh(matter: Matter) -> tuple[float, tuple[str, ...]]:
    """The score, and the reasons that hold, heaviest first; the light ones only when there is nothing else."""
    if matter.category in BULK or matter.category == "phishing":
        return 0.0, ()
    if matter.conversation.last.mine or _closed(matter):
        return 0.0, ()
    held = sorted((reason for reason in REASONS if reason.holds(matter)), key=lambda reason: -reason.weight)
    due = f"“{matter.due.phrase}”" if matter.due else ""
    score = sum(reason.weight for reason in held)
    if _later(matter) and all(reason.weight < TROUBLE for reason in held):
        score = min(score, URGENT - 0.1)
    said = tuple(_quoting(reason.text, {**matter.waiting, "due": due}) for reason in held if abs(reason.weight) >= 0.5)
    return score, said


def _quoting(text: str, words: Mapping[str, str]) -> str:
    return _QUOTED.sub(lambda found: words.get(found[1], ""), text)


def level(score: float) -> Urgency:
    if score >= URGENT:
        return "urgent"
    if score >= SOON:
        return "soon"
    return "normal" if score >= NORMAL else "low"


def _closed(matter: Matter) -> bool:
    return not matter.owed and bool(matter.conversation.since_mine) and is_closing(matter.conversation.last)


def _only(matter: Matter, concept: str, unless: str = "") -> bool:
    """Whether what is asked of the person comes with the concept, and not with one that says the same."""
    return matter.owed and matter.fresh and concept in matter.waiting and unless not in matter.waiting


def _undated(matter: Matter, concept: str) -> bool:
    """Whether the concept comes with what is asked by no day: a deadline presses by itself."""
    return matter.due is None and _only(matter, concept, "trouble.broken")


def _passed(matter: Matter, within: timedelta) -> bool:
    return matter.due is not None and matter.now - within < matter.due.at < matter.now


def _later(matter: Matter) -> bool:
    return matter.due is not None and matter.due.at > matter.soon and matter.due.at - matter.now < timedelta(days=8)


def _waited(matter: Matter) -> timedelta:
    waiting = matter.conversation.since_mine
    return matter.now - waiting[0].message.at if waiting else timedelta()
