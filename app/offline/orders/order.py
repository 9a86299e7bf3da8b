"""One order being understood: its deed, the words that say what it acts on, and the text it carries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.offline.clause import Clause
from app.offline.lexicon import EMPTY
from app.offline.plan import Plan, Question, Step, Wait
from app.offline.reading import Reader
from app.offline.slots import Skill, Slot
from app.offline.thread import Ref, Thread
from app.offline.words import Line, stem

_NO_NAMES = frozenset({"cc", "bcc", "re", "subject", "copy"})


@dataclass(frozen=True)
class Order:
    """`clause` holds the words that say what is acted on, or when; `told` is all that was typed of it.

    `plan` is what the same request has come to so far; `hand` the handle of each kind that is in hand. `blocks`: time
    is only kept free, so that no hour need be said.
    """

    clause: Clause
    reader: Reader
    thread: Thread
    plan: Plan
    told: str = ""
    hand: Mapping[str, str] = field(default_factory=dict)
    blocks: bool = False

    @property
    def line(self) -> Line:
        return self.clause.line

    @property
    def now(self) -> datetime:
        return self.clause.moment.now

    @property
    def lists(self) -> tuple[tuple[Ref, ...], ...]:
        return tuple(self.reader.view.lists)

    def skill(self, name: str) -> Skill | None:
        return self.reader.knowledge.every.get(name)

    def has(self, *words: str) -> bool:
        """Whether one of these words, or a form of it, is said."""
        stems = {stem(word) for word in words}
        return any(token.stem in stems or token.word in words for token in self.line.tokens)

    def names(self, kind: str) -> list[int]:
        """The tokens that stand for things of this kind."""
        return [i for i, token in enumerate(self.line.tokens) if kind in self.clause.kinds.get(token.stem, ())]

    def without(self, gone: Iterable[int]) -> Clause:
        return self.reader.without(self.clause, gone)

    def content(self, but: Iterable[int] = ()) -> list[int]:
        """The tokens that say something, without those in `but`."""
        gone = {*but}
        tokens = self.line.tokens
        return [i for i, t in enumerate(tokens) if i not in gone and t.kind != "symbol" and t.word not in EMPTY]

    def people(self, *but: str) -> list[tuple[str, range]]:
        """Names and addresses as typed, and where; a name in lower case counts straight behind the verb."""
        people = (p for p in self.clause.people if p.role not in but and p.name.lower() not in _NO_NAMES)
        found = [(p.name, range(p.start, p.end)) for p in people]
        first = self.line.word(0)
        plain = self.line.kind(0) == "word" and first not in EMPTY and not self.clause.words.common(first)
        if plain and not any(0 in where for _, where in found):
            found.insert(0, (self.line.tokens[0].text, range(1)))
            found += [one for one in self._joined(1) if not any(one[1].start in where for _, where in found)]
        return found

    def _joined(self, i: int) -> list[tuple[str, range]]:
        """Further names in lower case, each behind "and" or a comma: the second of "bea and tom"."""
        line, found = self.line, list[tuple[str, range]]()
        while line.word(i) in {"and", "&", ","} and line.kind(i + 1) == "word":
            word = line.word(i + 1)
            if word in EMPTY | _NO_NAMES or self.clause.words.common(word) or i + 1 in self.clause.timed:
                break
            found.append((line.tokens[i + 1].text, range(i + 1, i + 2)))
            i += 2
        return found


class Missing(Exception):
    """Something essential was not said: the question to put, and the argument its answer fills."""

    def __init__(self, question: Question) -> None:
        super().__init__(question.slot.name)
        self.question = question


class NotAnOrder(Exception):
    """The words turn out to order nothing that a tool here does."""


def slot(skill: Skill, name: str) -> Slot:
    """An argument of the tool. Raises KeyError where it has none of this name."""
    return {one.name: one for one in skill.slots}[name]


def must(order: Order, name: str) -> Skill:
    """The tool of this name. Raises NotAnOrder where it is not present."""
    skill = order.skill(name)
    if skill is None:
        raise NotAnOrder(name)
    return skill


def step(order: Order, name: str, args: Mapping[str, Any], wait: Wait | None = None) -> Step:
    """The call with what is given, in the tool's own arguments. Raises Missing for one that must be given and is not,
    or will not do."""
    skill = must(order, name)
    known = {slot.name for slot in skill.slots}
    given = {key: value for key, value in args.items() if value is not False and value not in ("", None, [])}
    kept = {key: value for key, value in given.items() if key in known}
    waited = {wait.argument, *(("end",) if wait.take == "span" else ())} if wait else set[str]()
    for one in skill.required:
        if one.name not in kept and one.name not in waited:
            raise Missing(Question(name, kept, one, ask="" if one.sort == "to_unit" else ASKED.get(one.name, "")))
    if not waited:
        refused = skill.refuses({key: _unsourced(value) for key, value in kept.items()})
        if refused:
            rest = {key: value for key, value in kept.items() if key != refused[0].name}
            raise Missing(Question(name, rest, *refused))
    return Step(name, kept, wait)


def _unsourced(value: Any) -> Any:
    """The value without the handles inside it, which only the graph resolves."""
    if isinstance(value, list):
        return [_unsourced(one) for one in value]
    return {k: v for k, v in value.items() if k != "source"} if isinstance(value, dict) else value


def in_hand(hand: Mapping[str, str], plan: Plan) -> dict[str, str]:
    """The handle of each kind that is in hand, this request's own calls last."""
    found = dict(hand)
    for one in plan.steps:
        for value in one.args.values():
            for handle in value if isinstance(value, list) else [value]:
                kind, colon, number = str(handle).partition(":")
                if colon and kind.isalpha() and number.isdigit():
                    found.pop(kind, None)
                    found[kind] = str(handle)
    return found


ASKED = {
    "body": "What should it say?",
    "text": "What should it say?",
    "content": "What should it say?",
    "label": "Which label?",
    "to": "To whom?",
    "channel": "In which channel?",
    "person": "To whom?",
    "start": "When? Give a day and a time.",
    "title": "What should it be called?",
    "draft": "Which draft? Ask for one first, for example “draft a reply to the first one saying …”.",
    "items": "Of what? For example “remind me to call the bank by Friday”.",
    "due": "By when?",
}
