"""One service asked about a thing of another: the thing is looked up first, and what it shows fills an argument.

Such a thing is a noun phrase ("tomorrow's meetings", "the people in my next meeting"), or what somebody said of it
("the sheet Ana mentioned in her mail").
"""

from __future__ import annotations

from dataclasses import replace

from app.offline import lookup, pointing
from app.offline.clause import Clause
from app.offline.filling import Filling
from app.offline.lexicon import listed
from app.offline.people import acting
from app.offline.plan import Step, Take, Wait
from app.offline.reading import Reader
from app.offline.slots import Slot
from app.offline.thread import Ref

_LEADS = frozenset(listed("for about of in from to at on with regarding concerning"))
_INSIDE = frozenset((*listed("the my our that this a an next first last second third current upcoming all"), "o'clock"))
_PEOPLE = frozenset(listed("people attendees participants guests everyone everybody those person persons"))
SENDER = "sender"  # what a tool calls the person that things come from
_SELF = frozenset({"i", "we"})
_HAVING = frozenset(listed("am are have got will be a an the my our"))
_WHOM = frozenset(listed("that who whom"))
_KNOWN = frozenset(listed("know heard hear"))


def told(clause: Clause, reader: Reader) -> list[Step]:
    """A thing of one service that somebody mentioned in another: both are asked for the same topic."""
    nouns = list(reader.nouns(clause))
    speakers = [p for p in clause.people if p.sure and acting(clause.line, p.end)]
    for person in speakers:
        before, after = [i for i in nouns if i < person.start], [i for i in nouns if i > person.end]
        if before and after and reader.services(clause, before[0]).isdisjoint(reader.services(clause, after[-1])):
            start = person.start - (clause.line.word(person.start - 1) in {"that", "which"})
            outer = reader.without(clause, range(start, len(clause.line)))
            inner = reader.without(clause, [*range(start), *range(person.end + 1, after[-1])])
            return _both(outer, inner, reader, reader.services(clause, after[-1]))
    return []


def _both(outer: Clause, inner: Clause, reader: Reader, services: frozenset[str]) -> list[Step]:
    wanted = _asked(outer, reader)
    finders = [f for f in reader.finders(inner) if f.skill.service in services]
    if wanted is None or not finders:
        return []
    topic = _topic(wanted[0])
    slot = finders[0].skill.takes("topic")[0]
    args = {name: value for name, value in finders[0].calls({})[0].items() if name != slot.name}
    return [Step(finders[0].skill.name, {**args, slot.name: topic} if topic else args), *_chain(wanted, {}, None)]


def _topic(filling: Filling) -> str:
    slots = filling.skill.takes("topic")
    return str(filling.calls({})[0].get(slots[0].name, "")) if slots else ""


def _asked(outer: Clause, reader: Reader) -> tuple[Filling, Filling | None] | None:
    """What finds the thing that is asked for, and what opens it where it is to be opened."""
    for reading in reader.readings(outer)[:3]:
        filling = reading.filling
        if filling is None or (filling.skill.finds and not reading.understood):
            continue
        if filling.skill.finds:
            return next((f for f in reader.finders(outer) if _same(f, filling)), filling), None
        if filling.skill.takes("handle") and filling.missing({}):
            kind = filling.missing({})[0].kind
            finders = [f for f in reader.finders(outer) if kind in f.skill.mints]
            return (finders[0], filling) if finders else None
    return None


def _same(finder: Filling, filling: Filling) -> bool:
    """Whether the one finds in the whole service what the other only sums up."""
    return finder.skill.service == filling.skill.service and finder.filled >= filling.filled


def _chain(wanted: tuple[Filling, Filling | None], args: dict[str, object], wait: Wait | None) -> list[Step]:
    """The step that finds, and the one that opens what it found."""
    finder, opener = wanted
    steps = [Step(finder.skill.name, {**finder.calls({})[0], **args}, wait)]
    if opener:
        slot: Slot = opener.missing({})[0]
        words = () if wait else tuple(token.word for token in finder.clause.line.tokens)
        own = lookup.opening(opener, opener.calls({})[0], finder)
        steps.append(Step(opener.skill.name, own, Wait(slot.name, slot.kind, words, first=True)))
    return steps


def borrowed(clause: Clause, reader: Reader) -> list[Step]:
    """Something asked about a thing of another service, which is looked up or in view."""
    for noun in reader.nouns(clause):
        start, end = _relative(clause, noun) or _phrase(clause, noun)
        kinds = clause.kinds.get(clause.line.tokens[noun].stem, ())
        if start is None or len(kinds) != 1 or clause.line.kind(noun) == "file":
            continue
        people = clause.line.word(start - 1) in _PEOPLE
        cut = start - 1 - (clause.line.word(start - 2) in {"the", "all"}) if people else start
        cut -= people and clause.line.word(cut - 1) in _LEADS
        outer = reader.without(clause, range(cut, end))
        within = range(start + 1, end)
        inner = reader.only(clause, sorted(within, key=lambda i: i in clause.timed))
        known = people and _about_them(outer, reader)
        others = (reader.services(outer, i).isdisjoint(reader.services(clause, noun)) for i in reader.nouns(outer))
        if not known and not any(others):
            continue
        each = clause.line.word(start) in _SELF
        steps = _through(outer, inner, kinds[0], "people" if people else "label", reader, each=each)
        if steps:
            return steps
    return []


def _relative(clause: Clause, noun: int) -> tuple[int, int] | None:
    """The clause that says which people are meant: "the people I am seeing tomorrow", "everyone I have a call with"."""
    i, line = noun - 1, clause.line
    while line.word(i) in _HAVING:
        i -= 1
    if line.word(i) not in _SELF or line.word(i - 1 - (line.word(i - 1) in _WHOM)) not in _PEOPLE:
        return None
    end = noun + 1 + (line.word(noun + 1) == "with")
    while end in clause.timed:
        end += 1
    return i - (line.word(i - 1) in _WHOM), end


def _about_them(outer: Clause, reader: Reader) -> bool:
    """Whether what is left asks what one knows of them, or what they said, in no service."""
    said = [i for i in range(len(outer.line)) if acting(outer.line, i)]
    asked = bool(said or _KNOWN & {*outer.line.row}) and {*outer.content} <= {*said}
    return asked and not any(True for _ in reader.nouns(outer))


def _phrase(clause: Clause, noun: int) -> tuple[int | None, int]:
    """Where the noun's phrase begins, at the preposition that leads up to it, and ends."""
    i, end = noun - 1, noun + 1
    pointed = {k for p in clause.pointings for k in range(p.start, p.end)}
    while i >= 0 and clause.line.word(i) not in _LEADS - {"at"}:
        if i not in clause.timed and i not in pointed and clause.line.word(i) not in _INSIDE:
            return None, end
        i -= 1
    while end in clause.timed:
        end += 1
    return (i if i >= 0 else None), end


def _through(outer: Clause, inner: Clause, kind: str, take: Take, reader: Reader, *, each: bool) -> list[Step]:
    """The steps that look the inner thing up and ask for the outer one with what they show, of `each` of them."""
    wanted = _from_them(outer, reader) or _asked(outer, reader)
    if wanted is None:
        return []
    finder = replace(wanted[0], parts=[p for p in wanted[0].parts if not p.guessed])
    slots = finder.skill.takes("person") if take == "people" else finder.skill.takes("topic")
    if not slots or slots[0].name in finder.filled:
        return []
    steps, wait = _looked_up(inner, kind, take, slots[0].name, reader, each=each)
    return [*steps, *_chain((finder, wanted[1]), {}, wait)] if steps else []


def _in_view(inner: Clause, kind: str, reader: Reader) -> Ref | None:
    """The thing of this kind that the phrase points at, where it was shown."""
    found = (pointing.shown(p, reader.view.lists) for p in inner.pointings if p.place)
    return next((ref for ref in found if ref and ref.kind == kind), None)


def _from_them(outer: Clause, reader: Reader) -> tuple[Filling, None] | None:
    """What finds by who wrote it, for what one knows of people."""
    finders = reader.finders(outer) if _about_them(outer, reader) else []
    return next(((f.sure(), None) for f in finders if [s.name for s in f.skill.takes("person")] == [SENDER]), None)


def _looked_up(
    inner: Clause, kind: str, take: Take, argument: str, reader: Reader, *, each: bool
) -> tuple[list[Step], Wait]:
    """What lists the inner thing, and what to wait for. Who takes part is known once the thing was opened."""
    singular = not each and not any(
        token.word.endswith("s") and kind in inner.kinds.get(token.stem, ()) for token in inner.line.tokens
    )
    opener = next((s for s in reader.knowledge.skills.values() if s.opens(kind)), None) if take == "people" else None
    ref = _in_view(inner, kind, reader)
    if ref and opener:
        step = Step(opener.name, {opener.takes("handle")[0].name: ref.handle})
        return [step], Wait(argument, kind, each=True, take=take)
    place = next((p.place for p in inner.pointings if p.place), 0)
    wait = Wait(argument, kind, place=place, first=singular, each=not singular and not place, take=take)
    listing = lookup.lister(kind, (r.filling for r in reader.readings(inner) if r.filling))
    if listing is None:
        return [], wait
    args = listing.calls({})[0]
    start = listing.skill.takes("start")
    if start and not args and any(token.word == "next" for token in inner.line.tokens):
        args = {start[0].name: inner.moment.now.isoformat()}
    steps = [Step(listing.skill.name, args)]
    if opener:
        handle = Wait(opener.takes("handle")[0].name, kind, place=place, first=singular, each=wait.each)
        return [*steps, Step(opener.name, {}, handle)], replace(wait, each=True, place=0)
    return steps, wait
