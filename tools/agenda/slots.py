"""Times when everybody can meet: pure functions over who works when and who is busy. n log n in what they are given.

A slot lies inside the window, inside every participant's working hours on their own clock, and in nobody's busy time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tools.agenda.event import Person
from tools.agenda.hours import DEFAULT_HOURS, WorkingHours
from tools.agenda.spans import Span, Timeline, common, merged, without
from tools.agenda.words import listed

STEP = timedelta(minutes=15)
BREATH = timedelta(minutes=10)  # less than this to the next meeting is called back to back
PER_DAY = 2

DAY_COST, CORE_COST, LUNCH_COST, TIGHT_COST, UNEVEN_COST = 6.0, 4.0, 5.0, 2.0, 1.0


@dataclass(frozen=True)
class Participant:
    """Somebody to meet. `busy` is in order and disjoint; None where it cannot be seen."""

    person: Person
    zone: ZoneInfo
    busy: tuple[Span, ...] | None = ()
    me: bool = False
    hours: WorkingHours = DEFAULT_HOURS

    @property
    def called(self) -> str:
        return "you" if self.me else self.person.name or self.person.address


@dataclass(frozen=True)
class Slot:
    """One proposal and why it stands where it stands; `cost` orders proposals, lower first."""

    start: datetime
    end: datetime
    cost: float = 0.0
    reasons: tuple[str, ...] = ()

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


@dataclass(frozen=True)
class Meeting:
    """What is looked for: everybody in it, for how long, between when."""

    participants: tuple[Participant, ...]
    duration: timedelta
    window: Span

    @property
    def mine(self) -> Participant:
        return next((one for one in self.participants if one.me), self.participants[0])


@dataclass(frozen=True)
class _Clock:
    """One participant's core, lunch and busy time in the window, worked out once."""

    participant: Participant
    core: Timeline
    lunch: Timeline
    busy: Timeline

    @classmethod
    def of(cls, one: Participant, window: Span) -> _Clock:
        core, lunch = one.hours.core_spans(one.zone, window), one.hours.lunch_spans(one.zone, window)
        return cls(one, Timeline(merged(core)), Timeline(merged(lunch)), Timeline(merged(one.busy or ())))


def free_time(meeting: Meeting) -> list[Span]:
    """When everybody works and nobody is busy, in order. Unseen busy time is left out: the caller must say so."""
    shared = [meeting.window]
    for one in meeting.participants:
        shared = common(shared, merged(one.hours.spans(one.zone, meeting.window)))
        shared = without(shared, merged(one.busy or ()))
    return shared


def unbooked(meeting: Meeting) -> list[Span]:
    """When I am not busy, at work or not, in order."""
    return without([meeting.window], merged(meeting.mine.busy or ()))


def starts_in(span: Span, duration: timedelta) -> Iterator[datetime]:
    """Every quarter hour from which `duration` fits; the span's own start where no quarter hour does."""
    start = _next_step(span.start)
    if start + duration > span.end and span.length >= duration:
        yield span.start
    while start + duration <= span.end:
        yield start
        start += STEP


def find(meeting: Meeting, limit: int = 5) -> list[Slot]:
    """The best slots, best first: they do not overlap, and one day gives two at most unless there is no other day."""
    slots = candidates(meeting)
    if not slots:
        return []
    soonest, later = slots[0].start, day_cost(slots, meeting.mine.zone)
    first = "the soonest possible" if len(slots) > 1 else "the only time possible"
    dated = (replace(slot, cost=slot.cost + later(slot)) for slot in slots)
    best_first = sorted(dated, key=lambda slot: (slot.cost, slot.start))
    return [
        replace(slot, reasons=(first, *slot.reasons)) if slot.start == soonest else slot
        for slot in _spread(best_first, meeting, limit)
    ]


def candidates(meeting: Meeting) -> list[Slot]:
    """Every slot there is, judged by all but its day, in order of time; they may overlap."""
    judge = _judge(meeting, [_Clock.of(one, meeting.window) for one in meeting.participants])
    return [judge(start) for span in free_time(meeting) for start in starts_in(span, meeting.duration)]


def day_cost(slots: Iterable[Slot], zone: ZoneInfo) -> Callable[[Slot], float]:
    """What its day adds to the cost of a slot: more with every earlier day that has one of `slots`."""
    days = sorted({_day(slot.start, zone) for slot in slots})
    ranks = {day: rank * DAY_COST for rank, day in enumerate(days)}
    return lambda slot: ranks[_day(slot.start, zone)]


def _spread(slots: Sequence[Slot], meeting: Meeting, limit: int) -> list[Slot]:
    chosen: list[Slot] = []
    zone = meeting.mine.zone
    for most in (PER_DAY, limit):
        for slot in slots:
            if len(chosen) == limit:
                break
            same_day = sum(1 for one in chosen if _day(one.start, zone) == _day(slot.start, zone))
            if same_day < most and not any(one.span.touches(slot.span) for one in chosen):
                chosen.append(slot)
    return sorted(chosen, key=lambda slot: (slot.cost, slot.start))


def _judge(meeting: Meeting, clocks: Sequence[_Clock]) -> Callable[[datetime], Slot]:
    def judge(start: datetime) -> Slot:
        span = Span(start, start + meeting.duration)
        cost, reasons = 0.0, []
        for price, said in (_core(span, clocks), _lunch(span, clocks), _room(span, clocks)):
            cost += price
            reasons.append(said)
        uneven = UNEVEN_COST if start.minute % 30 else 0.0
        return Slot(span.start, span.end, cost + uneven, tuple(filter(None, reasons)))

    return judge


def _core(span: Span, clocks: Sequence[_Clock]) -> tuple[float, str]:
    edge = [one.participant for one in clocks if one.core.time_in(span) < span.length]
    if not edge:
        return 0.0, "inside everyone's core hours" if len(clocks) > 1 else "inside your core hours"
    early = [one.called for one in edge if _is_early(span, one)]
    late = [one.called for one in edge if not _is_early(span, one)]
    said = (f"{when} in the day for {_whom(who, clocks)}" for when, who in (("early", early), ("late", late)) if who)
    return CORE_COST * len(edge), ", ".join(said)


def _is_early(span: Span, one: Participant) -> bool:
    local = span.start.astimezone(one.zone)
    return local.hour * 60 + local.minute < one.hours.core[0]


def _lunch(span: Span, clocks: Sequence[_Clock]) -> tuple[float, str]:
    hungry = [one.participant.called for one in clocks if one.lunch.time_in(span)]
    return (LUNCH_COST * len(hungry), f"over lunch for {_whom(hungry, clocks)}") if hungry else (0.0, "")


def _room(span: Span, clocks: Sequence[_Clock]) -> tuple[float, str]:
    wide = Span(span.start - BREATH, span.end + BREATH)
    tight = [c.participant.called for c in clocks if next(c.busy.at(wide), None)]
    if not tight:
        return 0.0, "room before and after"
    return TIGHT_COST * len(tight), f"back to back for {_whom(tight, clocks)}"


def _whom(who: list[str], clocks: Sequence[_Clock]) -> str:
    return "everyone" if len(who) == len(clocks) > 1 else listed(who)


def _next_step(instant: datetime) -> datetime:
    seconds = int(STEP.total_seconds())
    stamp = -(-instant.timestamp() // seconds) * seconds
    return datetime.fromtimestamp(stamp, UTC)


def _day(instant: datetime, zone: ZoneInfo) -> int:
    return instant.astimezone(zone).toordinal()
