"""Conflicts as a finding: each with its kind, its reason, how bad it is, and what could give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC
from itertools import islice

from pydantic import AwareDatetime

from tools.agenda.conflicts import ASKED, Conflict, ConflictKind, Only, Rules
from tools.agenda.event import Event
from tools.agenda.finding import CalendarFinding, clipped, quoted, ref_of, sentences
from tools.agenda.spans import Span
from tools.agenda.telling import COUNTED, KIND_WORDS, NOUNS, facts, kind_and_reason, reason, title_of, what_gives
from tools.agenda.words import day_words, listed, many, window_words, zone_note
from tools.base import Line, Name
from tools.text.topics import topic_words
from tools.view import Block, Cell, Table, Tone

TONES: dict[str, Tone] = {"high": "urgent", "medium": "notice", "low": "plain"}
WEIGHTS = {"high": 80, "medium": 72, "low": 35}
SHOWN = 60
NAMED = 3


class ConflictsFinding(CalendarFinding):
    """Every conflict in `[start, end)` by time, among `looked_at` entries that take the person's time.

    With `only`, those of the kinds asked for; `others` counts the rest.
    """

    start: AwareDatetime
    end: AwareDatetime
    rules: Rules
    conflicts: tuple[Conflict, ...]
    looked_at: int
    calendars: tuple[str, ...]
    only: Only = "all"
    others: int = 0

    @property
    def worst_first(self) -> list[Conflict]:
        order = ("high", "medium", "low")
        return sorted(self.conflicts, key=lambda one: (self._is_over(one), order.index(one.severity), one.start))

    def named_events(self) -> Iterable[Event]:
        """Of each conflict the first that none before it names, then the others: "the second one" is of the second."""
        leading: dict[str, Event] = {}
        for conflict in self.conflicts[:SHOWN]:
            fresh = (event for event in conflict.events if event.key not in leading)
            leading |= {event.key: event for event in islice(fresh, 1)}
        yield from leading.values()
        yield from (event for conflict in self.conflicts[:SHOWN] for event in conflict.events)

    def lead(self, name: Name) -> str:
        when = window_words(self._span, self.zone, self.now)
        if not self.conflicts:
            scope = f"{many(self.looked_at, 'commitment')} on {many(len(self.calendars), 'calendar')}"
            return sentences(f"No {self._sought()} {when}, among {scope}.", self._besides(), self.gap_words())
        if self.only != "all":
            doubts = f" ({'; '.join(self._doubts())})" if self._doubts() else ""
            found = f"{self._counted(NOUNS)} {when}{doubts}: {self._first_ones()}."
            return sentences(found, self._besides(), self.gap_words())
        worst = self.worst_first[0]
        most = "" if len(self.conflicts) == 1 else f". {self._weight(worst)}"
        counted = f"{many(len(self.conflicts), 'conflict')} {when}{self._kinds()}"
        return sentences(f"{counted}{most}: {self._pair(worst)}, {self._clash(worst)}.", self.gap_words())

    @property
    def _span(self) -> Span:
        return Span(self.start.astimezone(UTC), self.end.astimezone(UTC))

    def text(self, name: Name) -> str:
        lines = [self._line(one, name) for one in self.conflicts[:SHOWN]]
        more = len(self.conflicts) - len(lines)
        told = "" if self.rules.hours.told else " (assumed)"
        hours = f"Working hours {self.rules.hours.words}{told}, times in {self.zone.key}."
        scope = f"Looked at {many(self.looked_at, 'commitment')} on {', '.join(self.calendars)}."
        return "\n".join([self.lead(name), clipped(lines, more, "conflicts"), scope, hours])

    def view(self, name: Name) -> tuple[Block, ...]:
        if not self.conflicts:
            return super().view(name)
        rows = tuple(self._row(one, name) for one in self.conflicts[:SHOWN])
        more = len(self.conflicts) - len(rows)
        times = zone_note(self.zone, self._span, self.now)
        note = times + (f"; {more} more conflicts not shown" if more else "")
        table = Table(columns=("When", "What", "Why", "What could give"), rows=rows, grow=2, note=note)
        return (table, *self.gap_notes())

    def lines(self) -> tuple[Line, ...]:
        return tuple(self._told(one) for one in self.conflicts[:SHOWN] if not self._is_over(one))

    def _told(self, one: Conflict) -> Line:
        first = one.events[0]
        return Line(
            kind="conflict",
            text=f"{KIND_WORDS[one.kind].capitalize()}: {self._pair(one)}, {self._clash(one)}",
            weight=WEIGHTS[one.severity],
            at=one.start,
            words=tuple(word for event in one.events for word in topic_words(event.title)),
            ref=ref_of(first),
            link=first.link,
            reasons=(reason(one, self.rules),),
        )

    def _kinds(self) -> str:
        if len(self.conflicts) == 1:
            return f" ({', '.join([KIND_WORDS[self.conflicts[0].kind], *self._doubts()])})"
        return f" ({'; '.join([self._counted(COUNTED), *self._doubts()])})"

    def _counted(self, nouns: Mapping[ConflictKind, tuple[str, str]]) -> str:
        counts = Counter(one.kind for one in self.conflicts)
        return listed([many(counts[kind], *words) for kind, words in nouns.items() if kind in counts])

    def _doubts(self) -> list[str]:
        """What makes some of them weigh less."""
        weak = sum(1 for one in self.conflicts if one.weak)
        over = sum(1 for one in self.conflicts if self._is_over(one))
        if len(self.conflicts) == 1:
            return ["tentative"] * weak + ["already over"] * over
        said = [f"{weak} with something tentative"] if weak else []
        return [*said, f"{'all' if over == len(self.conflicts) else over} already over"] if over else said

    def _sought(self) -> str:
        kinds = [words[0] for kind, words in NOUNS.items() if kind in ASKED[self.only]]
        return "conflicts" if self.only == "all" else " or ".join(kinds)

    def _first_ones(self) -> str:
        said = [f"{self._pair(one)}, {self._clash(one)}" for one in self.worst_first[:NAMED]]
        more = len(self.conflicts) - len(said)
        return "; ".join([*said, f"and {more} more"] if more else said)

    def _besides(self) -> str:
        return f"Not shown: {many(self.others, 'other conflict')}." if self.others else ""

    def _is_over(self, one: Conflict) -> bool:
        return max(one.end, one.events[-1].start) <= self.now

    def _weight(self, worst: Conflict) -> str:
        over = self._is_over(worst)
        serious = sum(1 for one in self.conflicts if one.severity == "high" and self._is_over(one) == over)
        high = "The worst" if serious == 1 else f"The first of {serious} serious ones"
        return {"high": high, "medium": "The first to settle", "low": "The first, a small one"}[worst.severity]

    def _pair(self, one: Conflict) -> str:
        return " and ".join(quoted(event) for event in one.events)

    def _clash(self, one: Conflict) -> str:
        """When it clashes; for what does not overlap, when the later one begins."""
        if one.kind in ("travel", "outside_hours"):
            return self.when(one.events[-1])
        both = all(event.all_day for event in one.events)
        return self.span_words(Span(one.start, one.end), all_day=both)

    def _line(self, one: Conflict, name: Name) -> str:
        events = " and ".join(
            f"{name(ref_of(event))} {quoted(event)} {self.when(event)} [{event.lane}]" for event in one.events
        )
        return (
            f"- {one.severity} · {KIND_WORDS[one.kind]}: {events}. {reason(one, self.rules)} {self._gives(one, name)}"
        )

    def _gives(self, one: Conflict, name: Name) -> str:
        event, said = what_gives(one)
        if event is None:
            return f"Facts: {said}."
        other = next(each for each in one.events if each is not event)
        return f"Easier to move: {name(ref_of(event))}, {said}; the other: {facts(other)}."

    def _shown(self, one: Conflict, name: Name) -> str:
        """Its events under each other, each with its time and handle; with the day where that is another."""
        day = one.first.start.astimezone(self.zone).date()
        times = (self.times(each) if self.starts_on(each, day) else self.when(each) for each in one.events)
        return "\n".join(
            f"{at} {title_of(each)} ({name(ref_of(each))})" for at, each in zip(times, one.events, strict=True)
        )

    def _row(self, one: Conflict, name: Name) -> tuple[Cell, ...]:
        event, said = what_gives(one)
        gives = f"{title_of(event)}: {said}" if event and one.second else said
        tone = "dim" if self._is_over(one) else TONES[one.severity]
        today = self.now.astimezone(self.zone).date()
        why = kind_and_reason if len({each.kind for each in self.conflicts}) > 1 else reason
        return (
            Cell(text=day_words(one.first.start.astimezone(self.zone).date(), today)),
            Cell(text=self._shown(one, name), tone=tone),
            Cell(text=why(one, self.rules)),
            Cell(text=gives, tone="dim"),
        )
