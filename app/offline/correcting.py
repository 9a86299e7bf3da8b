"""Another person in the place of the one asked about before: "no, Daniel Osei", "I meant Li".

Law: the request before is read once more with no more than that name changed; whatever says anything else is a request.
"""

from __future__ import annotations

from dataclasses import replace

from app.offline.clause import Clause
from app.offline.knowledge import Knowledge
from app.offline.lexicon import listed
from app.offline.people import Person
from app.offline.thread import Thread

_BEFORE = frozenset(
    listed("no nope not sorry oops i meant mean actually rather wrong one that is was the , - – . ! oh")
)
_DENIES = frozenset(listed("no nope not sorry oops meant mean actually rather wrong"))
_BEHIND = frozenset(listed("instead please i meant mean of course , . !"))


def corrected(clause: Clause, thread: Thread, knowledge: Knowledge) -> Thread | None:
    """The thread as if the request before had been made now, with the other name; None where that is not meant."""
    turn = thread.before[-1] if thread.before else None
    if turn is None or not turn.calls or _DENIES.isdisjoint(clause.line.row):
        return None
    line = knowledge.line(turn.request)
    text = _request(clause, knowledge.clause(turn.request, line, clause.moment, shown=False))
    return replace(thread, turns=(*thread.before, replace(thread.now, request=text))) if text else None


def _request(clause: Clause, before: Clause) -> str:
    """The request before with the other name in it; "" where the clause is no such correction.

    Behind "not" stands who was not meant: "not Daniel Roth, Daniel Osei".
    """
    named = [p for p in clause.people if clause.line.word(p.start - 1) != "not" or len(clause.people) == 1]
    held = {i for p in clause.people for i in range(p.start, p.end)}
    said = {clause.line.word(i) for i in range(len(clause.line)) if i not in held}
    asked = _distinct(before)
    if len(named) != 1 or len(asked) != 1 or not said & _DENIES or not said <= _BEFORE | _BEHIND:
        return ""
    tokens = before.line.tokens
    old = tokens[asked[0].start : asked[0].end]
    new = clause.said(range(named[0].start, named[0].end))
    return f"{before.text[: old[0].start]}{new}{before.text[old[-1].end :]}"


def _distinct(clause: Clause) -> list[Person]:
    return list({p.name.casefold(): p for p in clause.people if p.role != "at"}.values())
