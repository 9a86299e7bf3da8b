"""Holds what the planner understands to what was measured when it was last tuned, on both halves of the requests."""

from __future__ import annotations

from tests.offline.cases import load
from tests.offline.score import fresh, halves, scored

TUNED_INTENT, TUNED_FULL = 0.95, 0.94
KEPT_INTENT, KEPT_FULL = 0.87, 0.86
FRESH_INTENT, FRESH_FULL = 0.88, 0.79


def test_there_are_enough_requests_in_both_halves() -> None:
    cases = load()
    tuned = sum(case.tuned for case in cases)
    assert len(cases) >= 300
    assert 0.4 < tuned / len(cases) < 0.6
    assert len({(case.before, case.say) for case in cases}) == len(cases)


def test_accuracy_stays_above_what_was_measured() -> None:
    tuned, kept = (scored(half) for half in halves())
    assert tuned.intent >= TUNED_INTENT, tuned
    assert tuned.full >= TUNED_FULL, tuned
    assert kept.intent >= KEPT_INTENT, kept
    assert kept.full >= KEPT_FULL, kept


def test_requests_never_tuned_on_stay_above_what_was_measured() -> None:
    found = scored(fresh())
    assert found.cases >= 60
    assert found.intent >= FRESH_INTENT, found
    assert found.full >= FRESH_FULL, found
