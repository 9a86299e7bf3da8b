"""Whole days and series in the calendar: made, moved, cut short and cancelled, each once, and said plainly before."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.demo.event_instances import Window, single_events
from app.demo.event_log import event_writes
from app.demo.event_lookup import EventLookup
from app.demo.faults import Fault
from app.demo.server import Running
from app.demo.workspace import Workspace
from tests.agenda.bookings import ZURICH, bookings, looked
from tests.demo.little_office import ALEX, DANA, Clock, open_office, timed
from tests.write_world import Desk, rows
from tools.agenda.repeating import Repeat, days, first_day, rule
from tools.errors import BadArgument

KIM = "kim@partner.example"
PATCH = "PATCH /calendar/v3/calendars/*/events/*"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Workspace]:
    """Wednesday 25 March: a stand-up with Dana at nine since Monday on five days, and a fair of two whole days."""
    workspace = open_office(tmp_path / "office.sqlite", Clock())
    guests = [{"email": ALEX, "responseStatus": "accepted"}, {"email": DANA, "displayName": "Dana Okafor"}]
    daily = {
        "id": "standup",
        "recurrence": ["RRULE:FREQ=DAILY;COUNT=7"],
        "attendees": guests,
        "organizer": {"email": ALEX},
    }
    for calendar in (ALEX, DANA):
        workspace.add_event(calendar, timed("23", "09:00", "09:15", summary="Stand-up", **daily))
    fair = {"start": {"date": "2026-03-28"}, "end": {"date": "2026-03-30"}, "summary": "Fair", "id": "thefair"}
    workspace.add_event(ALEX, fair)
    yield workspace
    workspace.close()


WEDNESDAY, THURSDAY, FRIDAY, FAIR, SATURDAY = (f"event:{n}" for n in (1, 2, 3, 4, 5))


@pytest.fixture
def world(running: Running, tmp_path: Path) -> Iterator[Desk]:
    with bookings(tmp_path, running) as made:
        yield made


def days_of(office: Workspace, title: str, calendar: str = ALEX) -> list[str]:
    """When the occurrences of this title stand, as the service expands them."""
    events = EventLookup(office.database, calendar).between(None, None)
    found = single_events(events, calendar, "Europe/Zurich", Window(0, 2_000_000_000_000))
    standing = [one.body for one in found if one.body.get("summary") == title and not one.cancelled]
    return sorted(str(one["start"].get("date") or one["start"]["dateTime"])[:16] for one in standing)


def test_a_whole_day_is_blocked_and_taken_back(world: Desk, office: Workspace) -> None:
    async def go() -> None:
        item = await world.propose("create_event", title="Off", start="2026-03-27T00:00:00+01:00", all_day=True)
        assert rows(item)["when"] == "Fri 27 Mar, all day"
        assert item["effects"] == [
            "you are shown as busy all day",
            "at the same time: “Stand-up”, Fri 27 Mar 09:00–09:15",
        ]
        await world.resume(True)
        assert days_of(office, "Off") == ["2026-03-27"]
        await world.undo(world.row().id)

    asyncio.run(go())
    assert days_of(office, "Off") == []
    assert [(write.method, write.mail) for write in event_writes(office)] == [("insert", ""), ("delete", "")]


@pytest.mark.parametrize(
    ("start", "end", "said", "stored"),
    [
        ("2026-03-27T00:00:00+01:00", "2026-03-31T00:00:00+02:00", "Fri 27 Mar – Mon 30 Mar, all day", "2026-03-31"),
        ("2026-03-27T00:00:00Z", "2026-03-28T00:00:00Z", "Fri 27 Mar, all day", "2026-03-28"),
        ("2026-03-27T08:00:00+01:00", "2026-03-28T18:00:00+01:00", "Fri 27 Mar – Sat 28 Mar, all day", "2026-03-29"),
        ("2026-10-24T00:00:00+02:00", "2026-10-26T00:00:00+01:00", "Sat 24 Oct – Sun 25 Oct, all day", "2026-10-26"),
    ],
)
def test_the_days_are_those_that_were_meant(
    world: Desk, office: Workspace, start: str, end: str, said: str, stored: str
) -> None:
    """Over both changes of the clocks, with midnights of another zone, and with hours that say nothing."""

    async def go() -> None:
        item = await world.propose("create_event", title="Away", start=start, end=end, all_day=True)
        assert rows(item)["when"] == said
        await world.resume(True)

    asyncio.run(go())
    [found] = office.database.rows("SELECT json_extract(body, '$.end.date') FROM events WHERE body LIKE '%\"Away\"%'")
    assert found == (stored,)


def test_whole_days_move_by_days_and_become_hours_and_back(world: Desk, office: Workspace) -> None:
    async def go() -> None:
        await looked(world)
        later = await world.propose("move_event", event=FAIR, start="2026-04-11T15:00:00+02:00")
        assert rows(later)["when"] == "Sat 11 Apr – Sun 12 Apr, all day"
        assert "it stays a matter of whole days" in later["effects"]
        await world.resume(True)
        start, end = "2026-04-11T10:00:00+02:00", "2026-04-11T16:00:00+02:00"
        await world.do("move_event", event=FAIR, start=start, end=end, all_day=False)
        assert days_of(office, "Fair") == ["2026-04-11T10:00"]
        await world.undo(world.row().id)

    asyncio.run(go())
    [body] = office.database.rows(
        "SELECT json_extract(body, '$.start'), json_extract(body, '$.end') FROM events WHERE id = 'thefair'"
    )
    assert body == ('{"date":"2026-04-11"}', '{"date":"2026-04-13"}')


def test_a_series_is_made_once_and_taken_back_whole(world: Desk, office: Workspace, running: Running) -> None:
    repeat = {"every": "week", "on": ["MO", "TU", "WE", "TH", "FR"], "until": "2026-04-03"}

    async def go() -> None:
        start = "2026-03-28T09:00:00+01:00"  # a Saturday: the first weekday behind it is meant
        item = await world.propose(
            "create_event", title="Daily", start=start, duration_minutes=15, people=["Dana"], repeat=repeat
        )
        assert rows(item)["first"] == "Mon 30 Mar 09:00–09:15 Zurich time"
        assert rows(item)["repeats"] == "every weekday (Monday to Friday), until Fri 3 Apr"
        running.faults.add(Fault("POST /calendar/v3/calendars/*/events", kind="reset", after=True))
        done = await world.resume(True)
        assert "every weekday (Monday to Friday), until Fri 3 Apr, first Mon 30 Mar" in done[-2].text
        weekdays = [f"2026-{day}T09:00" for day in ("03-30", "03-31", "04-01", "04-02", "04-03")]
        assert days_of(office, "Daily") == days_of(office, "Daily", DANA) == weekdays
        await world.undo(world.row().id)

    asyncio.run(go())
    assert days_of(office, "Daily") == days_of(office, "Daily", DANA) == []
    assert [write.method for write in event_writes(office)] == ["insert", "delete"]


def test_an_endless_series_tells_what_it_meets(world: Desk, office: Workspace) -> None:
    async def go() -> None:
        item = await world.propose(
            "create_event", title="Tea", start="2026-03-26T09:00:00+01:00", people=["Dana"], repeat={"every": "day"}
        )
        assert rows(item)["repeats"] == "every day, without end"
        assert "at the same time: “Stand-up”, Thu 26 Mar 09:00–09:15" in item["effects"]
        assert "Dana Okafor is busy at 4 of the first 30" in item["effects"]
        await world.resume(False)

    asyncio.run(go())


def test_one_from_one_on_or_all_are_cancelled_and_restored(world: Desk, office: Workspace) -> None:
    whole = days_of(office, "Stand-up")

    async def go() -> None:
        await looked(world)
        one = await world.propose("cancel_event", event=THURSDAY)
        assert rows(one)["of a series"] == "only this one (a series: every day, 7 times)"
        assert one["effects"] == ["1 person gets a cancellation by mail"]
        await world.resume(True)
        assert days_of(office, "Stand-up") == [day for day in whole if "03-26" not in day]
        await world.undo(world.row().id)
        later = await world.propose("cancel_event", event=FRIDAY, which="following")
        assert rows(later)["from"] == "Fri 27 Mar 09:00–09:15 Zurich time"
        assert rows(later)["of a series"] == "this one and all that follow (a series: every day, 7 times)"
        assert later["effects"] == ["1 person gets an update by mail", "the earlier ones stay"]

    asyncio.run(go())


def test_from_one_on(world: Desk, office: Workspace, running: Running) -> None:
    """The answer to the one request is lost: it is found again by its key, and not sent twice."""
    whole = days_of(office, "Stand-up")

    async def go() -> None:
        await looked(world)
        await world.propose("cancel_event", event=FRIDAY, which="following")
        running.faults.add(Fault(PATCH, kind="reset", after=True))
        await world.resume(True)
        assert world.row().stage == "done"
        assert days_of(office, "Stand-up") == days_of(office, "Stand-up", DANA) == whole[:4]
        await world.undo(world.row().id)

    asyncio.run(go())
    assert days_of(office, "Stand-up") == days_of(office, "Stand-up", DANA) == whole
    assert [(write.method, write.mail) for write in event_writes(office)] == [("patch", "update")] * 2


def test_what_cannot_be_cut_exactly_is_refused(world: Desk, office: Workspace) -> None:
    async def go() -> None:
        await looked(world)
        moved = {"start": "2026-03-26T10:00:00+01:00", "which": "following"}
        assert "Move one, or all of them" in await world.refused("move_event", event=THURSDAY, **moved)
        await world.do("move_event", event=SATURDAY, start="2026-03-28T10:00:00+01:00")
        answer = await world.refused("cancel_event", event=FRIDAY, which="following")
        assert "changed singly: Sat 28 Mar" in answer
        whole = await world.propose("cancel_event", event=FRIDAY, which="all")
        assert rows(whole)["of a series"].startswith("all of them")
        assert "the past ones, since Mon 23 Mar, go too" in whole["effects"]
        await world.resume(True)

    asyncio.run(go())
    assert days_of(office, "Stand-up") == []


def test_a_later_one_moves_the_whole_series_and_back(world: Desk, office: Workspace) -> None:
    whole = days_of(office, "Stand-up")

    async def go() -> None:
        await looked(world)
        await world.do("move_event", event=SATURDAY, start="2026-03-28T10:30:00+01:00")
        await world.do("cancel_event", event=FRIDAY)
        item = await world.propose("move_event", event=THURSDAY, start="2026-03-25T08:00:00+01:00", which="all")
        assert "those that were changed singly stay as they are: Sat 28 Mar" in item["effects"]
        assert "the past ones, since Mon 23 Mar, are moved too" in item["effects"]
        await world.resume(True)
        eight = [day.replace("09:00", "08:00") for day in whole if "03-27" not in day]
        assert days_of(office, "Stand-up") == [day.replace("28T08:00", "28T10:30") for day in eight]
        await world.undo(world.row().id)

    asyncio.run(go())
    kept = [day.replace("28T09:00", "28T10:30") for day in whole if "03-27" not in day]
    assert days_of(office, "Stand-up") == kept


RULES: list[tuple[dict[str, Any], str, str, list[str]]] = [
    ({"every": "day", "interval": 2, "times": 3}, "2026-03-27", "FREQ=DAILY;INTERVAL=2;COUNT=3", ["27", "29", "31"]),
    ({"every": "week", "on": ["WE", "MO"]}, "2026-03-24", "FREQ=WEEKLY;BYDAY=MO,WE", ["25", "30", "01"]),
    ({"every": "month", "on": ["MO"]}, "2026-03-02", "FREQ=MONTHLY;BYDAY=1MO", ["02", "06", "04"]),
    ({"every": "month", "on": ["TU"]}, "2026-03-31", "FREQ=MONTHLY;BYDAY=-1TU", ["31", "28", "26"]),
    ({"every": "month"}, "2026-03-31", "FREQ=MONTHLY;BYMONTHDAY=31", ["31", "31", "31"]),
]


@pytest.mark.parametrize(("said", "start", "line", "shown"), RULES)
def test_a_rule_and_its_days(said: dict[str, Any], start: str, line: str, shown: list[str]) -> None:
    repeat = Repeat.model_validate(said)
    first = first_day(repeat, date.fromisoformat(start))
    assert rule(repeat, first, ZURICH, all_day=False) == f"RRULE:{line}"
    assert [f"{day:%d}" for day in days(repeat, first, date(2026, 12, 1))][:3] == shown


def test_the_last_day_counts_in_the_persons_zone() -> None:
    repeat = Repeat.model_validate({"every": "day", "until": "2026-03-29"})
    assert rule(repeat, date(2026, 3, 27), ZURICH, all_day=False).endswith("UNTIL=20260329T215959Z")
    assert rule(repeat, date(2026, 3, 27), ZURICH, all_day=True).endswith("UNTIL=20260329")
    assert [f"{day:%d}" for day in days(repeat, date(2026, 3, 27), date(2026, 12, 1))] == ["27", "28", "29"]


@pytest.mark.parametrize(
    "said",
    [
        {"every": "day", "until": "2026-03-29", "times": 3},
        {"every": "day", "on": ["MO"]},
        {"every": "month", "on": ["MO", "TU"]},
        {"every": "day", "until": "2026-03-01"},
    ],
)
def test_rules_that_cannot_be_are_refused(said: dict[str, Any]) -> None:
    with pytest.raises(BadArgument):
        first_day(Repeat.model_validate(said), date(2026, 3, 27))
