"""Calls that a model wrote as text, and a menu written for a model that takes no tools.

Law: only a reply that is nothing but calls, or marks them as such, is read as calls; prose stays prose.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolCall, ToolMessage

from graphs import prompts

_MARKED = re.compile(r"<tool_call>\s*(.*?)\s*(?:</tool_call>|\Z)", re.DOTALL)
_FUNCTION = re.compile(r"<function=([\w.-]+)>\s*(\{.*?\})\s*(?:</function>|\Z)", re.DOTALL)
_LISTED = re.compile(r"\A\s*\[TOOL_CALLS\]\s*(.*)\Z", re.DOTALL)
_FENCE = re.compile(r"\A\s*```(?:json|tool_call|tool_code)?\s*\n(.*?)\n?```\s*\Z", re.DOTALL)
_THOUGHT = re.compile(r"\A\s*<think>.*?</think>\s*", re.DOTALL)
NAMES, ARGUMENTS = ("name", "tool", "function", "tool_name"), ("arguments", "args", "parameters", "input")


def spoken(reply: AIMessage) -> AIMessage:
    """The reply with calls for what was written as calls, and without thoughts that were written as text."""
    text = _THOUGHT.sub("", reply.text)
    if reply.tool_calls:
        return reply
    calls = [
        ToolCall(name=name, args=args, id=f"written-{number}", type="tool_call")
        for number, (name, args) in enumerate(_written(text), 1)
    ]
    if calls:
        return reply.model_copy(update={"content": "", "tool_calls": calls})
    return reply if text == reply.text else reply.model_copy(update={"content": text})


def _written(text: str) -> list[tuple[str, dict[str, Any]]]:
    """The calls of a text, in order; none where it is prose."""
    marked = [found for part in _MARKED.findall(text) if (found := _read(part))]
    if marked:
        return [call for found in marked for call in found]
    functions = [(name, found) for name, part in _FUNCTION.findall(text) if isinstance(found := _json(part), dict)]
    if functions:
        return functions
    inside = _LISTED.match(text) or _FENCE.match(text)
    return _read(inside[1] if inside else text) or []


def _read(text: str) -> list[tuple[str, dict[str, Any]]] | None:
    """The calls of a text that is JSON and nothing else; None where it holds anything else."""
    value = _json(text)
    items = value.get("tool_calls", [value]) if isinstance(value, dict) else value
    found = [_call(item) for item in items] if isinstance(items, list) and items else [None]
    return [call for call in found if call] if all(found) else None


def _call(item: Any) -> tuple[str, dict[str, Any]] | None:
    if isinstance(item, dict) and isinstance(item.get("function"), dict):
        item = item["function"]
    if not isinstance(item, dict) or len(item) > 4:
        return None
    name = next((item[key] for key in NAMES if isinstance(item.get(key), str)), "")
    args = next((item[key] for key in ARGUMENTS if key in item), None)
    args = _json(args) if isinstance(args, str) else args
    return (name, args) if name and isinstance(args, dict) else None


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def as_text(messages: Sequence[BaseMessage], menu: Sequence[dict[str, Any]]) -> list[BaseMessage]:
    """The same for a model without tools: the menu in the system text, calls and their answers as text."""
    entries = [json.dumps(entry["function"], ensure_ascii=False) for entry in menu]
    first, *rest = messages
    system = SystemMessage(first.text + prompts.WRITTEN_MENU.format(menu="\n".join(entries)))
    return [system, *_alternating(rest)]


def _alternating(messages: Sequence[BaseMessage]) -> Iterator[BaseMessage]:
    """Requests and replies in turn: such models' templates refuse two of one kind in a row."""
    waiting: list[str] = []
    for message in messages:
        if isinstance(message, AIMessage):
            if waiting:
                yield HumanMessage("\n\n".join(waiting))
            waiting = []
            yield AIMessage("\n".join([message.text, *map(_line, message.tool_calls)]).strip() or prompts.NO_WORDS)
        elif isinstance(message, ToolMessage):
            waiting.append(prompts.WRITTEN_RESULT.format(name=message.name, text=message.text))
        else:
            waiting.append(message.text)
    if waiting:
        yield HumanMessage("\n\n".join(waiting))


def _line(call: ToolCall) -> str:
    return json.dumps({"name": call["name"], "arguments": call["args"]}, ensure_ascii=False)
