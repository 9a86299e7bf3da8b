"""Single events out of a calendar: series expanded, their exceptions put in place (RFC 5545, Calendar API v3)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from app.demo.event_lookup import Event, StoredEvent
from app.demo.event_store import link
from app.demo.event_time import millis, moment, original_suffix

YEARS = timedelta(days=2 * 366)


@dataclass(frozen=True)
class Window:
    """From `begin` to `end` in ms since the epoch; None = open. Without an end, series are cut at `horizon`."""

    begin: int | None = None
    end: int | None = None
    horizon: int = 0

    def holds(self, starts: int, ends: int) -> bool:
        """Whether something overlaps; what ends as the window begins does not."""
        after_begin = self.begin is None or ends > self.begin or (starts == ends == self.begin)
        return after_begin and (self.end is None or starts < self.end)


def single_events(events: Iterable[StoredEvent], calendar: str, zone: str, window: Window) -> Iterator[StoredEvent]:
    """All single events of the window: plain ones, instances of series, exceptions (cancelled ones too)."""
    series: list[StoredEvent] = []
    exceptions: dict[str, dict[str, StoredEvent]] = defaultdict(dict)
    for event in events:
        if event.recurring:
            series.append(event)
        elif event.series:
            exceptions[event.series][event.original] = event
        elif window.holds(event.starts, event.ends or event.starts):
            yield event
    for master in series:
        yield from _instances(master, exceptions.pop(master.id, {}), calendar, zone, window)
    for orphans in exceptions.values():
        yield from (event for event in orphans.values() if window.holds(event.starts, event.ends or event.starts))


def _instances(
    master: StoredEvent, exceptions: Mapping[str, StoredEvent], calendar: str, zone: str, window: Window
) -> Iterator[StoredEvent]:
    for instance in _regular(master, calendar, zone, window):
        if instance.original not in exceptions and window.holds(instance.starts, instance.ends or 0):
            yield instance
    for exception in exceptions.values():
        whole = replace(exception, body=with_series(master, exception, calendar, zone))
        cancelled = exception.cancelled or master.cancelled
        if window.holds(exception.starts, exception.ends or exception.starts):
            yield replace(whole, cancelled=cancelled)


def _regular(master: StoredEvent, calendar: str, zone: str, window: Window) -> Iterator[StoredEvent]:
    """The instances by the rule alone, from the first that can reach into the window."""
    from app.demo.recurrence import starts

    length = moment(master.body["end"], zone) - moment(master.body["start"], zone)
    first = datetime.fromtimestamp((window.begin or master.starts) / 1000, UTC)
    last = window.end if window.end is not None else max(window.horizon, millis(first + YEARS))
    for start in starts(master.body, zone, after=first - length - timedelta(hours=1)):
        if millis(start) >= last:
            return
        yield instance_at(master, start, calendar, zone)


def instance_at(master: StoredEvent, start: datetime, calendar: str, zone: str) -> StoredEvent:
    """The regular instance of a series that starts at an aware time."""
    begins, ends = _times(master.body, start, zone)
    original = {"originalStartTime": begins}
    suffix = original_suffix(original, zone)
    identity = f"{master.id}_{suffix}"
    kept = {name: value for name, value in master.body.items() if name != "recurrence"}
    body = (
        kept
        | original
        | {
            "id": identity,
            "recurringEventId": master.id,
            "start": begins,
            "end": ends,
            "htmlLink": link(calendar, identity),
        }
    )
    return replace(
        master,
        id=identity,
        series=master.id,
        original=suffix,
        recurring=False,
        starts=millis(moment(begins, zone)),
        ends=millis(moment(ends, zone)),
        body=body,
    )


def _times(body: Event, start: datetime, zone: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Start and end of the instance; a day stays a day, and a meeting keeps its length over a change of clocks."""
    if body["start"].get("date"):
        days = (_day(body["end"]) - _day(body["start"])).days
        day = start.date()
        return {"date": day.isoformat()}, {"date": (day + timedelta(days=days)).isoformat()}
    length = moment(body["end"], zone) - moment(body["start"], zone)
    end = (start.astimezone(UTC) + length).astimezone(start.tzinfo)
    named = {"timeZone": body["start"].get("timeZone") or zone}
    return {"dateTime": start.isoformat(), **named}, {"dateTime": end.isoformat(), **named}


def _day(value: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(value["date"])


def with_series(master: StoredEvent, exception: StoredEvent, calendar: str, zone: str) -> Event:
    """An exception's body; what it does not say itself, it has from its series."""
    start = moment(exception.body["originalStartTime"], zone)
    original = exception.body["originalStartTime"]
    if original.get("date"):
        start = datetime.fromisoformat(original["date"]).replace(tzinfo=UTC)
    return instance_at(master, start, calendar, zone).body | exception.body


def find_instance(
    master: StoredEvent, exceptions: Iterable[StoredEvent], suffix: str, calendar: str, zone: str
) -> StoredEvent | None:
    """The instance a suffix names (20260302T080000Z or 20260302), if the series has it."""
    for exception in exceptions:
        if exception.original == suffix:
            return replace(exception, body=with_series(master, exception, calendar, zone))
    try:
        form = "%Y%m%dT%H%M%SZ" if "T" in suffix else "%Y%m%d"
        named = datetime.strptime(suffix, form).replace(tzinfo=UTC)
    except ValueError:
        return None
    day = 24 * 3600 * 1000
    window = Window(millis(named) - day, millis(named) + 2 * day)
    return next((found for found in _regular(master, calendar, zone, window) if found.original == suffix), None)
