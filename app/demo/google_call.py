"""One API call, read and checked against its method: typed parameters, a known body, wanted fields."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from app.demo.google_errors import (
    GoogleError,
    bad_request,
    invalid_value,
    unknown_field,
    unknown_parameter,
)
from app.demo.partial import Selection, check_fields, parse_fields
from app.demo.routes import Document, Method, Parameter
from app.demo.schema_check import SchemaError, check_moment, check_value
from app.demo.uploads import Media
from app.demo.wire import FORM, Request

_KINDS = {"int32": "TYPE_INT32", "uint32": "TYPE_UINT32", "int64": "TYPE_INT64", "uint64": "TYPE_UINT64"}
Value = str | int | bool


@dataclass(frozen=True)
class Call:
    """A call that may be carried out. `account` is the address of the person whose token came with it.

    `range` is the Range header, "" for none; only a download looks at it, `if_match` the
    etag that the If-Match header names. `media` is what was uploaded with it.
    """

    method: Method
    account: str
    scopes: frozenset[str]
    path: Mapping[str, str]
    query: Mapping[str, list[Value]]
    body: Any = None
    fields: Selection = field(default_factory=dict)
    range: str = ""
    if_match: str = ""
    media: Media | None = None

    @property
    def priced_as(self) -> str:
        """The method's id as the table of units has it: a download costs more than a look."""
        return f"{self.method.id}?alt=media" if self.text("alt") == "media" else self.method.id

    def text(self, name: str) -> str:
        """A string parameter, "" when it was not given."""
        values = self.query.get(name)
        return str(values[0]) if values else ""

    def flag(self, name: str) -> bool:
        return bool(self.query.get(name, [False])[0])

    def number(self, name: str, default: int, most: int) -> int:
        """An integer parameter; more than `most` counts as `most`, as the services do."""
        return min(int(self.query.get(name, [default])[0]), most)

    def all(self, name: str) -> list[str]:
        return [str(value) for value in self.query.get(name, ())]

    def moment(self, name: str) -> datetime | None:
        """A date-time parameter, aware."""
        return datetime.fromisoformat(self.text(name).upper()) if self.query.get(name) else None


def unwrapped(request: Request) -> Request:
    """A GET that was sent as a POST because its address was too long is a GET again."""
    override = request.headers.get("x-http-method-override", "").upper()
    if request.method != "POST" or not override:
        return request
    if override == "GET" and request.media_type == FORM:
        return Request("GET", request.path, request.body.decode("latin-1"), request.headers)
    return Request(override, request.path, request.query, request.headers, request.body)


def read_query(request: Request, method: Method, document: Document) -> dict[str, list[Value]]:
    """The query parameters with their types. Raises GoogleError as the API does."""
    query: dict[str, list[Value]] = {}
    for name, text in parse_qsl(request.query, keep_blank_values=True):
        parameter = method.parameters.get(name) or document.parameters.get(name)
        if parameter is None or name in _in_path(method):
            raise unknown_parameter(name)
        values = query.setdefault(name, [])
        if values and not parameter.repeated:
            raise bad_request(f"Multiple values were given for the parameter {name!r}.")
        values.append(_typed(parameter, text))
    for name, parameter in method.parameters.items():
        if parameter.required and name not in query and name not in _in_path(method):
            raise GoogleError(400, "required", f"Required parameter: {name}", location=name)
    if query.get("alt", ["json"])[0] not in (("json", "media") if method.media else ("json",)):
        raise bad_request(
            "The demo workspace answers alt=json only, and alt=media where there is something to download."
        )
    return query


def _in_path(method: Method) -> set[str]:
    return {name for name in method.parameters if f"{{{name}}}" in method.path}


def _typed(parameter: Parameter, text: str) -> Value:
    if parameter.kind == "boolean":
        return _boolean(parameter, text)
    if parameter.kind == "integer" or parameter.form in ("int64", "uint64"):
        return _integer(parameter, text)
    if parameter.choices and text not in parameter.choices:
        allowed = ", ".join(parameter.choices)
        raise invalid_value(parameter.name, f"Invalid string value: '{text}'. Allowed values: [{allowed}]")
    if parameter.form == "date-time":
        _moment(text)
    return text


def _boolean(parameter: Parameter, text: str) -> bool:
    if text not in ("true", "false"):
        raise invalid_value(parameter.name, f"Invalid boolean value: '{text}'. Allowed values: [true, false]")
    return text == "true"


def _integer(parameter: Parameter, text: str) -> int:
    signed = not parameter.form.startswith("u")
    if not re.fullmatch(r"-?\d{1,20}" if signed else r"\d{1,20}", text):
        kind = _KINDS.get(parameter.form, "TYPE_INT32")
        raise invalid_value(parameter.name, f"Invalid value at '{parameter.name}' ({kind}), \"{text}\"")
    if parameter.least is not None and int(text) < parameter.least:
        allowed = f"[{parameter.least}..]"
        raise invalid_value(parameter.name, f"Invalid integer value: '{text}'. Allowed values: {allowed}")
    return int(text)


def _moment(text: str) -> None:
    try:
        check_moment(text, "")
    except SchemaError as error:
        raise bad_request() from error


def read_selection(query: Mapping[str, list[Value]], method: Method, document: Document) -> Selection:
    """What the `fields` parameter asks for, checked against the response's schema."""
    if not query.get("fields"):
        return {}
    selection = parse_fields(str(query["fields"][0]))
    if method.response:
        check_fields(selection, document.schemas[method.response], document.schemas)
    return selection


def read_body(request: Request, method: Method, document: Document) -> Any:
    """The JSON body, checked against the request's schema; None when the method takes none."""
    if not method.request:
        return None
    try:
        body = json.loads(request.body or b"{}")
        own_zone = method.request == "Event"  # its times may name a zone in place of an offset
        check_value(body, document.schemas[method.request], document.schemas, offsets=not own_zone)
    except SchemaError as error:
        if error.unknown:
            raise unknown_field(error.unknown, error.place) from error
        raise GoogleError(400, "invalid", str(error)) from error
    except (ValueError, RecursionError) as error:
        raise GoogleError(400, "parseError", "Parse Error") from error
    return body
