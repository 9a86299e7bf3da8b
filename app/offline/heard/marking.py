"""The stretches that the model marked, put right by what the words plainly are.

Law: nothing is added but names, and a text behind its "saying", that are plainly there.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace

from app.offline import operators
from app.offline.clause import Clause
from app.offline.everyday import usual
from app.offline.heard.said import ARTICLES, BODIES, TEXTS
from app.offline.lexicon import EMPTY, listed
from app.offline.orders import saying
from app.offline.people import TITLES, Person
from app.offline.slots import Skill
from app.offline.trained.features import JOINTS
from app.offline.trained.model import model
from app.offline.trained.tagging import Span
from app.offline.words import Line

_TOLD = frozenset({"text", "notes"})
_BEHIND = frozenset({"cc", "channel", "label", "subject"})
"""What may stand behind a text as well."""
_NEWEST = frozenset({"latest", "newest", "last", "most", "recent"})
_MOST = 1000  # nobody asks for more of anything: the 2026 of "Budget 2026" is part of a name
_NAMES = frozenset({"person", "sender", "to", "cc"})
_WORDED = frozenset({"query", "thing", "title", "subject", "label", "folder"})
_IN_ROWS = frozenset({"person", "sender", "place"})
_JOINTS = frozenset({",", "and", "&", "or"})
_COPIED = frozenset({"cc", "bcc", "copy", "copying"})
_MEETINGS = frozenset({"meeting", "call", "session", "workshop"})
_FEW = 3  # words of a title that goes on with such a noun: "production meeting"
_OBJECTS = frozenset({"it", "them", "that", "this", "him", "her"})
_LEADING = frozenset(listed("with for at on in to from by of and every each"))


def marked(clause: Clause, name: str, skill: Skill | None) -> list[Span]:
    """The stretches that fill the arguments of `name`; `skill` is the tool of that name, if there is one."""
    timed = [i in clause.timed for i in range(len(clause.line))]
    several = skill is not None and any(slot.name == "items" for slot in skill.slots)
    merged = {"text", "notes", *(["title"] if several else [])}
    found = _merged(_told(model().spans(clause.line.tokens, timed, name), clause.line), clause.line, merged)
    topic = any(span.argument == "query" for span in found)
    rests = [_rest(span, clause) for span in found] if skill and skill.finds and not topic else []
    minus = operators.excluded(clause.line, skill) if skill else frozenset[int]()
    found = [_before(span, minus) for span in found if span.start not in minus]
    found = trimmed([*filter(None, (_whole(span, clause) for span in found)), *filter(None, rests)], clause.line)
    return completed(found, clause, skill) if skill else found


def _whole(span: Span, clause: Clause) -> Span | None:
    """The stretch as far as it goes, with the whole name of a "Mr" at its edge; None where nothing is left of it."""
    line, start = clause.line, span.start
    if span.argument == "number" and line.kind(start) == "number" and float(line.word(start)) > _MOST:
        return None
    end = _end(span, clause)
    start -= line.word(start - 1) in TITLES
    end += end > start and line.word(end - 1) in TITLES and line.kind(end) == "word"
    return replace(span, start=start, end=end) if end > start else None


def _before(span: Span, gone: Container[int]) -> Span:
    """The stretch up to the first of these tokens."""
    return replace(span, end=next((i for i in range(span.start, span.end) if i in gone), span.end))


def _rest(span: Span, clause: Clause) -> Span | None:
    """What stands behind the name of an owner, as the topic: the "checklist" of "Priya's checklist"."""
    line, start = clause.line, _end(span, clause) if span.argument in _NAMES else span.end
    if span.argument not in _NAMES or not line.tokens[start - 1].possessive:
        return None
    end = start
    while line.kind(end) == "word" and end not in clause.timed and not _plain(clause, end):
        end += 1
    return Span(start, end, "query") if start < end else None


def _plain(clause: Clause, i: int) -> bool:
    """Whether the word says no more than what sort of thing it is, or nothing."""
    return clause.line.word(i) in EMPTY or bool(clause.kinds.get(clause.line.tokens[i].stem))


def _end(span: Span, clause: Clause) -> int:
    """Where it ends: a name with the sign of a genitive, and before a time; a title with the "it" of its verb."""
    line, end = clause.line, span.end
    if span.argument in _NAMES:
        times = clause.timed | {i for one in clause.durations for i in range(one.start, one.end)}
        end = next((i + 1 for i in range(span.start, end) if line.tokens[i].possessive and i not in times), end)
        while end > span.start and end - 1 in times:
            end -= 1
    while span.argument in _WORDED and clause.glued(end):
        end += 1  # the "in" of "sign-in"
    last = end + 1 >= len(line) or line.word(end + 1) in JOINTS
    end += span.argument == "title" and line.word(end) in _MEETINGS and span.end - span.start <= _FEW
    return end + (span.argument == "title" and line.word(end) in _OBJECTS and last)


def _told(spans: Sequence[Span], line: Line) -> list[Span]:
    """The stretches, a text that stands behind a colon from there on: nothing is pointed at inside it."""
    colon = next((i for i in range(len(line)) if line.word(i) == ":"), len(line))
    behind = [span for span in spans if span.start > colon]
    texts = [i for i, span in enumerate(behind) if span.argument in TEXTS]
    if not texts or {span.argument for span in behind[: texts[0]]} - {"thing"}:
        return list(spans)
    first, rest = replace(behind[texts[0]], start=colon + 1), behind[texts[0] + 1 :]
    if first.argument in _TOLD:
        last = max((i for i, span in enumerate(rest) if span.argument not in _BEHIND), default=-1)
        first = replace(first, end=max(first.end, *(span.end for span in rest[: last + 1]), 0))
        rest = rest[last + 1 :]
    return [*(span for span in spans if span.start < colon), first, *rest]


def trimmed(spans: Sequence[Span], line: Line) -> list[Span]:
    """The stretches, topics without what says which of several is meant: the "latest" of "the latest launch plan"; and
    titles without the word that leads on to what is no part of them."""
    found = [
        replace(s, argument="cc") if line.word(s.start - 1) in _COPIED and s.argument == "to" else s for s in spans
    ]
    for i, span in enumerate(found):
        start, end = span.start, span.end
        start += span.argument == "query" and line.word(start) in ARTICLES
        while span.argument == "query" and start < end - 1 and line.word(start) in _NEWEST:
            found[i] = replace(span, start=start + 1)
            start += 1
        whole = line.word(end - 2) in _OBJECTS  # "hand it in"
        while span.argument == "title" and not whole and end > span.start + 1 and line.word(end - 1) in _LEADING:
            end -= 1
            found[i] = replace(span, end=end)
    return found


def _merged(spans: Sequence[Span], line: Line, merged: Container[str]) -> list[Span]:
    """The stretches, those of one text put together: nothing stands inside it that is not to be told. Of the
    other `merged` ones there are several where a joint parts them."""
    found = list[Span]()
    for span in spans:
        same = span.argument in merged and found and found[-1].argument == span.argument
        between = {*line.row[found[-1].end : span.start]} if same else set[str]()
        if same and (span.argument == "text" or between.isdisjoint(JOINTS)):
            found[-1] = replace(found[-1], end=span.end)
        else:
            found.append(span)
    return found


def completed(spans: Sequence[Span], clause: Clause, skill: Skill) -> list[Span]:
    """The stretches, and those of names that the model passed over where the tool asks for some."""
    if skill.writes:
        more = [*_addressed(spans, clause, skill), *_saying(spans, clause, skill)]
        return sorted([*spans, *more], key=lambda span: span.start)
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


def _saying(spans: Sequence[Span], clause: Clause, skill: Skill) -> list[Span]:
    """The text, where the model marked none: all that stands behind "saying", or what else leads up to one."""
    tells = any(slot.name in BODIES for slot in skill.slots)
    said = saying.find(clause.line, 0, len(clause.line), clause.kinds) if tells else None
    free = said and not any(span.argument in TEXTS or span.end > said.start for span in spans)
    return [Span(said.start, said.end, "text")] if said and free else []


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
    roles = {"from"} if skill.takes("person") else {"from", "with", "subject"}
    return strange and person.sure and person.role in roles
