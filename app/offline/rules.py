"""A request as rules read it: cut into clauses, each read by itself, joined or carried over where need be.

Law: what is ordered is told from what is asked; what no rule explains is said to be unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.offline import across, followup, gist, hours, inside, lately, naming, plainly, split
from app.offline.across import Crossing
from app.offline.clause import Clause
from app.offline.forbidden import forbidden
from app.offline.group import Group, add
from app.offline.knowledge import Knowledge
from app.offline.orders.ordering import Ordering
from app.offline.plan import Plan
from app.offline.reading import SURE, Reader, Reading, leans_back
from app.offline.thread import Thread
from app.offline.window import Moment
from app.offline.words import Line

NEARLY = 0.6  # a reading worth so little less may be taken instead
CERTAIN = 6.0  # from here on a clause of little words alone is a request: "where are we at"
LITTLE = 6  # words of a sentence that only says more of the one before it


@dataclass(frozen=True)
class Read:
    """What the rules came to: `across` where several services are asked for one thing, `changed` where a call made
    before is asked for anew with what the words change, `explained` where no word was left over or guessed at, `rows`
    where people are named in a row, which rules count."""

    plan: Plan
    across: bool
    changed: bool
    explained: bool
    rows: bool


class Rules:
    """One request being read."""

    def __init__(self, line: Line, reader: Reader, ordering: Ordering, thread: Thread, moment: Moment) -> None:
        self._knowledge: Knowledge = reader.knowledge
        self._line, self._reader, self._ordering = line, reader, ordering
        self._thread, self._moment = thread, moment
        self._gist = ""
        self._across = self._changed = False
        self._explained = True

    def read(self, plan: Plan) -> Read:
        """The request as one that answers and corrects nothing, read into the plan."""
        line = self._line
        rows = bool(self._clause(0, len(line)).rows)
        parts = self._ordering.told(line)
        for part, about in parts:
            if part.opening:
                self._ordering.take(line, part, plan, about)
            else:
                self._line = Line(line.tokens[part.start : part.end])
                self._ask(plan)
        said = plan.steps or plan.talks or plan.cannot or plan.question or plan.unknown or plan.open or plan.notes
        if not said:
            self._line = line
            plan.unknown.append(self._clause(0, len(line)).said(range(len(line))))
        return Read(plan, self._across, self._changed, self._explained, rows)

    def _ask(self, plan: Plan) -> None:
        """Read what is no order."""
        self._gist = self._said()
        whole = self._clause(0, len(self._line))
        listed = plainly.everywhere(whole, self._reader, self._best)
        groups = [Group(0, len(self._line), listed)] if listed else self._groups()
        self._across |= any(isinstance(group.taken, Crossing) for group in groups)
        self._changed |= any(isinstance(group.taken, list) for group in groups)
        self._explained &= all(isinstance(group.taken, Reading) and group.taken.explained for group in groups)
        for group in groups:
            add(plan, group, self._clause(group.start, group.end), self._reader, self._gist)

    def _clause(self, start: int, end: int) -> Clause:
        line = Line(self._line.tokens[start:end])
        shown = bool(self._reader.view.lists)
        return self._knowledge.clause(self._thread.now.request, line, self._moment, shown=shown)

    def _said(self) -> str:
        """What a text that is asked for is to say, taken off the line; "" where the request has no such end."""
        found = gist.find(self._line, self._takes_gist)
        if found is None:
            return ""
        said = self._clause(0, len(self._line)).said(range(found[1], len(self._line)))
        self._line = Line(self._line.tokens[: found[0]])
        return said.strip("\"'“”‘’ ")

    def _takes_gist(self, line: Line) -> bool:
        """Whether the last piece of the line asks for a text that somebody else is to read."""
        last = split.pieces(line, ())[-1:]
        clauses = [self._clause(piece.start, piece.end) for piece in last]
        best = [self._best(clause) for clause in clauses]
        return any(r.understood and r.filling and r.filling.skill.takes("gist") for r in best)

    def _groups(self) -> list[Group]:
        whole = self._clause(0, len(self._line))
        held = {i for mark in whole.marks for i in range(mark.start + 1, mark.end)} | split.pairs(whole)
        held |= across.joints(whole, self._reader)
        groups: list[Group] = []
        pieces = split.pieces(self._line, held)
        listed = self._listed(whole, pieces)
        if listed:
            return [Group(0, len(self._line), listed)]
        for piece in pieces:
            own = None if split.fronted(self._line, pieces, piece) else self._own(piece.start, piece.end)
            here = Group(piece.start, piece.end, own)
            joined = self._beside(groups[-1], here, fresh=piece.fresh) if groups else None
            groups[-1:] = [joined] if joined else [*groups[-1:], here]
        return [self._carried(group) for group in groups if self._says(group)]

    def _listed(self, whole: Clause, pieces: Sequence[split.Piece]) -> Reading | None:
        """Pieces that only commas part, none of them a sentence, as one request that has a use for each of them:
        "mentions of me, slack, this week"."""
        if not split.in_a_row(self._line, pieces) or whole.sentence:
            return None
        best = self._best(whole)
        return best if best.own(whole) and best.filling and not best.left and not best.filling.guessed else None

    def _beside(self, before: Group, here: Group, *, fresh: bool) -> Group | None:
        """A piece that is no clause by itself joins the one before it, or the one after it in the same sentence."""
        if isinstance(before.taken, Crossing) and isinstance(here.taken, Crossing) and not fresh:
            both = self._own(before.start, here.end)
            same = isinstance(both, Crossing) and len(both.steps) == len(here.taken.steps)
            return Group(before.start, here.end, both) if same else None
        if here.taken is None and before.taken is None and not fresh:
            whole = self._own(before.start, here.end)
            return Group(before.start, here.end, whole) if whole else None
        if here.taken is None:
            return self._joined(before, here)
        more = self._added(before, here) if fresh and here.end - here.start <= LITTLE else None
        if more:
            return more
        return self._joined(here, before) if before.taken is None and not fresh else None

    def _added(self, before: Group, here: Group) -> Group | None:
        """A sentence that only says more of what was asked before it: "When are we free? An hour would do."."""
        first, then = before.taken, here.taken
        if not isinstance(first, Reading) or not isinstance(then, Reading) or first.name != then.name:
            return None
        same = not (first.filling and then.filling) or first.filling.filled & then.filling.filled
        if same or any(self._reader.nouns(self._clause(here.start, here.end))):
            return None
        whole = self._own(before.start, here.end)
        return Group(before.start, here.end, whole) if isinstance(whole, Reading) and whole.name == first.name else None

    def _own(self, start: int, end: int) -> Reading | Crossing | str | None:
        """How the tokens are taken by themselves: a reading, or the verb of something that cannot be done."""
        clause = self._clause(start, end)
        verb = forbidden(clause, self._knowledge.heads)
        if verb:
            return verb
        again = lately.asked(clause, self._reader, self._thread)
        if again:
            return again
        steps = inside.asked(clause, self._reader) or hours.between(clause, self._reader)
        crossing = Crossing(tuple(steps)) if steps else across.crossing(clause, self._reader)
        if crossing:
            return crossing
        best = self._best(clause)
        named = naming.asked(clause, self._reader)
        if named:
            return self._reader.opening(clause) or Crossing(tuple(named))
        on = start == 1 and self._line.word(0) == "and" and bool(self._thread.before)  # "and the day after that?"
        bare = not clause.content and not any(mark.sure and not (on and mark.tag == "time") for mark in clause.marks)
        if best.filling and bare and (best.filling.skill.slots or best.score < CERTAIN):
            return None
        return best if best.own(clause) or (best.understood and clause.pointings) else None

    def _best(self, clause: Clause) -> Reading:
        """The best reading; of those nearly as good, one that the clause asks for by itself."""
        found = self._reader.readings(clause)
        near = (r for r in found if r.score > found[0].score - NEARLY and not leans_back(clause))
        return next((reading for reading in near if reading.own(clause)), found[0])

    def _joined(self, main: Group, other: Group) -> Group | None:
        """Both as one clause, if that is the same intent and explains the other part."""
        if not isinstance(main.taken, Reading) or main.taken.filling is None:
            return None
        start, end = min(main.start, other.start), max(main.end, other.end)
        taken = self._own(start, end)
        if not isinstance(taken, Reading) or taken.name != main.taken.name:
            return None
        added = set(range(other.start - start, other.end - start))
        guessed = taken.filling.guessed & added if taken.filling else frozenset()
        return Group(start, end, taken) if len(taken.left) <= len(main.taken.left) and not guessed else None

    def _carried(self, group: Group) -> Group:
        """A clause that only follows on a call made before is taken as a change to it."""
        clause = self._clause(group.start, group.end)
        own = isinstance(group.taken, Reading) and group.taken.own(clause)
        if isinstance(group.taken, str | Crossing) or (own and not leans_back(clause)):
            return group
        opened = None if own or leans_back(clause) else self._reader.opening(clause)
        if opened:
            return Group(group.start, group.end, opened)
        found = followup.changes(clause, self._reader, self._thread)
        if found and leans_back(clause) and not any(self._reader.nouns(clause)):
            return Group(group.start, group.end, found)
        if isinstance(group.taken, Reading) and (own or not found):
            same = [c for c in found if c.past.name == group.taken.name]
            return Group(group.start, group.end, same or group.taken)
        if found:
            return Group(group.start, group.end, found)
        best = self._reader.readings(clause)[0]
        alone = (clause.content or best.score >= SURE) and not leans_back(clause)
        return Group(group.start, group.end, best if best.sure and alone else None)

    def _says(self, group: Group) -> bool:
        clause = self._clause(group.start, group.end)
        return group.taken is not None or bool(clause.content or clause.marks)
