"""The free time of one person: its stretches and no half hours, against the workspace's own file minute by minute."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.demo.seed.planting import fresh
from app.demo.server import serve
from tests.agenda.grid import ZURICH, span
from tests.agenda.signed import Desk
from tests.saying import lead, text
from tests.shown_calendar import DAY, Book, Minutes, in_hours, minutes
from tools.agenda.event import Gap
from tools.agenda.free_time_finding import FreeTimeFinding
from tools.agenda.hours import DEFAULT_HOURS
from tools.agenda.slots_finding import SlotsFinding
from tools.agenda.spans import Span
from tools.view import Note, Table

NOW = datetime(2027, 1, 12, 10, 15, tzinfo=ZURICH)  # a Tuesday
BASES = [
    (date(2026, 11, 22), "Etc/UTC"),
    (date(2027, 3, 25), "Europe/Zurich"),
    (date(2026, 10, 29), "America/New_York"),
]
QUESTIONS = 12


def free(asked: Span, *work: Span, unbooked: tuple[Span, ...] = (), **more: Any) -> FreeTimeFinding:
    return FreeTimeFinding(
        now=NOW, zone=ZURICH, start=asked.start, end=asked.end, duration=timedelta(minutes=30), hours=DEFAULT_HOURS,
        parties=(), free=work, unbooked=unbooked, **more,
    )  # fmt: skip


def on(start: str, end: str, day: int = 12, until: int = 0) -> Span:
    return span(f"2027-01-{day} {start}", f"2027-01-{until or day} {end}")


AFTERNOON, SATURDAY, WEEK = on("12:00", "18:00"), on("00:00", "00:00", 16, 17), on("00:00", "00:00", 13, 18)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            free(AFTERNOON, on("13:00", "15:00"), on("15:45", "17:30")),
            "free today 12:00–18:00: 13:00–15:00 and 15:45–17:30.",
        ),
        (free(AFTERNOON, on("13:00", "13:20"), on("15:45", "17:30")), "free today 15:45–17:30 only."),
        (free(AFTERNOON, on("13:00", "13:20")), "free today 13:00–13:20 only."),  # for want of any longer
        (free(AFTERNOON, AFTERNOON), "free today 12:00–18:00."),
        (free(AFTERNOON, on("13:00", "13:05")), "not free today 12:00–18:00."),
        (
            free(AFTERNOON, unbooked=(on("17:30", "18:00"),)),
            "not free today 12:00–18:00 in your working hours, only outside them: 17:30–18:00.",
        ),
        (
            free(SATURDAY, unbooked=(on("00:00", "10:00", 16), on("13:00", "00:00", 16, 17))),
            "free on Sat 16 Jan: until 10:00 and from 13:00, outside your working hours.",
        ),
        (free(SATURDAY, unbooked=(SATURDAY,)), "free on Sat 16 Jan, outside your working hours."),
        (free(SATURDAY), "not free on Sat 16 Jan."),
        (
            free(on("00:00", "00:00", 16, 18), unbooked=(on("13:00", "00:00", 16, 18),)),
            "free from Sat 16 Jan to Sun 17 Jan: Sat 16 Jan from 13:00; Sun 17 Jan all day, "
            "outside your working hours.",
        ),
        (
            free(WEEK, on("09:00", "10:00", 13), on("11:00", "12:00", 15)),
            "free from Wed 13 Jan to Sun 17 Jan: Wed 13 Jan 09:00–10:00; Thu 14 Jan nothing; Fri 15 Jan 11:00–12:00.",
        ),
    ],
)  # fmt: skip
def test_one_sentence_tells_the_stretches(found: FreeTimeFinding, said: str) -> None:
    assert lead(found) == f"You are {said}"
    assert found.view(lambda ref: ref.id) == (
        Note(text="You work Mon–Fri 09:00–17:30 (assumed), Europe/Zurich.", tone="dim"),
    )


def test_many_stretches_are_a_table_of_days() -> None:
    spans = [on(f"{hour}:00", f"{hour}:30", day) for day in (13, 15) for hour in (10, 12, 14)]
    found = free(WEEK, *spans[:3], on("09:00", "17:30", 14), *spans[3:], gaps=(Gap("Family", "it failed"),))
    assert lead(found) == (
        "You are free from Wed 13 Jan to Sun 17 Jan for 11 h 30 min within your working hours, "
        "the longest stretch Thu 14 Jan 09:00–17:30. Not read, so not in here: Family (it failed)."
    )
    table, gap, _ = found.view(lambda ref: ref.id)
    assert isinstance(table, Table)
    assert [tuple(cell.text for cell in row) for row in table.rows] == [
        ("Wed 13 Jan", "10:00–10:30, 12:00–12:30, 14:00–14:30", "1 h 30 min"),
        ("Thu 14 Jan", "09:00–17:30", "8 h 30 min"),
        ("Fri 15 Jan", "10:00–10:30, 12:00–12:30, 14:00–14:30", "1 h 30 min"),
    ]
    assert isinstance(gap, Note)
    assert "- Thu 14 Jan: 09:00–17:30 (8 h 30 min)" in text(found)


def test_what_is_pointed_at_is_booked_for_the_usual_length() -> None:
    found = free(AFTERNOON, on("13:00", "15:00"), on("15:45", "17:30"))
    assert [ref.label[11:16] + ref.label[36:42] for ref in found.refs()] == ["13:00T13:30", "15:45T16:15"]


def stretched(spans: tuple[Span, ...]) -> Minutes:
    return frozenset().union(*(minutes(one.start, one.end) for one in (Span(*pair) for pair in spans)))


@pytest.mark.parametrize(("today", "name"), BASES)
def test_every_free_minute_is_told_and_no_other(tmp_path: Path, today: date, name: str) -> None:
    zone, now, dice = ZoneInfo(name), datetime.combine(today, time(8, 7), ZoneInfo(name)), random.Random(name)
    path = tmp_path / "demo.sqlite"
    workspace = fresh(path, today=today, zone=name)
    book = Book.of(path)
    busy = book.busy(book.owner, now.astimezone(UTC).date() - DAY * 16, 60)
    with serve(workspace) as running:
        desk = Desk(running, now, zone)
        for _ in range(QUESTIONS):
            begin = now + timedelta(minutes=dice.randrange(0, 9 * 24 * 60, 15))
            end = begin + timedelta(minutes=dice.choice((60, 240, 600, 3 * 1440)))
            found = desk.call("find_slots", start=begin, end=end)
            idle = minutes(begin, end) - busy
            assert stretched(found.unbooked) == idle
            assert stretched(found.free) == {one for one in idle if in_hours(one, zone)}
        assert type(desk.call("find_slots", duration_minutes=30)) is SlotsFinding  # a length was named
    workspace.close()
