"""The seeded workspace, whose conflicts were listed by hand: every one is found, and nothing else is claimed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.demo.seed.planting import fresh
from app.demo.server import serve
from tests.agenda.signed import Desk
from tests.demo import truth
from tests.saying import lead, text
from tools.agenda.conflicts import Conflict
from tools.agenda.conflicts_finding import ConflictsFinding

KINDS = {"hours": "outside_hours"}
Named = tuple[date, frozenset[str], str]


def named(conflict: Conflict, zone: ZoneInfo) -> Named:
    """Day, ids of the series or events, kind."""
    ids = frozenset(one.id.partition("_")[0] for one in conflict.events)
    return conflict.events[-1].start.astimezone(zone).date(), ids, conflict.kind


@pytest.fixture(
    scope="module",
    params=[
        (date(2026, 11, 25), "Europe/Zurich"),
        (date(2027, 3, 27), "Europe/Zurich"),  # a Saturday, the clocks change the day after
        (date(2026, 10, 30), "America/New_York"),  # they change on Sunday
        (date(2027, 1, 4), "Asia/Kolkata"),
    ],
    ids=str,
)
def two_weeks(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[ConflictsFinding, date, ZoneInfo]:
    """The conflicts of this and the next week, as the tool finds them."""
    today, zone = request.param
    clock = ZoneInfo(zone)
    monday = today - timedelta(days=today.weekday())
    start, end = (datetime.combine(monday + timedelta(days=n), time(), clock) for n in (0, 12))
    workspace = fresh(tmp_path_factory.mktemp("seeded") / "demo.sqlite", today=today, zone=zone)
    with serve(workspace) as running:
        desk = Desk(running, datetime.combine(today, time(8), clock), clock)
        found = desk.call("find_conflicts", start=start, end=end)
    workspace.close()
    assert isinstance(found, ConflictsFinding)
    return found, today, clock


def test_all_planted_conflicts_and_no_other(two_weeks: tuple[ConflictsFinding, date, ZoneInfo]) -> None:
    found, today, zone = two_weeks
    planted = {(one.day, frozenset(one.ids), KINDS.get(one.kind, one.kind)) for one in truth.conflicts(today, zone.key)}
    claimed = {named(one, zone) for one in found.conflicts if not one.weak}
    assert {one for one in claimed if one[0].weekday() < 5} == planted
    harmless = {(one.day, frozenset(one.ids)) for one in truth.harmless(today, zone.key)}
    assert not {(day, ids) for day, ids, _ in claimed} & harmless


def test_only_what_is_tentative_is_claimed_beyond_them(two_weeks: tuple[ConflictsFinding, date, ZoneInfo]) -> None:
    found, _, _ = two_weeks
    weak = [one for one in found.conflicts if one.weak]
    assert [[one.title for one in each.events] for each in weak] == [
        ["Alex / Jonas", "Coffee with the editor of Routes Weekly?"]
    ]
    assert lead(found).startswith(f"{len(found.conflicts)} conflicts from ")
    assert all(f"event:{number} " in text(found) for number in range(1, len(found.refs()) + 1))
