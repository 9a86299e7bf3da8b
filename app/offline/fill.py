"""A tool's arguments filled from a clause. Law: what the clause does not hold is not filled; nothing is guessed."""

from __future__ import annotations

from collections.abc import Callable

from app.offline import fill_amounts, fill_times, fill_words, pointing
from app.offline.filling import Filling, Part
from app.offline.slots import Slot
from app.offline.words import stem


def fill(filling: Filling) -> Filling:
    """Every argument that the clause says, in an order in which the surer ones take their words first."""
    for extract in _EXTRACTORS:
        part = extract(filling)
        if part and part.variants:
            filling.parts.append(part)
    return filling


def handle(f: Filling) -> Part | None:
    slots = f.skill.takes("handle")
    if not slots:
        return None
    slot = slots[0]
    found = [(p, pointing.resolve(p, slot.kind, f.view.lists, f.view.hand)) for p in f.clause.pointings]
    hits = {handle: p for p, handle in found if handle}
    if hits:
        used = frozenset(i for p in hits.values() for i in range(p.start, p.end))
        return Part(tuple({slot.name: handle} for handle in hits), used)
    return _labelled(f, slot) if all(not (p.place or p.handle or p.that) for p, _ in found) else None


def _labelled(f: Filling, slot: Slot) -> Part | None:
    tokens = f.clause.line.tokens
    free = [i for i in range(len(tokens)) if i not in f.clause.timed and stem(tokens[i].word) not in f.clause.kinds]
    handle, stems = pointing.by_label((tokens[i].word for i in free), slot.kind, f.view.lists)
    if not handle:
        return None
    used = {i for i in free if tokens[i].stem in stems}
    used |= {i for p in f.clause.pointings for i in range(p.start, p.end)}
    used |= set(f.clause.topic.words) if f.clause.topic and used & set(f.clause.topic.words) else set()
    return Part(({slot.name: handle},), frozenset(used))


_EXTRACTORS: tuple[Callable[[Filling], Part | None], ...] = (
    handle, fill_times.window, fill_times.time, fill_times.minutes, fill_words.people, fill_words.person,
    fill_words.place, fill_words.choice, fill_words.flags, fill_words.count, fill_words.named, fill_amounts.measure,
    fill_amounts.expression, fill_amounts.number, fill_words.topic,
)  # fmt: skip
