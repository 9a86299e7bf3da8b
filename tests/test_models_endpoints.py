"""What endpoints of models do wrong, over real HTTP, through the graph: the person gets a useful sentence."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from langchain_core.messages import AIMessage, ToolMessage

from app.models import ChatModels, Endpoint
from app.settings import Secret
from tests.model_talk import KEY, failed, half, refusing, talk, told, whole
from tests.openai_endpoint import Answer, Raw, event, openai_endpoint, said, streamed
from tests.small_graph import OUTSIDE, parts_of


@pytest.mark.parametrize("cut", [True, False])
@pytest.mark.parametrize("message", [said("It begins well and"), said("", ("ring_bell", {"times": 2}))])
def test_a_stream_that_breaks_off_is_told_and_nothing_of_it_is_done(message: dict[str, Any], cut: bool) -> None:
    messages, _, world = talk(Raw(body=half(message), cut=cut))
    assert "broke off" in failed(messages)["what"]
    assert not any(isinstance(m, AIMessage) and m.tool_calls for m in messages)
    assert asyncio.run(world.graph.aget_state(world.config)).interrupts == ()
    assert OUTSIDE.rung == []


@pytest.mark.parametrize(
    ("answer", "what", "following"),
    [
        (refusing(429, "slow", **{"retry-after": "900"}), "asks to slow down", "Ask again in 900 seconds."),
        (refusing(429, "x", "insufficient_quota"), "has no credit left", "Top it up there."),
        (refusing(500, "oops"), "failed (HTTP 500)", "Ask again in a minute."),
        (refusing(503, "oops"), "failed (HTTP 503)", "Ask again in a minute."),
        (refusing(401, f"wrong key {KEY}"), "refuses the key", "Check VALET_MODEL_KEY, or type"),
        (refusing(400, f"bad field, key {KEY}"), "HTTP 400): bad field, key [token removed]", "Check VALET_MODEL."),
        (refusing(404, "no such model"), "does not have this model", "Check VALET_MODEL."),
        (Raw(200, b"<html>hello</html>", "text/html"), "broke off", "Ask again"),
        (Raw(200, b"data: {nonsense\n\n"), "unusable answer", "Ask again"),
        (Raw(200, event({"error": {"message": "overloaded"}})), "unusable answer", "Ask again"),
    ],
)
def test_a_failing_endpoint_is_told_with_what_to_do(answer: Answer, what: str, following: str) -> None:
    messages, _, _ = talk(answer)
    assert what in failed(messages)["what"]
    assert following in failed(messages)["next"]


@pytest.mark.parametrize("body", [b"", half(said("It begins well and"))])
def test_an_endpoint_that_falls_silent_is_told_and_not_waited_for(body: bytes) -> None:
    messages, endpoint, _ = talk(Raw(body=body, silent=True), seconds=0.2, retries=0)
    assert "gave no answer in time" in failed(messages)["what"]
    assert "VALET_MODEL_SECONDS" in failed(messages)["next"]
    assert len(endpoint.requests) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_passes_is_tried_again(status: int) -> None:
    messages, endpoint, _ = talk(refusing(status, "for a moment"), said("Here."))
    assert messages[-1].text.strip() == "Here."
    assert len(endpoint.requests) == 2


@pytest.mark.parametrize(
    "refused",
    [
        refusing(400, "This model's maximum context length is 4096 tokens.", "context_length_exceeded"),
        refusing(400, "the request exceeds the available context size, try increasing it"),
        refusing(400, "prompt is too long: 9000 tokens > 8192 maximum"),
        refusing(413, "Request too large"),
    ],
)
def test_a_request_that_is_too_long_is_shortened_and_sent_again(refused: Raw) -> None:
    long = said("word " * 300)
    answers = (long, long, long, refused, refused, said("Short enough."))
    messages, endpoint, _ = talk(*answers, requests=("one", "two", "three", "and four"))
    sizes = [len(json.dumps(body["messages"])) for body in endpoint.requests[3:]]
    assert sizes[0] > sizes[1] > sizes[2] or sizes[0] > sizes[2]
    assert messages[-1].text.strip() == "Short enough."
    assert endpoint.requests[-1]["messages"][-1]["content"] == "and four"
    assert "Asked: three" in endpoint.requests[-1]["messages"][0]["content"]


def test_a_long_result_is_shortened_where_it_does_not_fit() -> None:
    refused = refusing(400, "maximum context length", "context_length_exceeded")
    call = said("", ("echo", {"words": "word " * 3000}))
    messages, endpoint, _ = talk(call, refused, refused, said("Short enough."))
    assert len(endpoint.requests[-1]["messages"][-1]["content"]) < 4400
    assert "more characters not shown" in endpoint.requests[-1]["messages"][-1]["content"]
    assert len(told(messages)[0]) > 14_000, "what is kept stays whole"
    messages, _, _ = talk(call, refused)
    assert "too long for the model" in failed(messages)["what"]


NO_TOOLS = [
    refusing(400, "registry.ollama.ai/library/tiny:latest does not support tools"),
    refusing(400, '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'),
    refusing(404, "No endpoints found that support tool use."),
    refusing(400, "`tools` is not supported with this model"),
]


@pytest.mark.parametrize("refused", NO_TOOLS)
def test_an_endpoint_without_tools_is_given_the_menu_as_text(refused: Raw) -> None:
    written = Raw(body=whole(json.dumps([{"name": "list_letters", "arguments": {}}])))
    messages, endpoint, _ = talk(refused, written, said("Two letters."), said("Yes."), requests=("letters", "sure?"))
    assert messages[-1].text.strip() == "Yes."
    assert "2 letters: Ana" in told(messages)[0]
    first, second, third, fourth = endpoint.requests
    assert "tools" in first
    assert not any("tools" in body for body in (second, third, fourth)), "asked once, remembered"
    assert '"name": "ring_bell"' in second["messages"][0]["content"]
    assert [m["role"] for m in third["messages"]] == ["system", "user", "assistant", "user"]
    assert "Result of list_letters:\n<data " in third["messages"][-1]["content"]


def test_an_endpoint_that_cannot_count_is_estimated() -> None:
    refused = refusing(400, "Unrecognized request argument supplied: stream_options")
    messages, endpoint, _ = talk(refused, said("Here."))
    assert "stream_options" in endpoint.requests[0]
    assert "stream_options" not in endpoint.requests[1]
    assert messages[-1].usage_metadata["total_tokens"] > 100


def test_calls_that_a_server_does_not_number_are_both_made() -> None:
    message = said("", ("echo", {"words": "a"}), ("echo", {"words": "b"}))
    body = streamed(message).replace(b', "index": 0}]', b"}]").replace(b', "index": 1}]', b"}]")
    assert body != streamed(message)
    messages, _, _ = talk(Raw(body=body), said("Both."))
    assert [m.artifact["lead"] for m in messages if isinstance(m, ToolMessage)] == ["a", "b"]


def test_azure_s_older_form_sends_its_key_and_version() -> None:
    with openai_endpoint(said("Here.")) as endpoint:
        base = f"{endpoint.url}/openai/deployments/mine?api-version=2024-10-21"
        parts = parts_of([])
        where = Endpoint(base, Secret(KEY))
        models = ChatModels("openai:mine", where, parts.registry, lambda: datetime.now(UTC), ZoneInfo("UTC"))

        async def turn() -> str:
            try:
                return str((await models.chat("").ainvoke("hi")).text)
            finally:
                await models.close()

        assert asyncio.run(turn()).strip() == "Here."
    assert endpoint.paths == ["/v1/openai/deployments/mine/chat/completions?api-version=2024-10-21"]
    assert endpoint.headers[0]["api-key"] == KEY
