"""A tool's arguments filled from a clause. Law: what the clause does not hold is not filled; nothing is guessed."""

from __future__ import annotations

from collections.abc import Callable

from app.offline import amounts, fill_times, fill_words, pointing
from app.offline.filling import Filling, Part
from app.offline.lexicon import EMPTY, listed
from app.offline.slots import Slot
from app.offline.words import stem

_ARTICLES = frozenset(listed("the my our this that"))
_NUMBERED = {"part": ("section", "chapter", "page", "pt")}
"""What else the number of an optional argument stands beside: "week 5" is no part."""


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
    if not slot.required and slot.name not in f.clause.line.row:
        return None  # "the second one" alone is no place to go on after
    found = [(p, pointing.resolve(p, slot.kind, f.view.lists, f.view.hand)) for p in f.clause.pointings]
    hits = {handle: p for p, handle in found if handle}
    if hits:
        used = frozenset(i for p in hits.values() for i in range(p.start, p.end))
        return Part(tuple({slot.name: handle} for handle in hits), used)
    return _labelled(f, slot) if all(not (p.place or p.handle or p.that) for p, _ in found) else None


def _labelled(f: Filling, slot: Slot) -> Part | None:
    tokens = f.clause.line.tokens
    if "ones" in f.clause.line.row:
        return None  # "the ones from Ana" are any number
    free = [i for i in range(len(tokens)) if i not in f.clause.timed and stem(tokens[i].word) not in f.clause.kinds]
    handle, stems = pointing.by_label((tokens[i].word for i in free), slot.kind, f.view.lists)
    used = {i for i in free if tokens[i].stem in stems}
    if not handle or _names_another(f, used):
        return None
    used |= {i for p in f.clause.pointings for i in range(p.start, p.end)}
    used |= set(f.clause.topic.words) if f.clause.topic and used & set(f.clause.topic.words) else set()
    return Part(({slot.name: handle},), frozenset(used))


def _names_another(f: Filling, held: set[int]) -> bool:
    """Whether the words of a label stand in a name with others that it lacks: "the Aurora launch plan" is no other
    launch plan. Between an article and them all words are of the name, else those the tool is not asked for with."""
    line = f.clause.line
    start, end = min(held), max(held) + 1
    while start > 0 and _nameable(f, start - 1):
        start -= 1
    while end < len(line) and _nameable(f, end) and not f.usage.knows(line.word(end)):
        end += 1
    led = line.word(start - 1) in _ARTICLES
    others = (i for i in range(start, end) if i not in held and line.tokens[i].stem not in f.clause.kinds)
    return any((led and i < max(held)) or not f.usage.knows(line.word(i)) for i in others)


def _nameable(f: Filling, i: int) -> bool:
    word = f.clause.line.word(i)
    return f.clause.line.kind(i) == "word" and word not in EMPTY and i not in f.clause.timed


def measure(f: Filling) -> Part | None:
    found, slots = f.clause.measure, f.skill.takes("unit", "to_unit")
    if len(slots) < 2:
        return None
    values = {"value": found.value, "unit": found.unit or None, "to_unit": found.to or None}
    by_sort = {slot.sort: slot.name for slot in f.skill.takes("value", "unit", "to_unit")}
    variant = {by_sort[sort]: value for sort, value in values.items() if value is not None and sort in by_sort}
    further = tuple({**variant, by_sort["to_unit"]: unit} for unit in found.also)
    return Part((variant, *further), found.used) if variant else None


def expression(f: Filling) -> Part | None:
    slots, found = f.skill.takes("sum"), f.clause.sum
    return Part(({slots[0].name: found.text},), frozenset(range(found.start, found.end))) if slots and found else None


def number(f: Filling) -> Part | None:
    for slot in f.skill.takes("number"):
        for i in range(len(f.clause.line)):
            found = None if i in f.used | f.clause.timed else amounts.number(f.clause.line, i)
            names = {slot.name, *_NUMBERED.get(slot.name, ())}
            led = f.clause.line.word(i - 1) in names
            if found and (led or f.clause.line.word(found.end) in names or slot.required or f.loose):
                value = int(found.value) if slot.type is int else found.value
                return Part(({slot.name: value},), frozenset(range(found.start - led, found.end)))
    return None


_EXTRACTORS: tuple[Callable[[Filling], Part | None], ...] = (
    handle, fill_times.shift, fill_times.window, fill_times.time, fill_times.minutes, fill_words.people,
    fill_words.person, fill_words.place, fill_words.choice, fill_words.flags, fill_words.count, fill_words.named,
    measure, expression, number, fill_words.topic,
)  # fmt: skip
