"""The end of a turn: what the person is told is made safe to show, older results are shortened, old turns leave.

Law: no image is shown, and a link leads somewhere only where the person typed it.
"""

from __future__ import annotations

import re
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage
from langgraph.runtime import Runtime

from graphs import prompts
from graphs.context import Context
from graphs.node import Node, thread_of
from graphs.parts import Parts
from graphs.past import leaving
from graphs.state import State, calls_of, this_turn

WHOLE_TURNS = 3
_IMAGE = re.compile(r"!\[([^\]\n]*)\](?:\([^)\n]*\)|\[[^\]\n]*\])")
_LINK = re.compile(r"\[([^\]\n]+)\]\(\s*<?([^)\s>]+)>?[^)\n]*\)")
_REFERENCE = re.compile(r"^\[[^\]\n]+\]:\s*\S+.*$", re.MULTILINE)
_ADDRESS = re.compile(r"\b(?:https?|ftp)://[^\s<>()\[\]\"']+", re.IGNORECASE)


def answer(parts: Parts) -> Node:
    async def node(state: State, *, runtime: Runtime[Context]) -> dict[str, Any]:
        messages = state["messages"]
        links = typed(messages)
        gone = await leaving(parts, thread_of(runtime), state, links)
        away = gone.pop("messages", [])
        left = {message.id for message in away}
        record = recorded(parts, messages)
        if record:
            runtime.stream_writer({"event": "record", "text": record})
        changed = [*_safe(messages, links | {*state.get("links", [])}, record), *_shortened(messages)]
        return {"messages": [*(m for m in changed if m.id not in left), *away], **gone}

    return node


def _safe(messages: list[AnyMessage], links: frozenset[str], record: str) -> list[AnyMessage]:
    last = messages[-1]
    if not isinstance(last, AIMessage):
        return [AIMessage(prompts.EMPTY_ANSWER)]
    text = inert(last.text, links).strip() or prompts.EMPTY_ANSWER
    text = f"{text}\n\n{inert(record, links)}" if record else text
    return [] if text == last.content else [last.model_copy(update={"content": text})]


def recorded(parts: Parts, messages: list[AnyMessage]) -> str:
    """How this turn's writes really ended, where the answer does not say it in the ledger's own words.

    A model may claim anything; what was done is what has a receipt.
    """
    turn = this_turn(messages)
    said = turn[-1].text if isinstance(turn[-1], AIMessage) else ""
    writes = {
        call["id"] for call in calls_of(turn) if (n := parts.registry.node_of(call["name"])) and n.effect == "write"
    }
    ended = [m.artifact for m in turn if isinstance(m, ToolMessage) and m.tool_call_id in writes and m.artifact]
    last = {artifact["tool"]: artifact for artifact in ended}
    stand = [artifact for artifact in ended if artifact is last[artifact["tool"]] or not _reworded(artifact)]
    lines = [_end(artifact) for artifact in stand if not _quoted(artifact, said)]
    return "\n".join([prompts.RECORD, *lines]) if lines else ""


def _reworded(artifact: dict[str, Any]) -> bool:
    """Whether the person said what to change: where it was proposed anew, that proposal's end is what counts."""
    return str(artifact.get("what", "")).startswith(prompts.FEEDBACK.partition("{")[0])


def _quoted(artifact: dict[str, Any], said: str) -> bool:
    told = str(artifact.get("receipt") or artifact.get("what") or artifact.get("lead", ""))
    return told in said or to_the_person(told).rstrip(".") in said


def _end(artifact: dict[str, Any]) -> str:
    if "receipt" in artifact:
        return f"- {artifact['lead']}"
    told = to_the_person(str(artifact.get("what") or artifact.get("lead", "")))
    return f"- {str(artifact['tool']).replace('_', ' ')}: {told}"


def to_the_person(told: str) -> str:
    """What a model is told of the person's own no, said to that person; any other text as it stands."""
    no, feedback = (text.partition("{")[0] for text in (prompts.REJECTED, prompts.FEEDBACK))
    if told.startswith(feedback):
        return prompts.YOU_SAID.format(message=told.removeprefix(feedback).strip(" .:"))
    return prompts.YOU_SAID_NO.format(why=told.removeprefix(no)) if told.startswith(no) else told


def typed(messages: list[AnyMessage]) -> frozenset[str]:
    """The addresses the person typed in these messages."""
    words = (word for m in messages if isinstance(m, HumanMessage) for word in _ADDRESS.findall(m.text))
    return frozenset(word.rstrip(".,;:!?") for word in words)


def inert(text: str, allowed: frozenset[str]) -> str:
    """Text without images, whose links name their host instead of leading there, but for the `allowed` ones."""
    text = _IMAGE.sub(lambda m: f"[image not shown{': ' + m[1] if m[1] else ''}]", text)
    text = _LINK.sub(lambda m: m[0] if m[2] in allowed else f"{m[1]} {_named(m[2])}", text)
    text = _REFERENCE.sub("", text)
    return _ADDRESS.sub(lambda m: m[0] if m[0].rstrip(".,;:!?") in allowed else _named(m[0]), text)


def _named(address: str) -> str:
    host = re.sub(r"^[a-z]+://", "", address, flags=re.IGNORECASE).split("/")[0].rpartition("@")[2]
    return f"(link to {host})" if host else "(link)"


def _shortened(messages: list[AnyMessage]) -> list[ToolMessage]:
    """Results older than the last turns, down to their lead: what the state holds grows by lines, not by pages."""
    spoken = [i for i, m in enumerate(messages) if isinstance(m, HumanMessage)]
    if len(spoken) <= WHOLE_TURNS:
        return []
    old = [m for m in messages[: spoken[-WHOLE_TURNS]] if isinstance(m, ToolMessage) and m.artifact]
    return [short for m in old if (short := _short(m)).content != m.content]


def _short(message: ToolMessage) -> ToolMessage:
    lead = str(message.artifact.get("lead", "")) or str(message.artifact.get("what", ""))
    return message.model_copy(
        update={
            "content": prompts.fenced(prompts.AGED.format(lead=lead), message.tool_call_id),
            "artifact": {k: v for k, v in message.artifact.items() if k != "refs"},
        }
    )
