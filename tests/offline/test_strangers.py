"""Ways of asking that strangers have: several services at once, whom nobody knows, more said in a second sentence."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_core.messages import HumanMessage, ToolMessage

from app.offline.planner import OfflinePlanner
from tests.offline.cases import EVERY_TOOL, planner, result, said

WEEK = {"start": "2026-03-16T00:00:00+01:00", "end": "2026-03-23T00:00:00+01:00"}
INBOX = "check my inbox"


@pytest.fixture(scope="module")
def model() -> OfflinePlanner:
    return planner(EVERY_TOOL)


@pytest.mark.parametrize(
    ("requests", "calls"),
    [
        (
            ("When do Mark and I have time next week? An hour would do.",),
            [("find_slots", {**WEEK, "people": ["Mark"], "duration_minutes": 60})],
        ),
        (
            ("read part 2 of the handbook",),
            [("find_documents", {"query": "handbook"}), ("read_document", {"part": 2, "file": "file:1"})],
        ),
        (("mails with attachments from Tom",), [("search_mail", {"sender": "Tom", "query": "has:attachment"})]),
        (
            (INBOX, "open the third", "any other mails from her?"),
            [("search_mail", {"sender": "Priya Raman"})],
        ),
        (
            (INBOX, "mark everything as read except the first"),
            [("mark_read", {"conversations": ["mail:2", "mail:3", "mail:4"]})],
        ),
        ((INBOX, "star the second one"), [("label_conversations", {"conversations": ["mail:2"], "label": "starred"})]),
        (
            ("tasks: renew the pass by 1 April, call Helmut by Monday",),
            [
                (
                    "create_tasks",
                    {"items": [
                        {"title": "renew the pass", "due": "2026-04-01"}, {"title": "call Helmut", "due": "2026-03-16"},
                    ]},
                ),
            ],
        ),
    ],
)  # fmt: skip
def test_what_is_asked(
    model: OfflinePlanner, requests: tuple[str, ...], calls: list[tuple[str, dict[str, Any]]]
) -> None:
    assert said(model, *requests).calls == calls


def test_what_was_decided_is_looked_for_everywhere(model: OfflinePlanner) -> None:
    found = said(model, "what was decided about the metric?").calls
    assert {"search_mail", "search_slack", "find_documents"} <= {name for name, _ in found}
    assert all(args == {"query": "metric"} for _, args in found)


def test_whose_address_nobody_knows_is_asked_for_and_keeps_the_text(model: OfflinePlanner) -> None:
    asked = said(model, "email the bank that I come by on Thursday")
    assert not asked.calls
    assert "no address of the bank" in asked.answer
    told = said(model, "email the bank that I come by on Thursday", "desk@bank.example").calls
    assert [(name, args["to"], args["body"]) for name, args in told] == [
        ("send_mail", ["desk@bank.example"], "I come by on Thursday.")
    ]


@pytest.mark.parametrize(
    ("request_", "told"),
    [
        ("which meetings do I have with Ana", "Of these, with “Ana”: “Budget review”."),
        ("meetings about the budget next week", "Of these, “the budget”: “Budget review”."),
        ("which meetings do I have with Zoe", "None of these is with “Zoe”"),
    ],
)
def test_which_of_a_list_is_meant_is_told(model: OfflinePlanner, request_: str, told: str) -> None:
    played = said(model, request_)
    assert [name for name, _ in played.calls] == ["agenda"]
    assert told in played.answer


def test_what_is_looked_for_is_booked(model: OfflinePlanner) -> None:
    found = said(model, "find 45 minutes with Ana next week and book the second").calls
    assert [name for name, _ in found] == ["find_slots", "create_event"]
    assert found[1][1]["start"] == "2026-03-12T14:00:00+01:00"


def test_a_compromise_is_offered_and_not_booked(model: OfflinePlanner) -> None:
    messages: list[Any] = [HumanMessage("find 45 minutes with Ana and Li next week and book it")]
    look = model.invoke(messages)
    shown = result("find_slots", look.tool_calls[0]["id"] or "")
    none = ToolMessage(
        shown.content, tool_call_id=shown.tool_call_id, artifact=shown.artifact | {"lead": "No time for 45 minutes."}
    )
    answer = model.invoke([*messages, look, none])
    assert not answer.tool_calls
    assert "Nothing is booked" in answer.text
    assert "“Book the first”" in answer.text
    booked = model.invoke([*messages, look, none, answer, HumanMessage("book the first")])
    assert [call["name"] for call in booked.tool_calls] == ["create_event"]
