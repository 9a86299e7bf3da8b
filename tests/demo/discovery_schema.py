"""Discovery schemas as JSON Schema, strict: a field that the document does not name is an error."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from app.demo.routes import load

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

_FORMATS = {"uint64": r"^\d+$", "int64": r"^-?\d+$", "date": r"^\d{4}-\d\d-\d\d$", "byte": r"^[A-Za-z0-9_-]*=*$"} | {
    "date-time": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"
}
_KEPT = ("type", "enum")


def converted(schema: dict[str, Any]) -> dict[str, Any]:
    """One discovery schema in the words of JSON Schema."""
    if "$ref" in schema:
        return {"$ref": f"#/$defs/{schema['$ref']}"}
    if schema.get("type") == "any":
        return {}
    result: dict[str, Any] = {name: schema[name] for name in _KEPT if name in schema}
    if schema.get("type") == "string" and schema.get("format") in _FORMATS:
        result["pattern"] = _FORMATS[schema["format"]]
    if "items" in schema:
        result["items"] = converted(schema["items"])
    if schema.get("type") == "object":
        result["properties"] = {name: converted(one) for name, one in schema.get("properties", {}).items()}
        more = schema.get("additionalProperties")
        result["additionalProperties"] = converted(more) if more else False
    return result


@cache
def validator(document: str, name: str) -> Draft202012Validator:
    """The validator for one schema of one document, such as ("gmail.v1", "Message")."""
    from jsonschema import Draft202012Validator  # here, since the LangGraph server's environment has none

    place = files("googleapiclient") / "discovery_cache" / "documents" / f"{document}.json"
    schemas = json.loads(place.read_text("utf-8"))["schemas"]
    definitions = {one: converted(schema) for one, schema in schemas.items()}
    return Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": definitions})


def check_response(method: str, target: str, value: Any) -> None:
    """Raise jsonschema.ValidationError unless the value is what the method at that address answers."""
    document = {"gmail": "gmail.v1", "calendar": "calendar.v3", "drive": "drive.v3"}[target.split("/")[1]]
    found = load(document).find(method, target.partition("?")[0])
    assert found, target
    validator(document, found[0].response).validate(value)
