"""Refusals of the tasks API, as problem details (RFC 9457). Law: each says what is wrong and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any


@dataclass
class Problem(Exception):
    """A refusal. `kind` is the last part of its type URN, `more` holds further members of the answer."""

    status: int
    kind: str
    detail: str
    headers: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """The members of the answer."""
        title = HTTPStatus(self.status).phrase
        known = {"type": f"urn:valet:tasks:{self.kind}", "title": title, "status": self.status, "detail": self.detail}
        return {**self.more, **known}


def not_found() -> Problem:
    return Problem(404, "not-found", "There is no such task. List the tasks to see which there are.")


def invalid(errors: Sequence[Mapping[str, Any]], status: int = 422) -> Problem:
    """`errors` as pydantic lists them; the values that were sent are not repeated."""
    told = [{"field": ".".join(str(part) for part in error["loc"]), "detail": error["msg"]} for error in errors]
    said = "; ".join(f"{one['field'] or 'the body'}: {one['detail']}" for one in told[:5])
    return Problem(status, "invalid", f"Correct this and send it again: {said}.", more={"errors": told})


def duplicate_source(task: str, deleted: bool) -> Problem:
    fix = f"Restore it with POST /v1/tasks/{task}/restore." if deleted else f"Read or change /v1/tasks/{task} instead."
    more = {"task": task, "deleted": deleted}
    return Problem(409, "duplicate-source", f"There is a task from this source already. {fix}", more=more)


def key_reused() -> Problem:
    detail = "This Idempotency-Key was used for another request. Send this request with a key of its own."
    return Problem(409, "idempotency-key-reused", detail)


def changed_since(etag: str) -> Problem:
    detail = "The task was changed since it was read. Read it again and decide anew."
    return Problem(412, "changed", detail, headers={"ETag": etag})
