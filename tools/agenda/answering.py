"""Plans to answer an invitation. Law: only what the person says changes; the others stand as they are."""

from __future__ import annotations

from typing import Any, Literal

from tools.agenda.amending import extent_rows, stands
from tools.agenda.changing import change_plan, undone_by
from tools.agenda.event import Answer
from tools.agenda.parse import attendees_of
from tools.agenda.surroundings import around, clashes, invited
from tools.agenda.target import Target, Which, same_event, target
from tools.agenda.telling import title_of
from tools.base import ToolContext
from tools.errors import BadArgument
from tools.write import Plan, Row

Reply = Literal["accepted", "declined", "tentative"]
SPOKEN: dict[Reply, str] = {"accepted": "yes", "declined": "no", "tentative": "maybe"}
GIVEN_BY_SERVICE = ("self", "organizer", "id")


def plan_answer(context: ToolContext, handle: str, answer: Reply, note: str, *, which: Which) -> Plan:
    """Raises BadArgument where nobody asked the person, or the answer is the same; ToolError."""
    found = target(context, handle, which=which)
    own = next((one for one in attendees_of(found.raw) if one.me), None)
    if own is None:
        raise BadArgument("You are not among those invited to that event.", "There is nothing to answer.")
    if own.answer == answer and not note:
        raise BadArgument(f"You have said {SPOKEN[answer]} to it already.", "Give another answer, or a note.")
    event, organiser = found.event, found.event.organiser
    told = not found.mine and bool(organiser.address)
    clash = _meets(context, found) if answer != "declined" else []
    former = own.answer if own.answer in SPOKEN and own.answer != answer else ""
    said = f"“{title_of(event)}” on {stands(context, event)}"
    return change_plan(
        f"Answer “{title_of(event)}”: {SPOKEN[answer]}",
        found,
        (
            Row(label="title", value=title_of(event)),
            Row(label="when", value=stands(context, event)),
            Row(label="answer", value=SPOKEN[answer], before=_before(own.answer)),
            *([Row(label="note", value=note)] if note else []),
            *extent_rows(found),
        ),
        patch={"attendees": _answered(found, answer, note)},
        done=f"You said {SPOKEN[answer]} to {said}{found.extent_briefly}",
        notify=told,
        recipients=invited([organiser] if told else []),
        effects=(*([f"{organiser.shown} gets your answer by mail"] if told else []), *clash),
        undo=undone_by("answer_invitation", answer=former) if former else None,
    )


def _meets(context: ToolContext, found: Target) -> list[str]:
    return clashes(context, around(context, found.span), [found.span], same_event(found))


def _answered(found: Target, answer: Reply, note: str) -> list[dict[str, Any]]:
    """Everybody as they stand, with my own answer; the service takes the list whole."""
    mine = {"responseStatus": answer} | ({"comment": note} if note else {})
    return [
        {name: value for name, value in one.items() if name not in GIVEN_BY_SERVICE} | (mine if one.get("self") else {})
        for one in found.raw.get("attendees") or ()
    ]


def _before(answer: Answer) -> str:
    """What was said until now."""
    return "none yet" if answer == "own" or answer == "unanswered" else SPOKEN[answer]
