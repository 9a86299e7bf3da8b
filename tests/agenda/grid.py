"""Events and people for the tests, and a model that knows nothing but single minutes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from tools.agenda.event import Answer, Event, EventKind
from tools.agenda.hours import day_span
from tools.agenda.spans import Span

MINUTE = timedelta(minutes=1)
ZURICH = ZoneInfo("Europe/Zurich")
# Weeks in which some clock changes, and two in which none does.
CHANGES = (
    ("Europe/Zurich", datetime(2027, 3, 26, tzinfo=UTC)),
    ("Europe/Zurich", datetime(2027, 10, 29, tzinfo=UTC)),
    ("America/New_York", datetime(2027, 3, 12, tzinfo=UTC)),
    ("America/New_York", datetime(2027, 11, 5, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2027, 4, 2, tzinfo=UTC)),
    ("America/Santiago", datetime(2027, 9, 3, tzinfo=UTC)),
    ("Africa/Cairo", datetime(2027, 4, 29, tzinfo=UTC)),
    ("Asia/Kathmandu", datetime(2027, 6, 3, tzinfo=UTC)),
    ("Pacific/Apia", datetime(2027, 6, 3, tzinfo=UTC)),
)
PLACES = (
    "",
    "Room 3",
    "Northwind HQ, Room 4",
    "Mill Bistro, 2 Mill Lane",
    "https://meet.example/x",
    "Quayside, 5 Quay St",
)


def event(title: str = "Meeting", start: str = "2027-01-12 10:00", minutes: int = 30, **facts: Any) -> Event:
    """A timed event of mine, on Zurich's wall clock unless `zone` says otherwise."""
    clock = ZoneInfo(str(facts.pop("clock", "Europe/Zurich")))
    begin = datetime.fromisoformat(start).replace(tzinfo=clock).astimezone(UTC)
    plain = Event(
        calendar="me",
        id=title.lower().replace(" ", ""),
        uid=title,
        original=begin,
        title=title,
        start=begin,
        end=begin + timedelta(minutes=minutes),
        lane="Work",
        others=1,
        answer="accepted",
    )
    return replace(plain, **facts)


def all_day(title: str, first: date, days: int = 1, **facts: Any) -> Event:
    """Whole days of Zurich."""
    start, end = day_span(first, ZURICH).start, day_span(first + timedelta(days=days - 1), ZURICH).end
    return replace(event(title, all_day=True, others=0, **facts), start=start, end=end)


def span(start: str, end: str, zone: ZoneInfo = ZURICH) -> Span:
    """From and to on a wall clock."""
    begin, finish = (datetime.fromisoformat(one).replace(tzinfo=zone).astimezone(UTC) for one in (start, end))
    return Span(begin, finish)


def minutes_of(part: Span) -> Iterator[datetime]:
    at = part.start
    while at < part.end:
        yield at
        at += MINUTE


def in_office_hours(minute: datetime, zone: ZoneInfo) -> bool:
    """Monday to Friday, 09:00 to 17:30 on the wall clock."""
    local = minute.astimezone(zone)
    return local.weekday() < 5 and 9 * 60 <= local.hour * 60 + local.minute < 17 * 60 + 30


@st.composite
def weeks(draw: st.DrawFn) -> tuple[ZoneInfo, datetime]:
    """A zone and the beginning of a few days that matter there."""
    name, begin = draw(st.sampled_from(CHANGES))
    return ZoneInfo(name), begin


@st.composite
def events(draw: st.DrawFn, begin: datetime, number: int) -> Event:
    """Any timed event of the four days from `begin`, at whole minutes."""
    start = begin + MINUTE * draw(st.integers(0, 4 * 24 * 12)) * 5
    answers: st.SearchStrategy[Answer] = st.sampled_from(("own", "accepted", "tentative", "unanswered", "declined"))
    kinds: st.SearchStrategy[EventKind] = st.sampled_from(
        ("meeting", "meeting", "meeting", "focus", "away", "birthday")
    )
    calendar = draw(st.sampled_from(("me", "family")))
    return Event(
        calendar=calendar,
        id=f"e{number}",
        uid=f"u{number}",
        original=start,
        title=f"Event {number}",
        start=start,
        end=start + MINUTE * draw(st.integers(0, 60)) * 5,
        lane=calendar,
        place=draw(st.sampled_from(PLACES)),
        kind=draw(kinds),
        others=draw(st.integers(0, 2)),
        answer=draw(answers),
        tentative=draw(st.booleans()),
        busy=draw(st.integers(0, 4)) > 0,
        mine=draw(st.integers(0, 4)) > 0,
        work=calendar == "me",
        cancelled=draw(st.integers(0, 9)) == 0,
    )


@st.composite
def entries(draw: st.DrawFn, begin: datetime, number: int, zone: ZoneInfo) -> Event:
    """Any event of those days, some of them whole days of the zone, of 23 to 25 hours each."""
    timed = draw(events(begin, number))
    if draw(st.integers(0, 3)):
        return timed
    first = timed.start.astimezone(zone).date()
    last = first + timedelta(days=draw(st.integers(0, 2)))
    return replace(timed, all_day=True, start=day_span(first, zone).start, end=day_span(last, zone).end)
