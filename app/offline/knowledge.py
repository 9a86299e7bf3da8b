"""What the planner knows: the tools' words, learnt once, and how to read a text with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property

from app.offline import amounts, clocks, dates, days, pointing
from app.offline.asks import Ask, Asks
from app.offline.clause import Clause
from app.offline.everyday import ordinary, usual
from app.offline.forbidden import action
from app.offline.intent import Intents, concepts
from app.offline.lexicon import ACTIONS, CONCEPTS, ELSEWHERE, EMPTY, MILD, POLITE, listed
from app.offline.people import Words
from app.offline.slots import Skill
from app.offline.spelling import mended
from app.offline.talk import TALK, Talk
from app.offline.topics import MARKERS
from app.offline.trained.model import model
from app.offline.window import Moment
from app.offline.words import Line, stem, tokens
from tools.base import Tool, ToolNode

_ANY_TIME = Moment(datetime(2026, 1, 7, 12, tzinfo=UTC), 1)
_TIME_WORDS = frozenset(
    (*days.WEEKDAYS, *dates.MONTHS, *days.UNITS, *clocks.PARTS, *amounts.WORDS, *amounts.ORDINALS, *amounts.UNITS,
     "today", "tomorrow", "yesterday", "tonight", "noon", "midday", "midnight", "percent")
)  # fmt: skip
_SLIPS = frozenset(listed("except between everything anything everyone anyone about before after during"))
"""Words that no ask need have, and that are mistyped like any other."""
ELSE = "elsewhere"
AMBIGUOUS = frozenset({"google"})


class Knowledge:
    """Built from the tools present, in some milliseconds; reading with it needs no tool to run.

    `every` has all skills by name, `skills` those that are reached through their asks.
    """

    def __init__(self, tools: Sequence[Tool], nodes: Mapping[str, ToolNode], asks: Asks) -> None:
        self.tools = tuple(tool for tool in tools if tool.writing is None or tool.name not in model().names)
        self._asks = asks
        self.every = {tool.name: Skill(tool, nodes.get(tool.name)) for tool in tools}
        self.skills = {tool.name: self.every[tool.name] for tool in self.tools}
        self.talks: dict[str, Talk] = {f"talk {talk.name}": talk for talk in TALK}
        kinds = {slot.kind for skill in self.skills.values() for slot in skill.slots if slot.kind}
        self.kinds = pointing.kind_words(kinds)

    @cached_property
    def services(self) -> dict[str, frozenset[str]]:
        """Stem -> the services it names: by their own words, and by those for things that their tools show."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for skill in self.skills.values():
            for word in (skill.service, skill.tool.access.connection) if skill.lists else ():
                for near in next((group for group in CONCEPTS.values() if word in group.split()), word).split():
                    found[stem(near)].add(skill.service)
            for word, kinds in self.kinds.items():
                found[word] |= {skill.service} if skill.lists and set(kinds) & set(skill.mints) else set()
        return {word: frozenset(names) for word, names in found.items() if word not in AMBIGUOUS}

    @cached_property
    def channelled(self) -> frozenset[str]:
        """The services whose tools are asked about a channel."""
        found = (skill for skill in self.skills.values() if skill.lists)
        return frozenset(skill.service for skill in found if any(slot.name == "channel" for slot in skill.slots))

    @cached_property
    def intents(self) -> Intents:
        read = self._read
        asked = {name: [read[ask].features for ask in texts] for name, texts in self._texts.items()}
        return Intents(asked, {tool.name: _words(tool) for tool in self.tools})

    @cached_property
    def _texts(self) -> dict[str, Sequence[str]]:
        tools: dict[str, Sequence[str]] = {tool.name: tool.asks for tool in self.tools}
        return tools | {name: talk.asks for name, talk in self.talks.items()} | {ELSE: ELSEWHERE}

    @cached_property
    def _read(self) -> Mapping[str, Ask]:
        texts = (ask for texts in self._texts.values() for ask in texts)
        return self._asks.read(texts, (f"{word} {' '.join(kinds)}" for word, kinds in self.kinds.items()), self._learnt)

    def _learnt(self, ask: str) -> Ask:
        words = Words(_written, _written)
        clause = Clause(ask, Line(tokens(ask)), _ANY_TIME, words, self.kinds, lower_names=False)
        return Ask(clause.features, action(clause))

    @cached_property
    def heads(self) -> frozenset[str]:
        """The verbs of change that the tools present are asked for with; one that only reads lifts the mild ones."""
        said = [(self._read[ask].action, self.skills[tool.name]) for tool in self.tools for ask in tool.asks]
        return frozenset(verb for verb, skill in said if not skill.reads or verb in MILD)

    @cached_property
    def _right(self) -> frozenset[str]:
        times = _TIME_WORDS | {stem(word) for word in _TIME_WORDS}
        done = {f"{verb}{ending}" for verb in ACTIONS for ending in ("d", "ed")}
        return self.intents.stems | EMPTY | ACTIONS | done | POLITE | MARKERS | ordinary() | times

    @cached_property
    def _lengths(self) -> dict[int, tuple[str, ...]]:
        words: defaultdict[int, list[str]] = defaultdict(list)
        asked = {t.word for tool in self.tools for ask in tool.asks for t in tokens(ask) if not t.capital}
        grouped = {word for group in CONCEPTS.values() for word in group.split()}
        for word in sorted((asked | grouped | _TIME_WORDS | _SLIPS) - amounts.WORDS.keys()):
            if len(word) >= 5 and word.isalpha():
                words[len(word)].append(word)
        return {size: tuple(found) for size, found in words.items()}

    def siblings(self, name: str) -> list[str]:
        """The other tools of the same service."""
        mine = self._households.get(self.skills[name].service, []) if name in self.skills else []
        return [other for other in mine if other != name]

    @cached_property
    def _households(self) -> dict[str, list[str]]:
        """The tools of each service."""
        found = defaultdict[str, list[str]](list)
        for name, skill in self.skills.items():
            if skill.service != "none":
                found[skill.service].append(name)
        return dict(found)

    def line(self, text: str) -> Line:
        """The text as tokens, its misspelt words mended; names with a capital stay as they are."""
        found = tokens(text)
        fixed = mended(found, self._right, self._lengths)
        kept = (a if a.capital and i else b for i, (a, b) in enumerate(zip(found, fixed, strict=True)))
        return Line(tuple(kept))

    def clause(self, text: str, line: Line, moment: Moment, *, shown: bool = True) -> Clause:
        return Clause(text, line, moment, Words(self.common, _written), self.kinds, shown=shown)

    def common(self, word: str) -> bool:
        return _ordinary(word) or self.intents.common(word)


def _written(word: str) -> bool:
    """Common without having learnt anything: what tells names from words in the asks themselves."""
    return word in EMPTY or word in _TIME_WORDS or word in ACTIONS or stem(word) in _GROUPED


def _ordinary(word: str) -> bool:
    return _written(word) or usual(word)


def _words(tool: Tool) -> list[str]:
    """The words a tool uses of itself: its description and the names of its arguments."""
    text = f"{tool.description} {' '.join(tool.parameters)}".replace("_", " ")
    return [token.word for token in tokens(text) if token.kind == "word"]


_GROUPED = frozenset(concepts())
