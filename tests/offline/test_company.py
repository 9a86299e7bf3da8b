"""Who is meant beside the person: people in a row are taken together, however they are written."""

from __future__ import annotations

import pytest

from app.offline.planner import OfflinePlanner
from tests.offline.cases import EVERY_TOOL, planner, said


@pytest.fixture(scope="module")
def model() -> OfflinePlanner:
    return planner(EVERY_TOOL)


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("when are ana, li, priya and I free", ["ana", "li", "priya"]),
        ("are priya, jonas and me all free on friday afternoon", ["priya", "jonas"]),
        ("is there a gap where tom, ana and me are all free", ["tom", "ana"]),
        ("a slot for li, priya & myself next week", ["li", "priya"]),
        ("could ana, priya, and I do an hour on friday", ["ana", "priya"]),
        ("when are mark, ana, li and I free", ["mark", "ana", "li"]),
        ("ana, li and priya free on thursday?", ["ana", "li", "priya"]),
        ("when can the three of us, Ana, Li and I, meet for an hour", ["Ana", "Li"]),
    ],
)
def test_everybody_in_a_row_is_looked_up_in_one_call(model: OfflinePlanner, text: str, people: list[str]) -> None:
    [(name, args)] = said(model, text).calls
    assert (name, args["people"]) == ("find_slots", people)


def test_the_earliest_hour_is_an_hour(model: OfflinePlanner) -> None:
    [(_, args)] = said(model, "earliest hour all of ana, li, jonas and me are free this week").calls
    assert args["people"] == ["ana", "li", "jonas"]
    assert args["duration_minutes"] == 60


def test_towns_in_a_row_are_no_people(model: OfflinePlanner) -> None:
    played = said(planner(EVERY_TOOL), "weather in lisbon, porto and madrid")
    assert played.calls == [("forecast", {"place": town}) for town in ("lisbon", "porto", "madrid")]
