"""What a change of the calendar meets: other events at that time, guests who are busy, mails that go out, strangers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tools.agenda.event import Event, Person
from tools.agenda.freebusy import busy_times
from tools.agenda.reading import Reading, read
from tools.agenda.spans import Span, without
from tools.agenda.telling import title_of
from tools.agenda.whereabouts import organisers_zones
from tools.agenda.words import elsewhere, many, span_words
from tools.base import ToolContext
from tools.write import Recipient, Row

MONTH = timedelta(days=30)
MOST_NAMED = 5


def around(context: ToolContext, span: Span) -> Reading:
    """The events of the weeks about now and that time: whom the person knows, and what stands there."""
    return read(context, Span(min(context.now, span.start) - MONTH, max(context.now, span.end) + MONTH))


def when(span: Span, zone: ZoneInfo, now: datetime, other: str = "", *, all_day: bool = False) -> str:
    """Such as "Thu 26 Mar 10:00–11:00 Zurich time (09:00–10:00 London)"."""
    said = span_words(span, zone, now, all_day=all_day)
    if all_day:
        return said
    there = elsewhere(span, zone, other)
    city = zone.key.rsplit("/", 1)[-1].replace("_", " ")
    clock = city if city == "UTC" else f"{city} time"
    return f"{said} {clock}" + (f" ({there})" if there else "")


def clashes(
    context: ToolContext, known: Reading, spans: Sequence[Span], leave_out: Callable[[Event], bool] | None = None
) -> list[str]:
    """The other events at those times, the first few by name."""
    taking = (one for one in known.events if one.counts and not (leave_out and leave_out(one)))
    found = [one for one in taking if any(one.touches(span) for span in spans)]
    told = [
        f"at the same time: “{title_of(one)}”, "
        + span_words(Span(one.start, one.end), context.zone, context.now, all_day=one.all_day)
        for one in found[:MOST_NAMED]
    ]
    return told + ([f"and {len(found) - MOST_NAMED} more at those times"] if len(found) > MOST_NAMED else [])


def guests_busy(
    context: ToolContext, guests: Sequence[Person], spans: Sequence[Span], before: Span | None = None
) -> list[str]:
    """Who of the guests is busy then, or cannot be seen. Of `before`, the event itself, nothing is counted."""
    if not guests:
        return []
    told = busy_times(context, [one.address for one in guests], Span(spans[0].start, spans[-1].end))
    found = []
    for one in guests:
        name = one.name or one.address
        if one.address in told.unseen:
            found.append(f"whether {name} is free cannot be seen")
            continue
        busy = without(told.times[one.address], [before] if before else [])
        count = sum(any(part.touches(span) for part in busy) for span in spans)
        if count:
            found.append(f"{name} is busy " + ("then" if len(spans) == 1 else f"at {count} of the first {len(spans)}"))
    return found


def mails(guests: Sequence[Person], what: str, me: str) -> list[str]:
    """Who hears of it by mail, and who of them is outside of the person's organisation."""
    if not guests:
        return []
    home = me.rpartition("@")[2].casefold()
    outside = [one.shown for one in guests if one.address.rpartition("@")[2] != home]
    verb = "gets" if len(guests) == 1 else "get"
    told = [f"{many(len(guests), 'person', 'people')} {verb} {what} by mail"]
    return told + ([f"outside of {home}: {', '.join(outside)}"] if outside and home else [])


def clocks(context: ToolContext, known: Reading, guests: Iterable[Person], span: Span) -> list[Row]:
    """The time on the clock of each guest who is known to live by another one."""
    zones = organisers_zones(known.zones)
    told = [(one, elsewhere(span, context.zone, zones.get(one.address, ""))) for one in guests]
    return [Row(label=f"for {one.name or one.address}", value=there) for one, there in told if there]


def invited(guests: Iterable[Person]) -> tuple[Recipient, ...]:
    return tuple(Recipient(address=one.address, name=one.name, role="guest") for one in guests)
