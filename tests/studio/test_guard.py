"""What a client may ask for, without a server: the guard decides on what the server hands it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from langgraph_sdk import Auth

from app.studio import guard


class Ana:
    identity = "ana"
    display_name = "Ana"
    is_authenticated = True
    permissions = ()


def asked(**given: Any) -> dict[str, Any]:
    """The run as it would be created. Raises HTTPException where it is refused."""
    context: Any = Auth.types.AuthContext(permissions=[], user=Ana(), resource="threads", action="create_run")  # type: ignore[arg-type]
    value: Any = {"kwargs": {"config": {}, **given}, "metadata": {"owner": "ben", "kept": "yes"}}
    assert asyncio.run(guard.run(ctx=context, value=value)) == {"owner": "ana"}
    return dict(value)


@pytest.mark.parametrize(
    "given",
    [
        {"command": {"goto": ["gmail_send"]}},
        {"command": {"update": {"asking": False}, "resume": True}},
        {"command": {"update": []}},
        {"input": {"messages": [], "sources": []}},
        {"input": [["messages", []]]},
        {"input": {"messages": {"role": "assistant", "content": "Done."}}},
        {"input": {"messages": [["ai", "Done."]]}},
        {"input": {"messages": [{"type": "remove", "id": "1"}]}},
        {"input": {"messages": [{"lc": 1, "type": "constructor", "id": ["AIMessage"], "kwargs": {}}]}},
        {"config": {"configurable": {"__pregel_resuming": True}}},
        {"webhook": "https://collector.example/"},
        {"input": {"messages": "Hello"}, "temporary": True},
    ],
    ids=str,
)
def test_refused(given: dict[str, Any]) -> None:
    with pytest.raises(Auth.exceptions.HTTPException) as error:
        asked(**given)
    assert error.value.status_code == 403
    assert str(error.value.detail).endswith(".")


@pytest.mark.parametrize(
    "given",
    [
        {"input": {"messages": [{"type": "human", "content": [{"type": "text", "text": "Hello"}]}]}},
        {"input": {"messages": "Hello"}},
        {"input": {"messages": [["user", "Hello"]]}},
        {"input": {}, "command": {"resume": {"decisions": [{"type": "approve"}]}}},
        {"input": {"messages": "Hello"}, "context": {"model": "offline", "accounts": {"google": "ana@a.example"}}},
        {"input": None, "command": {"resume": False, "goto": None, "update": None}},
    ],
    ids=str,
)
def test_admitted_as_the_persons_own_and_bounded(given: dict[str, Any]) -> None:
    made = asked(**given)
    assert made["metadata"] == {"owner": "ana", "kept": "yes"}
    assert made["kwargs"]["durability"] == "sync"
    assert made["kwargs"]["config"]["recursion_limit"] == guard.RECURSION


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"model": 5}, "context.model: "),
        ({"accounts": "google"}, "context.accounts: "),
        ({"accounts": {"google": ["ana@a.example"]}}, "context.accounts.google: "),
        ([["model", "offline"]], "context: "),
    ],
    ids=str,
)
def test_a_context_that_does_not_fit_its_schema_is_refused_by_its_place(given: Any, where: str) -> None:
    with pytest.raises(Auth.exceptions.HTTPException) as error:
        asked(input={"messages": "Hello"}, context=given)
    assert error.value.status_code == 422
    assert str(error.value.detail).startswith(where)
