"""What is in the calendar: the lead says how much and what comes next, the view shows it day by day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from pydantic import AwareDatetime

from tools.agenda.conflicts import Conflict
from tools.agenda.event import Event
from tools.agenda.finding import CalendarFinding, clipped, marks, place_of, quoted, ref_of, sentences
from tools.agenda.hours import day_span, days_of
from tools.agenda.spans import Span
from tools.agenda.telling import title_of
from tools.agenda.words import (
    clock,
    day_words,
    elsewhere,
    is_part,
    length_words,
    many,
    times_words,
    window_words,
    zone_note,
)
from tools.base import Line, Name
from tools.text.topics import topic_words
from tools.view import Block, Cell, DayView, Entry, Note, Table, Tone, cells

DAYS_AS_VIEWS = 7
MEETING_WEIGHT = 40


class AgendaFinding(CalendarFinding):
    """All entries of the shown calendars in `[start, end)`, one per occurrence; `left_out` were too many to keep.

    `ahead` says until when the first meeting after the window was looked for (None: it was not), `following` is it.
    """

    start: AwareDatetime
    end: AwareDatetime
    events: tuple[Event, ...]
    conflicts: tuple[Conflict, ...]
    calendars: tuple[str, ...]
    left_out: int = 0
    ahead: AwareDatetime | None = None
    following: Event | None = None

    @property
    def window(self) -> Span:
        return Span(self.start.astimezone(UTC), self.end.astimezone(UTC))

    @property
    def meetings(self) -> list[Event]:
        return [one for one in self.events if one.is_meeting]

    @property
    def is_part(self) -> bool:
        """Only some hours of a day were asked about."""
        return is_part(self.window, self.zone, self.now)

    def named_events(self) -> Iterable[Event]:
        return (*self._ordered(), *([self.following] if self.following else ()))

    def lead(self, name: Name) -> str:
        return sentences(self._count(), self._next(), self._all_day(), self._clashes(), self.gap_words())

    def text(self, name: Name) -> str:
        clashing = {event.key for conflict in self.conflicts for event in conflict.events}
        lines = [self._line(event, name, clashing) for event in self._ordered()]
        lanes = f"Calendars read: {', '.join(self.calendars)}. Times in {self.zone.key}."
        return "\n".join([self.lead(name), clipped(lines, self.left_out, "entries"), lanes])

    def view(self, name: Name) -> tuple[Block, ...]:
        days = list(days_of(self.window, self.zone))
        blocks: tuple[Block, ...] = tuple(self._day(day, name) for day in days)
        if self.is_part and not self.events:
            blocks = (Note(text=self.lead(name)),)
        if len(days) > DAYS_AS_VIEWS:
            blocks = (self._table(name),) if self.events else ()
        left = (Note(text=f"{self.left_out} more entries are not shown.", tone="notice"),) if self.left_out else ()
        return (*blocks, *left, *self.gap_notes())

    def lines(self) -> tuple[Line, ...]:
        return tuple(self._told(one) for one in self.meetings if one.end > self.now)

    def _told(self, event: Event) -> Line:
        place = f", {place_of(event)}" if place_of(event) else ""
        return Line(
            kind="meeting",
            text=f"{self.times(event)} {title_of(event)}{marks(event)}{place}",
            weight=MEETING_WEIGHT,
            at=event.start,
            until=event.end,
            people=(event.organiser.address,) if event.organiser.address else (),
            words=topic_words(event.title),
            ref=ref_of(event),
            link=event.link,
        )

    def _ordered(self) -> list[Event]:
        """By time; of some hours, what begins in them before what merely goes on, and whole days last."""
        if not self.is_part:
            return sorted(self.events, key=lambda one: (one.start, not one.all_day, one.end, one.key))
        return sorted(self.events, key=lambda one: (one.all_day, one.start < self.start, one.start, one.end, one.key))

    def _count(self) -> str:
        when = window_words(self.window, self.zone, self.now)
        if not self.meetings:
            return f"No meetings {when}{self._beyond()}."
        first, last = self.meetings[0], max(self.meetings, key=lambda one: one.end)
        total = f"{many(len(self.meetings), 'meeting')} {when}"
        if self.window.start <= self.now < self.window.end:
            left = sum(1 for one in self.meetings if one.end > self.now)
            if not left:
                return f"{total}, all of them over{self._beyond()}."
            over = "none over yet" if left == len(self.meetings) else f"{left} still to come or running"
            return f"{total}, {over}."
        if len(list(days_of(self.window, self.zone))) > 1:
            return f"{total}, first {self.when(first)} {quoted(first)}."
        if first.start < self.window.start:
            begun = f"{self._named(first.start)} {clock(first.start, self.zone)}"
            return f"{total}, first {quoted(first)} since {begun}, last ends {self._clock(last)}."
        return f"{total}, first at {clock(first.start, self.zone)} {quoted(first)}, last ends {self._clock(last)}."

    def _beyond(self) -> str:
        """How far was looked for what follows, where nothing does."""
        if self.following or self.ahead is None:
            return ""
        end = self.ahead.astimezone(self.zone)
        last = (end - timedelta(microseconds=1)).date()
        hour = "" if end.time() == time() else f" {end:%H:%M}"
        looked = many((self.ahead - self.end).days, "day")
        return f", and none in the {looked} to {day_words(last, self.now.astimezone(self.zone).date())}{hour}"

    def _clock(self, event: Event) -> str:
        end = event.end.astimezone(self.zone)
        same = end.date() == event.start.astimezone(self.zone).date()
        return clock(event.end, self.zone) if same else f"{day_words(end.date(), self.now.date())} {end:%H:%M}"

    def _named(self, at: datetime) -> str:
        return day_words(at.astimezone(self.zone).date(), self.now.astimezone(self.zone).date())

    def _next(self) -> str:
        """What runs now, and the next meeting with how soon it is."""
        running = [one for one in self.meetings if one.start <= self.now < one.end]
        coming = [one for one in self.meetings if one.start > self.now] or [one for one in [self.following] if one]
        now = f"Now: {quoted(running[0])} until {self._clock(running[0])}." if running else ""
        if not coming or not self.window.start <= self.now < self.window.end:
            return now
        soonest = coming[0]
        place = f", {place_of(soonest)}" if place_of(soonest) else ""
        soon = length_words(soonest.start - self.now)
        return sentences(now, f"Next: {quoted(soonest)} in {soon}, {self.when(soonest)}{place}.")

    def _all_day(self) -> str:
        blocks = [one for one in self.events if one.all_day and one.counts]
        return f"Busy all day: {', '.join(quoted(one) for one in blocks[:3])}." if blocks else ""

    def _clashes(self) -> str:
        if not self.conflicts:
            return ""
        weak = sum(1 for one in self.conflicts if one.weak)
        doubt = f", {weak} of them with something tentative" if weak else ""
        return f"{many(len(self.conflicts), 'conflict')}{doubt}."

    def _line(self, event: Event, name: Name, clashing: set[str]) -> str:
        parts = [f"{self.when(event)} {title_of(event)}{marks(event)}", place_of(event), event.lane]
        clash = " · in conflict" if event.key in clashing else ""
        return f"{name(ref_of(event))} " + " · ".join(part for part in parts if part) + clash

    def _day(self, day: date, name: Name) -> DayView:
        span = day_span(day, self.zone)
        clashing = {event.key for conflict in self.conflicts if conflict.touches(span) for event in conflict.events}
        inside = [one for one in self._ordered() if one.touches(span)]
        entries = tuple(self._entry(one, span, name, clash=one.key in clashing) for one in inside)
        return DayView(title=day_words(day, self.now.astimezone(self.zone).date()), zone=self.zone.key, entries=entries)

    def _entry(self, event: Event, day: Span, name: Name, *, clash: bool) -> Entry:
        shown = Span(event.start, event.end).within(day)
        there = "" if event.all_day else elsewhere(Span(event.start, event.end), self.zone, event.zone)
        notes = [there, *self._edges(event, day)]
        extra = "".join(f" [{note}]" for note in notes if note)
        return Entry(
            start=shown.start.astimezone(self.zone),
            end=shown.end.astimezone(self.zone),
            title=f"{title_of(event)}{marks(event)}{extra} ({name(ref_of(event))})",
            lane=event.lane,
            place=place_of(event),
            all_day=event.all_day,
            tone=self._tone(event),
            clash=clash,
            busy=event.counts,
        )

    def _edges(self, event: Event, day: Span) -> Iterable[str]:
        """Where an entry goes on beyond the day it is shown in."""
        if event.all_day:
            return
        today = self.now.astimezone(self.zone).date()
        if event.start < day.start:
            yield f"since {day_words(event.start.astimezone(self.zone).date(), today)} {clock(event.start, self.zone)}"
        if event.end > day.end:
            yield f"until {day_words(event.end.astimezone(self.zone).date(), today)} {clock(event.end, self.zone)}"

    def _tone(self, event: Event) -> Tone:
        if not event.counts or event.end <= self.now:
            return "dim"
        return "notice" if event.weak else "plain"

    def _table(self, name: Name) -> Table:
        today = self.now.astimezone(self.zone).date()
        clashing = {event.key for conflict in self.conflicts for event in conflict.events}
        rows, last = [], ""
        for one in self._ordered():
            span = Span(one.start, one.end)
            time = "all day" if one.all_day else times_words(span, self.zone, self.now)
            title = Cell(text=title_of(one) + marks(one), tone="urgent" if one.key in clashing else self._tone(one))
            day = day_words(one.start.astimezone(self.zone).date(), today)
            handle = Cell(text=name(ref_of(one)), tone="dim")
            rows.append(cells((handle, "" if day == last else day, time, title, one.lane)))
            last = day
        return Table(
            columns=("", "Day", "Time", "What", "Calendar"),
            rows=tuple(rows),
            grow=3,
            note=zone_note(self.zone, self.window, self.now),
        )
