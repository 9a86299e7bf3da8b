"""Danger a mail tells by its situation alone, without asking: who or what is in it, what befalls them, and whether the
reader can do something about it.

Law: no word means danger by itself. What befalls must stand beside whom it befalls; it must be so now, not in the past,
in a story, in an exercise or on condition; and nothing in the mail may say that it is over or can wait.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tools.mail.lexicon import Sign, Words, dangers
from tools.mail.sentences import Sentence
from tools.text.characters import cut


class Pair(NamedTuple):
    """What befalls, whom, how many words may stand between, and what it is: `grave` where harm is done while nobody
    acts, `told` where whoever is told of it is called by that alone."""

    event: str
    subject: str
    apart: int
    grave: bool
    told: bool


PAIRS = (
    Pair("plight.hurt", "plight.who", 6, grave=True, told=False),
    Pair("plight.flow", "plight.stuff", 5, grave=True, told=True),
    Pair("plight.fraud", "plight.abuse", 12, grave=True, told=True),
    Pair("plight.here", "plight.force", 5, grave=True, told=True),
    Pair("plight.alone", "plight.child", 6, grave=True, told=True),
    Pair("plight.exposed", "plight.secret", 8, grave=True, told=True),
    Pair("plight.collapse", "plight.structure", 8, grave=True, told=True),
    Pair("plight.loose", "plight.beast", 4, grave=True, told=True),
    Pair("plight.ruin", "plight.place", 7, grave=True, told=True),
    Pair("plight.refuse", "plight.supplier", 4, grave=False, told=True),
    Pair("plight.silent", "plight.kin", 4, grave=True, told=True),
    Pair("plight.stands", "plight.works", 5, grave=False, told=False),
    Pair("plight.spoils", "plight.goods", 8, grave=False, told=True),
    Pair("plight.cut", "plight.supply", 6, grave=False, told=False),
)
ALONE = {
    "plight.danger": Pair("plight.danger", "", 0, grave=True, told=True),
    "plight.stranded": Pair("plight.stranded", "", 0, grave=True, told=True),
    "plight.dire": Pair("plight.dire", "", 0, grave=False, told=True),
    "plight.short": Pair("plight.short", "", 0, grave=False, told=False),
    "plight.about": Pair("plight.about", "", 0, grave=False, told=False),
}
CUT = frozenset(("plight.cut", "plight.short"))
"""What befalls all who belong to it: one who says "our account" may mean the reader's too."""
EVENTS = frozenset((*(pair.event for pair in PAIRS), *ALONE))
SUBJECTS = frozenset((*(pair.subject for pair in PAIRS), "plight.kin", "plight.past"))
ENDINGS = frozenset(("plight.mended", "plight.unhurt", "plight.staged", "plight.hands", "plight.handled"))
STAGED = frozenset(("plight.staged",))
QUIET = frozenset(("calm", "ask.none"))
MONTHS = frozenset(f"time.month.{number}" for number in range(1, 13) if number != 5)
"""A day of the calendar is of a report or a plan; "may" is a word of its own."""
SINCE = frozenset(("since", "seit", "depuis", "desde", "dal", "da", "sinds"))
_OWNED = "my his her their your mein meine sein seine ihr ihre mon ma son sa leur mi su minha meu mijn zijn haar"
_OURS = """our us we ours unser unsere unseren unserem uns wir notre nos nous nuestra nuestro nuestras nostro nostra ci
nosso nossa ons onze"""
_DENYING = "plus pas mehr nicht nichts niet niets meer no not non nao nobody nessuno ninguem personne"
OWNED, OURS, DENYING = (frozenset(words.split()) for words in (_OWNED, _OURS, _DENYING))
NEAR = 1
"""Sentences beside the danger in which a "you" is drawn into it."""
DENIED = 3
SAID_LENGTH = 60
_HEADS = ",;:–—-("


@dataclass(frozen=True)
class Plight:
    """A danger told in sentence `number`, in the words `said`. `grave`: harm is done while nobody acts; `yours`: it is
    put into the reader's hands."""

    number: int
    said: str
    grave: bool
    yours: bool


@dataclass(frozen=True)
class _Told:
    """A danger as one sentence tells it; `kin` when it befalls one of the reader's own."""

    number: int
    sign: Sign
    pair: Pair
    kin: bool


def plight_of(sentences: Sequence[Sentence], subject: str = "") -> Plight | None:
    """The worst danger the sentences of one mail tell; None where there is none, or its subject says it is not real."""
    texts = [sentence.words for sentence in sentences]
    told = [found for number, words in enumerate(texts) for found in _told(number, words)]
    if not told or any(QUIET & words.concepts for words in texts):
        return None
    around = [frozenset(found.concept for found in dangers(words, ENDINGS)) for words in texts]
    if any("plight.staged" in one for one in around) or any(dangers(Words(subject), STAGED)):
        return None
    held = [
        Plight(one.number, _said(texts, one), one.pair.grave, _yours(sentences, around, one))
        for one in told
        if not _over(one, around)
    ]
    return min(held, key=lambda one: (not one.yours, not one.grave, one.number), default=None)


def _over(told: _Told, around: Sequence[frozenset[str]]) -> bool:
    """Whether it is told there or later that it is over, or that nobody came to harm where that is the danger."""
    later = frozenset[str]().union(*around[told.number :])
    return "plight.mended" in later or (told.sign.concept == "plight.hurt" and "plight.unhurt" in later)


def _said(texts: Sequence[Words], told: _Told) -> str:
    return cut(texts[told.number].text[told.sign.at : told.sign.until], SAID_LENGTH)


def _told(number: int, words: Words) -> Iterator[_Told]:
    """Each danger of one sentence."""
    events = list(dangers(words, EVENTS))
    if not events:
        return
    subjects = list(dangers(words, SUBJECTS))
    if any(sign.concept == "plight.past" for sign in subjects) or _dated(words):
        return
    kin = any(_own(words, sign) for sign in subjects)
    for event in events:
        if _denied(words, event) or _supposed(words, event):
            continue
        if event.concept in ALONE:
            yield _Told(number, event, ALONE[event.concept], kin)
        for pair in PAIRS:
            whom = next((sign for sign in subjects if _beside(pair, event, sign)), None)
            if whom:
                yield _Told(number, _spanned(event, whom), pair, kin and pair.subject == "plight.who")


def _beside(pair: Pair, event: Sign, subject: Sign) -> bool:
    if event.concept != pair.event or subject.concept != pair.subject:
        return False
    between = event.start - subject.end if subject.start < event.start else subject.start - event.end
    return between <= pair.apart


def _spanned(event: Sign, subject: Sign) -> Sign:
    """Both, and what stands between."""
    start, end = min(event.start, subject.start), max(event.end, subject.end)
    return Sign(event.concept, start, end, min(event.at, subject.at), max(event.until, subject.until))


def _dated(words: Words) -> bool:
    """Whether a day of the calendar is named, and not as the one since which it is so."""
    named = [sign for concept in MONTHS & words.concepts for sign in words.of(concept)]
    return any(_of_calendar(words, sign) for sign in named) and SINCE.isdisjoint(words.folded)


def _of_calendar(words: Words, month: Sign) -> bool:
    """Whether a month says when: "in March", "3 March", not "the March invoice"."""
    beside = [*words.words[max(0, month.start - 1) : month.start], *words.words[month.end : month.end + 1]]
    return any(word.folded[:1].isdigit() or word.folded in ("in", "im", "en", "em", "de", "of") for word in beside)


def _own(words: Words, sign: Sign) -> bool:
    """Whether somebody is one of the reader's own: "mum", "our son", not "my mum"."""
    before = words.folded[sign.start - 1] if sign.start > 0 else ""
    return before in OURS if sign.concept == "plight.who" else sign.concept == "plight.kin" and before not in OWNED


def _denied(words: Words, event: Sign) -> bool:
    """Whether a "not" stands before what befalls, and is no part of it: "ne nous livre plus"."""
    denies = not DENYING.isdisjoint(words.folded[event.start : event.end])
    return not denies and words.denied(event, DENIED)


def _supposed(words: Words, event: Sign) -> bool:
    """Whether an "if" at the head of a clause stands before it."""
    heads = (sign for sign in words.of("supposed") if sign.at < event.at)
    return any(sign.start <= 0 or words.text[: sign.at].rstrip()[-1:] in _HEADS for sign in heads)


def _yours(sentences: Sequence[Sentence], around: Sequence[frozenset[str]], told: _Told) -> bool:
    """Whether the reader is drawn into it: by a "you" beside it, by a question, by who alone can act, as one of those
    it befalls, or by being told where nobody sees to it yet."""
    if any("plight.hands" in one for one in around) or any(one.is_question for one in sentences):
        return True
    if told.kin or (told.pair.told and not any("plight.handled" in one for one in around)):
        return True
    if told.sign.concept in CUT and not OURS.isdisjoint(sentences[told.number].words.folded):
        return True
    near = sentences[max(0, told.number - NEAR) : told.number + NEAR + 1]
    return any("you" in one.words.concepts for one in near)
