"""Event resources as they come, odd ones included; text of others made harmless."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.agenda.grid import ZURICH
from tools.agenda.event import Calendar, Event
from tools.agenda.parse import attendees_of, calendar_of, event_of, instant_of
from tools.agenda.plain import line, paragraphs
from tools.agenda.reading import one_per_occurrence
from tools.agenda.whereabouts import hours_of, organisers_zones

ME = frozenset({"alex@example.com"})
MAIN = Calendar("alex@example.com", "Work", "owner", "Europe/Zurich", primary=True)
SHARED = Calendar("team@group.calendar.google.com", "Team", "writer", "Europe/Zurich", mine=False)
TIMES = {"start": {"dateTime": "2027-01-12T10:00:00+01:00"}, "end": {"dateTime": "2027-01-12T11:00:00+01:00"}}


def parsed(calendar: Calendar = MAIN, **raw: Any) -> Event:
    return event_of({"id": "e1", "summary": "Meeting", **TIMES, **raw}, calendar, me=ME, zone=ZURICH)


def guests(answer: str, **more: Any) -> list[dict[str, Any]]:
    return [{"email": "Alex@Example.com", "responseStatus": answer}, {"email": "ana@example.com"}, {**more}]


def test_instants_are_in_utc_whatever_way_they_are_written() -> None:
    ten = datetime(2027, 1, 12, 9, tzinfo=UTC)
    assert instant_of({"dateTime": "2027-01-12T10:00:00+01:00"}, ZURICH) == (ten, False)
    assert instant_of({"dateTime": "2027-01-12T09:00:00Z"}, ZURICH) == (ten, False)
    assert instant_of({"dateTime": "2027-01-12T04:00:00", "timeZone": "America/New_York"}, ZURICH) == (ten, False)
    assert instant_of({"date": "2027-01-12"}, ZURICH) == (datetime(2027, 1, 11, 23, tzinfo=UTC), True)


@pytest.mark.parametrize(
    "raw",
    [
        {"id": "e", "end": TIMES["end"]},
        {"id": "e", "start": {}, "end": {}},
        {"id": "e", "start": {"date": "soon"}, "end": {"date": "later"}},
        {"id": "e", "start": "2027-01-12", "end": "2027-01-13"},
        TIMES,
    ],
)
def test_an_event_without_id_or_times_is_refused(raw: dict[str, Any]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        event_of(raw, MAIN, me=ME, zone=ZURICH)


def test_the_zone_of_an_event_is_a_place() -> None:
    def zone(name: str) -> str:
        return parsed(start={**TIMES["start"], "timeZone": name}).zone

    assert [zone(name) for name in ("Asia/Tokyo", "", "UTC", "Mars/Base")] == ["Asia/Tokyo", "Europe/Zurich", "", ""]


def test_my_answer_is_found_by_my_address() -> None:
    assert [parsed(attendees=guests(said)).answer for said in ("accepted", "declined", "tentative", "needsAction")] == [
        *("accepted", "declined", "tentative", "unanswered"),
    ]
    assert parsed().answer == "own"
    assert parsed(SHARED, attendees=guests("accepted")).counts
    other = [{"email": "ana@example.com", "self": True, "responseStatus": "accepted"}]
    assert parsed(SHARED, attendees=other).answer == "own"
    assert not parsed(SHARED, attendees=other).counts


def test_rooms_are_no_people() -> None:
    event = parsed(attendees=guests("accepted", email="room@resource.calendar.google.com", resource=True))
    assert event.others == 1
    assert [one.room for one in attendees_of({"attendees": guests("accepted", resource=True)})] == [False, False, True]


def test_who_has_declined_is_not_among_the_others() -> None:
    no = {"email": "li@example.com", "responseStatus": "declined"}
    assert parsed(attendees=guests("accepted")).others == parsed(attendees=[*guests("accepted"), no]).others == 2


def test_only_addresses_of_the_calendar_service_become_links() -> None:
    good = "https://www.google.com/calendar/event?eid=abc"
    assert parsed(htmlLink=good).link == good
    assert parsed(htmlLink="https://www.google.com.evil.example/calendar/").link is None
    assert parsed(htmlLink="javascript:alert(1)").link is None


def test_kinds_and_marks_are_read() -> None:
    assert [parsed(eventType=kind).kind for kind in ("focusTime", "outOfOffice", "birthday", "fromGmail")] == [
        *("focus", "away", "birthday", "meeting"),
    ]
    event = parsed(
        status="tentative", transparency="transparent", recurringEventId="e", hangoutLink="https://x.example"
    )
    assert (event.tentative, event.busy, event.repeats, event.online) == (True, False, True, True)
    hidden = event_of({"id": "e", **TIMES}, SHARED, me=ME, zone=ZURICH)
    assert hidden.hidden


def test_calendars_of_others_are_not_mine() -> None:
    listed: list[dict[str, Any]] = [
        {"id": "alex@example.com", "primary": True, "accessRole": "owner", "summary": "x", "summaryOverride": "Work"},
        {"id": "family@group.calendar.google.com", "accessRole": "owner", "summary": "Family"},
        {"id": "ana@example.com", "accessRole": "writer", "summary": "Ana"},
        {"id": "holidays@group.v.calendar.google.com", "accessRole": "reader"},
        {"id": "new", "accessRole": "somethingNew"},
    ]
    found = [calendar_of(one) for one in listed]
    assert [(one.name, one.role, one.mine) for one in found] == [
        ("Work", "owner", True),
        ("Family", "owner", True),
        ("Ana", "writer", False),
        ("holidays@group.v.calendar.google.com", "reader", False),
        ("new", "freeBusyReader", False),
    ]


def test_copies_become_one_and_different_occurrences_stay() -> None:
    copy = parsed(SHARED, iCalUID="u")
    main = parsed(iCalUID="u")
    later = parsed(iCalUID="u", id="e2", originalStartTime={"dateTime": "2027-01-19T10:00:00+01:00"})
    one, two = one_per_occurrence([copy, main, later, main])
    assert (one.lane, one.also_on, two.id) == ("Work", ("Team",), "e2")


def test_working_hours_are_read_or_left_to_the_usual() -> None:
    monday = {"dayOfWeek": "monday", "periodStart": 480, "periodEnd": 720}
    told = hours_of({"workingHoursEnabled": True, "availableTimes": [monday]})
    assert told is not None
    assert (told.words, told.told) == ("Mon 08:00–12:00", True)
    broken: list[dict[str, Any]] = [
        {"workingHoursEnabled": False, "availableTimes": [monday]},
        {"workingHoursEnabled": True},
        {"workingHoursEnabled": True, "availableTimes": [{**monday, "periodEnd": 5000}]},
        {"workingHoursEnabled": True, "availableTimes": [{**monday, "dayOfWeek": "someday"}]},
    ]
    assert [hours_of(one) for one in broken] == [None] * 4


def test_a_zone_is_judged_by_most_events_and_not_by_a_tie() -> None:
    made = [("a", "Europe/Paris"), ("a", "Europe/Paris"), ("a", "Asia/Tokyo"), ("b", "Asia/Tokyo"), ("b", "UTC")]
    assert organisers_zones(made) == {"a": "Europe/Paris"}


def test_text_of_others_is_plain_and_cut() -> None:
    assert line("A\u202e\u200b\nB\x07 C\ue000", 20) == "A B C"
    assert line(None) == line(7) == ""
    assert paragraphs("a<br>b<div>c</div><style>x{}</style>1 &lt; 2") == "a\nb\nc\n1 < 2"
    assert paragraphs("if a < b and c > d") == "if a < b and c > d"


@given(st.text(max_size=300), st.integers(10, 100))
def test_any_text_is_bounded_and_holds_nothing_unseen(text: str, limit: int) -> None:
    for shown in (line(text, limit), paragraphs(text, limit), paragraphs(f"<p>{text}", limit)):
        assert len(shown) <= limit
        assert not set(shown) & set("\u202e\u2066\u200b\ufeff\x00\x1b")
    assert "\n" not in line(text, limit)
