"""How an event is shown to the caller: in the zone asked for, with as much detail as role and scope allow."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from app.demo.event_lookup import Event, StoredEvent
from app.demo.event_store import Role, StoredCalendar
from app.demo.event_time import moment

Detail = Literal["full", "busy"]
_BUSY = ("kind", "etag", "id", "status", "start", "end", "recurringEventId", "originalStartTime", "eventType")
_GONE = ("kind", "etag", "id", "status", "recurringEventId", "originalStartTime")


@dataclass(frozen=True)
class View:
    """Who looks at a calendar, and how. `most_attendees` None = all."""

    calendar: StoredCalendar
    role: Role
    detail: Detail
    zone: str
    most_attendees: int | None = None

    def show(self, event: StoredEvent) -> Event:
        """The event resource as the API sends it."""
        body = dict(event.body)
        if event.cancelled:
            body["status"] = "cancelled"
        for name in ("start", "end", "originalStartTime"):
            if name in body:
                body[name] = self.when(body[name])
        if event.cancelled and event.series:
            return {name: body[name] for name in _GONE if name in body}
        if self._hidden(body):
            return {name: body[name] for name in _BUSY if name in body} | {"visibility": "private"}
        self._show_people(body)
        return body

    def _hidden(self, body: Mapping[str, Any]) -> bool:
        private = body.get("visibility") in ("private", "confidential")
        return self.detail == "busy" or (private and self.role == "reader")

    def when(self, value: Mapping[str, Any]) -> dict[str, Any]:
        """An EventDateTime with its time in the view's zone; the event's own zone stays named."""
        if value.get("date"):
            return {"date": value["date"]}
        return {
            "dateTime": stamp(moment(value, self.calendar.zone), self.zone),
            "timeZone": value.get("timeZone") or self.calendar.zone,
        }

    def _show_people(self, body: Event) -> None:
        """Mark who the calendar itself is, and leave guests out of a list longer than wanted."""
        for name in ("organizer", "creator"):
            if name in body:
                body[name] = self._marked(body[name])
        guests = [self._marked(guest) for guest in body.get("attendees", ())]
        if self.most_attendees is not None and len(guests) > self.most_attendees:
            body["attendeesOmitted"] = True
            guests = [guest for guest in guests if guest.get("self")]
        if guests:
            body["attendees"] = guests
        else:
            body.pop("attendees", None)

    def _marked(self, person: Mapping[str, Any]) -> dict[str, Any]:
        marked = {name: value for name, value in person.items() if name != "self"}
        return marked | ({"self": True} if is_self(self.calendar, person) else {})


def is_self(calendar: StoredCalendar, person: Mapping[str, Any]) -> bool:
    """Whether an attendee or organizer is the calendar this copy of the event is on."""
    return str(person.get("email", "")).lower() in (calendar.id.lower(), calendar.owner.lower())


def stamp(value: datetime, zone: str) -> str:
    """RFC 3339 in a zone, UTC as Z."""
    return value.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds").replace("+00:00", "Z")
