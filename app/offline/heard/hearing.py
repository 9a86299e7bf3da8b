"""A request as it is heard: cut into what is asked for, each made into calls, or told why it comes to none.

Law: a change is proposed only of what orders it; what comes to no call is said to be so, never passed over.
"""

from __future__ import annotations

from dataclasses import replace

from app.offline import followup, picking, pointing, proposing, talk
from app.offline.clause import Clause
from app.offline.filling import Filling
from app.offline.forbidden import forbidden
from app.offline.heard import everywhere, makers, mood, narrowed, taking_back, ways, whom
from app.offline.heard.before import Before
from app.offline.heard.making import Making
from app.offline.heard.marking import marked
from app.offline.heard.pieces import DONE, Piece, Pieces, context
from app.offline.heard.said import TEXTS, Said, lost_texts, lost_times, reasons
from app.offline.lexicon import ACTIONS, listed
from app.offline.orders.order import Missing, NotAnOrder, in_hand
from app.offline.plan import Plan, Question
from app.offline.reading import Reader, Reading, leans_back
from app.offline.slots import Skill
from app.offline.thread import Thread
from app.offline.trained.model import model
from app.offline.trained.tagging import Span
from app.offline.window import Moment
from app.offline.words import Line

TALK, NONE, EVERYWHERE, UNDO, LATER = "chat", "none", "everywhere", "undo", "later"
_ABLE = frozenset(listed("can could do does did is are will would what how which who why where"))
INSTEAD = {"draft_reply": "suggest_reply"}  # what can be done where a tool is not there
LEAST = 0.25  # so sure must it be of what only reads
ORDERED = 0.45  # and of a change, which is shown before it is made
LIKELY = 0.04  # and so likely of what a change that is not ordered may be asked about with
CERTAIN = 0.95  # the same where the words say that they follow on something
DOUBT = 0.1  # so likely must it be that nothing here does it, where it begins with a verb that nothing here has
SURE = 0.6  # from here on a request of its own is no change to the one before
NOT_LATER = "I can only do that now, not once something else happens: “{text}”. Nothing was changed."


class Hearing:
    """One request being heard."""

    def __init__(self, line: Line, reader: Reader, thread: Thread, moment: Moment) -> None:
        self._line, self._reader, self._thread, self._moment = line, reader, thread, moment
        self._every = reader.knowledge.every
        self._before = Before(line, reader, thread, moment)
        whole = self._clause(0, len(line))
        joined = everywhere.joined(whole, reader) | mood.condition(line.row)
        kinds = reader.knowledge.kinds
        several = next((refs[0].kind for refs in reader.view.lists if len(refs) > 1), "")
        before = several and f"{several}s"
        self._cutting = Pieces(line, model(), self._every, self._points, joined, kinds, before, [*reader.view.hand])
        self._context = context(thread, self._every)
        found = (self._reckoned(piece) for piece in self._cutting.found(self._context))
        self.pieces = [one for piece in found for one in self._parted(piece)]

    def plan(self, plan: Plan) -> Plan:
        """What the pieces come to, put into the plan."""
        for piece in self.pieces:
            if plan.question:
                break  # what follows may be about the thing that is asked for
            self._take(piece, plan)
        if plan == Plan(cut=plan.cut):
            plan.unknown.append(self._clause(0, len(self._line)).said(range(len(self._line))))
        return plan

    def _reckoned(self, piece: Piece) -> Piece:
        """The piece; what is a sum and nothing else is reckoned: "add 15% to 240"."""
        told = self._clause(piece.start, piece.end).sum
        sums = next((name for name, skill in self._every.items() if skill.reads and skill.takes("sum")), "")
        if not sums or told is None or not told.worked or (told.start, told.end) != (0, piece.end - piece.start):
            return piece
        return replace(piece, name=sums, share=1.0)

    def _parted(self, piece: Piece) -> list[Piece]:
        """The piece, or its two where a change that has no text is joined to another by a verb of its own: "finish the
        first and delete the second"."""
        skill = self._every.get(piece.name)
        clause = self._clause(piece.start, piece.end)
        if skill is None or not skill.writes or any(s.argument in TEXTS for s in self._spans(piece, clause)):
            return [piece]
        line, inside = self._line, range(piece.start + 2, piece.end - 1)
        at = next((i for i in inside if line.word(i - 1) == "and" and line.word(i) in ACTIONS), None)
        if at is None:
            return [piece]
        ends = ((piece.start, at - 1), (at, piece.end))
        two = [self._cutting.heard(start, end, self._context) for start, end in ends]
        return two if two[0].name != two[1].name else [piece]

    def asks(self, but: str) -> float:
        """How surely it asks for something that a tool does, `but` that one."""
        asked = self._every.keys() - {but} | {EVERYWHERE}
        return max((p.share for p in self.pieces if p.name in asked), default=0.0)

    @property
    def chats(self) -> bool:
        """Whether it is small talk, and nothing else."""
        return all(piece.name == TALK and piece.share >= SURE for piece in self.pieces)

    def _take(self, piece: Piece, plan: Plan) -> None:
        clause = self._clause(piece.start, piece.end)
        if piece.name == LATER and mood.mannered(clause.line.row):
            rest = {name: share for name, share in piece.shares.items() if name != LATER}
            piece = replace(piece, name=max(rest, key=rest.__getitem__), share=ORDERED)
        if self._strange(clause, plan):
            return
        fewer = narrowed.again(clause, self._thread, self._every)
        if fewer:
            plan.steps.append(fewer)
            return
        if self._followed(piece, clause, plan):
            return
        if piece.name == UNDO:
            plan.notes.append(taking_back.told(self._thread))
        elif piece.name == LATER:
            _put_off(clause, plan)
        elif piece.name == TALK:
            self._chat(clause, plan)
        elif piece.name == EVERYWHERE or self._of_several(piece, clause):
            steps, blind = everywhere.asked(clause, self._spans(piece, clause), self._reader)
            plan.steps += steps
            plan.blind += blind
            if not steps:
                self._declared(clause, plan)
        else:
            self._asked(piece, clause, plan)

    def _of_several(self, piece: Piece, clause: Clause) -> bool:
        """Whether something is looked for in several services that are named: "in my mail or in drive"."""
        skill = self._every.get(piece.name)
        finds = skill is not None and skill.finds
        return finds and len(everywhere.named(clause, self._spans(piece, clause), self._reader)) > 1

    def _asked(self, piece: Piece, clause: Clause, plan: Plan) -> None:
        """The calls of the tool that is asked for; of the likeliest that only reads, where no change is ordered."""
        skill = self._every.get(piece.name)
        if skill is None:
            self._absent(piece, clause, plan)
            return
        beside = self._beside_text(piece, clause)
        if skill.writes and mood.conditional(beside):
            _put_off(clause, plan)
            return
        if skill.writes and (piece.share < ORDERED or not mood.orders(beside, piece.name)):
            reading = self._reading(piece)
            if reading is None:
                self._cannot(clause, plan)
                return
            skill, piece = self._every[reading.name], reading
        doubted = piece.shares.get(NONE, 0.0) >= DOUBT and forbidden(clause, self._reader.knowledge.heads)
        if piece.share < LEAST or (skill.reads and doubted):
            self._declared(clause, plan)
            return
        self._make(skill, clause, self._spans(piece, clause), plan)

    def _make(self, skill: Skill, clause: Clause, spans: list[Span], plan: Plan) -> None:
        known = whom.known(self._clause(0, self._before.start(clause)), self._thread, self._reader.view.hand)
        said = Said(skill, clause, spans, self._reader, known)
        hand = in_hand(self._reader.view.hand, plan)
        making = Making(said, self._thread, plan, hand, self._before.kept(skill, clause, plan))
        try:
            made = makers.steps(making)
            lost = lost_times(clause, spans) + (reasons(clause, spans) + lost_texts(said) if skill.writes else [])
            plan.unused += [one for one in lost if one not in plan.unused]
            told = ways.chosen(making, made)
            plan.question = told if isinstance(told, Question) else None
            plan.steps += [] if isinstance(told, Question) else told
        except Missing as missing:
            plan.question = missing.question
        except NotAnOrder:
            self._declared(clause, plan)

    def _beside_text(self, piece: Piece, clause: Clause) -> Clause:
        """The words but for a text: what is to be told may well report, deny, ask or set a condition."""
        told = {i for s in self._spans(piece, clause) if s.argument in TEXTS for i in range(s.start, s.end)}
        colon = next((i for i, word in enumerate(clause.line.row) if word == ":"), len(clause.line))
        told |= {*range(colon, len(clause.line))}
        return self._reader.without(clause, told) if told and told < {*range(len(clause.line))} else clause

    def _reading(self, piece: Piece) -> Piece | None:
        """The likeliest of what only reads, if it is likely at all."""
        reads = {name for name, skill in self._every.items() if skill.reads}
        shares = {name: share for name, share in piece.shares.items() if name in reads}
        best = max(shares, key=shares.__getitem__, default="")
        if not best or shares[best] < LIKELY:
            return None
        return replace(piece, name=best, share=shares[best] / sum(shares.values()))

    def _declared(self, clause: Clause, plan: Plan) -> None:
        """The clause by what the tools say of themselves; else what cannot be done, or is not known."""
        best = self._reader.best(clause)
        if best and best.filling and best.sure:
            self._propose(best, best.filling, plan)
        else:
            self._cannot(clause, plan)

    def _propose(self, reading: Reading, filling: Filling, plan: Plan) -> None:
        proposing.propose(plan, filling, {}, self._reader)
        picking.left(plan, reading, self._reader)

    def _absent(self, piece: Piece, clause: Clause, plan: Plan) -> None:
        """What no tool here is for: refused where it is a change, else the nearest to it."""
        instead = self._every.get(INSTEAD.get(piece.name, ""))
        if forbidden(clause, self._reader.knowledge.heads):
            self._cannot(clause, plan)
        elif instead:
            self._make(instead, clause, self._spans(piece, clause), plan)
        else:
            self._declared(clause, plan)

    def _cannot(self, clause: Clause, plan: Plan) -> None:
        text = clause.said(range(len(clause.line)))
        verb = forbidden(clause, self._reader.knowledge.heads)
        if verb:
            plan.cannot.append(text)
            plan.verbs.append(verb)
        else:
            plan.unknown.append(text)
            plan.near += self._reader.near(clause)

    def _chat(self, clause: Clause, plan: Plan) -> None:
        known = self._reader.talk(clause)
        asks = "?" in clause.line.row or clause.line.word(0) in _ABLE
        if known or not asks:
            plan.talks.append(known or talk.named("thanks"))
        elif len(self.pieces) == 1:
            self._declared(clause, plan)

    def _strange(self, clause: Clause, plan: Plan) -> bool:
        """Take the clause for a tool that no example names, where it explains it best."""
        known = model().tools | {*model().names}
        if known >= self._reader.knowledge.skills.keys():
            return False
        best = self._reader.best(clause)
        if best is None or best.filling is None or best.name in known or not best.own(clause):
            return False
        self._propose(best, best.filling, plan)
        return True

    def _followed(self, piece: Piece, clause: Clause, plan: Plan) -> bool:
        """Take the clause for a change to a call of the turn before, where it only makes sense so."""
        calls = {past.name for past in (self._thread.before[-1].calls if self._thread.before else ())}
        leans = leans_back(clause)
        timed = clause.timed and not clause.content  # a time, of which nothing is asked: "and next week?"
        own = piece.name not in calls and piece.share >= (CERTAIN if leans else SURE) and not timed
        if not calls or plan.steps or own or (clause.sentence and not leans):
            return False
        found = followup.changes(clause, self._reader, self._thread)
        same = [one for one in found if one.past.name == piece.name]
        for change in same or found:
            proposing.propose(plan, change.filling, followup.kept(change), self._reader)
        return bool(found)

    def _points(self, start: int, end: int) -> str:
        """The kind of the thing that these tokens point at, by no word for it; "" where they do not."""
        lists, hand = self._reader.view.lists, [*self._reader.view.hand]
        for p in self._clause(start, end).pointings:
            ref = pointing.shown(p, lists) if p.place and not p.kinds else None
            if ref or (p.that and not p.kinds and (hand or lists)):
                return ref.kind if ref else self._lately
        return ""

    @property
    def _lately(self) -> str:
        """The kind of thing that was shown last, or changed."""
        changed = next(reversed([*self._reader.view.hand]), "") if self._context == DONE else ""
        shown = changed or self._context.rstrip("s")
        kinds = {slot.kind for skill in self._every.values() for slot in skill.slots if slot.kind}
        return shown if shown in kinds else ""

    def _clause(self, start: int, end: int) -> Clause:
        line = Line(self._line.tokens[start:end])
        shown = bool(self._reader.view.lists)
        moment = self._before.moment(start)
        return self._reader.knowledge.clause(self._thread.now.request, line, moment, shown=shown)

    def _spans(self, piece: Piece, clause: Clause) -> list[Span]:
        return marked(clause, piece.name, self._every.get(piece.name))


def _put_off(clause: Clause, plan: Plan) -> None:
    """Say that it can only be done now."""
    plan.notes.append(NOT_LATER.format(text=clause.said(range(len(clause.line)))))
