"""The calendar, changed: events created, moved, cancelled, answered and restored in the person's own calendars."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from pydantic import AwareDatetime, Field

from tools.agenda import booking, changing
from tools.agenda.amending import Reply, plan_answer, plan_cancel, plan_move, plan_restore
from tools.agenda.booking import Wish, ending, plan_event
from tools.agenda.needs import CANCEL, CHANGE, CREATE, LOOK
from tools.base import Handle, ToolContext, ToolNode
from tools.write import Plan, always, write

Event = Annotated[str, Handle("event"), Field(description='The event, by its handle such as "event:2".')]
Title = Annotated[str, Field(min_length=1, max_length=250)]
Start = AwareDatetime
End = Annotated[AwareDatetime | None, Field(description="When it ends; or give a length.")]
Minutes = Annotated[int | None, Field(description="30 if neither is given.", ge=5, le=20_160)]
People = Annotated[
    list[str],
    Field(description="Whom to invite: names or addresses, as typed.", max_length=50),
]
CalendarName = Annotated[str, Field(description="The main one if empty.", max_length=120)]
Place = Annotated[str, Field(max_length=500)]
Description = Annotated[str, Field(description="Plain text; guests read it.", max_length=8000)]
Online = Annotated[bool, Field(description="With a video link.")]
NewEnd = Annotated[AwareDatetime | None, Field(description="The same length if left out.")]
Series = Annotated[bool, Field(description="The whole series.")]
Answered = Reply
NoteText = Annotated[str, Field(max_length=1000)]
NOBODY: list[str] = []


_booking = partial(write, look=LOOK, keyed=always)
_patching = partial(
    _booking, access=CHANGE, perform=changing.perform_patch, find=changing.find_patch, basis=changing.basis
)


@_booking(
    access=CREATE,
    perform=booking.perform,
    find=booking.find,
    asks=(
        "book 45 minutes with Ana and Li on Thursday at 10",
        "schedule a meeting with Dana tomorrow at 3",
        "put lunch with Priya into my calendar on Friday at noon",
        "create an event called Review on Monday from 9 to 10",
        "add a dentist appointment on 3 March at 8:30",
        "set up a call with ana@example.com at 4 pm",
        "invite Jonas to a one hour workshop on Wednesday at 14:00",
        "block two hours for writing tomorrow morning at 9",
        "make an appointment in my Family calendar on Saturday at 11",
    ),
)
def create_event(
    context: ToolContext,
    title: Title,
    start: Start,
    end: End = None,
    duration_minutes: Minutes = None,
    people: People = NOBODY,
    calendar: CalendarName = "",
    place: Place = "",
    description: Description = "",
    online: Online = False,
) -> Plan:
    """Create an event in one of the person's own calendars, and invite people to it."""
    finish = ending(start, end, duration_minutes)
    return plan_event(context, Wish(title, start, finish, tuple(people), calendar, place, description, online))


@_patching(
    asks=(
        "move it to Friday at 3",
        "move the design review to tomorrow at 10",
        "reschedule the second one to Monday at 9:30",
        "postpone that meeting to next week Tuesday at 2 pm",
        "push my 3 o'clock to 4",
        "shift the stand-up to 9:15",
    ),
)
def move_event(context: ToolContext, event: Event, start: Start, end: NewEnd = None, series: Series = False) -> Plan:
    """Move an event that the person organises to another time; its guests are told."""
    return plan_move(context, event, start, end, series=series)


@_booking(
    access=CANCEL,
    perform=changing.perform_cancel,
    find=changing.find_cancelled,
    basis=changing.basis,
    asks=(
        "cancel the second meeting",
        "cancel that event",
        "delete the lunch on Friday from my calendar",
        "call off the review tomorrow",
        "remove event 3",
        "cancel the whole series",
    ),
)
def cancel_event(context: ToolContext, event: Event, series: Series = False) -> Plan:
    """Cancel an event that the person organises; its guests are told."""
    return plan_cancel(context, event, series=series)


@_patching(
    asks=(
        "accept the invitation",
        "decline the second one",
        "say maybe to the workshop",
        "accept the meeting with Dana on Thursday",
        "decline it and say that I am travelling",
        "answer yes to that invitation",
    ),
)
def answer_invitation(
    context: ToolContext, event: Event, answer: Answered, note: NoteText = "", series: Series = False
) -> Plan:
    """Answer an invitation: accepted, declined or tentative; its organiser is told."""
    return plan_answer(context, event, answer, note, series=series)


@_patching(
    asks=("restore the cancelled event", "put that cancelled meeting back into my calendar"),
)
def restore_event(context: ToolContext, event: Event) -> Plan:
    """Put an event that was cancelled back into the calendar; its guests are invited again."""
    return plan_restore(context, event)


NODE = ToolNode(
    effect="write",
    brief="say what stands in the calendar now, with weekday and time, only with a receipt.",
    tools=(create_event, move_event, cancel_event, answer_invitation, restore_event),
)
