"""What the words of a request stand for, argument by argument, once the model has said which words fill which.

Law: a value is never made up: what no word says is not filled.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import Any

from app.offline import amounts, fill_words, pointing
from app.offline.clause import Clause
from app.offline.filling import Filling
from app.offline.lexicon import EMPTY
from app.offline.orders import saying
from app.offline.orders.saying import QUOTES
from app.offline.reading import Reader
from app.offline.rounds import plain
from app.offline.slots import Skill, Slot
from app.offline.trained.features import JOINTS
from app.offline.trained.tagging import Span
from app.offline.words import Line, stem

TEXTS = frozenset({"text", "title", "subject", "notes"})
"""What a person words: nothing inside is read as anything else."""
ABOUT = TEXTS | {"query", "thing", "label", "folder"}
_TIMES = frozenset({"start", "end", "since", "until", "time", "days", "minutes"})
_WHOLE = frozenset({"value", "unit", "to_unit", "sum", "count", "number"})
_MEANT = frozenset({"choice", "flag"})
_ARTICLES = frozenset({"the", "a", "an", "my", "our"})
_OR = {"create_folder": ("folder",)}
"""What else the title of a new thing may be heard as."""
_JOINED = re.compile(r",| (?:and|or) ")
_BOUNDS = frozenset({"after", "before", "by", "till", "until", "since", "between", "past", "end", "start", "beginning"})
_NEWEST = frozenset({"latest", "newest", "last", "most", "recent"})
_BESIDE = frozenset({"channel", "label", "folder"})
_ALL = frozenset({"all", "everyone", "everybody", "group", "both", "whole", "team", "lot"})
"""Words without which nobody means that everybody gets an answer."""
_STAR = frozenset({"star", "a star", "starred"})
_POLITE = frozenset({"would", "could", "can", "will", "may", "might", "do", "shall"})
_ASKING = frozenset({"if", "whether", "what", "when", "where", "who", "how", "why", "which"})
_FEW = 4  # tokens
_BODIES = frozenset({"body", "text", "content", "note", "gist"})


@dataclass(frozen=True)
class Said:
    """One request, the tool it asks for, and the words that fill its arguments."""

    skill: Skill
    clause: Clause
    spans: Sequence[Span]
    reader: Reader

    def texts(self, *arguments: str) -> list[str]:
        """The words of each stretch that fills one of these arguments, as they were typed."""
        found = (
            self.clause.said(range(s.start, s.end)).strip(QUOTES + " ,") for s in self.spans if s.argument in arguments
        )
        return [text for text in found if text]

    def text(self, *arguments: str) -> str:
        return next(iter(self.texts(*arguments)), "")

    def name(self, *arguments: str) -> list[str]:
        """The same as names: without an article, or the sign of a genitive."""
        return [_bare(text) for text in self.texts(*arguments)]

    def value(self, argument: str) -> str:
        """The one of a closed set that is said."""
        return next((span.value for span in self.spans if span.argument == argument), "")

    def only(self, *arguments: str) -> Clause:
        """The clause of these stretches alone."""
        return self.reader.only(self.clause, self._tokens(*arguments))

    def without(self, arguments: Iterable[str]) -> Clause:
        return self.reader.without(self.clause, self._tokens(*arguments))

    @cached_property
    def ruled(self) -> Filling:
        """What rules find in the words that name no thing, no text and no topic."""
        return self.reader.filled(self.skill, self.without(ABOUT))

    def _tokens(self, *arguments: str) -> list[int]:
        return [i for span in self.spans if span.argument in arguments for i in range(span.start, span.end)]


def _articled(text: str) -> str:
    """The words without the article before them."""
    head, _, rest = text.partition(" ")
    return rest if rest and head.lower() in _ARTICLES else text


def _bare(text: str) -> str:
    return _articled(text).removesuffix("'s").removesuffix("’s")


def trimmed(spans: Sequence[Span], line: Line) -> list[Span]:
    """The stretches, topics without what says which of several is meant: the "latest" of "the latest launch plan"."""
    found = list(spans)
    for i, span in enumerate(found):
        start = span.start + (line.word(span.start) in _ARTICLES) if span.argument == "query" else span.end
        while start < span.end - 1 and line.word(start) in _NEWEST:
            found[i] = replace(span, start=start + 1)
            start += 1
    return found


def lost_times(clause: Clause, spans: Sequence[Span]) -> list[str]:
    """The times among the stretches, as typed, of which some word cannot be told."""
    line = clause.line
    said = {i for i in range(len(line)) if line.kind(i) != "symbol" and line.word(i) not in EMPTY | _BOUNDS}
    times = [range(span.start, span.end) for span in spans if span.argument == "time"]
    return [clause.said(time) for time in times if not clause.timed >= said & {*time}]


Fill = Callable[[Said, Slot], Sequence[Any]]


def filled(said: Said) -> dict[str, Any]:
    """The arguments that the words fill, but for the things that are pointed at."""
    return variants(said)[0]


def variants(said: Said) -> list[dict[str, Any]]:
    """The same for each call: there is one for each stretch of time, each sender, each channel that is named."""
    own: dict[str, list[Any]] = {}
    for slot in said.skill.slots:
        fill: Fill = _VALUES.get(slot.sort, _nothing)
        values = [value for value in fill(said, slot) if value]
        own |= {slot.name: values} if values else {}
    ruled = _ruled(said)
    told = [{name: value for name, value in call.items() if name not in own} | _sure(said, call) for call in ruled]
    found = [{**call, **dict(zip(own, values, strict=True))} for call in told for values in product(*own.values())]
    return [one for i, one in enumerate(found) if one not in found[:i]]


def _ruled(said: Said) -> list[dict[str, Any]]:
    """The times, lengths, measures and choices among what rules find."""
    sorts = _TIMES | _WHOLE | (_MEANT if said.skill.reads else set())
    kept = {slot.name for slot in said.skill.slots if slot.sort in sorts or slot.name in _BESIDE}
    calls = [{name: value for name, value in call.items() if name in kept} for call in said.ruled.calls({})]
    return calls or [{}]


def _sure(said: Said, call: Mapping[str, Any]) -> dict[str, Any]:
    """The choice that a rule knows by its very words goes before the one the model hears in them."""
    return {slot.name: call[slot.name] for slot in said.skill.takes("choice") if slot.name in call}


def _nothing(said: Said, slot: Slot) -> list[Any]:
    return []


def _topic(said: Said, slot: Slot) -> list[str]:
    if slot.name in _BODIES:
        return [worded(said)]
    return [_about(said)] if slot.name == "query" else said.texts(slot.name, *_OR.get(said.skill.name, ()))[:1]


def _about(said: Said) -> str:
    """The topic: what "it" and "the second one" stand for, or the words as typed, without the article before them."""
    clause = said.only("query")
    pointed = next(
        (p for p in clause.pointings if (p.place or p.that) and not p.kinds and len(clause.line) <= _FEW), None
    )
    if pointed:
        ref = pointing.shown(pointed, said.reader.view.lists) if pointed.place else None
        return plain(ref.label) if ref else said.reader.view.topic
    topic = said.clause.topic
    if _mine(said) and not said.text("query"):
        return " ".join(_names(said, "to", "sender", "person"))  # what I wrote to somebody holds the name
    words = said.text("query") or (said.clause.said(topic.words).strip(QUOTES) if topic and topic.sure else "")
    return _without_kind(said, _articled(words))


def _without_kind(said: Said, words: str) -> str:
    """The topic without the kind of document behind it: "the budget spreadsheet"."""
    head, _, last = words.rpartition(" ")
    return head if head and any(stem(last.lower()) in slot.words(c) for slot, c in _kinds(said)) else words


def _kinds(said: Said) -> list[tuple[Slot, str]]:
    return [(slot, choice) for slot in said.skill.takes("choice") if slot.name == "kind" for choice in slot.choices]


def _person(said: Said, slot: Slot) -> list[str]:
    own = fill_words.person(said.ruled)
    return [fill_words.ME] if own and {slot.name: fill_words.ME} in own.variants else _names(said, "sender", "person")


def _mine(said: Said) -> bool:
    return any(_person(said, slot) == [fill_words.ME] for slot in said.skill.takes("person"))


def _people(said: Said, slot: Slot) -> list[list[str]]:
    return [_names(said, "cc") if slot.name == "cc" else _names(said, "to", "person")]


def _names(said: Said, *arguments: str) -> list[str]:
    """Names, those joined by a word apart; what only stands for somebody, "he" or "them", is no name."""
    found = (one.strip(" ,") for text in said.name(*arguments) for one in _JOINED.split(text))
    return [name for name in dict.fromkeys(found) if name and name.lower() not in EMPTY]


def _named(said: Said, slot: Slot) -> list[str]:
    if slot.name in _BODIES:
        return [worded(said)]
    texts = said.name("channel") if slot.name == "channel" else said.texts(slot.name)
    found = [text.lstrip("#").removesuffix(f" {slot.name}") for text in texts]
    if slot.name == "label":
        return ["starred" if text.lower() in _STAR else text for text in found[:1]]
    return found if slot.name == "channel" else found[:1]


def worded(said: Said) -> str:
    """The text as it is sent: as typed, but for the frame of what somebody is asked or thanked for."""
    span = next((span for span in said.spans if span.argument == "text"), None)
    if span is None:
        return ""
    line, end = said.clause.line, _end(said, span)
    polite = line.word(0) in _POLITE and line.word(span.start) not in _POLITE | _ASKING
    while end > span.start + 1 and line.word(end - 1) == "?" and polite:
        end -= 1  # the mark ends the request, not the text
    frame = _frame(said, span)
    start = span.start + (frame == "whether")  # which the frame says
    return saying.text(said.clause.said(range(start, end)), frame)


def _end(said: Said, span: Span) -> int:
    """Where the text ends: with the request, unless something else follows or a joint parts them."""
    line = said.clause.line
    follows = any(other.start >= span.end for other in said.spans)
    apart = line.word(span.end) in JOINTS and line.word(span.start - 1) != ":"
    return span.end if follows or apart else len(line)


def _frame(said: Said, span: Span) -> str:
    line = said.clause.line
    before, first, deeds = line.word(span.start - 1), line.word(span.start), {*line.row[: span.start]}
    if deeds & {"thank", "thanks"} and before == "for":
        return "thanks"
    if "ask" in deeds and first in _ASKING:
        return "whether" if first in {"if", "whether"} else "question"
    return before if "ask" in deeds and before in {"to", "for"} else ""


def _choice(said: Said, slot: Slot) -> list[str]:
    if slot.name == "kind":
        last = {stem(word) for text in said.texts("kind", "query") for word in text.lower().split()[-1:]}
        return [choice for _, choice in _kinds(said) if last & slot.words(choice)][:1]
    value = said.value(slot.name)
    return [value] if value in slot.choices and value != slot.default else []


def _flag(said: Said, slot: Slot) -> list[bool]:
    if slot.name == "reply_all":
        return [bool(_ALL & {*said.only(slot.name).line.row})]
    return [bool(said.value(slot.name)) or (slot.name == "unread_only" and said.value("only") == "unread")]


def _count(said: Said, slot: Slot) -> list[int]:
    line = said.only("number").line
    found = (amounts.number(line, i) for i in range(len(line)))
    return [int(one.value) for one in found if one][:1]


def _gist(said: Said, slot: Slot) -> list[str]:
    return [said.text("text")]


def _place(said: Said, slot: Slot) -> list[str]:
    """Where it is; the words alone behind "weather", where nobody marked any."""
    found = said.name("place")[:1]
    few = len(said.clause.line) <= _FEW
    named = (
        p
        for p in said.clause.people
        if (p.role == "at" and said.clause.line.capital(p.start)) or (few and p.role == "bare")
    )
    return found or [p.name for p in named][:1]


_VALUES: Mapping[str, Fill] = {
    "topic": _topic, "person": _person, "people": _people, "named": _named, "choice": _choice, "flag": _flag,
    "count": _count, "gist": _gist, "place": _place,
}  # fmt: skip
