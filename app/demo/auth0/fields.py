"""JSON bodies of the My Account API, checked as its OpenAPI document states: known fields, types, lengths."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from app.demo.auth0.refusal import Problem
from app.demo.wire import Request

LONGEST_SCOPE, MOST_SCOPES = 255, 100


@dataclass(frozen=True)
class Shape:
    """One field. `least` and `most` are lengths of a text."""

    kind: Literal["text", "scopes", "object"] = "text"
    required: bool = False
    least: int = 1
    most: int = 4096


CONNECT_BODY: Mapping[str, Shape] = {
    "connection": Shape(required=True, most=128),
    "redirect_uri": Shape(required=True, most=2048),
    "state": Shape(least=0, most=4096),
    "scopes": Shape("scopes"),
    "code_challenge": Shape(least=43, most=128),
    "code_challenge_method": Shape(most=4),
    "authorization_params": Shape("object"),
}
COMPLETE_BODY: Mapping[str, Shape] = {
    "auth_session": Shape(required=True, most=64),
    "connect_code": Shape(required=True, most=46),
    "redirect_uri": Shape(required=True, most=2048),
    "code_verifier": Shape(least=43, most=128),
}


def read_body(request: Request, shapes: Mapping[str, Shape]) -> dict[str, Any]:
    """Raises Problem: 415 for another media type, 400 with every wrong field."""
    if request.media_type != "application/json":
        raise Problem(415, "The content type must be application/json")
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise Problem(400, "The body is no JSON") from error
    if not isinstance(body, dict):
        raise Problem(400, "The body must be a JSON object")
    wrong = {name: "is not allowed" for name in body if name not in shapes}
    for name, shape in shapes.items():
        if name not in body:
            if shape.required:
                wrong[name] = "is required"
        elif complaint := _complaint(shape, body[name]):
            wrong[name] = complaint
    if wrong:
        raise Problem(400, "Invalid request payload", wrong)
    return body


def _complaint(shape: Shape, value: Any) -> str:
    if shape.kind == "object":
        return "" if isinstance(value, dict) else "must be an object"
    if shape.kind == "scopes":
        return _wrong_scopes(value)
    if not isinstance(value, str):
        return "must be a string"
    return "" if shape.least <= len(value) <= shape.most else f"must have {shape.least} to {shape.most} characters"


def _wrong_scopes(value: Any) -> str:
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_SCOPES:
        return f"must be an array of 1 to {MOST_SCOPES}"
    if not all(isinstance(scope, str) and 1 <= len(scope) <= LONGEST_SCOPE for scope in value):
        return f"must hold strings of 1 to {LONGEST_SCOPE} characters"
    return "" if len(set(value)) == len(value) else "must be unique"
