"""What a person answered to a pause, in every shape a client may send it. Law: what is unclear is no decision.

Understood: a HITLResponse (`{"decisions": [...]}`), a list of decisions, a single one, a map of ids to decisions, bare
words and booleans, and Agent Inbox's `{"type": "accept", "args": ...}`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

YES = frozenset(
    {"yes", "y", "yes please", "yes, please", "yep", "yeah", "sure", "ok", "okay", "approve", "approved", "accept"}
    | {"send", "do it", "please do", "go ahead", "ja", "sí", "oui"}
)
NO = frozenset(
    {"no", "n", "no thanks", "no, thanks", "nope", "reject", "rejected", "deny", "ignore", "cancel", "don't", "stop"}
    | {"nein", "non"}
)


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Approve(_Shape):
    type: Literal["approve"] = "approve"


class Action(_Shape):
    name: str
    args: dict[str, Any]


class Edit(_Shape):
    type: Literal["edit"] = "edit"
    edited_action: Action


class Reject(_Shape):
    type: Literal["reject"] = "reject"
    message: str = ""


class Respond(_Shape):
    """Not now: what the person says about it goes back to the model."""

    type: Literal["respond"] = "respond"
    message: str = Field(min_length=1)


Decision = Approve | Edit | Reject | Respond
_DECISION: TypeAdapter[Decision] = TypeAdapter(Annotated[Decision, Field(discriminator="type")])


class Unclear(Exception):
    """An answer that cannot be read; the text says why, for the person."""


def decisions(answer: object, ids: Sequence[str], names: Sequence[str]) -> dict[str, Decision]:
    """The decision of each id, where `answer` says one; `names` are the actions' names. Raises Unclear."""
    if isinstance(answer, Mapping) and isinstance(answer.get("decisions"), Mapping | list):
        answer = answer["decisions"]
    if isinstance(answer, list):
        if len(answer) == 1 and len(ids) == 1:
            return {ids[0]: _one(answer[0], names[0])}
        if len(answer) != len(ids):
            raise Unclear(f"there are {len(ids)} things to decide, and the answer decides {len(answer)}")
        return {i: _one(part, name) for i, part, name in zip(ids, answer, names, strict=True)}
    if isinstance(answer, Mapping) and "type" not in answer:
        return _by_id(answer, ids, names)
    if len(ids) > 1 and isinstance(answer, Mapping) and answer.get("type") in ("edit", "respond"):
        raise Unclear("it is not said which of them this is about; decide each by its id")
    return {i: _one(answer, name) for i, name in zip(ids, names, strict=True)}


def _by_id(answer: Mapping[Any, Any], ids: Sequence[str], names: Sequence[str]) -> dict[str, Decision]:
    strangers = [str(key) for key in answer if key not in ids]
    if strangers or not answer:
        raise Unclear(f"{', '.join(strangers) or 'nothing'} is not among {', '.join(ids)}")
    return {i: _one(answer[i], name) for i, name in zip(ids, names, strict=True) if i in answer}


def _one(answer: object, name: str) -> Decision:
    """One decision about an action of this name. Raises Unclear."""
    if isinstance(answer, bool):
        return Approve() if answer else Reject()
    if isinstance(answer, str):
        return _word(answer)
    if not isinstance(answer, Mapping):
        raise Unclear("it is neither a decision nor yes or no")
    try:
        found = _DECISION.validate_python(_modern(dict(answer), name))
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        raise Unclear(f"{'.'.join(map(str, problem['loc'])) or 'the answer'}: {problem['msg']}") from None
    if isinstance(found, Edit) and found.edited_action.name != name:
        raise Unclear(f"an edit may change the arguments, never the tool: this is {name}")
    return found


def _word(text: str) -> Decision:
    plain = " ".join(text.lower().split()).strip(".!")
    if plain in YES:
        return Approve()
    if plain in NO:
        return Reject()
    raise Unclear("say yes or no to each")


def _modern(answer: dict[str, Any], name: str) -> dict[str, Any]:
    """Agent Inbox said accept, ignore, response and edit with `args`."""
    kind, args = answer.get("type"), answer.get("args")
    if kind == "accept" and set(answer) <= {"type", "args"} and args is None:
        return {"type": "approve"}
    if kind == "ignore":
        return {"type": "reject"}
    if kind == "response":
        return {"type": "respond", "message": args if isinstance(args, str) else ""}
    if kind == "edit" and isinstance(args, Mapping):
        action = (
            {"name": args.get("action", name), "args": args["args"]} if "args" in args else {"name": name, "args": args}
        )
        return {"type": "edit", "edited_action": action}
    return answer
