"""A small grammar of stretches of time: days and times of day set into each other, ranges, open ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from app.offline import amounts, clocks, dates, days, window
from app.offline.days import Found
from app.offline.lexicon import listed
from app.offline.window import Hours, Moment, Window
from app.offline.words import Line

_LEAD = frozenset(listed("on in for at during over of from the within this"))
_TO = frozenset({"to", "until", "till", "through", "-", "–"})
_AGED = frozenset({"older", "newer"})
_ON = frozenset({"on", "onward", "onwards"})
_FIGURES = frozenset({"number", "date", "clock"})
_WORDS = frozenset(
    (*days.WEEKDAYS, *days.UNITS, *(f"{unit}s" for unit in days.UNITS), *days.NAMED, *dates.MONTHS, *clocks.PARTS,
     *clocks.NAMED, *amounts.WORDS, *amounts.ORDINALS, "tonight", "now", "christmas", "easter", "year", "halloween",
     "valentine")
)  # fmt: skip
_REACH = 8  # how far behind its first word a stretch of time says that it is one


@dataclass(frozen=True)
class Timed:
    """A window and the tokens that said it: `start` to `end`, `end` exclusive."""

    window: Window
    start: int
    end: int


def find(line: Line, moment: Moment) -> list[Timed]:
    """Every stretch of time in the line, in order; neighbours that touch ("Thursday and Friday") are one."""
    found: list[Timed] = []
    spoken = [k for k in range(len(line)) if line.kind(k) in _FIGURES or line.word(k) in _WORDS]
    i = 0
    while i < len(line):
        here = span(line, i, moment) if any(i <= k < i + _REACH for k in spoken) else None
        if here:
            found.append(Timed(here[0], i, here[1]))
        i = here[1] if here else i + 1
    return _merged(line, found)


def span(line: Line, i: int, moment: Moment) -> Found | None:
    """The longest stretch of time that starts at token `i`."""
    readings = [rule(line, i, moment) for rule in (_between, _point, _edge)]
    return max((r for r in readings if r), key=lambda r: r[1], default=None)


def _merged(line: Line, found: Sequence[Timed]) -> list[Timed]:
    joined = list(found[:1])
    for left, right in pairwise(found):
        between = set(line.words(left.end, right.start - left.end))
        if between <= {"and", ",", "&", "or", "on"} and left.window.end == right.window.start is not None:
            joined[-1] = Timed(Window(joined[-1].window.start, right.window.end), joined[-1].start, right.end)
        else:
            joined.append(right)
    return joined


def _point(line: Line, i: int, moment: Moment) -> Found | None:
    """A day, a time of day, or both, in either order."""
    for j in range(i, i + 4):
        found = _day_first(line, j, moment) or _hours_first(line, j, moment)
        if found or line.word(j) not in _LEAD:
            return found
    return None


def _day_first(line: Line, i: int, moment: Moment) -> Found | None:
    day = days.day(line, i, moment)
    if day is None:
        return None
    if day[0].grain == "part":
        return _finer(line, day) or day
    comma = line.word(day[1]) == ","
    hours = clocks.hours(line, day[1] + comma, dated=True) if day[0].one_day else None
    if hours is None:
        return day
    return _finer(line, (window.within(day[0], hours[0]), hours[1])) or (window.within(day[0], hours[0]), hours[1])


def _finer(line: Line, part: Found) -> Found | None:
    """A time said after a part of the day ("this evening at 7") stands in that part."""
    start = part[0].start
    hours = clocks.hours(line, part[1]) if part[0].grain == "part" and start else None
    if hours is None or start is None or hours[0].start is None:
        return None
    shift = 12 * 60 if start.hour >= 12 > hours[0].start // 60 else 0
    later = Hours(hours[0].start + shift, hours[0].end and hours[0].end + shift)
    return window.within(window.days(window.midnight(start)), later), hours[1]


def _hours_first(line: Line, i: int, moment: Moment) -> Found | None:
    hours = clocks.hours(line, i)
    for told in (clocks.hours(line, i, dated=True), hours):
        j = told[1] + (line.word(told[1]) in {"on", "of", "this", ",", "in"}) if told else 0
        day = days.day(line, j, moment) if told else None
        if told and day and day[0].one_day:
            within = window.within(day[0], told[0]), day[1]
            return _finer(line, within) or within
    if hours is None:
        return None
    if line.word(hours[1]) == "this" and line.word(hours[1] + 1) in clocks.PARTS:  # "since 8 this morning"
        return window.within(window.days(moment.today), hours[0]), hours[1] + 2
    if line.word(i) in clocks.PARTS:  # "good morning" is no time, "in the morning" is
        return None
    return _today(hours[0], moment), hours[1]


def _today(hours: Hours, moment: Moment) -> Window:
    day = window.days(moment.day)
    found = window.within(day, hours)
    if moment.day != moment.today:
        return found
    if hours.grain == "open":
        return Window(found.start, None, "open")
    if moment.lean > 0 and found.end is not None and found.end <= moment.now:
        return window.within(day.moved(1), hours)
    ahead = moment.lean < 0 and found.start is not None and found.start > moment.now
    return window.within(day.moved(-1), hours) if ahead else found


def _between(line: Line, i: int, moment: Moment) -> Found | None:
    """From one day to another, both included."""
    lead = line.word(i) if line.word(i) in {"between", "from"} else ""
    at = i + bool(lead)
    first = _number_before(line, at + (bool(lead) and line.word(at) == "the"), moment) or _point(line, at, moment)
    if first is None or not (line.word(first[1]) in _TO or (lead == "between" and line.word(first[1]) == "and")):
        return None
    second = _point(line, first[1] + 1, moment) or _number_after(line, first)
    if second is None or first[0].start is None or second[0].end is None:
        return None
    end = second[0].start if second[0].grain == "clock" else second[0].end
    if end is None:
        return None
    return Window(*_in_order(line, range(i, first[1]), second, (first[0].start, end))), second[1]


def _in_order(line: Line, said: range, second: Found, ends: tuple[datetime, datetime]) -> tuple[datetime, datetime]:
    """The ends of a range, tokens `said` and those of `second`: a month without a year gets the one that keeps them
    nearest to each other, a weekday the week that puts it behind the start."""
    start, end = ends
    parts = (said, range(said.stop, second[1]))
    if not all(any(line.word(k) in dates.MONTHS for k in part) for part in parts):
        while end <= start and second[0].one_day:
            end += timedelta(days=7)
        return start, end
    told = [any(dates.year_at(line, k) for k in part) for part in parts]
    if told[0] and not told[1]:
        near = dates.in_year(end, start.year)
        return start, near if near > start else dates.in_year(end, start.year + 1)
    if end > start and not told[1]:
        return start, end
    near = dates.in_year(start, end.year)
    return near if near < end else dates.in_year(start, end.year - 1), end


def _number_before(line: Line, i: int, moment: Moment) -> Found | None:
    """The 23 of "23 to 27 March", of "the 23rd and the 27th of March"; 28 and 3 April begin a month earlier."""
    number = dates.day_number(line, i)
    j = number[1] + 1 if number else 0
    second = days.day(line, j + (line.word(j) == "the"), moment) if number else None
    if number is None or second is None or not second[0].one_day or second[0].start is None:
        return None
    if number[0] <= second[0].start.day:
        return window.days(second[0].start.replace(day=number[0])), number[1]
    before = second[0].start.replace(day=1) - timedelta(days=1)
    named = any(line.word(k) in dates.MONTHS for k in range(j, second[1]))
    return (window.days(before.replace(day=number[0])), number[1]) if named and number[0] <= before.day else None


def _number_after(line: Line, first: Found) -> Found | None:
    """The 20 of "March 16 to 20"."""
    number = dates.day_number(line, first[1] + 1)
    start = first[0].start
    if number is None or start is None or not first[0].one_day or number[0] < start.day:
        return None
    return first[0].moved(number[0] - start.day), number[1]


def _edge(line: Line, i: int, moment: Moment) -> Found | None:
    """Open to one side: since Monday, from Thursday on, after the 5th, before Friday, until tomorrow."""
    lead, j = line.word(i), i + 1
    if lead in _AGED and line.word(j) == "than":
        return _aged(line, i, moment)
    if lead == "starting" or line.words(i, 2) in {("as", "of"), ("up", "to")}:
        j += line.word(j) in {"from", "on", "of", "to", "at"}
    elif lead not in {"since", "after", "before", "until", "till", "by", "from"}:
        return None
    found = _point(line, j, replace(moment, lean=-1) if lead == "since" else moment)
    return found and _opened(line, lead, found, moment)


def _aged(line: Line, i: int, moment: Moment) -> Found | None:
    """Older or newer than so long: "older than two weeks"."""
    count = amounts.number(line, i + 2)
    size, j = (count.value, count.end) if count else (1, i + 2 + (line.word(i + 2) in {"a", "an", "one"}))
    name = days.UNITS.get(line.word(j)) or days.UNITS.get(line.word(j).removesuffix("s"))
    if name is None:
        return None
    at = window.shifted(name, -size, moment)
    at = at if name in {"minute", "hour"} else window.midnight(at)
    return (Window(None, at, "open") if line.word(i) == "older" else Window(at, None, "open")), j + 1


def _opened(line: Line, lead: str, found: Found, moment: Moment) -> Found | None:
    point, j = found
    on = line.word(j) in _ON
    if lead in {"from", "since", "starting", "as"}:
        return (Window(point.start, None, "open"), j + on) if on or lead != "from" else None
    if lead == "after":
        return Window(point.start if point.grain == "clock" else point.end, None, "open"), j
    if point.grain == "clock" and point.start and window.midnight(point.start) != moment.today:
        return Window(window.midnight(point.start), point.start), j
    rest = lead == "before" and point.start == moment.now  # "before the end of the week"
    end = point.start if (lead == "before" and not rest) or point.grain == "clock" else point.end
    ahead = moment.lean > 0 and end is not None and end > moment.now
    return Window(moment.now if ahead else None, end), j
