"""The calendar, changed: events created, moved, cancelled, answered and restored in the person's own calendars."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from tools.agenda import booking, changing
from tools.agenda.amending import Elsewhen, plan_move
from tools.agenda.answering import Reply, plan_answer
from tools.agenda.booking import Wish, plan_event
from tools.agenda.cancelling import plan_cancel, plan_restore
from tools.agenda.needs import CANCEL, CHANGE, CREATE, LOOK
from tools.agenda.occasion import occasion
from tools.agenda.repeating import Repeat
from tools.agenda.target import Which
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
AllDay = Annotated[bool, Field(description="Whole days; end is the midnight after the last.")]
Repeats = Annotated[Repeat | None, Field(description="For a series.")]
Days = Annotated[bool | None, Field(description="To whole days, or away from them.")]
Some = Annotated[Which, Field(description="Of a series.")]
ThisOrAll = Annotated[Literal["this", "all"], Field(description="Of a series.")]
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
        "block all of Friday",
        "I am away from 3 to 7 December",
        "book standup every weekday at 9:15",
    ),
)
def create_event(
    context: ToolContext,
    title: Title,
    start: Start,
    end: End = None,
    duration_minutes: Minutes = None,
    all_day: AllDay = False,
    repeat: Repeats = None,
    people: People = NOBODY,
    calendar: CalendarName = "",
    place: Place = "",
    description: Description = "",
    online: Online = False,
) -> Plan:
    """Create an event in one of the person's own calendars, and invite people to it."""
    when = occasion(context, start, end, duration_minutes, all_day=all_day, repeat=repeat)
    return plan_event(context, Wish(title, when, tuple(people), calendar, place, description, online))


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
def move_event(
    context: ToolContext,
    event: Event,
    start: Start,
    end: NewEnd = None,
    all_day: Days = None,
    which: Some = "this",
) -> Plan:
    """Move an event that the person organises to another time; its guests are told."""
    return plan_move(context, event, Elsewhen(start, end, all_day), which=which)


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
        "cancel only tomorrow's standup",
    ),
)
def cancel_event(context: ToolContext, event: Event, which: Some = "this") -> Plan:
    """Cancel an event that the person organises; its guests are told."""
    return plan_cancel(context, event, which=which)


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
    context: ToolContext, event: Event, answer: Answered, note: NoteText = "", which: ThisOrAll = "this"
) -> Plan:
    """Answer an invitation: accepted, declined or tentative; its organiser is told."""
    return plan_answer(context, event, answer, note, which=which)


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
