"""What comes nearest when no time suits everybody: somebody missing, somebody outside their hours, or less time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from tools.agenda.slots import Meeting, Participant, Slot, candidates, day_cost, find
from tools.agenda.spans import Span, time_in
from tools.agenda.words import length_words, listed

CompromiseKind = Literal["outside_hours", "missing", "shorter"]
WIDEST = 4  # hours before and after the working day
QUARTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Compromise:
    """The nearest of its kind; `what` says who or what gives way. `without` is whoever is left out, by address."""

    kind: CompromiseKind
    slot: Slot
    what: str
    without: str = ""


def nearest(meeting: Meeting) -> tuple[Compromise, ...]:
    """At most one compromise of each kind, for a meeting that has no slot; less time on top where none is enough."""
    found = (*_whole(meeting), *_shorter(meeting))
    for duration in _shortened(meeting.duration) if not found else ():
        found = tuple(
            replace(one, what=f"{_less(duration, meeting)}, {one.what}")
            for one in _whole(replace(meeting, duration=duration))
        )
        if found:
            break
    return found


def _whole(meeting: Meeting) -> tuple[Compromise, ...]:
    """Those that leave it as long as it is."""
    kinds = (_outside_hours(meeting), _somebody_missing(meeting))
    return tuple(one for one in kinds if one is not None)


def _outside_hours(meeting: Meeting) -> Compromise | None:
    """Everybody there; the working day stretched hour by hour until something fits."""
    for hours in range(1, WIDEST + 1):
        wide = tuple(replace(one, hours=one.hours.widened(hours)) for one in meeting.participants)
        slots = candidates(replace(meeting, participants=wide))
        if slots:
            best = min(slots, key=lambda slot: (_total_outside(meeting, slot), slot.start))
            return Compromise("outside_hours", best, "outside working hours for " + listed(_sides(meeting, best)))
    return None


def _total_outside(meeting: Meeting, slot: Slot) -> timedelta:
    return sum((_outside(one, slot.span) for one in meeting.participants), timedelta())


def _outside(one: Participant, span: Span) -> timedelta:
    return span.length - time_in(span, one.hours.spans(one.zone, span))


def _sides(meeting: Meeting, slot: Slot) -> list[str]:
    """Whose hours it leaves, with their clock and by how much."""
    return [
        f"{one.called} ({slot.start.astimezone(one.zone):%H:%M} {'here' if one.me else 'there'}, {length_words(over)})"
        for one in meeting.participants
        if (over := _outside(one, slot.span))
    ]


def _somebody_missing(meeting: Meeting) -> Compromise | None:
    """One other person left out; never me, and never the only other one."""
    others = [one for one in meeting.participants if not one.me]
    found: list[tuple[Slot, Participant]] = []
    for one in others if len(others) > 1 else ():
        rest = tuple(each for each in meeting.participants if each is not one)
        found.extend((slot, one) for slot in candidates(replace(meeting, participants=rest)))
    if not found:
        return None
    later = day_cost((slot for slot, _ in found), meeting.mine.zone)
    slot, missing = min(found, key=lambda pair: (pair[0].cost + later(pair[0]), pair[0].start))
    return Compromise("missing", slot, f"without {missing.called}", missing.person.address)


def _shorter(meeting: Meeting) -> tuple[Compromise, ...]:
    for duration in _shortened(meeting.duration):
        if slots := find(replace(meeting, duration=duration), limit=1):
            return (Compromise("shorter", slots[0], _less(duration, meeting)),)
    return ()


def _shortened(duration: timedelta) -> Iterator[timedelta]:
    """Whole quarters of an hour, the longest first."""
    for quarters in range(-(-duration // QUARTER) - 1, 0, -1):
        yield QUARTER * quarters


def _less(duration: timedelta, meeting: Meeting) -> str:
    return f"{length_words(duration)} instead of {length_words(meeting.duration)}"
