"""The resource server: what can be asked about tasks. Law: every operation names its scope, and serves one person."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import astuple, dataclass
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from starlette.routing import Route

from app.tasks.answers import Answers
from app.tasks.asking import Asked, Reply, endpoint
from app.tasks.bearer import Verifier
from app.tasks.database import Database
from app.tasks.problem import Problem
from app.tasks.task import DueField, Kind, NewTask, Page, Task, TaskChange
from app.tasks.task_rows import Only, Wish
from app.tasks.task_store import TaskStore

READ, WRITE = "tasks:read", "tasks:write"
MOST = 200


def _whole(value: object) -> object:
    """Digits only: pydantic would also take "1_0" and " 10"."""
    if isinstance(value, str) and not (value.isascii() and value.isdigit() and len(value) <= 6):
        raise ValueError("it is a whole number")
    return value


class Listing(BaseModel):
    """The query of a listing."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    only: Only = Field("all", description="Which tasks: those open, those done, or both.")
    due_from: DueField | None = Field(None, description="Due at this time or later; on that day or later.")
    due_before: DueField | None = Field(None, description="Due before this time; before that day.")
    source_kind: Kind | None = Field(None, description="From a source of this kind.")
    source_id: str | None = Field(None, min_length=1, max_length=500, description="From this message.")
    limit: Annotated[int, BeforeValidator(_whole)] = Field(50, ge=1, le=MOST, description="Tasks on a page.")
    after: str | None = Field(None, max_length=2000, description="The `next` of the page before.")

    @property
    def wish(self) -> Wish:
        return Wish(self.only, self.due_from, self.due_before, self.source_kind, self.source_id)


@dataclass(frozen=True)
class Operation:
    """One operation of the API: its place, the scope it needs, and what it may refuse with besides 401, 403 and 503."""

    name: str
    method: Literal["GET", "POST", "PATCH", "DELETE"]
    path: str
    scope: str
    says: str
    success: int
    refusals: tuple[int, ...]


ONE = "/v1/tasks/{id}"
OPERATIONS = (
    Operation("list_tasks", "GET", "/v1/tasks", READ, "List tasks by due time, page by page.", 200, (400, 404)),
    Operation("create_task", "POST", "/v1/tasks", WRITE, "Create a task.", 201, (400, 409, 413, 415, 422)),
    Operation("get_task", "GET", ONE, READ, "Read one task.", 200, (400, 404)),
    Operation("change_task", "PATCH", ONE, WRITE, "Change what is given.", 200, (400, 404, 409, 412, 413, 415, 422)),
    Operation("delete_task", "DELETE", ONE, WRITE, "Delete a task; it can be restored.", 204, (400, 404, 409, 412)),
    Operation("restore_task", "POST", f"{ONE}/restore", WRITE, "Take a deletion back.", 200, (400, 404, 409)),
)


class Api:
    """Answers the operations; `verifier` says whose tasks are meant."""

    def __init__(self, database: Database, verifier: Verifier, clock: Callable[[], float]) -> None:
        self._database, self._verifier = database, verifier
        self._tasks, self._answers = TaskStore(database, clock), Answers(database, clock)

    def routes(self) -> list[Route]:
        paths = dict.fromkeys(operation.path for operation in OPERATIONS)
        return [self._route(path) for path in paths]

    def _route(self, path: str) -> Route:
        here = {str(operation.method): operation for operation in OPERATIONS if operation.path == path}

        def answer(asked: Asked) -> Reply:
            return self._answer(here["GET" if asked.method == "HEAD" else asked.method], asked)

        return Route(path, endpoint(answer), methods=list(here))

    def _answer(self, operation: Operation, asked: Asked) -> Reply:
        user = self._verifier.caller(asked.headers.get("authorization"), operation.scope).user
        if asked.query and operation.name != "list_tasks":
            raise Problem(400, "parameters", "This operation takes no query parameters. Leave them out.")
        if operation.method == "GET":
            return self._list(user, asked) if operation.name == "list_tasks" else self._get(user, asked)
        with self._database.transaction():
            reply = self._answers.once(user, asked, lambda: self._write(operation, user, asked))
            self._database.run("INSERT OR REPLACE INTO facts VALUES ('written', '1')")
        return reply

    def _write(self, operation: Operation, user: str, asked: Asked) -> Reply:
        match operation.name:
            case "create_task":
                made = self._tasks.create(user, asked.read(NewTask))
                return _told(made, 201, {"Location": f"/v1/tasks/{made.id}"})
            case "change_task":
                change = asked.read(TaskChange)
                return _told(self._tasks.change(user, asked.identity, change, asked.based_on))
            case "delete_task":
                self._tasks.delete(user, asked.identity, asked.based_on)
                return Reply(204)
            case _:
                return _told(self._tasks.restore(user, asked.identity))

    def _get(self, user: str, asked: Asked) -> Reply:
        return _told(self._tasks.get(user, asked.identity))

    def _list(self, user: str, asked: Asked) -> Reply:
        listing = asked.parameters(Listing)
        found = self._tasks.page(user, listing.wish, _place(user, listing), listing.limit + 1)
        shown = found[: listing.limit]
        following = None if len(found) == len(shown) else _token(user, listing.wish, shown[-1])
        page = Page(tasks=tuple(task for _, task in shown), next=following)
        return Reply(200, page.model_dump(mode="json"))


def _told(task: Task, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    return Reply(status, task.model_dump(mode="json"), {"ETag": task.etag, **(headers or {})})


def _token(user: str, wish: Wish, last: tuple[str, Task]) -> str:
    """Names the place behind a task, for this listing only."""
    rank, task = last
    place = json.dumps([_listing_mark(user, wish), rank, task.id])
    return urlsafe_b64encode(place.encode()).decode().rstrip("=")


def _place(user: str, listing: Listing) -> tuple[str, str] | None:
    if listing.after is None:
        return None
    try:
        mark, rank, identity = json.loads(urlsafe_b64decode(listing.after.encode() + b"=" * (-len(listing.after) % 4)))
    except (ValueError, TypeError, RecursionError):
        mark = rank = identity = None
    if mark != _listing_mark(user, listing.wish) or not isinstance(rank, str) or not isinstance(identity, str):
        raise Problem(404, "page", "There is no such page of this listing. List from the beginning.")
    return rank, identity


def _listing_mark(user: str, wish: Wish) -> str:
    return sha256(json.dumps([user, *map(str, astuple(wish))]).encode()).hexdigest()[:16]
