"""One clause of a request and everything in it that could fill an argument, found before a tool is chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import Literal

from app.offline import amounts, measures, people, pointing, sums, times, topics, window
from app.offline.lexicon import ASKING, EMPTY, FILLERS, listed
from app.offline.window import Moment
from app.offline.words import Line, Token, stem

Tag = Literal[
    "time", "duration", "from", "with", "for", "subject", "at", "bare", "sum", "units", "measure", "pointing", "topic",
    "object", "that",
]  # fmt: skip
_SENTENCE = frozenset(
    listed("what when which who where how do does did is are am was were have any anything something show give tell")
)
_SILENT = frozenset(stem(word) for word in EMPTY - ASKING)
_PAST = frozenset(listed("did was were had happened went attended missed wrote said"))


@dataclass(frozen=True)
class Mark:
    """Tokens `start` to `end` that say something of this sort; `sure` ones may not be left over."""

    tag: Tag
    start: int
    end: int
    sure: bool = True

    @property
    def tokens(self) -> range:
        return range(self.start, self.end)


@dataclass(frozen=True)
class Clause:
    """`text` is the whole request, `line` this clause's tokens of it; `words` tells those that are no names,
    `shown` whether a list is in view that a place in it could be meant."""

    text: str
    line: Line
    moment: Moment
    words: people.Words
    kinds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lower_names: bool = True
    shown: bool = True

    def windows(self, lean: int) -> list[times.Timed]:
        """Stretches of time; a past tense leans back whatever the argument is."""
        return self._back if lean < 0 or self.past else self._ahead

    @cached_property
    def past(self) -> bool:
        return any(token.word in _PAST for token in self.line.tokens)

    @cached_property
    def _ahead(self) -> list[times.Timed]:
        return self._times(1)

    @cached_property
    def _back(self) -> list[times.Timed]:
        return self._times(-1)

    def _times(self, lean: window.Lean) -> list[times.Timed]:
        """Stretches of time; none is the first half of a word, like the night of "night-shift"."""
        found = times.find(self.line, replace(self.moment, lean=lean))
        return [t for t in found if not self.glued(t.end)]

    @cached_property
    def timed(self) -> frozenset[int]:
        return frozenset(i for found in self._ahead for i in range(found.start, found.end))

    @cached_property
    def people(self) -> list[people.Person]:
        return people.find(self.line, self._measured_out, self.words, lower=self.lower_names)

    @cached_property
    def _measured_out(self) -> frozenset[int]:
        return self.timed | _span(self.sum) | {i for m in self.durations for i in range(m.start, m.end)}

    @cached_property
    def durations(self) -> list[amounts.Amount]:
        found: list[amounts.Amount] = []
        i = 0
        while i < len(self.line):
            here = None if i in self.timed else amounts.duration(self.line, i)
            found += [here] if here else []
            i = here.end if here else i + 1
        return found

    @cached_property
    def sum(self) -> sums.Sum | None:
        found = sums.find(self.line)
        return None if found and self.timed.issuperset(range(found.start, found.end)) else found  # "Friday 10-11"

    @cached_property
    def measure(self) -> measures.Measure:
        return measures.find(self.line)

    @cached_property
    def pointings(self) -> list[pointing.Pointing]:
        return pointing.find(self.line, self.timed, self.kinds, shown=self.shown)

    @cached_property
    def topic(self) -> topics.Topic | None:
        """What the clause says it is about: words behind "about" and its like, or in quotes."""
        senders = {i for p in self.people if p.role == "from" for i in range(p.start, p.end)}
        named = {i for p in self.people if p.sure and p.role != "bare" for i in range(p.start, p.end)}
        return topics.find(self.line, self.timed | senders, self.timed | named, self.words)

    def qualifies(self, i: int) -> bool:
        """Whether the token only says more of the topic's last word: "the meeting room" is no meeting."""
        topic = self.topic
        if topic is None or not topic.sure or self.line.kind(i) != "word":
            return False
        return i in (topic.words if topic.held else topic.words[:-1])

    @cached_property
    def marks(self) -> list[Mark]:
        """The marks that do not overlap, the surest sort first."""
        found = [
            *self._measured(),
            *(self._pointed(p) for p in self.pointings),
            *(Mark("time", t.start, t.end) for t in self._ahead),
            *(Mark("duration", d.start, d.end) for d in self.durations),
            *([self._topical(self.topic)] if self.topic else []),
            *(Mark(p.role, p.start, p.end, p.sure) for p in self.people),
        ]
        kept: list[Mark] = []
        for mark in found:
            if all(mark.end <= other.start or other.end <= mark.start for other in kept):
                kept.append(mark)
        return sorted(kept, key=lambda mark: mark.start)

    def _pointed(self, found: pointing.Pointing) -> Mark:
        bare = found.that and not found.kinds
        return Mark("that" if bare else "pointing", found.start, found.end, not bare)

    def _topical(self, topic: topics.Topic) -> Mark:
        return Mark("topic" if topic.sure and not topic.held else "object", topic.start, topic.end, topic.sure)

    def _measured(self) -> Iterable[Mark]:
        if self.sum:
            yield Mark("sum", self.sum.start, self.sum.end)
        if self.measure.whole:
            yield Mark("units", min(self.measure.used), max(self.measure.used) + 1)

    @property
    def sentence(self) -> bool:
        """Whether it is put as a question or an order of its own, not as the mere end of one."""
        return any(token.word in _SENTENCE for token in self.line.tokens)

    @cached_property
    def content(self) -> tuple[int, ...]:
        """The tokens that need an explanation: not surely marked, not empty, no signs."""
        marked = {i for mark in self.marks if mark.sure for i in mark.tokens}
        return tuple(i for i, token in enumerate(self.line.tokens) if i not in marked and _speaks(token))

    def _leads(self, i: int, mark: Mark) -> bool:
        """Whether the word says no more than the mark behind it: the "with" of a name."""
        return i >= 0 and self.line.word(i) not in FILLERS and people.ROLES.get(self.line.word(i)) == mark.tag

    def glued(self, i: int) -> bool:
        """Whether a hyphen joins the token to the one before it: the "off" of "Kick-off"."""
        tokens = self.line.tokens
        return 0 < i < len(tokens) and self.text[tokens[i - 1].end : tokens[i].start] == "-"

    def whole(self, i: int) -> str:
        """The word at token `i`, with what hyphens join to it before: "field-notes" in "the field-notes channel"."""
        start = i
        while self.glued(start):
            start -= 1
        return self.said(range(start, i + 1))

    def said(self, used: Iterable[int]) -> str:
        """These tokens as they were typed, from the first to the last."""
        places = [self.line.tokens[i] for i in sorted(used)]
        if any(token.text not in self.text[token.start : token.end] for token in places):
            return " ".join(token.text for token in places)  # a name stands there for "her"
        return self.text[places[0].start : places[-1].end] if places else ""

    @cached_property
    def features(self) -> tuple[str, ...]:
        """What the intent model weighs: stems, pairs of neighbours, and the marks."""
        by_start = {mark.start: mark for mark in self.marks}
        row: list[str] = []
        i = 0
        while i < len(self.line):
            mark = by_start.get(i)
            token = self.line.tokens[i]
            if mark:
                row = [*row[:-1], f"<{mark.tag}>"] if self._leads(i - 1, mark) else [*row, f"<{mark.tag}>"]
                row += ["file"] if token.kind == "file" else []
            elif token.kind == "channel":
                row.append("<channel>")
            elif token.kind in {"word", "number"} and token.word not in FILLERS:
                row.append("<number>" if token.kind == "number" else stem(token.word))
            i = mark.end if mark else i + 1
        pairs = [f"{a} {b}" for a, b in pairwise(["^", *row, "$"])]
        return (*(word for word in dict.fromkeys(row) if word not in _SILENT), *dict.fromkeys(pairs))


def _speaks(token: Token) -> bool:
    return token.kind != "symbol" and token.word not in EMPTY


def _span(found: sums.Sum | None) -> frozenset[int]:
    return frozenset(range(found.start, found.end)) if found else frozenset()
