"""What a reading leaves of its clause unexplained, and what that costs.

Law: whatever is said is paid for once: a word the tool has never used, a mark that fills nothing, an argument that
must be given and is not, a thing of another kind than the tool opens.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.offline.clause import Clause, Mark, Tag
from app.offline.filling import Filling, View
from app.offline.forbidden import action, head
from app.offline.knowledge import Knowledge
from app.offline.lexicon import CONCEPTS, SETS, listed
from app.offline.pointing import Pointing, shown
from app.offline.slots import Sort
from app.offline.words import stem

WORD, MARK, MISSING = 1.8, 2.0, 1.5  # what a word, a mark, a required argument costs when it is left over
PICKED = 1.5  # what a mark costs that tells which of a list is meant
GUESS = 0.9  # what a word costs that was put into an argument for want of anything better
HEAD = 1.5  # what it costs on top that the first word of a request is not understood
OTHER = 3.0  # what it costs to open one kind of thing where another is pointed at
NEAR = 0.8  # what a word costs that only another tool of the same service uses
LOST = 1.0  # what it costs on top that a thing must be named, and nothing points at one
PASSED = 5.0  # what it costs on top to pass over who said it, or what about, where a sibling could ask for that
UNASKED = 5.0  # what it costs to propose where it is asked what is, not what could be
SHOWN = 2.6  # what it is worth that the clause names a thing that was shown
_CAN = frozenset(
    listed("can could would should might may shall free available need sometime squeeze fit suit suits works work")
)
_ROOM = frozenset(stem(word) for name in ("free", "suggest", "find") for word in CONCEPTS[name].split()) | _CAN
_IS = frozenset(listed("who when what which where how do did have has had am is are was were"))
_TIMES = frozenset(listed("time times room window opportunity earliest soonest"))
_TAKES: dict[Tag, Sort] = {"from": "person", "subject": "person", "topic": "topic"}
"""What a mark is asked for with."""


class Unexplained:
    """Tells it of fillings, with what is known and in view of what was shown."""

    def __init__(self, knowledge: Knowledge, view: View) -> None:
        self._knowledge = knowledge
        self._view = view
        self._named: tuple[Clause, tuple[int, ...]] | None = None

    def nouns(self, clause: Clause) -> Iterator[int]:
        """The tokens that name a service, or what its tools show."""
        if self._named is None or self._named[0] is not clause:  # the same clause is read as every tool
            found = (i for i in range(len(clause.line)) if self.services(clause, i) and not clause.qualifies(i))
            self._named = (clause, tuple(found))
        return iter(self._named[1])

    def services(self, clause: Clause, i: int) -> frozenset[str]:
        """The services that the token names, if it does; a channel is of those that have some."""
        if clause.line.kind(i) == "channel":
            return self._knowledge.channelled
        return self._knowledge.services.get(clause.line.tokens[i].stem, frozenset())

    def cost(self, filling: Filling, left: tuple[int, ...], marks: list[Mark]) -> float:
        clause = filling.clause
        guessed = filling.guessed & set(clause.content)
        strange = head(clause.line) in {*left, *guessed}
        missing = filling.missing({})
        lost = any(slot.kind for slot in missing) and not clause.pointings
        each = PICKED if filling.skill.by_time else MARK
        cost = sum(self._word(filling, i) for i in left) + each * len(marks) + GUESS * len(guessed)
        verb = action(clause)
        cost += OTHER * bool(verb and verb not in self._knowledge.heads)
        cost += UNASKED * (_proposes(filling) and _asks_what_is(clause))
        cost += PASSED * self.passed_over(filling, marks)
        cost += MISSING * len(missing) + LOST * lost + HEAD * strange + OTHER * self.elsewhere(filling)
        return cost - SHOWN * self._pointed(filling)

    def passed_over(self, filling: Filling, marks: list[Mark]) -> int:
        """How many marks are left over that another tool of the service has an argument for, and this one none.

        What opens a thing is spared: the other may be what finds it first.
        """
        if filling.skill.takes("handle"):
            return 0
        skills = self._knowledge.skills
        others = [skills[name] for name in self._knowledge.siblings(filling.skill.name)]
        sorts = {_TAKES[m.tag] for m in marks if m.tag in _TAKES}
        return sum(not filling.skill.takes(sort) and any(one.takes(sort) for one in others) for sort in sorts)

    def _word(self, filling: Filling, i: int) -> float:
        """What a word costs that the skill does not explain."""
        word = filling.clause.line.word(i)
        near = any(self._knowledge.intents.knows(name, word) for name in self._knowledge.siblings(filling.skill.name))
        return NEAR if near else WORD

    def elsewhere(self, filling: Filling) -> bool:
        """Whether a thing of another kind is pointed at than the skill opens, or only other services are named."""
        named = [self.services(filling.clause, i) for i in self.nouns(filling.clause)]
        named = [one for one in named if len(one) == 1] or named
        if named and filling.skill.service != "none" and not any(filling.skill.service in one for one in named):
            return True
        if self._many(filling):
            return True
        kinds = {slot.kind for slot in filling.skill.takes("handle")}
        held = bool(kinds) and bool({slot.name for slot in filling.skill.takes("handle")} & filling.filled)
        pointings = [p for p in filling.clause.pointings if p.kinds or p.that or p.place or not held]
        said = {kind for pointing in pointings for kind in pointing.kinds or self._in_view(pointing)}
        shown = set(filling.skill.mints if filling.skill.lists and self._about_it(filling) else ())
        return any(bool(own and said) and own.isdisjoint(said) for own in (kinds, shown))

    def _about_it(self, filling: Filling) -> bool:
        """Whether the clause is about "it" and names no thing of its own: "who changed it"."""
        return any(p.that and not p.kinds for p in filling.clause.pointings) and not any(self.nouns(filling.clause))

    def _many(self, filling: Filling) -> bool:
        """Whether things are named only by a plural that the skill opens one by one."""
        kinds, clause = {slot.kind for slot in filling.skill.takes("handle")}, filling.clause
        words = [t.word for t in clause.line.tokens if kinds & set(clause.kinds.get(t.stem, ()))]
        return bool(words) and not clause.pointings and all(w.endswith("s") and w not in SETS for w in words)

    def _in_view(self, pointing: Pointing) -> Iterable[str]:
        """The kinds of what was shown last, or has been in hand last: what is pointed at without a word for it."""
        if pointing.that:
            return tuple(self._view.hand)[-1:] or self._newest
        ref = shown(pointing, self._view.lists) if pointing.place else None
        return (ref.kind,) if ref else self._newest

    @property
    def _newest(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(ref.kind for refs in self._view.lists[:1] for ref in refs))

    def _pointed(self, filling: Filling) -> int:
        """How surely the clause names a thing that was shown: once for pointing at it, else for each word of it."""
        handles = {slot.name for slot in filling.skill.takes("handle")}
        used = {i for part in filling.parts if handles & set(part.variants[0]) for i in part.used}
        return max(len(used & set(filling.clause.content)), 1) if used else 0

    def words(self, name: str, clause: Clause, used: frozenset[int]) -> tuple[int, ...]:
        knows = self._knowledge.intents.knows
        return tuple(i for i in clause.content if i not in used and not knows(name, clause.line.word(i)))

    def marks(self, filling: Filling) -> list[Mark]:
        """Marks that fill nothing, and were not put into an argument in some other way."""
        marks = [m for m in filling.clause.marks if m.sure and filling.used.isdisjoint(m.tokens)]
        if filling.skill.takes("handle") and not self.elsewhere(filling):
            marks = [m for m in marks if m.tag != "pointing"]
        return [m for m in marks if m.tag == "topic" or not self.all_known(filling.skill.name, filling.clause, m)]

    def all_known(self, name: str, clause: Clause, mark: Mark) -> bool:
        return all(self._knowledge.intents.knows(name, clause.line.word(i)) for i in mark.tokens)


def _proposes(filling: Filling) -> bool:
    """Whether the skill looks for times at which people could meet."""
    return bool(filling.skill.takes("minutes")) and bool(filling.skill.takes("people")) and filling.skill.reads


def _asks_what_is(clause: Clause) -> bool:
    """Whether it is asked what is, not what could be: "when do I meet Ana" against "when can I meet Ana"."""
    line = clause.line
    if _IS.isdisjoint(line.row):
        return False
    asked = any(line.word(i) in _TIMES and line.word(i - 1) not in {"what", "which"} for i in range(len(line)))
    return not (asked or clause.durations or any(t.word in _CAN or t.stem in _ROOM for t in line.tokens))
