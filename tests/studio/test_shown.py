"""What Studio shows of Valet before anything is asked: the drawn graph, and the options a person may set."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from app.studio.people import PEOPLE
from tests.studio.served import Served
from tests.studio.talk import Person
from tests.studio.test_two_people import talk
from tools.registry import discover

SAID: dict[str, Any] = {"messages": [{"type": "human", "content": "what is on my calendar tomorrow?"}]}


def test_the_graph_is_drawn_with_every_tool_node_and_every_edge_named(server: Served) -> None:
    async def work(ana: Person, ben: Person) -> None:
        [shared] = await ana.client.assistants.search(metadata={"created_by": "system"})
        drawn: Any = await ana.client.assistants.get_graph(shared["assistant_id"])
        names = {node["id"] for node in drawn["nodes"]}
        effects = {node.name: node.effect for node in discover().nodes}
        assert names - effects.keys() == {
            *("__start__", "route", "authorize_reads", "approve", "authorize_writes", "answer", "__end__")
        }
        edges = {(edge["source"], edge["target"]) for edge in drawn["edges"]}
        assert {name for pair in edges for name in pair} == names
        for name, effect in effects.items():
            [before] = {source for source, target in edges if target == name}
            assert before == ("authorize_writes" if effect == "write" else "authorize_reads")

    talk(server, work)


def test_model_and_accounts_are_options_that_can_be_set(server: Served) -> None:
    """Studio makes its form of this schema, and keeps what is set as an assistant of the person."""

    async def work(ana: Person, ben: Person) -> None:
        [shared] = await ana.client.assistants.search(metadata={"created_by": "system"})
        schemas: Any = await ana.client.assistants.get_schemas(shared["assistant_id"])
        options = schemas["context_schema"]["properties"]
        assert (options["model"]["type"], options["model"]["default"]) == ("string", "")
        assert (options["accounts"]["type"], options["accounts"]["additionalProperties"]) == (
            "object",
            {"type": "string"},
        )
        made: Any = await ana.client.assistants.create("valet", context={"model": "offline"})
        assert "meeting" in (await with_options(ana, made["assistant_id"])).answer
        await ana.client.assistants.update(made["assistant_id"], context={"model": "openai:none"})
        assert "No key is set for openai:none." in (await with_options(ana, made["assistant_id"])).answer
        other: Any = await ana.client.assistants.create("valet", context={"accounts": {"google": "x@y.example"}})
        [card] = (await with_options(ana, other["assistant_id"])).pending
        assert card["action_requests"][0]["name"] == "connect_google", "an account that is not linked is asked for"

    talk(server, work)
    assert (server.home / PEOPLE / "ana").is_dir()


async def with_options(person: Person, assistant: str) -> Any:
    """The request under an assistant's options."""
    thread = await person.thread()
    await person.client.runs.wait(thread, assistant, input=SAID)
    return await person.told(thread)


@pytest.mark.parametrize("given", [{"model": 5}, {"accounts": "google"}], ids=str)
def test_options_that_do_not_fit_are_refused_before_anything_runs(server: Served, given: dict[str, Any]) -> None:
    async def work(ana: Person, ben: Person) -> None:
        thread = await ana.thread()
        for doing in (
            ana.client.runs.wait(thread, "valet", input=SAID, context=given),
            ana.client.assistants.create("valet", context=given),
        ):
            with pytest.raises(httpx.HTTPStatusError) as error:
                await doing
            assert error.value.response.status_code == 422
        assert not await ana.client.runs.list(thread)

    talk(server, work)
