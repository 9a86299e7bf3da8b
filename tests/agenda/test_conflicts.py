"""The rules of a conflict: against a model of single minutes, in weeks whose clocks change, and one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations, permutations
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.agenda.grid import ZURICH, all_day, entries, event, events, in_office_hours, minutes_of, span, weeks
from tools.agenda.conflicts import Conflict, Rules, find
from tools.agenda.event import Event
from tools.agenda.spans import Span
from tools.agenda.telling import reason, what_gives

RULES = Rules(zone=ZURICH)
WEEK = span("2027-01-11 00:00", "2027-01-18 00:00")
SITES = {"Room 3": 0, "Northwind HQ, Room 4": 0, "Mill Bistro, 2 Mill Lane": 1, "Quayside, 5 Quay St": 2}


def counts(one: Event) -> bool:
    free = one.answer == "declined" or not one.busy or not one.mine or one.cancelled or one.kind == "birthday"
    return not free and one.start < one.end


def blocks_out(one: Event) -> bool:
    return one.all_day or one.kind == "away"


def graded(conflict: Conflict) -> str:
    """How much a conflict weighs: by what clashes with what, one step less where something may not happen."""
    blocks = [one for one in conflict.events if blocks_out(one)]
    level = 0
    if conflict.kind == "outside_hours":
        return "low"
    if conflict.kind == "travel":
        level = 1
    elif len(blocks) == 1:
        level = 0 if blocks[0].kind == "away" else 1
    elif blocks or any(one.kind == "focus" for one in conflict.events):
        level = 2
    unsure = any(one.tentative or one.answer in ("tentative", "unanswered") for one in conflict.events)
    return ("high", "medium", "low", "low")[level + unsure]


def modelled(found: list[Event], zone: ZoneInfo) -> set[tuple[str, ...]]:
    """The conflicts of events, minute by minute and pair by pair."""
    expected: set[tuple[str, ...]] = set()
    taken = {one.id: set(minutes_of(Span(one.start, one.end))) for one in found if counts(one)}
    counting = [one for one in found if counts(one)]
    for a, b in combinations(counting, 2):
        if taken[a.id] & taken[b.id]:
            expected.add(("shared", *sorted((a.id, b.id))))
    for a, b in permutations([one for one in counting if one.place in SITES and not blocks_out(one)], 2):
        gap = b.start - a.end
        if timedelta() <= gap < timedelta(minutes=30) and SITES[a.place] != SITES[b.place]:
            expected.add(("travel", a.id, b.id))
    for one in counting:
        meeting = one.others and one.work and not blocks_out(one)
        if meeting and not all(in_office_hours(minute, zone) for minute in taken[one.id]):
            expected.add(("outside_hours", one.id))
    return expected


def named(conflict: Conflict) -> tuple[str, ...]:
    ids = [one.id for one in conflict.events]
    kind = "shared" if conflict.kind in ("overlap", "double_booking", "away") else conflict.kind
    return (kind, *(sorted(ids) if kind == "shared" else ids))


@settings(max_examples=150, deadline=None)
@given(weeks(), st.data())
def test_conflicts_are_those_of_the_minute_model(week: tuple[ZoneInfo, datetime], data: st.DataObject) -> None:
    zone, begin = week
    count = data.draw(st.integers(0, 8))
    found = [data.draw(entries(begin, number, zone)) for number in range(count)]
    window = Span(begin - timedelta(days=2), begin + timedelta(days=7))
    conflicts = find(found, window, Rules(zone=zone))
    assert [named(one) for one in conflicts if conflicts.count(one) > 1] == []
    assert {named(one) for one in conflicts} == modelled(found, zone)
    for one in conflicts:
        assert one.severity == graded(one)
        assert one.first.start <= one.events[-1].start
        assert reason(one, Rules(zone=zone)).endswith(".")
        assert what_gives(one)[1]
        if named(one)[0] == "shared":
            both = [set(minutes_of(Span(each.start, each.end))) for each in one.events]
            assert set(minutes_of(Span(one.start, one.end))) == both[0] & both[1]
            assert (one.kind == "away") == (sum(blocks_out(each) for each in one.events) == 1)
        if one.kind == "double_booking":
            assert one.first.calendar != one.events[-1].calendar


@settings(max_examples=80, deadline=None)
@given(weeks(), st.data())
def test_a_window_gives_the_conflicts_that_touch_it(week: tuple[ZoneInfo, datetime], data: st.DataObject) -> None:
    zone, begin = week
    found = [data.draw(events(begin, number)) for number in range(6)]
    everything = find(found, Span(begin - timedelta(days=9), begin + timedelta(days=9)), Rules(zone=zone))
    start = begin + timedelta(minutes=5 * data.draw(st.integers(0, 900)))
    window = Span(start, start + timedelta(minutes=5 * data.draw(st.integers(1, 300))))
    assert find(found, window, Rules(zone=zone)) == [one for one in everything if one.touches(window)]


def test_ten_thousand_events_give_each_conflict_once() -> None:
    begin = datetime(2027, 1, 4, tzinfo=UTC)
    moved = [
        replace(event(f"{n}{side}", others=0), start=at, end=at + timedelta(minutes=20))
        for n in range(5_000)
        for side, late in (("a", 0), ("b", 10))
        for at in (begin + timedelta(hours=n, minutes=late),)
    ]
    found = find(moved, Span(begin, begin + timedelta(days=400)), Rules(zone=ZURICH))
    assert len(found) == 5_000
    assert {one.kind for one in found} == {"overlap"}


def one(*found: Event) -> Conflict:
    conflicts = find(found, WEEK, RULES)
    assert len(conflicts) == 1
    return conflicts[0]


def none(*found: Event) -> bool:
    return find(found, WEEK, RULES) == []


def test_two_meetings_of_one_calendar_overlap() -> None:
    conflict = one(event("A", minutes=60), event("B", "2027-01-12 10:30", 60))
    assert (conflict.kind, conflict.severity) == ("overlap", "high")
    assert reason(conflict, RULES) == "They overlap for 30 minutes."


def test_two_calendars_are_a_double_booking_and_both_are_named() -> None:
    conflict = one(event("A"), event("B", calendar="family", lane="Family"))
    assert conflict.kind == "double_booking"
    assert reason(conflict, RULES) == "They overlap for 30 minutes on two calendars (Family and Work)."


def test_the_same_entry_twice_is_told_from_two_meetings() -> None:
    said = reason(one(event("Dentist", id="a", uid="a"), event("Dentist", id="b", uid="b")), RULES)
    assert said == "They overlap for 30 minutes, under the same title: perhaps entered twice."


@pytest.mark.parametrize(
    "facts",
    [
        {"answer": "declined"},
        {"busy": False},
        {"mine": False},
        {"cancelled": True},
        {"kind": "birthday"},
        {"kind": "working_location"},
    ],
)
def test_what_takes_no_time_is_in_no_conflict(facts: dict[str, Any]) -> None:
    assert none(event("A"), event("B", **facts))


def test_touching_and_empty_events_do_not_overlap() -> None:
    assert none(event("A"), event("B", "2027-01-12 10:30"))
    assert none(event("A"), event("Reminder", "2027-01-12 10:15", 0))


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"tentative": True}, "“B” is tentative"),
        ({"answer": "tentative"}, "you said maybe to “B”"),
        ({"answer": "unanswered"}, "you have not answered “B”"),
    ],
)
def test_what_is_not_certain_weighs_one_step_less_and_is_said(facts: dict[str, Any], said: str) -> None:
    conflict = one(event("A"), event("B", **facts))
    assert (conflict.severity, conflict.weak) == ("medium", True)
    assert said in reason(conflict, RULES)


def test_focus_time_gives_way_first() -> None:
    conflict = one(event("A"), event("Focus", kind="focus", others=0))
    assert conflict.severity == "low"
    assert what_gives(conflict) == (conflict.events[1], "your own focus time")


def test_a_busy_whole_day_conflicts_with_its_meetings() -> None:
    trip = all_day("Trip to Oslo", date(2027, 1, 12), 2)
    conflict = one(event("A"), trip)
    assert (conflict.kind, conflict.severity) == ("away", "medium")
    assert reason(conflict, RULES) == "The whole day is marked as busy (Trip to Oslo)."
    assert one(event("A", "2027-01-13 23:30", 15, others=0), trip).kind == "away"
    assert none(event("A", "2027-01-14 00:00", 15, others=0), trip)
    assert none(event("A"), all_day("Rosa's birthday", date(2027, 1, 12), busy=False))


def test_out_of_office_weighs_more_than_a_busy_day() -> None:
    conflict = one(event("A"), event("Away", "2027-01-12 08:00", 600, kind="away", others=0))
    assert (conflict.kind, conflict.severity) == ("away", "high")
    assert reason(conflict, RULES) == "You are marked out of office (Away)."


def test_two_busy_days_are_a_small_conflict() -> None:
    conflict = one(all_day("Trip", date(2027, 1, 12)), all_day("Move", date(2027, 1, 12), calendar="family"))
    assert (conflict.kind, conflict.severity) == ("double_booking", "low")
    assert reason(conflict, RULES) == "Both block the whole day."


def test_an_event_across_midnight_conflicts_on_both_days() -> None:
    night = event("Night train", "2027-01-12 22:00", 600, others=0)
    assert one(night, event("Late", "2027-01-12 23:00", others=0)).kind == "overlap"
    assert one(night, event("Early", "2027-01-13 07:00", others=0)).kind == "overlap"


def test_no_time_to_get_there() -> None:
    conflict = one(
        event("A", place="Northwind HQ, Room 4"), event("B", "2027-01-12 10:40", place="Mill Bistro, 2 Mill Lane")
    )
    assert (conflict.kind, conflict.severity) == ("travel", "medium")
    assert reason(conflict, RULES) == "Only 10 minutes to get from Northwind HQ, Room 4 to Mill Bistro, 2 Mill Lane."
    assert none(event("A", place="Northwind HQ"), event("B", "2027-01-12 11:00", place="Mill Bistro"))
    assert none(event("A", place="Northwind HQ, Room 4"), event("B", "2027-01-12 10:30", place="Room 5, Northwind HQ"))
    assert none(event("A", place="Northwind HQ"), event("B", "2027-01-12 10:30", place="https://meet.example/x"))


@pytest.mark.parametrize(
    ("start", "minutes", "said"),
    [
        ("2027-01-12 07:30", 30, "It begins 1 h 30 min before your working day (09:00–17:30)."),
        ("2027-01-12 17:15", 45, "It runs 30 minutes past your working day (09:00–17:30)."),
        ("2027-01-12 19:00", 60, "It begins after your working day (09:00–17:30)."),
        ("2027-01-16 10:00", 60, "It is on a Sat, not one of your working days."),
    ],
)
def test_a_meeting_outside_working_hours(start: str, minutes: int, said: str) -> None:
    conflict = one(event("A", start, minutes))
    assert (conflict.kind, conflict.severity) == ("outside_hours", "low")
    assert reason(conflict, RULES) == said


def test_what_i_plan_for_myself_or_at_home_is_my_own_business() -> None:
    assert none(event("Gym", "2027-01-12 19:00", others=0))
    assert none(event("Dinner", "2027-01-12 19:00", calendar="family", work=False))


def test_who_could_give_is_told_from_the_facts() -> None:
    board = event("Board", organised_by_me=False, others=12)
    conflict = one(board, event("One to one"))
    assert what_gives(conflict)[0] == conflict.events[1]
    errand = event("Dentist", others=0, place="Brightwater Dental")
    assert what_gives(one(board, errand))[0] is None
    assert what_gives(one(event("A"), event("B")))[0] is None
