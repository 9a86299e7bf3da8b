"""One request with the words that fill each argument, as the model marked them and as they are put right.

Law: what was typed is what is told; nothing is added but names that are plainly there.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from app.offline.clause import Clause
from app.offline.everyday import usual
from app.offline.filling import Filling
from app.offline.lexicon import EMPTY, listed
from app.offline.orders.saying import QUOTES
from app.offline.people import Person
from app.offline.reading import Reader
from app.offline.slots import Skill
from app.offline.trained.tagging import Span
from app.offline.words import Line

TEXTS = frozenset({"text", "title", "subject", "notes"})
"""What a person words: nothing inside is read as anything else."""
ABOUT = TEXTS | {"query", "thing", "label", "folder"}
ARTICLES = frozenset({"the", "a", "an", "my", "our"})
_BOUNDS = frozenset(
    listed("after before by till until since between past end start beginning say around about like maybe")
)
_NEWEST = frozenset({"latest", "newest", "last", "most", "recent"})
_IN_ROWS = frozenset({"person", "sender", "place"})
_JOINTS = frozenset({",", "and", "&", "or"})
_COPIED = frozenset({"cc", "bcc", "copy", "copying"})
_LEADING = frozenset(listed("with for at on in to from by of and every each"))


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


def articled(text: str) -> str:
    """The words without the article before them."""
    head, _, rest = text.partition(" ")
    return rest if rest and head.lower() in ARTICLES else text


def _bare(text: str) -> str:
    return articled(text).removesuffix("'s").removesuffix("’s")


def trimmed(spans: Sequence[Span], line: Line) -> list[Span]:
    """The stretches, topics without what says which of several is meant: the "latest" of "the latest launch plan"; and
    titles without the word that leads on to what is no part of them."""
    found = [
        replace(s, argument="cc") if line.word(s.start - 1) in _COPIED and s.argument == "to" else s
        for s in _merged(spans)
    ]
    for i, span in enumerate(found):
        start, end = span.start, span.end
        start += span.argument == "query" and line.word(start) in ARTICLES
        while span.argument == "query" and start < end - 1 and line.word(start) in _NEWEST:
            found[i] = replace(span, start=start + 1)
            start += 1
        while span.argument == "title" and end > span.start + 1 and line.word(end - 1) in _LEADING:
            end -= 1
            found[i] = replace(span, end=end)
    return found


def _merged(spans: Sequence[Span]) -> list[Span]:
    """The stretches, those of one text put together: nothing stands inside it that is not to be told."""
    found = list[Span]()
    for span in spans:
        if span.argument == "text" and found and found[-1].argument == "text":
            found[-1] = replace(found[-1], end=span.end)
        else:
            found.append(span)
    return found


def completed(spans: Sequence[Span], clause: Clause, skill: Skill) -> list[Span]:
    """The stretches, and those of names that the model passed over where the tool asks for some."""
    if skill.writes:
        return sorted([*spans, *_addressed(spans, clause, skill)], key=lambda span: span.start)
    if not skill.reads or any(span.argument in {"thing", *TEXTS} for span in spans):
        return list(spans)
    held = {i for span in spans for i in range(span.start, span.end)}
    held |= {*clause.topic.words} if clause.topic and clause.topic.sure else set[int]()
    missed = [p for p in clause.people if _counts(p, clause, skill) and held.isdisjoint(range(p.start, p.end))]
    more = [Span(p.start, p.end, "sender" if p.role == "from" else "person") for p in missed]
    found = [*spans, *more]
    for span in [span for span in found if span.argument in _IN_ROWS]:
        found += _row(span, clause, {i for one in found for i in range(one.start, one.end)})
    return sorted(found, key=lambda span: span.start)


def _addressed(spans: Sequence[Span], clause: Clause, skill: Skill) -> list[Span]:
    """To whom it goes, where the model marked nobody and somebody must be named: the name behind "to", or the verb."""
    must = any(slot.required for slot in skill.takes("people", "person"))
    if not must or any(span.argument in {"to", "person"} for span in spans):
        return []
    held = {i for span in spans for i in range(span.start, span.end)}
    named = (
        p for p in clause.people if p.start not in held and (p.role == "for" or (p.role == "bare" and p.start == 1))
    )
    strange = (p for p in named if clause.line.capital(p.start) or not usual(clause.line.word(p.start)))
    return [Span(p.start, p.end, "to") for p in strange][:1]


def _row(span: Span, clause: Clause, held: Container[int]) -> list[Span]:
    """What stands in a row with a name is a name: the others of "ana, li, priya and I"."""
    found = list[Span]()
    for start, step in ((span.end, 1), (span.start - 1, -1)):
        i = start
        while clause.line.word(i) in _JOINTS:
            i += step
            name = clause.line.kind(i) == "word" and clause.line.word(i) not in EMPTY | _JOINTS and i not in held
            if name and i not in clause.timed and not usual(clause.line.word(i)):
                found.append(Span(i, i + 1, span.argument))
                i += step
    return found


def _counts(person: Person, clause: Clause, skill: Skill) -> bool:
    strange = clause.line.capital(person.start) or not usual(clause.line.word(person.start))
    roles = {"from"} if skill.takes("person") else {"from", "with"}
    return strange and person.sure and person.role in roles


def lost_times(clause: Clause, spans: Sequence[Span]) -> list[str]:
    """The times among the stretches, as typed, of which some word cannot be told."""
    line = clause.line
    said = {i for i in range(len(line)) if line.kind(i) != "symbol" and line.word(i) not in EMPTY | _BOUNDS}
    times = [range(span.start, span.end) for span in spans if span.argument == "time"]
    return [clause.said(time) for time in times if not clause.timed >= said & {*time}]


def reasons(clause: Clause, spans: Sequence[Span]) -> list[str]:
    """What the person goes on to say of themselves behind all that is ordered: ", I have to leave early"."""
    line, last = clause.line, max((span.end for span in spans), default=len(clause.line))
    marks = (i for i in range(last, len(line)) if line.word(i) in {",", ";", "-"} and line.word(i + 1) in {"i", "we"})
    start = next(marks, None)
    return [] if start is None else [clause.said(range(start + 1, len(line))).rstrip(" .!")]
