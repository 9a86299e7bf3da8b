"""An argument that is a thing of another service: "documents for tomorrow's meetings", "mail from the people in it".

Law: the thing is looked up first, and only plain words of its label, or addresses of who takes part, are passed on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.offline import operators, pointing
from app.offline.clause import Clause
from app.offline.heard.making import Making
from app.offline.heard.values import filled
from app.offline.lexicon import EMPTY, SETS, listed
from app.offline.orders.describing import lister
from app.offline.plan import Step, Take, Wait
from app.offline.slots import Skill, Sort

_PEOPLE = frozenset(listed("people attendees participants guests everyone everybody those person persons"))
_INSIDE = frozenset(listed("next first last second third current upcoming seeing meeting meet see all"))
_ONE = frozenset(listed("next first last second third"))
_EVENT = "event"
_LENT: Sequence[tuple[str, Take, tuple[Sort, ...]]] = (
    ("query", "label", ("topic",)), ("thing", "label", ("topic",)), ("sender", "people", ("person",)),
    ("person", "people", ("person", "people")),
)  # fmt: skip


def steps(making: Making) -> list[Step]:
    """What looks the thing up, and the call for each that it shows; none where no argument is lent."""
    said, skill = making.said, making.said.skill
    for argument, take, sorts in _LENT:
        slot = next(iter(skill.takes(*sorts)), None)
        inner = said.only(argument)
        kind = _kind(inner, take, said.led(argument)) if slot and len(inner.line) else ""
        listing = lister(said.reader, kind) if kind else None
        own = operators.states(inner.line, skill)  # the pdf that a mail holds
        if slot is None or listing is None or listing.service == skill.service or own:
            continue
        args = {name: value for name, value in filled(said).items() if name != slot.name}
        return _through(making, inner, listing, kind, take, slot.name, args)
    return []


def _kind(inner: Clause, take: Take, before: str) -> str:
    """The kind of thing that the words name by nothing else than its kind, time and place; "" where they do not. They
    stand behind the word `before`."""
    line = inner.line
    named = {kind for token in line.tokens for kind in inner.kinds.get(token.stem, ())}
    if any(token.kind == "file" for token in line.tokens):
        return ""
    people = not _PEOPLE.isdisjoint(line.row)
    nouns = {i for i, token in enumerate(line.tokens) if inner.kinds.get(token.stem) or token.word in _PEOPLE | _INSIDE}
    rest = [i for i, t in enumerate(line.tokens) if i not in nouns | inner.timed and t.word not in EMPTY]
    pointed = {i for p in inner.pointings for i in range(p.start, p.end)}
    if {i for i in rest if line.kind(i) == "word"} - pointed or (take == "people") is not people:
        return ""
    alone = "the" in {line.word(0), before} and not pointed and not people and "next" not in line.row
    if alone and not any(t.word.endswith("s") and t.word not in SETS for t in line.tokens):
        return ""  # "the Monday meeting" is what it is about
    return next(iter(named), _EVENT if people else "") if len(named) < 2 else ""


def _through(
    making: Making, inner: Clause, listing: Skill, kind: str, take: Take, argument: str, args: Mapping[str, Any]
) -> list[Step]:
    """The steps; who takes part is known once the thing was opened."""
    reader, name = making.said.reader, making.said.skill.name
    opener = next((s for s in reader.knowledge.skills.values() if s.opens(kind)), None) if take == "people" else None
    handle = opener.takes("handle")[0].name if opener else ""
    shown = (pointing.shown(p, reader.view.lists) for p in inner.pointings if p.place)
    ref = next((ref for ref in shown if ref and ref.kind == kind), None)
    several = any(t.word.endswith("s") and kind in inner.kinds.get(t.stem, ()) for t in inner.line.tokens)
    nouns = any(inner.kinds.get(t.stem) for t in inner.line.tokens)
    plural = several or not (nouns or _ONE & {*inner.line.row})
    place = next((p.place for p in inner.pointings if p.place), 0)
    wait = Wait(argument, kind, place=place, first=not plural, each=plural and not place, take=take)
    if opener and ref:
        return [Step(opener.name, {handle: ref.handle}), Step(name, args, replace(wait, each=True, place=0))]
    look = Step(listing.name, _when(making, inner, listing), aside=True)
    if opener is None:
        return [look, Step(name, args, wait)]
    opened = Step(opener.name, {}, replace(wait, argument=handle, take="handle"))
    return [look, opened, Step(name, args, replace(wait, each=True, place=0))]


def _when(making: Making, inner: Clause, listing: Skill) -> dict[str, Any]:
    """When it is: as said, else from now on where the next one is meant."""
    args = dict(making.said.reader.filled(listing, inner).sure().calls({})[0])
    coming = listing.by_time and not args and "next" in inner.line.row
    return {listing.takes("start")[0].name: inner.moment.now.isoformat()} if coming else args
