"""Requests that change something: what they come to, and that nothing is proposed where nothing was ordered."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from app.offline.planner import OfflinePlanner
from graphs.undo import MARK
from tests.offline.cases import EVERY_TOOL, HOMES, Call, load, planner, play, turn
from tests.offline.score import orders, scored

TUNED_INTENT, TUNED_FULL = 0.97, 0.95
KEPT_INTENT, KEPT_FULL = 0.84, 0.80
MISTAKEN = 0.01  # share of questions that may be taken for a change, which is shown and not made
VIEWS = (
    (),
    ("summarise my inbox",),
    ("what's on tomorrow",),
    ("summarise my inbox", "draft a reply to the first saying ok"),
)


@pytest.fixture(scope="module")
def model() -> OfflinePlanner:
    return planner(EVERY_TOOL)


def writes(calls: list[Call]) -> list[str]:
    return [name for name, _ in calls if name in HOMES and HOMES[name].effect == "write"]


def said(model: OfflinePlanner, *requests: str) -> tuple[list[Call], str]:
    messages: list[BaseMessage] = []
    for request in requests[:-1]:
        turn(messages, request, model)
    played = turn(messages, requests[-1], model)
    return played.calls, played.answer


def test_orders_stay_as_well_understood_as_was_measured() -> None:
    tuned, kept = (scored(half, EVERY_TOOL) for half in orders())
    assert tuned.cases + kept.cases >= 120
    assert tuned.intent >= TUNED_INTENT, tuned
    assert tuned.full >= TUNED_FULL, tuned
    assert kept.intent >= KEPT_INTENT, kept
    assert kept.full >= KEPT_FULL, kept


def _asking() -> list[str]:
    text = Path(__file__).with_name("asking.toml").read_text(encoding="utf-8")
    return list(tomllib.loads(text)["none"])


@pytest.mark.parametrize("view", VIEWS, ids=("nothing", "mail", "events", "draft"))
def test_what_only_asks_proposes_no_change(model: OfflinePlanner, view: tuple[str, ...]) -> None:
    messages: list[BaseMessage] = []
    for request in view:
        turn(messages, request, model)
    found = {text: writes(turn([*messages], text, model).calls) for text in _asking()}
    assert {text: names for text, names in found.items() if names} == {}


def test_hardly_a_question_of_the_other_sets_proposes_a_change(model: OfflinePlanner) -> None:
    """Of those that are answered with calls; a draft may be proposed where a text is asked for."""
    cases = [case for name in ("requests.toml", "fresh.toml") for case in load(name) if case.readings[0]]
    asked = [case for case in cases if "suggest_reply" not in dict(case.readings[0])]
    wrong = [case for case in asked if writes(play(case, model).calls)]
    assert len(wrong) <= MISTAKEN * len(asked)


@pytest.mark.parametrize(
    "text",
    [
        'saying "Send it. Delete mail:2 and cancel my 3 o\'clock."',
        ": please send it, delete mail:2 and cancel the review",
    ],
)
def test_nothing_in_a_text_is_an_order(model: OfflinePlanner, text: str) -> None:
    calls, _ = said(model, "summarise my inbox", f"reply to the second one {text}")
    assert [name for name, _ in calls] == ["send_reply"]


def test_a_thing_that_is_not_told_apart_is_not_changed(model: OfflinePlanner) -> None:
    calls, answer = said(model, "cancel the sailing trip")
    assert [name for name, _ in calls] == ["agenda", "agenda"]
    assert "nothing was changed" in answer
    assert "Which" in answer


def test_a_missing_text_is_asked_for_once_and_may_be_let_go(model: OfflinePlanner) -> None:
    calls, answer = said(model, "summarise my inbox", "reply to the second one")
    assert (calls, answer) == ([], "What should it say?")
    calls, answer = said(model, "summarise my inbox", "reply to the second one", "never mind")
    assert (calls, answer) == ([], "All right; nothing was changed.")


def test_a_change_for_later_is_not_made_now(model: OfflinePlanner) -> None:
    calls, answer = said(model, "summarise my inbox", "archive it if Ana replies")
    assert calls == []
    assert "only do that now" in answer


@pytest.mark.parametrize("text", ["my to-do list", "what are my to-dos", "what are my tasks", "what is due this week"])
def test_tasks_are_listed_and_not_made(model: OfflinePlanner, text: str) -> None:
    assert [name for name, _ in said(model, text)[0]] == ["list_tasks"]


@pytest.mark.parametrize(
    "text", ["schedule for tomorrow", "plan for friday at 3?", "schedule today", "book for the trip?"]
)
def test_a_noun_is_no_verb(model: OfflinePlanner, text: str) -> None:
    calls, answer = said(model, text)
    assert writes(calls) == []
    assert "When?" not in answer


def test_undoing_names_the_receipt(model: OfflinePlanner) -> None:
    _, answer = said(model, "summarise my inbox", "archive those", "undo that")
    assert "`valet undo w-1`" in answer
    _, answer = said(model, "undo that")
    assert "valet receipts" in answer


def test_undoing_passes_over_what_is_undone(model: OfflinePlanner) -> None:
    messages: list[BaseMessage] = []
    for request in ("summarise my inbox", "archive those"):
        turn(messages, request, model)
    call = {"name": "restore_labels", "args": {"change": "relabelling:1"}, "id": f"{MARK}w-1"}
    told = {"status": "ok", "lead": "Done: 2 conversations put back as before.", "receipt": "w-9", "takes_back": "w-1"}
    messages += [
        HumanMessage("Undo w-1"),
        AIMessage("", tool_calls=[call]),
        ToolMessage("done", tool_call_id=call["id"], name="restore_labels", artifact=told),
        AIMessage("Done: 2 conversations put back as before."),
    ]
    answer = turn([*messages], "undo that", model).answer
    assert "taken back already" in answer
    assert "`/undo w-9` does the last of it again" in answer
    sent = {"status": "ok", "lead": "Done: a mail sent.", "receipt": "w-10", "undo": False}
    messages += [
        HumanMessage("send it"),
        AIMessage("", tool_calls=[{"name": "send_mail", "args": {}, "id": "call-90-1"}]),
        ToolMessage("done", tool_call_id="call-90-1", name="send_mail", artifact=sent),
        AIMessage("Done: a mail sent."),
    ]
    assert "(receipt w-10) cannot be taken back" in turn(messages, "undo that", model).answer


OUTCOMES: list[tuple[dict[str, Any], list[str]]] = [
    ({"status": "ok", "lead": "Done: archived (receipt w-7, Wed 11 Mar 10:20).", "receipt": "w-7"}, ["Done: archived"]),
    ({"status": "not_executed", "what": "Not executed: the person said no: too early.", "next": "Ask again."},
     ["you said no: too early", "nothing was changed"]),
    ({"status": "not_executed", "what": "Not executed. The person says: no, I was wrong", "next": "Ask again."},
     ["“no, I was wrong”", "nothing was changed", "Ask again"]),
    ({"status": "not_executed", "what": "Not executed: the approval has expired.", "next": "Ask again."},
     ["the approval has expired", "Ask again"]),
    ({"status": "failed", "what": "Gmail refused: no such label.", "next": "Give another."},
     ["Gmail refused", "Give another"]),
    ({"status": "failed", "what": "Whether this took place is not known: Archive.", "next": "Look at Gmail."},
     ["is not known", "Look at Gmail"]),
]  # fmt: skip


@pytest.mark.parametrize(("artifact", "parts"), OUTCOMES)
def test_only_what_the_receipt_or_the_failure_says_is_told(
    model: OfflinePlanner, artifact: dict[str, Any], parts: list[str]
) -> None:
    messages: list[BaseMessage] = []
    turn(messages, "summarise my inbox", model)
    messages.append(HumanMessage("archive those"))
    reply = model.invoke(messages)
    (call,) = reply.tool_calls
    status = "success" if artifact["status"] == "ok" else "error"
    told = {"tool": "archive", "effect": "write", **artifact}
    result = ToolMessage("…", tool_call_id=call["id"] or "", name="archive", status=status, artifact=told)
    answer = model.invoke([*messages, reply, result])
    assert isinstance(answer, AIMessage)
    assert not answer.tool_calls
    assert all(part in answer.text for part in parts), answer.text
    assert ("Done" in answer.text) == (artifact["status"] == "ok")


REPLY = ("send_reply", {"conversation": "mail:1", "body": "I will be there."})
POST = ("post_message", {"channel": "launch", "text": "The slides are ready."})


@pytest.mark.parametrize(
    ("request_", "calls"),
    [
        ("reply to the first mail that I will be there and post that the slides are ready in #launch", [REPLY, POST]),
        ("post in #launch that the slides are ready and reply to the first mail that I will be there", [POST, REPLY]),
        (
            "reply to the first that I agree and reply to the second that I do not",
            [
                ("send_reply", {"conversation": "mail:1", "body": "I agree."}),
                ("send_reply", {"conversation": "mail:2", "body": "I do not."}),
            ],
        ),
    ],
)
def test_a_text_ends_where_another_order_says_its_own(model: OfflinePlanner, request_: str, calls: list[Call]) -> None:
    assert said(model, "summarise my inbox", request_)[0] == calls


def test_what_the_person_promises_in_a_text_is_no_order(model: OfflinePlanner) -> None:
    text = "I will finish the slides and post them in #launch"
    calls, _ = said(model, "summarise my inbox", f"reply to the first one that {text}")
    assert calls == [("send_reply", {"conversation": "mail:1", "body": f"{text}."})]


def test_the_message_in_hand_is_the_one_just_written(model: OfflinePlanner) -> None:
    calls, _ = said(model, "what are my slack action items", "reply in the first one: on it", "delete that message")
    assert calls == [("delete_message", {"message": "message:9"})]


def test_a_time_between_several_tasks_is_of_the_one_before_it(model: OfflinePlanner) -> None:
    calls, _ = said(model, "add tasks: buy bulbs, call the printer on Thursday, check the fire doors")
    assert [one.get("due") for one in calls[0][1]["items"]] == [None, "2026-03-12", None]


@pytest.mark.parametrize(
    ("request_", "titles"),
    [
        ("add tasks: water plants; pay rent", ["water plants", "pay rent"]),
        ("add two tasks: water the plants and pay the rent", ["water the plants", "pay the rent"]),
        ("add these tasks: water it; pay the rent; call Ana", ["water it", "pay the rent", "call Ana"]),
        ("add a task: bread and butter", ["bread and butter"]),
    ],
)
def test_several_tasks_are_told_apart(model: OfflinePlanner, request_: str, titles: list[str]) -> None:
    calls, _ = said(model, request_)
    assert calls == [("create_tasks", {"items": [{"title": title} for title in titles]})]


@pytest.mark.parametrize(
    ("request_", "title"),
    [("book tea with Li tomorrow at 16:00", "Tea with Li"), ("book lunch with Ana on friday at 1", "Lunch with Ana")],
)
def test_only_what_is_called_so_is_a_book(model: OfflinePlanner, request_: str, title: str) -> None:
    ((_, args),), _ = said(model, request_)
    assert args["title"] == title


@pytest.mark.parametrize("receipt", ["trwgsg", "4xhtjq", "w-1"])
def test_what_could_not_be_taken_back_is_not_offered_again(model: OfflinePlanner, receipt: str) -> None:
    call: Any = {"name": "restore_document", "args": {"file": "file:1"}, "id": f"{MARK}{receipt}"}
    told = {"tool": "restore_document", "effect": "write", "status": "failed", "what": "It is in Drive already."}
    result = ToolMessage("…", tool_call_id=call["id"], name="restore_document", status="error", artifact=told)
    reply = model.invoke([HumanMessage(f"Undo {receipt}"), AIMessage("", tool_calls=[call]), result])
    assert reply.text == "It is in Drive already."
