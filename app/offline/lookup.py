"""A thing that is only described ("the mail about the lease") is looked up first, and used when it is found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.offline.filling import Filling, Part
from app.offline.lexicon import EMPTY
from app.offline.plan import Step, Wait
from app.offline.slots import Skill, Slot, Sort

_FINDING: tuple[Sort, ...] = ("since", "until", "start", "end", "topic", "person", "count", "choice", "flag")
_ARTICLES = frozenset({"the", "a", "an", "my", "our"})
_TELLING: tuple[Sort, ...] = ("topic", "person", "count")


def helper(filling: Filling, others: Iterable[Filling]) -> Filling | None:
    """The filling that lists such things as this one lacks: of the `others`, best first, the one most is said for."""
    lacking = [slot for slot in filling.missing({}) if slot.sort == "handle"]
    clause = filling.clause
    if not lacking or any(p.place > 0 or p.that or p.handle for p in clause.pointings):
        return None
    named = any(lacking[0].kind in clause.kinds.get(token.stem, ()) for token in clause.line.tokens)
    sure = (_told(f.sure(), filling) for f in others if _shows(f.skill, lacking[0].kind))
    listing = [f for f in sure if _described(f) and (named or _tells(f))]
    return max(listing, key=_described, default=None)


def _told(listing: Filling, opener: Filling) -> Filling:
    """The listing without what the opener's own words filled: the "reply" to be written describes no mail."""
    free = {slot.name for slot in listing.skill.takes("topic", "choice")}
    topic, line = set(opener.clause.topic.words) if opener.clause.topic else set[int](), opener.clause.line
    own = {
        i for i in range(len(line)) if i not in topic and (line.word(i) in EMPTY or opener.usage.familiar(line.word(i)))
    }
    kept = [part for part in listing.parts if not (part.used <= own and free & set(part.variants[0]))]
    return replace(listing, parts=[_named(listing, part, own, opener) for part in kept])


def _named(listing: Filling, part: Part, own: set[int], opener: Filling) -> Part:
    """A topic without the opener's words that lead up to it: "the short version of the plan" is about the plan."""
    slots, used, line = listing.skill.takes("topic"), sorted(part.used), listing.clause.line
    lead = next((k + 1 for k, i in enumerate(used) if line.word(i) == "of"), 0)
    lead += lead > 0 and line.word(used[min(lead, len(used) - 1)]) in _ARTICLES
    known = all(i in own or opener.usage.knows(line.word(i)) for i in used[:lead])
    if not slots or not 0 < lead < len(used) or not known or list(part.variants[0]) != [slots[0].name]:
        return part
    return replace(part, variants=({slots[0].name: listing.clause.said(used[lead:])},), used=frozenset(used[lead:]))


def following(filling: Filling, missing: Slot, taken: Sequence[Step], skills: Mapping[str, Skill]) -> Step | None:
    """The step that opens what an earlier step of the same request will show: "find it and open the first one"."""
    points = [p for p in filling.clause.pointings if (p.place or p.that) and (not p.kinds or missing.kind in p.kinds)]
    before = skills.get(taken[-1].name) if taken else None  # none where an order comes first
    if not points or before is None or not _shows(before, missing.kind):
        return None
    wait = Wait(missing.name, missing.kind, first=points[0].that, place=points[0].place)
    return Step(filling.skill.name, {**filling.calls({})[0], missing.name: ""}, wait)


def instead(taken: Sequence[Step], missing: Slot, skills: Mapping[str, Skill]) -> Step | None:
    """The search before, made where such things are: "find the contract and summarise it" looks for a document."""
    before = skills.get(taken[-1].name) if taken else None
    other = next((skill for skill in skills.values() if skill.finds and missing.kind in skill.mints), None)
    if before is None or other is None or not before.finds or missing.kind in before.mints:
        return None
    topic = taken[-1].args.get(before.takes("topic")[0].name)
    return Step(other.name, {other.takes("topic")[0].name: topic}) if topic else None


def steps(filling: Filling, missing: Slot, listing: Filling, args: Mapping[str, Any]) -> list[Step]:
    """The step that lists, and the one that waits for it, with these `args` of its own."""
    words = tuple(token.word for token in filling.clause.line.tokens)
    wait = Wait(missing.name, missing.kind, words, first=_tells(listing))
    found = listing.calls({})[0]
    return [
        Step(listing.skill.name, found, aside=True),
        Step(filling.skill.name, opening(filling, args, listing), wait),
    ]


def opening(opener: Filling, args: Mapping[str, Any], listing: Filling) -> dict[str, Any]:
    """The arguments without the topic by which the thing is found: that is not sought inside it once more."""
    found = listing.calls({})[0]
    sought = {found.get(slot.name) for slot in listing.skill.takes("topic")}
    again = {slot.name for slot in opener.skill.takes("topic") if args.get(slot.name) in sought}
    return {name: value for name, value in args.items() if name not in again}


def _tells(filling: Filling) -> bool:
    return bool({slot.name for slot in filling.skill.takes(*_TELLING)} & filling.filled)


def _described(filling: Filling) -> int:
    """How many of the arguments that tell things apart the clause fills."""
    if filling.missing({}):
        return 0
    return len({slot.name for slot in filling.skill.takes(*_FINDING)} & filling.filled)


def _shows(skill: Skill, kind: str) -> bool:
    return skill.lists and kind in skill.mints


def points(filling: Filling) -> bool:
    """Whether the clause says "it" or "the first one" of nothing that it names."""
    return any((p.that or p.place) and not p.kinds for p in filling.clause.pointings)
