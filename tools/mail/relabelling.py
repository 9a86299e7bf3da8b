"""Changes of labels, mail by mail: what each mail gets and loses, done in bulk, found again, taken back exactly.

Law: only the mails the plan names are touched; a label is put on or taken off a second time without effect.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict

from tools.base import Ref, ToolContext
from tools.clients import gmail, run
from tools.errors import BadArgument, NotFound, ServiceDown, ToolError, Unreadable
from tools.mail.fetch import get_all
from tools.mail.listing import SERVICE
from tools.write import REF, Act, InPart, Plan, Receipt, Undo, Unsure

NEW = "new label"
"""Stands in a step for the label that is made first; no id of a label holds a space."""
MOST = 1000
"""Mails of one request (`users.messages.batchModify`)."""
BASIS = "the labels"


class Step(BaseModel):
    """The same change of some mails: label ids that are put on and taken off."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    messages: tuple[str, ...]

    def back(self) -> Step:
        return Step(add=self.remove, remove=self.add, messages=self.messages)


@dataclass(frozen=True)
class Labelled:
    """One mail and its labels."""

    id: str
    labels: frozenset[str]


def steps_of(mails: Iterable[Labelled], change: Callable[[Labelled], frozenset[str]]) -> tuple[Step, ...]:
    """What must be done for each mail to have the labels that `change` says; mails that have them are left out."""
    found: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for mail in mails:
        wanted = change(mail)
        key = (tuple(sorted(wanted - mail.labels)), tuple(sorted(mail.labels - wanted)))
        if any(key):
            found.setdefault(key, []).append(mail.id)
    return tuple(Step(add=add, remove=remove, messages=tuple(ids)) for (add, remove), ids in found.items())


def body_of(steps: Sequence[Step], *, what: str, named: str = "", new: str = "") -> dict[str, Any]:
    """The body of a plan: the steps, the name of a label to be made ("" for none), and what will be said of it.

    `named` are the conversations, a few by their names; "" where `what` names them.
    """
    return {"steps": [step.model_dump(mode="json") for step in steps], "new": new, "what": what, "named": named}


def steps_in(body: Mapping[str, Any]) -> tuple[Step, ...]:
    return tuple(Step.model_validate(step) for step in body["steps"])


def labels_now(context: ToolContext, messages: Iterable[str]) -> dict[str, frozenset[str]]:
    """The labels of these mails; a mail that is gone is left out. Raises ToolError."""
    paths = {one: f"/gmail/v1/users/me/messages/{quote(one, safe='')}?format=minimal" for one in messages}
    found = read_each(context, paths)
    return {one: frozenset(map(str, answer.get("labelIds") or ())) for one, answer in found.items()}


def read_each(context: ToolContext, paths: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """What stands at these paths, by the same names; what is gone is left out. Raises ToolError."""
    answers = get_all(context.transport, list(paths.values()), context.progress, what="looking at labels")
    for error in answers.failed.values():
        if not isinstance(error, NotFound):
            raise error
    return {one: answers.found[path] for one, path in paths.items() if path in answers.found}


def fingerprint(steps: Sequence[Step], labels: Mapping[str, frozenset[str]]) -> str:
    """Of what the steps are about, and nothing else: a mail that was read meanwhile can still be archived."""
    told = [
        f"{one} {' '.join(sorted(labels[one] & {*step.add, *step.remove}))}" if one in labels else f"{one} gone"
        for step in steps
        for one in step.messages
    ]
    return hashlib.sha256("\n".join(sorted(told)).encode()).hexdigest()


def basis(act: Act, plan: Plan) -> dict[str, str]:
    steps = steps_in(plan.body)
    return {BASIS: fingerprint(steps, labels_now(act.context, _all(steps)))}


def relabelled(act: Act, plan: Plan) -> Receipt:
    """Carry the steps out. Raises ToolError, which says what was done before it."""
    steps = steps_in(plan.body)
    label = _made(act.context, plan.body["new"]) if plan.body["new"] else ""
    settled = tuple(_with(step, label) for step in steps)
    done = 0
    for part in _portions(settled):
        body = {"ids": list(part.messages), "addLabelIds": list(part.add), "removeLabelIds": list(part.remove)}
        try:
            run(gmail().users().messages().batchModify(userId="me", body=body), act.context.transport, service=SERVICE)
        except (ServiceDown, Unreadable):
            raise  # it is looked up
        except ToolError as error:
            error.what = f"{error.what}{_until_then(plan.body['new'], done, len(_all(settled)))}"
            raise
        done += len(part.messages)
    return _receipt(act, plan, settled)


def _portions(steps: Iterable[Step]) -> Iterator[Step]:
    """The steps, each about no more mails than one request takes."""
    for step in steps:
        for start in range(0, len(step.messages), MOST):
            yield Step(add=step.add, remove=step.remove, messages=step.messages[start : start + MOST])


def _until_then(label: str, done: int, count: int) -> str:
    """What stands although the rest was refused."""
    made = f" The label “{label}” is there." if label else ""
    return made + (f" {done} of {count} mails were changed before that." if done else "")


def relabelled_before(act: Act, plan: Plan) -> Receipt | None:
    """The receipt where every mail has its labels; None where not: then the steps can be repeated without harm."""
    label = _known(act.context, plan.body["new"]) if plan.body["new"] else ""
    if plan.body["new"] and not label:
        return None
    steps = tuple(_with(step, label) for step in steps_in(plan.body))
    now = labels_now(act.context, _all(steps))
    if not now:
        raise Unsure("None of these mails is in the mailbox any more.", "Look for them at Gmail, in the bin too.")
    if carried_out(steps, now):
        return _receipt(act, plan, steps)
    if act.final and (done := _done_of(steps, now)):
        return _receipt(act, plan, done, of=len(_all(steps)))
    if act.final and plan.body["new"]:
        raise InPart(f"{_until_then(plan.body['new'], 0, 0).strip()} No mail bears it.", "Ask again.", ())
    return None


def carried_out(steps: Iterable[Step], labels: Mapping[str, frozenset[str]]) -> bool:
    """Whether every mail that is still there has what the steps give it, and lacks what they take."""
    return all(_is_so(step, labels[one]) for step in steps for one in step.messages if one in labels)


def _is_so(step: Step, labels: frozenset[str]) -> bool:
    return set(step.add) <= labels and not set(step.remove) & labels


def _done_of(steps: Iterable[Step], labels: Mapping[str, frozenset[str]]) -> list[Step]:
    """The steps, each with only the mails that are as it wants them."""
    kept = [
        step.model_copy(update={"messages": tuple(m for m in step.messages if m in labels and _is_so(step, labels[m]))})
        for step in steps
    ]
    return [step for step in kept if step.messages]


def _receipt(act: Act, plan: Plan, steps: Sequence[Step], of: int = 0) -> Receipt:
    """`of` how many mails it was to be, where it is not all of them."""
    back = [step.back() for step in steps]
    what, named = str(plan.body["what"]), str(plan.body.get("named", ""))
    ref = Ref(kind="relabelling", id=written(back), label=what)
    count = sum(len(step.messages) for step in steps)
    number = f"{count} mail{'' if count == 1 else 's'}"
    told = f"In part: {what}, {count} of {of} mails" if of else f"{what} ({number})"
    return Receipt(
        what=f"{told}: {named}" if named else told,
        id=hashlib.sha256(ref.id.encode()).hexdigest()[:16],
        at=act.context.now,
        ref=ref,
        undo=Undo(tool="restore_labels", args={"change": REF}),
    )


def written(steps: Sequence[Step]) -> str:
    """Steps as the id of a ref: JSON without spaces."""
    return json.dumps([[step.add, step.remove, step.messages] for step in steps], separators=(",", ":"))


def read_steps(identity: str) -> tuple[Step, ...]:
    """The steps of a ref's id. Raises BadArgument."""
    try:
        return tuple(Step(add=add, remove=remove, messages=ids) for add, remove, ids in json.loads(identity))
    except (ValueError, TypeError) as error:
        raise BadArgument("That is no change of labels.", "Name the change by the handle of its receipt.") from error


def _all(steps: Iterable[Step]) -> list[str]:
    return list(dict.fromkeys(one for step in steps for one in step.messages))


def _with(step: Step, label: str) -> Step:
    return Step(add=tuple(label if one == NEW else one for one in step.add), remove=step.remove, messages=step.messages)


def names_of(context: ToolContext) -> dict[str, str]:
    """The names of all labels by id."""
    answer = run(gmail().users().labels().list(userId="me"), context.transport, service=SERVICE)
    return {str(one.get("id", "")): str(one.get("name", "")) for one in answer.get("labels") or ()}


def _known(context: ToolContext, name: str) -> str:
    return next((i for i, known in names_of(context).items() if known.casefold() == name.casefold()), "")


def _made(context: ToolContext, name: str) -> str:
    """The label of that name, made where there is none."""
    if known := _known(context, name):
        return known
    request = gmail().users().labels().create(userId="me", body={"name": name})
    try:
        found = run(request, context.transport, service=SERVICE).get("id")
    except ToolError:
        if known := _known(context, name):  # somebody made it meanwhile
            return known
        raise
    if not found:
        raise Unreadable(f"{SERVICE} made a label and did not say which.", "Look at your labels.")
    return str(found)
