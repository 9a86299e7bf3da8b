"""How a series repeats, in words (RFC 5545 RRULE). Law: a rule that is not fully understood is not put into words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tools.agenda.parse import Raw, instant_of
from tools.agenda.words import MONTHS, day_words, listed, many, zone_named

DAYS = {
    "MO": "Monday", "TU": "Tuesday", "WE": "Wednesday", "TH": "Thursday", "FR": "Friday", "SA": "Saturday",
    "SU": "Sunday",
}  # fmt: skip
WEEKDAYS = {"MO", "TU", "WE", "TH", "FR"}
PERIODS = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}
PLACES = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last", -2: "last but one"}
KNOWN = {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "COUNT", "UNTIL", "WKST"}
_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")


def recurrence_words(lines: Iterable[object], first: date, today: date, zone: ZoneInfo) -> str:
    """Such as "every 2 weeks on Monday and Friday, until Fri 26 Mar"; "" for what is not understood.

    `first` is the day on which the series begins; the end is shown in `zone`.
    """
    rules = [line.partition(":")[2] for line in lines if isinstance(line, str) and line.upper().startswith("RRULE")]
    if len(rules) != 1:
        return ""
    try:
        parts = dict(part.split("=", 1) for part in rules[0].upper().split(";") if part)
        if not parts.keys() <= KNOWN or ("BYMONTH" in parts and parts["FREQ"] != "YEARLY"):
            return ""
        return _every(parts, first) + _end(parts, today, zone)
    except (KeyError, ValueError, IndexError):
        return ""


def series_words(master: Raw, zone: ZoneInfo, now: datetime) -> str:
    """How the series of this master repeats, on its own clock; "" for no series and for what is not understood."""
    try:
        start, all_day = instant_of(master["start"], zone)
    except (KeyError, TypeError, ValueError):
        return ""
    home = zone if all_day else zone_named(str(master["start"].get("timeZone", ""))) or zone
    today = now.astimezone(zone).date()
    return recurrence_words(master.get("recurrence") or (), start.astimezone(home).date(), today, home)


def _every(parts: Mapping[str, str], first: date) -> str:
    interval = int(parts.get("INTERVAL", "1"))
    period = PERIODS[parts["FREQ"]]
    days = [_day(text) for text in parts["BYDAY"].split(",")] if "BYDAY" in parts else []
    if period == "week" or (period == "day" and days):
        return _weekly(interval, days, first, daily=period == "day")
    every = f"every {period}" if interval == 1 else f"every {many(interval, period)}"
    if period == "day":
        return every
    return f"{every} {_date(parts, days, first, yearly=period == 'year')}"


def _weekly(interval: int, days: list[tuple[int, str]], first: date, *, daily: bool) -> str:
    codes = [code for _, code in days] or [list(DAYS)[first.weekday()]]
    if any(place for place, _ in days) or (daily and interval > 1):
        raise ValueError("a week has no second Monday")
    ordered = [DAYS[code] for code in DAYS if code in codes]
    said = "weekday (Monday to Friday)" if set(codes) == WEEKDAYS else listed(ordered)
    if set(codes) == set(DAYS):
        return "every day" if interval == 1 else f"every day of every {many(interval, 'week')}"
    return f"every {said}" if interval == 1 else f"every {many(interval, 'week')} on {said}"


def _date(parts: Mapping[str, str], days: list[tuple[int, str]], first: date, *, yearly: bool) -> str:
    """On which day of the month or of the year."""
    months = [int(one) for one in parts.get("BYMONTH", str(first.month)).split(",")]
    names = listed([MONTHS[month - 1] for month in months if month >= 1])
    if days:
        if "BYMONTHDAY" in parts or (yearly and "BYMONTH" not in parts):
            raise ValueError("two conditions at once")
        said = listed([f"{PLACES[place]} {DAYS[code]}" for place, code in days])
        return f"on the {said}" + (f" of {names}" if yearly else "")
    dates = [int(one) for one in parts.get("BYMONTHDAY", str(first.day)).split(",")]
    if dates == [-1] and not yearly:
        return "on the last day"
    if min(dates) < 1:
        raise ValueError("days counted from the end of a month")
    said = listed([str(one) for one in dates])
    return f"on {said} {names}" if yearly else f"on day {said}"


def _day(text: str) -> tuple[int, str]:
    found = _DAY.fullmatch(text)
    if not found:
        raise ValueError(text)
    return int(found[1] or 0), found[2]


def _end(parts: Mapping[str, str], today: date, zone: ZoneInfo) -> str:
    if "COUNT" in parts:
        return f", {many(int(parts['COUNT']), 'time')}"
    if "UNTIL" not in parts:
        return ""
    until = parts["UNTIL"]
    if until.endswith("Z"):
        last = datetime.fromisoformat(until).astimezone(zone).date()
    else:
        last = date.fromisoformat(until[:8])
    return f", until {day_words(last, today)}"
