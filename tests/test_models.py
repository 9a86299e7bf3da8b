"""Chat models behind the real langchain-openai client, against an endpoint on loopback."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from app.models import ChatModels, Endpoint
from app.settings import Secret
from graphs.assistant import assistant
from graphs.errors import ModelFailed
from tests.openai_endpoint import openai_endpoint, said
from tests.small_graph import NOW, World, parts_of


def models(url: str, name: str = "openai:loopback", key: str | None = "sk-loopback") -> ChatModels:
    registry = parts_of([]).registry
    return ChatModels(name, Endpoint(url, Secret(key) if key else None), registry, lambda: NOW, ZoneInfo("UTC"))


def ask(url: str, text: str) -> list[Any]:
    """One turn with the model at this address."""

    async def turn() -> list[Any]:
        made = models(url)
        parts = replace(parts_of([]), models=made)
        try:
            return await World(parts, assistant(parts).compile(checkpointer=InMemorySaver())).ask(text)
        finally:
            await made.close()

    return asyncio.run(turn())


def test_a_turn_through_chat_completions_with_two_calls_at_once() -> None:
    calls = said("", ("list_letters", {}), ("echo", {"words": "hi"}))
    with openai_endpoint(calls, said("Two letters.")) as endpoint:
        messages = ask(endpoint.url, "letters please")
    assert messages[-1].text.strip() == "Two letters."
    assert endpoint.paths == ["/v1/chat/completions"] * 2
    assert {tool["function"]["name"] for tool in endpoint.requests[0]["tools"]} == {
        "echo",
        "list_letters",
        "read_letter",
    }
    roles = [m["role"] for m in endpoint.requests[1]["messages"]]
    assert roles == ["system", "user", "assistant", "tool", "tool"]
    assert "2 letters: Ana (letter:1)" in endpoint.requests[1]["messages"][3]["content"]


@pytest.mark.parametrize(
    ("status", "said_so"),
    [(401, "refuses the key"), (404, "does not have this model"), (400, "refuses the request (HTTP 400): no")],
)
def test_a_refusing_endpoint_is_named_with_what_to_do(status: int, said_so: str) -> None:
    with openai_endpoint((status, {"error": {"message": "no", "type": "x"}})) as endpoint:
        last = ask(endpoint.url, "hi")[-1]
    failed: Any = last.response_metadata["failed"]
    assert said_so in failed["what"]
    assert failed["next"].startswith("Check VALET_") or failed["next"].startswith("Ask again")
    assert "sk-loopback" not in str(last)


def test_an_endpoint_that_is_not_there() -> None:
    with openai_endpoint() as endpoint:
        gone = endpoint.url
    last = ask(gone, "hi")[-1]
    assert "The model endpoint (127.0.0.1:" in last.text
    assert "cannot be reached" in last.text
    assert "VALET_MODEL_URL" in last.text


def test_a_model_that_cannot_be_had_is_said_before_any_request() -> None:
    with pytest.raises(ModelFailed, match="VALET_MODEL_KEY"):
        models("", key=None).chat("")
    with pytest.raises(ModelFailed, match='"offline" or "openai:NAME"'):
        models("").chat("gpt")
