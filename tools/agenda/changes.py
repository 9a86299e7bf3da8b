"""What is different between two looks at the same calendars, as pure functions. Law: nothing is told that was not seen.

new        not there before, within the time looked at before, or made since
moved      another start or end; also one taken out and put in again elsewhere under the same title
cancelled  the service says so · gone: no longer there, and the service does not say why
place      another location
answer     my own answer · reply: somebody else's
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from tools.agenda.conflicts import Conflict, Rules, find
from tools.agenda.event import NEVER_COUNT, Answer, Event
from tools.agenda.spans import Span

ChangeKind = Literal["new", "moved", "cancelled", "gone", "place", "answer", "reply"]
CLASHING: frozenset[ChangeKind] = frozenset({"new", "moved", "place", "answer"})


@dataclass(frozen=True, slots=True)
class Seen:
    """One event as it was seen: what others answered, by their name, and when it was made and last changed."""

    event: Event
    replies: tuple[tuple[str, Answer], ...] = ()
    created: datetime | None = None
    updated: datetime | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `event` is how it is now (how it last was, for what is gone), `before` how it was.

    `at` is when it happened as the service says, else when it was noticed. `who` is set for a reply, `answers` for the
    two kinds of answer: before and after.
    """

    kind: ChangeKind
    event: Event
    at: datetime
    before: Event | None = None
    who: str = ""
    answers: tuple[Answer, Answer] | None = None

    @property
    def occurrence(self) -> str:
        """What it is about, on whichever calendar."""
        return occurrence(self.event)


@dataclass(frozen=True)
class Looks:
    """Two looks at one calendar: by id, before and now, the earlier one at `then` and as far as `reach`."""

    before: Mapping[str, Seen]
    now: Mapping[str, Seen]
    then: datetime
    reach: datetime
    noticed: datetime

    def at(self, seen: Seen) -> datetime:
        """When it was changed: what the service says, if that lies between the looks."""
        stated = seen.updated
        return stated if stated and self.then < stated <= self.noticed else self.noticed


def compare(looks: Looks, window: Span, fate: Callable[[Event], Event | None]) -> list[Change]:
    """The changes of one calendar that touch `window`, by time.

    `fate` says what became of an event that is not in sight any more: as it stands now (perhaps cancelled), None for
    what cannot be told.
    """
    missing = [one for key, one in looks.before.items() if key not in looks.now and _tells(one.event, window)]
    added = [one for key, one in looks.now.items() if key not in looks.before and _is_new(one, looks)]
    again = _made_again(missing, added)
    taken = {id(one) for pair in again for one in pair}
    found = [
        *(
            change
            for key, old in looks.before.items()
            if (new := looks.now.get(key))
            for change in _differ(old, new, looks)
        ),
        *(change for old, new in again for change in _differ(old, new, looks)),
        *(_lost(one, fate(one.event), looks) for one in missing if id(one) not in taken),
        *(Change("new", one.event, looks.at(one)) for one in added if id(one) not in taken),
    ]
    return sorted((one for one in found if _shown(one, window)), key=lambda one: (one.event.start, one.event.key))


def merged_changes(changes: Iterable[Change]) -> list[Change]:
    """One change for what was changed several times, from first to last, and for what several calendars show.

    Of several calendars the one nearest to me is kept; what is again as it was is left out.
    """
    by_calendar: dict[tuple[object, ...], Change] = {}
    for one in sorted(changes, key=lambda one: one.at):
        key = (one.event.calendar, one.occurrence, one.kind, one.who)
        by_calendar[key] = _joined(by_calendar[key], one) if key in by_calendar else one
    best: dict[tuple[object, ...], Change] = {}
    for one in by_calendar.values():
        known = best.setdefault((one.occurrence, one.kind, one.who), one)
        if (one.event.primary, one.event.mine) > (known.event.primary, known.event.mine):
            best[(one.occurrence, one.kind, one.who)] = one
    return sorted((one for one in best.values() if not _undone(one)), key=lambda one: (one.event.start, one.event.key))


def _joined(first: Change, last: Change) -> Change:
    answers = (first.answers[0], last.answers[1]) if first.answers and last.answers else None
    return replace(last, before=first.before, answers=answers)


def _undone(change: Change) -> bool:
    was, now = change.before, change.event
    if change.answers:
        return change.answers[0] == change.answers[1]
    if change.kind == "moved":
        return was is not None and (was.start, was.end) == (now.start, now.end)
    return change.kind == "place" and was is not None and was.place == now.place


def new_conflicts(
    before: Sequence[Event], now: Sequence[Event], changes: Iterable[Change], window: Span, rules: Rules
) -> list[Conflict]:
    """The conflicts of now that were not there before and in which something changed stands.

    `before` and `now` hold one event per occurrence.
    """
    touched = {one.occurrence for one in changes if one.kind in CLASHING}
    known = {conflict_key(one) for one in find(before, window, rules)}
    return [
        one
        for one in find(now, window, rules)
        if conflict_key(one) not in known and any(occurrence(event) in touched for event in one.events)
    ]


def conflict_key(conflict: Conflict) -> str:
    """Names a conflict across looks."""
    return " ".join([conflict.kind, *sorted(occurrence(one) for one in conflict.events)])


def occurrence(event: Event) -> str:
    """Names an occurrence across looks and calendars, also after it was moved."""
    return f"{event.uid}/{event.original.isoformat()}" if event.repeats else event.uid


def _is_new(seen: Seen, looks: Looks) -> bool:
    """Further off than the last look reached, only what was made since can be called new."""
    return seen.event.start < looks.reach or bool(seen.created and seen.created > looks.then)


def _differ(old: Seen, new: Seen, looks: Looks) -> Iterator[Change]:
    at, was, now = looks.at(new), old.event, new.event
    if now.cancelled and not was.cancelled:
        yield Change("cancelled", now, at, was)
        return
    if (was.start, was.end) != (now.start, now.end):
        yield Change("moved", now, at, was)
    if was.place != now.place:
        yield Change("place", now, at, was)
    if was.answer != now.answer:
        yield Change("answer", now, at, was, answers=(was.answer, now.answer))
    known = dict(old.replies)
    for who, said in new.replies:
        if who in known and known[who] != said:
            yield Change("reply", now, at, was, who=who, answers=(known[who], said))


def _lost(old: Seen, now: Event | None, looks: Looks) -> Change:
    if now is None:
        return Change("gone", old.event, looks.noticed, old.event)
    if now.cancelled:
        return Change("cancelled", replace(old.event, cancelled=True), looks.noticed, old.event)
    return Change("moved", now, looks.noticed, old.event)


def _made_again(missing: Sequence[Seen], added: Sequence[Seen]) -> list[tuple[Seen, Seen]]:
    """Pairs of what went and what came under one title by one organiser: as many of each, in order of time."""
    pairs = []
    gone, came = _by_title(missing), _by_title(added)
    for title in gone.keys() & came.keys():
        if len(gone[title]) == len(came[title]) and title[0]:
            pairs += list(zip(gone[title], came[title], strict=True))
    return pairs


def _by_title(seen: Iterable[Seen]) -> dict[tuple[str, str], list[Seen]]:
    found: dict[tuple[str, str], list[Seen]] = {}
    for one in sorted(seen, key=lambda one: one.event.start):
        found.setdefault((one.event.title, one.event.organiser.address), []).append(one)
    return found


def _tells(event: Event, window: Span) -> bool:
    return event.touches(window) and not event.cancelled


def _shown(change: Change, window: Span) -> bool:
    """Mine, in sight before or now, and nothing that never takes time."""
    events = [one for one in (change.event, change.before) if one]
    if change.kind == "new" and change.event.cancelled:
        return False
    mine = any(one.mine for one in events) and change.event.kind not in NEVER_COUNT
    return mine and any(one.touches(window) for one in events)
