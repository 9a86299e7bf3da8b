"""What an order acts on: things that were shown or are in hand, else things that are looked up first.

Law: a thing is acted on that the words point at or describe; where they fit none, or several alike, nothing is done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.offline import amounts, naming, pointing
from app.offline.amounts import ORDINALS
from app.offline.lexicon import EMPTY, listed
from app.offline.orders import event_words
from app.offline.orders.describing import asked_for, lister
from app.offline.orders.order import Order
from app.offline.orders.saying import QUOTES
from app.offline.plan import Step, Take, Wait
from app.offline.slots import Skill
from app.offline.thread import Ref
from app.offline.times import Timed
from app.offline.window import midnight
from app.offline.words import Line, stem

_MANY = frozenset(listed("those these them all everything both they lot"))
_WHOLE = frozenset(listed("all everything them these those every mail mails")) | {"one", "ones"}
_REST = (("the", "rest"), ("the", "others"), ("everything", "else"))
_BUT, _EXCEPT = frozenset(listed("but bar save")), frozenset(listed("except excluding besides"))
MOST = 20
BY, _SENT_OUT = "newsletter OR unsubscribe", {stem("newsletter")}
"""Few newsletters call themselves so; where none does, they are told by the way out that each of them gives."""
_ANY = frozenset(
    listed("event meeting appointment call entry invitation invite one thing calendar diary agenda schedule")
)
_SINGLE = frozenset(listed("latest last newest next first recent upcoming"))
_PLACES = ORDINALS.keys() | {"other", "one", "rest", "others", "earliest", "oldest"}


@dataclass(frozen=True)
class Target:
    """The handles meant; or what to look up first (`steps`) and which of what it shows to take."""

    handles: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    first: bool = False
    many: bool = False
    words: tuple[str, ...] = ()

    def wait(self, argument: str, kind: str) -> Wait:
        """For one of the things looked up, or for all of them in one list."""
        take: Take = "handles" if self.many else "handle"
        return Wait(argument, kind, self.words, first=self.first, each=self.many, take=take, most=MOST, mostly=True)


def find(order: Order, kind: str) -> Target | None:
    """What is meant of this kind; None where nothing is."""
    free = range(len(order.line))
    rules = (_before, _pointed, _of_several, _labelled, _looked_up)
    return next((found for rule in rules if (found := rule(order, kind, free))), None)


def all_but(order: Order, kind: str) -> Target | None:
    """All of the newest list without some of it: "all but the first", "everything except the bank one"."""
    free = range(len(order.line))
    others = next((i for i in free if order.line.words(i, 2) in _REST), None)
    done = {str(value) for one in order.plan.steps for value in _values(one)}
    if others is not None and not order.content({others, others + 1}) and newest(order, kind):
        kept = tuple(ref.handle for ref in newest(order, kind) if ref.handle not in done)
        return Target(kept) if kept and len(kept) < len(newest(order, kind)) else None
    led = dict(zip(free[1:], free, strict=False))
    cut = next((i for i in led if _spares(order.line, i, led[i])), 0)
    if not cut:
        return None
    rest = order.reader.only(order.clause, [i for i in free if i > cut + (order.line.word(cut + 1) == "for")])
    spared = find(replace(order, clause=rest), kind)
    kept = tuple(ref.handle for ref in newest(order, kind) if spared and ref.handle not in spared.handles)
    return Target(kept) if spared and spared.handles and kept else None


def excepts(order: Order) -> bool:
    """Whether something is to be left out: "all but the first"."""
    line = order.line
    rest = any(line.words(i, 2) in _REST for i in range(len(line)))
    return rest or any(_spares(line, i, i - 1) for i in range(1, len(line)))


def _spares(line: Line, i: int, before: int) -> bool:
    return line.word(i) in _EXCEPT or (line.word(i) in _BUT and line.word(before) in _WHOLE)


def newest(order: Order, kind: str) -> tuple[Ref, ...]:
    """The things of this kind in the newest list, or none where that shows other things."""
    return tuple(ref for ref in next(iter(order.lists), ()) if ref.kind == kind)


def of_kind(order: Order, kind: str) -> tuple[Ref, ...]:
    """The newest list that has things of this kind."""
    return next((found for refs in order.lists if (found := tuple(r for r in refs if r.kind == kind))), ())


def _before(order: Order, kind: str, free: Sequence[int]) -> Target | None:
    """What an earlier step of the same request shows: "find the mails from Ana and archive them"."""
    words = {order.line.word(i) for i in free}
    last = order.plan.steps[-1] if order.plan.steps else None
    skill = order.reader.knowledge.every.get(last.name) if last else None
    if last is None or skill is None or not words & (_MANY | {"it", "that", "this"}):
        return None
    if skill.lists and skill.reads and kind in skill.mints:
        return Target(many=bool(words & _MANY), words=())
    if last.wait and last.wait.kind == kind:
        return Target(
            many=last.wait.each, words=last.wait.words, first=last.wait.first, steps=tuple(order.plan.steps[-2:-1])
        )
    return None


def _pointed(order: Order, kind: str, free: Sequence[int]) -> Target | None:
    run = _run(order, kind, free)
    if run:
        return run
    hits: dict[str, int] = {}
    for p in order.clause.pointings:
        if p.start not in free:
            continue
        ordinal = p.place and not p.kinds and kind in _kinds_of(order, p.end)
        seen = replace(p, kinds=(kind,)) if ordinal else p
        handle = pointing.resolve(seen, kind, order.lists, order.hand)
        if handle and handle.partition(":")[0] == kind:
            hits.setdefault(handle, p.start)
    if hits:
        return Target(tuple(sorted(hits, key=hits.__getitem__)))
    return _all(order, kind, free)


def _kinds_of(order: Order, i: int) -> tuple[str, ...]:
    return order.clause.kinds.get(order.line.tokens[i].stem, ()) if i < len(order.line) else ()


def _run(order: Order, kind: str, free: Sequence[int]) -> Target | None:
    """The first two, the last three, 2 and 3."""
    line, refs = order.line, newest(order, kind) or (of_kind(order, kind) if order.names(kind) else ())
    for i in free:
        led = line.word(i) in {"first", "last", "top"} and line.word(i + 1) != "one"
        count = amounts.number(line, i + 1) if led else None
        if count and count.value == int(count.value) and refs:
            n = int(count.value)
            chosen = refs[-n:] if line.word(i) == "last" else refs[:n]
            return Target(tuple(ref.handle for ref in chosen))
    bare = [i for i in free if line.kind(i) == "number" and line.word(i).isdigit() and i not in order.clause.timed]
    others = {line.word(i) for i in free if i not in bare and line.kind(i) == "word"} - EMPTY
    named = others <= {line.word(i) for i in order.names(kind)} | {"number", "numbers", "item", "items"}
    places = [int(line.word(i)) for i in bare]
    if not bare or not named or not refs or not all(0 < place <= len(refs) for place in places):
        return None
    if len(bare) == 1 and not others:
        return Target((refs[places[0] - 1].handle,))
    return Target(tuple(refs[place - 1].handle for place in places))


def _all(order: Order, kind: str, free: Sequence[int]) -> Target | None:
    """Everything in view: "those", "all of them"; and what is in hand, for "it" and "this mail"."""
    words = [order.line.word(i) for i in free]
    said = set(words)
    described = [i for i in order.content(set(range(len(words))) - set(free)) if i not in order.clause.timed]
    strange = [i for i in described if i in free and i not in order.names(kind) and order.line.word(i) not in _MANY]
    refs = newest(order, kind) or (of_kind(order, kind) if order.names(kind) else ())
    if said & _MANY and refs and not strange:
        return _of_the_time(order, free, refs)
    pronoun = bool(said & {"it", "that", "this", "them", "those", "him", "her", "there"})
    held = order.hand.get(kind, "")
    named = {*words} - {"the"} == {order.line.word(i) for i in order.names(kind)} and "the" in said
    pronoun = pronoun or (named and next(reversed([*order.hand]), "") == kind)
    return Target((held,)) if pronoun and held and not strange else None


def at_that_time(order: Order, kind: str) -> tuple[str, ...]:
    """The one of the newest list that is at the time that is said; none where no time is said, or several are at it."""
    timed, refs = order.clause.windows(1), newest(order, kind)
    found = tuple(ref.handle for ref in refs if timed and ref.begins and _within(order, timed[0], ref.begins))
    return found if len(found) == 1 else ()


def _of_the_time(order: Order, free: Sequence[int], refs: Sequence[Ref]) -> Target | None:
    """All of them, or those of the time that is said, each on its own day; none where they have no times to tell by."""
    timed = [t for t in order.clause.windows(1) if t.start in free]
    if not timed or refs[0].kind != "event":
        return Target(tuple(ref.handle for ref in refs))
    found = tuple(ref.handle for ref in refs if ref.begins and _within(order, timed[0], ref.begins))
    return Target(found) if found else None


def _within(order: Order, said: Timed, begins: str) -> bool:
    at = datetime.fromisoformat(begins)
    window = event_words.of_day(order, said, midnight(at)).window
    return (window.start is None or window.start <= at) and (window.end is None or at < window.end)


def _labelled(order: Order, kind: str, free: Sequence[int]) -> Target | None:
    words = _told(order, kind, free)
    plural = any(order.line.word(i).endswith("s") for i in order.names(kind) if i in free)
    handle, held = pointing.by_label(words, kind, order.lists)
    wanted = {stem(word) for word in words if word not in EMPTY}
    mostly = held >= wanted if kind == "file" else 2 * len(held) > len(wanted)
    return Target((handle,)) if handle and mostly and not plural else None


def _of_several(order: Order, kind: str, free: Sequence[int]) -> Target | None:
    """Those of the newest list that several people are named for: "the ones from Ana and Li"."""
    people = [p for p in order.clause.people if p.role == "from" and p.start in free]
    said = {ref.handle: {word.strip(":,") for word in ref.label.lower().split()} for ref in newest(order, kind)}
    found = [[handle for handle, words in said.items() if {*p.name.lower().split()} <= words] for p in people]
    if len(people) < 2 or not all(found):
        return None
    return Target(tuple(dict.fromkeys(handle for handles in found for handle in handles)))


def _told(order: Order, kind: str, free: Sequence[int]) -> tuple[str, ...]:
    """The words that describe the thing, without those for its kind and its time."""
    names = {i for i in order.names(kind) if order.line.kind(i) != "file"}
    spoken = [i for i in free if i not in names and i not in order.clause.timed and order.line.kind(i) != "symbol"]
    words = (word for i in spoken for word in _words(order, i))
    told = tuple(word for word in words if word not in EMPTY)
    return told or _by_noun(order, kind, free)


def _words(order: Order, i: int) -> list[str]:
    """The token, or the words between its quotes."""
    return order.line.word(i).strip(QUOTES).split() if order.line.kind(i) == "quoted" else [order.line.word(i)]


def _by_noun(order: Order, kind: str, free: Sequence[int]) -> tuple[str, ...]:
    """Of events that are told by nothing else, the noun that one may be called by: "tomorrow's standup"."""
    nouns = [order.line.word(i) for i in order.names(kind) if i in free] if kind == "event" else []
    return tuple(word for word in nouns if not word.endswith("s") and word not in _ANY)


def _looked_up(order: Order, kind: str, free: Sequence[int]) -> Target | None:
    chosen = order.thread.now.chosen
    if chosen.partition(":")[0] == kind:
        return Target((chosen,))
    listing = lister(order.reader, kind)
    clause = order.reader.only(order.clause, free)
    coming = kind == "event" and "next" in clause.line.row
    if listing is None or not (_told(order, kind, free) or coming or any(i in order.clause.timed for i in free)):
        return None
    said = set(_told(order, kind, free))
    if said and said <= _PLACES and not any(i in order.clause.timed for i in free):
        return None  # a place in a list that nobody has seen: it is asked about, never searched for
    args, words = asked_for(listing, clause, order), _told(order, kind, free)
    plural = any(order.line.word(i).endswith("s") for i in order.names(kind) if i in free)
    plural = plural or bool({"all", "every", "everything"} & {order.line.word(i) for i in free})
    somebody = {part for p in clause.people for part in p.name.lower().split()}
    lone = kind == "mail" and len(words) == 1 and words[0].endswith("s") and "from" not in clause.line.row
    plural = plural or (lone and somebody.isdisjoint(words))
    first = kind in {"mail", "message"} or bool(_SINGLE & set(clause.line.row))
    look = Step(listing.name, args, aside=True)
    if kind == "event":
        first = first or any(t.window.grain == "clock" for t in order.clause.windows(1))
        now = {"start": order.now.isoformat()}
        look = replace(look, args=now) if coming and not args else _ahead(order, listing, args, words)
    if kind == "mail" and {stem(word) for word in words} == _SENT_OUT:
        look = replace(look, further={**args, "query": BY})
    return Target(steps=(look,), first=first, many=plural, words=words)


def _ahead(order: Order, listing: Skill, args: Mapping[str, Any], words: Sequence[str]) -> Step:
    """Where an event is looked for: in the time that was said, else in the coming weeks; by its name farther too."""
    look = naming.looked_for(listing.name, args, order.now)
    return look if words else replace(look, further=None)


def kinds_meant(order: Order, kinds: Sequence[str]) -> list[str]:
    """Of these kinds, those that the words name or point at, the likeliest first."""
    named = [kind for kind in kinds if order.names(kind)]
    handles = [p.kinds[0] for p in order.clause.pointings if p.handle]
    view = [ref.kind for ref in next(iter(order.lists), ())][:1]
    used = [str(v).partition(":")[0] for s in reversed(order.plan.steps) for v in _values(s)]
    hand = [*used, *reversed(list(order.hand))] if _pronoun(order) else []
    labelled = [
        kind for kind in kinds if pointing.by_label(_told(order, kind, range(len(order.line))), kind, order.lists)[0]
    ]
    ranked = [*handles, *_one(named), *labelled, *hand, *view, *kinds]
    return [kind for kind in dict.fromkeys(ranked) if kind in kinds]


def _one(named: Sequence[str]) -> Sequence[str]:
    return named if len(named) == 1 else []


def _pronoun(order: Order) -> bool:
    return bool({"it", "that", "this", "there", "her", "him"} & set(order.line.row))


def _values(one: Step) -> list[object]:
    return [value for found in one.args.values() for value in (found if isinstance(found, list) else [found])]
