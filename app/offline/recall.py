"""The thread that a list of messages holds.

Law: only what the person typed is a request; of results only artifacts are read, never their text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Literal

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from app.offline.thread import Asked, Outcome, Past, Ref, Thread, Turn

_NUMBERED = re.compile(r"^call-(\d+)-")


def read(messages: Sequence[BaseMessage]) -> Thread:
    """The thread that the messages hold. Messages before the first request are no part of it."""
    turns: list[Turn] = []
    used = [0]
    for number, message in enumerate(messages):
        if isinstance(message, HumanMessage):
            turns.append(Turn(message.text))
        elif turns and isinstance(message, AIMessage):
            turns[-1].calls += [Past(c["id"] or "", c["name"], c["args"], number) for c in message.tool_calls]
            turns[-1].asked = _asked(message)
            turns[-1].page = _page(message, turns[-1])
            used += [int(m[1]) for c in message.tool_calls if (m := _NUMBERED.match(c["id"] or ""))]
        elif turns and isinstance(message, ToolMessage):
            turns[-1].outcomes[message.tool_call_id] = _outcome(message)
    return Thread(tuple(turns or [Turn("")]), max(len(messages), max(used) + 1))


def _asked(message: AIMessage) -> Asked | None:
    told = message.response_metadata.get("asked")
    return Asked(told["name"], told["args"], told["missing"]) if isinstance(told, dict) else None


def _outcome(message: ToolMessage) -> Outcome:
    told: dict[str, Any] = message.artifact if isinstance(message.artifact, dict) else {}
    failed: Literal["ok", "failed"] = "failed" if message.status == "error" else "ok"
    status = told.get("status")
    return Outcome(
        status=status if status in ("ok", "failed", "not_executed") else failed,
        lead=str(told.get("lead", "")),
        what=str(told.get("what", "")),
        next=str(told.get("next", "")),
        refs=tuple(_ref(told) for told in told.get("refs", ())),
        receipt=str(told.get("receipt", "")),
        undo=bool(told.get("undo", True)),
        takes_back=str(told.get("takes_back", "")),
    )


def _ref(told: dict[str, Any]) -> Ref:
    people = tuple(str(one) for one in told.get("people", ()))
    label, begins, ends = (str(told.get(key, "")) for key in ("label", "begins", "ends"))
    return Ref(str(told["handle"]), str(told["kind"]), label, people, begins, ends)


def _page(message: AIMessage, turn: Turn) -> tuple[Ref, ...]:
    """The things of a briefing as the page shows them; else those that a question leaves to choose from."""
    told = message.response_metadata.get("briefing")
    page = told if isinstance(told, dict) else {}
    rows = [item for part in ("first", "meetings", "also") for item in page.get(part, ())]
    items = [one for row in rows for one in (row, *row.get("belongs", ()))]
    handles = (str(item.get("handle", "")) for item in items)
    named = [handle for handle in handles if handle] or [str(one) for one in message.response_metadata.get("near", ())]
    known = {ref.handle: ref for outcome in turn.outcomes.values() for ref in outcome.refs}
    return tuple(known.get(handle) or Ref(handle, handle.partition(":")[0], "") for handle in named)
