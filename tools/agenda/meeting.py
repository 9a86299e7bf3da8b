"""Gathers what finding a time needs: who is meant, on which clock each works, and when each is busy."""

from __future__ import annotations

from collections.abc import Sequence

from tools.agenda.event import Gap, Person
from tools.agenda.freebusy import Busy, busy_times
from tools.agenda.hours import WorkingHours
from tools.agenda.parse import is_shared
from tools.agenda.people import Directory
from tools.agenda.reading import SERVICE, Reading, addresses_of_me
from tools.agenda.slots import BREATH, Participant
from tools.agenda.slots_finding import Party
from tools.agenda.spans import Span, merged
from tools.agenda.whereabouts import whereabouts
from tools.base import ToolContext
from tools.errors import ServiceDown
from tools.together import beside


def ask(context: ToolContext, people: Sequence[str], known: Reading, window: Span) -> tuple[tuple[Party, ...], Busy]:
    """The other people meant, with their clocks and hours, and when everybody is busy.

    Raises BadArgument for a name that is unclear, ServiceDown when my own main calendar is not told.
    """
    others = directory(context, known).resolve(people)
    addresses = [one.address for one in others]
    around = Span(window.start - BREATH, window.end + BREATH)  # what ends as it begins is back to back
    busy, found = beside(
        lambda: busy_times(context, [*_mine(known), *addresses], around),
        lambda: whereabouts(context, addresses, known),
    )
    if any(one.primary and one.id in busy.unseen for one in known.calendars):
        raise ServiceDown(f"{SERVICE} does not tell when you are busy.", "Try again in a few minutes.")
    parties = (
        Party(one, place.zone, place.basis, place.hours, busy.unseen.get(one.address, ""))
        for one in others
        for place in (found[one.address],)
    )
    return tuple(parties), busy


def directory(context: ToolContext, known: Reading) -> Directory:
    """Everybody in the events read, and whoever's own calendar is in the list."""
    personal = [one for one in known.calendars if "@" in one.id and not one.mine and not is_shared(one.id)]
    listed = [Person(one.id.casefold(), one.name) for one in personal]
    return Directory.of([*known.people, *listed], addresses_of_me(context, known.calendars))


def participants(
    context: ToolContext, known: Reading, others: Sequence[Party], busy: Busy, hours: WorkingHours
) -> tuple[Participant, ...]:
    """Me first, then everybody whose busy time is visible."""
    told = [span for one in _mine(known) for span in busy.times.get(one, ())]
    invited = [Span(one.start, one.end) for one in known.events if one.counts]  # on calendars of others too
    spans = tuple(merged([*told, *invited]))
    me = Participant(Person(context.account), context.zone, spans, me=True, hours=hours)
    seen = (one for one in others if one.person.address in busy.times)
    return (me, *(Participant(one.person, one.zone, busy.times[one.person.address], hours=one.hours) for one in seen))


def gaps(known: Reading, busy: Busy) -> tuple[Gap, ...]:
    """My own calendars whose busy time is not told."""
    return tuple(Gap(one.name, busy.unseen[one.id]) for one in known.calendars if one.mine and one.id in busy.unseen)


def _mine(known: Reading) -> list[str]:
    return [one.id for one in known.calendars if one.mine]
