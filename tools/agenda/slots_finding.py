"""Times to meet as a finding: for whom, how sure, and when there is none what comes nearest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime

from tools.agenda.compromise import Compromise
from tools.agenda.event import Person
from tools.agenda.finding import CalendarFinding, sentences
from tools.agenda.hours import WorkingHours
from tools.agenda.slots import Slot
from tools.agenda.spans import Span
from tools.agenda.whereabouts import Basis
from tools.agenda.words import day_words, elsewhere, length_words, listed, many, times_words, window_words
from tools.base import Name, Ref, Source
from tools.view import Block, Cell, Note, Table, cells

STRETCHES = 12
INSTANT = timedelta(microseconds=1)
BASIS: dict[Basis, str] = {
    "calendar": "as their calendar says",
    "events": "judging by the events they make",
    "assumed": "assumed, like yours",
}


@dataclass(frozen=True)
class Party:
    """One other person of the meeting; `unseen` says why their free/busy is not known ("" when it is)."""

    person: Person
    zone: ZoneInfo
    basis: Basis
    hours: WorkingHours
    unseen: str = ""

    @property
    def called(self) -> str:
        return self.person.name or self.person.address


class SlotsFinding(CalendarFinding):
    """At most five slots, best first; without one, `nearest` holds the compromises. `free`: when nobody is busy."""

    start: AwareDatetime
    end: AwareDatetime
    duration: timedelta
    hours: WorkingHours
    parties: tuple[Party, ...]
    slots: tuple[Slot, ...]
    nearest: tuple[Compromise, ...] = ()
    free: tuple[Span, ...] = ()

    def lead(self, name: Name) -> str:
        return sentences(self._outcome(), self._unseen(), self.gap_words())

    def text(self, name: Name) -> str:
        lines = [f"{n}. {self._times(one.span)} · {', '.join(one.reasons)}" for n, one in enumerate(self.slots, 1)]
        lines += [f"- {self._times(span, without)}: {what}" for span, without, what in self._compromises()]
        return "\n".join([self.lead(name), *lines, *self._who(), self._mine()])

    def view(self, name: Name) -> tuple[Block, ...]:
        rows = [(one.span, self._there(one.span), ", ".join(one.reasons)) for one in self.slots]
        rows += [(span, self._there(span, without), what) for span, without, what in self._compromises()]
        table = (self._table(rows),) if rows else ()
        warned = [Note(text=text, tone="notice") for text in (self._unseen(), self.gap_words()) if text]
        return (*table, *warned, Note(text="\n".join((*self._who(), self._mine())), tone="dim"))

    def refs(self) -> tuple[Ref, ...]:
        """The times shown, in their order: the slots, without any the compromises."""
        spans = [one.span for one in self.slots] + [span for span, _, _ in self._compromises()]
        return tuple(map(self.slot_ref, spans))

    def slot_ref(self, span: Span) -> Ref:
        """A time that can be taken. The label is the interval of ISO 8601, in the person's zone."""
        start, end = (instant.astimezone(self.zone) for instant in span)
        label = f"{start.isoformat()}/{end.isoformat()}"
        return Ref(kind="slot", id=label, label=label)

    def sources(self) -> tuple[Source, ...]:
        """Names are what others call themselves; addresses and times are the service's."""
        return tuple(
            Source(
                kind="person",
                id=one.person.address,
                label=one.called,
                by=one.person.address,
                trust="untrusted" if one.person.name else "service",
            )
            for one in self.parties
        )

    def _outcome(self) -> str:
        length = length_words(self.duration)
        when = window_words(self.asked, self.zone, self.now)
        seen = [one.called for one in self.parties if not one.unseen]
        whom = f" with {listed(seen)}" if seen else ""
        if not self.slots:
            whose = "everybody's" if self.parties else "your"
            return sentences(f"No time for {length}{whom} {when} in {whose} working hours.", self._compromise())
        if not self.parties:
            return f"You are free {when}{self._stretches()}."
        best = self.slots[0]
        more = f" {many(len(self.slots) - 1, 'other proposal')}." if len(self.slots) > 1 else ""
        return f"Best {length}{whom}: {self._times(best.span)}, {', '.join(best.reasons)}.{more}"

    @property
    def asked(self) -> Span:
        """The time that was asked about."""
        return Span(self.start.astimezone(UTC), self.end.astimezone(UTC))

    def _compromises(self) -> list[tuple[Span, str, str]]:
        """(when, who is left out by address, what gives way); those of one time are told as one, the first's."""
        by_time = groupby(sorted(self.nearest, key=self._place), key=lambda one: one.slot.span)
        found = [(span, list(those)) for span, those in by_time]
        return [(span, those[0].without, "; or ".join(one.what for one in those)) for span, those in found]

    def _place(self, one: Compromise) -> int:
        """Where the first compromise of the same time stands."""
        return [each.slot.span for each in self.nearest].index(one.slot.span)

    def _stretches(self) -> str:
        """The free stretches long enough, within working hours; "" where that is all the time asked about."""
        long = [Span(*one) for one in self.free if Span(*one).length >= self.duration]
        asked = self.asked
        if long == [asked]:
            return ""
        today = self.now.astimezone(self.zone).date()
        one_day = asked.start.astimezone(self.zone).date() == (asked.end - INSTANT).astimezone(self.zone).date()
        if one_day:
            return f": {listed([times_words(one, self.zone, self.now) for one in long])}"
        days = [
            f"{day_words(day, today)} {', '.join(times_words(one, self.zone, self.now) for one in spans)}"
            for day, spans in groupby(long[:STRETCHES], key=lambda one: one.start.astimezone(self.zone).date())
        ]
        more = [f"{len(long) - STRETCHES} more later"] if len(long) > STRETCHES else []
        return f": {'; '.join(days + more)}"

    def _compromise(self) -> str:
        if not self.nearest:
            return "Nothing comes near: try other days."
        span, without, what = self._compromises()[0]
        return f"Nearest: {self._times(span, without)}, {what}."

    def _unseen(self) -> str:
        unseen = [f"{one.called} ({one.unseen})" for one in self.parties if one.unseen]
        return f"Not checked, so ask them: {listed(unseen)}." if unseen else ""

    def _times(self, span: Span, without: str = "") -> str:
        there = self._there(span, without)
        return self.span_words(span) + (f" ({there})" if there else "")

    def _there(self, span: Span, without: str = "") -> str:
        """The same time on every other clock in the meeting; `without` is the address of whoever is not in it."""
        there = (one.zone.key for one in self.parties if one.person.address != without)
        return elsewhere(span, self.zone, *there)

    def _who(self) -> list[str]:
        return [
            f"{one.person.shown}: works {_hours(one.hours)}, {one.zone.key} ({BASIS[one.basis]})."
            for one in self.parties
        ]

    def _mine(self) -> str:
        return f"You work {_hours(self.hours)}, {self.zone.key}."

    def _table(self, rows: list[tuple[Span, str, str]]) -> Table:
        """Proposals, or compromises where there are none; other clocks where there are any."""
        last = "Why" if self.slots else "What gives way"
        lines = [(Cell(text=self.span_words(span), tone="strong"), there, said) for span, there, said in rows]
        if not any(there for _, there, _ in lines):
            return Table(columns=("When", last), rows=tuple(cells((when, said)) for when, _, said in lines), grow=1)
        return Table(columns=("When", "For others", last), rows=tuple(cells(line) for line in lines), grow=2)


def _hours(hours: WorkingHours) -> str:
    return hours.words if hours.told else f"{hours.words} (assumed)"
