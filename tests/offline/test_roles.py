"""What a phrase is in a request: who said it, what about, in which channel; an event's name, or one of its guests."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_core.messages import BaseMessage

from app.offline.planner import OfflinePlanner
from tests.offline.cases import EVERY_TOOL, planner, turn
from tests.offline.score import busy, scored

TALKED_INTENT, TALKED_FULL = 0.92, 0.88


@pytest.fixture(scope="module")
def model() -> OfflinePlanner:
    return planner(EVERY_TOOL)


def calls(model: OfflinePlanner, *requests: str) -> list[tuple[str, dict[str, Any]]]:
    messages: list[BaseMessage] = []
    return [turn(messages, request, model) for request in requests][-1].calls


def test_requests_as_said_in_passing_stay_above_what_was_measured() -> None:
    found = scored(busy("talked.toml"), EVERY_TOOL)
    assert found.cases >= 120
    assert found.intent >= TALKED_INTENT, found
    assert found.full >= TALKED_FULL, found


@pytest.mark.parametrize(
    "said",
    [
        "could you see whether the visa office ever replied about the permit",
        "check if the visa office got back to me about the permit",
        "has the visa office written about the permit",
    ],
)
def test_somebody_named_in_lower_case_is_who_wrote(model: OfflinePlanner, said: str) -> None:
    assert calls(model, said) == [("search_mail", {"sender": "visa office", "query": "permit"})]


@pytest.mark.parametrize("channel", ["#infra", "the infra channel"])
def test_a_channel_is_no_part_of_the_topic(model: OfflinePlanner, channel: str) -> None:
    found = calls(model, f"what has Tom been saying about the outage in {channel}")
    assert found == [("search_slack", {"sender": "Tom", "query": "outage", "channel": "infra"})]


@pytest.mark.parametrize("said", ["has Tom answered my question on slack", "anything new from Tom in #infra"])
def test_who_said_it_is_not_passed_over(model: OfflinePlanner, said: str) -> None:
    [(name, args)] = calls(model, said)
    assert (name, args["sender"]) == ("search_slack", "Tom")


@pytest.mark.parametrize("when", ["on Friday 10-11", "10-11 on Friday", "Friday from 10 to 11"])
def test_hours_beside_a_day_are_no_sum(model: OfflinePlanner, when: str) -> None:
    [(_, args)] = calls(model, f"add a meeting with Dr. Brandt {when} about hiring")
    assert (args["start"][:16], args["end"][:16]) == ("2026-03-13T10:00", "2026-03-13T11:00")
    assert args["people"] == ["Dr. Brandt"]


def test_there_is_where_was_asked_before(model: OfflinePlanner) -> None:
    found = calls(model, "what happened in #infra", "and what did Tom say there")
    assert found == [("search_slack", {"sender": "Tom", "channel": "infra"})]
    assert calls(model, "what happened in #infra", "is there mail from Tom") == [("search_mail", {"sender": "Tom"})]


def test_what_only_says_where_goes_with_what_is_asked_there(model: OfflinePlanner) -> None:
    found = calls(model, "in #infra, what did Tom say about the outage")
    assert found == [("search_slack", {"sender": "Tom", "query": "outage", "channel": "infra"})]


def test_what_is_asked_is_what_is_and_not_what_could_be(model: OfflinePlanner) -> None:
    assert [name for name, _ in calls(model, "when do I meet Tom")] == ["agenda", "read_event"]
    assert [name for name, _ in calls(model, "when can I meet Tom")] == ["find_slots"]


def test_those_one_meets_are_looked_up_and_then_what_they_wrote(model: OfflinePlanner) -> None:
    for said in ("mails from the people in tomorrow's meetings", "mails from everyone I'm seeing tomorrow"):
        found = calls(model, said)
        assert [name for name, _ in found] == ["agenda", *["read_event"] * 3, *["search_mail"] * 4], said
        assert all("@" in args["sender"] for name, args in found if name == "search_mail")


def test_services_that_are_verbs_too_are_asked_side_by_side(model: OfflinePlanner) -> None:
    found = calls(model, "mail and slack about Falcon since Monday")
    assert sorted(name for name, _ in found) == ["search_mail", "search_slack"]
    assert {args["query"] for _, args in found} == {"Falcon"}


@pytest.mark.parametrize(
    ("said", "title", "people"),
    [
        ("create an event called Retro tomorrow from 15:00 to 16:00", "Retro", []),
        ("create an event called Sales and marketing with Tom tomorrow at 15:00", "Sales and marketing", ["Tom"]),
        ("add Kick-off Falcon to my calendar tomorrow at 15:00", "Kick-off Falcon", []),
        ('put "Pick up Lena" in my calendar tomorrow 15:00', "Pick up Lena", []),
        ("put Mei's birthday in my calendar tomorrow at 15:00", "Mei's birthday", []),
        ("create an event Yoga tomorrow at 15:00", "Yoga", []),
        ("set up lunch Ana tomorrow at 15:00", "Lunch with Ana", ["Ana"]),
        ("schedule Launch review with Li tomorrow at 15:00", "Launch review with Li", ["Li"]),
    ],
)
def test_the_name_of_an_event_invites_nobody(model: OfflinePlanner, said: str, title: str, people: list[str]) -> None:
    [(name, args)] = calls(model, said)
    assert (name, args["title"], args.get("people", [])) == ("create_event", title, people)
    assert args["start"].startswith("2026-03-12T15:00")


def test_the_new_time_is_behind_the_to_that_is_no_part_of_it(model: OfflinePlanner) -> None:
    [(_, args)] = calls(model, "what's on tomorrow", "reschedule the budget review to friday from 9 to 10")
    assert (args["start"][:16], args["end"][:16]) == ("2026-03-13T09:00", "2026-03-13T10:00")


def test_an_order_behind_a_statement_is_one_of_its_own(model: OfflinePlanner) -> None:
    assert calls(model, "what are my tasks", "task 2 is done and push the third to friday") == [
        ("complete_tasks", {"tasks": ["task:2"]}),
        ("change_task", {"task": "task:3", "due": "2026-03-13"}),
    ]
