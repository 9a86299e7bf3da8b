"""By when something is asked for: deadline phrases of several languages, relative to the day the mail was written.

Law: a time counts as a deadline only beside a word that makes it one ("by", "bis", "antes de", "due"), for the
nearest days in a sentence that asks, or near one that asks where the author hands on what they ask for, or says what
hangs on it ("I send it to the printer at noon", "sonst ..."). How long a state lasts is none.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal

from tools.mail.clocks import ExpressionReader
from tools.mail.expression import NOON, Expression
from tools.mail.lexicon import Sign, Words
from tools.mail.phrases import fold
from tools.mail.spans import back, limits, shortly

HORIZON = timedelta(days=400)
PAST = timedelta(days=45)
NEAR_DAYS = 1
"""In a sentence that asks, a bare "today" or "tomorrow" is a deadline; a later day is only mentioned."""

BEFORE = 12
"""Characters looked at for what stands before a time."""

REACH = 2
"""Sentences between what is asked and what sets its deadline, at most."""
MARKERS = frozenset(("due.by", "due.before"))
AFTER_NOT = 5
"""Words between "not" and "after", at most."""
HABITS = frozenset(
    ("don't", "doesn't", "didn't", "never", "nie", "jamais", "nunca", "mai", "ik", "i", "i'm", "ich", "je")
)
SINCE = frozenset(("since", "seit", "ab", "depuis", "desde", "dal", "sinds", "vanaf", "from"))
"""A day after one of these is a beginning."""
ARTICLES = {"del": "el", "il": "le", "al": "el", "delle": "alle", "dalle": "alle"}
"""What a bare day of the month may follow, as the reader of times knows it."""
ASKING = frozenset(("ask.request", "ask.able", "ask.order", "ask.please"))
WAITS = frozenset(("wait", "waiting", "warte", "warten"))
ENDING = frozenset(("due.then", "due.ends"))
ORDERING = frozenset(("ask.please", "ask.order"))
SETTING = frozenset(("due.act", "ask.need", "stake"))

Kind = Literal["deadline", "mention"]
_WHILE = re.compile(r"(?:until|till|bis|hasta|at[eé]|jusqu|tot|fino)", re.IGNORECASE)
_LAST = re.compile(r"\w+")
_STOP = re.compile(r"[,;:!?]|(?<!\d)\.")
_AT = re.compile(r"\b(?:at|um|om|a las|às|alle|à)\s(?=[\d\w])", re.IGNORECASE)
_HOURS = re.compile(r"(?<![\d:.])\d{1,2}(?::\d\d|\s?(?:[ap]\.?m\b|uhr\b|h\d\d\b))", re.IGNORECASE)
_DATES = re.compile(
    r"(?<![\d.:/])\d{1,2}(?:\.\d{1,2}\.|/\d{1,2}/\d|(?:st|nd|rd|th|er|º|\.)?\s(?:de |of |d['’])?(?=[^\W\d_]{3}))",
    re.IGNORECASE,
)
_ORDINALS = re.compile(
    r"\bon the (\d{1,2}(?:st|nd|rd|th))(?= (?:at|of|and|or|so|but|in|we|i|they|which|if)\b|[,.;:!?)]|\s?$)",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_MONTHS = re.compile(r"(?<!\d)\d{1,2}月")
_WHO = re.compile(r"(?:i|we|he|she|they|ich|wir|er|sie|je|nous|il|elle|on|yo|eu|io|ik|wij|j)\b", re.IGNORECASE)
_LIMIT_AFTER = re.compile(r"\s?(?:中|の|正午|[^\s。、,,]{0,4})?(?:まで|前|之前|以前|截止|以内|内に|締め?切)")
_CLAUSE = re.compile(r"(?:\s+[^\s,.;:?!]+){1,6}")
_ON = re.compile(r"\s((?:on|at|am|um|el|del|le|du|na|no|em|at)\s)", re.IGNORECASE)
_WHETHER = re.compile(r"\b(?:whether|ob)\b", re.IGNORECASE)
_PER = re.compile(r"per\s(?:il|le|la|l['’]|lun|mar|mer|gio|ven|sab|dom|oggi|stasera|fine|met)", re.IGNORECASE)
_WRITTEN_OUT = re.compile(r"\s?(\d{1,2}[-/ ][^\W\d_]{3,9}[-/ ]\d{2,4}|[^\W\d_]{3,9}[-/]\d{1,2}(?:[-/]\d{2,4})?)")


@dataclass(frozen=True)
class When:
    """A moment read from a text (aware). Without `has_time` it stands at the end of that day, or with `before` at its
    beginning; `bare` is an hour without a day."""

    at: datetime
    has_time: bool
    phrase: str
    kind: Kind = "deadline"
    before: bool = False
    bare: bool = False


def read_times(words: Words, written: datetime, *, asks: bool, month_first: bool = False) -> list[When]:
    """The deadlines in one sentence, else the first other time in it, as understood at `written` (aware, in the
    reader's zone).

    `asks`: the sentence asks for something. `month_first`: 11/3 is 3 November.
    """
    reader = ExpressionReader(words, written, month_first=month_first)
    states = [sign.at for sign in words.of("lasting")]
    markers = [sign for sign in words.signs if sign.concept in MARKERS and not _lasts(words, sign, states)]
    markers = [sign for sign in markers if not _for_whom(words, sign)]
    markers += [sign for sign in words.of("due.after") if _last_moment(words, sign)]
    found = [when for sign in markers if (when := _after(reader, sign))]
    found += [When(at, has_time, phrase) for at, has_time, phrase in limits(words, written)]
    if not asks and "due.forecast" in words.concepts and SETTING.isdisjoint(words.concepts):
        found = [replace(when, kind="mention") for when in found]
    if not found:
        found = _elsewhere(reader, words, asks=asks)
        if ENDING & words.concepts:
            found = [replace(when, kind="deadline") for when in found]
    return [when for when in found if written - PAST < when.at < written + HORIZON]


def read_all_times(
    sentences: Sequence[Words], written: datetime, asking: Sequence[bool], *, month_first: bool = False
) -> list[list[When]]:
    """`read_times` of the sentences of one mail; "by then" makes the time named just before it a deadline."""
    found = [
        read_times(words, written, asks=asks, month_first=month_first)
        for words, asks in zip(sentences, asking, strict=True)
    ]
    for number, words in enumerate(sentences):
        before = next((whens for whens in reversed(found[max(0, number - REACH) : number]) if whens), [])
        named = found[number] or before
        if named and (earlier := back(words, named[0].at)):
            if not found[number]:
                before[:] = [replace(when, kind="mention") for when in before]
            found[number] = [When(earlier[0], False, earlier[1])]
        elif "due.then" in words.concepts and before and _vaguer(found[number], before[0]):
            before[:] = [replace(when, kind="deadline") for when in before]
            found[number] = []
    if not any(when.kind == "deadline" for whens in found for when in whens):
        _set_beside(found, sentences, asking)
    for number, words in enumerate(sentences):
        kind: Kind = "deadline" if ENDING & words.concepts else "mention"
        found[number] = found[number] or [When(*soon, kind) for soon in shortly(words, written)]
    return found


def _for_whom(words: Words, marker: Sign) -> bool:
    """Whether an Italian "per" sets no day: it does before one that is named in Italian, "per venerdì"."""
    return words.folded[marker.start] == "per" and not _PER.match(words.text, marker.at)


def _vaguer(whens: Sequence[When], other: When) -> bool:
    """Whether times say no more than another one does: no hour of the same day."""
    return all(not when.has_time and other.has_time and when.at.date() == other.at.date() for when in whens)


def _set_beside(found: list[list[When]], sentences: Sequence[Words], asking: Sequence[bool]) -> None:
    """Make a deadline of the times at which the author hands on what they ask for, or of what hangs on it."""
    for number, words in enumerate(sentences):
        if _WHETHER.search(words.text) and not sentences[number].concepts & {"due.act", "stake"}:
            continue  # the day of what is asked about: "they want to know whether you come on Friday"
        near = asking[max(0, number - REACH) : number + REACH + 1]
        if any(near) and SETTING & words.concepts and "lasting" not in words.concepts:
            found[number] = [replace(when, kind="deadline") for when in found[number]]


def _last_moment(words: Words, marker: Sign) -> bool:
    """Whether an "after" says by when: "not after ten", but not "not until after ten"."""
    before = words.words[marker.start - 1].folded if marker.start else ""
    habit = any(word.folded in HABITS for word in words.words[: max(0, marker.start)])
    return words.denied(marker, AFTER_NOT) and not habit and not _WHILE.match(before)


def _lasts(words: Words, marker: Sign, states: Sequence[int]) -> bool:
    """Whether the word says how long a state lasts: "closed until"."""
    if not _WHILE.match(words.text, marker.at):
        return False
    verb_last = words.text[marker.at : marker.at + 3].lower() in ("bis", "tot")
    if "you" in words.concepts and not WAITS.isdisjoint(words.folded):
        return False  # "I wait for your answer until Friday"
    return any(
        state < marker.at or (verb_last and not _STOP.search(words.text, marker.until, state)) for state in states
    )


def _after(reader: ExpressionReader, marker: Sign) -> When | None:
    """The time that stands right after a deadline word."""
    start = marker.until + reader.text.startswith(":", marker.until)  # "Due: 1 December"
    last = fold(_LAST.findall(reader.text[marker.at : start])[-1])
    hours = last == "le" and fold(reader.text[marker.at : start]).startswith(("entro", "non"))  # "entro le sei"
    expression = reader.read(start, "alle" if hours else ARTICLES.get(last, last))
    if expression.empty:
        return _written_out(reader, marker, start) or _named_event(reader, marker, start)
    if expression.clock and _names_no_day(expression):
        expression.day = _day_beside(reader, marker.at)
    phrase = reader.text[marker.at : expression.end].strip()
    if phrase.lower().startswith("first thing"):
        expression.clock = expression.clock or NOON
    if marker.concept == "due.before":
        at, has_time, begins = expression.limit(reader.written)
        return When(at, has_time, phrase, before=begins)
    return When(*expression.moment(reader.written), phrase)


def _day_beside(reader: ExpressionReader, end: int) -> date | None:
    """The day ahead that is named last in the clause before `end`: "tomorrow's release (cut is 5 pm)"."""
    start = max((stop.end() for stop in _STOP.finditer(reader.text, 0, end)), default=0)
    for at in sorted((at for at in reader.signs if start <= at < end), reverse=True):
        expression = reader.read(at)
        if not expression.empty and not _names_no_day(expression):
            day = expression.moment(reader.written)[0].date()
            return day if day >= reader.written.date() else None
    return None


def _named_event(reader: ExpressionReader, marker: Sign, start: int) -> When | None:
    """The time of what the deadline word names: "before the board on the 24th"."""
    clause = _CLAUSE.match(reader.text, start)
    if clause and _WHILE.match(reader.text, marker.at) and _WHO.match(clause.group().strip()):
        return None  # "until I'm back on the 27th" says how long, not by when
    for on in _ON.finditer(clause.group()) if clause else ():
        expression = reader.read(start + on.start(1))
        if not expression.empty and not _names_no_day(expression):
            at, has_time = expression.moment(reader.written)
            return When(at, has_time, reader.text[marker.at : expression.end].strip())
    return None


def _written_out(reader: ExpressionReader, marker: Sign, start: int) -> When | None:
    """A date in a form the grammar does not know ("3-Dec-25"), by the date library."""
    match = _WRITTEN_OUT.match(reader.text, start)
    at = _by_library(match[1], reader.written) if match else None
    return When(at, False, reader.text[marker.at : match.end()]) if match and at else None


@lru_cache(maxsize=256)
def _by_library(text: str, written: datetime) -> datetime | None:
    import dateparser

    settings = {"RELATIVE_BASE": written.replace(tzinfo=None), "PREFER_DATES_FROM": "future", "STRICT_PARSING": False}
    found: datetime | None = dateparser.parse(text, languages=["en", "es", "de", "pt", "fr"], settings=settings)
    return found.replace(hour=23, minute=59, tzinfo=written.tzinfo) if found else None


def _elsewhere(reader: ExpressionReader, words: Words, *, asks: bool) -> list[When]:
    """Times without a deadline word before them: limits written behind (Chinese, Japanese), near days, mentions, and
    for want of these an hour still ahead on the day of writing."""
    mention: When | None = None
    bare: When | None = None
    close: list[tuple[int, When]] = []
    sets = bool(SETTING & words.concepts)
    for at, expression in _expressions(reader, words):
        moment, has_time = expression.moment(reader.written)
        phrase = words.text[at : expression.end].strip()
        if _names_no_day(expression) and not sets:
            today = moment.date() == reader.written.date()
            bare = bare or (When(moment, has_time, phrase, "mention", bare=True) if today else None)
            continue
        if limit := _LIMIT_AFTER.match(words.text, expression.end):
            return [When(moment, has_time, words.text[at : limit.end()].strip())]
        if any(sign.concept == "due.latest" and 0 <= sign.at - expression.end <= 4 for sign in words.signs):
            return [When(moment, has_time, phrase)]
        if asks and _presses(expression, words, at) and ("meet" not in words.concepts or ORDERING & words.concepts):
            close.append((at, When(moment, has_time, phrase)))
        mention = mention or When(moment, has_time, phrase, "mention")
    if close:
        # "I order tomorrow, so I need it tonight": the day that stands behind what asks.
        asked = min((sign.at for sign in words.signs if sign.concept.startswith("ask.")), default=0)
        return [next((when for at, when in close if at > asked), close[0][1])]
    if mention and mention.at.date() > reader.written.date() + timedelta(days=NEAR_DAYS):
        bare = None  # the hour of that day
    return [when for when in (mention, bare) if when]


def _presses(expression: Expression, words: Words, at: int) -> bool:
    """Whether a time is near enough to be when something asked is wanted: a next day, or this week in an order."""
    before = _LAST.findall(words.text[max(0, at - BEFORE) : at])
    if before and fold(before[-1]) in SINCE:
        return False
    if expression.offset is not None:
        return expression.offset <= NEAR_DAYS
    return expression.week == 0 and expression.weekday is None and not ASKING.isdisjoint(words.concepts)


def _expressions(reader: ExpressionReader, words: Words) -> Iterator[tuple[int, Expression]]:
    """The times in a sentence that name a day or an hour, each with its place."""
    starts = set(reader.signs)
    if _DIGIT.search(words.text):
        starts.update(match.start() for match in _MONTHS.finditer(words.text))
        starts.update(match.start() for match in _HOURS.finditer(words.text))
        starts.update(match.start() for match in _DATES.finditer(words.text))
        starts.update(match.start(1) for match in _ORDINALS.finditer(words.text))
    starts.update(match.start() for match in _AT.finditer(words.text))
    done = 0
    for at in sorted(starts):
        expression = reader.read(at) if at >= done else None
        if expression and not expression.empty and (expression.clock or not _names_no_day(expression)):
            done = expression.end
            yield at, expression


def _names_no_day(expression: Expression) -> bool:
    """Words such as "this" or "morning" alone name no day."""
    return (
        expression.day is None
        and expression.weekday is None
        and expression.offset is None
        and expression.week is None
        and not expression.month_end
    )
