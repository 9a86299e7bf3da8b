"""The API's own description (OpenAPI 3.1). Law: built from the models and operations the server runs."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from pydantic.json_schema import models_json_schema

from app.tasks.api import OPERATIONS, READ, WRITE, Listing, Operation
from app.tasks.task import NewTask, Page, Task, TaskChange

_REF = "#/components/schemas/"
_ANSWERS = {
    "list_tasks": "Page",
    "create_task": "Task",
    "get_task": "Task",
    "change_task": "Task",
    "restore_task": "Task",
}
_BODIES = {"create_task": "NewTask", "change_task": "TaskChange"}
_PROBLEM = {
    "type": "object",
    "description": "Problem details (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
}
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Names this request: sent again, it is answered again and carried out once.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
}
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "description": "Etags this is based on; refused with 412 where the task has another.",
    "schema": {"type": "string", "pattern": r'^(\*|"[!#-~]{0,50}")$'},
}
_IDENTITY = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "pattern": "^[0-9a-f]{20}$"}}


def document(issuer: str, audience: str) -> dict[str, Any]:
    """The whole document."""
    paths: dict[str, Any] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Valet tasks", "version": "1.0.0", "description": "What a person has to do, and from where."},
        "servers": [{"url": audience}, {"url": "/"}],
        "security": [{"login": [READ, WRITE]}],
        "paths": paths,
        "components": {"schemas": _schemas(), "securitySchemes": {"login": _login(issuer)}},
    }


def _operation(operation: Operation) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.says,
        "security": [{"login": [operation.scope]}],
        "parameters": _parameters(operation),
        "responses": {str(operation.success): _success(operation)}
        | {str(status): _refusal(status) for status in (*operation.refusals, 401, 403, 503)},
    }
    if operation.name in _BODIES:
        found["requestBody"] = {"required": True, "content": _content(_BODIES[operation.name])}
    return found


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [_IDENTITY] if "{id}" in operation.path else []
    if operation.name == "list_tasks":
        found += [_query(name, schema) for name, schema in Listing.model_json_schema()["properties"].items()]
    found += [] if operation.method == "GET" else [_KEY]
    return found + ([_IF_MATCH] if operation.method in ("PATCH", "DELETE") else [])


def _query(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter that may be absent; unlike a JSON member it cannot be null."""
    about = schema.pop("description")
    choices = [one for one in schema.pop("anyOf", []) if one != {"type": "null"}]
    if len(choices) == 1:
        schema |= choices[0]
    elif choices:
        schema["anyOf"] = choices
    if schema.get("default", 0) is None:
        del schema["default"]
    return {"name": name, "in": "query", "description": about, "schema": schema}


def _success(operation: Operation) -> dict[str, Any]:
    answer = _ANSWERS.get(operation.name)
    found: dict[str, Any] = {"description": HTTPStatus(operation.success).phrase}
    if answer is not None:
        found["content"] = _content(answer)
    if answer == "Task":
        found["headers"] = {"ETag": {"schema": {"type": "string"}}}
    return found


def _refusal(status: int) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": f"{_REF}Problem"}}}
    return {"description": HTTPStatus(status).phrase, "content": content}


def _content(model: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": _REF + model}}}


def _schemas() -> dict[str, Any]:
    _, found = models_json_schema(
        [(NewTask, "validation"), (TaskChange, "validation"), (Task, "serialization"), (Page, "serialization")],
        ref_template=f"{_REF}{{model}}",
    )
    return {**found["$defs"], "Problem": _PROBLEM}


def _login(issuer: str) -> dict[str, Any]:
    scopes = {READ: "read your tasks", WRITE: "change your tasks"}
    where = {"authorizationUrl": f"{issuer}authorize", "tokenUrl": f"{issuer}oauth/token"}
    return {"type": "oauth2", "flows": {"authorizationCode": {**where, "scopes": scopes}}}
