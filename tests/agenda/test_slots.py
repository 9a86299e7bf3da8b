"""Times for several people: against a model of single minutes across clock changes, then ranking and compromise."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.agenda.grid import CHANGES, MINUTE, ZURICH, in_office_hours, minutes_of, span, weeks
from tools.agenda.compromise import nearest
from tools.agenda.event import Person
from tools.agenda.hours import DEFAULT_HOURS, Period, WorkingHours
from tools.agenda.slots import Meeting, Participant, candidates, day_cost, find
from tools.agenda.spans import Span, merged
from tools.agenda.words import elsewhere

QUARTER = timedelta(minutes=15)
ZONES = tuple(sorted({name for name, _ in CHANGES}))


def somebody(name: str, zone: str = "Europe/Zurich", *busy: Span, me: bool = False) -> Participant:
    return Participant(Person(f"{name}@example.com", name), ZoneInfo(zone), tuple(merged(busy)), me)


def me(*busy: Span) -> Participant:
    return somebody("Me", "Europe/Zurich", *busy, me=True)


@st.composite
def meetings(draw: st.DrawFn) -> Meeting:
    """One to three people anywhere, for three days around a clock change."""
    zone, begin = draw(weeks())
    start = begin + MINUTE * draw(st.integers(0, 24 * 60))
    window = Span(start, start + MINUTE * draw(st.integers(60, 3 * 24 * 60)))
    people = []
    for number in range(draw(st.integers(1, 3))):
        spots = st.tuples(st.integers(0, 4 * 24 * 60), st.integers(0, 300))
        busy = [
            Span(begin + MINUTE * at, begin + MINUTE * (at + length))
            for at, length in draw(st.lists(spots, max_size=6))
        ]
        home = zone.key if number == 0 else draw(st.sampled_from(ZONES))
        people.append(somebody(f"P{number}", home, *busy, me=number == 0))
    return Meeting(tuple(people), MINUTE * draw(st.sampled_from((5, 15, 30, 45, 90, 240))), window)


def free_minutes(meeting: Meeting) -> set[datetime]:
    """Every minute in which all of them work and none is busy."""
    taken = {minute for one in meeting.participants for part in one.busy or () for minute in minutes_of(part)}
    return {
        minute
        for minute in minutes_of(meeting.window)
        if minute not in taken and all(in_office_hours(minute, one.zone) for one in meeting.participants)
    }


def fits(start: datetime, duration: timedelta, free: set[datetime]) -> bool:
    return free.issuperset(minutes_of(Span(start, start + duration)))


@settings(max_examples=60, deadline=None)
@given(meetings())
def test_slots_are_those_of_the_minute_model(meeting: Meeting) -> None:
    free = free_minutes(meeting)
    possible = {minute for minute in free if fits(minute, meeting.duration, free)}
    quarters = {minute for minute in possible if minute.minute % 15 == 0}
    found = {slot.start for slot in candidates(meeting)}
    assert {start for start in found if start.minute % 15 == 0} == quarters
    assert found <= possible
    for odd in found - quarters:  # only where a free stretch has no quarter hour to begin at
        assert odd - MINUTE not in free
        assert not any(odd < quarter < odd + QUARTER for quarter in quarters)
    chosen = find(meeting)
    assert bool(chosen) == bool(possible)
    assert {slot.start for slot in chosen} <= found
    assert len(chosen) <= 5
    assert not any(a.span.touches(b.span) for a, b in combinations(chosen, 2))
    if chosen:
        every, first = candidates(meeting), meeting.participants[0]
        later = day_cost(every, first.zone)
        assert chosen[0].cost == min(slot.cost + later(slot) for slot in every)
        assert [slot.cost for slot in chosen] == sorted(slot.cost for slot in chosen)


@settings(max_examples=40, deadline=None)
@given(meetings())
def test_a_compromise_gives_up_exactly_what_it_says(meeting: Meeting) -> None:
    if find(meeting):
        return
    for one in nearest(meeting):
        taken = {minute for each in meeting.participants for part in each.busy or () for minute in minutes_of(part)}
        asked = set(minutes_of(one.slot.span))
        assert meeting.window.start <= one.slot.start
        assert one.slot.end <= meeting.window.end
        if one.kind == "outside_hours":
            assert not asked & taken
            assert any(not in_office_hours(minute, each.zone) for minute in asked for each in meeting.participants)
        less = one.slot.span.length < meeting.duration
        assert less == ("instead of" in one.what)
        if one.kind == "missing":
            others = [each for each in meeting.participants if each.called not in one.what]
            assert len(others) == len(meeting.participants) - 1
            rest = free_minutes(Meeting(tuple(others), one.slot.span.length, meeting.window))
            assert asked <= rest
        if one.kind == "shorter":
            assert one.slot.span.length < meeting.duration
            assert asked <= free_minutes(meeting)


TUESDAY = span("2027-01-12 00:00", "2027-01-13 00:00")
HALF = timedelta(minutes=30)


def test_the_best_slot_is_soon_in_core_hours_and_has_room() -> None:
    best, *others = find(Meeting((me(),), HALF, TUESDAY))
    assert best.start == span("2027-01-12 10:00", "2027-01-12 10:30").start
    assert best.reasons == ("inside your core hours", "room before and after")
    assert len(others) == 4


def test_a_slot_says_what_is_wrong_with_it() -> None:
    busy = (span("2027-01-12 09:00", "2027-01-12 12:00"), span("2027-01-12 12:30", "2027-01-12 18:00"))
    (slot,) = find(Meeting((me(*busy), somebody("Ana", "Europe/Lisbon")), HALF, TUESDAY))
    assert slot.reasons == (
        "the only time possible",
        "inside everyone's core hours",
        "over lunch for you",
        "back to back for you",
    )


def test_a_day_gives_two_slots_as_long_as_there_are_other_days() -> None:
    window = span("2027-01-11 00:00", "2027-01-16 00:00")
    days = [slot.start.date() for slot in find(Meeting((me(),), HALF, window))]
    assert max(days.count(day) for day in days) == 2


def test_a_stretch_between_quarter_hours_is_not_lost() -> None:
    busy = (span("2027-01-12 00:00", "2027-01-12 10:50"), span("2027-01-12 11:20", "2027-01-13 00:00"))
    assert [slot.span for slot in find(Meeting((me(*busy),), HALF, TUESDAY))] == [
        span("2027-01-12 10:50", "2027-01-12 11:20")
    ]


def test_zones_without_common_hours_meet_at_the_edge_of_the_day() -> None:
    sydney = somebody("Mia", "Australia/Sydney")
    meeting = Meeting((me(), sydney), HALF, span("2027-01-12 00:00", "2027-01-14 00:00"))
    assert find(meeting) == []
    outside = next(one for one in nearest(meeting) if one.kind == "outside_hours")
    assert "Mia" in outside.what
    assert "you (" in outside.what


def test_the_one_who_is_missing_is_named_and_never_me() -> None:
    everything = span("2027-01-11 00:00", "2027-01-15 00:00")
    busy = somebody("Busy Ben", "Europe/Zurich", everything)
    kinds = {one.kind: one.what for one in nearest(Meeting((me(), somebody("Ana"), busy), HALF, TUESDAY))}
    assert kinds == {"missing": "without Busy Ben"}
    assert nearest(Meeting((me(everything), somebody("Ana")), HALF, TUESDAY)) == ()


def test_less_time_is_offered_where_that_helps() -> None:
    busy = (span("2027-01-12 00:00", "2027-01-12 10:00"), span("2027-01-12 10:30", "2027-01-13 00:00"))
    found = nearest(Meeting((me(*busy),), timedelta(minutes=60), TUESDAY))
    assert [one.what for one in found] == ["30 minutes instead of 1 hour"]


def test_hours_told_by_a_calendar_are_kept() -> None:
    short = WorkingHours((Period(1, 13 * 60, 14 * 60), Period(1, 15 * 60, 15 * 60 + 30)), told=True)
    person = Participant(Person("me@example.com"), ZURICH, me=True, hours=short)
    found = sorted(slot.start for slot in candidates(Meeting((person,), HALF, TUESDAY)))
    assert [start.astimezone(ZURICH).strftime("%H:%M") for start in found] == ["13:00", "13:15", "13:30", "15:00"]
    assert short.words == "Tue 13:00–14:00, 15:00–15:30"
    assert DEFAULT_HOURS.words == "Mon–Fri 09:00–17:30"


def test_cities_on_one_clock_are_told_together() -> None:
    morning = span("2027-01-12 10:00", "2027-01-12 10:30")
    there = ("Europe/Lisbon", "Asia/Singapore", "Europe/London", "Europe/Lisbon", "Europe/Berlin", "")
    assert elsewhere(morning, ZURICH, *there) == "09:00–09:30 Lisbon and London, 17:00–17:30 Singapore"
    assert elsewhere(morning, ZURICH, "Europe/Berlin") == elsewhere(morning, ZURICH) == ""


def test_what_is_so_for_all_is_said_of_everyone() -> None:
    busy = (span("2027-01-12 09:00", "2027-01-12 12:00"), span("2027-01-12 12:30", "2027-01-12 18:00"))
    (slot,) = find(Meeting((me(*busy), somebody("Ana", "Europe/Zurich", *busy)), HALF, TUESDAY))
    assert slot.reasons[2:] == ("over lunch for everyone", "back to back for everyone")
