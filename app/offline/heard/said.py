"""One request with the words that fill each argument.

Law: what was typed is what is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.offline.clause import Clause
from app.offline.filling import Filling
from app.offline.heard import whom
from app.offline.lexicon import EMPTY, listed
from app.offline.orders.saying import QUOTES
from app.offline.reading import Reader
from app.offline.slots import Skill
from app.offline.trained.tagging import Span

TEXTS = frozenset({"text", "title", "subject", "notes"})
"""What a person words: nothing inside is read as anything else."""
ABOUT = TEXTS | {"query", "thing", "label", "folder"}
BODIES = frozenset(listed("body text content note gist"))
"""The arguments that hold a text."""
_TELLING = BODIES - {"gist"} | {"notes", "description", "title", "items"}
ARTICLES = frozenset({"the", "a", "an", "my", "our"})
_BOUNDS = frozenset(
    listed("after before by till until since between past end start beginning say around about like maybe")
)


@dataclass(frozen=True)
class Said:
    """One request, the tool it asks for, and the words that fill its arguments. `known` are those whom a "her" may
    stand for, named last the last."""

    skill: Skill
    clause: Clause
    spans: Sequence[Span]
    reader: Reader
    known: Sequence[str] = ()

    def texts(self, *arguments: str) -> list[str]:
        """The words of each stretch that fills one of these arguments, as they were typed."""
        found = (
            self.clause.said(range(s.start, s.end)).strip(QUOTES + " ,") for s in self.spans if s.argument in arguments
        )
        return [text for text in found if text]

    def text(self, *arguments: str) -> str:
        return next(iter(self.texts(*arguments)), "")

    def name(self, *arguments: str) -> list[str]:
        """The same as names: without an article, or the sign of a genitive; who is meant in place of "him"."""
        return [who for text in self.texts(*arguments) for who in whom.meant(_bare(text), self.known)]

    def value(self, argument: str) -> str:
        """The one of a closed set that is said."""
        return next((span.value for span in self.spans if span.argument == argument), "")

    def led(self, argument: str) -> str:
        """The word before the first stretch of it."""
        return next((self.clause.line.word(span.start - 1) for span in self.spans if span.argument == argument), "")

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


def lost_times(clause: Clause, spans: Sequence[Span]) -> list[str]:
    """The times among the stretches, as typed, of which some word cannot be told."""
    line = clause.line
    said = {i for i in range(len(line)) if line.kind(i) != "symbol" and line.word(i) not in EMPTY | _BOUNDS}
    times = [range(span.start, span.end) for span in spans if span.argument == "time"]
    return [clause.said(time) for time in times if not clause.timed >= said & {*time}]


def lost_texts(said: Said) -> list[str]:
    """What is to be told, as typed, where the tool tells nobody anything."""
    tells = any(slot.name in _TELLING for slot in said.skill.slots)
    return [] if tells else said.texts("text")


def reasons(clause: Clause, spans: Sequence[Span]) -> list[str]:
    """What the person goes on to say of themselves behind all that is ordered: ", I have to leave early"."""
    line, last = clause.line, max((span.end for span in spans), default=len(clause.line))
    marks = (i for i in range(last, len(line)) if line.word(i) in {",", ";", "-"} and line.word(i + 1) in {"i", "we"})
    start = next(marks, None)
    return [] if start is None else [clause.said(range(start + 1, len(line))).rstrip(" .!")]
