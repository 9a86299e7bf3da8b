"""How often an event is to be, as an order says it: "every weekday", "weekly on Mondays until 18 December".

Law: what repeats is never taken for a single time; what is said of repeating and not understood is asked about.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from app.offline import amounts, days, times
from app.offline.lexicon import listed
from app.offline.orders.order import Order
from app.offline.window import midnight
from app.offline.words import Line

_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_ADVERBS = {
    "daily": ("day", 1), "weekly": ("week", 1), "monthly": ("month", 1), "yearly": ("year", 1), "annual": ("year", 1),
    "annually": ("year", 1), "fortnightly": ("week", 2), "biweekly": ("week", 2),
}  # fmt: skip
_UNITS = {"day": "day", "week": "week", "month": "month", "year": "year", "morning": "day", "afternoon": "day",
          "evening": "day"}  # fmt: skip
_EACH = frozenset({"every", "each"})
_UNTIL = frozenset({"until", "till", "through"})
_PLURALS = frozenset(f"{name}s" for name in listed("monday tuesday wednesday thursday friday saturday sunday"))
_SPANS = {"week": 7, "weeks": 7, "day": 1, "days": 1}


@dataclass
class Often:
    """The tool's `repeat`, the weekdays by number, and the tokens that say so; `place` is the first, second … of a
    month."""

    repeat: dict[str, Any] = field(default_factory=dict)
    weekdays: list[int] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    place: int = 0

    def from_day(self, day: datetime) -> datetime:
        """The first day of the rule from this one on."""
        for later in (day + timedelta(days=n) for n in range(62)):
            fits = not self.weekdays or later.weekday() in self.weekdays
            if fits and (not self.place or (later.day + 6) // 7 == self.place):
                return later
        return day


def often(order: Order) -> Often | None:
    """How often; None where nothing repeats."""
    line, found = order.line, Often()
    for i in range(len(line)):
        if i not in found.used:
            _at(line, i, found)
    if not found.repeat:
        return None
    if found.weekdays and found.repeat["every"] in ("week", "month"):
        found.repeat["on"] = [_CODES[n] for n in sorted(set(found.weekdays))]
    _end(order, found)
    return found


def _at(line: Line, i: int, found: Often) -> None:
    word = line.word(i)
    if word in _EACH:
        _every(line, i, found)
    elif word in _ADVERBS:
        unit, interval = _ADVERBS[word]
        _take(found, unit, interval, range(i, i + 1))
        if found.repeat["every"] in ("week", "month"):
            _weekdays_behind(line, i + 1, found)
    elif word in _PLURALS or word == "weekdays":
        _take(found, "week", 1, range(i - (line.word(i - 1) == "on"), i))
        _names(line, i, found)


def _every(line: Line, i: int, found: Often) -> None:
    """Every day, every other Friday, every 3 weeks, every Tuesday and Thursday, every first Monday of the month."""
    j, interval, place = i + 1, 1, 0
    number = amounts.number(line, j)
    if line.word(j) == "other":
        j, interval = j + 1, 2
    elif line.word(j) in amounts.ORDINALS:
        place, j = amounts.ORDINALS[line.word(j)], j + 1
    elif number and number.value == int(number.value):
        j, interval = number.end, int(number.value)
    unit = _UNITS.get(line.word(j).removesuffix("s"))
    if unit:
        _take(found, unit, interval, range(i, j + 1))
        found.used -= {j} if line.word(j) in {"morning", "afternoon", "evening"} else set()
        if unit in ("week", "month"):
            _weekdays_behind(line, j + 1, found)
    elif line.word(j) in days.WEEKDAYS or line.word(j) in {"weekday", "workday"}:
        if place == 2 and "month" not in line.row[j:]:
            place, interval = 0, 2  # "every second Friday" is every other one
        _take(found, "month" if place else "week", interval, range(i, j))
        found.place = place
        _names(line, j, found)


def _weekdays_behind(line: Line, j: int, found: Often) -> None:
    """Behind a week or a month: "on Mondays", "on the first Monday"; also with other words between."""
    for k in range(j, len(line)):
        if line.word(k) in days.WEEKDAYS and line.word(k - 1) not in _UNTIL:
            place = amounts.ORDINALS.get(line.word(k - 1), 0)
            if found.repeat["every"] == "month" and not place:
                return
            found.place = place if found.repeat["every"] == "month" else 0
            found.used |= {n for n in (k - 1, k - 2, k - 3) if line.word(n) in {*amounts.ORDINALS, "the", "on"}}
            _names(line, k, found)
            return


def _names(line: Line, j: int, found: Often) -> None:
    """Weekdays in a row: "Tuesday, Wednesday and Thursday"; and "of the month" behind them."""
    while line.word(j) in days.WEEKDAYS or line.word(j) in {"weekday", "weekdays", "workday"}:
        named = [days.WEEKDAYS[line.word(j)]] if line.word(j) in days.WEEKDAYS else [*range(5)]
        found.weekdays += named
        found.used.add(j)
        k = j + 1 + (line.word(j + 1) in {"and", ",", "&"}) + (line.words(j + 1, 2) == (",", "and"))
        k += line.word(k) == "on"
        if line.word(k) in days.WEEKDAYS:
            found.used |= {*range(j, k)}
        j = k
    k = next((k for k in (j, j - 1) if line.word(k) == "of"), 0)
    if k and line.word(k + 1) in {"the", "every", "each"} and line.word(k + 2) == "month":
        found.repeat["every"] = "month"
        found.used |= {k, k + 1, k + 2}


def _take(found: Often, unit: str, interval: int, tokens: range) -> None:
    known = found.repeat.get("interval", 1)
    every = found.repeat.get("every", unit)
    interval = max(known, interval)
    found.repeat = {"every": every} | ({"interval": interval} if interval > 1 else {})
    found.used |= {*tokens}


def _end(order: Order, found: Often) -> None:
    """Until a day, for ten weeks, ten times."""
    line = order.line
    for i in range(len(line)):
        if line.word(i) in _UNTIL and i not in found.used:
            until = times.span(line, i + 1, replace(order.clause.moment, lean=1))
            if until and until[0].end and until[0].grain != "clock":
                last = until[0].end - timedelta(days=1)
                found.repeat["until"] = last.date().isoformat()
                found.used |= {*range(i, until[1])}
        number = amounts.number(line, i)
        if number and line.word(number.end) == "times" and number.value >= 2:
            found.repeat["times"] = int(number.value)
            found.used |= {*range(i - (line.word(i - 1) in {"for", ","}), number.end + 1)}
        elif number and line.word(i - 1) == "for" and line.word(number.end) in _SPANS:
            length = timedelta(days=int(number.value * _SPANS[line.word(number.end)]) - 1)
            found.repeat["until"] = (found.from_day(midnight(order.now)) + length).date().isoformat()
            found.used |= {*range(i - 1, number.end + 1)}


def rest(order: Order, found: Often) -> Order:
    """The order without what says how often."""
    return replace(order, clause=order.without(found.used))


def said(order: Order) -> bool:
    """Whether something is said to repeat, understood or not."""
    return any(word in _EACH for word in order.line.row)
