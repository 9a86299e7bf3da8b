"""A request cut into its orders and the rest: where each order begins and ends, and the text that it carries.

Law: a text runs on to the end of the request, unless a short order about the same thing ends it.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace

from app.offline.lexicon import listed
from app.offline.orders import beside, saying, task_orders
from app.offline.orders.opening import Opening
from app.offline.orders.saying import Said
from app.offline.words import Line

ASKS = frozenset(
    listed("what which who whose where how why is are do does did show list find search summarise summarize open read"
           " check any brief give catch")
)  # fmt: skip
_JOINTS = frozenset(listed("and then also plus & ; , . ? !"))
_SAYS = frozenset(
    listed(
        "reply draft write send mail tell message ask thank post make accept decline maybe append save invite rewrite"
    )
)
_MAILS = frozenset(listed("mail send write draft reply"))
_TELLS = frozenset(listed("tell message"))
_RUNS_ON = frozenset({"remind"})
_POINTS = frozenset(listed("it that those them these"))
_TAIL = frozenset(listed("archive mark label delete send complete"))
SHORT = 8


@dataclass(frozen=True)
class Part:
    """Tokens `start` to `end`: an order with its text, or, without an `opening`, the rest between orders."""

    start: int
    end: int
    opening: Opening | None = None
    said: Said | None = None


class Cutting:
    """Cuts at the orders that were found. `nouns` are words for things, behind which "that" points."""

    def __init__(self, nouns: Container[str]) -> None:
        self._nouns = nouns

    def parts(self, line: Line, found: Sequence[Opening]) -> list[Part]:
        parts: list[Part] = []
        at = 0
        for one in found:
            if one.verb < at:
                continue
            parts += self._rest(line, at, one.start)
            part = self._part(line, one, [o for o in found if o.verb >= one.after])
            parts.append(part)
            at = part.end
        return [*parts, *self._rest(line, at, len(line))]

    def _rest(self, line: Line, start: int, end: int) -> list[Part]:
        said = any(line.kind(i) != "symbol" and line.word(i) not in _JOINTS for i in range(start, end))
        return [Part(start, end)] if said else []

    def _part(self, line: Line, one: Opening, later: Sequence[Opening]) -> Part:
        starts = [o.start for o in later] + [i + 1 for i in range(one.after, len(line)) if _asks(line, i)]
        end = min((s for s in starts if s > one.after), default=len(line))
        if one.deed in _RUNS_ON or (one.deed == "make" and task_orders.about_tasks(Line(line.tokens[one.after : end]))):
            end = self._tail(line, one, later, one.after) or _sentence_end(line, one.after)
            return Part(one.start, end, one)
        said = self._said(line, one, end) if one.deed in _SAYS else None
        if said is None or said.lead >= end:
            return Part(one.start, _stripped(line, end, one.after), one)
        whole = self._said(line, one, self._tail(line, one, later, said.start) or len(line)) or said
        whole = _before_subject(line, whole) if one.deed in _MAILS else whole
        after = min((s for s in starts if s >= whole.end), default=len(line))
        return Part(one.start, _stripped(line, max(after, whole.end), whole.end), one, whole)

    def _said(self, line: Line, one: Opening, end: int) -> Said | None:
        if one.deed in {"ask", "thank"}:
            return saying.asking(line, one.after, end) or self._found(line, one, end, told=False)
        if one.deed == "rewrite":
            return saying.put_instead(line, one.after, end)
        told = saying.announced(line, one.after, end) if one.deed == "post" else None
        return told or self._found(line, one, end, told=one.deed in _TELLS)

    def _found(self, line: Line, one: Opening, end: int, *, told: bool) -> Said | None:
        return saying.find(line, one.after, end, told=told, nouns=self._nouns)

    def _tail(self, line: Line, one: Opening, later: Sequence[Opening], start: int) -> int:
        """Where a short order about the same thing ends the text: "…, then archive it"; 0 where none does."""
        if line.word(start - 1) == ":":
            return 0
        own = beside.following(line, later, start, lambda other: self._said(line, other, len(line)))
        if own:
            return _stripped(line, own.start, start)
        for other in later[-1:]:
            points = line.word(other.after) in _POINTS or line.kind(other.after) == "handle"
            if other.verb > start and other.deed in _TAIL and points and len(line) - other.after <= SHORT // 2:
                return _stripped(line, other.start, start)
        return 0


def _asks(line: Line, i: int) -> bool:
    return line.word(i) in _JOINTS and line.word(i + 1) in ASKS


def _before_subject(line: Line, said: Said) -> Said:
    """The text up to the subject, or to who gets a copy, said behind it: "that we meet at 4, subject Meeting"."""
    ends = (k for k in range(said.start + 1, said.end - 1) if line.word(k) == ",")
    told = (k for k in ends if line.word(k + 1) in {"subject", "cc"} and line.word(k + 2) != "to")
    return replace(said, end=next(told, said.end))


def _stripped(line: Line, end: int, least: int) -> int:
    """The end without the joints before it."""
    while end > least and line.word(end - 1) in _JOINTS:
        end -= 1
    return end


def _sentence_end(line: Line, start: int) -> int:
    return next((i for i in range(start, len(line)) if line.word(i) in ".?!" and line.kind(i) == "symbol"), len(line))
