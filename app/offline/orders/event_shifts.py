"""How an event is put elsewhere beside its own time: half an hour later, an hour longer, on another day as it is.

Law: nothing is reckoned but from the time at which the event was shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.offline.clause import Clause
from app.offline.lexicon import listed
from app.offline.orders.order import Order

_LATER = frozenset(listed("later back push pushed postpone delay off out"))
_EARLIER = frozenset(listed("earlier forward sooner before"))
_LONGER = frozenset(listed("longer extend lengthen prolong"))
_LONG = frozenset(listed("long into last lasting"))
_SHORTER = frozenset(listed("shorter shorten cut"))


@dataclass(frozen=True)
class Shift:
    """So much later (or earlier, where it is less than nothing) for the begin and the end; or so long."""

    begin: timedelta
    end: timedelta
    length: timedelta | None = None

    def of(self, begins: datetime, ends: datetime | None) -> dict[str, str]:
        """The new times of the event, as a call gives them."""
        ends = begins + self.length if self.length else ends
        told = {"start": (begins + self.begin).isoformat()}
        return told | ({"end": (ends + self.end).isoformat()} if ends else {})


def said(clause: Clause) -> Shift | None:
    """The shift that the words tell by a length of time and a way to go; None where they tell none."""
    row = {*clause.line.row}
    clocks = any(one.window.grain == "clock" for one in clause.windows(1))
    if not clause.durations or clocks:
        return None
    length = clause.durations[0]
    size, none = timedelta(minutes=length.value), timedelta()
    if row & _LONGER:
        return Shift(none, size)
    if row & _SHORTER:
        return Shift(none, -size)
    if row & _LONG:
        return Shift(none, none, size)
    if row & _EARLIER:
        return Shift(-size, -size)
    by = clause.line.word(length.start - 1) == "by"
    return Shift(size, size) if row & _LATER or by else None


def own(order: Order, handle: str) -> tuple[datetime, datetime | None] | None:
    """When the event begins and ends, as it was shown last; None where no time was."""
    for refs in (*(outcome.refs for _, outcome in order.thread.now.results), *order.lists):
        ref = next((one for one in refs if one.handle == handle and one.begins), None)
        if ref:
            return datetime.fromisoformat(ref.begins), datetime.fromisoformat(ref.ends) if ref.ends else None
    return None


def on_day(order: Order, day: datetime, handle: str) -> dict[str, str]:
    """The event at its own time on another day; nothing where its time is not known."""
    held = own(order, handle)
    if held is None:
        return {}
    begins, ends = held[0].astimezone(day.tzinfo), held[1]
    start = day.replace(hour=begins.hour, minute=begins.minute)
    return {"start": start.isoformat()} | ({"end": (start + (ends - held[0])).isoformat()} if ends else {})
