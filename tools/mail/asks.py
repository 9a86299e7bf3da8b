"""What a mail asks for, sentence by sentence, and how surely it asks it of the person.

Law: what a phrase weighs stands in the tables here; nothing knows a single mail.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tools.mail.addresses import Person
from tools.mail.conversation import Conversation, Mail, Me
from tools.mail.due import When, read_all_times
from tools.mail.hollow import answered, calls_another, forbids, in_case, leave, limited
from tools.mail.lexicon import Sign, Words
from tools.mail.needs import leans, of_itself, wants
from tools.mail.phrases import fold
from tools.mail.sentences import Sentence

STRENGTH = {"ask.request": 1.0, "ask.able": 1.0, "ask.know": 0.8, "chase": 0.7}
QUESTION = 0.6
POLITE = 0.1
NO_REPLY = 0.2
"""What is left of every request in a mail that says no reply is needed."""

DIRECT, AMONG_MANY, TO_ALL, IN_GROUP, COPIED, UNNAMED, NAMED_OTHER = 1.0, 0.6, 0.7, 0.6, 0.35, 0.4, 0.15
ANSWERS = frozenset(("ask.know", "ask.order", "ask.wish", "ask.lack"))
MANY = 3
"""More recipients than this in To, and a question is put to nobody in particular."""
ANSWERED_BY_OTHER = 0.4
OWED = 0.5


@dataclass(frozen=True)
class Ask:
    """A sentence that asks. `weight` runs from 0 to 1: how much it asks, times how surely the person is meant.

    `day` are the words of the sentence before it for the day, where this one names only the hour.
    """

    sentence: str
    weight: float
    mail: Mail
    times: tuple[When, ...]
    concepts: frozenset[str]
    day: str = ""


def strength(sentence: Sentence) -> float:
    """How much a sentence asks, whoever is meant."""
    words = sentence.words
    fillers = [*words.of("ask.filler"), *words.of("rhetorical"), *([] if sentence.is_question else leave(words))]
    asking = [s for s in words.signs if s.concept in STRENGTH and not _inside(s, fillers)]
    able = sentence.is_question or limited(words)
    found = max((STRENGTH[s.concept] for s in asking if able or s.concept != "ask.able"), default=0.0)
    if not found and fillers:
        return POLITE
    return max(found, QUESTION if sentence.is_question and len(words.words) > 1 else 0.0, POLITE if fillers else 0.0)


def pull(sentence: Sentence) -> float:
    """How much a sentence of a mail asks of itself: by asking, ordering, wishing, or naming what is missing."""
    if in_case(sentence.words):
        return POLITE
    asked = strength(sentence)
    return max(asked, of_itself(sentence.words)) if asked != POLITE else POLITE


def _inside(sign: Sign, others: Iterable[Sign]) -> bool:
    """Whether the sign overlaps one of the others (unspaced ones are only compared by place)."""
    if sign.start < 0:
        return any(other.at <= sign.at < other.at + 12 for other in others if other.start < 0)
    return any(other.start < sign.end and sign.start < other.end for other in others)


def asks_of(conversation: Conversation, me: Me, now: datetime) -> list[Ask]:
    """What was asked of the person after their last word, strongest last mail first; `now` is in the person's zone."""
    found: list[Ask] = []
    waiting = conversation.since_mine
    for index, mail in enumerate(waiting):
        later = waiting[index + 1 :]
        if any(is_closing(other) and other.message.sender == mail.message.sender for other in later):
            continue
        answered = any(other.message.sender != mail.message.sender for other in later)
        found += _asks_in(mail, me, now, ANSWERED_BY_OTHER if answered else 1.0)
    return sorted(found, key=lambda ask: (-ask.weight, -ask.mail.message.at.timestamp()))


def _asks_in(mail: Mail, me: Me, now: datetime, discount: float) -> list[Ask]:
    letter = mail.letter
    aimed = addressed(mail, me)
    if any("ask.none" in sentence.words.concepts for sentence in letter.sentences):
        aimed *= NO_REPLY
    others = {name for person in mail.message.readers if not me.is_me(person) for name in person.given_names}
    times = times_of(mail, now)
    asks: list[Ask] = []
    block, called = -1, aimed
    for number, (sentence, spoken) in enumerate(zip(letter.sentences, times, strict=True)):
        at_head, named = _named(sentence.words, me, frozenset(others))
        if named is None and aimed < DIRECT and calls_another(sentence.words):
            at_head, named = True, NAMED_OTHER
        if named is not None and at_head:
            block, called = sentence.block, named
        around = called if block == sentence.block else aimed
        weight = max(pull(sentence), leans([one.words for one in letter.sentences], times, number))
        if sentence.is_question and answered(letter.sentences, number):
            continue
        if around < DIRECT and forbids(sentence.words):
            continue
        if weight > POLITE:
            aim = around if named is None else named
            aim = UNNAMED if aim == IN_GROUP and not _answerable(sentence) else aim
            kept = 1.0 if named == DIRECT else discount
            day = _day_before(letter.sentences, times, number)
            asks.append(Ask(sentence.text, weight * aim * kept, mail, spoken, sentence.words.concepts, day))
    return asks


def _day_before(sentences: Sequence[Sentence], times: Sequence[Sequence[When]], number: int) -> str:
    """How the sentence before names the day of an hour that this one names alone; else ""."""
    if not number or sentences[number - 1].block != sentences[number].block:
        return ""
    alone = bool(times[number]) and all(when.bare for when in times[number])
    return next((when.phrase for when in times[number - 1] if not when.bare), "") if alone else ""


def times_of(mail: Mail, zone_of: datetime) -> list[tuple[When, ...]]:
    """The times each sentence of a mail speaks of, in the zone of `zone_of`."""
    if zone_of.tzinfo not in mail.times:
        sentences = mail.letter.sentences
        written = mail.message.at.astimezone(zone_of.tzinfo)
        asking = [pull(sentence) > POLITE or _hangs_on(sentence.words) for sentence in sentences]
        found = read_all_times([s.words for s in sentences], written, asking, month_first=month_first(mail))
        mail.times[zone_of.tzinfo] = [tuple(whens) for whens in found]
    return mail.times[zone_of.tzinfo]


def spoken_of(mails: Iterable[Mail], zone_of: datetime) -> list[When]:
    """Every time that the mails speak of, in their order."""
    return [when for mail in mails for whens in times_of(mail, zone_of) for when in whens]


def _hangs_on(words: Words) -> bool:
    """Whether something is needed, or comes to pass if nothing is done."""
    return wants(words) or "stake" in words.concepts


def _answerable(sentence: Sentence) -> bool:
    """Whether each one of a group is to answer, and not only to act: "tell me", not "take the stairs"."""
    return sentence.is_question or not ANSWERS.isdisjoint(sentence.words.concepts)


def addressed(mail: Mail, me: Me) -> float:
    """How surely a mail as a whole speaks to the person."""
    message, greeting = mail.message, mail.letter.greeting
    if greeting.names & me.names:
        return DIRECT
    others = {name for person in message.readers if not me.is_me(person) for name in person.given_names}
    if greeting.names & others and not _to_group(mail):
        return NAMED_OTHER
    if greeting.everyone and (any(me.is_me(person) for person in message.to) or _to_group(mail)):
        return TO_ALL
    if not any(me.is_me(person) for person in message.to):
        if any(me.is_me(person) for person in message.copied):
            return COPIED
        return IN_GROUP if _to_group(mail) else UNNAMED
    return DIRECT if len(message.to) <= MANY else AMONG_MANY


def _to_group(mail: Mail) -> bool:
    """Whether it went to one address that bears no person's name: the person has it as one of a group."""
    to = mail.message.to
    if len(to) != 1 or mail.message.copied:
        return False
    called = {fold(word) for word in to[0].name.split()}
    local = fold(to[0].address.partition("@")[0])
    return called <= {local} or "group" in Words(f"{to[0].name} {local}").concepts


def _named(words: Words, me: Me, others: frozenset[str]) -> tuple[bool, float | None]:
    """Whether a sentence calls the person (DIRECT) or somebody else (NAMED_OTHER) by name, None if nobody; and whether
    it does so at its head, so that what follows in the paragraph is said to them too."""
    text = words.text
    head, comma, _ = text.partition(",") if "," in text[:30] else text.partition(":")
    first = {fold(word) for word in head.replace("@", " ").split()[:4]} if comma and len(head) <= 30 else set()
    mark, _, tail = text.rstrip(" ?!.").rpartition(",")
    last = {fold(word) for word in tail.split()} if mark and len(tail.split()) <= 2 else set()
    at = {fold(word[1:].strip(",.:;!?")) for word in text.split() if word.startswith("@")}
    for called, at_head in ((first | at, True), (last, False)):
        if called & me.names:
            return at_head, DIRECT
        if called & others:
            return at_head, NAMED_OTHER
    return False, None


def is_closing(mail: Mail) -> bool:
    """Whether a mail only says that the matter is settled."""
    sentences = mail.letter.sentences
    closing = any("closing" in sentence.words.concepts for sentence in sentences)
    return closing and all(strength(sentence) <= POLITE for sentence in sentences)


def month_first(mail: Mail) -> bool:
    """Whether the author's 11/3 is 3 November: they write on a clock of North America."""
    offset = mail.message.offset
    return offset is not None and -9 * 3600 <= offset.total_seconds() <= -4 * 3600


def given(person: Person) -> str:
    """The name somebody is called by."""
    return person.name.split()[0] if person.name else person.address
