"""Puts the judgements on a conversation together: kind, what is asked, owed and by when, urgency, summary, warnings."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tools.mail.announced import announced_due
from tools.mail.asks import OWED, Ask, asks_of, month_first, spoken_of, times_of
from tools.mail.category import MACHINE, PEOPLE, Category, Clues, categorise
from tools.mail.conversation import Conversation, Mail, Me
from tools.mail.digest import INSTRUCTS, Digest, Due, FileFact, InviteFact
from tools.mail.due import MARKERS, When, read_times
from tools.mail.invitation import Invitation
from tools.mail.lexicon import Seen
from tools.mail.promises import promises
from tools.mail.relations import Relations
from tools.mail.summary import decision, headline, summarise
from tools.mail.suspicion import SUSPECT, Known, instructs, suspect
from tools.mail.urgency import Matter, level, weigh
from tools.text.characters import cut

ASKED_LENGTH = 240
DAY_LENGTH = 40
KIND_LENGTH = 1_500
"""Characters of a text that tell its kind."""
SHOWN_ASKS = 2
SHOWN_FILES = 6
_LIMITING = MARKERS | {"due.ends", "due.latest"}
EXPIRED = timedelta(days=3)
"""A deadline longer past than this is none any more."""


@dataclass(frozen=True)
class Judge:
    """Judges conversations for one person at one moment. `written_to` are addresses the person has sent mail to."""

    me: Me
    now: datetime
    known: Known
    relations: Relations
    written_to: frozenset[str]

    def digest(self, conversation: Conversation) -> Digest:
        """Everything Valet says of the conversation."""
        newest = conversation.theirs[-1] if conversation.theirs else conversation.last
        category, why = self._category(conversation, newest)
        human = category in PEOPLE
        asks = asks_of(conversation, self.me, self.now) if human else []
        owed = bool(asks) and asks[0].weight >= OWED
        due = self._asked_by(conversation, asks) if owed else None
        if due is None and human:
            due = self._titled(conversation) if owed else self._held(conversation)
        if category in MACHINE and category != "automatic":
            due = announced_due(conversation.since_mine, self.now)
        pleas = frozenset(concept for ask in asks if ask.weight >= OWED for concept in ask.concepts)
        notes = self._notes(conversation)
        tricked = INSTRUCTS in notes  # its orders are not repeated as what a person wants
        score, reasons = weigh(Matter(conversation, category, owed, due, pleas, self.now))
        return Digest(
            **self._outside(conversation, newest),
            summary="" if tricked else summarise(conversation, asks) if human else headline(conversation),
            wants=() if tricked else _wanted(asks),
            wanted_on="" if tricked or not owed else cut(asks[0].day, DAY_LENGTH),
            decision=decision(conversation, self.now) if human and len(conversation.mails) > 1 else None,
            promises=promises(conversation, self.now) if human else (),
            owed=owed,
            owed_why=f"asked by {asks[0].mail.message.sender.shown}" if owed else "",
            due=_due(due),
            urgency=level(score),
            score=score,
            reasons=reasons,
            category=category,
            category_why=why,
            notes=notes,
        )

    def category(self, conversation: Conversation) -> Category:
        """Its kind alone."""
        return self._category(conversation, conversation.theirs[-1] if conversation.theirs else conversation.last)[0]

    def _outside(self, conversation: Conversation, newest: Mail) -> dict[str, Any]:
        """What can be said of a conversation without judging it."""
        return {
            "id": conversation.id,
            "subject": conversation.subject or "(no subject)",
            "author": newest.message.sender.shown,
            "address": newest.message.sender.address,
            "people": tuple(person.shown for person in conversation.people[:6]),
            "count": len(conversation.mails),
            "unread": conversation.unread,
            "at": conversation.last.message.at.astimezone(self.now.tzinfo),
            "last_mine": conversation.last.mine,
            "attachments": _files(conversation),
            "invitation": _invited(newest.message.invitation, self.now),
            "messages": tuple(f"{mail.message.id} {mail.message.sender.address}" for mail in conversation.mails),
        }

    def _category(self, conversation: Conversation, newest: Mail) -> tuple[Category, str]:
        sender = newest.message.sender
        known = sender.address in self.written_to or conversation.joined
        weight, charges = suspect(newest, self.me, self.known, written_to=known)
        if weight >= SUSPECT:
            return "phishing", "; ".join(charges)
        message = newest.message
        short = len(message.text) <= KIND_LENGTH
        words = newest.seen if short else Seen(f"{message.subject}\n{message.text[:KIND_LENGTH]}")
        category, why = categorise(Clues(newest, conversation, self.me, known, words))
        return self.relations.kind(conversation, newest, why) if category == "contact" else (category, why)

    def _asked_by(self, conversation: Conversation, asks: list[Ask]) -> When | None:
        """The deadline of what is asked."""
        pressing = [ask for ask in asks if ask.weight >= OWED]
        asked = [when for ask in pressing for when in ask.times if when.kind == "deadline"]
        asking = {ask.mail.message.id for ask in pressing}
        beside = [mail for mail in conversation.since_mine if mail.message.id in asking]
        named = asked or [when for when in spoken_of(beside, self.now) if when.kind == "deadline"]
        dated = [when for when in named if when.at > self.now - EXPIRED]
        ahead = [when for when in dated if when.at >= self.now]
        return min(ahead or dated, key=lambda when: when.at, default=None)

    def _titled(self, conversation: Conversation) -> When | None:
        """The deadline that the subject of a single mail names ("form, due Thursday")."""
        if len(conversation.mails) > 1:
            return None
        mail, words = conversation.last, conversation.subject_words
        written = mail.message.at.astimezone(self.now.tzinfo)
        named = (
            read_times(words, written, asks=False, month_first=month_first(mail)) if _LIMITING & words.concepts else []
        )
        return next((when for when in named if when.kind == "deadline" and when.at >= self.now), None)

    def _held(self, conversation: Conversation) -> When | None:
        """Until when an offer is held, though nothing is asked."""
        for mail in reversed(conversation.since_mine):
            sentences = mail.letter.sentences
            if any("offered" in sentence.words.concepts for sentence in sentences):
                read = zip(sentences, times_of(mail, self.now), strict=True)
                held = [when for one, whens in read if "due.held" in one.words.concepts for when in whens]
                return next((when for when in held if when.kind == "deadline" and when.at >= self.now), None)
        return None

    def _notes(self, conversation: Conversation) -> tuple[str, ...]:
        notes = []
        if any(instructs(mail) for mail in conversation.theirs):
            notes.append(INSTRUCTS)
        if any(mail.message.disguised for mail in conversation.theirs):
            notes.append("holds characters that hide or turn around its text")
        if any(mail.message.truncated for mail in conversation.mails):
            notes.append("only the beginning was read")
        if conversation.draft:
            notes.append("a draft lies in it")
        return tuple(notes)


def _wanted(asks: list[Ask]) -> tuple[str, ...]:
    return tuple(cut(ask.sentence, ASKED_LENGTH) for ask in _distinct(asks) if ask.weight >= OWED)[:SHOWN_ASKS]


def _due(when: When | None) -> Due | None:
    if when is None:
        return None
    return Due(at=when.at, has_time=when.has_time, before=when.before, phrase=cut(when.phrase, 60))


def _distinct(asks: list[Ask]) -> list[Ask]:
    seen: dict[str, Ask] = {}
    for ask in asks:
        seen.setdefault(ask.sentence, ask)
    return list(seen.values())


def _files(conversation: Conversation) -> tuple[FileFact, ...]:
    """Attachments of the whole conversation, newest first."""
    files = [a for mail in reversed(conversation.mails) for a in mail.message.attachments if a.kind != "text/calendar"]
    return tuple(FileFact(name=a.name, kind=a.kind, size=a.size) for a in files[:SHOWN_FILES])


def _invited(invitation: Invitation | None, now: datetime) -> InviteFact | None:
    if invitation is None:
        return None
    return InviteFact(
        method=invitation.method,
        title=invitation.title,
        start=invitation.starts(now),
        all_day=invitation.start is not None and not isinstance(invitation.start, datetime),
        place=invitation.place,
    )
