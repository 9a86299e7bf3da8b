"""What is to be worked out of figures that a sentence states: "tiles are 38.90 each and I need 27, what do I pay".

Law: two figures, a word that says how they belong together, and a question what that comes to; else nothing. Further
ones are taken in as far as a word says how: "for 3 years", "less 15%".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.offline import amounts
from app.offline.lexicon import listed
from app.offline.words import Line, stem

MONEY = frozenset(listed("€ $ £ euro euros dollar dollars pound pounds eur usd gbp bucks"))
_ASKED = frozenset(
    listed("cost costs pay pays paying owe owed come comes total price much many makes owe spend altogether")
)
_EACH = frozenset(listed("each apiece"))
_HEAD = frozenset(listed("head person piece night ticket unit item"))
_SHARING = frozenset(listed("each everyone everybody split share shared person head"))
_SHARERS = frozenset(listed("people persons friends guests ways heads colleagues adults kids children"))
_SEATS = frozenset(listed("seats licences licenses users desks members employees staff"))
_ADDING = frozenset(listed("add plus adding"))
_ADDED = frozenset(listed("tax vat tip surcharge extra more"))
_LESS = frozenset(listed("less minus"))
_DURING = frozenset(listed("for over during"))
_RATES = {"daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter", "yearly": "year"}
_CUTTING = frozenset(listed("off discount cheaper reduction rebate"))
_PER = frozenset(listed("a an per"))
_TIMES = {("day", "week"): 7, ("week", "year"): 52, ("month", "year"): 12, ("quarter", "year"): 4, ("hour", "day"): 24}
_SPANS = frozenset(listed("second minute hour day week month year"))
NEAR = 4  # words between a count and its price: "4 cinema tickets at 17.50"


@dataclass(frozen=True)
class Figure:
    """A number as an expression writes it, and its tokens with the sign of money or per cent."""

    text: str
    start: int
    end: int
    percent: bool = False


@dataclass(frozen=True)
class Priced:
    """An expression of the figures in tokens `start` to `end`; `power` binds as sums do."""

    text: str
    start: int
    end: int
    power: int = 20


def find(line: Line) -> Priced | None:
    """What the first two figures of the line come to, where the line says how."""
    found = _figures(line)
    if len(found) == 1:
        return _yearly(line, found[0])
    for a, b in pairwise(found):
        told = next((told for way in _WAYS if (told := way(line, a, b))), "")
        times, end = _times(line, a, b)
        if told and times:
            return Priced(f"{told} {times}", a.start, end)
        if told:
            pair = Priced(told, a.start, b.end, 10 if " + " in told else 20)
            return _further(line, pair, found[found.index(b) + 1 :], _rate(line, b) or _rate(line, a))
    return None


def _further(line: Line, whole: Priced, rest: Sequence[Figure], rate: str) -> Priced:
    """The whole with the figures behind it: for so many months or years of a rate, and so much per cent off or on."""
    for one in rest:
        before = {line.word(one.start - 1), line.word(one.start - 2)}
        behind = {line.word(one.end), line.word(one.end + 1)}
        span = stem(line.word(one.end))
        many = 1 if span == rate else _TIMES.get((rate, span), 0)
        text = whole.text if whole.power >= 20 or one.percent else f"({whole.text})"
        sign = "-" if before & _LESS or behind & _CUTTING else "+" if before & _ADDING or behind & _ADDED else ""
        if one.percent and sign:
            whole = Priced(f"{text} {sign} {one.text}%", whole.start, one.end, 10)
        elif many and line.word(one.start - 1) in _DURING and not one.percent:
            year = f" * {many}" if many > 1 else ""
            whole = Priced(f"{text} * {one.text}{year}", whole.start, one.end + 1)
        else:
            break
    return whole


def _rate(line: Line, one: Figure) -> str:
    """The unit that so much is paid for each of: the month of "89 a month"."""
    if line.word(one.end) in _PER | {"every", "each"}:
        return stem(line.word(one.end + 1))
    return _RATES.get(line.word(one.end), "")


def _figures(line: Line) -> Sequence[Figure]:
    found: list[Figure] = []
    i = 0
    while i < len(line):
        number = amounts.number(line, i) if line.kind(i) == "number" or line.word(i) in amounts.WORDS else None
        if number is None:
            i += 1
            continue
        percent = line.word(number.end) in {"%", "percent"}
        end = number.end + (percent or line.word(number.end) in MONEY)
        text = line.word(i) if number.end == i + 1 and line.kind(i) == "number" else f"{number.value:.12g}"
        found.append(Figure(text, i - (line.word(i - 1) in MONEY), end, percent))
        i = end
    return found


def _asked(line: Line) -> bool:
    return not _ASKED.isdisjoint(line.row)


def _times(line: Line, a: Figure, b: Figure) -> tuple[str, int]:
    """What turns a rate of one of the figures into that which is asked for, "* 12" for a month and a year, and where
    that is said."""
    yearly = (_yearly(line, one) for one in (b, a))
    told = next((one for one in yearly if one and one.end > b.end), None)
    return (" ".join(told.text.split()[1:]), told.end) if told else ("", 0)


def _each(line: Line, a: Figure, b: Figure) -> str:
    """So much each, and so many of them."""
    each = any(line.word(f.end + 2 * (line.word(f.end) in _PER)) in _EACH for f in (a, b))
    priced = each or any(line.word(f.end) in _PER and _sold(line, f.end + 1) for f in (a, b))
    asked = _asked(line) or bool(_times(line, a, b)[0])
    return f"{a.text} * {b.text}" if priced and asked and not (a.percent or b.percent) else ""


def _sold(line: Line, i: int) -> bool:
    """Whether the token is what things are sold by: a head, a litre; a month is not."""
    return line.word(i) in _HEAD or (line.word(i).removesuffix("s") not in _SPANS and amounts.unit(line, i) is not None)


def _at(line: Line, a: Figure, b: Figure) -> str:
    """So many things at so much, so many boxes of so many."""
    between = b.start - a.end
    of = line.word(b.start - 1) == "of" and "many" in line.row and line.kind(b.end) == "word"
    at = line.word(b.start - 1) == "at" and _asked(line)
    return f"{a.text} * {b.text}" if (at or of) and 1 < between <= NEAR and not (a.percent or b.percent) else ""


def _many(line: Line, a: Figure, b: Figure) -> str:
    """So much a month for each of so many: "19 euro a month, what is that for 24 people a year"."""
    counted = line.word(b.end) in _SHARERS | _SEATS and line.word(b.start - 1) == "for"
    return f"{a.text} * {b.text}" if counted and _times(line, a, b)[0] else ""


def _shared(line: Line, a: Figure, b: Figure) -> str:
    """So much among so many people."""
    said = not _SHARING.isdisjoint(line.row) and _asked(line)
    for whole, many in ((a, b), (b, a)):
        counted = line.word(many.end) in _SHARERS or line.words(many.end, 2) == ("of", "us")
        counted = counted or line.words(many.start - 2, 2) in {("we", "were"), ("we", "are")}
        if said and counted:
            return f"{whole.text} / {many.text}"
    return ""


def _percent(line: Line, a: Figure, b: Figure) -> str:
    """So much and a percentage more, or less."""
    if not b.percent or a.percent:
        return ""
    if line.word(b.start - 1) in _ADDING:
        return f"{a.text} + {b.text}%"
    return f"{b.text}% off {a.text}" if line.word(b.end) in _CUTTING and line.word(b.end + 1) != "of" else ""


_WAYS: tuple[Callable[[Line, Figure, Figure], str], ...] = (_each, _at, _many, _shared, _percent)


def _yearly(line: Line, one: Figure) -> Priced | None:
    """So much a month, and what that is a year."""
    unit = stem(line.word(one.end + 1)) if line.word(one.end) in _PER else ""
    for i in range(one.end + 2, len(line) - 1):
        other = stem(line.word(i + 1)) if line.word(i) in _PER else ""
        for sign, pair in (("*", (unit, other)), ("/", (other, unit))):
            if pair in _TIMES:
                return Priced(f"{one.text} {sign} {_TIMES[pair]}", one.start, i + 2)
    return None
