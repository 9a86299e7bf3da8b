"""Looks at every calendar again and tells what changed since it was looked at last (events.list with syncToken).

Law: what is told comes from the service at this moment; what is remembered only says how it was before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tools import clients
from tools.agenda.changes import Change, Looks, Seen, compare, conflict_key, merged_changes, new_conflicts
from tools.agenda.conflicts import Conflict, Rules
from tools.agenda.event import Calendar, Event, Gap
from tools.agenda.hours import midnight
from tools.agenda.parse import Raw, attendees_of, event_of
from tools.agenda.reading import (
    EVENT_FIELDS,
    MAX_PAGES,
    PAGE,
    SERVICE,
    addresses_of_me,
    calendars,
    one_per_occurrence,
)  # fmt: skip
from tools.agenda.remembering import (
    Journal,
    Snapshot,
    journal,
    keep_journal,
    keep_snapshot,
    snapshot,
)  # fmt: skip
from tools.agenda.spans import Span
from tools.base import ToolContext
from tools.errors import NotFound, ToolError, Unreadable
from tools.together import each

AHEAD = timedelta(days=60)
SLACK = timedelta(days=15)  # a look that reaches less far than AHEAD without this is made anew
ASKED_AFTER = 20  # events out of sight that are asked for one by one
REPLIES = 30
FIELDS = f"{EVENT_FIELDS.replace('items(id,', 'items(id,created,updated,')},nextSyncToken"
ONE_FIELDS = "id,iCalUID,status,summary,location,start,end,originalStartTime,recurringEventId,organizer"


@dataclass(frozen=True)
class Look:
    """One calendar now, how it was remembered (None: never looked at), and what is different."""

    calendar: Calendar
    now: Snapshot
    before: Snapshot | None
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Looked:
    """All calendars that could be read, and which could not."""

    window: Span
    looks: tuple[Look, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class Told:
    """What is to be told from `since` on (None at the first look), and since when there is anything to tell."""

    since: datetime | None
    watched_since: datetime
    changes: tuple[Change, ...]
    clashes: tuple[Conflict, ...]
    looked_at: int


def look_again(context: ToolContext) -> Looked:
    """Look at every calendar. Raises the ToolError of the first one when not one could be read."""
    listed = calendars(context)
    readable = [one for one in listed if one.role != "freeBusyReader"]
    me = addresses_of_me(context, listed)
    window = Span(
        midnight(context.now.astimezone(context.zone).date(), context.zone), context.now.astimezone(UTC) + AHEAD
    )
    answers = each(
        readable,
        lambda one: _look(context, one, window, me),
        lambda done, total: context.progress(done, total, "calendars"),
    )
    failed = [(one, answer) for one, answer in zip(readable, answers, strict=True) if isinstance(answer, ToolError)]
    if failed and len(failed) == len(answers):
        raise failed[0][1]
    gaps = tuple(Gap(one.name, error.what) for one, error in failed)
    return Looked(window, tuple(one for one in answers if isinstance(one, Look)), gaps)


def tell(context: ToolContext, looked: Looked, rules: Rules, since: datetime | None) -> Told:
    """What is new since the last look or, with `since`, everything from then on; then remember this look."""
    now = context.now.astimezone(UTC)
    kept = journal(context.memory)
    fresh = merged_changes(change for look in looked.looks for change in look.changes)
    before = one_per_occurrence(_events(look.before for look in looked.looks if look.before))
    current = one_per_occurrence(_events(look.now for look in looked.looks))
    clashes = new_conflicts(before, current, fresh, looked.window, rules)
    written = (kept or Journal(now, now)).with_more(fresh, [conflict_key(one) for one in clashes], now)
    for look in looked.looks:
        keep_snapshot(context.memory, look.calendar.id, look.now)
    keep_journal(context.memory, written)
    if since is not None:
        fresh = merged_changes(one for one in written.changes if one.at >= since)
        standing = new_conflicts((), current, fresh, looked.window, rules)
        clashes = [one for one in standing if conflict_key(one) in set(written.clashes)]
    return Told(
        since=(since or kept.last) if kept else None,
        watched_since=written.since,
        changes=tuple(fresh),
        clashes=tuple(clashes),
        looked_at=sum(1 for one in current if one.counts),
    )


def _events(snapshots: Iterable[Snapshot]) -> Iterable[Event]:
    return (one.event for each in snapshots for one in each.seen if not one.event.cancelled)


def _look(context: ToolContext, calendar: Calendar, window: Span, me: frozenset[str]) -> Look:
    before = snapshot(context.memory, calendar.id)
    touched, token = _since_token(context, calendar, before)
    at = context.now.astimezone(UTC)
    if before and touched == {} and token and before.end >= window.end - SLACK:
        return Look(calendar, Snapshot(token, at, before.start, before.end, before.seen), before)
    now = _everything(context, calendar, window, me)
    if before is None:
        return Look(calendar, now, None)
    looks = Looks(_by_id(before), _by_id(now), before.at, before.end, at)
    fates = _Fates(context, calendar, touched or {}, me)
    return Look(calendar, now, before, tuple(compare(looks, window, fates.of)))


def _by_id(one: Snapshot) -> dict[str, Seen]:
    return {seen.event.id: seen for seen in one.seen}


def _since_token(
    context: ToolContext, calendar: Calendar, before: Snapshot | None
) -> tuple[dict[str, Raw] | None, str]:
    """What the service says has changed, by id, and the next token; (None, "") where it cannot say (HTTP 410)."""
    if before is None or not before.token:
        return None, ""
    try:
        items, token = _listed(context, calendar, {"syncToken": before.token})
    except (NotFound, Unreadable):
        return None, ""
    return {str(one.get("id")): one for one in items}, token


def _everything(context: ToolContext, calendar: Calendar, window: Span, me: frozenset[str]) -> Snapshot:
    """Every occurrence of the window; the listing is not ordered, since an ordered one gives no syncToken."""
    asked = {"timeMin": window.start.isoformat(), "timeMax": window.end.isoformat()}
    items, token = _listed(context, calendar, asked)
    seen = tuple(one for raw in items if (one := _seen(raw, calendar, context, me)))
    return Snapshot(token, context.now.astimezone(UTC), window.start, window.end, seen)


def _listed(context: ToolContext, calendar: Calendar, asked: Mapping[str, str]) -> tuple[list[Raw], str]:
    """The items of all pages and the syncToken. Raises Unreadable for too many to compare."""
    items: list[Raw] = []
    page = None
    for _ in range(MAX_PAGES):
        request = clients.calendar().events().list(
            calendarId=calendar.id, singleEvents=True, maxResults=PAGE, pageToken=page, fields=FIELDS, **asked
        )  # fmt: skip
        answer = clients.run(request, context.transport, service=SERVICE)
        items += answer.get("items") or ()
        page = answer.get("nextPageToken")
        if not page:
            return items, str(answer.get("nextSyncToken") or "")
    raise Unreadable(
        f"It has more than {MAX_PAGES * PAGE:,} events in that time.", "Look at it in the calendar itself."
    )


def _seen(raw: Raw, calendar: Calendar, context: ToolContext, me: frozenset[str]) -> Seen | None:
    try:
        event = event_of(raw, calendar, me=me, zone=context.zone)
    except (KeyError, TypeError, ValueError):
        return None
    others = [one for one in attendees_of(raw) if not one.room and one.person.address not in me]
    replies = tuple((one.person.name or one.person.address, one.answer) for one in others[:REPLIES])
    return Seen(event, replies, _stamp(raw.get("created")), _stamp(raw.get("updated")))


def _stamp(value: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except (TypeError, ValueError):
        return None


@dataclass
class _Fates:
    """What became of events that are out of sight: as the changes say, or as events.get says for the first few."""

    context: ToolContext
    calendar: Calendar
    touched: Mapping[str, Raw]
    me: frozenset[str]
    left: int = ASKED_AFTER

    def of(self, event: Event) -> Event | None:
        raw = self.touched.get(event.id)
        if raw is None and self.left > 0:
            self.left -= 1
            raw = self._asked(event)
        if raw is None:
            return None
        now = _seen({**raw, "id": event.id}, self.calendar, self.context, self.me)
        cancelled = raw.get("status") == "cancelled"
        return replace(event, cancelled=True) if cancelled else now.event if now else None

    def _asked(self, event: Event) -> Raw | None:
        request = clients.calendar().events().get(calendarId=self.calendar.id, eventId=event.id, fields=ONE_FIELDS)
        try:
            return clients.run(request, self.context.transport, service=SERVICE)
        except NotFound:
            return {"status": "cancelled"}
        except ToolError:
            return None
