"""The days of the demo data: written relative to today, in words of seven languages.

Law: every date in the data files is one of `d+5` (calendar days from today), `wd-3` (working days: `wd+0` is today
or, at a weekend, the Friday before), `w1.tue` (the Tuesday of next week) or a name of NAMED.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

NAMED = {"launch": "w2.wed", "board": "wd+4", "freeze": "w1.fri", "trip": "w3.thu"}
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = re.compile(r"(?:(?P<unit>d|wd)(?P<count>[+-]\d+)|w(?P<week>-?\d+)\.(?P<name>[a-z]{3}))")
_SLOT = re.compile(r"\{([a-z0-9.+-]+)\|([a-z]+)(?::([a-z]{2}))?\}")


@dataclass(frozen=True)
class Days:
    """Resolves the data's relative days around `today`, on clocks of the IANA zone `zone`."""

    today: date
    zone: str

    @property
    def clock(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def on(self, text: str) -> date:
        """The date a day expression means. Raises ValueError for an expression that is none."""
        found = _DAY.fullmatch(NAMED.get(text, text))
        if not found:
            raise ValueError(f"{text!r} is not a day of the demo data: write d+5, wd-3, w1.tue or {', '.join(NAMED)}.")
        if found["unit"] == "d":
            return self.today + timedelta(days=int(found["count"]))
        if found["unit"] == "wd":
            return self._working(int(found["count"]))
        monday = self.today - timedelta(days=self.today.weekday())
        return monday + timedelta(weeks=int(found["week"]), days=WEEKDAYS.index(found["name"]))

    def at(self, text: str) -> datetime:
        """The aware moment of "wd-3 09:15", on the owner's clock."""
        day, clock = text.split()
        return datetime.combine(self.on(day), time.fromisoformat(clock), self.clock)

    def fill(self, text: str, written: date, language: str = "en") -> str:
        """Put real dates where the text has {wd+2|weekday}; `{launch|day:de}` names another language.

        `written` is the day the text was written on: a weekday alone means the nearest, so one that is a week and more
        ahead is said with its date.
        """

        def said(slot: re.Match[str]) -> str:
            day, form = self.on(slot[1]), slot[2]
            far = form == "weekday" and (day - written).days >= len(WEEKDAYS)
            return say(day, "long" if far else form, slot[3] or language)

        return _SLOT.sub(said, text)

    def _working(self, count: int) -> date:
        """0 is today or the working day before; positive counts are strictly later."""
        day = self.today
        while day.weekday() > 4:
            day -= timedelta(days=1)
        weeks, rest = divmod(day.weekday() + count, 5)
        return day - timedelta(days=day.weekday()) + timedelta(weeks=weeks, days=rest)


@dataclass(frozen=True)
class Language:
    """One table of languages.toml: names and patterns of dates, and how clients announce a quotation."""

    weekdays: list[str]
    months: list[str]
    day: str
    long: str
    full: str
    gmail: str
    apple: str
    thunderbird: str
    outlook: list[str]

    def words(self, day: date) -> dict[str, str]:
        """The pieces of a date that the patterns may use."""
        weekday, month = self.weekdays[day.weekday()], self.months[day.month - 1]
        pieces = {"weekday": weekday, "wd": weekday[:3], "wd2": weekday[:2], "month": month, "mon": month[:3]}
        ends = {"wdfirst": weekday[0], "wdlast": weekday[-1]}
        return pieces | ends | {"d": str(day.day), "m": str(day.month), "y": str(day.year)}


@cache
def languages() -> Mapping[str, Language]:
    tables = tomllib.loads((files("app.demo") / "data" / "languages.toml").read_text("utf-8"))
    return {name: Language(**table) for name, table in tables.items()}


def say(day: date, form: str, language: str = "en") -> str:
    """A date in words. Forms: weekday, day, long, full (of the language); short, ordinal, us, iso, compact, slash."""
    tongue = languages()[language]
    patterns = {"weekday": "{weekday}", "day": tongue.day, "long": tongue.long, "full": tongue.full}
    if form in patterns:
        return patterns[form].format(**tongue.words(day))
    spoken = languages()["en"].words(day)
    forms = {
        "short": f"{spoken['wd']} {day.day} {spoken['mon']}",
        "ordinal": _ordinal(day.day),
        "us": f"{spoken['month']} {day.day}",
        "iso": day.isoformat(),
        "compact": day.strftime("%Y%m%d"),
        "slash": day.strftime("%d/%m/%Y"),
    }
    return forms[form]


def _ordinal(number: int) -> str:
    if number in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
