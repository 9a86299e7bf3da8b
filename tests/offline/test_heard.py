"""What busy people say between requests: a mere yes, a time that is taken, a statement before an order."""

from __future__ import annotations

import pytest

from app.offline.planner import OfflinePlanner
from tests.offline.cases import EVERY_TOOL, planner, said, writes
from tests.offline.score import busy, scored

UNSEEN_INTENT, UNSEEN_FULL = 0.95, 0.92
SLOTS = "find 45 minutes with Ana and Li next week"


@pytest.fixture(scope="module")
def model() -> OfflinePlanner:
    return planner(EVERY_TOOL)


def test_requests_of_busy_people_stay_above_what_was_measured() -> None:
    found = scored(busy("unseen.toml"), EVERY_TOOL)
    assert found.intent >= UNSEEN_INTENT, found
    assert found.full >= UNSEEN_FULL, found


@pytest.mark.parametrize("text", ["y", "yes please", "no thanks"])
def test_a_mere_yes_or_no_looks_for_nothing(model: OfflinePlanner, text: str) -> None:
    played = said(model, text)
    assert not played.calls
    assert "Nothing is waiting" in played.answer


@pytest.mark.parametrize("text", ["the second one", "take the second one", "number 2", "the second works for me"])
def test_a_time_that_was_proposed_is_taken_by_its_place(model: OfflinePlanner, text: str) -> None:
    [(name, args)] = said(model, SLOTS, text).calls
    assert name == "create_event"
    assert args["start"].startswith("2026-03-12T14:00")


def test_a_statement_says_what_the_order_behind_it_is_about(model: OfflinePlanner) -> None:
    assert said(model, "unread mail", "the bank one can go, archive it").calls == [
        ("archive", {"conversations": ["mail:4"]})
    ]


def test_it_is_never_all_that_was_found(model: OfflinePlanner) -> None:
    assert not writes(said(model, "unread mail", "is the bank one important? archive it"))


@pytest.mark.parametrize("text", ["am i double booked this week", "my tasks"])
def test_a_question_is_not_taken_for_the_text_of_a_reply(model: OfflinePlanner, text: str) -> None:
    assert not writes(said(model, "summarise my inbox", "reply to the second one", text))


def test_a_noun_before_another_orders_nothing(model: OfflinePlanner) -> None:
    assert not writes(said(model, "slack messages from priya this week"))


def test_a_quoted_text_stands_to_the_letter(model: OfflinePlanner) -> None:
    [(_, args)] = said(model, 'post "we are live" in #launch').calls
    assert args["text"] == "we are live"


def test_only_the_newest_calls_are_gone_on_with(model: OfflinePlanner) -> None:
    before = ("do I have mail from Tom about the lease?", "do I have conflicts this week?")
    played = said(model, *before, "which of these is the worst?")
    assert "search_mail" not in {name for name, _ in played.calls}
