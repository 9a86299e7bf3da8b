"""The words of an answer: what the calls found, what failed and what to do about it, what was not understood.

Law: of a result only its lead, or its failure, is said; everything else comes from the request and the tools present.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from datetime import datetime

from app.offline import picking
from app.offline.plan import Plan, Question
from app.offline.rounds import Course
from app.offline.talk import examples
from app.offline.thread import Outcome, Past, Turn
from tools.base import Tool

NOT_BOOKED = "Nothing is booked, since no time suits everybody."
NEAREST = f"{NOT_BOOKED} “Book the first” takes the nearest of these all the same; or name other days."
FEW = 5
"""Things that are told apart in one question."""
KINDS = {"slot": "time", "mail": "mail", "file": "document"}
_TURNED_DOWN = (
    (
        "Not executed. The person says:",
        "You said “{why}”, so nothing was changed. Ask again with that, and I propose it anew.",
    ),
    (
        "Not executed: the person said no:",
        "Not executed: you said no: {why}; nothing was changed. Ask again if you want it after all.",
    ),
    (
        "Not executed: the person said no",
        "Not executed: you said no; nothing was changed. Ask again if you want it after all.",
    ),
)


def told(plan: Plan, turn: Turn, course: Course, tools: Sequence[Tool], now: datetime) -> str:
    """The whole answer of a turn; a call that only looked up what a later one needed is silent."""
    parts = [
        *_results(turn, course.used | plan.revised | (course.looked if course.lost or plan.question else set())),
        *(talk.answer(tools, now) for talk in plan.talks if not turn.calls),
        *([f"Not searched, since I have no search by topic there: {', '.join(plan.blind)}."] if plan.blind else []),
        *plan.notes,
        *_lost(course, tools, turn),
        *picking.told(plan.picks, turn),
        *_unused(plan.unused),
        *_cannot(plan, tools),
        *([_question(plan.question)] if plan.question else []),
        *(f"What would you like to know about {_quoted(text)}?" for text in plan.open),
        *([f"I read only the first {plan.cut} words of that."] if plan.cut else []),
        *_unknown(plan, tools, answered=bool(turn.calls or plan.talks)),
    ]
    return "\n\n".join(part for part in parts if part)


def _results(turn: Turn, used: Container[str]) -> Iterable[str]:
    """What each call came to, in call order. A call that only looked something up is silent."""
    return (_result(past, outcome) for past, outcome in turn.results if past.id not in used)


def _result(past: Past, outcome: Outcome) -> str:
    if outcome.status == "ok":
        return outcome.lead or f"{past.name} gave a result that has no summary."
    what = outcome.what or f"{past.name} did not come to a result."
    return _not_done(what) or f"{what} {outcome.next}".strip()


def _lost(course: Course, tools: Sequence[Tool], turn: Turn) -> Iterable[str]:
    """Changes that wait for a thing which was not found, or not told apart from others."""
    steps = course.lost
    writing = {tool.name for tool in tools if tool.writing}
    named = [" ".join(step.wait.words) for step in steps if step.wait and step.wait.named]
    spans = [step for step in steps if step.wait and step.wait.take == "span"]
    waiting = [step for step in steps if step not in spans and step.name in writing]
    kinds = [step.wait.kind for step in waiting if step.wait]
    near = any(ref.kind == "slot" for _, outcome in turn.results for ref in outcome.refs)
    yield from (NEAREST if near else NOT_BOOKED for _ in spans)
    yield from (
        f"None of these is with {_quoted(' '.join(step.wait.words))}." for step in steps if step.wait and step.wait.who
    )
    yield from (f"None of these is called {_quoted(words)}." for words in named)
    seen = len({ref.handle for past, outcome in turn.results if past.id in course.looked for ref in outcome.refs})
    for kind in dict.fromkeys(kinds):
        yield _which(KINDS.get(kind, kind), [ref.handle for ref in course.near if ref.kind == kind], seen)


def _which(kind: str, near: Sequence[str], seen: int = 0) -> str:
    """Which of several that fit alike, by their handles; what they are called stands in the list above."""
    few = near[:FEW]
    if len(few) < 2:
        none = f"None of the {seen} I looked through fits that" if seen else "I could not tell"
        return f"Which {kind} do you mean? {none}, so nothing was changed."
    more = f" There are {len(near) - FEW} more like these." if len(near) > FEW else ""
    return f"Which {kind} do you mean: {', '.join(few[:-1])} or {few[-1]}?{more} Nothing was changed."


def _not_done(what: str) -> str:
    """A write that the person turned down, told to that person; "" for any other outcome."""
    for said, told in _TURNED_DOWN:
        if what.startswith(said):
            return told.format(why=what.removeprefix(said).strip(" .:"))
    return ""


def _unused(texts: Sequence[str]) -> Iterable[str]:
    if texts:
        yield f"I could not take {_listed(texts)} into account."


def _cannot(plan: Plan, tools: Sequence[Tool]) -> Iterable[str]:
    writes = any(tool.writing for tool in tools)
    for text, verb in zip(plan.cannot, plan.verbs, strict=True):
        none = "None of my tools does this" if writes else f"None of my tools can {verb} anything"
        yield f"I cannot do that yet: {_quoted(text)}. {none}; nothing was changed."


def _question(question: Question) -> str:
    if question.ask and not question.why:
        return question.ask
    about = question.slot.about.rstrip(".")
    told = f" ({about[0].lower()}{about[1:]})" if about else ""
    if question.near:
        return _which(question.slot.name, question.near)
    if question.slot.kind:
        how = "Say “the second one”, or a word of its title." if question.shown else "Ask for a list first."
        return f"Which {question.slot.name} do you mean? {how}"
    if question.why:
        return f"That {question.slot.name.replace('_', ' ')} will not do: {question.why}. What should it be{told}?"
    return f"What should the {question.slot.name.replace('_', ' ')} be{told}?"


def _unknown(plan: Plan, tools: Sequence[Tool], *, answered: bool) -> Iterable[str]:
    near, offered = list(dict.fromkeys(plan.near))[:3], examples(tools)
    for text in plan.unknown:
        yield f"I did not understand {_quoted(text)}." if text else "I did not understand that."
    if near:
        yield f"Nearest to it, you can ask me {_either(near)}. “help” lists all I can do."
    elif (plan.unknown or plan.cannot) and offered and not answered:
        yield "You can ask me, for example:\n" + "\n".join(f"- {ask}" for ask in offered)


def _either(texts: Sequence[str]) -> str:
    told = [_quoted(text) for text in texts]
    return " or ".join(filter(None, (", ".join(told[:-1]), told[-1])))


def _listed(texts: Sequence[str]) -> str:
    return " and ".join(_quoted(text) for text in texts)


def _quoted(text: str) -> str:
    return f"“{text}”" if len(text) <= 80 else f"“{text[:79].rstrip()}…”"
