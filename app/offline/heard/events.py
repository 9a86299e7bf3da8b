"""New events and moved ones, of the words that were marked for their name, guests, place and time."""

from __future__ import annotations

from dataclasses import replace

from app.offline import amounts, pointing
from app.offline.clause import Clause
from app.offline.heard.making import Making
from app.offline.heard.said import TEXTS, Said
from app.offline.heard.values import JOINED, filled, titled
from app.offline.orders import event_changes, event_orders, event_shifts, event_words, whole_days
from app.offline.orders.order import ASKED, Missing, Order, slot
from app.offline.plan import Question, Step

_NOT_TIMES = TEXTS | {"person", "to", "place"}
_CALLED = frozenset({"called", "titled", "named"})
_BLOCKING = frozenset({"block", "blocked"})


def created(making: Making) -> list[Step]:
    """A meeting at a time that was said, in a slot that was proposed, or on whole days; or a series."""
    said = making.said
    args = {key: value for key, value in filled(said).items() if key in {"people", "place", "description"}}
    _known_day(making)
    title, people = _named(said, args.get("people", []))
    rest = replace(making.whole(), clause=_when(said), blocks=_blocks(making))
    args |= {"people": people} | ({"online": True} if {*rest.line.row} & event_words.ONLINE else {})
    args["title"] = event_words.called(title, said.clause.line, people) or _left(said)
    thing = said.only("thing")
    place = next((p.place for p in pointing.find(thing.line, (), {}, shown=True) if p.place), 0)
    return event_orders.created(rest, args, place)


def _known_day(making: Making) -> None:
    """Raises Missing for a "that day" which nobody spoke of."""
    line, moment = making.said.clause.line, making.said.clause.moment
    if moment.anchor is None and any(line.words(i, 2) == ("that", "day") for i in range(len(line))):
        one = slot(making.said.skill, "start")
        raise Missing(Question(making.said.skill.name, {}, one, ask=ASKED["start"]))


def _named(said: Said, people: list[str]) -> tuple[str, list[str]]:
    """What it is called, and whom it is with: both may stand in one, "lunch with Ana", "lunch Ana"."""
    spans = [span for span in said.spans if span.argument == "title"]
    titles = said.texts("title")
    title = titled(next(iter(titles), ""))
    if (
        not title
        or said.clause.line.word(spans[0].start - 1) in _CALLED
        or said.clause.line.kind(spans[0].start) == "quoted"
    ):
        return title, people
    head, joint, rest = title.partition(" with ")
    first, _, behind = title.partition(" ")
    if not joint and first.lower() in event_words.EVENTS:
        head, rest = first, behind
    inside = [one.strip() for one in JOINED.split(rest)] if rest and not people else []
    if inside and all(one[:1].isupper() for one in inside):
        title, people = head, inside
    about = next((one for one in titles[1:] if " about " in said.clause.text), "")
    named = f"{title} with {event_words.joined(people)}" if people else title
    return (f"{named} about {about}" if about else named), people


def _left(said: Said) -> str:
    """The words of a new event that nobody marked, and that are for nothing else: "create an event Yoga"."""
    line, clause = said.clause.line, said.clause
    held = {i for s in said.spans if s.argument != "online" for i in range(s.start, s.end)} | clause.timed
    held |= {i for d in clause.durations for i in range(d.start, d.end)}
    names = [i for i in range(1, len(line)) if line.capital(i) and line.kind(i) == "word" and i not in held]
    return clause.said(names) if names and [*range(names[0], names[-1] + 1)] == names else ""


def _when(said: Said) -> Clause:
    """The words that are no name, text, person or place, nor the noun for the event unless it says the time."""
    timed = {i for s in said.spans if s.argument == "time" for i in range(s.start, s.end)}
    gone = {i for s in said.spans if s.argument in _NOT_TIMES for i in range(s.start, s.end)}
    nouns = {i for i, word in enumerate(said.clause.line.row) if word in event_words.EVENTS} if timed else set[int]()
    return said.reader.without(said.clause, gone | (nouns - timed))


def _new_time(said: Said) -> Clause:
    """From the first word of the new time to the last that says one behind it; the only time where none is new."""
    first = next((span.start for span in said.spans if span.argument == "newtime"), None)
    if first is None:
        return said.only("time")
    ends = [span.end for span in said.spans if span.argument in {"newtime", "time"} and span.start >= first]
    return said.reader.only(said.clause, range(first, max(ends)))


def _with_hour(new: Order) -> Order:
    """The words with "at" before a number that stands alone behind a day: "friday 10"."""
    line, told = new.line, new.clause.windows(1)
    i = told[0].end if len(told) == 1 and told[0].window.grain == "day" else len(line)
    if line.kind(i) != "number" or i in new.clause.timed or amounts.duration(line, i):
        return new
    return event_words.at_hour(new, i)


def _blocks(making: Making) -> bool:
    return not (_BLOCKING | whole_days.ABSENT).isdisjoint(making.said.clause.line.row)


def moved(making: Making) -> list[Step]:
    """An event put at another time."""
    said = making.said
    new = replace(making.whole(), clause=_new_time(said))
    if len(new.line) == 1:  # "at 4"
        new = event_words.at_hour(new, 0)
    new = _with_hour(new)
    which = said.value("which")
    shift = event_shifts.said(said.without({"thing", *TEXTS}))
    return event_changes.moved(new, making.target("event"), "" if which == "one" else which, shift)
