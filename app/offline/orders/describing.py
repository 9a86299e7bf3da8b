"""What lists the things of a kind, asked for one by the words that describe it."""

from __future__ import annotations

from typing import Any

from app.offline.clause import Clause
from app.offline.heard.said import Said, trimmed
from app.offline.heard.values import filled
from app.offline.lexicon import EMPTY
from app.offline.orders.order import Order
from app.offline.reading import Reader
from app.offline.slots import Skill
from app.offline.trained.model import model


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
    timed = [i in clause.timed for i in range(len(clause.line))]
    spans = model().spans(clause.line.tokens, timed, lister.name)
    args = filled(Said(lister, clause, trimmed(spans, clause.line), order.reader))
    topic = next(iter(lister.takes("topic")), None)
    used = {i for span in spans if not span.value for i in range(span.start, span.end)} | clause.timed
    left = [i for i in _content(clause) if i not in used and lister.mints and not _kind_word(clause, lister, i)]
    return args | {topic.name: clause.said(left)} if topic and topic.name not in args and left else args


def _content(clause: Clause) -> list[int]:
    return [i for i, t in enumerate(clause.line.tokens) if t.kind != "symbol" and t.word not in EMPTY]


def _kind_word(clause: Clause, lister: Skill, i: int) -> bool:
    """Whether the word says no more than what sort of thing it is."""
    token = clause.line.tokens[i]
    own = token.kind != "file" and not {*lister.mints}.isdisjoint(clause.kinds.get(token.stem, ()))
    return own or any(token.stem in slot.words(one) for slot in lister.takes("choice") for one in slot.choices)
