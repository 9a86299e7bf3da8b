"""A proposal with what the person wants different: its time, people, place, name, text, or the things it acts on.

Law: only what was said changes, and only where all that was said is understood; else the proposal stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from app.offline.clause import Clause
from app.offline.lexicon import listed
from app.offline.orders import acting, around, event_words, figures, retimed, rewording, said_before, saying, things
from app.offline.orders.order import NotAnOrder, Order, must, step
from app.offline.orders.things import Change
from app.offline.plan import Step
from app.offline.thread import Past

_TEXTS = ("body", "text", "content", "note", "description")
_ADDING = frozenset(listed("also too well add including include plus invite copy"))
_PLAIN = frozenset(
    listed(
        "make it them that this instead rather move send put change do use be should must can you please no not yes ok"
        " as well too also add include including plus invite copy cc only just except without remove drop leave out"
        " meeting event mail message task time day subject title called call name room place due deadline by say saying"
        " online video link everyone everybody all reply with to at on in for from and the a of but hour minutes long"
        " one ones first last second better prefer want would like text body words wording replace so then"
    )
)
_NAMING = frozenset(listed("subject title called titled"))
_DENIALS = frozenset(listed("no n nope nah not never"))
_TELLING = frozenset(listed("say tell write add mention answer reply state put says read him her them also"))
_MARKS = frozenset(
    listed(
        "instead rather too well also only just make without except add at on to with in by not actually"
        " sorry meant call change subject title cc copy one no sign put start begin"
    )
)
_ASKING = frozenset(listed("what who when where which how why whose is are am do does did"))
_OOPS = frozenset(listed("sorry oops wait oh hm actually i meant mean no , - . ! please and forgot"))
"""What one begins a correction with."""
_JOINTS = frozenset({"and", "then", ",", ";", "."})
_GOING_ON = frozenset(listed("make move put change set invite add say remove drop leave"))
_INSIDE = frozenset({"in", "into", "on", "at"})
"""Behind one of these stands nobody's name."""
_LED = frozenset(listed("at on from in"))


class Unread(NotAnOrder):
    """What was said cannot be read as a change. `hint` says how one is put."""

    def __init__(self, hint: str) -> None:
        super().__init__("revise")
        self.hint = hint


def steps(order: Order, past: Past) -> list[Step]:
    """The call as it is wanted now. Raises Unread where that is not clear, NotAnOrder where it is not wanted at all."""
    found = _revised(order, past)
    if found is None and order.line.word(0) in _DENIALS:
        raise NotAnOrder("no")  # with its reason, and nothing to put in its place
    if found is None:
        raise Unread(hint(past))
    return [step(order, past.name, args) for args in found]


def follows(order: Order, past: Past) -> list[Step]:
    """The same where the person only goes on talking after having said no. Raises NotAnOrder for anything else."""
    first = next((word for word in order.line.row if word not in _OOPS), "")
    asks = "?" in order.line.row or first.partition("'")[0] in _ASKING
    meant = _MARKS & set(order.line.row) and not asks
    found = _revised(plainly(order), past) if meant else None
    if meant and found is None and things.another(plainly(order), past.args)[1]:
        return [step(order, past.name, past.args)]  # the very thing it was about
    if found is None:
        raise NotAnOrder("revise")
    return [step(order, past.name, args) for args in found]


def plainly(order: Order) -> Order:
    """The words without what one begins a correction with, as long as something is left."""
    led = next((i for i, word in enumerate(order.line.row) if word not in _OOPS), 0)
    return replace(order, clause=order.without(range(led))) if led else order


def changed(order: Order, past: Past) -> dict[str, Any]:
    """The arguments as they are wanted now, all that was said taken into account; none where that cannot be."""
    found = _revised(order, past)
    return found[0] if found and len(found) == 1 else {}


def _revised(order: Order, past: Past) -> list[dict[str, Any]] | None:
    """The arguments of each call it comes to; None where nothing, or not all that was said, is understood."""
    given, used = dict(past.args), set[int]()
    known = {one.name for one in must(order, past.name).slots}
    text, tokens = _text(order, past)
    given |= text
    rest = replace(order, clause=order.without(tokens)) if text else order
    for way in () if text and not rest.content() else _WAYS:
        told, tokens = way(rest, given)
        if set(told) <= known | {"persons"}:
            given |= told
            used |= tokens
    left = [i for i in rest.content(used) if rest.line.word(i) not in _PLAIN]
    if left or (given == dict(past.args)):
        given = {**past.args, **({} if text else _figure(order, past))}
    given = _headed(given, past)
    if given == dict(past.args):
        return None
    others = given.pop("persons", [])
    return [given, *({**given, "person": who} for who in others)]


def _headed(given: dict[str, Any], past: Past) -> dict[str, Any]:
    """The arguments with a subject from the new text, where nobody gave one to the old, and that gave way."""
    old, new = str(past.args.get("body", "")), str(given.get("body", ""))
    own = given.get("subject") != past.args.get("subject") or given.get("subject") != acting.opening(old)
    return given if own or old in new else {**given, "subject": acting.opening(new)}


def _text(order: Order, past: Past) -> Change:
    """Another text, in quotes or behind a colon or "saying"; who is told it is no one else than before."""
    name = text_of(past)
    line = order.line
    beside = around.changed(order.clause, str(past.args[name])) if name else ""
    if beside:
        return {name: beside}, {*range(len(line))}
    said = saying.find(line, 0, len(line), order.reader.knowledge.kinds) if name else None
    said = said or (saying.Said(0, 1, len(line)) if name and line.word(0) == "say" else None)
    if said is None or {"subject", "title"} & set(line.row[: said.lead]):
        return {}, set()
    if line.word(said.lead) in {"that", "because"} and line.word(said.lead - 1) not in _TELLING:
        return {}, set()  # "no because it is too early" is a reason
    text = saying.text(order.clause.said(range(said.start, said.end)), said.frame)
    more = bool({"add", "also"} & {*line.row[: said.start]})
    telling = {i for i in range(said.lead) if {*line.words(i - (i > 0), 1 + (i > 0))} & _TELLING}
    return {name: f"{past.args[name]}\n\n{text}" if more else text}, telling | {*range(said.lead, said.end)}


def text_said(order: Order, past: Past) -> str:
    """The text as it is wanted now, where one is said and nothing else; else ""."""
    told, held = _text(order, past)
    rest = [i for i in order.content(held) if order.line.word(i) not in _PLAIN]
    return "" if rest else next((str(text) for text in told.values()), "")


def text_of(past: Past) -> str:
    """The argument that holds a text; "" where none does."""
    return next((one for one in _TEXTS if past.args.get(one)), "")


def _figure(order: Order, past: Past) -> dict[str, Any]:
    """The text with another figure, or with other words."""
    name = text_of(past)
    old = str(past.args[name]) if name else ""
    ways = (_figures, rewording.changed) if name else ()
    text = next((new for way in ways if (new := way(order.clause, old))), "")
    return {name: text} if text else {}


def _figures(clause: Clause, old: str) -> str:
    return figures.changed(clause, old, _PLAIN | _OOPS)


def _people(order: Order, args: Mapping[str, Any]) -> Change:
    """Others whom it goes to, more of them, or fewer."""
    there = {*(event_words.place(order)[1] if "start" in args else ()), *_name(order, args)[1]}
    named = [(who, at) for who, at in order.people() if order.line.word(at.start) not in _PLAIN]
    named = [(who, at) for who, at in named if at.start not in there]
    named = [(who, at) for who, at in named if order.line.word(at.start - 1) not in _INSIDE]
    held = {i for _, where in named for i in where}
    row = set(order.line.row)
    first = next((one for one in ("to", "people", "person") if args.get(one)), "")
    name = "cc" if row & {"cc", "copy"} and first != "person" else first
    name = name or ("people" if "start" in args else "cc" if "conversation" in args and row & _ADDING else "")
    if not named or not name:
        return {}, set()
    out = {who.casefold() for who, where in named if _leaves(order, where.start)}
    new = [who for who, _ in named if who.casefold() not in out]
    if name == "person":
        more = bool(row & _ADDING)
        return ({"persons": new} if more else {"person": new[0], "persons": new[1:]}) if new else {}, held
    before = [str(who) for who in args.get(name, [])]
    kept = [who for who in before if who.casefold() not in out] if out or row & _ADDING or name == "cc" else []
    return {name: [*kept, *(who for who in new if who not in kept)]}, held


def _leaves(order: Order, start: int) -> bool:
    """Whether the name is of somebody who is to be left out."""
    return bool(things.LEAVING & set(order.line.row[max(start - 2, 0) : start]))


def _place(order: Order, args: Mapping[str, Any]) -> Change:
    place, where = event_words.place(order) if "start" in args else ("", range(0))
    told: dict[str, Any] = {"place": place} if place else {}
    online = "start" in args and order.has("online", "video")
    return told | ({"online": True} if online else {}), set(where)


def _name(order: Order, args: Mapping[str, Any]) -> Change:
    """Another subject or title: "call it Budget", "with the subject Lunch"."""
    row = order.line.row
    name = next((one for one in ("subject", "title") if one in args), "")
    heads = [i for i, word in enumerate(row) if word in _NAMING or row[i : i + 2] == ("call", "it")]
    items = args.get("items", [])
    if not (name or len(items) == 1) or not heads or order.line.word(heads[-1] + 1) == "of":
        return {}, set()
    start = heads[-1] + 1
    while order.line.word(start) in {"it", "is", "be", "should", "to", ":", "line", "as"}:
        start += 1
    whole = order.line.kind(start) == "quoted"
    end = start + 1 if whole else next((i for i in range(start + 1, len(row)) if _goes_on(order, i)), len(row))
    said = order.clause.said(range(start, end)).strip(saying.QUOTES + ".")
    told = {name: said} if name else {"items": [{**items[0], "title": said}]}
    return (told, set(range(start, end))) if said else ({}, set())


def _goes_on(order: Order, i: int) -> bool:
    """Whether another change begins behind this joint: "call it Budget and make it 45 minutes"."""
    line, timed = order.line, order.clause.timed
    if line.word(i) not in _JOINTS:
        return False
    j = i + 1 + (line.word(i + 1) in _JOINTS)
    return line.word(j) in _GOING_ON or j in timed or (line.word(j) in _LED and j + 1 in timed)


def _channel(order: Order, args: Mapping[str, Any]) -> Change:
    channel = said_before.channel_of(order) if "channel" in args else ""
    held = {
        i for i in range(len(order.line)) if order.line.kind(i) == "channel" or order.line.tokens[i].text == channel
    }
    return ({"channel": channel}, held) if channel else ({}, set())


def _everybody(order: Order, args: Mapping[str, Any]) -> Change:
    asked = "conversation" in args and order.has("everyone", "everybody", "all")
    return ({"reply_all": True}, set()) if asked else ({}, set())


def hint(past: Past) -> str:
    """How a change to this proposal is put."""
    if text_of(past):
        return "Give the whole text behind “say:”, or press e."
    if past.args.get("start"):
        return "Say for example “at 16:00 instead” or “with Ana too”, or press e."
    return "Say it in other words, or press e."


_WAYS: tuple[Callable[[Order, Mapping[str, Any]], Change], ...] = (
    things.some, things.another, retimed.ending, retimed.when, retimed.length, _place, _name, _channel, _everybody,
    _people,
)  # fmt: skip
