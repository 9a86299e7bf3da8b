"""Holds what the planner understands to what was measured when it was last tuned, on both halves of the requests."""

from __future__ import annotations

import pytest
from langchain_core.messages import BaseMessage

from tests.offline.cases import EVERY_TOOL, HOMES, load, planner, turn, writes
from tests.offline.score import busy, fresh, halves, scored

TUNED_INTENT, TUNED_FULL = 0.95, 0.94
KEPT_INTENT, KEPT_FULL = 0.86, 0.84
FRESH_INTENT, FRESH_FULL = 0.9, 0.82
OTHERS = {
    "blind.toml": (0.97, 0.95), "strange.toml": (0.95, 0.91), "second.toml": (0.94, 0.81),
    "third.toml": (0.9, 0.74), "fifth.toml": (0.81, 0.7), "sixth.toml": (0.81, 0.75), "seventh.toml": (0.8, 0.75),
}  # fmt: skip


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


@pytest.mark.parametrize("name", OTHERS)
def test_requests_in_the_words_of_others_stay_above_what_was_measured(name: str) -> None:
    found = scored(busy(name), EVERY_TOOL)
    assert found.cases >= 90
    assert (found.intent, found.full) >= OTHERS[name], found
    assert found.full >= OTHERS[name][1], found


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("can 2 and 3 go to the archive?", "archive"),
        ("could the last one be deleted?", "move_to_trash"),
    ],
)
def test_a_wish_put_as_a_question_is_an_order(text: str, name: str) -> None:
    """Nothing is done without a yes, so it is better proposed than passed over."""
    messages: list[BaseMessage] = []
    model = planner(EVERY_TOOL)
    turn(messages, "check my mail", model)
    assert writes(turn(messages, text, model)) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "which of them can go in the bin",
        "any new meeting on tuesday at 5?",
        "did I put the first one under Legal",
        "is the second one set to unread?",
        "was the draft to Ana not to be sent yet?",
    ],
)
def test_what_only_asks_proposes_no_change(text: str) -> None:
    messages: list[BaseMessage] = []
    model = planner(EVERY_TOOL)
    turn(messages, "check my mail", model)
    made = [name for name, _ in turn(messages, text, model).calls]
    assert not [name for name in made if name in HOMES and HOMES[name].effect == "write"], made
