"""From a thread to a plan: what answers, corrects or goes on with the turn before; else what is heard in the request.

Law: the same thread gives the same plan, so a turn can be planned again after each round of results.
"""

from __future__ import annotations

from datetime import datetime

from app.offline import (
    chosen,
    correcting,
    feedback,
    followup,
    manner,
    operators,
    picking,
    proposing,
    resumed,
    spoken_of,
    talk,
    zones,
)
from app.offline.answering import Answering
from app.offline.clause import Clause
from app.offline.filling import Filling
from app.offline.heard.hearing import Hearing
from app.offline.knowledge import Knowledge
from app.offline.plan import Plan
from app.offline.reading import Reader
from app.offline.thread import Thread
from app.offline.window import Moment
from app.offline.words import Line

UNDOING = "undo-"  # how the id of a call begins that the graph made to take a receipt back
LONGEST = 150  # words of a request that are read: nobody asks for more at once, but a text may be pasted


class Planning:
    """One request being planned."""

    def __init__(self, knowledge: Knowledge, thread: Thread, now: datetime) -> None:
        self._knowledge = knowledge
        self._thread = thread
        self._moment = Moment(now, 1, spoken_of.anchor(thread, knowledge.skills, now))
        line = knowledge.line(thread.now.request)
        self._line = Line(line.tokens[:LONGEST])
        self._cut = len(line) > LONGEST
        self._reader = Reader(knowledge, followup.view(thread, self._topic()))
        self._line = followup.named(self._line, self._reader.view)
        self._line = spoken_of.named(self._line, thread, knowledge.skills, now)

    def plan(self) -> Plan:
        plan = self._first()
        picking.of_the_list(plan, self._line, self._thread)
        proposing.ungrouped(plan, self._knowledge.every)
        feedback.revise(plan, self._thread, self._knowledge, self._moment.now)
        return plan

    def _first(self) -> Plan:
        """What the request alone comes to."""
        plan = Plan(cut=LONGEST if self._cut else 0)
        if any(past.id.startswith(UNDOING) for past in self._thread.now.calls):
            return plan  # a receipt is being taken back: what came of it is all there is to say
        if talk.key(self._thread.now.request):
            plan.talks.append(talk.UNASKED)
            return plan
        answered = self._reply()
        if answered:
            proposing.propose(plan, answered[0], answered[1], self._reader)
            return plan
        heard = Hearing(self._line, self._reader, self._thread, self._moment)
        answering = Answering(self._line, self._reader, self._thread, self._moment, heard)
        anew = chosen.chosen(answering, self._thread)
        if anew:
            return Planning(self._knowledge, anew, self._moment.now)._first()
        if answering.reply(plan) or feedback.goes_on(plan, self._thread, answering):
            return plan
        if feedback.once_more(plan, self._thread, answering):
            return plan
        found = self._simple() or self._corrected()
        return found or (plan if feedback.stands(plan, self._thread, answering) else heard.plan(plan))

    def _simple(self) -> Plan | None:
        """What needs no hearing: a courtesy, the time elsewhere, the same again, a search typed in operators."""
        plan = Plan()
        as_wanted = manner.told(self._line, self._reader, self._thread)
        again = resumed.resumed(self._line, self._thread, self._knowledge.skills)
        again = again or operators.searched(self._thread.now.request, self._knowledge.skills.values())
        mere = None if again else talk.mere(self._line) or zones.asked(self._line)
        plan.notes += [as_wanted] if as_wanted else []
        plan.steps += [again] if again else []
        plan.talks += [mere] if mere else []
        return plan if as_wanted or again or mere else None

    def _corrected(self) -> Plan | None:
        """What the request before comes to with the person that is named now in the place of the other."""
        anew = correcting.corrected(self._clause(), self._thread, self._knowledge)
        return Planning(self._knowledge, anew, self._moment.now)._first() if anew else None

    def _clause(self) -> Clause:
        shown = bool(self._reader.view.lists)
        return self._knowledge.clause(self._thread.now.request, self._line, self._moment, shown=shown)

    def _topic(self) -> str:
        """What "it" may be about: what this request says first, else what the last call was about."""
        clause = self._knowledge.clause(self._thread.now.request, self._line, self._moment, shown=False)
        if clause.topic and clause.topic.sure:
            return clause.said(clause.topic.words)
        return followup.topic(self._thread, self._knowledge.skills)

    def _reply(self) -> tuple[Filling, dict[str, object]] | None:
        """The request as the answer to the question of the turn before."""
        asked = self._thread.before[-1].asked if self._thread.before else None
        skill = self._knowledge.skills.get(asked.name) if asked else None
        if asked is None or skill is None:
            return None
        filling = self._reader.adds(skill, self._clause())
        return (filling, dict(asked.args)) if filling and asked.missing in filling.filled else None
