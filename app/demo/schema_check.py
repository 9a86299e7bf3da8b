"""Whether a JSON value is what a discovery schema says: known names, right types."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

RFC3339 = re.compile(r"^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$")
_TYPES: Mapping[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
}


class SchemaError(ValueError):
    """The value does not fit; `place` is where (a.b[0]), `unknown` the name that the schema does not have, or ""."""

    def __init__(self, place: str, message: str, unknown: str = "") -> None:
        super().__init__(message)
        self.place = place
        self.unknown = unknown


def check_value(
    value: Any, schema: Mapping[str, Any], schemas: Mapping[str, Any], *, offsets: bool = True, place: str = ""
) -> None:
    """Raise SchemaError unless the value fits; with `offsets`, a date-time must name its offset (RFC 3339)."""
    schema = schemas[schema["$ref"]] if "$ref" in schema else schema
    kind = schema.get("type", "any")
    if value is None or kind == "any":
        return
    if not isinstance(value, _TYPES[kind]) or (kind in ("integer", "number") and isinstance(value, bool)):
        raise SchemaError(place, f"Invalid value at '{place}' ({kind}), {json.dumps(value, default=str)[:80]}")
    if offsets and schema.get("format") == "date-time":
        check_moment(value, place)
    if kind == "array":
        for index, item in enumerate(value):
            check_value(item, schema["items"], schemas, offsets=offsets, place=f"{place}[{index}]")
    if kind == "object":
        for name, item in value.items():
            member = schema.get("properties", {}).get(name) or schema.get("additionalProperties")
            if member is None:
                raise SchemaError(place, f"There is no field {name!r} at '{place}'", name)
            check_value(item, member, schemas, offsets=offsets, place=f"{place}.{name}".lstrip("."))


def check_moment(text: str, place: str) -> datetime:
    """Read an RFC 3339 time; one without an offset is refused."""
    try:
        return datetime.fromisoformat(text.upper() if RFC3339.match(text) else "")
    except ValueError as error:
        raise SchemaError(place, f"{text!r} at '{place}' is not an RFC 3339 time with an offset") from error
