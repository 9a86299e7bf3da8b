"""What models say, as entries of a tape and back."""

from __future__ import annotations

from typing import Any

from langchain_core.messages import AIMessage, InvalidToolCall

from app.tapes.bugs import Raised
from app.tapes.tape import Fault, Proposed, Reply
from graphs import errors
from graphs.errors import ModelFailed

ABOUT = ("finish_reason", "failed")


def reply_of(message: AIMessage) -> Reply:
    """All of a message that the graph reads."""
    calls = [Proposed(id=c["id"] or "", tool=c["name"], args=c["args"]) for c in message.tool_calls]
    calls += [
        Proposed(id=c["id"] or "", tool=c["name"] or "", unreadable=c["args"] or "") for c in message.invalid_tool_calls
    ]
    about = {k: message.response_metadata[k] for k in ABOUT if k in message.response_metadata}
    refusal = str(message.additional_kwargs.get("refusal") or "")
    return Reply(text=message.text, calls=calls, about=about, refusal=refusal)


def message_of(reply: Reply) -> AIMessage:
    """The message again. Raises the ModelFailed, or the bug, that was recorded in its place."""
    if reply.fault is not None:
        kind = getattr(errors, reply.fault.kind, None)
        if kind is None:
            raise Raised(reply.fault.kind, reply.fault.what).again()
        raise kind(reply.fault.what, reply.fault.next)
    made: dict[str, Any] = {
        "tool_calls": [{"name": c.tool, "args": c.args, "id": c.id} for c in reply.calls if c.unreadable is None],
        "invalid_tool_calls": [
            InvalidToolCall(name=c.tool, args=c.unreadable, id=c.id, error=None, type="invalid_tool_call")
            for c in reply.calls
            if c.unreadable is not None
        ],
        "response_metadata": dict(reply.about),
        "additional_kwargs": {"refusal": reply.refusal} if reply.refusal else {},
    }
    return AIMessage(reply.text, **made)


def fault_of(error: ModelFailed) -> Fault:
    return Fault(kind=type(error).__name__, what=error.what, next=error.next)


def bug_of(raised: Raised) -> Fault:
    return Fault(kind=raised.kind, what=raised.what)
