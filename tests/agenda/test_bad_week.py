"""A bad week, imported from iCalendar files: what is claimed of it is what the files say, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.demo.server import serve
from tests.agenda.bookings import ZURICH
from tests.agenda.signed import Desk
from tests.demo.imports import take
from tests.demo.little_office import ALEX, DANA, NOW, Clock, open_office
from tests.saying import lead, text
from tools.view import DayView, Table

WEEK = {"start": "2026-03-23T00:00:00+01:00", "end": "2026-03-30T00:00:00+02:00"}
OPAQUE, FREE = "TRANSP:OPAQUE", "TRANSP:TRANSPARENT"


def asked(answer: str) -> tuple[str, str]:
    return (f"ORGANIZER;CN=Dana Okafor:MAILTO:{DANA}", f"ATTENDEE;PARTSTAT={answer}:MAILTO:{ALEX}")


MINE: list[tuple[str, str, str, str, tuple[str, ...]]] = [
    ("Board prep", "20260323T090000", "20260323T103000", "Europe/Zurich", ()),
    ("Budget call", "20260323T100000", "20260323T110000", "Europe/Zurich", asked("ACCEPTED")),
    ("Declined sync", "20260323T090000", "20260323T110000", "Europe/Zurich", asked("DECLINED")),
    ("Lunch hold", "20260323T120000", "20260323T130000", "Europe/Zurich", (FREE,)),
    ("Lunch with Priya", "20260323T120000", "20260323T130000", "Europe/Zurich", ()),
    ("Customer visit", "20260324T090000", "20260324T100000", "Europe/Zurich", ("LOCATION:1 Quay Street\\, Zurich",)),
    ("Site walk", "20260324T100000", "20260324T110000", "Europe/Zurich", ("LOCATION:9 Fair Road\\, Basel",)),
    ("Vendor pitch", "20260324T140000", "20260324T150000", "Europe/Zurich", asked("NEEDS-ACTION")),
    ("Design crit", "20260324T143000", "20260324T153000", "Europe/Zurich", asked("TENTATIVE")),
    ("New York close", "20260325T140000", "20260325T150000", "America/New_York", asked("ACCEPTED")),
    ("Interview", "20260325T110000", "20260325T120000", "Europe/Zurich", ()),
    ("Debrief", "20260325T163000", "20260325T171500", "Europe/Zurich", ()),
    ("Trade fair", "20260326", "20260328", "", (OPAQUE,)),
    ("Birthday of Tom", "20260326", "20260327", "", (FREE,)),
    ("1:1 with Li", "20260326T100000", "20260326T103000", "Europe/Zurich", ()),
    ("Release night", "20260327T233000", "20260328T013000", "Europe/Zurich", ()),
    ("Reminder", "20260327T090000", "20260327T090000", "Europe/Zurich", ()),
    ("Early ferry", "20260329T013000", "20260329T033000", "Europe/Zurich", ()),
    ("Backup window", "20260329T000000", "20260329T010000", "Etc/UTC", ()),
    ("Brunch", "20260329T031500", "20260329T043000", "Europe/Zurich", ()),
]
FAMILY: list[tuple[str, str, str, str, tuple[str, ...]]] = [
    ("School play", "20260325T113000", "20260325T123000", "Europe/Zurich", ()),
]
OPS = ("Weekly ops", "20260318T110000", "20260318T120000", "Europe/Zurich", ("RRULE:FREQ=WEEKLY;COUNT=4", "UID:ops"))
MOVED = ("RECURRENCE-ID;TZID=Europe/Zurich:20260325T110000", "UID:ops")
OPS_MOVED = ("Weekly ops", "20260325T160000", "20260325T170000", "Europe/Zurich", MOVED)

CLAIMS: list[tuple[set[str], str, int]] = [
    ({"Board prep", "Budget call"}, "overlap", 30),
    ({"Customer visit", "Site walk"}, "travel", 0),
    ({"Vendor pitch", "Design crit"}, "overlap", 30),
    ({"Interview", "School play"}, "double_booking", 30),
    ({"Weekly ops", "Debrief"}, "overlap", 30),
    ({"New York close"}, "outside_hours", 60),
    ({"Trade fair", "1:1 with Li"}, "away", 30),
    ({"Trade fair", "Release night"}, "away", 30),
    ({"Early ferry", "Backup window"}, "overlap", 30),  # 01:30 to 03:00 on the clock, which leaves out an hour
    ({"Early ferry", "Brunch"}, "overlap", 15),
]
"""Whose, of which kind, and for how many minutes."""


def written(path: Path, name: str, rows: list[tuple[str, str, str, str, tuple[str, ...]]]) -> Path:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//bad week//EN", f"X-WR-CALNAME:{name}"]
    for number, (title, start, end, zone, more) in enumerate(rows):
        place = f";TZID={zone}" if zone else ";VALUE=DATE"
        uid = () if any(line.startswith("UID:") for line in more) else (f"UID:{name}{number}",)
        lines += ["BEGIN:VEVENT", "DTSTAMP:20260301T000000Z", *uid, f"SUMMARY:{title}", *more]
        lines += [f"DTSTART{place}:{start}", f"DTEND{place}:{end}", "END:VEVENT"]
    path.write_text("\r\n".join([*lines, "END:VCALENDAR", ""]), encoding="utf-8")
    return path


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    workspace = open_office(tmp_path / "office.sqlite", Clock())
    mine = written(tmp_path / "mine.ics", ALEX, [*MINE, OPS, OPS_MOVED])
    report = take(workspace, mine, written(tmp_path / "family.ics", "Family", FAMILY))
    assert sum(one.loaded for one in report.files) == len(MINE) + 2 + len(FAMILY)
    with serve(workspace) as running:
        yield Desk(running, NOW.astimezone(ZURICH), ZURICH)
    workspace.close()


def _sorted(claim: tuple[set[str], str, int]) -> tuple[list[str], str]:
    return sorted(claim[0]), claim[1]


def test_every_conflict_is_told_and_no_other(desk: Desk) -> None:
    found: Any = desk.call("find_conflicts", **WEEK)
    told = [
        ({event.title for event in one.events}, one.kind, (one.end - one.start) // timedelta(minutes=1))
        for one in found.conflicts
    ]
    assert sorted(told, key=_sorted) == sorted(CLAIMS, key=_sorted)
    assert lead(found).startswith(
        "10 conflicts from Mon 23 Mar to Sun 29 Mar (5 overlaps, 1 double booking, 2 while away"
    )
    assert "1 with something tentative" in lead(found)
    assert "you have not answered “Vendor pitch”; you said maybe to “Design crit”" in text(found)
    [table] = [block for block in found.view(lambda ref: ref.id) if isinstance(block, Table)]
    assert table.note == "Times in Europe/Zurich; the clocks go forward by 1 hour on Sun 29 Mar"


@pytest.mark.parametrize(
    ("only", "kinds", "said"),
    [
        ("overlap_double", {"overlap", "double_booking"}, "5 overlaps and 1 double booking from Mon 23 Mar"),
        ("absence", {"away"}, "2 commitments while you are away from Mon 23 Mar"),
        ("travel", {"travel"}, "1 change of place without travel time from Mon 23 Mar"),
        ("outside", {"outside_hours"}, "1 meeting outside your working hours from Mon 23 Mar"),
    ],
)
def test_conflicts_of_one_kind_are_told_alone_and_the_others_counted(
    desk: Desk, only: str, kinds: set[str], said: str
) -> None:
    found: Any = desk.call("find_conflicts", only=only, **WEEK)
    assert {one.kind for one in found.conflicts} == kinds
    assert lead(found).startswith(said)
    assert lead(found).endswith(f"Not shown: {10 - len(found.conflicts)} other conflicts.")
    assert all(f"“{one.first.title}”" in lead(found) for one in found.worst_first[:3])
    assert ("; and 3 more." in lead(found)) == (only == "overlap_double")


def test_a_day_without_the_kind_asked_for_says_how_many_others_there_are(desk: Desk) -> None:
    monday = {**WEEK, "end": "2026-03-24T00:00:00+01:00"}
    scope = "on Mon 23 Mar, among 3 commitments on 2 calendars. Not shown: 1 other conflict."
    assert lead(desk.call("find_conflicts", only="travel", **monday)) == (
        f"No change of place without travel time {scope}"
    )
    later = {"start": "2026-05-04T00:00:00+02:00", "end": "2026-05-05T00:00:00+02:00"}
    none = lead(desk.call("find_conflicts", only="overlap_double", **later))
    assert none.startswith("No overlap or double booking on Mon 4 May, among ")
    assert "Not shown" not in none


def test_what_began_the_day_before_is_not_said_to_begin_today(desk: Desk) -> None:
    found: Any = desk.call("agenda", start="2026-03-28T00:00:00+01:00", end="2026-03-29T00:00:00+01:00")
    assert lead(found) == (
        "1 meeting on Sat 28 Mar, first “Release night” since Fri 27 Mar 23:30, last ends Sat 28 Mar 01:30."
    )
    [day] = [block for block in found.view(lambda ref: ref.id) if isinstance(block, DayView)]
    assert day.title == "Sat 28 Mar"
