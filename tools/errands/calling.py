"""Calls of the tasks API over a signed transport. Law: no credential and no socket is here; refusals are ToolErrors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from pydantic import BaseModel, ValidationError

from tools.clients import Reply, Transport
from tools.errands.task import Page, Task
from tools.errors import (
    AccessRefused,
    BadArgument,
    NotFound,
    RateLimited,
    ToolError,
    Unreadable,
    failed_there,
    no_answer,
)

BASE = "https://tasks.valet.invalid/v1/tasks"
PER_PAGE, MOST_PAGES = 200, 10
AGAIN = "Try again in a minute."
M = TypeVar("M", bound=BaseModel)


def one(transport: Transport, identity: str) -> Task:
    """The task of this id."""
    return _got(transport, f"{BASE}/{quote(identity, safe='')}", Task)


def listed(transport: Transport, query: Mapping[str, str]) -> tuple[tuple[Task, ...], bool]:
    """Every task the query picks, by due time, and whether there are more than are read at a time."""
    found: list[Task] = []
    asked = {**query, "limit": str(PER_PAGE)}
    for _ in range(MOST_PAGES):
        page = _got(transport, f"{BASE}?{urlencode(asked)}", Page)
        found += page.tasks
        if page.next is None:
            return tuple(found), False
        asked["after"] = page.next
    return tuple(found), True


def _got(transport: Transport, url: str, model: type[M]) -> M:
    try:
        reply = transport.request("GET", url, headers={"accept": "application/json"})
    except OSError as error:
        raise no_answer("The tasks service", error, AGAIN) from error
    if reply.status != 200:
        raise tasks_error(reply)
    return _read(reply, model)


def task_of(reply: Reply) -> Task:
    """The task of an answer. Raises Unreadable."""
    return _read(reply, Task)


def _read(reply: Reply, model: type[M]) -> M:
    try:
        return model.model_validate_json(reply.body)
    except (ValidationError, ValueError):
        raise Unreadable("The tasks service sent a broken answer.", AGAIN) from None


def tasks_error(reply: Reply) -> ToolError:
    """The ToolError for a refusal (RFC 9457 problem details)."""
    status, detail = reply.status, _detail(reply.body)
    if status in (401, 403):
        return AccessRefused(f"The tasks service refused the permission (HTTP {status}).", "Connect tasks again.")
    if status == 404:
        return NotFound("That task is not there any more.", "List the tasks again.")
    if status == 429:
        return RateLimited("The tasks service asks to slow down.", AGAIN)
    if status >= 500:
        return failed_there("The tasks service", status, AGAIN)
    return BadArgument(f"The tasks service refused the request: {detail}", "Ask for it differently.")


def _detail(body: bytes) -> str:
    try:
        problem: Any = json.loads(body)
        return str(problem["detail"])[:300]
    except (ValueError, KeyError, TypeError, RecursionError):
        return "no reason was given."
