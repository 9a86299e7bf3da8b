"""The calendar tools end to end: the real client over HTTP, against the demo server, within their Access."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.demo.faults import Fault
from app.demo.server import Running
from app.demo.workspace import Workspace
from tests.agenda.signed import REGISTRY, Desk
from tests.demo.little_office import ALEX, DANA, NOW, Clock, open_office, timed
from tests.saying import lead, text
from tools.agenda.agenda_finding import AgendaFinding
from tools.agenda.slots_finding import SlotsFinding
from tools.errors import AccessRefused, BadArgument, NotFound, RateLimited, ServiceDown, ToolError, Unreadable
from tools.view import DayView, Table

ZURICH = ZoneInfo("Europe/Zurich")
FAMILY = "family@group.calendar.example"
TEAM = "team@group.calendar.example"
GUESTS = [
    {"email": ALEX, "responseStatus": "accepted"},
    {"email": DANA, "displayName": "Dana Okafor", "responseStatus": "accepted"},
]


def at(day: str, time: str = "00:00") -> datetime:
    return datetime.fromisoformat(f"2026-03-{day} {time}").replace(tzinfo=ZURICH)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Workspace]:
    """Alex's week of Wednesday 25 March 2026, 10:00 in Zurich; the clocks change on Sunday."""
    workspace = open_office(tmp_path / "office.sqlite", Clock())
    workspace.add_calendar(FAMILY, summary="Family", owner=ALEX, zone="Europe/Zurich")
    workspace.add_calendar(TEAM, summary="Team", owner=DANA, zone="Europe/London", role="writer")
    daily = {"recurrence": ["RRULE:FREQ=DAILY;COUNT=20"], "id": "standup", "attendees": GUESTS}
    workspace.add_event(ALEX, timed("23", "09:30", "09:45", summary="Stand-up", **daily))
    moved = {"recurringEventId": "standup", "originalStartTime": timed("26", "09:30", "09:45")["start"]}
    workspace.add_event(ALEX, timed("26", "11:00", "11:15", summary="Stand-up", attendees=GUESTS, **moved))
    new_york = {"timeZone": "America/New_York"}
    weekly = {
        "summary": "New York call",
        "id": "newyork",
        "start": {"dateTime": "2026-03-25T10:00:00-04:00", **new_york},
        "end": {"dateTime": "2026-03-25T10:45:00-04:00", **new_york},
        "recurrence": ["RRULE:FREQ=WEEKLY"],
        "attendees": GUESTS,
    }
    workspace.add_event(ALEX, weekly)
    shared = {"iCalUID": "review@northwind.example", "attendees": GUESTS}
    for calendar in (ALEX, TEAM):
        workspace.add_event(calendar, timed("25", "11:00", "12:00", summary="Review", id="review", **shared))
    workspace.add_event(TEAM, timed("25", "11:00", "12:00", summary="Somebody else's"))
    workspace.add_event(FAMILY, timed("25", "11:30", "12:15", summary="Dentist", location="Dental, 9 Elm Road"))
    no = [{"email": ALEX, "responseStatus": "declined"}, GUESTS[1]]
    workspace.add_event(ALEX, timed("25", "16:00", "17:00", summary="Declined", attendees=no))
    workspace.add_event(DANA, timed("25", "13:00", "15:00", summary="Secret"))
    yield workspace
    workspace.close()


@pytest.fixture
def desk(running: Running) -> Desk:
    return Desk(running, NOW.astimezone(ZURICH), ZURICH)


def titles(finding: AgendaFinding) -> list[str]:
    return [one.title for one in finding.events]


def test_today_names_the_next_meeting_and_how_soon_it_is(desk: Desk) -> None:
    found = desk.call("agenda")
    assert titles(found) == ["Stand-up", "Review", "Somebody else's", "Dentist", "New York call", "Declined"]
    assert lead(found) == (
        "4 meetings today, 3 still to come or running. Next: “Review” in 1 hour, Wed 25 Mar 11:00–12:00. 1 conflict."
    )
    assert "event:5 Wed 25 Mar 15:00–15:45 (10:00–10:45 New York) New York call" in text(found)
    (day,) = found.view(lambda ref: "event:1")
    assert isinstance(day, DayView)
    assert [(entry.title.removesuffix(" (event:1)"), entry.tone, entry.clash, entry.busy) for entry in day.entries] == [
        ("Stand-up", "dim", False, True),
        ("Review", "plain", True, True),
        ("Somebody else's (shared calendar)", "dim", False, False),
        ("Dentist", "plain", True, True),
        ("New York call [10:00–10:45 New York]", "plain", False, True),
        ("Declined (you declined)", "dim", False, False),
    ]
    assert desk.progress == [(1, 3), (2, 3), (3, 3)]
    review = next(one for one in found.events if one.title == "Review")  # on two calendars, and one
    assert (review.lane, review.also_on) == ("Alex Rivera", ("Team",))


def test_a_day_that_is_over_is_said_to_be_over(desk: Desk) -> None:
    desk.now = at("25", "19:00")
    found = desk.call("agenda")
    assert lead(found) == (
        "4 meetings today, all of them over. Next: “Stand-up” in 16 hours, Thu 26 Mar 11:00–11:15. 1 conflict."
    )
    assert "event:7 Thu 26" not in text(found)
    assert found.refs()[-1].label == "Stand-up"


def test_the_exception_of_a_series_stands_where_it_was_moved(desk: Desk) -> None:
    found = desk.call("agenda", start=at("26"), end=at("27"))
    assert lead(found) == "1 meeting tomorrow, first at 11:00 “Stand-up”, last ends 11:15."


def test_a_series_keeps_its_own_clock_over_the_change(desk: Desk) -> None:
    found = desk.call("agenda", start=at("25"), end=at("31") + timedelta(days=2))
    calls = [one.start.astimezone(ZURICH).strftime("%d %H:%M") for one in found.events if one.title == "New York call"]
    assert calls == ["25 15:00", "01 16:00"]  # Zurich puts its clocks forward in between
    assert [type(block) for block in found.view(lambda ref: ref.id)] == [Table]
    week = desk.call("agenda", start=at("25"), end=at("30"))
    assert [block.block for block in week.view(lambda ref: ref.id)] == ["day"] * 5


def test_conflicts_are_found_across_calendars(desk: Desk) -> None:
    found = desk.call("find_conflicts")
    assert [(one.kind, one.first.title, one.events[-1].title) for one in found.conflicts] == [
        ("double_booking", "Review", "Dentist"),
        ("outside_hours", "Stand-up", "Stand-up"),
        ("outside_hours", "Stand-up", "Stand-up"),
    ]
    assert lead(found).startswith("3 conflicts from Wed 25 Mar to Wed 1 Apr (1 double booking and 2 outside hours).")
    assert "- high · double booking: event:1 “Review” Wed 25 Mar 11:00–12:00" in text(found)
    assert "It is on a Sat, not one of your working days." in text(found)
    assert (
        lead(desk.call("find_conflicts", start=at("26"), end=at("27")))
        == "No conflicts tomorrow, among 1 commitment on 3 calendars."
    )


def test_working_hours_are_those_of_the_main_calendar(running: Running, desk: Desk) -> None:
    assert desk.call("find_conflicts").rules.hours.told
    desk.lacking = ["calendar.calendars.readonly"]
    assert "(assumed)" in text(desk.call("find_conflicts"))


def test_slots_with_somebody_on_another_clock(desk: Desk) -> None:
    found: SlotsFinding = desk.call("find_slots", people=["dana"], start=at("25", "12:00"), end=at("26"))
    party = found.parties[0]
    assert (party.person.address, party.zone.key, party.basis) == (DANA, "Europe/London", "calendar")
    assert party.hours.words == "Mon–Fri 08:00–16:00"
    spans = [(slot.start.astimezone(ZURICH), slot.end.astimezone(ZURICH)) for slot in found.slots]
    busy = [(at("25", "12:00"), at("25", "12:15")), (at("25", "13:00"), at("25", "16:00"))]  # mine and Dana's
    assert spans
    assert not any(start < until and since < end for start, end in spans for since, until in busy)
    assert "London)" in lead(found)
    assert "works Mon–Fri 08:00–16:00, Europe/London (as their calendar says)" in text(found)


def test_what_ends_as_the_time_asked_for_begins_is_back_to_back(desk: Desk, office: Workspace) -> None:
    office.add_event(DANA, timed("26", "13:00", "14:00", summary="Secret too"))
    found: SlotsFinding = desk.call("find_slots", people=["dana"], start=at("26", "14:00"), end=at("26", "14:30"))
    assert found.slots[0].reasons[-1] == "back to back for Dana Okafor"


def test_no_slot_comes_with_the_nearest_compromise(desk: Desk) -> None:
    found = desk.call("find_slots", people=[DANA], duration_minutes=120, start=at("25", "12:00"), end=at("26"))
    assert lead(found).startswith("No time for 2 hours with Dana Okafor today from 12:00 in every")
    assert {one.kind for one in found.nearest} >= {"outside_hours", "shorter"}


def test_who_cannot_be_seen_is_named_and_not_taken_as_free(desk: Desk) -> None:
    found = desk.call("find_slots", people=["eve@elsewhere.example", "Dana Okafor"])
    assert "Not checked, so ask them: eve@elsewhere.example (free/busy is not shared with you" in lead(found)
    assert "with Dana Okafor" in lead(found)
    assert found.parties[0].basis == "assumed"


def test_a_name_nobody_has_is_a_question(desk: Desk, office: Workspace) -> None:
    with pytest.raises(BadArgument, match=r"Nobody called 'Dano'.*Close: Dana Okafor <dana"):
        desk.call("find_slots", people=["Dano"])
    other = [*GUESTS, {"email": "dana.li@contoso.example", "displayName": "Dana Li", "responseStatus": "accepted"}]
    office.add_event(ALEX, timed("27", "15:00", "15:30", summary="Contoso", attendees=other))
    with pytest.raises(BadArgument, match=r"2 people fit the name 'Dana': Dana Li .* and Dana Okafor"):
        desk.call("find_slots", people=["Dana"])


def test_alone_the_free_stretches_are_listed(desk: Desk) -> None:
    found = desk.call("find_slots", start=at("25", "12:00"), end=at("26"), duration_minutes=60)
    assert lead(found) == "You are free today from 12:00: 12:15–15:00 and 15:45–17:30."


def test_an_event_is_opened_with_what_its_author_wrote(desk: Desk, office: Workspace) -> None:
    notes = "<p>Bring the <b>numbers</b>.</p><script>x()</script><p>\u202eevil\u200b &amp; more</p>" + "z" * 9000
    late = timed("25", "17:00", "17:30", summary="Numbers\u202e\n", description=notes, attendees=GUESTS, id="numbers")
    office.add_event(ALEX, late)
    found = desk.call("read_event", event=f"{ALEX} numbers")
    assert lead(found) == "“Numbers”: Wed 25 Mar 17:00–17:30, in 7 hours. 2 people invited, 2 coming."
    assert found.description.startswith("Bring the numbers.\n\nevil & more\nzz")
    assert found.description.endswith("[… cut]")
    assert len(found.description) <= 4000
    assert [(one.by, one.trust) for one in found.sources()] == [(ALEX, "untrusted")]
    assert text(found)


def test_a_series_is_told_in_words_with_its_calendar(desk: Desk) -> None:
    found = desk.call("read_event", event=f"{ALEX} newyork_20260325T140000Z")
    assert "Repeats: every Wednesday\nCalendar: Alex Rivera\n" in text(found)


def test_an_event_that_is_gone_is_said_to_be_gone(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.call("read_event", event=f"{ALEX} nothing")
    with pytest.raises(BadArgument, match="names no event"):
        desk.call("read_event", event="event:3")


FAMILY_EVENTS = "GET /calendar/v3/calendars/family*/events"
ALL_EVENTS = "GET /calendar/v3/calendars/*/events"


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (Fault(FAMILY_EVENTS, status=503), "failed on its side"),
        (Fault(FAMILY_EVENTS, status=410), "has no such item"),
        (Fault(FAMILY_EVENTS, status=429, retry_after=7), "asks to slow down"),
        (Fault(FAMILY_EVENTS, "truncate"), "did not answer"),
        (Fault(FAMILY_EVENTS, "reset"), "did not answer"),
        (Fault(FAMILY_EVENTS, "garbage"), "sent an answer that is not JSON"),
    ],
)
def test_one_calendar_failing_leaves_the_rest_and_is_said(desk: Desk, running: Running, fault: Fault, why: str) -> None:
    running.faults.add(fault)
    found = desk.call("agenda")
    assert titles(found) == ["Stand-up", "Review", "Somebody else's", "New York call", "Declined"]
    assert f"Not read, so not in here: Family (Google Calendar {why}" in lead(found)
    running.faults.add(fault)
    found = desk.call("find_conflicts")
    assert "Not read, so not in here: Family" in lead(found)
    assert found.calendars == ("Alex Rivera", "Team")


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(ALL_EVENTS, status=503, times=3), ServiceDown),
        (Fault(ALL_EVENTS, status=429, retry_after=7, times=3), RateLimited),
        (Fault("GET /calendar/v3/users/me/calendarList", "truncate"), ServiceDown),
        (Fault("GET /calendar/v3/users/me/calendarList", "garbage"), Unreadable),
    ],
)
def test_nothing_read_is_an_error_and_not_an_empty_day(
    desk: Desk, running: Running, fault: Fault, error: type[ToolError]
) -> None:
    running.faults.add(fault)
    with pytest.raises(error) as caught:
        desk.call("agenda")
    assert caught.value.next


def test_no_free_busy_is_no_free_time(desk: Desk, running: Running) -> None:
    running.faults.add(Fault("POST /calendar/v3/freeBusy", status=500))
    with pytest.raises(ServiceDown):
        desk.call("find_slots", people=[DANA])


ARGUMENTS: dict[str, dict[str, Any]] = {"find_slots": {"people": [DANA]}, "read_event": {"event": f"{ALEX} review"}}


@pytest.mark.parametrize("tool", ["agenda", "find_conflicts", "find_slots", "read_event"])
def test_each_tool_needs_every_scope_it_names(desk: Desk, tool: str) -> None:
    declared = REGISTRY.tool(tool)
    assert declared is not None
    desk.call(tool, **ARGUMENTS.get(tool, {}))
    assert len(declared.asks) >= 12
    for scope in declared.access.scopes[: None if len(declared.access.scopes) > 1 else 0]:
        desk.lacking = [scope.rpartition("/")[2]]
        if desk.lacking == ["calendar.calendars.readonly"]:
            continue  # without it the working hours are assumed, which another test holds
        with pytest.raises(AccessRefused):
            desk.call(tool, **ARGUMENTS.get(tool, {}))


@pytest.mark.parametrize(
    ("tool", "given", "what"),
    [
        ("agenda", {"start": at("25"), "end": at("25")}, "not after the start"),
        ("agenda", {"start": at("25"), "end": at("25") + timedelta(days=400)}, "too long"),
        ("find_conflicts", {"start": at("25") + timedelta(days=400 * 400)}, "out of reach"),
        ("find_slots", {"start": at("23"), "end": at("24")}, "is over"),
        ("find_slots", {"start": at("25"), "end": at("25") + timedelta(days=70)}, "too long"),
    ],
)
def test_an_impossible_time_is_refused_before_anything_is_asked(
    desk: Desk, tool: str, given: dict[str, datetime], what: str
) -> None:
    with pytest.raises(BadArgument, match=what):
        desk.call(tool, **given)
    assert desk.transport is not None
    assert desk.transport.sent == []
