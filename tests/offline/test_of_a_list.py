"""Whatever is said of a list: how long it is, which of those, the last of several in a row; and who is not several."""

from __future__ import annotations

import pytest

from tests.offline.cases import EVERY_TOOL, planner, said

MODEL = planner(EVERY_TOOL)


def test_only_the_length_of_a_list_is_asked_for() -> None:
    reply = MODEL.invoke("how many meetings do I have this week")
    assert [call["name"] for call in reply.tool_calls] == ["agenda"]
    assert reply.response_metadata["aside"] == [call["id"] for call in reply.tool_calls]
    assert said(MODEL, "how many meetings do I have this week").answer == "[agenda]"


def test_those_are_the_ones_that_were_listed() -> None:
    friday = said(MODEL, "what's on tomorrow?", "and on Friday?").calls
    assert said(MODEL, "what's on tomorrow?", "and on Friday?", "which of those has Priya in it?").calls == friday


@pytest.mark.parametrize("words", ["make a todo list: milk, eggs, bread", "make a todo list: milk, eggs and bread"])
def test_the_last_of_a_row_is_a_task_too(words: str) -> None:
    titles = [item["title"] for _, args in said(MODEL, words).calls for item in args["items"]]
    assert " ".join(titles).replace(",", "").replace(" and ", " ") == "milk eggs bread"


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("add tasks: apples, pears and plums", ["apples", "pears", "plums"]),
        ("add task: call Bob and Li", ["call Bob and Li"]),
    ],
)
def test_a_row_behind_a_word_for_several_is_several(words: str, titles: list[str]) -> None:
    (args,) = [args for name, args in said(MODEL, words).calls if name == "create_tasks"]
    assert [item["title"] for item in args["items"]] == titles


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ('send Mei a message on slack: use "Your day is free"', 'Use "Your day is free"'),
        ('send Mei a message on slack: "Your day is free"', "Your day is free"),
        ("tell Mei on slack that the kids' room is ready", "The kids' room is ready."),
    ],
)
def test_quotes_of_a_part_of_a_text_stay(words: str, text: str) -> None:
    assert said(MODEL, words).calls == [("message_person", {"person": "Mei", "text": text})]


def test_a_name_that_ends_in_s_is_one_person() -> None:
    replies = [args for name, args in said(MODEL, "reply to Jonas that I agree").calls if name == "send_reply"]
    assert replies == [{"body": "I agree.", "conversation": "mail:1"}]
    assert said(MODEL, "archive newsletters").calls[-1][1]["conversations"][1:], "these are several"
