"""What the person said to a proposal instead of yes or no: the proposal is made anew with that, or as it was.

Law: the person's words alone revise it, as the graph hands them over; what a service or a text says never does.
A change that cannot be read, or carried out, never loses the proposal: it is made again as it stood, with what was
wrong.
"""

from __future__ import annotations

from datetime import datetime

from app.offline import followup, rounds
from app.offline.answering import Answering, whole
from app.offline.knowledge import Knowledge
from app.offline.orders import once_done, revising
from app.offline.orders.order import Missing, NotAnOrder, Order
from app.offline.plan import Plan, Step
from app.offline.reading import Reader
from app.offline.thread import Outcome, Past, Thread, Turn
from app.offline.window import Moment

SAID = "Not executed. The person says:"
LEFT = "Not executed. This call was interrupted"
UNREAD = "I did not understand “{said}” as a change; this is as it was. {hint}"
AS_IT_WAS = "{what} This is as it was before “{said}”."


def revise(plan: Plan, thread: Thread, knowledge: Knowledge, now: datetime) -> None:
    """Put the proposals that were answered in words into the plan again, once its own calls are made."""
    seen, stood, words = 0, None, ""
    while not rounds.course(plan, thread.now).due and seen < len(thread.now.calls):
        past = thread.now.calls[seen]
        seen += 1
        outcome = thread.now.outcomes.get(past.id)
        said = _said(outcome)
        if said and past.name in knowledge.every:
            _again(plan, past, _order(said, thread, knowledge, now))
            stood, words = past, said
        elif outcome and outcome.status == "failed" and stood and past.name == stood.name:
            plan.beside = AS_IT_WAS.format(what=f"{outcome.what} {outcome.next}".strip(), said=words)
            plan.steps.append(Step(stood.name, stood.args))
            plan.revised.add(past.id)
            stood = None


def goes_on(plan: Plan, thread: Thread, answering: Answering) -> bool:
    """Take the request as words to what was turned down, or failed, in the turn before; False where it is about
    something else."""
    turn = thread.before[-1] if thread.before else None
    written = {name for name, skill in answering.skills.items() if skill.writes}
    down = (
        [p for p, o in turn.results if o.status != "ok" and (o.status != "failed" or p.name in written)] if turn else []
    )
    if not down or not turn or down[-1:] != turn.calls[-1:]:
        return False
    try:
        plan.steps += revising.follows(answering.whole(plan), down[-1])
    except (NotAnOrder, Missing):
        return False
    return True


def once_more(plan: Plan, thread: Thread, answering: Answering) -> bool:
    """Take the request as words to the change that was just made; False where it is about something else."""
    if not thread.before:
        return False
    try:
        plan.steps += once_done.steps(answering.whole(plan))
    except (NotAnOrder, Missing):
        return False
    return True


def stands(plan: Plan, thread: Thread, answering: Answering) -> bool:
    """Propose what was left open once more as it was; False where something else is clearly asked for."""
    results = list(thread.before[-1].results) if thread.before else []
    left = [past for past, outcome in results if outcome.what.startswith(LEFT)]
    if not left or left[-1] is not results[-1][0] or answering.clear(left[-1].name):
        return False
    plan.beside = UNREAD.format(said=thread.now.request, hint=revising.hint(left[-1]))
    plan.steps += [Step(past.name, past.args) for past in left]
    return True


def _said(outcome: Outcome | None) -> str:
    if outcome is None or outcome.status != "not_executed" or not outcome.what.startswith(SAID):
        return ""
    return outcome.what.removeprefix(SAID).strip()


def _order(said: str, thread: Thread, knowledge: Knowledge, now: datetime) -> Order:
    """What was said, in view of all that was shown up to then."""
    talk = Thread((*thread.turns, Turn(said)), thread.number)
    reader = Reader(knowledge, followup.view(talk, ""))
    return whole(knowledge.line(said), reader, talk, Moment(now, 1), Plan())


def _again(plan: Plan, past: Past, order: Order) -> None:
    plan.beside = ""
    try:
        plan.steps += revising.steps(order, past)
    except (Missing, revising.Unread) as unclear:
        hint = unclear.hint if isinstance(unclear, revising.Unread) else unclear.question.why
        plan.beside = UNREAD.format(said=order.told, hint=hint).strip()
        plan.steps.append(Step(past.name, past.args))
    except NotAnOrder:
        return
    plan.revised.add(past.id)
