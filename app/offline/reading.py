"""A clause read as each of the tools, and the reading that explains it best.

A reading is worth what the intent model says for it, less what it leaves unexplained: words the tool has never used,
marks that fill none of its arguments, arguments that must be given and are not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from app.offline import lookup
from app.offline.clause import Clause
from app.offline.fill import fill
from app.offline.filling import Filling, Usage, View
from app.offline.forbidden import head
from app.offline.knowledge import ELSE, Knowledge
from app.offline.lexicon import EMPTY, listed
from app.offline.slots import Skill
from app.offline.talk import Talk
from app.offline.unexplained import LOST, MARK, OTHER, WORD, Unexplained
from app.offline.words import Line, Token

_MARKERS = frozenset(listed("ones them those these same instead rather only just others"))
_OPENINGS = (("what", "about"), ("how", "about"), ("make", "it"), ("make", "that"), ("and",), ("but",), ("or",))
_FACTS = frozenset(listed("do did has have had is are was were does"))
"""What begins with one of these, or asks whether, asks how things are; nobody asks so for a text to be written."""
FLOOR = 1.2  # below this nothing was understood
TALK = 2.0  # the same for small talk
LOW = 0.6  # below this neither, where everything said fills an argument
SURE = 2.6  # from here on what is left over does not matter
GUESSED = {"topic": ("<topic>",), "place": ("<at>", "<bare>")}
FAR = 6.0  # a reading worth so much less is none, whatever its words
HEIR = 0.1  # what it is worth more to have a use for all that is said
NEARLY = 0.6  # a reading worth so little less may be taken instead
TALKED = 0.5  # what small talk must be worth
NEAREST = 3  # readings whose tools are offered where none is understood
SPOKEN = 0.8  # below this the words alone ask for nothing: the clause belongs to another


@dataclass(frozen=True)
class Reading:
    """One way to take a clause: what it is worth, and the tokens it does not explain.

    `spoken` is what is said for it by words alone, without those that only fill an argument.
    """

    name: str
    score: float
    spoken: float
    left: tuple[int, ...]
    words: int
    filling: Filling | None = None

    @property
    def understood(self) -> bool:
        floor = TALK if self.filling is None else LOW if self.filling.parts and not self.left else FLOOR
        return self.score >= floor and self.name != ELSE and 2 * len(self.left) <= self.words

    @property
    def sure(self) -> bool:
        return self.understood and (not self.left or self.score >= SURE)

    @property
    def explained(self) -> bool:
        """Whether every word of it is explained, and none was guessed at."""
        return not self.left and not (self.filling and self.filling.guessed)

    def own(self, clause: Clause) -> bool:
        """Whether the clause asks for this by itself: in its own words, or put as a sentence."""
        guessed = self.filling.guessed if self.filling else ()
        put = clause.sentence and not self.left and not guessed and not leans_back(clause)
        lost = self.filling is not None and any(slot.kind for slot in self.filling.missing({}))
        if lost and leans_back(clause):
            return False
        return self.understood and (self.spoken >= SPOKEN or put)


class Reader:
    """Reads clauses with what is known, in view of what was shown."""

    def __init__(self, knowledge: Knowledge, view: View) -> None:
        self.knowledge = knowledge
        self.view = view
        self.unexplained = Unexplained(knowledge, view)

    def readings(self, clause: Clause) -> list[Reading]:
        """Every reading, the best first."""
        scores = self.knowledge.intents.scores(clause)
        facts = clause.line.word(head(clause.line)) in _FACTS or "whether" in clause.line.row
        open_to = (name for name in scores if not (facts and self._composes(name)))
        found = [self._as(name, scores[name], clause) for name in open_to]
        found = [self._looked_up(reading, found) for reading in found]
        found = [self._heir(reading, found) for reading in found]
        return sorted(found, key=lambda reading: -reading.score)

    def _heir(self, reading: Reading, others: list[Reading]) -> Reading:
        """What has a use for all that is said takes over from a sibling that passes some of it over: its words too."""
        if reading.filling is None or self.unexplained.marks(reading.filling) or reading.filling.skill.takes("handle"):
            return reading
        siblings = self.knowledge.siblings(reading.name)
        before = [r for r in others if r.name in siblings and r.understood and r.filling and self._inherits(reading, r)]
        best = max(before, key=lambda r: r.score, default=reading)
        if best.score <= reading.score:
            return reading
        return replace(reading, score=best.score + HEIR, spoken=max(best.spoken, reading.spoken), left=())

    def _inherits(self, heir: Reading, other: Reading) -> bool:
        """Whether the other passes something over, and knows every word that the heir does not."""
        if heir.filling is None or other.filling is None:
            return False
        line, knows = heir.filling.clause.line, self.knowledge.intents.knows
        passed = self.unexplained.passed_over(other.filling, self.unexplained.marks(other.filling))
        return passed > 0 and all(knows(other.name, line.word(i)) for i in heir.left)

    def _composes(self, name: str) -> bool:
        """Whether the tool words a text of what it is told."""
        skill = self.knowledge.skills.get(name)
        return skill is not None and bool(skill.takes("gist"))

    def best(self, clause: Clause) -> Reading | None:
        """The reading that explains the clause best; of those nearly as good, one that it asks for by itself."""
        found = self.readings(clause)
        near = (r for r in found if r.score > found[0].score - NEARLY and not leans_back(clause))
        return next((reading for reading in near if reading.own(clause)), next(iter(found), None))

    def talk(self, clause: Clause) -> Talk | None:
        """The small talk that the clause is most like."""
        scores = self.knowledge.intents.scores(clause)
        best = max(self.knowledge.talks, key=lambda name: scores.get(name, 0.0))
        return self.knowledge.talks[best] if scores.get(best, 0.0) > TALKED else None

    def near(self, clause: Clause) -> list[str]:
        """Requests that share most with the clause, one of each tool that might be meant."""
        held = {t.stem for t in clause.line.tokens if t.word not in EMPTY}
        found: list[tuple[int, str]] = []
        for reading in [r for r in self.readings(clause) if r.filling and r.spoken > 0][:NEAREST]:
            asks = self.knowledge.skills[reading.name].tool.asks
            shared = [(len(held & {t.stem for t in self.knowledge.line(ask).tokens}), ask) for ask in asks]
            found += [max(shared, key=lambda one: one[0])] if shared else []
        return [ask for count, ask in found if count]

    def nouns(self, clause: Clause) -> Iterator[int]:
        """The tokens that name a service, or what its tools show."""
        return self.unexplained.nouns(clause)

    def services(self, clause: Clause, i: int) -> frozenset[str]:
        """The services that the token names, if it does; a channel is of those that have some."""
        return self.unexplained.services(clause, i)

    def without(self, clause: Clause, left_out: Iterable[int]) -> Clause:
        """The clause without some of its tokens."""
        gone = set(left_out)
        return self.only(clause, [i for i in range(len(clause.line)) if i not in gone])

    def only(self, clause: Clause, kept: Iterable[int]) -> Clause:
        """A clause of these tokens, in this order."""
        return self.of(clause, (clause.line.tokens[i] for i in kept))

    def of(self, clause: Clause, tokens: Iterable[Token]) -> Clause:
        """A clause of these tokens, in the place of the other."""
        return self.knowledge.clause(clause.text, Line(tuple(tokens)), clause.moment, shown=clause.shown)

    def addressed(self, opener: Filling) -> list[Filling]:
        """What finds things by who wrote them, the plainest first, where one opens them to turn to that person: "a
        reply to Ana"."""
        clause = opener.clause
        turned = any(p.role == "for" and p.sure for p in clause.people)
        if not turned or not self.knowledge.intents.favours(opener.skill.name, ("<for>",)):
            return []
        finders = [skill for skill in self.knowledge.skills.values() if skill.finds and skill.takes("person")]
        found = [self.filled(skill, clause, loose=True).sure() for skill in finders]
        found = [f for f in found if {slot.name for slot in f.skill.takes("person")} & f.filled]
        return sorted(found, key=lambda f: len(f.skill.slots))

    def _looked_up(self, reading: Reading, others: list[Reading]) -> Reading:
        """A thing that is only described may be looked up first: what describes it is then no riddle."""
        helper = lookup.helper(reading.filling, [r.filling for r in others if r.filling]) if reading.filling else None
        if helper is None:
            return reading
        left = tuple(i for i in reading.left if i not in helper.used)
        spared = WORD * (len(reading.left) - len(left)) + LOST
        return replace(reading, left=left, score=reading.score + spared)

    def _as(self, name: str, score: float, clause: Clause) -> Reading:
        skill = self.knowledge.skills.get(name)
        spoken = self.knowledge.intents.spoken(name, clause, ())
        if skill is None:
            left = self.unexplained.words(name, clause, frozenset())
            marks = [m for m in clause.marks if not self.unexplained.all_known(name, clause, m)]
            cost = (WORD + MARK) * (len(left) + len(marks)) + OTHER * leans_back(clause)
            return Reading(name, score - cost, spoken, left, len(clause.line))
        filling = self.filled(skill, clause)
        left, marks = self.unexplained.words(name, clause, filling.used), self.unexplained.marks(filling)
        filters = {clause.line.tokens[i].stem for i in filling.used}
        return Reading(
            name,
            score - self.unexplained.cost(filling, left, marks),
            self.knowledge.intents.spoken(name, clause, filters),
            (*left, *(i for m in marks for i in m.tokens)),
            len(clause.line),
            filling,
        )

    def filled(self, skill: Skill, clause: Clause, *, loose: bool = False) -> Filling:
        intents, name = self.knowledge.intents, skill.name
        guesses = frozenset(sort for sort, marks in GUESSED.items() if intents.favours(name, marks))
        near = (name, *self.knowledge.siblings(name))
        usage = Usage(partial(intents.knows, name), partial(intents.means, name), partial(intents.familiar, near))
        return fill(Filling(skill, clause, self.view, usage, loose, guesses))

    def adds(self, skill: Skill, clause: Clause) -> Filling | None:
        """The clause as a change to an earlier call of this skill; None if part of it says something else."""
        filling = self.filled(skill, clause, loose=True)
        explained = not self.unexplained.words(skill.name, clause, filling.used) and not self.unexplained.marks(filling)
        return filling if filling.parts and explained else None


def leans_back(clause: Clause) -> bool:
    """Whether the words say that they follow on something."""
    openings = any(clause.line.words(0, len(opening)) == opening for opening in _OPENINGS)
    return openings or any(token.word in _MARKERS for token in clause.line.tokens)
