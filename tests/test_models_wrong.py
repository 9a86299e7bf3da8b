"""What models say wrong, over real HTTP, through the graph: it is told to them or to the person."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from langchain_core.messages import ToolMessage

from graphs.parts import Limits
from tests.model_talk import Talk, failed, talk, told, whole
from tests.openai_endpoint import Endpoint as Loopback
from tests.openai_endpoint import Raw, openai_endpoint, said, streamed
from tests.small_graph import OUTSIDE


@pytest.mark.parametrize(
    ("name", "arguments", "says"),
    [
        ("send_everything", {}, "There is no tool 'send_everything'. The tools are: ring_bell,"),
        ("echo", {"words": 7}, "words: Input should be a valid string"),
        ("echo", {}, "words: Field required"),
        ("echo", {"words": "x", "loud": True}, "loud: Extra inputs are not permitted"),
        ("ring_bell", {"times": "often"}, "times: Input should be a valid integer"),
        ("plan_day", {"start": "2026-02-30T10:00:00+01:00"}, "start: Input should be a valid datetime"),
        ("plan_day", {"start": "tomorrow"}, "start: Input should be a valid datetime"),
        ("plan_day", {"start": "2026-11-19T10:00:00"}, "start: Input should have timezone info"),
        ("plan_day", {"start": "2026-11-19T10:00:00Z", "people": "Ana"}, "people: Input should be a valid list"),
        ("read_letter", {"letter": "letter:7"}, "'letter:7' is not a letter handle shown"),
        ("read_letter", {"letter": "https://mail.example/7"}, "is not a letter handle shown"),
    ],
)
def test_a_call_that_does_not_fit_is_told_to_the_model_and_it_goes_on(
    name: str, arguments: dict[str, Any], says: str
) -> None:
    messages, endpoint, world = talk(said("", (name, arguments)), said("I could not."))
    assert says in told(messages)[0]
    assert says in endpoint.requests[1]["messages"][-1]["content"]
    assert messages[-1].text.startswith("I could not.")
    assert not [event for event in world.events if event["event"] != "record"]
    assert OUTSIDE.rung == []


@pytest.mark.parametrize("arguments", ["words: x", '["x"]', "null and void", '"x"'])
def test_arguments_that_are_no_json_object_are_told(arguments: str) -> None:
    broken = said("", ("echo", {}))
    broken["tool_calls"][0]["function"]["arguments"] = arguments
    messages, endpoint, _ = talk(broken, said("I could not."))
    assert "The arguments of echo are no JSON object" in told(messages)[0]
    assert messages[-1].text.strip() == "I could not."
    assert len(endpoint.requests) == 2


WRITTEN = {"name": "echo", "arguments": {"words": "hi"}}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(WRITTEN),
        json.dumps([WRITTEN]),
        f"```json\n{json.dumps(WRITTEN)}\n```",
        f"I will look.\n<tool_call>\n{json.dumps(WRITTEN)}\n</tool_call>",
        f"<think>What now?</think>\n<tool_call>{json.dumps(WRITTEN)}",
        '<function=echo>{"words": "hi"}</function>',
        f"[TOOL_CALLS] {json.dumps([WRITTEN])}",
        json.dumps({"function": {"name": "echo", "arguments": '{"words": "hi"}'}}),
        json.dumps({"tool": "echo", "parameters": {"words": "hi"}}),
    ],
)
def test_a_call_written_as_text_is_made(text: str) -> None:
    messages, _, _ = talk(Raw(body=whole(text)), said("It said hi."))
    assert [m.artifact["lead"] for m in messages if isinstance(m, ToolMessage)] == ["hi"]
    assert messages[-1].text.strip() == "It said hi."


@pytest.mark.parametrize(
    "text",
    ['The call would be {"name": "echo", "arguments": {"words": "hi"}}.', '{"name": "Ana", "age": 7}', "[1, 2]", "{}"],
)
def test_prose_and_data_stay_what_they_are(text: str) -> None:
    messages, _, _ = talk(Raw(body=whole(text)))
    assert told(messages) == []
    assert messages[-1].text == text


def test_a_write_written_as_text_stops_at_the_gate_like_any_other() -> None:
    text = json.dumps({"name": "ring_bell", "arguments": {"times": 3}})

    async def turn(endpoint: Loopback) -> dict[str, Any]:
        at = Talk(endpoint)
        await at.ask("ring")
        await at.models.close()
        return await at.world.card()

    with openai_endpoint(Raw(body=whole(text))) as endpoint:
        card = asyncio.run(turn(endpoint))
    assert card["action_requests"][0]["args"]["times"] == 3
    assert OUTSIDE.rung == []


def test_an_empty_answer_is_asked_for_once_more_and_then_told() -> None:
    messages, endpoint, _ = talk(said(""), said("There."))
    assert messages[-1].text.strip() == "There."
    messages, endpoint, _ = talk(said(""))
    assert len(endpoint.requests) == 2
    assert failed(messages)["what"] == "The model gave an empty answer, twice."


def test_an_endless_loop_ends_with_what_was_found() -> None:
    messages, endpoint, _ = talk(said("", ("echo", {"words": "again"})), limits=Limits(rounds_per_turn=3))
    assert messages[-1].text == (
        "I stopped after 3 rounds of calls without coming to an end. What was found so far:\n- again"
    )
    assert len(endpoint.requests) == 3


def test_a_refusal_is_told_as_the_models() -> None:
    refusal = {"role": "assistant", "content": "", "refusal": "I cannot help with that."}
    messages, _, _ = talk(refusal)
    assert failed(messages)["what"] == "The model declined to answer: I cannot help with that."
    filtered = Raw(body=streamed(said("Well"), reason="content_filter"))
    assert failed(talk(filtered)[0])["what"] == "The model declined to answer."


def test_an_answer_at_the_limit_of_the_output_says_so_and_a_call_there_is_not_made() -> None:
    messages, _, _ = talk(Raw(body=streamed(said("It begins"), reason="length")))
    assert messages[-1].text == "It begins\n\n[The answer ends here: the model reached the limit of its output.]"
    messages, _, _ = talk(Raw(body=streamed(said("", ("ring_bell", {"times": 2})), reason="length")))
    assert "in the middle of a call; nothing of it was carried out" in failed(messages)["what"]


def test_an_answer_in_another_language_passes() -> None:
    text = "Zwei Briefe — 両方とも読みました。"
    messages, _, _ = talk(Raw(body=whole(text)))
    assert messages[-1].text == text


def test_a_turn_stops_at_its_budget() -> None:
    costly = Raw(body=streamed(said("", ("echo", {"words": "a"})), usage=(900, 200)))
    messages, endpoint, _ = talk(costly, limits=Limits(turn_tokens=2000))
    assert len(endpoint.requests) == 2
    assert failed(messages)["what"] == "This turn has used 2,200 tokens, and may use 2,000."
