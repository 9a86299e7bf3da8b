"""The requests that are typed in one go, each with the tool it most likely asks for."""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.offline.slots import Skill
from app.offline.thread import Outcome, Past, Thread
from app.offline.trained import features
from app.offline.trained.features import ENDS, JOINTS, NOTHING
from app.offline.trained.model import Model
from app.offline.words import Line

SHARE = 0.5  # how much it weighs how sure the requests are, beside how likely the cuts between them
UNLIKELY = 0.05  # no cut is thought of that is less likely
CERTAIN = 0.999  # no cut is surer, so that any way to cut has some likelihood
ELSEWHERE = 0.05  # what is left of a share where a thing of another kind would be needed
FILE = "file"
DONE = "done"  # the context behind a change
_SHOWN = {"find_slots": "slots"}
"""What a tool shows that is not the first kind of thing of its service."""
_NAMED = {"arithmetic": "sum"}
_ALIKE = (
    frozenset({"cancel_event", "delete_tasks", "delete_message", "trash_document", "discard_draft"}),
    frozenset({"restore_event", "restore_tasks", "restore_document", "restore_labels"}),
    frozenset({"move_event", "change_task"}),
)
"""Tools that do the same with things of different kinds."""


@dataclass(frozen=True)
class Piece:
    """Tokens `start` to `end` ask for `name`, as surely as `share` says, of one; `shares` are those of all."""

    start: int
    end: int
    name: str
    share: float
    shares: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Pieces:
    """Cuts a line of requests. `points` tells the kind of the thing that tokens point at without a word for it; nothing
    is cut at the `whole` ones. `kinds` are those that a stem names, `listed` the context that the newest list of
    several gave, `hand` the kinds of what is in hand, the newest last."""

    line: Line
    model: Model
    skills: Mapping[str, Skill]
    points: Callable[[int, int], str]
    whole: Container[int] = ()
    kinds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    listed: str = ""
    hand: Sequence[str] = ()

    def found(self, context: str) -> list[Piece]:
        """The cuts that make it the likeliest, all requests together."""
        tokens = self.line.tokens
        cuts = {i: self.model.cut(tokens, i) for i in features.joints(tokens)}
        # behind a colon stands a text
        colon = next((i for i in range(len(tokens)) if self.line.word(i) == ":"), len(tokens))
        cuts = {
            i: min(share, CERTAIN)
            for i, share in cuts.items()
            if share > UNLIKELY and i < colon and i not in self.whole
        }
        best: dict[int, tuple[float, list[Piece]]] = {0: (0.0, [])}
        for end in (*cuts, len(tokens)):
            found = [self._with(best[start], start, end, context, cuts) for start in best]
            best[end] = max(found, key=lambda one: one[0])
        return best[len(tokens)][1] if tokens else []

    def _with(
        self, before: tuple[float, list[Piece]], start: int, end: int, context: str, cuts: Mapping[int, float]
    ) -> tuple[float, list[Piece]]:
        """What comes before, and one more request up to the end, cut nowhere else."""
        value, found = before
        last = end
        while end < len(self.line) and last > start + 1 and self.line.word(last - 1) in JOINTS - ENDS:
            last -= 1
        piece = self.heard(start, last, after(context, [one.name for one in found], self.skills))
        whole = sum(math.log(1 - share) for i, share in cuts.items() if start < i < end)
        apart = math.log(cuts[end]) if end in cuts else 0.0
        return value + whole + apart + SHARE * math.log(piece.share), [*found, piece]

    def heard(self, start: int, end: int, context: str) -> Piece:
        """What these tokens most likely ask for: what is pointed at is of the kind that was shown."""
        shares = self._shares(start, end, context)
        pointed = self.points(start, end)
        for name in shares.keys() & self.skills.keys() if pointed else ():
            kinds = {slot.kind for slot in self.skills[name].required if slot.kind}
            shares[name] *= ELSEWHERE if kinds and pointed not in kinds else 1.0
        named = self._named(start, end)
        for name in shares.keys() & self.skills.keys() if named else ():
            kinds = {slot.kind for slot in self.skills[name].required if slot.kind}
            shares[name] *= ELSEWHERE if self.skills[name].reads and kinds and kinds.isdisjoint(named) else 1.0
        whole = sum(shares.values())
        shares = {name: share / whole for name, share in shares.items()}
        name = max(shares, key=shares.__getitem__)
        return Piece(start, end, self._of_kind(name, pointed), shares[name], shares)

    def _of_kind(self, name: str, pointed: str) -> str:
        """The tool, or where it needs a thing of another kind than is pointed at, the one that does as much with such a
        thing, or with what else is in hand."""
        skill = self.skills.get(name)
        needs = {slot.kind for slot in skill.required if slot.kind} if skill else set[str]()
        if not pointed or skill is None or not needs or pointed in needs:
            return name
        opens = skill.reads and any(skill.opens(one) for one in needs)
        same = next((group for group in _ALIKE if name in group), frozenset[str]())
        for kind in (pointed, *reversed(self.hand)):
            others = (one for one in self.skills.values() if kind in {slot.kind for slot in one.required})
            alike = (one.name for one in others if (one.reads and one.opens(kind) if opens else one.name in same))
            found = next(alike, "")
            if found:
                return found
        return name

    def _shares(self, start: int, end: int, context: str) -> dict[str, float]:
        """How likely each is; behind a change the list that was shown before it counts as much."""
        tokens = self.line.tokens[start:end]
        told = dict(self.model.asked(tokens, context))
        if context != DONE or not self.listed:
            return told
        listed = self.model.asked(tokens, self.listed)
        return {name: (share + listed[name]) / 2 for name, share in told.items()}

    def _named(self, start: int, end: int) -> set[str]:
        """The kinds that a thing must be of which bears the name of a file, or the word for one."""
        tokens = self.line.tokens[start:end]
        files = any(token.kind == "file" for token in tokens)
        return {FILE, *(kind for token in tokens for kind in self.kinds.get(token.stem, ()))} if files else set()


def after(context: str, names: Iterable[str], skills: Mapping[str, Skill]) -> str:
    """The context behind requests for these tools: what the last of them shows."""
    for name in names:
        skill = skills.get(name)
        context = _SHOWN.get(name, f"{skill.mints[0]}s") if skill and skill.lists else context
    return context


def context(thread: Thread, skills: Mapping[str, Skill]) -> str:
    """The kind of thing that was shown last, in the plural where it was a list; what else was done last."""
    results = [one for turn in thread.before for one in turn.results if one[1].status == "ok"]
    return _shown(*results[-1], skills) if results else NOTHING


def _shown(past: Past, outcome: Outcome, skills: Mapping[str, Skill]) -> str:
    kinds = [ref.kind for ref in outcome.refs]
    if outcome.receipt:
        return "draft" if kinds == ["draft"] else DONE
    if kinds:
        return kinds[0] + "s" * (len(kinds) > 1 or kinds[0] == "slot")
    node = skills[past.name].node if past.name in skills else None
    return _NAMED.get(node.name, node.name) if node else NOTHING
