"""Who may see what of which calendar: roles of people, reach of scopes."""

from app.demo.event_store import EventStore, Role, StoredCalendar
from app.demo.event_view import Detail
from app.demo.google_call import Call
from app.demo.google_errors import insufficient_scope, not_found

_BASE = "https://www.googleapis.com/auth/calendar"
_ALL = frozenset({_BASE, f"{_BASE}.readonly", f"{_BASE}.events", f"{_BASE}.events.readonly"})
_OWNED = frozenset({f"{_BASE}.events.owned", f"{_BASE}.events.owned.readonly"})
_BUSY = frozenset({f"{_BASE}.events.freebusy"})
RANKS: tuple[Role, ...] = ("freeBusyReader", "reader", "writer", "owner")


def role_of(calendar: StoredCalendar, account: str, owner: str) -> Role:
    """What a person may do there: the owner of the workspace what the calendar says, a colleague see busy times."""
    if calendar.owner == account:
        return "owner"
    return calendar.role if account == owner else "freeBusyReader"


def find_calendar(store: EventStore, account: str, identity: str) -> StoredCalendar:
    """The calendar of an id, or the caller's own for "primary". Raises GoogleError."""
    found = primary_of(store, account) if identity == "primary" else store.calendar(identity)
    if found is None:
        raise not_found("Not Found")
    return found


def primary_of(store: EventStore, account: str) -> StoredCalendar | None:
    own = [calendar for calendar in store.calendars() if calendar.owner == account]
    return next((calendar for calendar in own if calendar.primary or calendar.id == account), None)


def listed(store: EventStore, account: str) -> list[StoredCalendar]:
    """The calendars in a person's list: their own, and for the workspace's owner all that can be read."""
    return [calendar for calendar in store.calendars() if role_of(calendar, account, store.owner) != "freeBusyReader"]


def detail_of(call: Call, role: Role, host: str) -> Detail:
    """How much the token shows of a calendar's events. Raises GoogleError when it shows none of it."""
    if call.scopes & _ALL:
        return "busy" if role == "freeBusyReader" else "full"
    if call.scopes & _OWNED:
        if role != "owner":
            raise insufficient_scope(call.method.id, host, _ALL)
        return "full"
    if call.scopes & _BUSY:
        return "busy"
    raise not_found("Not Found")
