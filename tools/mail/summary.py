"""One or two sentences that stand for a conversation, in its own words. Law: extracts, never writes."""

from collections.abc import Mapping
from datetime import datetime

from tools.mail.asks import POLITE, Ask, strength
from tools.mail.conversation import Conversation, Mail
from tools.mail.digest import Decided
from tools.mail.sentences import Sentence
from tools.text.characters import cut

LENGTH = 220
BULK_LENGTH = 110
WEIGHTS: Mapping[str, float] = {
    "decision": 1.5,
    "due.by": 0.8,
    "due.before": 0.8,
    "trouble.blocked": 1.5,
    "trouble.security": 1.2,
    "trouble.payment": 1.2,
    "meeting.cancelled": 1.0,
    "meeting.moved": 0.8,
    "ask.filler": -1.5,
    "disclaimer": -1.5,
    "newsletter": -1.0,
    "closing": -0.3,
}
ASKED = 2.0
PLACE = (0.9, 0.5, 0.3)
"""What standing first, second, third is worth."""
SHORT, LONG = 3, 45
"""Sentences of fewer or more words weigh less."""


def summarise(conversation: Conversation, asks: list[Ask]) -> str:
    """The best one or two sentences of the newest mail that says something."""
    mail = next((mail for mail in reversed(conversation.mails) if _says_something(mail)), conversation.last)
    asked = {ask.sentence: ask.weight for ask in asks}
    if not mail.letter.sentences:
        return cut(_first_words(mail), LENGTH)
    ranked = sorted(enumerate(mail.letter.sentences), key=lambda item: -_weight(item[0], item[1], asked))
    best, rest = ranked[0], ranked[1:]
    chosen = [best]
    room = LENGTH - len(best[1].text)
    for item in rest[:3]:
        if len(item[1].text) < room and _weight(item[0], item[1], asked) > 0.4:
            chosen.append(item)
            break
    return cut(" ".join(sentence.text for _, sentence in sorted(chosen, key=lambda item: item[0])), LENGTH)


def headline(conversation: Conversation) -> str:
    """What a mass mailing is about: its first sentence."""
    sentences = conversation.last.letter.sentences
    first = next((s.text for s in sentences if len(s.words.words) > SHORT and "newsletter" not in s.words.concepts), "")
    return cut(first or _first_words(conversation.last), BULK_LENGTH)


def decision(conversation: Conversation, now: datetime) -> Decided | None:
    """The latest sentence that settles something, by whom and when (in the zone of `now`); None if none does."""
    for mail in reversed(conversation.mails):
        for sentence in reversed(mail.letter.sentences):
            settles = "decision" in sentence.words.concepts and "hedge" not in sentence.words.concepts
            if settles and not sentence.is_question and strength(sentence) <= POLITE:
                sender, at = mail.message.sender, mail.message.at.astimezone(now.tzinfo)
                return Decided(text=cut(sentence.text, LENGTH), by=sender.shown, mine=mail.mine, at=at)
    return None


def _says_something(mail: Mail) -> bool:
    return sum(len(sentence.words.words) for sentence in mail.letter.sentences) > SHORT


def _weight(index: int, sentence: Sentence, asked: Mapping[str, float]) -> float:
    count = len(sentence.words.words)
    place = PLACE[index] if index < len(PLACE) else 0.0
    length = -0.8 if count < SHORT else -0.4 if count > LONG else 0.0
    signs = sum(WEIGHTS.get(concept, 0.0) for concept in sentence.words.concepts)
    return place + length + signs + ASKED * asked.get(sentence.text, 0.0)


def _first_words(mail: Mail) -> str:
    return " ".join((mail.message.new_words or mail.message.forwarded).split())
