"""What is said to a proposal instead of yes or no, and statements that order something."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_core.messages import BaseMessage, HumanMessage, ToolMessage

from tests.offline.cases import EVERY_TOOL, HOMES, planner, turn

MODEL = planner(EVERY_TOOL)
BOOK, MAIL = "book a meeting with Ana tomorrow at 3", "send a mail to Ana about lunch saying I'm late"


def after(request: str, feedback: str) -> tuple[list[tuple[str, dict[str, Any]]], str]:
    """What is proposed, or asked, after the first proposal was answered with these words."""
    messages: list[BaseMessage] = [HumanMessage(request)]
    reply = MODEL.invoke(messages)
    (call,) = reply.tool_calls
    told = {"tool": call["name"], "effect": "write", "status": "not_executed"}
    told["what"] = f"Not executed. The person says: {feedback}"
    result = ToolMessage("…", tool_call_id=call["id"] or "", name=call["name"], status="error", artifact=told)
    again = MODEL.invoke([*messages, reply, result])
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


def test_a_reason_is_never_taken_for_the_text() -> None:
    for said in ("I think that is too early", "wrong mail, because she wrote twice"):
        assert after(MAIL, said) == ([], "Nothing was changed. What should it say instead?")


def test_a_no_may_say_what_to_do_instead() -> None:
    ((_, args),), _ = after(MAIL, "no, say that I come at noon")
    assert args["body"] == "I come at noon."


def test_what_cannot_be_made_of_the_words_is_asked() -> None:
    assert after(MAIL, "make it shorter") == ([], "Nothing was changed. What should it say instead?")


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
