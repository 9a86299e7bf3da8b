"""The person's own free time as a finding: the stretches themselves, where neither people nor a length were named."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cached_property

from tools.agenda.finding import sentences
from tools.agenda.hours import DAY, day_span, days_of, midnight
from tools.agenda.slots import Slot
from tools.agenda.slots_finding import SlotsFinding
from tools.agenda.spans import Span, common
from tools.agenda.words import clock, day_words, listed, many, times_words, window_words
from tools.base import Name, Ref
from tools.view import Block, Cell, Note, Table, cells

FEW = 3
"""So many stretches of several days are told in one sentence."""
SLIVER = timedelta(minutes=15)


class FreeTimeFinding(SlotsFinding):
    """`free`: in working hours and not busy; `unbooked`: not busy, whatever the hour, told where there is no other.

    A stretch shorter than `duration` is told where there is none as long, and one shorter than SLIVER never.
    """

    slots: tuple[Slot, ...] = ()
    unbooked: tuple[Span, ...] = ()

    def lead(self, name: Name) -> str:
        return sentences(self._said(), self.gap_words())

    def text(self, name: Name) -> str:
        lines = [f"- {day}: {free} ({length})" for day, free, length in self._rows]
        return "\n".join([self.lead(name), *lines, self._mine()])

    def view(self, name: Name) -> tuple[Block, ...]:
        rows = tuple(cells((Cell(text=day, tone="strong"), free, length)) for day, free, length in self._rows)
        table = (Table(columns=("Day", "Free", "In all"), rows=rows, grow=1),) if rows else ()
        return (*table, *self.gap_notes(), Note(text=self._mine(), tone="dim"))

    def refs(self) -> tuple[Ref, ...]:
        """Each stretch's beginning, as long as a meeting usually is: what is booked where one of them is pointed at."""
        spans = (Span(one.start, min(one.end, one.start + self.duration)) for one in self._told)
        return tuple(map(self.slot_ref, spans))

    def _said(self) -> str:
        when = window_words(self.asked, self.zone, self.now)
        if not self._told:
            return f"You are not free {when}."
        if self._at_work and len(self._told) == 1:
            only = "" if self._told == [self.asked] else " only"
            return f"You are free {window_words(self._told[0], self.zone, self.now)}{only}."
        if self._at_work:
            return f"You are free {when}{self._stretches()}."
        if self.hours.spans(self.zone, self.asked):
            return f"You are not free {when} in your working hours, only outside them{self._stretches()}."
        return f"You are free {when}{self._stretches()}, outside your working hours."

    @cached_property
    def _at_work(self) -> list[Span]:
        return self._long_enough(self.free)

    @cached_property
    def _told(self) -> list[Span]:
        return self._at_work or self._long_enough(self.unbooked)

    def _long_enough(self, spans: Sequence[Span]) -> list[Span]:
        """The stretches, each on its own day."""
        days = [day_span(day, self.zone) for day in days_of(self.asked, self.zone)]
        found = common([Span(*one) for one in spans], days)
        return [one for one in found if one.length >= self.duration] or [one for one in found if one.length >= SLIVER]

    def _stretches(self) -> str:
        """When within the time asked about; "" where that is all of it."""
        told = self._told
        if told == self._long_enough([self.asked]):
            return ""
        if self.asked.end <= midnight(self._day(self.asked) + DAY, self.zone):
            return f": {listed([self._edges(one) for one in told])}"
        if len(told) <= FEW:
            return f": {'; '.join(f'{day} {free}' for day, free, _ in self._table_rows() if free)}"
        longest = max(told, key=lambda one: one.length)
        work = " within your working hours" if self._at_work else " in all"
        return f" for {_total(told)}{work}, the longest stretch {self.span_words(longest)}"

    @property
    def _rows(self) -> list[tuple[str, str, str]]:
        """Day by day, where there are several and more than one sentence tells."""
        rows = self._table_rows()
        return rows if len(rows) > 1 and len(self._told) > FEW else []

    def _table_rows(self) -> list[tuple[str, str, str]]:
        """(day, its stretches, how long they are together); a working day without any is among them."""
        today = self._day(Span(self.now, self.now))
        rows = []
        for day in days_of(self.asked, self.zone):
            free = [one for one in self._told if self._day(one) == day]
            if free or (self._at_work and self.hours.on(day)):
                said = ", ".join(map(self._edges, free)) or "nothing"
                rows.append((day_words(day, today), said, _total(free) if free else ""))
        return rows

    def _day(self, span: Span) -> date:
        return span.start.astimezone(self.zone).date()

    def _edges(self, span: Span) -> str:
        """Its times; a border of the day is no time worth telling."""
        day = day_span(self._day(span), self.zone)
        if span == day:
            return "all day"
        if span.start == day.start:
            return f"until {clock(span.end, self.zone)}"
        if span.end == day.end:
            return f"from {clock(span.start, self.zone)}"
        return times_words(span, self.zone, self.now)


def _total(spans: Sequence[Span]) -> str:
    """In hours, also where that is more than a day's."""
    minutes = sum(one.length // timedelta(minutes=1) for one in spans)
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if hours and rest else many(hours, "hour") if hours else many(rest, "minute")
