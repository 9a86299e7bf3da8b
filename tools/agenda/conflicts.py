"""The rules of a conflict, as pure functions over events: sorted sweeps, n log n and as many steps as conflicts found.

overlap         two commitments at the same time, on one calendar
double_booking  the same, on two calendars
away            a commitment on a day or in hours that I have marked as away or as busy all day
travel          one ends and another begins elsewhere, without time to get there
outside_hours   a meeting with others outside my working hours
Declined, cancelled, free ("transparent"), birthday and zero-length entries never count, nor does one occurrence shown
on two calendars. What is tentative or unanswered is reported one step weaker.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from tools.agenda.event import Event
from tools.agenda.hours import DEFAULT_HOURS, WorkingHours, days_of
from tools.agenda.places import far_apart, read_place
from tools.agenda.spans import Span, time_in

ConflictKind = Literal["overlap", "double_booking", "away", "travel", "outside_hours"]
Only = Literal["all", "overlap_double", "absence", "travel", "outside"]
Severity = Literal["high", "medium", "low"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
SAME_TIME: frozenset[ConflictKind] = frozenset({"overlap", "double_booking"})
ASKED: dict[Only, frozenset[ConflictKind]] = {
    "all": frozenset(get_args(ConflictKind)),
    "overlap_double": SAME_TIME,  # who feels double booked asks of no calendars
    "absence": frozenset({"away"}),
    "travel": frozenset({"travel"}),
    "outside": frozenset({"outside_hours"}),
}


@dataclass(frozen=True, slots=True)
class Rules:
    """What counts as too close and too late. `zone` is the person's own."""

    zone: ZoneInfo
    hours: WorkingHours = DEFAULT_HOURS
    travel: timedelta = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Conflict:
    """One conflict: `first` begins no later than `second` (None for outside_hours); `[start, end)` is what clashes.

    For travel that is the gap between the two, which may be empty.
    """

    kind: ConflictKind
    severity: Severity
    first: Event
    second: Event | None
    start: datetime
    end: datetime

    @property
    def events(self) -> tuple[Event, ...]:
        return (self.first,) if self.second is None else (self.first, self.second)

    @property
    def weak(self) -> bool:
        """One of its events may not happen with me."""
        return any(one.weak for one in self.events)

    def touches(self, window: Span) -> bool:
        """Some of it is in `window`; a gap without length counts where it lies."""
        return self.start < window.end and (window.start < self.end or window.start <= self.start)


def find(events: Iterable[Event], window: Span, rules: Rules) -> list[Conflict]:
    """Every conflict that touches `window`, by time. `events` hold one event per occurrence."""
    counting = sorted((one for one in events if one.counts), key=lambda one: (one.start, one.end, one.key))
    found = [
        *(_of_pair(first, second) for first, second in clashing(counting)),
        *_without_travel(counting, rules),
        *_outside_hours(counting, rules),
    ]
    inside = (one for one in found if one.touches(window))
    return sorted(inside, key=lambda one: (one.start, SEVERITIES.index(one.severity), one.end, one.first.key))


def sought(found: Sequence[Conflict], only: Only) -> tuple[tuple[Conflict, ...], int]:
    """Those of the kinds asked for, and how many others there are."""
    asked = tuple(one for one in found if one.kind in ASKED[only])
    return asked, len(found) - len(asked)


def clashing(ordered: Iterable[Event]) -> Iterator[tuple[Event, Event]]:
    """Every pair of events that share time; `ordered` is by start."""
    open_ones: list[Event] = []
    for event in ordered:
        open_ones = [one for one in open_ones if one.end > event.start]
        for one in open_ones:
            yield one, event
        open_ones.append(event)


def _of_pair(first: Event, second: Event) -> Conflict:
    blocks = [one for one in (first, second) if _blocks_out(one)]
    kind: ConflictKind = "double_booking" if first.calendar != second.calendar else "overlap"
    level = 0
    if len(blocks) == 1:
        kind, level = "away", 0 if blocks[0].kind == "away" else 1
    elif blocks or "focus" in (first.kind, second.kind):
        level = 2
    return Conflict(
        kind,
        SEVERITIES[min(level + _weakness(first, second), 2)],
        first,
        second,
        max(first.start, second.start),
        min(first.end, second.end),
    )


def _blocks_out(event: Event) -> bool:
    """It stands for not being there, not for a meeting."""
    return event.all_day or event.kind == "away"


def _weakness(*events: Event) -> int:
    return 1 if any(one.weak for one in events) else 0


def _without_travel(ordered: Sequence[Event], rules: Rules) -> Iterator[Conflict]:
    """Pairs in different places with less than the travel time between them; `ordered` is by start."""
    placed = [one for one in ordered if not _blocks_out(one) and read_place(one.place)]
    starts = [one.start for one in placed]
    for first in placed:
        for at in range(bisect_left(starts, first.end), len(placed)):
            second = placed[at]
            if second.start - first.end >= rules.travel:
                break
            if far_apart(first.place, second.place):
                severity = SEVERITIES[1 + _weakness(first, second)]
                yield Conflict("travel", severity, first, second, first.end, second.start)


def _outside_hours(ordered: Iterable[Event], rules: Rules) -> Iterator[Conflict]:
    """Meetings with other people in my working life; what I plan for myself or at home is my own business."""
    for event in ordered:
        met = event.others or not event.organised_by_me  # who invites me is not always among the invited
        if met and event.work and not _blocks_out(event) and outside(event, rules) > timedelta():
            yield Conflict("outside_hours", "low", event, None, event.start, event.end)


def outside(event: Event, rules: Rules) -> timedelta:
    """How much of it lies outside working hours."""
    span = Span(event.start, event.end)
    days = list(days_of(span, rules.zone))
    if len(days) > 14:
        return timedelta()  # weeks on end are no meeting
    return span.length - time_in(span, rules.hours.spans(rules.zone, span))
