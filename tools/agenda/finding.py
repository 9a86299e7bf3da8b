"""What every calendar finding has: the person's zone and now, the events it names, and what could not be read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime

from tools.agenda.event import Event, Gap
from tools.agenda.spans import Span
from tools.agenda.telling import title_of
from tools.agenda.words import elsewhere, listed, span_words, times_words
from tools.base import Finding, Ref, Source
from tools.view import Note

TEXT_LINES = 80
ANSWERS = {"tentative": "you said maybe", "unanswered": "not answered yet", "declined": "you declined"}


class CalendarFinding(Finding):
    """A finding about calendars. `now` and every time shown stand in `zone`, the person's own."""

    now: AwareDatetime
    zone: ZoneInfo
    gaps: tuple[Gap, ...] = ()

    def named_events(self) -> Iterable[Event]:
        """The events in the order they are shown; one may come twice."""
        return ()

    def refs(self) -> tuple[Ref, ...]:
        unique = {event.key: event for event in self.named_events()}
        return tuple(ref_of(event) for event in unique.values())

    def sources(self) -> tuple[Source, ...]:
        unique = {event.key: event for event in self.named_events()}
        return tuple(source_of(event) for event in unique.values())

    def when(self, event: Event) -> str:
        """Weekday, day and time in the person's zone, and in the event's own where its clock differs."""
        return self.span_words(Span(event.start, event.end), event.zone, all_day=event.all_day)

    def times(self, event: Event) -> str:
        """The same without the day."""
        span = Span(event.start, event.end)
        there = elsewhere(span, self.zone, event.zone)
        return times_words(span, self.zone, self.now) + (f" ({there})" if there else "")

    def starts_on(self, event: Event, day: date) -> bool:
        """It is a timed event that begins on this day of the person's."""
        return not event.all_day and event.start.astimezone(self.zone).date() == day

    def span_words(self, span: Span, other_zone: str = "", *, all_day: bool = False) -> str:
        there = "" if all_day else elsewhere(span, self.zone, other_zone)
        return span_words(span, self.zone, self.now, all_day=all_day) + (f" ({there})" if there else "")

    def gap_words(self) -> str:
        """A sentence on what could not be read; "" when everything could."""
        if not self.gaps:
            return ""
        said = [f"{gap.who} ({gap.why.rstrip('.')})" for gap in self.gaps]
        return f"Not read, so not in here: {listed(said)}."

    def gap_notes(self) -> tuple[Note, ...]:
        return (Note(text=self.gap_words(), tone="notice"),) if self.gaps else ()


def ref_of(event: Event) -> Ref:
    times = {} if event.all_day else {"begins": event.start, "ends": event.end}
    return Ref(kind="event", id=event.key, label=title_of(event), people=event.guests, **times)


def source_of(event: Event) -> Source:
    """Titles, places and descriptions are whatever their author wrote."""
    return Source(
        kind="event",
        id=event.key,
        label=title_of(event),
        by=event.organiser.address,
        link=event.link,
        trust="untrusted",
    )


def marks(event: Event) -> str:
    """What a person should know at a glance: " (tentative, free)"; "" for a plain accepted event."""
    said = [
        "cancelled" if event.cancelled else "",
        "tentative" if event.tentative else "",
        ANSWERS.get(event.answer, ""),
        "" if event.busy else "free",
        {"focus": "focus time", "away": "out of office"}.get(event.kind, ""),
        "" if event.mine else "shared calendar",
    ]
    shown = [one for one in said if one]
    return f" ({', '.join(shown)})" if shown else ""


def place_of(event: Event) -> str:
    """The location, or that it is online."""
    return event.place or ("online" if event.online else "")


def sentences(*parts: str) -> str:
    """The parts that say something, one after the other."""
    return " ".join(part for part in parts if part)


def quoted(event: Event) -> str:
    return f"“{title_of(event)}”"


def clipped(lines: list[str], more: int, noun: str) -> str:
    """At most TEXT_LINES lines; what is left out is said."""
    left = max(0, len(lines) - TEXT_LINES) + more
    shown = lines[:TEXT_LINES]
    return "\n".join([*shown, f"[… {left} more {noun} left out: ask for a shorter time]"] if left else shown)
