"""From a thread to a plan: what answers, corrects or needs no reading first; else what the model hears, or rules read.

Law: the same thread gives the same plan, so a turn can be planned again after each round of results.
"""

from __future__ import annotations

from datetime import datetime

from app.offline import correcting, feedback, followup, lately, proposing, resumed, talk, wordings, zones
from app.offline.clause import Clause
from app.offline.filling import Filling
from app.offline.heard import pieces, taking
from app.offline.heard.pieces import Pieces
from app.offline.knowledge import Knowledge
from app.offline.orders.ordering import Ordering
from app.offline.plan import Plan
from app.offline.reading import Reader
from app.offline.rules import Rules
from app.offline.thread import Thread
from app.offline.trained.model import model
from app.offline.window import Moment
from app.offline.words import Line

UNDOING = "undo-"  # how the id of a call begins that the graph made to take a receipt back
LONGEST = 150  # words of a request that are read: nobody asks for more at once, but a text may be pasted


class Planning:
    """One request being planned."""

    def __init__(self, knowledge: Knowledge, thread: Thread, now: datetime) -> None:
        self._knowledge = knowledge
        self._thread = thread
        self._moment = Moment(now, 1, resumed.anchor(thread))
        line = wordings.plain(knowledge.line(thread.now.request))
        self._line = Line(line.tokens[:LONGEST])
        self._cut = len(line) > LONGEST
        self._reader = Reader(knowledge, followup.view(thread, self._topic()))
        self._line = followup.named(self._line, self._reader.view)
        self._ordering = Ordering(self._reader, thread, self._moment)

    def plan(self) -> Plan:
        plan = self._first()
        proposing.alone(plan, self._knowledge.every)
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
            proposing.propose(plan, answered[0], answered[1], self._reader, "")
            return plan
        line = self._line
        if self._ordering.reply(line, plan) or feedback.goes_on(plan, line, self._thread, self._ordering):
            return plan
        return self._corrected() or self._heard(line, plan.cut)

    def _heard(self, line: Line, cut: int) -> Plan:
        """The request as the trained model hears it, where that is surer than what the rules come to."""
        known = model()
        skills = self._knowledge.every
        heard = Pieces(line, known, skills, self._points).found(pieces.context(self._thread, skills))
        first = self._simple(line)
        if first:
            return first
        read = Rules(line, self._reader, self._ordering, self._thread, self._moment).read(Plan(cut=cut))
        clauses = [self._clause(piece.start, piece.end) for piece in heard]
        best = read.plan
        if taking.follows(read, heard, known.names, skills):
            best = taking.better(taking.plan(heard, clauses, self._reader, self._thread, known), read, heard, skills)
        if taking.names(best) == [piece.name for piece in heard]:
            lost = taking.unread(heard, clauses, known)
            best.unused += [text for text in lost if not any(text in told or told in text for told in best.unused)]
        return best

    def _points(self, start: int, end: int) -> bool:
        """Whether these tokens point at a thing that was shown, by no word for its kind."""
        return any((p.place or p.that) and not p.kinds for p in self._clause(start, end).pointings)

    def _simple(self, line: Line) -> Plan | None:
        """What needs no reading: a courtesy, the time elsewhere, the same again, a text wanted in another manner."""
        plan = Plan()
        manner = lately.manner(line, self._reader, self._thread)
        again = None if manner else resumed.resumed(line, self._thread, self._knowledge.skills)
        mere = None if manner or again else talk.mere(line) or zones.asked(line)
        plan.notes += [manner] if manner else []
        plan.steps += [again] if again else []
        plan.talks += [mere] if mere else []
        return plan if manner or again or mere else None

    def _corrected(self) -> Plan | None:
        """What the request before comes to with the person that is named now in the place of the other."""
        anew = correcting.corrected(self._clause(0, len(self._line)), self._thread, self._knowledge)
        return Planning(self._knowledge, anew, self._moment.now)._first() if anew else None

    def _clause(self, start: int, end: int) -> Clause:
        line = Line(self._line.tokens[start:end])
        shown = bool(self._reader.view.lists)
        return self._knowledge.clause(self._thread.now.request, line, self._moment, shown=shown)

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
        clause = self._clause(0, len(self._line))
        filling = self._reader.adds(skill, clause)
        return (filling, dict(asked.args)) if filling and asked.missing in filling.filled else None
