"""Who is asking, and what they may ask of the LangGraph server. Law: what is not named here is refused.

The identity is the key's, never the request's own word. A client may send messages and decide what is waiting; it may
not steer the graph, write its state, or see the threads of others.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any, NoReturn

from langgraph_sdk import Auth

from app.studio.people import people
from graphs.context import Context

OWNER = "owner"
RECURSION = 200
"""Super-steps of any run: far more than a turn may use by its own limits."""
MAY_SAY = frozenset({"human", "user", "tool"})
"""Whose messages a client may bring. The graph keeps no answer of a tool that it did not write itself."""
STEERING = ("goto", "update")
INNARDS = "__pregel"
"""What begins like this in a config is LangGraph's own."""

auth = Auth()


@auth.authenticate
async def authenticate(headers: Mapping[bytes, bytes]) -> dict[str, str]:
    """By `Authorization: Bearer KEY`, or `x-api-key: KEY` as browsers' clients send it."""
    scheme, _, bearer = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    key = bearer if scheme.lower() == "bearer" else headers.get(b"x-api-key", b"").decode("latin-1")
    person = await asyncio.to_thread(lambda: people().keys.person(key.strip())) if key else None
    if person is None:
        raise Auth.exceptions.HTTPException(401, "This key is nobody's. `make studio-key NAME=you` issues one.")
    return {"identity": person}


@auth.on
async def anything_else(ctx: Auth.types.AuthContext, value: Any) -> NoReturn:
    _refuse(f"{ctx.resource} {ctx.action} is not offered here.")


@auth.on.threads.create
async def thread_made(ctx: Auth.types.AuthContext, value: Any) -> dict[str, str]:
    return _owned(ctx, value)


@auth.on(resources="threads", actions=["read", "search", "delete"])
async def thread_used(ctx: Auth.types.AuthContext, value: Any) -> dict[str, str]:
    return _mine(ctx)


@auth.on.threads.update
async def thread_changed(ctx: Auth.types.AuthContext, value: Any) -> dict[str, str]:
    """A run may be stopped. Everything else that comes by here writes the state, or what belongs to it."""
    if value.get("action") is None:
        _refuse("A client does not write a thread's state. Send a message, or decide what is waiting.")
    return _mine(ctx)


@auth.on.threads.create_run
async def run(ctx: Auth.types.AuthContext, value: Any) -> dict[str, str]:
    given = value["kwargs"]
    _check_command(given.get("command") or {})
    _check_input(given.get("input") or {})
    given["config"] = given.get("config") or {}
    _check_config(given["config"])
    _check_context(given)
    if given.get("webhook"):
        _refuse("Valet tells no other server of its runs.")
    if given.get("temporary"):
        _refuse("A run belongs to a conversation: make a thread, and run on it.")
    if value.get("after_seconds"):
        _refuse("A run begins when it is asked for.")
    given["durability"] = "sync"
    return _owned(ctx, value)


@auth.on.assistants.create
async def assistant_made(ctx: Auth.types.AuthContext, value: Any) -> dict[str, str]:
    _check_context(value)
    return _owned(ctx, value)


@auth.on(resources="assistants", actions=["update", "delete"])
async def assistant_changed(ctx: Auth.types.AuthContext, value: Any) -> dict[str, str]:
    _check_context(value)
    if value.get("metadata"):
        _owned(ctx, value)
    return _mine(ctx)


@auth.on(resources="assistants", actions=["read", "search"])
async def assistant_used(ctx: Auth.types.AuthContext, value: Any) -> Any:
    return {"$or": [_mine(ctx), {"created_by": "system"}]}


def _check_command(command: Mapping[str, Any]) -> None:
    if any(command.get(name) is not None for name in STEERING):
        _refuse("A client does not steer the graph: no goto and no update. Decide with `resume`.")


def _check_input(given: Any) -> None:
    if not isinstance(given, Mapping) or not set(given) <= {"messages"}:
        _refuse('The input of a run is {"messages": [...]} and nothing else.')
    messages = given.get("messages") or []
    for message in messages if isinstance(messages, list) else [messages]:
        if _kind(message) not in MAY_SAY:
            _refuse("A client sends messages of the person, and none of the assistant's.")


def _kind(message: Any) -> str:
    """Whose a message says it is, in each of the shapes LangChain takes."""
    if isinstance(message, str):
        return "human"
    if isinstance(message, list | tuple) and len(message) == 2:
        return str(message[0])
    return str(message.get("type") or message.get("role")) if isinstance(message, Mapping) else ""


def _check_config(config: Any) -> None:
    if any(str(name).startswith(INNARDS) for name in config.get("configurable") or {}):
        _refuse("A config does not say how the graph runs.")
    config["recursion_limit"] = RECURSION


def _check_context(given: Mapping[str, Any]) -> None:
    """The server tells clients the schema of a context, and holds nobody to it."""
    from pydantic import TypeAdapter, ValidationError

    try:
        TypeAdapter(Context).validate_json(json.dumps(given.get("context") or {}), strict=True)
    except ValidationError as error:
        wrong = error.errors(include_url=False)[0]
        where = ".".join(map(str, ("context", *wrong["loc"])))
        raise Auth.exceptions.HTTPException(422, f"{where}: {wrong['msg']}.") from None


def _owned(ctx: Auth.types.AuthContext, value: Any) -> dict[str, str]:
    kept = {name: text for name, text in (value.get("metadata") or {}).items() if name != "created_by"}
    if isinstance(value.get("metadata"), dict):
        value["metadata"].clear()
        value["metadata"].update(kept | _mine(ctx))
    else:
        value["metadata"] = _mine(ctx)
    return _mine(ctx)


def _mine(ctx: Auth.types.AuthContext) -> dict[str, str]:
    return {OWNER: ctx.user.identity}


def _refuse(why: str) -> NoReturn:
    raise Auth.exceptions.HTTPException(403, why)
