"""What is said to a proposal instead of yes or no, and statements that order something."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.messages.tool import ToolCall

from graphs import prompts
from tests.offline.cases import EVERY_TOOL, HOMES, planner, turn

MODEL = planner(EVERY_TOOL)
BOOK, MAIL = "book a meeting with Ana tomorrow at 3", "send a mail to Ana about lunch saying I'm late"


def _down(call: ToolCall, feedback: str) -> ToolMessage:
    told = {"tool": call["name"], "effect": "write", "status": "not_executed"}
    told["what"] = f"Not executed. The person says: {feedback}"
    return ToolMessage("…", tool_call_id=call["id"] or "", name=call["name"], status="error", artifact=told)


def next_turn(what: str, words: str) -> list[str]:
    """What is proposed for these words when the proposal of the turn before ended like this."""
    messages: list[BaseMessage] = [HumanMessage(MAIL)]
    reply = MODEL.invoke(messages)
    (call,) = reply.tool_calls
    told = {"tool": call["name"], "effect": "write", "status": "not_executed", "what": what}
    ended = ToolMessage(what, tool_call_id=call["id"] or "", name=call["name"], status="error", artifact=told)
    again = MODEL.invoke([*messages, reply, ended, AIMessage(""), HumanMessage(words)])
    return [one["name"] for one in again.tool_calls]


def proposed(request: str) -> list[tuple[str, dict[str, Any]]]:
    return [(one["name"], one["args"]) for one in MODEL.invoke([HumanMessage(request)]).tool_calls]


def after(request: str, feedback: str) -> tuple[list[tuple[str, dict[str, Any]]], str]:
    """What is proposed, and said, after the first proposal was answered with these words."""
    messages: list[BaseMessage] = [HumanMessage(request)]
    reply = MODEL.invoke(messages)
    (call,) = reply.tool_calls
    again = MODEL.invoke([*messages, reply, _down(call, feedback)])
    return [(one["name"], one["args"]) for one in again.tool_calls], again.text


@pytest.mark.parametrize(
    ("request_", "feedback", "changed"),
    [
        (BOOK, "at 4 instead", {"start": "2026-03-12T16:00:00+01:00"}),
        (BOOK, "on Friday instead", {"start": "2026-03-13T15:00:00+01:00"}),
        (BOOK, "with Li too", {"people": ["Ana", "Li"]}),
        (BOOK, "in room Atlas", {"place": "Atlas", "people": ["Ana"]}),
        (MAIL, "to Li as well", {"to": ["Ana", "Li"]}),
        (MAIL, "to Li instead", {"to": ["Li"]}),
        (MAIL, "say: I will be there soon", {"body": "I will be there soon."}),
    ],
)
def test_what_was_said_changes_that_argument_alone(request_: str, feedback: str, changed: dict[str, Any]) -> None:
    ((_, args),), _ = after(request_, feedback)
    assert {name: args[name] for name in changed} == changed


@pytest.mark.parametrize("said", ["no, that is too early", "no because the room is not free", "no, I was wrong"])
def test_a_no_with_its_reason_proposes_nothing(said: str) -> None:
    for request in (BOOK, MAIL):
        assert after(request, said) == (
            [],
            f"You said “{said}”, so nothing was changed. Ask again with that, and I propose it anew.",
        )


@pytest.mark.parametrize("said", ["I think that is too early", "make it shorter", "make it fifteen"])
@pytest.mark.parametrize("request_", [BOOK, MAIL, "post in #launch: we are ready"])
def test_what_cannot_be_read_leaves_the_proposal_as_it_was_and_says_so(request_: str, said: str) -> None:
    (first,) = proposed(request_)
    calls, told = after(request_, said)
    assert calls == [first]
    assert told.startswith(f"I did not understand “{said}” as a change; this is as it was.")


def test_a_reason_is_never_taken_for_the_text() -> None:
    said = "wrong mail, because she wrote twice"
    assert after(MAIL, said)[0] == proposed(MAIL)


LATE = "post in #launch: I'll be ten minutes late to the war room"


@pytest.mark.parametrize(
    ("request_", "said", "text"),
    [
        (LATE, "make it fifteen", "I'll be fifteen minutes late to the war room."),
        (LATE, "make it 15 minutes", "I'll be 15 minutes late to the war room."),
        (LATE, "fifteen, not ten", "I'll be fifteen minutes late to the war room."),
        (LATE, "make it fifteen people", ""),
        ("post in #launch: 3 of 5 are done", "make it 4", ""),
        ("post in #launch: 3 of 5 are done", "4 instead of 3", "4 of 5 are done."),
        ("post in #launch: we start at 10:30", "make it 11:00", "We start at 11:00."),
    ],
)
def test_the_one_figure_of_a_text_is_changed_and_no_other(request_: str, said: str, text: str) -> None:
    ((_, args),), told = after(request_, said)
    assert args["text"] == (text or proposed(request_)[0][1]["text"])
    assert bool(told) == (not text)


@pytest.mark.parametrize(
    "said",
    ["make it 45 minutes and call it Store form", "call it Store form and make it 45 minutes",
     "45 minutes, call it Store form"],
)  # fmt: skip
def test_a_change_in_two_parts_changes_both(said: str) -> None:
    ((_, args),), told = after("book a meeting with Ana tomorrow at 3", said)
    assert (args["title"], args["people"], args["start"], told) == (
        "Store form",
        ["Ana"],
        "2026-03-12T15:00:00+01:00",
        "",
    )
    assert args.get("duration_minutes") == 45 or args["end"] == "2026-03-12T15:45:00+01:00"


def test_a_text_and_whom_it_goes_to_are_changed_together() -> None:
    ((_, args),), _ = after(MAIL, "to Li as well and say: I come at noon")
    assert (args["to"], args["body"]) == (["Ana", "Li"], "I come at noon.")


def test_a_change_that_cannot_be_carried_out_leaves_the_proposal_as_it_was() -> None:
    messages: list[BaseMessage] = [HumanMessage(BOOK)]
    first = MODEL.invoke(messages)
    messages += [first, _down(first.tool_calls[0], "with Zoltan too")]
    second = MODEL.invoke(messages)
    (call,) = second.tool_calls
    told = {"tool": call["name"], "effect": "write", "status": "failed", "what": "Nobody is called Zoltan.", "next": ""}
    failed = ToolMessage("…", tool_call_id=call["id"] or "", name=call["name"], status="error", artifact=told)
    third = MODEL.invoke([*messages, second, failed])
    assert [one["args"] for one in third.tool_calls] == [one["args"] for one in first.tool_calls]
    assert third.text == "Nobody is called Zoltan. This is as it was before “with Zoltan too”."


@pytest.mark.parametrize("said", ["yes", "ok", "Yes please", "sure"])
def test_a_bare_yes_is_no_text(said: str) -> None:
    messages: list[BaseMessage] = []
    turn(messages, "post in #launch", MODEL)
    played = turn(messages, said, MODEL)
    assert (played.calls, played.outcome) == ([], "ask")
    assert "What should it say?" in played.answer
    assert [args["text"] for _, args in turn(messages, "“ok”", MODEL).calls] == ["ok"]


def test_a_no_may_say_what_to_do_instead() -> None:
    ((_, args),), _ = after(MAIL, "no, say that I come at noon")
    assert args["body"] == "I come at noon."


@pytest.mark.parametrize(
    ("before", "said", "name"),
    [
        ("my tasks", "the second task is done", "complete_tasks"),
        ("my tasks", "the deadline of the second task is Thursday now", "change_task"),
        ("what's on today", "the dentist is at 4 now", "move_event"),
        ("summarise my inbox", "clear the newsletters from the inbox", "archive"),
    ],
)
def test_a_plain_statement_orders(before: str, said: str, name: str) -> None:
    messages: list[BaseMessage] = []
    turn(messages, before, MODEL)
    assert [one for one, _ in turn(messages, said, MODEL).calls][-1:] == [name]


@pytest.mark.parametrize(
    "said", ["is the second task done?", "task 2 is nearly done", "the first mail says that task 2 is done"]
)
def test_a_doubt_or_news_orders_nothing(said: str) -> None:
    messages: list[BaseMessage] = []
    turn(messages, "my tasks", MODEL)
    assert not [name for name, _ in turn(messages, said, MODEL).calls if HOMES[name].effect == "write"]


@pytest.mark.parametrize("words", ["in verse please", "attach the agenda"])
def test_only_what_was_left_open_is_proposed_again(words: str) -> None:
    assert next_turn(prompts.NOT_EXECUTED, words) == ["send_mail"]
    assert next_turn(prompts.REJECTED.format(why=""), words) == []


@pytest.mark.parametrize("words", ["thanks", "what's on tomorrow?", "archive the newsletter"])
def test_what_was_left_open_is_left_where_something_else_is_said(words: str) -> None:
    assert "send_mail" not in next_turn(prompts.NOT_EXECUTED, words)
