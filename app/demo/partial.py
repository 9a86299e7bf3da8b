"""The `fields` parameter: which parts of a response are wanted, as a path language over its schema."""

import re
from collections.abc import Mapping
from typing import Any

from app.demo.google_errors import GoogleError, invalid_value

Selection = dict[str, "Selection"]  # an empty one selects everything below
_TOKEN = re.compile(r"[(),/]|[^(),/\s]+")
DEEPEST = 20


def parse_fields(text: str) -> Selection:
    """Read "a,b(c,d/e),f/*". Raises GoogleError for what is no selection."""
    tokens = _TOKEN.findall(text)
    selection, rest = _list(tokens, 0, 0)
    if rest != len(tokens) or not selection:
        raise _refusal(text)
    return selection


def _list(tokens: list[str], place: int, depth: int) -> tuple[Selection, int]:
    selection: Selection = {}
    while True:
        place = _path(tokens, place, selection, depth)
        if place >= len(tokens) or tokens[place] != ",":
            return selection, place
        place += 1


def _path(tokens: list[str], place: int, into: Selection, depth: int) -> int:
    """One path such as a/b(c,d): each step goes one level down."""
    while True:
        if place >= len(tokens) or tokens[place] in "(),/" or depth > DEEPEST:
            raise _refusal("".join(tokens))
        name = tokens[place]
        below = into.setdefault(name, {})
        place += 1
        follows = tokens[place] if place < len(tokens) else ""
        if follows == "/":
            into, place, depth = below, place + 1, depth + 1
            continue
        if follows == "(":
            inner, place = _list(tokens, place + 1, depth + 1)
            if place >= len(tokens) or tokens[place] != ")":
                raise _refusal("".join(tokens))
            below.update(inner)
            return place + 1
        return place


def check_fields(selection: Selection, schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> None:
    """Raise GoogleError for a name the response's schema does not have."""
    schema = _resolved(schema, schemas)
    if "properties" not in schema:
        return
    for name, below in selection.items():
        if name != "*" and name not in schema["properties"]:
            raise _refusal(name)
        for child in schema["properties"].values() if name == "*" else (schema["properties"][name],):
            check_fields(below, child, schemas)


def _resolved(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in schema or "items" in schema:
        schema = schemas[schema["$ref"]] if "$ref" in schema else schema["items"]
    return schema


def select(value: Any, selection: Selection) -> Any:
    """The wanted parts of a JSON value; lists are looked through."""
    if not selection:
        return value
    if isinstance(value, list):
        return [select(item, selection) for item in value]
    if not isinstance(value, dict):
        return value
    every = selection.get("*")
    if every is not None:
        return {name: select(child, selection.get(name, every)) for name, child in value.items()}
    return {name: select(value[name], below) for name, below in selection.items() if name in value}


def _refusal(text: str) -> GoogleError:
    return invalid_value("fields", f"Invalid field selection {text}")
