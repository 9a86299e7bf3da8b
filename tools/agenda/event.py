"""What a calendar, a person and an event are here. Law: every instant is in UTC; a zone is only for showing it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tools.agenda.spans import Span

Role = Literal["owner", "writer", "reader", "freeBusyReader"]
Answer = Literal["own", "accepted", "tentative", "unanswered", "declined"]
EventKind = Literal["meeting", "focus", "away", "birthday", "working_location"]

NEVER_COUNT: frozenset[EventKind] = frozenset({"birthday", "working_location"})


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody by address; `name` is what the service shows for it, "" where it shows none."""

    address: str
    name: str = ""

    @property
    def shown(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


@dataclass(frozen=True, slots=True)
class Calendar:
    """One entry of the calendar list. `mine`: what stands in it takes my time, whoever else is named."""

    id: str
    name: str
    role: Role
    zone: str = ""
    primary: bool = False
    mine: bool = True


@dataclass(frozen=True, slots=True)
class Attendee:
    """One invited person or room of an event."""

    person: Person
    answer: Answer
    optional: bool = False
    room: bool = False
    me: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """One occurrence on one calendar, `[start, end)`.

    `lane` is the calendar's name, `also_on` the other calendars that show the same occurrence. `uid` and `original`
    (where the series put it) name the occurrence across calendars. An all-day event runs from midnight to midnight in
    the person's zone. `zone` is the event's own IANA zone ("" if none), `others` how many people besides me are invited
    and have not declined, `guests` the addresses of those, `mine` whether it can take my time at all, `work` whether it
    stands on my main calendar or I am invited to it on somebody else's, `busy` whether it is marked as blocking time.
    """

    calendar: str
    id: str
    uid: str
    original: datetime
    title: str
    start: datetime
    end: datetime
    lane: str = ""
    all_day: bool = False
    zone: str = ""
    place: str = ""
    online: bool = False
    kind: EventKind = "meeting"
    organiser: Person = Person("")
    organised_by_me: bool = True
    others: int = 0
    answer: Answer = "own"
    tentative: bool = False
    busy: bool = True
    mine: bool = True
    primary: bool = True
    work: bool = True
    repeats: bool = False
    hidden: bool = False
    cancelled: bool = False
    link: str | None = None
    also_on: tuple[str, ...] = ()
    guests: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The id under which the rest of Valet knows it."""
        return f"{self.calendar} {self.id}"

    def touches(self, window: Span) -> bool:
        """Some of it is in `window`; one without length counts where it stands."""
        return self.start < window.end and (window.start < self.end or window.start <= self.start)

    @property
    def weak(self) -> bool:
        """Not certain to happen with me: tentative, or an invitation I have not said yes to."""
        return self.tentative or self.answer in ("tentative", "unanswered")

    @property
    def is_meeting(self) -> bool:
        """A timed entry that takes the person's time, and no absence."""
        return self.counts and not self.all_day and self.kind != "away"

    @property
    def counts(self) -> bool:
        """It takes my time: declined, free, birthday and zero-length entries never do."""
        return (
            self.mine
            and self.busy
            and not self.cancelled
            and self.answer != "declined"
            and self.kind not in NEVER_COUNT
            and self.start < self.end
        )


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that could not be read: whose or which calendar, and why."""

    who: str
    why: str
