"""What the person said to a proposal instead of yes or no: the proposal is made anew with that, or one thing is asked.

Law: the person's words alone revise it, as the graph hands them over; what a service or a text says never does.
"""

from __future__ import annotations

from datetime import datetime

from app.offline import followup, rounds
from app.offline.knowledge import Knowledge
from app.offline.orders import revising
from app.offline.orders.order import Missing, NotAnOrder, Order
from app.offline.orders.ordering import Ordering
from app.offline.plan import Plan
from app.offline.reading import Reader
from app.offline.thread import Outcome, Past, Thread, Turn
from app.offline.window import Moment
from app.offline.words import Line

SAID = "Not executed. The person says:"


def revise(plan: Plan, thread: Thread, knowledge: Knowledge, now: datetime) -> None:
    """Put the proposals that were answered in words into the plan again, once its own calls are made."""
    seen = 0
    while not rounds.course(plan, thread.now).due and seen < len(thread.now.calls):
        past = thread.now.calls[seen]
        seen += 1
        said = _said(thread.now.outcomes.get(past.id))
        if said and past.name in knowledge.every:
            _again(plan, past, _order(said, thread, knowledge, now))


def goes_on(plan: Plan, line: Line, thread: Thread, ordering: Ordering) -> bool:
    """Take the request as words to what was turned down in the turn before; False where it is about something else."""
    turn = thread.before[-1] if thread.before else None
    down = [past for past, outcome in turn.results if outcome.status == "not_executed"] if turn else []
    if not down or not turn or down[-1:] != turn.calls[-1:] or not len(line) or ordering.other(line):
        return False
    try:
        plan.steps += revising.follows(ordering.whole(line, plan), down[-1])
    except (NotAnOrder, Missing):
        return False
    return True


def _said(outcome: Outcome | None) -> str:
    if outcome is None or outcome.status != "not_executed" or not outcome.what.startswith(SAID):
        return ""
    return outcome.what.removeprefix(SAID).strip()


def _order(said: str, thread: Thread, knowledge: Knowledge, now: datetime) -> Order:
    """What was said, in view of all that was shown up to then."""
    talk = Thread((*thread.turns, Turn(said)), thread.number)
    reader = Reader(knowledge, followup.view(talk, ""))
    return Ordering(reader, talk, Moment(now, 1)).whole(knowledge.line(said), Plan())


def _again(plan: Plan, past: Past, order: Order) -> None:
    try:
        plan.steps += revising.steps(order, past)
    except Missing as missing:
        plan.question = plan.question or missing.question
    except NotAnOrder:
        return
    plan.revised.add(past.id)
