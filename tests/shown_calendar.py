"""What the calendars of a workspace hold, read from its file minute by minute; shares no code with tools or servers."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
Minutes = frozenset[int]  # since the epoch


@dataclass(frozen=True)
class Entry:
    """One occurrence on one calendar, `[start, end)` in UTC; `body` is the stored resource."""

    calendar: str
    uid: str
    title: str
    start: datetime
    end: datetime
    body: dict[str, Any]

    @property
    def whole_day(self) -> bool:
        return "date" in self.body["start"]

    @property
    def minutes(self) -> Minutes:
        return minutes(self.start, self.end)

    def answer_of(self, address: str) -> str:
        """The answer that is noted for `address`; "" where it is not invited."""
        return next((str(one["responseStatus"]) for one in self.guests if one["email"] == address), "")

    @property
    def guests(self) -> list[dict[str, Any]]:
        return list(self.body.get("attendees", ()))

    def takes_time_of(self, address: str) -> bool:
        free = self.body.get("transparency") == "transparent" or self.body["status"] == "cancelled"
        return not free and self.answer_of(address) != "declined"


@dataclass(frozen=True)
class Book:
    """A workspace's calendars (id to owner, role, zone) and everybody's (address to name, zone)."""

    path: Path
    owner: str
    calendars: dict[str, tuple[str, str, str]]
    people: dict[str, tuple[str, str]]

    @classmethod
    def of(cls, path: Path) -> Book:
        with closing(sqlite3.connect(path)) as file:
            owner = file.execute("SELECT value FROM facts WHERE key = 'owner'").fetchone()[0]
            calendars = {row[0]: row[1:] for row in file.execute("SELECT id, owner, role, zone FROM calendars")}
            people = {row[0]: row[1:] for row in file.execute("SELECT address, name, zone FROM people")}
        return cls(path, owner, calendars, people)

    def entries(self, calendar: str, first: date, days: int) -> list[Entry]:
        """Every occurrence that begins on one of the days from `first`, on the calendar's own clock."""
        with closing(sqlite3.connect(self.path)) as file:
            stored = [
                json.loads(row[0]) for row in file.execute("SELECT body FROM events WHERE calendar = ?", [calendar])
            ]
        zone = ZoneInfo(self.calendars[calendar][2])
        moved = {
            (one["recurringEventId"], _instant(one["originalStartTime"], zone))
            for one in stored
            if "recurringEventId" in one
        }
        wanted = [first + DAY * number for number in range(days)]
        found = []
        for one in stored:
            for start, end in _times(one, wanted, zone):
                if one["status"] != "cancelled" and (one["id"], start) not in moved:
                    found.append(Entry(calendar, one["iCalUID"], one.get("summary", ""), start, end, one))
        return found

    def mine(self, first: date, days: int) -> list[Entry]:
        """What takes the owner's time: all on calendars of their own, elsewhere what they are invited to; each once."""
        found: dict[tuple[str, datetime], Entry] = {}
        for calendar in sorted(self.calendars, key=lambda one: one != self.owner):
            _, role, _ = self.calendars[calendar]
            for one in self.entries(calendar, first, days) if role != "freeBusyReader" else ():
                if role == "owner" or one.answer_of(self.owner):
                    found.setdefault((one.uid, one.start), one)
        return [one for one in found.values() if one.takes_time_of(self.owner)]

    def busy(self, address: str, first: date, days: int) -> Minutes:
        """Every minute in which somebody is busy, as far as their own calendar tells."""
        held = self.mine(first, days) if address == self.owner else self.entries(address, first, days)
        return frozenset().union(*(one.minutes for one in held if one.takes_time_of(address)))


def minutes(start: datetime, end: datetime) -> Minutes:
    return frozenset(range(int(start.timestamp()) // 60, int(end.timestamp()) // 60))


def wall(minute: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(minute * 60, UTC).astimezone(zone)


def in_hours(minute: int, zone: ZoneInfo, *, stretched: int = 0) -> bool:
    """Monday to Friday, 09:00 to 17:30 on the wall clock, and so many hours before and after it on the same day."""
    local = wall(minute, zone)
    opens, closes = max(0, 540 - 60 * stretched), min(1440, 1050 + 60 * stretched)
    return local.weekday() < 5 and opens <= local.hour * 60 + local.minute < closes


def _times(one: dict[str, Any], days: list[date], zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """Start and end of each occurrence; a series keeps its wall clock."""
    if "start" not in one:
        return
    start, end = _instant(one["start"], zone), _instant(one["end"], zone)
    home = ZoneInfo(one["start"].get("timeZone") or zone.key)
    local = start.astimezone(home)
    rules = [_rule(line) for line in one.get("recurrence", ())]
    for day in days:
        if day == local.date() if not rules else any(_falls(rule, local.date(), day) for rule in rules):
            begin = local.replace(year=day.year, month=day.month, day=day.day).astimezone(UTC)
            yield begin, begin + (end - start)


def _instant(raw: dict[str, str], zone: ZoneInfo) -> datetime:
    if "date" in raw:
        return datetime.fromisoformat(raw["date"]).replace(tzinfo=zone).astimezone(UTC)
    return datetime.fromisoformat(raw["dateTime"]).astimezone(UTC)


def _rule(line: str) -> dict[str, str]:
    rule = dict(part.split("=") for part in line.removeprefix("RRULE:").split(";"))
    assert set(rule) <= {"FREQ", "BYDAY", "INTERVAL"}, f"{line} is beyond this model"
    return rule


def _falls(rule: dict[str, str], first: date, day: date) -> bool:
    if day < first:
        return False
    if rule["FREQ"] == "YEARLY":
        return (day.month, day.day) == (first.month, first.day)
    assert rule["FREQ"] == "WEEKLY", f"{rule} is beyond this model"
    weeks = (day - DAY * day.weekday() - (first - DAY * first.weekday())).days // 7
    named = rule.get("BYDAY", WEEKDAYS[first.weekday()]).split(",")
    return weeks % int(rule.get("INTERVAL", "1")) == 0 and WEEKDAYS[day.weekday()] in named
