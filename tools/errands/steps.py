"""A change of tasks as steps, each one request. Law: every step carries a key of its own and the etag it was based on.

So a step that is sent again is answered again and carried out once, and one based on an older task is refused.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Literal
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict

from tools.base import Ref
from tools.errands.calling import AGAIN, BASE, listed, one, task_of, tasks_error
from tools.errands.task import Task, read_due
from tools.errors import BadArgument, NotFound, ServiceDown, ToolError, Unreadable, no_answer
from tools.write import Act, Changed, Plan, Receipt, Undo

SENT = {"accept": "application/json", "content-type": "application/json"}


class Step(BaseModel):
    """One request. `task` is the id of what it changes, "" for a new one; `title` is what the person knows it by."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    act: Literal["create", "change", "delete", "restore"]
    title: str
    task: str = ""
    etag: str = ""
    body: dict[str, Any] | None = None


class Work(BaseModel):
    """The body of a plan: the steps, what the receipt says of each task ("done"), and the call that takes it back."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    steps: tuple[Step, ...]
    verb: str
    undo: Undo


def perform(act: Act, plan: Plan) -> Receipt:
    """Send every step. Where the service refuses one after others were done, the receipt tells which were not."""
    work = Work.model_validate(plan.body)
    done: list[Ref] = []
    for number, step in enumerate(work.steps):
        try:
            done.append(_sent(act, number, step))
        except (ServiceDown, Unreadable):
            raise
        except ToolError as error:
            if not done:
                raise
            left = [step.title for step in work.steps[number:]]
            return _receipt(act, work, done, left, f"{error.what} {error.next}")
    return _receipt(act, work, done)


def find(act: Act, plan: Plan) -> Receipt | None:
    """What of it stands. Sending the rest again is harmless, so a part done is no end while a try follows."""
    work = Work.model_validate(plan.body)
    found = [_standing(act, number, step) for number, step in enumerate(work.steps)]
    done = [ref for ref in found if ref is not None]
    if len(done) == len(found):
        return _receipt(act, work, done)
    if not done or not act.final:
        return None
    left = [step.title for step, ref in zip(work.steps, found, strict=True) if ref is None]
    return _receipt(act, work, done, left, "The tasks service failed. Ask again for the rest.")


def basis(act: Act, plan: Plan) -> dict[str, str]:
    """The etags the tasks have now."""
    steps = Work.model_validate(plan.body).steps
    return based_on(steps, [one(act.context.transport, step.task).etag for step in steps if step.etag])


def based_on(steps: Sequence[Step], etags: Sequence[str]) -> dict[str, str]:
    """Etags by what a person calls the task."""
    named = [step.title for step in steps if step.etag]
    return {
        f"“{title}”" if named.count(title) == 1 else f"“{title}” ({number})": etag
        for number, (title, etag) in enumerate(zip(named, etags, strict=True), 1)
    }


def _key(act: Act, number: int) -> str:
    return f"{act.key}-{number}"


def _body(act: Act, number: int, step: Step) -> bytes | None:
    """What is sent. A task from nowhere else comes from the person, by this very request: so it is found again."""
    if step.body is None:
        return None
    if step.act != "create" or step.body.get("source"):
        return json.dumps(step.body).encode()
    return json.dumps({**step.body, "source": {"kind": "person", "id": _key(act, number)}}).encode()


_METHODS = {"create": "POST", "change": "PATCH", "delete": "DELETE", "restore": "POST"}


def _sent(act: Act, number: int, step: Step) -> Ref:
    """Raises ServiceDown, Unreadable where the outcome is open; any other ToolError where it was refused."""
    place = f"{BASE}/{quote(step.task, safe='')}" if step.task else BASE
    url = f"{place}/restore" if step.act == "restore" else place
    headers = {**SENT, "idempotency-key": _key(act, number)} | ({"if-match": step.etag} if step.etag else {})
    try:
        body = _body(act, number, step)
        reply = act.context.transport.request(_METHODS[step.act], url, body=body, headers=headers)
    except OSError as error:
        raise no_answer("The tasks service", error, AGAIN) from error
    if reply.status == 412:
        raise Changed(f"“{step.title}” was changed meanwhile.", "Look at it again, and ask again.")
    if reply.status == 409 and step.act == "create":
        raise BadArgument(
            f"There is, or was before it was deleted, a task from where “{step.title}” comes from.",
            "Change that one, or ask for this one without its source.",
        )
    if reply.status >= 300:
        raise tasks_error(reply)
    return _ref(step) if step.act == "delete" else task_of(reply).ref


def _ref(step: Step) -> Ref:
    return Ref(kind="task", id=step.task, label=step.title)


def _standing(act: Act, number: int, step: Step) -> Ref | None:
    """The task, where it is as the step wants it."""
    transport = act.context.transport
    if step.act == "create":
        source = json.loads(_body(act, number, step) or b"{}")["source"]
        tasks, _ = listed(transport, {"source_kind": source["kind"], "source_id": source["id"]})
        item = source.get("item", "")
        return next((task.ref for task in tasks if task.source is not None and task.source.item == item), None)
    try:
        task = one(transport, step.task)
    except NotFound:
        return _ref(step) if step.act == "delete" else None
    if step.act == "delete":
        return None
    return task.ref if _as_wanted(task, step.body or {}) else None


def _as_wanted(task: Task, body: dict[str, Any]) -> bool:
    return all(
        (task.due == read_due(value)) if name == "due" else getattr(task, name) == value for name, value in body.items()
    )


def _receipt(act: Act, work: Work, done: Sequence[Ref], left: Sequence[str] = (), why: str = "") -> Receipt:
    number = "1 task" if len(done) == 1 else f"{len(done)} tasks"
    rest = f" Not so {_names(left)}: {why}" if left else ""
    return Receipt(
        what=f"{number} {work.verb}: {_names([ref.label for ref in done])}.{rest}",
        id=", ".join(ref.id for ref in done),
        at=act.context.now,
        ref=done[0],
        also=tuple(done[1:]),
        undo=work.undo,
    )


def _names(titles: Sequence[str]) -> str:
    return ", ".join(f"“{title}”" for title in titles)
