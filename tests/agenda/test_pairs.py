"""Who opens one of two events that were told to be in conflict is told of the other, as it stands by then."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.demo.faults import Fault
from app.demo.server import serve
from app.demo.workspace import Workspace
from tests.agenda.signed import Desk, Kept
from tests.demo.little_office import ALEX, NOW, Clock, open_office, timed
from tests.saying import lead, text
from tools.agenda.pairs import KEY

ZURICH = ZoneInfo("Europe/Zurich")
FAMILY = "family@group.calendar.example"
REVIEW = f"{ALEX} review"
ALONE = "“Review”: Wed 25 Mar 11:00–12:00, in 1 hour."
BOTH = f"{ALONE} In conflict with “Dentist”, Wed 25 Mar 11:30–12:15."


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Workspace]:
    workspace = open_office(tmp_path / "office.sqlite", Clock())
    workspace.add_calendar(FAMILY, summary="Family", owner=ALEX, zone="Europe/Zurich")
    workspace.add_event(ALEX, timed("25", "11:00", "12:00", summary="Review", id="review"))
    workspace.add_event(FAMILY, timed("25", "11:30", "12:15", summary="Dentist", id="dentist"))
    yield workspace
    workspace.close()


@pytest.fixture
def desk(office: Workspace) -> Iterator[Desk]:
    with serve(office) as running:
        yield Desk(running, NOW.astimezone(ZURICH), ZURICH, memory=Kept())


def test_the_other_half_of_a_conflict_is_told_with_either(desk: Desk) -> None:
    assert lead(desk.call("read_event", event=REVIEW)) == ALONE
    assert len(desk.call("find_conflicts").conflicts) == 1
    review = desk.call("read_event", event=REVIEW)
    assert lead(review) == BOTH
    assert "Conflict: Wed 25 Mar 11:30–12:15 Dentist: Double booking of 30 minutes on two calendars" in text(review)
    assert [one.label for one in review.sources()] == ["Review", "Dentist"]
    assert [one.label for one in review.refs()] == ["Review"]  # "it" is the one that was opened
    dentist = desk.call("read_event", event=f"{FAMILY} dentist")
    assert lead(dentist).endswith("In conflict with “Review”, Wed 25 Mar 11:00–12:00.")


@pytest.mark.parametrize("left", ["moved", "gone", "failing", "garbled"])
def test_what_was_settled_or_cannot_be_read_any_more_is_not_told(desk: Desk, office: Workspace, left: str) -> None:
    desk.call("find_conflicts")
    if left == "moved":
        office.add_event(FAMILY, timed("25", "14:00", "14:30", summary="Dentist", id="moved"))
        desk.memory.put(KEY, f'[["{REVIEW}", "{FAMILY} moved"]]'.encode())
    elif left == "gone":
        desk.memory.put(KEY, f'[["{REVIEW}", "{FAMILY} nothing"]]'.encode())
    elif left == "failing":
        desk.running.faults.add(Fault("GET /calendar/v3/calendars/family*/events/dentist", status=503))
    else:
        desk.memory.put(KEY, b"broken")
    assert lead(desk.call("read_event", event=REVIEW)) == ALONE
