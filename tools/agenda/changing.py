"""Changes of an event: moved, cancelled, answered, restored. Each names the version that it was planned for.

Law: a change goes out with If-Match and the write's key in a private property of the event: it is done once, to the
very version that was shown, and found again by that key.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tools import clients
from tools.agenda.parse import link_of, times_of
from tools.agenda.reading import SERVICE
from tools.agenda.target import GONE, Target, read_raw
from tools.base import Ref
from tools.errors import NotFound, Outdated
from tools.write import REF, Act, Changed, Plan, Receipt, Recipient, Row, Undo

MARK = "valet"
"""The private extended property that holds the key of the last change made from here."""
BASIS = "event"


def change_plan(
    title: str,
    found: Target,
    rows: tuple[Row, ...],
    *,
    patch: Mapping[str, Any],
    done: str,
    notify: bool,
    recipients: tuple[Recipient, ...] = (),
    effects: tuple[str, ...] = (),
    undo: Undo | None = None,
) -> Plan:
    """The plan of one change; `patch` is what events.patch gets (nothing for a cancellation), `done` the receipt's."""
    return Plan(
        title=title,
        rows=rows,
        recipients=recipients,
        effects=effects,
        body={
            "calendar": found.calendar.id,
            "event": found.id,
            "etag": found.etag,
            "notify": "all" if notify else "none",
            "patch": dict(patch),
            "done": done,
            "ref": found.ref().model_dump(),
            "undo": undo.model_dump() if undo else None,
        },
        based_on={BASIS: found.etag},
    )


def undone_by(tool: str, **args: Any) -> Undo:
    """The call that takes the change back."""
    return Undo(tool=tool, args={"event": REF, **args})


def basis(act: Act, plan: Plan) -> dict[str, str]:
    """The version that stands there now. Raises ToolError."""
    found = read_raw(act.context, plan.body["calendar"], plan.body["event"])
    return {BASIS: str(found.get("etag", ""))}


def perform_patch(act: Act, plan: Plan) -> Receipt:
    """events.patch of exactly the planned fields. Raises ToolError."""
    more = (plan.body["patch"].get("extendedProperties") or {}).get("private") or {}
    marked = {**plan.body["patch"], "extendedProperties": {"private": {**more, MARK: act.key}}}
    request = clients.calendar().events().patch(body=marked, **_place(plan))
    return _receipt(act, plan, _sent(act, plan, request))


def find_patch(act: Act, plan: Plan) -> Receipt | None:
    """Done, if the event bears this write's key; else it was not, and another try is held to the same version."""
    try:
        found = read_raw(act.context, plan.body["calendar"], plan.body["event"])
    except NotFound:
        return None
    private = (found.get("extendedProperties") or {}).get("private") or {}
    return _receipt(act, plan, found) if private.get(MARK) == act.key else None


def perform_cancel(act: Act, plan: Plan) -> Receipt:
    """events.delete; events.patch where a series is only made to end. Raises ToolError."""
    if plan.body["patch"]:
        return perform_patch(act, plan)
    _sent(act, plan, clients.calendar().events().delete(**_place(plan)))
    return _receipt(act, plan, {})


def find_cancelled(act: Act, plan: Plan) -> Receipt | None:
    """Done, if it is cancelled or gone: it stood there just before this write began; a patch is known by its key."""
    if plan.body["patch"]:
        return find_patch(act, plan)
    try:
        found = read_raw(act.context, plan.body["calendar"], plan.body["event"])
    except NotFound:
        return _receipt(act, plan, {})
    return _receipt(act, plan, found) if found.get("status") == GONE else None


def _place(plan: Plan) -> dict[str, str]:
    return {
        "calendarId": plan.body["calendar"],
        "eventId": plan.body["event"],
        "sendUpdates": plan.body["notify"],
    }


def _sent(act: Act, plan: Plan, request: Any) -> dict[str, Any]:
    if plan.body["etag"]:
        request.headers["If-Match"] = plan.body["etag"]
    try:
        return clients.run(request, act.context.transport, service=SERVICE)
    except Outdated as error:
        raise Changed(
            "The event was changed by somebody just now; nothing was done.", "Look at it again, and ask again."
        ) from error


def _receipt(act: Act, plan: Plan, raw: Mapping[str, Any]) -> Receipt:
    body = plan.body
    undo = Undo.model_validate(body["undo"]) if body["undo"] else None
    return Receipt(
        what=body["done"],
        id=body["event"],
        at=act.context.now,
        link=link_of(raw),
        ref=Ref.model_validate(body["ref"]).model_copy(update=times_of(raw)),
        undo=undo,
    )
