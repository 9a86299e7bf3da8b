"""What the findings say of odd days: midnight, whole days, what runs now, what was left out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.agenda.grid import ZURICH, all_day, event, span
from tests.saying import lead, text
from tools.agenda.agenda_finding import AgendaFinding
from tools.agenda.compromise import Compromise
from tools.agenda.conflicts import Rules, find
from tools.agenda.conflicts_finding import ConflictsFinding
from tools.agenda.event import Attendee, Event, Gap, Person
from tools.agenda.event_finding import EventFinding
from tools.agenda.hours import DEFAULT_HOURS, day_span
from tools.agenda.slots import Slot
from tools.agenda.slots_finding import SlotsFinding
from tools.agenda.spans import Span
from tools.view import DayView, Facts, Note, Table

TODAY = date(2027, 1, 12)
DAY = day_span(TODAY, ZURICH)
NOW = datetime(2027, 1, 12, 9, 15, tzinfo=UTC).astimezone(ZURICH)  # 10:15 on a Tuesday


def agenda(*events: Event, days: int = 1, now: datetime = NOW, **facts: Any) -> AgendaFinding:
    end = DAY.end + timedelta(days=days - 1)
    lanes = {"calendars": ("Work",), "conflicts": (), **facts}
    return AgendaFinding(now=now, zone=ZURICH, start=DAY.start, end=end, events=events, **lanes)


def days_of(finding: AgendaFinding) -> list[list[tuple[str, str, str]]]:
    views = [block for block in finding.view(lambda ref: "event:1") if isinstance(block, DayView)]
    assert all(one.title.endswith(" (event:1)") for view in views for one in view.entries)
    told = [[(one, one.title.removesuffix(" (event:1)")) for one in view.entries] for view in views]
    return [[(f"{one.start:%H:%M}", f"{one.end:%H:%M}", title) for one, title in day] for day in told]


def test_what_runs_now_and_what_comes_next() -> None:
    found = agenda(event("Review"), event("Lunch", "2027-01-12 12:00", place="Mill Bistro"))
    assert lead(found) == (
        "2 meetings today, none over yet. Now: “Review” until 10:30. "
        "Next: “Lunch” in 1 h 45 min, Tue 12 Jan 12:00–12:30, Mill Bistro."
    )


def test_an_empty_day_is_said_to_be_empty() -> None:
    week = DAY.end + timedelta(days=7)
    assert lead(agenda(ahead=week)) == "No meetings today, and none in the 7 days to Tue 19 Jan."
    soon = event("Review", "2027-01-14 10:00")
    assert lead(agenda(ahead=week, following=soon)) == (
        "No meetings today. Next: “Review” in 1 day 23 hours, Thu 14 Jan 10:00–10:30."
    )
    assert lead(agenda()) == "No meetings today."
    free = all_day("Birthday", TODAY, busy=False)
    assert lead(agenda(free)) == "No meetings today."
    assert days_of(agenda(free)) == [[("00:00", "00:00", "Birthday (free)")]]


def test_some_hours_are_not_told_as_the_day_and_what_begins_in_them_comes_first() -> None:
    hours = span("2027-01-12 13:00", "2027-01-12 14:00")
    facts: dict[str, Any] = {"calendars": ("Work",), "conflicts": (), "start": hours.start, "end": hours.end}
    empty = AgendaFinding(now=NOW, zone=ZURICH, events=(), **facts)
    assert lead(empty) == "No meetings today 13:00–14:00."
    looked = empty.model_copy(update={"ahead": hours.end + timedelta(days=7)})
    assert lead(looked) == "No meetings today 13:00–14:00, and none in the 7 days to Tue 19 Jan 14:00."
    assert [type(block) for block in empty.view(lambda ref: "")] == [Note]
    long, trip = event("Workshop", "2027-01-12 12:00", minutes=90), all_day("Trip", TODAY)
    found = AgendaFinding(now=NOW, zone=ZURICH, events=(trip, long, event("Review", "2027-01-12 13:00")), **facts)
    assert [ref.label for ref in found.refs()] == ["Review", "Workshop", "Trip"]


def test_a_busy_day_and_what_could_not_be_read_are_in_the_lead() -> None:
    trip = all_day("Trip", TODAY)
    found = agenda(trip, gaps=(Gap("Family", "Google Calendar failed."), Gap("Team", "it is gone")))
    assert lead(found) == (
        "No meetings today. Busy all day: “Trip”. "
        "Not read, so not in here: Family (Google Calendar failed) and Team (it is gone)."
    )
    assert isinstance(found.view(lambda ref: ref.id)[-1], Note)


def test_an_event_across_midnight_is_cut_to_each_day_and_says_so() -> None:
    night = event("Night train", "2027-01-12 22:00", 600)
    found = agenda(night, days=2)
    assert days_of(found) == [
        [("22:00", "00:00", "Night train [until Wed 13 Jan 08:00]")],
        [("00:00", "08:00", "Night train [since Tue 12 Jan 22:00]")],
    ]
    assert lead(agenda(night, now=NOW - timedelta(days=3))).endswith(
        "first at 22:00 “Night train”, last ends Wed 13 Jan 08:00."
    )


def test_an_event_without_length_stands_in_its_day() -> None:
    assert days_of(agenda(event("Reminder", "2027-01-12 00:00", 0), days=2)) == [[("00:00", "00:00", "Reminder")], []]


def test_a_long_window_is_a_table_and_what_is_too_much_is_counted() -> None:
    many = [event(f"Meeting {n}", f"2027-01-{12 + n // 20} {n % 20:02}:00") for n in range(120)]
    found = agenda(*many, days=10, left_out=7)
    table, note = found.view(lambda ref: ref.id)
    assert isinstance(table, Table)
    assert len(table.rows) == 120
    assert [row[1].text for row in table.rows[:2]] == ["Tue 12 Jan", ""]
    assert all(row[0].text for row in table.rows)
    assert agenda(days=10).view(lambda ref: ref.id) == ()
    assert isinstance(note, Note)
    assert note.text == "7 more entries are not shown."
    assert "[… 47 more entries left out: ask for a shorter time]" in text(found)


def test_a_hidden_and_a_nameless_event_have_something_to_be_called() -> None:
    found = agenda(event("", id="a", hidden=True), event("", "2027-01-12 11:00", id="b"))
    assert [label for _, _, label in days_of(found)[0]] == ["(details hidden)", "(no title)"]


def conflicts(*events: Event) -> ConflictsFinding:
    week = span("2027-01-11 00:00", "2027-01-18 00:00")
    rules = Rules(zone=ZURICH)
    return ConflictsFinding(
        now=NOW,
        zone=ZURICH,
        start=week.start,
        end=week.end,
        rules=rules,
        conflicts=tuple(find(events, week, rules)),
        looked_at=len(events),
        calendars=("Work",),
    )


def test_the_worst_conflict_comes_first_in_the_lead() -> None:
    early = event("Early", "2027-01-11 07:00")
    found = conflicts(early, event("A"), event("B", others=5))
    assert lead(found) == (
        "2 conflicts from Mon 11 Jan to Sun 17 Jan (1 overlap and 1 outside hours; 1 already over). "
        "The worst: “A” and “B”, Tue 12 Jan 10:00–10:30."
    )
    assert [ref.label for ref in found.refs()] == ["Early", "A", "B"]
    assert (
        "Easier to move: event:2, you organise it, 1 other person; the other: you organise it, 5 other people."
        in text(found)
    )
    (table,) = found.view(lambda ref: ref.id)
    assert isinstance(table, Table)
    assert [cell.text for cell in table.rows[1]] == [
        "Tue 12 Jan",
        "10:00–10:30 A (me a)\n10:00–10:30 B (me b)",
        "Overlap of 30 minutes.",
        "A: you organise it, 1 other person",
    ]
    assert table.rows[0][2].text == "Outside hours: it begins 2 hours before your working day (09:00–17:30)."
    (alone,) = conflicts(event("A"), event("B", others=5)).view(lambda ref: ref.id)
    assert isinstance(alone, Table)
    assert alone.rows[0][2].text == "They overlap for 30 minutes."  # of one kind all, as the lead says


def test_the_second_one_is_of_the_second_conflict() -> None:
    later = [event(title, "2027-01-13 10:00", id=title) for title in "CD"]
    again = event("E", "2027-01-13 10:15", id="E")
    found = conflicts(event("A"), event("B"), *later, again)
    rows = [[one.title for one in conflict.events] for conflict in found.conflicts]
    assert rows == [["A", "B"], ["C", "D"], ["C", "E"], ["D", "E"]]
    assert [ref.label for ref in found.refs()] == ["A", "C", "E", "D", "B"]


def test_what_could_give_says_which_is_which_in_the_order_shown() -> None:
    ana = Person("ana@x.example", "Ana")
    swim, play = event("Swim", others=0, place="Baths"), event("Play", "2027-01-12 10:15", others=0, place="School")
    theirs = event("Demo", organised_by_me=False, organiser=ana, others=4)
    (table,) = conflicts(theirs, play).view(lambda ref: ref.id)
    assert isinstance(table, Table)
    assert table.rows[0][-1].text == (
        "neither is plainly easier to move (the first: Ana organises it, 4 people besides you; "
        "the second: your own entry, nobody invited)"
    )
    (table,) = conflicts(swim, play).view(lambda ref: ref.id)
    assert isinstance(table, Table)
    assert table.rows[0][-1].text.endswith("(both: your own entry, nobody invited)")


def slots(asked: Span, **found: Any) -> SlotsFinding:
    """Times for me alone, of half an hour and more."""
    fixed: dict[str, Any] = {"duration": timedelta(minutes=30), "hours": DEFAULT_HOURS, "parties": (), "slots": ()}
    return SlotsFinding(now=NOW, zone=ZURICH, start=asked.start, end=asked.end, **{**fixed, **found})


def test_compromises_at_one_time_are_one_proposal() -> None:
    first, second = (Slot(*span(f"2027-01-12 {at}:00", f"2027-01-12 {at}:30")) for at in (11, 14))
    nearest = (
        Compromise("outside_hours", first, "outside working hours for Li (18:00 there, 30 minutes)"),
        Compromise("shorter", second, "30 minutes instead of 1 hour"),
        Compromise("missing", first, "without Li", "li@x.example"),
    )
    found = slots(DAY, nearest=nearest)
    (table, _) = found.view(lambda ref: ref.id)
    assert isinstance(table, Table)
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["Tue 12 Jan 11:00–11:30", "outside working hours for Li (18:00 there, 30 minutes); or without Li"],
        ["Tue 12 Jan 14:00–14:30", "30 minutes instead of 1 hour"],
    ]
    assert [ref.label[11:16] for ref in found.refs()] == ["11:00", "14:00"]  # so that one of them can be taken


def test_free_time_is_told_once() -> None:
    hour, half = (span("2027-01-12 15:00", f"2027-01-12 {end}") for end in ("16:00", "15:30"))
    best = Slot(*half)
    assert lead(slots(hour, slots=(best,), free=(hour,))) == "You are free today 15:00–16:00."
    late = span("2027-01-12 15:45", "2027-01-12 16:45")
    afternoon = span("2027-01-12 12:00", "2027-01-12 18:00")
    found = slots(afternoon, slots=(best,), free=(half, late))
    assert lead(found) == "You are free today 12:00–18:00: 15:00–15:30 and 15:45–16:45."


def test_a_conflict_that_is_the_only_one_is_not_called_the_worst() -> None:
    assert lead(conflicts(event("A"), event("B"))) == (
        "1 conflict from Mon 11 Jan to Sun 17 Jan (overlap): “A” and “B”, Tue 12 Jan 10:00–10:30."
    )


def test_what_is_over_is_not_counted_among_the_serious_ones_to_come() -> None:
    past = [event("X", "2027-01-11 05:00", others=0), event("Y", "2027-01-11 05:00", others=0)]
    assert "The worst: “A” and “B”" in lead(conflicts(*past, event("A"), event("B")))
    more = [event("Z", "2027-01-11 05:00", others=0), *past]
    assert lead(conflicts(*more)).startswith(
        "3 conflicts from Mon 11 Jan to Sun 17 Jan (3 overlaps; all already over)."
    )


def test_conflicts_beyond_the_table_are_counted() -> None:
    crowd = [event(f"Meeting {n}", id=f"e{n}") for n in range(14)]  # 91 pairs
    found = conflicts(*crowd)
    assert lead(found).startswith("91 conflicts ")
    assert "[… 31 more conflicts left out: ask for a shorter time]" in text(found)


def test_one_event_with_everybody_in_it() -> None:
    people = [Attendee(Person(f"p{n}@example.com", f"P {n}"), "accepted" if n % 2 else "declined") for n in range(25)]
    room = Attendee(Person("room@example.com", "Room 4"), "accepted", room=True)
    found = EventFinding(
        now=NOW,
        zone=ZURICH,
        event=event("Review", zone="Asia/Tokyo", answer="unanswered", organised_by_me=False, repeats=True),
        attendees=(room, *people),
        conference="https://meet.example/x",
    )
    assert lead(found) == (
        "“Review” (not answered yet): Tue 12 Jan 10:00–10:30 (18:00–18:30 Tokyo). 25 people invited, 12 coming."
    )
    (facts,) = found.view(lambda ref: ref.id)
    assert isinstance(facts, Facts)
    shown = {label: cell.text for label, cell in facts.facts}
    assert shown["State"] == "not answered yet"
    assert shown["Repeats"] == "one of a series"
    assert shown["Invited"].startswith("Room 4 <room@example.com>: room\nP 0 <p0@example.com>: not coming\n")
    assert shown["Invited"].endswith("[… 6 more]")
    assert text(found)
