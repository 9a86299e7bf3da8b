"""A date so far from another, as people say it: "3 weeks after 9 April", "in 90 days", "10 business days ago"."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.offline import amounts, times
from app.offline.lexicon import listed
from app.offline.window import Moment
from app.offline.words import Line, stem

_UNITS = {"day": "days", "week": "weeks", "month": "months", "year": "years", "fortnight": "weeks"}
_WORKING = frozenset(listed("working business work"))
_WORKDAYS = frozenset(stem(word) for word in listed("weekdays workdays"))
_BACK = frozenset(listed("before ago earlier prior"))
_TAKING = frozenset(listed("subtract minus deduct"))
_ANCHORS = frozenset(listed("after before from to of on following"))
_FROM = frozenset({"after", "before", "from"})
_FAR = timedelta(days=300)  # a day so far ahead without a year is meant as the one that was
_TODAY = frozenset(listed("now today"))


@dataclass(frozen=True)
class Shift:
    """`value` times `unit` ("days", "working days"), negative for back; from `since`, None for today. Tokens `start`
    to `end` say so."""

    value: int
    unit: str
    since: date | None
    start: int
    end: int


def find(line: Line, moment: Moment) -> Shift | None:
    """The first such distance in the line."""
    return next((found for i in range(len(line)) if (found := _at(line, i, moment))), None)


def _at(line: Line, i: int, moment: Moment) -> Shift | None:
    count = amounts.number(line, i) or _one(line, i)
    if count is None or count.value != int(count.value):
        return None
    unit, end = _unit(line, count.end + (line.word(count.end) == "more"))
    if not unit:
        return None
    value = int(count.value) * (2 if line.word(end - 1).startswith("fortnight") else 1)
    back = line.word(end) in _BACK or not _TAKING.isdisjoint(line.row[:i])
    since, end = _since(line, end, moment)
    begin = i - (line.word(i - 1) == "in")
    return Shift(-value if back else value, unit, since, begin, end)


def _one(line: Line, i: int) -> amounts.Amount | None:
    """ "A week after that": one, where it is said from when."""
    counted = line.word(i) in {"a", "an"} and stem(line.word(i + 1)) in _UNITS and line.word(i + 2) in _FROM
    return amounts.Amount(1, i, i + 1) if counted else None


def _unit(line: Line, i: int) -> tuple[str, int]:
    """The unit at token `i` and where it ends; "" where there is none."""
    if line.word(i) in _WORKING and stem(line.word(i + 1)) == "day":
        return "working days", i + 2
    if stem(line.word(i)) in _WORKDAYS:
        return "working days", i + 1
    return _UNITS.get(stem(line.word(i)), ""), i + 1


def _since(line: Line, end: int, moment: Moment) -> tuple[date | None, int]:
    """The date counted from, and where it ends."""
    if line.word(end) in {"ago", "earlier", "later"}:
        return None, end + 1
    if line.word(end) not in _ANCHORS:
        return None, end
    if line.word(end + 1) in _TODAY:
        return None, end + 2
    rest = Line(line.tokens[end + 1 :])
    ahead, back = (_first(rest, replace(moment, lean=lean)) for lean in (1, -1))
    if ahead is None or ahead.window.start is None:
        return None, end
    far = ahead.window.start - moment.now > _FAR
    begins = back.window.start if far and back else None
    return (begins or ahead.window.start).date(), end + 1 + ahead.end


def _first(line: Line, moment: Moment) -> times.Timed | None:
    return next((t for t in times.find(line, moment) if t.start == 0), None)
