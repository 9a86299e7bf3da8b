"""The calendar, read: agenda, conflicts with what could give, what changed, times for several people, one event."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import AwareDatetime, Field

from tools.agenda import conflicts, pairs, watching
from tools.agenda.agenda_finding import AgendaFinding
from tools.agenda.changes_finding import ChangesFinding
from tools.agenda.conflicts_finding import ConflictsFinding
from tools.agenda.event_finding import EventFinding
from tools.agenda.listing import listed
from tools.agenda.needs import CHECK, MEET, ONE, READ, WATCH
from tools.agenda.opening import open_event
from tools.agenda.proposals import proposed
from tools.agenda.slots_finding import SlotsFinding
from tools.agenda.spans import Span
from tools.agenda.whereabouts import my_hours, read_with_hours
from tools.agenda.window import agenda_window, conflict_window
from tools.base import Handle, ToolContext, ToolNode, tool
from tools.together import beside

Start = AwareDatetime | None
End = AwareDatetime | None
People = Annotated[
    list[str],
    Field(description="The others: names or addresses, as typed.", max_length=20),
]
Since = Annotated[AwareDatetime | None, Field(description="The last look if left out.")]
Shown = Annotated[conflicts.Only, Field(description="overlap_double: two things at once; travel: no time for it.")]
Minutes = Annotated[int | None, Field(description="30 if left out; alone, all free time is told.", ge=5, le=600)]

NOBODY: list[str] = []
MARGIN = timedelta(hours=1)  # what ends just before the window may be too far away from what begins it


@tool(
    access=READ,
    asks=(
        "what's on today",
        "what do I have tomorrow",
        "show me my calendar for next week",
        "what's on my calendar on Friday",
        "my schedule for Wednesday",
        "when is my next meeting",
        "am I busy on Thursday afternoon",
        "my agenda for Friday please",
        "what meetings do I have this morning",
        "how does my week look",
        "do I have anything on 3 March",
        "what's the rest of my day like",
        "who am I meeting tomorrow",
        "upcoming appointments",
        "list my events between Monday and Wednesday",
        "how soon is my next call",
        "is there anything in my diary on Saturday",
        "which appointments are left today",
        "run me through tomorrow",
        "my day",
        "plans for this evening",
        "any meetings with Omar on Friday",
        "when do I meet Ines next",
        "next appointment with Omar",
        "what do I have with Ines this week",
        "tell me my appointments for the 5th and 6th",
        "what have I got on tonight",
        "what is my 4 o'clock",
        "how full is my Monday",
        "what is planned for the weekend",
        "do I have a call this afternoon",
    ),
)
def agenda(context: ToolContext, start: Start = None, end: End = None) -> AgendaFinding:
    """Show what is in the person's calendars, and the next meeting with how soon it is.

    Without times: today.
    """
    return listed(context, agenda_window(start, end, context.now, context.zone))


@tool(
    access=CHECK,
    asks=(
        "do I have conflicts tomorrow",
        "am I double booked this week",
        "any clashes in my calendar",
        "which meetings overlap next week",
        "check my calendar for overlapping events",
        "do any of my meetings on Thursday collide",
        "is anything booked outside my working hours",
        "do I have enough time to get between my appointments on Tuesday",
        "find scheduling conflicts in March",
        "are there two things at the same time on Friday",
        "what clashes with my trip",
        "is my week free of conflicts",
        "show me the back to back meetings in different places",
        "did someone book me twice",
        "what could I move to fix my double bookings",
        "is there an overlap on Wednesday",
        "am I meant to be in two places at once",
        "do two of my appointments get in each other's way",
        "no time to travel",
    ),
)
def find_conflicts(context: ToolContext, start: Start = None, end: End = None, only: Shown = "all") -> ConflictsFinding:
    """Find double bookings, overlaps, missing travel time and meetings outside working hours, and what could give.

    Without times: the next seven days.
    """
    window = conflict_window(start, end, context.now)
    found, hours = read_with_hours(context, Span(window.start - MARGIN, window.end + MARGIN))
    rules = conflicts.Rules(zone=context.zone, hours=hours)
    asked, others = conflicts.sought(conflicts.find(found.events, window, rules), only)
    pairs.keep(context.memory, asked)
    return ConflictsFinding(
        now=context.now,
        zone=context.zone,
        gaps=found.gaps,
        start=window.start,
        end=window.end,
        rules=rules,
        conflicts=asked,
        looked_at=sum(1 for one in found.events if one.counts and one.touches(window)),
        calendars=found.lanes,
        only=only,
        others=others,
    )


@tool(
    access=WATCH,
    asks=(
        "what changed in my calendar since yesterday",
        "has anything been moved or cancelled",
        "did anyone move a meeting",
        "which meetings were cancelled since Monday",
        "what changed since I last looked",
        "anything new or different since last time",
        "was something added or rescheduled",
        "did somebody decline my invitation",
        "was an event put off",
        "has an appointment been moved since 9 this morning",
        "did the room of a meeting change",
        "who cancelled or changed a meeting",
        "what is different in my calendar since this morning",
        "any cancellations in my diary since Friday",
        "did someone change the time of a meeting",
        "new invitations since yesterday",
        "has anyone shifted or called off a meeting",
        "did an appointment get pushed back or dropped",
    ),
)
def calendar_changes(context: ToolContext, since: Since = None) -> ChangesFinding:
    """Tell what changed since the last look: what was added, moved, cancelled, answered, and conflicts that made.

    The coming 60 days of all selected calendars. The first look has nothing to compare with.
    """
    seen, hours = beside(lambda: watching.look_again(context), lambda: my_hours(context))
    rules = conflicts.Rules(zone=context.zone, hours=hours)
    told = watching.tell(context, seen, rules, since)
    return ChangesFinding(
        now=context.now,
        zone=context.zone,
        gaps=seen.gaps,
        start=seen.window.start,
        end=seen.window.end,
        since=told.since,
        asked=since is not None,
        watched_since=told.watched_since,
        rules=rules,
        changes=told.changes,
        clashes=told.clashes,
        looked_at=told.looked_at,
        calendars=tuple(one.calendar.name for one in seen.looks),
        first=tuple(one.calendar.name for one in seen.looks if one.before is None),
    )


@tool(
    access=MEET,
    asks=(
        "find 45 minutes with Ana and Li next week",
        "when can I meet Priya",
        "find a slot for an hour with Jonas on Thursday",
        "when are Grace and I both free",
        "suggest times for a 30 minute call with Mei",
        "find me a free hour tomorrow afternoon",
        "schedule half an hour with Tomás, when does it suit everyone",
        "what times work for me, Ana and Rahul this week",
        "is there a common gap with ana@example.com on Friday",
        "propose three times to meet the design team lead",
        "when is everybody available for a 90 minute workshop next month",
        "look for a time that suits Sofía in Madrid and me",
        "could I squeeze in 15 minutes with Fatima today",
        "earliest time all of us can talk",
        "when am I free for two hours",
        "what gaps do I have between meetings tomorrow",
        "when could I see Omar for an hour",
        "is there room for a quick call with Ines on Monday",
        "do I have time for a coffee with Paul on Thursday",
        "any free slots tomorrow morning",
        "where can I fit in 30 minutes with Nadia",
        "need an hour with Omar and Ines before Friday",
        "free time on Wednesday",
        "when could we all sit together next week",
    ),
)
def find_slots(
    context: ToolContext,
    people: People = NOBODY,
    duration_minutes: Minutes = None,
    start: Start = None,
    end: End = None,
) -> SlotsFinding:
    """Propose times when the person and others can meet, ranked with reasons; never books anything.

    Free/busy of everybody, in everybody's working hours on their own clock. Without times: the next five working days.
    """
    return proposed(context, people, duration_minutes, start, end)


@tool(
    access=ONE,
    asks=(
        "open the second event",
        "tell me more about that meeting",
        "who is invited to the design review",
        "where does the first one take place",
        "show the description of that event",
        "what is the agenda of the 10 o'clock meeting",
        "who organises it",
        "has everyone accepted the invitation",
        "details of the last appointment",
        "read me the invitation",
        "what is event 3 about",
        "how long is that one and who is coming",
        "is there a link to join the call",
        "who is coming to the second one",
        "what room is the first meeting in",
        "did everybody say yes to it",
    ),
)
def read_event(
    context: ToolContext,
    event: Annotated[str, Handle("event"), Field(description='The event, by its handle such as "event:2".')],
) -> EventFinding:
    """Open one event: when, where, who is invited and what they answered, and its description."""
    return open_event(context, event)


NODE = ToolNode(
    effect="read",
    brief="Say how many, name the next meeting or the worst conflict first, always weekday and time with the zone.",
    tools=(agenda, find_conflicts, calendar_changes, find_slots, read_event),
    mints=("event", "slot"),
    briefing=(
        ("agenda", {"start": "today", "end": "after the next working day"}),
        ("find_conflicts", {"start": "today", "end": "after the next working day"}),
    ),
)
