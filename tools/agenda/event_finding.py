"""One event in full: when on both clocks, who, where, what they wrote."""

from __future__ import annotations

from collections.abc import Iterable

from tools.agenda.conflicts import Conflict, Rules
from tools.agenda.event import Attendee, Event
from tools.agenda.finding import CalendarFinding, marks, place_of, quoted, ref_of, sentences, source_of
from tools.agenda.telling import kind_and_reason, title_of
from tools.agenda.words import length_words, listed, many
from tools.base import Name, Ref, Source
from tools.view import Block, Cell, Facts, Note

SHOWN = 20
SAYS = {
    "accepted": "coming",
    "tentative": "maybe",
    "declined": "not coming",
    "unanswered": "has not answered",
    "own": "",
}


class EventFinding(CalendarFinding):
    """An event with its description (cleaned, cut with a mark) and everybody invited; `repeats` says how, in words.

    `clashes` are its conflicts with others, of those that were told before. The others are not pointed at here.
    """

    event: Event
    attendees: tuple[Attendee, ...]
    description: str = ""
    conference: str = ""
    repeats: str = ""
    clashes: tuple[Conflict, ...] = ()

    def named_events(self) -> Iterable[Event]:
        return (self.event,)

    def refs(self) -> tuple[Ref, ...]:
        others = (one.person.address for one in self.attendees if not (one.room or one.me))
        return (ref_of(self.event).model_copy(update={"people": tuple(others)}),)

    def sources(self) -> tuple[Source, ...]:
        return tuple(source_of(one) for one in (self.event, *(self._other(clash) for clash in self.clashes)))

    def lead(self, name: Name) -> str:
        event = self.event
        soon = f" in {length_words(event.start - self.now)}" if event.start > self.now else ""
        past = " It is over." if event.end <= self.now else ""
        place = f", {place_of(event)}" if place_of(event) else ""
        when = f"{self.when(event)}{place}{soon and ',' + soon}.{past}"
        return sentences(f"{quoted(event)}{marks(event)}: {when}", self._people(), self._clash())

    def text(self, name: Name) -> str:
        facts = [f"{label}: {cell.text}" for label, cell in self._facts()]
        said = f"Description:\n{self.description}" if self.description else "No description."
        return "\n".join([f"{name(ref_of(self.event))} {self.lead(name)}", *facts, said])

    def view(self, name: Name) -> tuple[Block, ...]:
        facts = Facts(title=title_of(self.event), facts=tuple(self._facts()))
        return (facts, Note(text=self.description)) if self.description else (facts,)

    def _people(self) -> str:
        people = [one for one in self.attendees if not one.room]
        if not people:
            return ""
        coming = sum(1 for one in people if one.answer == "accepted")
        return f"{many(len(people), 'person', 'people')} invited, {coming} coming."

    def _other(self, clash: Conflict) -> Event:
        return next(one for one in clash.events if one.key != self.event.key)

    def _clash(self) -> str:
        said = [f"{quoted(other)}, {self.when(other)}" for other in map(self._other, self.clashes)]
        return f"In conflict with {listed(said)}." if said else ""

    def _facts(self) -> Iterable[tuple[str, Cell]]:
        event = self.event
        yield "When", Cell(text=self.when(event), tone="strong")
        yield "Length", Cell(text=length_words(event.end - event.start))
        if place_of(event):
            yield "Where", Cell(text=place_of(event))
        if self.conference:
            yield "Join", Cell(text=self.conference)
        if event.organiser.address:
            yield "Organised by", Cell(text="you" if event.organised_by_me else event.organiser.shown)
        if state := marks(event).strip(" ()"):
            yield "State", Cell(text=state, tone="notice")
        if event.repeats:
            yield "Repeats", Cell(text=self.repeats or "one of a series")
        if self.clashes:
            yield "Conflict", Cell(text="\n".join(self._told(one) for one in self.clashes), tone="notice")
        if event.lane:
            yield "Calendar", Cell(text=event.lane)
        yield from self._invited()

    def _told(self, clash: Conflict) -> str:
        other = self._other(clash)
        return f"{self.when(other)} {title_of(other)}: {kind_and_reason(clash, Rules(zone=self.zone))}"

    def _invited(self) -> Iterable[tuple[str, Cell]]:
        lines = [f"{one.person.shown}: {_says(one)}" for one in self.attendees[:SHOWN]]
        if more := len(self.attendees) - len(lines):
            lines.append(f"[… {more} more]")
        if lines:
            yield "Invited", Cell(text="\n".join(lines))


def _says(attendee: Attendee) -> str:
    said = "room" if attendee.room else SAYS[attendee.answer]
    return f"{said}, optional" if attendee.optional else said
