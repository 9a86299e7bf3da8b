"""What changed between two looks: against edits that are known because the test makes them, and case by case."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.agenda.grid import MINUTE, ZURICH, event, events, span
from tools.agenda.changes import Change, Looks, Seen, compare, merged_changes, new_conflicts
from tools.agenda.conflicts import Rules, find
from tools.agenda.event import NEVER_COUNT, Event
from tools.agenda.spans import Span

BEGIN = datetime(2027, 3, 26, tzinfo=UTC)
WINDOW = Span(BEGIN, BEGIN + timedelta(days=60))
THEN, NOW = BEGIN - timedelta(hours=2), BEGIN - timedelta(hours=1)
RULES = Rules(zone=ZURICH)
EDITS = ("none", "move", "place", "answer", "cancel", "drop", "vanish")


def looks(before: dict[str, Seen], now: dict[str, Seen], **facts: Any) -> Looks:
    return Looks(**{"before": before, "now": now, "then": THEN, "reach": WINDOW.end, "noticed": NOW, **facts})


def seen(*found: Event) -> dict[str, Seen]:
    return {one.id: Seen(one) for one in found}


def edited(one: Event, edit: str) -> Event | None:
    """The event after the edit; None where it is no longer listed."""
    if edit == "move":
        return replace(one, start=one.start + MINUTE * 35, end=one.end + MINUTE * 35)
    if edit == "place":
        return replace(one, place=one.place + " annexe")
    if edit == "answer":
        return replace(one, answer="declined" if one.answer != "declined" else "accepted")
    if edit == "cancel":
        return replace(one, cancelled=True)
    return None if edit in ("drop", "vanish") else one


KINDS = {"move": "moved", "place": "place", "answer": "answer", "cancel": "cancelled", "drop": "cancelled"}


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_the_changes_are_the_edits_that_were_made(data: st.DataObject) -> None:
    old = [replace(data.draw(events(BEGIN, n)), cancelled=False) for n in range(data.draw(st.integers(0, 8)))]
    edits = {one.id: data.draw(st.sampled_from(EDITS)) for one in old}
    fresh = [data.draw(events(BEGIN, 100 + n)) for n in range(data.draw(st.integers(0, 3)))]
    now = [*(after for one in old if (after := edited(one, edits[one.id]))), *fresh]
    fate = {one.id: replace(one, cancelled=True) if edits[one.id] == "drop" else None for one in old}
    found = compare(looks(seen(*old), seen(*now)), WINDOW, lambda one: fate[one.id])
    told = [one for one in old if one.mine and one.kind not in NEVER_COUNT]
    expected = [(KINDS.get(edits[one.id], "gone"), one.id) for one in told if edits[one.id] != "none"]
    expected += [("new", one.id) for one in fresh if one.mine and one.kind not in NEVER_COUNT and not one.cancelled]
    assert Counter((one.kind, one.event.id) for one in found) == Counter(expected)
    assert all(THEN < one.at <= NOW for one in found)
    known = {(one.kind, *sorted(each.id for each in one.events)) for one in find(old, WINDOW, RULES)}
    touched = {one.event.id for one in found if one.kind in ("new", "moved", "place", "answer")}
    made = {
        (one.kind, *sorted(each.id for each in one.events)) for one in new_conflicts(old, now, found, WINDOW, RULES)
    }
    every = {(one.kind, *sorted(each.id for each in one.events)) for one in find(now, WINDOW, RULES)}
    assert made == {one for one in every - known if touched & set(one[1:])}


WEEK = span("2027-03-29 00:00", "2027-04-05 00:00")


def review(at: str = "2027-03-30 10:00", **facts: Any) -> Event:
    return event("Review", at, **facts)


def kinds(found: list[Change]) -> list[str]:
    return [one.kind for one in found]


def nothing(one: Event) -> Event | None:
    raise AssertionError(f"{one.title} is in sight")


def test_what_comes_into_sight_as_time_goes_by_is_not_new() -> None:
    far = replace(review(), id="far")
    reach = far.start - timedelta(days=1)
    assert compare(looks({}, {"far": Seen(far, created=THEN)}, reach=reach), WEEK, nothing) == []
    made = Seen(far, created=THEN + MINUTE)
    assert kinds(compare(looks({}, {"far": made}, reach=reach), WEEK, nothing)) == ["new"]


def test_what_is_over_or_no_time_of_mine_is_not_told() -> None:
    past = review("2027-03-01 10:00")
    shared = event("Shared", "2027-03-30 10:00", mine=False)
    birthday = event("Ana's", "2027-03-30 10:00", kind="birthday")
    assert compare(looks(seen(past, shared, birthday), {}), WEEK, lambda one: None) == []
    assert compare(looks({}, seen(past, shared, birthday)), WEEK, nothing) == []


def test_the_time_of_a_change_is_the_services_where_it_fits() -> None:
    before, moved = review(), review("2027-03-30 12:00")
    for updated, at in ((THEN + MINUTE, THEN + MINUTE), (THEN - MINUTE, NOW), (NOW + MINUTE, NOW), (None, NOW)):
        found = compare(looks(seen(before), {moved.id: Seen(moved, updated=updated)}), WEEK, nothing)
        assert [one.at for one in found] == [at]


def test_a_series_made_anew_from_a_day_on_has_moved() -> None:
    gone = [replace(review(f"2027-03-{day} 10:00"), id=f"a{day}") for day in (30, 31)]
    came = [replace(review(f"2027-03-{day} 11:00"), id=f"b{day}", uid="split") for day in (30, 31)]
    found = compare(looks(seen(*gone), seen(*came)), WEEK, nothing)
    assert [(one.kind, one.before and one.before.id, one.event.id) for one in found] == [
        ("moved", "a30", "b30"),
        ("moved", "a31", "b31"),
    ]
    more = compare(looks(seen(*gone), seen(came[0])), WEEK, lambda one: None)
    assert sorted(kinds(more)) == ["gone", "gone", "new"]


def move(first: Event, last: Event, at: datetime = NOW) -> Change:
    return Change("moved", last, at, first)


def test_several_changes_of_one_thing_are_one() -> None:
    a, b, c = review(), review("2027-03-30 12:00"), review("2027-03-31 12:00")
    (one,) = merged_changes([move(b, c), move(a, b, THEN)])
    assert (one.before, one.event) == (a, c)
    assert merged_changes([move(a, b, THEN), move(b, a)]) == []
    said = Change("answer", a, THEN, a, answers=("accepted", "declined"))
    taken_back = Change("answer", a, NOW, a, answers=("declined", "accepted"))
    assert merged_changes([said, taken_back]) == []


@pytest.mark.parametrize("order", [1, -1])
def test_what_two_calendars_show_is_told_once(order: int) -> None:
    mine, team = (move(replace(review(), **at), replace(review("2027-03-30 12:00"), **at)) for at in (
        {"calendar": "me"}, {"calendar": "team", "primary": False},
    ))  # fmt: skip
    assert [one.event.calendar for one in merged_changes([mine, team][::order])] == ["me"]
