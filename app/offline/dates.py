"""Explicit dates: "3 March", "the 14th", "in April", "2026-03-17", "17.3."; dateparser reads the ones in figures."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TypeVar

from dateutil.easter import easter

from app.offline.amounts import ORDINALS, SUFFIXES
from app.offline.lexicon import EMPTY, listed
from app.offline.window import Moment, Window, days, month, on
from app.offline.words import Line

_FULL = listed("january february march april may june july august september october november december")
MONTHS: dict[str, int] = {name: n for n, name in enumerate(_FULL, start=1)}
MONTHS |= {name[:3]: n for name, n in MONTHS.items()} | {"sept": 9}
_FEASTS = {
    ("christmas", "eve"): (12, 24), ("christmas",): (12, 25), ("new", "year", "eve"): (12, 31), ("new", "year"): (1, 1),
    ("halloween",): (10, 31), ("valentine", "day"): (2, 14),
}  # fmt: skip
_BY_EASTER = {
    ("easter", "monday"): 1, ("easter", "sunday"): 0, ("easter",): 0, ("good", "friday"): -2, ("whit", "monday"): 50,
}  # fmt: skip
_FESTIVE = frozenset(words[0] for words in (*_FEASTS, *_BY_EASTER))
_AMBIGUOUS = frozenset({"may", "march", "mar", "dec", "jan", "sep", "oct"})
_IN = frozenset(
    listed(
        "in of during for since until till from by between next last this before after and to through early late mid"
    )
)
_NAMES = frozenset(listed("jan may april june august"))
_RECENT = timedelta(days=31)  # a bare date this little in the past is meant, not next year's

_ASKING = frozenset(listed("i we you he she they it"))
"""Before one of these "may" is a verb."""

Day = TypeVar("Day", date, datetime)
Found = tuple[Window, int]


def explicit(line: Line, i: int, moment: Moment) -> Found | None:
    """The date or month named at token `i`, and the next token."""
    return (
        _numeric(line, i, moment)
        or _day_month(line, i, moment)
        or _month_day(line, i, moment)
        or _month_only(line, i, moment)
        or _the_nth(line, i, moment)
        or _year_only(line, i, moment)
        or _feast(line, i, moment)
    )


def day_number(line: Line, i: int) -> tuple[int, int] | None:
    """A day of a month at token `i`: 3, 3rd, third; and the next token."""
    word = line.word(i)
    if line.kind(i) == "number" and word.isdigit() and 1 <= int(word) <= 31:
        return int(word), i + 1 + (line.word(i + 1) in SUFFIXES)
    return (ORDINALS[word], i + 1) if word in ORDINALS else None


def _numeric(line: Line, i: int, moment: Moment) -> Found | None:
    if line.kind(i) != "date":
        return None
    text = line.word(i).rstrip("./")
    found = _parsed(text, moment.today.date(), _order(moment))
    return (days(_placed(found, len(text) > 6, moment)), i + 1) if found else None


def _day_month(line: Line, i: int, moment: Moment) -> Found | None:
    day = day_number(line, i)
    if day is None:
        return None
    j = day[1] + (line.word(day[1]) in {"of", "."})
    return _dated(line, day[0], j, j + 1, moment) if line.word(j) in MONTHS else None


def _month_day(line: Line, i: int, moment: Moment) -> Found | None:
    if line.word(i) not in MONTHS:
        return None
    j = i + 1 + (line.word(i + 1) in {"the", "."})
    day = day_number(line, j)
    return _dated(line, day[0], i, day[1], moment) if day else None


def _dated(line: Line, day: int, named: int, j: int, moment: Moment) -> Found | None:
    comma = line.word(j) == ","
    year = year_at(line, j + comma)
    found = _date(year or moment.today.year, MONTHS[line.word(named)], day)
    return (days(_placed(found, year is not None, moment)), j + comma + 1 if year else j) if found else None


def _month_only(line: Line, i: int, moment: Moment) -> Found | None:
    word = line.word(i)
    if word not in MONTHS or (word in _AMBIGUOUS and not (line.word(i - 1) in _IN or line.capital(i))):
        return None
    if word == "may" and line.word(i + 1) in _ASKING:
        return None
    if word in _NAMES and line.word(i - 1) in {"and", "with", "&"} and line.word(i - 2) not in MONTHS:
        return None
    year = year_at(line, i + 1)
    return month(MONTHS[word], year, moment), i + 1 + (year is not None)


def _the_nth(line: Line, i: int, moment: Moment) -> Found | None:
    if line.word(i + 1) not in SUFFIXES or (day := day_number(line, i)) is None:
        return None
    follower = line.word(day[1])
    if line.kind(day[1]) == "word" and (follower not in EMPTY or follower in {"one", "ones"}):
        return None
    return _nearest_month(day[0], day[1], moment)


def _nearest_month(day: int, j: int, moment: Moment) -> Found | None:
    today = moment.today
    gap = (1 if day < today.day else 0) if moment.lean > 0 else (-1 if day > today.day else 0)
    index = today.year * 12 + today.month - 1 + gap
    found = _date(index // 12, index % 12 + 1, day)
    return (days(on(found, moment)), j) if found else None


def _year_only(line: Line, i: int, moment: Moment) -> Found | None:
    year = year_at(line, i) if line.word(i - 1) in _IN else None
    if year is None:
        return None
    return Window(on(date(year, 1, 1), moment), on(date(year + 1, 1, 1), moment)), i + 1


def _feast(line: Line, i: int, moment: Moment) -> Found | None:
    if line.word(i) not in _FESTIVE:
        return None
    for words, (number, day) in _FEASTS.items():
        if line.words(i, len(words)) == words:
            found = date(moment.today.year, number, day)
            return days(_placed(found, False, moment)), i + len(words)
    shift = next(((words, gap) for words, gap in _BY_EASTER.items() if line.words(i, len(words)) == words), None)
    return (_by_easter(shift[1], moment), i + len(shift[0])) if shift else None


def _by_easter(gap: int, moment: Moment) -> Window:
    """The day so many days after Easter Sunday: the coming one, or the last where the moment leans back."""
    today = moment.today.date()
    found = [easter(today.year + more) + timedelta(days=gap) for more in (-1, 0, 1)]
    day = next(d for d in found if d >= today) if moment.lean > 0 else max(d for d in found if d <= today)
    return days(datetime.combine(day, time(), moment.today.tzinfo))


def year_at(line: Line, i: int) -> int | None:
    word = line.word(i)
    return int(word) if len(word) == 4 and word.isdigit() and word[:2] in {"19", "20"} else None


def _placed(found: date, dated: bool, moment: Moment) -> datetime:
    """A date without a year stands in the year that the moment leans to."""
    today = moment.today.date()
    if not dated and moment.lean > 0 and found < today - _RECENT:
        found = in_year(found, found.year + 1)
    elif not dated and moment.lean < 0 and found > today:
        found = in_year(found, found.year - 1)
    return on(found, moment)


def _date(year: int, number: int, day: int) -> date | None:
    return date(year, number, day) if day <= monthrange(year, number)[1] else None


def in_year(day: Day, year: int) -> Day:
    """The same day of that year; the first of March where it has no 29 February."""
    gone = (day.month, day.day) == (2, 29) and year % 4
    return day.replace(year=year, month=3, day=1) if gone else day.replace(year=year)


def _order(moment: Moment) -> str:
    zone = str(moment.now.tzinfo)
    return "MDY" if zone.startswith(("America/", "US/")) else "DMY"


def _iso(text: str) -> date | None:
    year, number, day = (int(part) for part in text.split("-"))
    return _date(year, number, day) if 1 <= number <= 12 and year else None


@lru_cache(maxsize=512)
def _parsed(text: str, today: date, order: str) -> date | None:
    if len(text) == 10 and text[4] == "-":
        return _iso(text)
    import dateparser  # 50 ms, and only for requests that hold an explicit date

    base = datetime(today.year, today.month, today.day)  # noqa: DTZ001 - only the date is used
    settings = {"RELATIVE_BASE": base, "PREFER_DATES_FROM": "current_period", "DATE_ORDER": order}
    found: datetime | None = dateparser.parse(text, languages=["en"], settings=settings)
    return found.date() if found else None
