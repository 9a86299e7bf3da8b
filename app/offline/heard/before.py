"""What a request keeps of what was said before it: the day, and the arguments of a call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.offline import times
from app.offline.clause import Clause
from app.offline.plan import Plan
from app.offline.reading import Reader, leans_back
from app.offline.slots import Skill
from app.offline.thread import Thread
from app.offline.trained.features import JOINTS
from app.offline.window import Moment, days, midnight
from app.offline.words import Line

SHORT = 8  # tokens of what may be said of a call before without a sentence of its own


@dataclass(frozen=True)
class Before:
    """The line, and what came before it. A clause is of some of its tokens."""

    line: Line
    reader: Reader
    thread: Thread
    now: Moment

    def start(self, clause: Clause) -> int:
        """The token that the clause begins with."""
        return self.line.tokens.index(clause.line.tokens[0])

    def moment(self, start: int) -> Moment:
        """The moment, with the day that was spoken of last before this token; a time on the clock is of that day, where
        it is not over."""
        before = times.find(Line(self.line.tokens[:start]), self.now) if start else []
        found = [one.window for one in before if one.window.start and one.window.start != self.now.now]
        if not found:
            return self.now
        last = found[-1]
        coming = last.start is not None and last.start >= self.now.today and last.grain in {"day", "part", "clock"}
        return replace(self.now, anchor=last.start, there=coming)

    def kept(self, skill: Skill, clause: Clause, plan: Plan) -> Mapping[str, Any]:
        """The arguments that stay: those of the same call before, where only a few words are said of it; those of the
        search before it in this request, where only another service is named; the day, for a "then"."""
        before = self.reader.knowledge.every.get(plan.steps[-1].name) if plan.steps else None
        bare = {*clause.content} <= {*self.reader.nouns(clause)}
        if before and before.finds and skill.finds and before.name != skill.name and bare:
            return _carried(before, plan.steps[-1].args, skill)
        if self._ends_with_then(clause) and skill.by_time and not clause.timed:
            return _of_that_day(clause, skill)
        calls = self.thread.before[-1].calls if self.thread.before else []
        same = [past.args for past in calls if past.name == skill.name and skill.reads and not skill.takes("sum")]
        short = not clause.sentence or leans_back(clause)
        if not (same and short and not plan.steps and len(clause.line) <= SHORT):
            return {}
        return {**same[-1], **_figure(skill, same[-1], clause)}

    def _ends_with_then(self, clause: Clause) -> bool:
        """Whether the line ends with these words, and with "then": the day that was spoken of."""
        words = [token.word for token in clause.line.tokens if token.kind == "word"]
        return words[-1:] == ["then"] and clause.line.tokens[-1] is self.line.tokens[-1]


def _figure(skill: Skill, args: Mapping[str, Any], clause: Clause) -> dict[str, Any]:
    """A bare number as the length that the call before had: "make it 45"."""
    numbers = [i for i in range(len(clause.line)) if clause.line.kind(i) == "number" and i not in clause.timed]
    lengths = [slot.name for slot in skill.takes("minutes") if slot.name in args]
    counts = numbers and clause.line.kind(numbers[0] + 1) == "word" and clause.line.word(numbers[0] + 1) not in JOINTS
    if len(numbers) != 1 or counts or not lengths or clause.durations:
        return {}
    return {lengths[0]: int(float(clause.line.word(numbers[0])))}


def _of_that_day(clause: Clause, skill: Skill) -> dict[str, Any]:
    """The day that was spoken of last, as the tool takes it."""
    if clause.moment.anchor is None:
        return {}
    held = days(midnight(clause.moment.anchor))
    bounds = {"start": held.start, "end": held.end}
    return {slot.name: at.isoformat() for slot in skill.takes("start", "end") if (at := bounds[slot.sort])}


def _carried(before: Skill, args: Mapping[str, Any], skill: Skill) -> dict[str, Any]:
    """The arguments of a search as another takes them."""
    sorts = {slot.name: slot.sort for slot in before.slots}
    own = {slot.sort: slot.name for slot in skill.takes("topic", "person", "since", "until")}
    return {own[sorts[name]]: value for name, value in args.items() if sorts.get(name) in own}
