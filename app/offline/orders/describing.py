"""What lists the things of a kind, asked for one by the words that describe it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.offline import people
from app.offline.clause import Clause
from app.offline.heard.marking import marked
from app.offline.heard.said import Said
from app.offline.heard.values import filled
from app.offline.lexicon import EMPTY
from app.offline.orders.order import Order
from app.offline.reading import Reader
from app.offline.slots import Skill
from app.offline.trained.tagging import Span


def lister(reader: Reader, kind: str) -> Skill | None:
    """The tool that lists such things: by what they are about where one can, else by their time."""
    known = [s for s in reader.knowledge.skills.values() if s.lists and s.reads and kind in s.mints]
    free = [skill for skill in known if not skill.required]
    return max(free, key=lambda one: (one.finds, one.by_time, -len(one.takes("choice", "flag"))), default=None)


def asked_for(lister: Skill, clause: Clause, order: Order) -> dict[str, Any]:
    """The arguments of the list, as if the thing's own words asked for it."""
    sender = next(iter(lister.takes("person")), None)
    if sender and all(clause.line.capital(i) for i in range(len(clause.line))):
        return {sender.name: clause.said(range(len(clause.line)))}  # no more than a name
    spans = [span for span in marked(clause, lister.name, None) if span.argument != "thing"]
    spans += _owner(clause, spans) if sender else []
    args = filled(Said(lister, clause, spans, order.reader))
    topic = next(iter(lister.takes("topic")), None)
    used = {i for span in spans if not span.value for i in range(span.start, span.end)} | clause.timed
    left = [i for i in _content(clause) if i not in used and lister.mints and not _says_nothing(clause, lister, i)]
    return args | {topic.name: clause.said(left)} if topic and topic.name not in args and left else args


def _owner(clause: Clause, spans: Sequence[Span]) -> list[Span]:
    """Whose it is, where nobody was marked: "the bank's mail"."""
    held = {i for span in spans for i in range(span.start, span.end)}
    owners = (i for i, t in enumerate(clause.line.tokens) if t.possessive and i not in held | clause.timed)
    end = next(owners, None) if not any(span.argument == "sender" for span in spans) else None
    return [] if end is None else [Span(end, end + 1, "sender")]


def _content(clause: Clause) -> list[int]:
    return [i for i, t in enumerate(clause.line.tokens) if t.kind != "symbol" and t.word not in EMPTY]


def _says_nothing(clause: Clause, lister: Skill, i: int) -> bool:
    """Whether the word says no more than what sort of thing it is, or that somebody wrote it."""
    token = clause.line.tokens[i]
    if i and people.acting(clause.line, i):
        return True
    own = token.kind != "file" and not {*lister.mints}.isdisjoint(clause.kinds.get(token.stem, ()))
    return own or any(token.stem in slot.words(one) for slot in lister.takes("choice") for one in slot.choices)
