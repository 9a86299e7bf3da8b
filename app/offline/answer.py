"""The words of an answer: what the calls found, what failed and what to do about it, what was not understood.

Law: of a result only its lead, or its failure, is said; everything else comes from the request and the tools present.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from app.offline.plan import Plan, Question
from app.offline.talk import examples
from app.offline.thread import Outcome, Past, Turn
from tools.base import Tool


def told(plan: Plan, turn: Turn, used: Collection[str], tools: Sequence[Tool], now: datetime) -> str:
    """The whole answer of a turn. `used` are the calls that only looked up what a later one needed."""
    parts = [
        *_results(turn, used),
        *(talk.answer(tools, now) for talk in plan.talks if not turn.calls),
        *([f"Not searched, since I have no search by topic there: {', '.join(plan.blind)}."] if plan.blind else []),
        *_unused(plan.unused),
        *_cannot(plan),
        *([_question(plan.question)] if plan.question else []),
        *(f"What would you like to know about {_quoted(text)}?" for text in plan.open),
        *([f"I read only the first {plan.cut} words of that."] if plan.cut else []),
        *_unknown(plan, tools, answered=bool(turn.calls or plan.talks)),
    ]
    return "\n\n".join(part for part in parts if part)


def _results(turn: Turn, used: Collection[str]) -> Iterable[str]:
    """What each call came to, in call order. A call that only looked something up is silent."""
    return (_result(past, outcome) for past, outcome in turn.results if past.id not in used)


def _result(past: Past, outcome: Outcome) -> str:
    if outcome.status == "ok":
        return outcome.lead or f"{past.name} gave a result that has no summary."
    what = outcome.what or f"{past.name} did not come to a result."
    return f"{what} {outcome.next}".strip()


def _unused(texts: Sequence[str]) -> Iterable[str]:
    if texts:
        yield f"I could not take {_listed(texts)} into account."


def _cannot(plan: Plan) -> Iterable[str]:
    for text, verb in zip(plan.cannot, plan.verbs, strict=True):
        yield f"I cannot do that yet: {_quoted(text)}. None of my tools can {verb} anything; nothing was changed."


def _question(question: Question) -> str:
    about = question.slot.about.rstrip(".")
    told = f" ({about[0].lower()}{about[1:]})" if about else ""
    if question.slot.kind:
        how = "Say “the second one”, or a word of its title." if question.shown else "Ask for a list first."
        return f"Which {question.slot.name} do you mean? {how}"
    if question.why:
        return f"That {question.slot.name.replace('_', ' ')} will not do: {question.why}. What should it be{told}?"
    return f"What should the {question.slot.name.replace('_', ' ')} be{told}?"


def _unknown(plan: Plan, tools: Sequence[Tool], *, answered: bool) -> Iterable[str]:
    offered = examples(tools)
    for text in plan.unknown:
        yield f"I did not understand {_quoted(text)}." if text else "I did not understand that."
    if (plan.unknown or plan.cannot) and offered and not answered:
        yield "You can ask me, for example:\n" + "\n".join(f"- {ask}" for ask in offered)


def _listed(texts: Sequence[str]) -> str:
    return " and ".join(_quoted(text) for text in texts)


def _quoted(text: str) -> str:
    return f"“{text}”" if len(text) <= 80 else f"“{text[:79].rstrip()}…”"
