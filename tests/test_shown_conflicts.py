"""The conflicts of bad weeks, each against the workspace's own file: all of them, no other, and every reason true."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations, permutations
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.demo.seed.planting import fresh
from app.demo.server import serve
from tests.agenda.signed import Desk
from tests.shown_calendar import DAY, Book, Entry, in_hours
from tools.agenda.conflicts_finding import ConflictsFinding
from tools.agenda.telling import reason

HALF = timedelta(minutes=30)


@pytest.fixture(
    params=[
        (date(2026, 11, 22), "Etc/UTC"),
        (date(2026, 11, 24), "Europe/Lisbon"),
        (date(2027, 3, 24), "Europe/Zurich"),  # the clocks change on Sunday
        (date(2026, 10, 28), "America/New_York"),  # the clocks change on Sunday
        (date(2027, 2, 10), "Asia/Kathmandu"),
    ],
    ids=str,
)
def week(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[ConflictsFinding, Book, date, ZoneInfo]:
    """The conflicts of three weeks around a day, the workspace's file, the first day and the zone."""
    today, name = request.param
    zone = ZoneInfo(name)
    first = today - DAY * (today.weekday() + 7)
    start, end = (datetime.combine(first + DAY * days, time(), zone) for days in (0, 21))
    workspace = fresh(tmp_path / "demo.sqlite", today=today, zone=name)
    with serve(workspace) as running:
        desk = Desk(running, datetime.combine(today, time(8), zone), zone)
        found = desk.call("find_conflicts", start=start, end=end)
    workspace.close()
    return found, Book.of(tmp_path / "demo.sqlite"), first, zone


def site(entry: Entry) -> str:
    """The house it is in; the rooms of one house are one place."""
    place = str(entry.body.get("location", ""))
    return "" if "://" in place else place.rpartition("Northwind HQ")[1] or place.partition(",")[0]


def unsure(entries: tuple[Entry, ...], owner: str) -> bool:
    weak = ("tentative", "needsAction")
    return any(one.body["status"] == "tentative" or one.answer_of(owner) in weak for one in entries)


def shared(a: Entry, b: Entry, owner: str) -> tuple[str, str, str]:
    """Kind, weight and reason of two entries that share time."""
    both = len(a.minutes & b.minutes)
    if a.whole_day != b.whole_day:
        return "away", "medium", "The whole day is marked as busy"
    if a.whole_day:
        return ("overlap" if a.calendar == b.calendar else "double_booking"), "low", "Both block the whole day"
    kind = "overlap" if a.calendar == b.calendar else "double_booking"
    length = f"{both} minutes" if both < 60 else f"{both // 60} h {both % 60} min"
    return kind, "high", f"They overlap for {'1 hour' if both == 60 else length}"


def outside(entry: Entry, book: Book, zone: ZoneInfo) -> int:
    """Minutes of a meeting with others, on a calendar of work, outside the owner's hours."""
    others = [one for one in entry.guests if one["email"] != book.owner]
    met = others or entry.body["organizer"]["email"] != book.owner
    work = entry.calendar == book.owner or book.calendars[entry.calendar][1] != "owner"
    if not (met and work) or entry.whole_day:
        return 0
    return sum(1 for minute in entry.minutes if not in_hours(minute, zone))


def expected(book: Book, first: date, zone: ZoneInfo) -> dict[tuple[str, frozenset[str], date], tuple[str, str]]:
    """(kind, titles, day) of every conflict, and its weight and how its reason begins."""
    held = [one for one in book.mine(first - DAY * 5, 26) if one.start < one.end]
    found = {}
    steps = {"high": "medium", "medium": "low", "low": "low"}

    def note(kind: str, entries: tuple[Entry, ...], weight: str, said: str) -> None:
        last = max(entries, key=lambda one: one.start)
        day = last.start.astimezone(zone).date()
        if first <= day < first + DAY * 21:
            weight = steps[weight] if unsure(entries, book.owner) and kind != "outside_hours" else weight
            found[kind, frozenset(one.title for one in entries), day] = weight, said

    for a, b in combinations(held, 2):
        if a.minutes & b.minutes:
            kind, weight, said = shared(a, b, book.owner)
            note(kind, (a, b), weight, said)
    for a, b in permutations(held, 2):
        gap = b.start - a.end
        if timedelta() <= gap < HALF and site(a) and site(b) and site(a) != site(b) and not a.whole_day | b.whole_day:
            between = f"Only {gap // timedelta(minutes=1)} minutes" if gap else "No time"
            note("travel", (a, b), "medium", f"{between} to get from {a.body['location']} to {b.body['location']}")
    for one in held:
        if outside(one, book, zone):
            note("outside_hours", (one,), "low", "It ")
    return found


def test_every_conflict_stands_in_the_file_with_its_weight_and_reason(
    week: tuple[ConflictsFinding, Book, date, ZoneInfo],
) -> None:
    found, book, first, zone = week
    truth = expected(book, first, zone)
    told: dict[tuple[str, frozenset[str], date], Any] = {}
    for one in found.conflicts:
        day = one.events[-1].start.astimezone(zone).date()
        told[one.kind, frozenset(event.title for event in one.events), day] = one
    assert set(told) == set(truth)
    assert len(told) == len(found.conflicts) > 15
    for key, (weight, said) in truth.items():
        assert told[key].severity == weight, key
        assert reason(told[key], found.rules).startswith(said), key
    assert found.looked_at == sum(
        1
        for one in book.mine(first - DAY * 5, 26)
        if one.end > found.start.astimezone(UTC) and one.start < found.end.astimezone(UTC) and one.start < one.end
    )


def test_how_far_a_meeting_lies_outside_the_hours_is_so_many_minutes(
    week: tuple[ConflictsFinding, Book, date, ZoneInfo],
) -> None:
    found, book, first, zone = week
    held = {(one.title, one.start): one for one in book.mine(first - DAY * 5, 26)}
    late = [one for one in found.conflicts if one.kind == "outside_hours"]
    assert late
    for one in late:
        entry = held[one.first.title, one.first.start]
        begins, ends = (at.astimezone(zone) for at in (entry.start, entry.end))
        said = reason(one, found.rules)
        if begins.weekday() > 4:
            assert said.startswith(f"It is on a {begins:%a}, ")
        elif begins.time() < time(9):
            early = begins.replace(hour=9, minute=0) - begins
            assert f"{early.seconds // 60 % 60} min" in said or early.seconds % 3600 == 0, said
            assert " before your working day (09:00–17:30)." in said
        elif begins.time() >= time(17, 30):
            assert said.startswith("It begins after your working day")
        else:
            late_by = ends - ends.replace(hour=17, minute=30)
            assert said.startswith(f"It runs {late_by.seconds // 60} minutes past"), said
