"""One call on its way: checked against its tool, handles resolved, leased, carried out, and answered.

Law: a token lives in a local variable of `carried_out`, between the lease and the end of the call.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from langchain_core.messages import ToolCall, ToolMessage
from pydantic import BaseModel, ValidationError

from auth.capability import Capability
from auth.errors import AuthError
from auth.lease import Lease
from auth.need import Need, StepUp, told
from auth.wire import Cut
from graphs import prompts
from graphs.access import capability_of
from graphs.parts import Parts, Status
from graphs.resolving import resolved
from graphs.state import Handled
from tools.base import Finding, Name, Progress, Ref, Tool, ToolContext, ToolNode
from tools.errors import BadArgument, ScopeMissing, ToolError

UNREADABLE = "unreadable"
"""The only argument of a call whose arguments were no JSON object: their text."""


@dataclass(frozen=True)
class Prepared:
    """A call that fits its tool. `arguments` hold service ids where the call had handles."""

    call: ToolCall
    node: ToolNode
    tool: Tool
    arguments: BaseModel


@dataclass(frozen=True)
class Failure:
    """Why a call gave no finding, and what to do next."""

    what: str
    next: str


def prepare(parts: Parts, handles: Mapping[str, Handled], call: ToolCall) -> Prepared:
    """Check a call against its tool. Raises BadArgument with what is wrong."""
    node, tool = parts.registry.node_of(call["name"]), parts.registry.tool(call["name"])
    if node is None or tool is None:
        names = ", ".join(t.name for t in parts.registry.tools)
        raise BadArgument(prompts.UNKNOWN_TOOL.format(name=call["name"], names=names), "Use one of these.")
    if set(call["args"]) == {UNREADABLE}:
        said = prompts.BAD_JSON.format(name=tool.name, given=call["args"][UNREADABLE])
        raise BadArgument(said, "Write them as one JSON object and call again.")
    given = resolved(tool, call["args"], handles)
    try:
        return Prepared(call, node, tool, tool.arguments.model_validate(given))
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, e['loc'])) or 'arguments'}: {e['msg']}" for e in error.errors(include_url=False)
        )
        raise BadArgument(
            prompts.BAD_ARGUMENTS.format(name=tool.name, problems=problems), "Correct them and call again."
        ) from None


def needed_to_propose(prepared: Prepared) -> Capability:
    """What a call needs before anybody is asked: of a write tool, the permission to plan."""
    writing = prepared.tool.writing
    return capability_of(writing.look if writing else prepared.tool.access, "read")


def context_of(
    parts: Parts, permission: Lease, capability: Capability, node: str, cut: Cut, progress: Progress
) -> ToolContext:
    """What a tool is handed for one call under this lease."""
    return ToolContext(
        transport=parts.gateway.open(
            permission, capability, cut=cut, renew=lambda dead: _renewed(parts, capability, dead)
        ),
        now=parts.now(),
        zone=parts.zone,
        account=permission.account,
        progress=progress,
        memory=parts.memories.of(parts.user, permission.account, node),
        room=parts.limits.result_chars,
        watched=parts.watched,
    )


async def lease(parts: Parts, account: str, capability: Capability) -> Lease | Need:
    return await asyncio.to_thread(parts.broker.lease, parts.user, account, capability)


async def carried_out(parts: Parts, account: str, prepared: Prepared, progress: Progress) -> Finding | Failure:
    """Lease, run the tool's function in a worker thread, drop the lease. Cancelling cuts the call's connections."""
    capability = needed_to_propose(prepared)
    permission = await lease(parts, account, capability)
    if not isinstance(permission, Lease):
        return Failure(*told(permission))
    cut = Cut()
    try:
        return await _run(prepared, context_of(parts, permission, capability, prepared.node.name, cut, progress))
    except ScopeMissing as error:
        return scope_missing(parts, permission, capability, error)
    except ToolError as error:
        return Failure(error.what, error.next)
    except AuthError as error:
        return Failure(f"{prepared.node.name}: {error}.", "Try again in a minute; `valet doctor` tells more.")
    finally:
        cut.make()  # a stopped call ends at once, and nothing a tool left behind can send later


def scope_missing(parts: Parts, permission: Lease, capability: Capability, error: ScopeMissing) -> Failure:
    """The service wants more than the lease holds: the lease is dropped, and more must be granted."""
    parts.broker.invalidate(permission)
    what, following = told(StepUp(capability.connection, capability.scopes, capability.reason))
    return Failure(f"{what} {error.what}", following)


async def _run(prepared: Prepared, context: ToolContext) -> Finding:
    given = {name: getattr(prepared.arguments, name) for name in prepared.tool.parameters}
    function: Any = prepared.tool.function
    if inspect.iscoroutinefunction(function):
        found = await function(context, **given)
    else:
        found = await asyncio.to_thread(function, context, **given)
    if not isinstance(found, Finding):
        raise TypeError(f"{prepared.tool.name} returned {type(found).__name__}, not a Finding")
    return found


def _renewed(parts: Parts, capability: Capability, dead: Lease) -> Lease | None:
    parts.broker.invalidate(dead)
    fresh = parts.broker.lease(parts.user, dead.account, capability)
    return fresh if isinstance(fresh, Lease) else None


def named(
    refs: tuple[Ref, ...], mints: tuple[str, ...], known: Mapping[str, Handled]
) -> tuple[Name, dict[str, Handled]]:
    """Give out handles, in the order the refs are shown; a thing met before keeps its handle."""
    given = {(handle.partition(":")[0], held["id"]): handle for handle, held in known.items()}
    fresh: dict[str, Handled] = {}
    for ref in refs:
        if ref.kind not in mints:
            raise TypeError(f"handles of kind {ref.kind!r} are not among the node's mints {mints!r}")
        if (ref.kind, ref.id) in given:
            continue
        used = (handle.partition(":")[2] for (kind, _), handle in given.items() if kind == ref.kind)
        number = 1 + max((int(one) for one in used if one.isdecimal()), default=0)
        given[(ref.kind, ref.id)] = f"{ref.kind}:{number}"
        fresh[f"{ref.kind}:{number}"] = Handled(id=ref.id, label=ref.label)

    def name(ref: Ref) -> str:
        handle = given.get((ref.kind, ref.id))
        if handle is None:
            raise TypeError(f"{ref.kind} {ref.id!r} is named by the finding and is not among its refs()")
        return handle

    return name, fresh


def shown_as(ref: Ref, name: Name) -> dict[str, Any]:
    """A thing as an artifact holds it: its handle and what a next call may need, times in ISO 8601."""
    times = {key: at.isoformat() for key, at in (("begins", ref.begins), ("ends", ref.ends)) if at}
    return {"handle": name(ref), "kind": ref.kind, "label": ref.label, "people": list(ref.people)} | times


def answer_to(call: ToolCall, content: str, status: Status, **artifact: object) -> ToolMessage:
    """The ToolMessage of a call; its artifact is plain JSON, small enough to be remembered."""
    return ToolMessage(
        content=content,
        tool_call_id=call["id"] or "",
        name=call["name"],
        status="success" if status == "ok" else "error",
        artifact={"tool": call["name"], "status": status, **artifact},
    )


def dropped(call: ToolCall, failure: Failure) -> ToolMessage:
    """The answer to a call that gave nothing."""
    return answer_to(call, prompts.failed(failure.what, failure.next), "failed", what=failure.what, next=failure.next)


def not_executed(call: ToolCall, text: str) -> ToolMessage:
    """The answer to a call that was not carried out."""
    return answer_to(call, text, "not_executed", what=text, next="Ask again if it is still wanted.")
