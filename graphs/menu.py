"""The menu of tools as chat models take it (OpenAI's function format).

Law: it costs tokens in every request, so it says what helps to fill in a call and no more; what a value must be
besides is checked when the call is made, and told then.
"""

from __future__ import annotations

from typing import Any

from graphs import briefing
from graphs.parts import Parts
from tools.base import Tool

_NOISE = frozenset(
    (
        "title",
        "minLength",
        "maxLength",
        "minItems",
        "maxItems",
        "minimum",
        "additionalProperties",
        "$defs",
        "$ref",
        "anyOf",
    )
)
_PLAIN_DEFAULTS: tuple[Any, ...] = (None, "", False, [])
_HUGE = 1000


def menu_of(parts: Parts) -> list[dict[str, Any]]:
    """Every tool that is installed, and those the graph offers itself."""
    return [menu_entry(tool) for tool in (*parts.registry.tools, *briefing.offered(parts.registry))]


def menu_entry(tool: Tool) -> dict[str, Any]:
    """One tool of the menu."""
    brief = _brief(tool.schema, tool.schema.get("$defs", {}))
    for name, kind in tool.handles.items():
        brief["properties"][name]["description"] = f"as {kind}:3"
    return {
        "type": "function",
        "function": {
            "name": tool.name,
            "description": " ".join(tool.description.split()),
            "parameters": {"type": "object", "properties": {}} | brief,
        },
    }


def _brief(schema: dict[str, Any], shared: dict[str, Any]) -> dict[str, Any]:
    """The schema without what a model does not need: references, nulls, limits of length, plain defaults."""
    choices = [one for one in schema.get("anyOf", [schema]) if one != {"type": "null"}]
    kinds = {one.get("type") for one in choices}
    base: dict[str, Any] = {"anyOf": choices} if len(kinds) > 1 else choices[0] if len(choices) == 1 else {}
    if len(choices) > 1 and len(kinds) == 1:  # such as a day or a time: the description tells
        base = {"type": kinds.pop()}
    if "$ref" in base:
        base = shared[base["$ref"].rpartition("/")[2]]
    whole = {**base, **schema}
    kept = {key: _told(key, value, shared) for key, value in whole.items() if not _is_noise(key, value)}
    return kept | ({"anyOf": [_brief(one, shared) for one in base["anyOf"]]} if "anyOf" in base else {})


def _told(key: str, value: Any, shared: dict[str, Any]) -> Any:
    if key == "properties":
        return {name: _brief(shape, shared) for name, shape in value.items()}
    return _brief(value, shared) if key == "items" else value


def _is_noise(key: str, value: Any) -> bool:
    match key:
        case "default":
            return any(value == plain and type(value) is type(plain) for plain in _PLAIN_DEFAULTS)
        case "maximum":
            return bool(value >= _HUGE)
        case _:
            return key in _NOISE
