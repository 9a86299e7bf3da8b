"""What the words of a new event say of it: its name, whom to invite, where it is, when.

Law: who is invited was said to be: with somebody, or alone behind the verb. A name inside the event's own, or inside
other words, invites nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from app.offline.lexicon import EMPTY, listed
from app.offline.orders import whole_days
from app.offline.orders.order import Order
from app.offline.orders.saying import QUOTES
from app.offline.people import Person
from app.offline.times import Timed

_EVENTS = frozenset(
    listed(
        "meeting call event appointment lunch dinner breakfast coffee sync review workshop standup session"
        " retrospective chat interview demo party visit drinks brunch talk catchup training reminder slot time"
    )
)
BARE = frozenset(listed("event slot time reminder invite invitation entry calendar diary schedule agenda"))
ONLINE = frozenset(listed("video online zoom meet virtual remote videocall"))
_DROPPED = frozenset(
    listed("please a an the new my our me us up in into on calendar diary schedule agenda put it online")
)
_NAMING = frozenset(listed("called titled named"))
_LOOSE = frozenset(listed("of about for with at on in from to and"))
_DOINGS = frozenset(listed("walk run look check keep visit use help show round"))
_LASTS = frozenset(listed("takes take lasts last taking lasting"))
_NOUNS_TOO = {
    "book": frozenset(listed("club clubs circle group fair launch reading readings signing swap review talk"))
}
"""Verbs that one of these nouns behind them makes a name: "book club friday at 7"."""


def about_events(order: Order) -> bool:
    """Whether the words name something for a calendar."""
    row = order.line.row
    words = {*row, *(token.stem for token in order.line.tokens)}
    return bool(words & (_EVENTS | {"calendar", "diary"}))


def timed(order: Order) -> list[Timed]:
    return order.clause.windows(1)


def clocked(order: Order) -> bool:
    """Whether a time on the clock is said."""
    return any(t.window.grain == "clock" for t in timed(order))


def guests(order: Order) -> list[Person]:
    """Whom to invite."""
    inside = set(named(order)) | ({0} if order.verb == "set up" else set())
    found = [p for p in order.clause.people if p.role != "at" and (p.sure or p.role in {"with", "for"})]
    found = [p for p in found if order.line.word(p.start - 1) != "to" or p.start < 2]  # "my flight to Lisbon"
    found = [
        p for p in found if order.line.word(p.start - 1) != "room" and not (_possessive(order, p) or p.start in inside)
    ]
    last = _invited_to(order)
    if last:
        return [p for p in found if p.end <= last]
    return [p for p in found if p.role in {"with", "for"} or not _among(order, p)]


def _possessive(order: Order, who: Person) -> bool:
    """Whether something is theirs: "Mei's birthday"."""
    return order.line.tokens[who.end - 1].possessive and order.line.kind(who.end) == "word"


def _among(order: Order, who: Person) -> bool:
    """Whether the name is part of what the event is called: "Launch review", "Kick-off Falcon"."""
    line, run = order.line, _run(order, who)
    people = {i for p in order.clause.people for i in range(p.start, p.end)}
    others = [i for i in run if i not in people]
    nouns_first = all(line.word(i) in _EVENTS - BARE and i < who.start for i in others)
    return bool(others) and not nouns_first


def _run(order: Order, who: Person) -> list[int]:
    """The words that the name stands among, up to one that joins, leads or says when."""
    start, end = who.start, who.end
    while start and _goes_on(order, start - 1):
        start -= 1
    while end < len(order.line) and _goes_on(order, end):
        end += 1
    return [*range(start, end)]


def _goes_on(order: Order, i: int) -> bool:
    """Whether token `i` belongs to the same words; what a hyphen joins always does."""
    line = order.line
    if line.kind(i) != "word" or i in order.clause.timed or i in _lengths(order):
        return False
    return line.word(i) not in EMPTY or order.clause.glued(i) or order.clause.glued(i + 1)


def _invited_to(order: Order) -> int:
    """Where what somebody is invited to begins; 0 where nobody is."""
    row = order.line.row
    return row.index("to") if order.deed == "invite" and "to" in row else 0


def place(order: Order) -> tuple[str, range]:
    """A room or a place, as typed."""
    for p in order.clause.people:
        if order.line.word(p.start - 1) == "room" or p.role == "at":
            room = order.line.word(p.start - 1) == "room"
            numbered = order.line.kind(p.end) == "number" and p.end not in order.clause.timed | _lengths(order)
            where = range(p.start - room, p.end + numbered)
            return order.clause.said(where[room:]), where
    return "", range(0)


def whom(names: list[Person]) -> str:
    return f"Meeting with {joined([who.name for who in names])}" if names else ""


def joined(names: list[str]) -> str:
    return " and ".join((", ".join(names[:-1]), names[-1]) if len(names) > 1 else names)


def named(order: Order) -> list[int]:
    """The tokens of a name that is said to be one: behind "called", or in quotes."""
    line = order.line
    head = next((i for i, word in enumerate(line.row) if word in _NAMING and i + 1 < len(line)), None)
    if head is not None:
        return [head + 1] if line.kind(head + 1) == "quoted" else _free(order, range(head + 1, len(line)))
    return next(([i] for i in range(len(line)) if line.kind(i) == "quoted"), [])


def title(order: Order, invited: list[Person]) -> str:
    """What the meeting is called: as said, else its noun with whom and about what; "" where there is none."""
    said = named(order)
    if said:
        return order.clause.said(said).strip(QUOTES)
    return _for_what(order, invited) or _by_noun(order, invited)


def _for_what(order: Order, invited: list[Person]) -> str:
    """What time is booked for: "an hour for writing"."""
    line, held = order.line, _held(order) | _of(invited)
    if "for" not in line.row or about_events(order):
        return ""
    after = [i for i in range(line.row.index("for") + 1, len(line)) if i not in held]
    own = [i for i in after if line.word(i) not in EMPTY]
    return _capital(order.clause.said(_trim(order, after))) if own else ""


def _by_noun(order: Order, invited: list[Person]) -> str:
    line, held = order.line, _held(order) | _of(invited)
    words = [i for i in range(len(line)) if i not in held and line.kind(i) in {"word", "quoted", "number"}]
    words = [i for i in words if line.word(i) not in _DROPPED | ONLINE | BARE and i not in whole_days.said(order)]
    leading = (i for i in words if line.word(i) in {"of", "about", "for", "to"})
    joining = {i for i in leading if i + 1 + (line.word(i + 1) in {"the", "a", "an", "my", "our"}) in words}
    joining |= {i for i in words if order.clause.glued(i)}
    kept = [i for i in words if line.word(i) not in EMPTY or i in joining]
    verb_too = line.word(0) in _NOUNS_TOO.get(order.verb, ()) and kept[:1] == [0] and not about_events(order)
    kept = _trim(order, sorted({*kept, *_noun(order)}))
    said = (f"{order.verb} " if verb_too else "") + _spoken(order, kept).strip(QUOTES)
    more = f" with {joined([p.name for p in invited])}" if said and invited and order.deed != "invite" else ""
    about = said.partition(" about ")
    return _capital(f"{about[0]}{more}{about[1]}{about[2]}".strip())


def _noun(order: Order) -> list[int]:
    """The words straight behind the article, where the last of them is one that means little elsewhere: "a site walk",
    "a long run"."""
    line, held = order.line, _held(order)
    run = 1
    while line.kind(run) == "word" and line.word(run) not in _LOOSE | {"for"} and run not in held:
        run += 1
    empty = line.word(0) in {"a", "an"} and run > 1 and line.word(run - 1) in _DOINGS
    return [*range(1, run)] if empty else []


def _held(order: Order) -> set[int]:
    """The tokens that say when, how long, where, to whom, or point."""
    held = {i for t in timed(order) for i in range(t.start, t.end)} | _lengths(order)
    held |= {*range(_invited_to(order)), *place(order)[1]}
    return held | {i for p in order.clause.pointings if p.place for i in range(p.start, p.end)}


def _lengths(order: Order) -> set[int]:
    held = {i for d in order.clause.durations for i in range(d.start, d.end)}
    for d in order.clause.durations:
        if order.line.word(d.start - 1) in _LASTS:
            held |= {*range(d.start - 1 - (order.line.word(d.start - 2) in {"it", "that"}), d.start)}
    return held


def _of(people: Iterable[Person]) -> set[int]:
    return {i for p in people for i in range(p.start, p.end)}


def _spoken(order: Order, kept: list[int]) -> str:
    """The tokens as typed, in the runs they were typed in."""
    runs = groupby(enumerate(kept), key=lambda one: one[1] - one[0])
    return " ".join(order.clause.said([i for _, i in run]) for _, run in runs)


def _free(order: Order, among: range) -> list[int]:
    held = {i for t in timed(order) for i in range(t.start, t.end)} | _lengths(order)
    run: list[int] = []
    for i in among:
        joined_on = order.line.word(i) == "and" and order.line.word(i + 1) in EMPTY
        if i in held or order.line.word(i) in {"with", ","} or order.line.kind(i) == "symbol" or joined_on:
            break
        run.append(i)
    return _trim(order, run)


def _trim(order: Order, kept: list[int]) -> list[int]:
    while kept and (order.line.word(kept[-1]) in _LOOSE or order.line.kind(kept[-1]) == "symbol"):
        kept = kept[:-1]
    while kept and order.line.word(kept[0]) in _LOOSE:
        kept = kept[1:]
    return kept


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
