"""Changes of the calendar, from what is proposed to what stands there: cards, versions, undo, and once only."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.demo.event_log import event_writes
from app.demo.faults import Fault
from app.demo.server import Running
from app.demo.workspace import Workspace
from graphs.effect import Carrier, Done
from tests.agenda.bookings import bookings, looked, standing
from tests.demo.little_office import ALEX, DANA, Clock, open_office, timed
from tests.write_world import Desk, before, last, rows

KIM = "kim@partner.example"
ME = {"email": ALEX, "responseStatus": "accepted"}
TEN = "2026-03-26T10:00:00+01:00"
POST = "POST /calendar/v3/calendars/*/events"
PATCH, DELETE = "PATCH /calendar/v3/calendars/*/events/*", "DELETE /calendar/v3/calendars/*/events/*"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Workspace]:
    """Thursday 26 March: a review with Dana at nine, an invitation by Dana at three; a stand-up on three days."""
    workspace = open_office(tmp_path / "office.sqlite", Clock())
    workspace.add_calendar("family@group.calendar.example", summary="Family", owner=ALEX, zone="Europe/Zurich")
    dana = {"email": DANA, "displayName": "Dana Okafor"}
    guests = [ME, dana, {"email": KIM, "displayName": "Kim Lund"}]
    workspace.add_event(ALEX, timed("26", "09:00", "09:30", summary="Review", id="review", attendees=guests))
    asked = [{"email": ALEX, "responseStatus": "needsAction"}, dana | {"responseStatus": "accepted"}]
    invitation = timed("26", "15:00", "16:00", summary="Budget", id="budget", attendees=asked, organizer=dana)
    workspace.add_event(ALEX, invitation)
    workspace.add_event(DANA, invitation)
    daily = {"id": "standup", "recurrence": ["RRULE:FREQ=DAILY;COUNT=3"]}
    workspace.add_event(ALEX, timed("30", "09:00", "09:15", summary="Stand-up", **daily))
    london = {"timeZone": "Europe/London"}
    call = {
        "start": {"dateTime": "2026-03-31T14:00:00", **london},
        "end": {"dateTime": "2026-03-31T15:00:00", **london},
    }
    workspace.add_event(ALEX, call | {"summary": "London call", "id": "londoncall"})
    yield workspace
    workspace.close()


REVIEW, BUDGET, FIRST, SECOND, LONDON = (f"event:{n}" for n in (1, 2, 3, 4, 5))


@pytest.fixture
def world(running: Running, tmp_path: Path) -> Iterator[Desk]:
    with bookings(tmp_path, running) as made:
        yield made


def lunch(**more: Any) -> dict[str, Any]:
    return {"title": "Lunch", "start": TEN, "duration_minutes": 45, **more}


def test_an_event_is_created_with_its_guests_and_taken_back(world: Desk, office: Workspace) -> None:
    async def go() -> None:
        item = await world.propose("create_event", **lunch(people=["Dana", KIM], place="Canteen", online=True))
        assert rows(item) == {
            "title": "Lunch",
            "when": "Thu 26 Mar 10:00–10:45 Zurich time",
            "calendar": f"Alex Rivera ({ALEX})",
            "where": "Canteen",
            "online": "with a Google Meet link",
        }
        assert [(one["name"], one["address"]) for one in item["recipients"]] == [
            ("Dana Okafor", DANA),
            ("Kim Lund", KIM),
        ]
        assert item["effects"] == [
            "2 people get an invitation by mail",
            f"outside of northwind.example: Kim Lund <{KIM}>",
            "whether Kim Lund is free cannot be seen",
        ]
        assert event_writes(office) == []
        done = await world.resume(True)
        assert "“Lunch” was put into the calendar" in done[-2].text
        assert ("Lunch", TEN) in standing(office, DANA)
        await world.undo(world.row().id)

    asyncio.run(go())
    assert [(write.method, write.mail, write.told) for write in event_writes(office)] == [
        ("insert", "invitation", (DANA, KIM)),
        ("delete", "cancellation", (DANA, KIM)),
    ]
    assert "Lunch" not in dict(standing(office)) | dict(standing(office, DANA))


def test_what_else_stands_there_is_said(world: Desk, office: Workspace) -> None:
    async def go() -> None:
        item = await world.propose("create_event", **lunch(start="2026-03-26T08:00:00Z", people=["Dana Okafor"]))
        assert rows(item)["when"] == "Thu 26 Mar 09:00–09:45 Zurich time"
        assert item["effects"][1:] == ["at the same time: “Review”, Thu 26 Mar 09:00–09:30"]
        await world.resume(False)
        other = await world.propose("create_event", **lunch(start="2026-03-26T15:00:00+01:00", people=["Dana Okafor"]))
        assert "Dana Okafor is busy then" in other["effects"]
        await world.resume(False)
        family = await world.propose("create_event", **lunch(calendar="family"))
        assert rows(family)["calendar"].startswith("Family")
        await world.resume(False)
        assert "not one of your own" in await world.refused("create_event", **lunch(calendar="Nobody's"))
        assert "Nobody called 'Zed'" in await world.refused("create_event", **lunch(people=["Zed"]))
        assert "not after the start" in await world.refused("create_event", title="x", start=TEN, end=TEN)

    asyncio.run(go())
    assert event_writes(office) == []


def test_an_event_is_moved_and_moved_back(world: Desk, office: Workspace) -> None:
    async def go() -> None:
        await looked(world)
        item = await world.propose("move_event", event=REVIEW, start="2026-03-27T15:00:00+01:00")
        assert rows(item)["when"] == "Fri 27 Mar 15:00–15:30 Zurich time"
        assert before(item) == {"when": "Thu 26 Mar 09:00–09:30 Zurich time"}
        assert item["effects"][0] == "2 people get the new time by mail"
        answer = last(await world.resume(True))
        times = {"begins": "2026-03-27T15:00:00+01:00", "ends": "2026-03-27T15:30:00+01:00"}
        assert answer.artifact["refs"][0].items() >= times.items()
        assert ("Review", "2026-03-27T15:00:00+01:00") in standing(office)
        await world.undo(world.row().id)

    asyncio.run(go())
    assert ("Review", "2026-03-26T09:00:00+01:00") in standing(office)
    assert [write.mail for write in event_writes(office)] == ["update", "update"]


def test_both_clocks_are_shown_and_the_events_own_is_kept(world: Desk, office: Workspace) -> None:
    async def go() -> None:
        await looked(world)
        item = await world.propose("move_event", event=LONDON, start="2026-04-01T17:00:00+02:00")
        assert rows(item)["when"] == "Wed 1 Apr 17:00–18:00 Zurich time (16:00–17:00 London)"
        await world.resume(True)

    asyncio.run(go())
    [start] = office.database.rows("SELECT json_extract(body, '$.start') FROM events WHERE id = 'londoncall'")
    assert start == ('{"dateTime":"2026-04-01T16:00:00+01:00","timeZone":"Europe/London"}',)


def test_one_of_a_series_or_all_of_it(world: Desk, office: Workspace) -> None:
    async def go() -> None:
        await looked(world)
        answer = await world.refused("move_event", event=FIRST, start="2026-04-07T08:00:00+02:00", which="all")
        assert "another time of the same day" in answer
        whole = await world.propose("move_event", event=FIRST, start="2026-03-30T08:00:00+02:00", which="all")
        assert rows(whole)["of a series"] == "all of them (a series: every day, 3 times)"
        await world.resume(True)
        await world.undo(world.row().id)
        one = await world.propose("move_event", event=SECOND, start="2026-03-31T09:30:00+02:00")
        assert rows(one)["of a series"] == "only this one (a series: every day, 3 times)"
        await world.resume(True)
        item = await world.propose("cancel_event", event=SECOND)
        assert rows(item)["when"] == "Tue 31 Mar 09:30–09:45 Zurich time"
        await world.resume(True)
        restored = await world.undo(world.row().id)
        assert "Tue 31 Mar" in restored.text

    asyncio.run(go())
    found = [start for title, start in standing(office) if title == "Stand-up"]
    assert found == ["2026-03-30T09:00:00+02:00", "2026-03-31T09:30:00+02:00"]
    assert [write.method for write in event_writes(office)] == ["patch", "patch", "patch", "delete", "patch"]


def test_an_invitation_is_answered_and_the_former_answer_restored(world: Desk, office: Workspace) -> None:
    async def go() -> None:
        await looked(world)
        item = await world.propose("answer_invitation", event=BUDGET, answer="tentative", note="Perhaps late")
        assert rows(item)["answer"] == "maybe"
        assert before(item)["answer"] == "none yet"
        assert item["effects"] == [f"Dana Okafor <{DANA}> gets your answer by mail"]
        await world.resume(True)
        assert world.row().receipt.undo is None  # type: ignore[union-attr]  # it is done
        await world.do("answer_invitation", event=BUDGET, answer="accepted")
        await world.undo(world.row().id)
        assert "only they can have it moved" in await world.refused("move_event", event=BUDGET, start=TEN)
        assert "only they can have it cancelled" in await world.refused("cancel_event", event=BUDGET)
        assert "said maybe to it already" in await world.refused("answer_invitation", event=BUDGET, answer="tentative")
        assert "not among those invited" in await world.refused("answer_invitation", event=FIRST, answer="accepted")

    asyncio.run(go())
    assert [(write.mail, write.told) for write in event_writes(office)] == [("reply", (DANA,))] * 3
    said = "SELECT json_extract(body, '$.attendees[0].responseStatus') FROM events WHERE id = 'budget'"
    assert office.database.rows(said) == [("tentative",), ("tentative",)]


def test_an_event_that_changed_meanwhile_is_left_alone(world: Desk, office: Workspace) -> None:
    async def go() -> None:
        await looked(world)
        await world.propose("move_event", event=REVIEW, start=TEN)
        office.events.change(ALEX, "review", {"location": "Elsewhere", "updated": "2026-03-25T09:01:00Z"})
        said = (await world.resume(True))[-2].text
        assert "Not executed" in said

    asyncio.run(go())
    assert event_writes(office) == []


REFUSED = [{"status": 429}, {"status": 403}]
LOST: list[dict[str, Any]] = [
    {"status": 503},
    {"kind": "reset"},
    {"kind": "status", "status": 503, "after": True},
    {"kind": "reset", "after": True},
    {"kind": "truncate"},
    {"kind": "garbage"},
]
WRITES: list[tuple[str, str, dict[str, Any]]] = [
    (POST, "create_event", lunch(people=[KIM])),
    (PATCH, "move_event", {"event": REVIEW, "start": TEN}),
    (DELETE, "cancel_event", {"event": REVIEW}),
    (PATCH, "answer_invitation", {"event": BUDGET, "answer": "accepted"}),
]


@pytest.mark.parametrize(("match", "tool", "args"), WRITES)
@pytest.mark.parametrize("fault", LOST)
def test_a_lost_answer_is_looked_up_and_the_write_done_once(
    world: Desk, office: Workspace, running: Running, match: str, tool: str, args: dict[str, Any], fault: dict[str, Any]
) -> None:
    async def go() -> str:
        await looked(world)
        await world.propose(tool, **args)
        running.faults.add(Fault(match, **fault))
        return (await world.resume(True))[-2].text

    said = asyncio.run(go())
    assert world.row().stage == "done", said
    assert len(event_writes(office)) == 1


@pytest.mark.parametrize(("match", "tool", "args"), WRITES)
@pytest.mark.parametrize("fault", REFUSED)
def test_what_is_refused_is_told_and_not_tried_again(
    world: Desk, office: Workspace, running: Running, match: str, tool: str, args: dict[str, Any], fault: dict[str, Any]
) -> None:
    async def go() -> None:
        await looked(world)
        await world.propose(tool, **args)
        running.faults.add(Fault(match, **fault))
        await world.resume(True)

    asyncio.run(go())
    assert world.row().stage == "failed"
    assert event_writes(office) == []


@pytest.mark.parametrize(("match", "tool", "args"), WRITES)
def test_what_cannot_be_looked_up_is_unknown_until_it_can(
    world: Desk, office: Workspace, running: Running, match: str, tool: str, args: dict[str, Any]
) -> None:
    async def go() -> None:
        await looked(world)
        await world.propose(tool, **args)
        running.faults.add(Fault(match, kind="reset", after=True))
        if match != POST:  # what the plan is based on is read again, and that goes well
            running.faults.add(Fault("GET /calendar/v3/calendars/*/events/*", kind="delay"))
        running.faults.add(Fault("GET /calendar/v3/calendars/*/events/*", status=503, times=None))
        assert "not known" in (await world.resume(True))[-2].text

    asyncio.run(go())
    assert world.row().stage == "unknown"
    running.faults.clear()
    assert isinstance(Carrier(world.parts).carry_out(world.row()), Done)
    assert len(event_writes(office)) == 1
