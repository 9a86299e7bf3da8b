"""Days and stretches of whole days: "tomorrow", "next Friday", "the last two weeks", "the rest of the month"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from app.offline import amounts, clocks, dates, window
from app.offline.lexicon import listed
from app.offline.window import Hours, Moment, UnitName, Window
from app.offline.words import Line

Found = tuple[Window, int]
Rule = Callable[[Line, int, Moment], Found | None]

_DAYS = listed("monday tuesday wednesday thursday friday saturday sunday")
WEEKDAYS: dict[str, int] = {name: n for n, name in enumerate(_DAYS)} | {f"{name}s": n for n, name in enumerate(_DAYS)}
WEEKDAYS |= {name[:3]: n for n, name in enumerate(_DAYS)} | {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
NAMED = {"today": 0, "tomorrow": 1, "yesterday": -1}
_OFFSETS = {"this": 0, "current": 0, "my": 0, "next": 1, "coming": 1, "following": 1}
_OFFSETS |= {"last": -1, "past": -1, "previous": -1}
UNITS: dict[str, UnitName] = {
    "minute": "minute", "min": "minute", "hour": "hour", "hr": "hour", "h": "hour", "day": "day", "week": "week",
    "weekend": "weekend", "month": "month", "quarter": "quarter", "year": "year", "fortnight": "week",
}  # fmt: skip


_PUTS = frozenset(listed("squeeze fit pencil slot get put block"))
"""Behind one of these "in 20 minutes" is how long, not when."""


def day(line: Line, i: int, moment: Moment) -> Found | None:
    """The day or days named at token `i`, and the next token."""
    return next((found for rule in _RULES if (found := rule(line, i, moment))), None)


def _named(line: Line, i: int, moment: Moment) -> Found | None:
    today = window.days(moment.today)
    word = line.word(i)
    if word in NAMED:
        return today.moved(NAMED[word]), i + 1
    if word == "tonight":
        return window.within(today, Hours(18 * 60, 24 * 60, "part")), i + 1
    if line.words(i, 2) == ("last", "night"):
        return window.within(today.moved(-1), Hours(18 * 60, 24 * 60, "part")), i + 2
    if line.words(i, 2) in {("right", "now"), ("just", "now")}:
        return Window(moment.now, moment.now + timedelta(hours=1), "clock"), i + 2
    return None


def _beside(line: Line, i: int, moment: Moment) -> Found | None:
    """The day after tomorrow; the day or the week after the one spoken of last."""
    j = i + (line.word(i) == "the")
    if line.word(j) not in {"day", "week"} or line.word(j + 1) not in {"after", "before"}:
        return None
    sign = 1 if line.word(j + 1) == "after" else -1
    if line.word(j) == "week":
        return window.unit("week", sign, replace(moment, now=moment.anchor or moment.now)), j + 2
    if line.word(j + 2) in {"tomorrow", "yesterday"}:
        return window.days(moment.today + timedelta(days=2 * sign)), j + 3
    return window.days(window.midnight(moment.anchor or moment.now) + timedelta(days=sign)), j + 2


def _spoken_of(line: Line, i: int, moment: Moment) -> Found | None:
    """The day that was spoken of last, or a part of it: "that day", "the same evening"."""
    j = i + (line.word(i) == "the")
    j += line.words(j, 2) == ("that", "same")
    if moment.anchor is None or line.word(j) not in {"that", "same"}:
        return None
    held = window.days(window.midnight(moment.anchor))
    part = clocks.PARTS.get(line.word(j + 1))
    if part and (line.word(j) == "same" or line.word(j + 2) != "of"):
        return window.within(held, Hours(part[0] * 60, part[1] * 60, "part")), j + 2
    return (held, j + 2) if line.word(j + 1) == "day" else None


def _part_of_today(line: Line, i: int, moment: Moment) -> Found | None:
    part = clocks.PARTS.get(line.word(i + 1)) if line.word(i) == "this" else None
    if part is None:
        return None
    return window.within(window.days(moment.today), Hours(part[0] * 60, part[1] * 60, "part")), i + 2


def _weekday(line: Line, i: int, moment: Moment) -> Found | None:
    lead = line.word(i) if line.word(i) in _OFFSETS and line.word(i) != "my" else ""
    j = i + bool(lead)
    number = WEEKDAYS.get(line.word(j))
    if number is None:
        return None
    dated = None if lead else dates.explicit(line, j + 1 + (line.word(j + 1) in {",", "the"}), moment)
    if dated and dated[0].one_day:
        return dated
    week = _week_behind(line, j + 1, moment)
    if week:
        return window.days((week[0].start or moment.today) + timedelta(days=number)), week[1]
    if not _ELSEWHERE.isdisjoint(line.row):
        moment = replace(moment, week=None)
    return _led_weekday(number, lead, moment), j + 1


_ELSEWHERE = frozenset({"rather", "instead"})
"""With one of these a weekday need not be of the week that was spoken of."""


def _week_behind(line: Line, j: int, moment: Moment) -> Found | None:
    j += line.word(j) == "of"
    if line.word(j + 1) == "week" and line.word(j) in {"this", "next", "last"}:
        return window.unit("week", _OFFSETS[line.word(j)], moment), j + 2
    return None


def _led_weekday(number: int, lead: str, moment: Moment) -> Window:
    if lead in {"next", "following", "this"}:
        monday = window.unit("week", 0 if lead == "this" else 1, moment).start or moment.today
        return window.days(monday + timedelta(days=number))
    other = _other_week(moment) if not lead else None
    if other:
        return window.days(other + timedelta(days=number))
    lean: window.Lean = -1 if lead in {"last", "past", "previous"} else 1 if lead else moment.lean
    return window.weekday(number, replace(moment, lean=lean))


def _other_week(moment: Moment) -> datetime | None:
    """The Monday of the week that was spoken of, where it is not the current one."""
    if moment.week is None:
        return None
    monday = window.unit("week", 0, replace(moment, now=moment.week)).start
    return monday if monday != window.unit("week", 0, moment).start else None


def _rest(line: Line, i: int, moment: Moment) -> Found | None:
    """The rest of today, of the week, of the month; later today."""
    j = i + (line.word(i) == "the")
    if line.word(j) == "later":
        j += 1
    elif line.words(j, 2) in {("rest", "of"), ("remainder", "of"), ("end", "of")}:
        j += 2
    else:
        return None
    whole = _whole(line, j, moment) if line.word(j) in {"next", "coming", "following"} else None
    if whole:
        return Window(moment.now, whole[0].end), whole[1]
    j += line.word(j) in {"the", "this", "my"}
    if line.word(j) == "today":
        return Window(moment.now, window.days(moment.today).end), j + 1
    name, part = UNITS.get(line.word(j)), clocks.PARTS.get(line.word(j))
    if part:
        return Window(moment.now, window.at_minute(moment.today, part[1] * 60)), j + 1
    return (Window(moment.now, window.unit(name, 0, moment).end), j + 1) if name in _CALENDAR else None


_CALENDAR = frozenset({"day", "week", "weekend", "month", "quarter", "year"})


_FITTING = frozenset(listed("squeeze fit slot get pencil put squeezed fitted"))
"""Behind one of these "in 20 minutes" is how long it takes."""


def _counted(line: Line, i: int, moment: Moment) -> Found | None:
    """The next three days, the last two weeks, in two hours, two weeks ago."""
    j = i
    while line.word(j) in {"in", "within", "over", "during", "the", "for"}:
        j += 1
    lead = line.word(j) if line.word(j) in _OFFSETS and line.word(j) not in {"this", "my", "current"} else ""
    count = amounts.number(line, j + bool(lead)) or _one(line, j + bool(lead))
    if count is None or (name := _unit(line, count.end)) is None:
        return None
    end, size = count.end + 1, count.value * (2 if line.word(count.end).startswith("fortnight") else 1)
    if line.word(i) == "in" and line.word(i - 1) in _FITTING:
        return None
    if lead or line.word(i) == "within":
        ahead = _OFFSETS[lead] if lead else moment.lean
        return window.span(name, size, 1 if ahead > 0 else -1, moment), end
    return _away(line, i, end, name, size, moment)


def _away(line: Line, i: int, end: int, name: UnitName, size: float, moment: Moment) -> Found | None:
    """A distance from now: "in 2 days", "2 days ago", "a week from today"."""
    if line.word(end) == "ago":
        return _around(name, window.shifted(name, -size, moment)), end + 1
    if line.words(end, 2) in {("from", "now"), ("from", "today")}:
        return _around(name, window.shifted(name, size, moment)), end + 2
    base = day(line, end + 1, moment) if line.word(end) == "from" and name in {"day", "week"} else None
    if base:
        return base[0].moved(int(size) * (7 if name == "week" else 1)), base[1]
    placed = line.word(i) == "in" and line.word(i - 1) not in _PUTS
    return (_around(name, window.shifted(name, size, moment)), end) if placed else None


def _around(name: UnitName, at: datetime) -> Window:
    if name in ("minute", "hour"):
        return Window(at, at + timedelta(hours=1), "clock")
    return window.days(window.midnight(at))


def _one(line: Line, k: int) -> amounts.Amount | None:
    return amounts.Amount(1, k, k + 1) if line.word(k) in {"a", "an"} else None


def _unit(line: Line, i: int) -> UnitName | None:
    word = line.word(i)
    return UNITS.get(word) or UNITS.get(word.removesuffix("s"))


def _whole(line: Line, i: int, moment: Moment) -> Found | None:
    """This week, next month, the past hour, the weekend, the week after next."""
    j = i + (line.word(i) == "the")
    if line.words(j, 3) in {("week", "after", "next"), ("week", "before", "last")}:
        return window.unit("week", 2 if line.word(j + 2) == "next" else -2, moment), j + 3
    held = _unit(line, j)
    if held in {"week", "weekend"} and line.word(j + 1) == "of":
        named = dates.explicit(line, j + 2 + (line.word(j + 2) == "the"), moment)
        if named and named[0].start:
            return window.unit(held, 0, replace(moment, now=named[0].start)), named[1]
        return None if held == "week" else (window.unit(held, 0 if moment.lean > 0 else -1, moment), j + 1)
    if _unit(line, j) == "weekend":
        return window.unit("weekend", 0 if moment.lean > 0 else -1, moment), j + 1
    lead, name = line.word(j), _unit(line, j + 1)
    if lead not in _OFFSETS or name is None or line.word(j + 1).endswith("s"):
        return None
    if name in ("minute", "hour") or lead == "past":
        return window.span(name, 1, 1 if _OFFSETS[lead] > 0 else -1, moment), j + 2
    day = WEEKDAYS.get(line.word(j + 2)) if name == "week" else None
    if day is not None:
        monday = window.unit("week", _OFFSETS[lead], moment).start or moment.today
        return window.days(monday + timedelta(days=day)), j + 3
    return window.unit(name, _OFFSETS[lead], moment), j + 2


def _explicit(line: Line, i: int, moment: Moment) -> Found | None:
    return dates.explicit(line, i + (line.word(i) == "the"), moment)


_RULES: tuple[Rule, ...] = (_named, _whole, _beside, _spoken_of, _part_of_today, _rest, _counted, _weekday, _explicit)
