"""Plans to cancel an event, one of a series, all of it, or from one on; and to restore what was cancelled.

Law: a series is made to end in one request; where that would leave or take anything else, it is refused.
"""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any

from tools.agenda.amending import check_mine, extent_rows, past_ones, stands
from tools.agenda.changing import change_plan, undone_by
from tools.agenda.hours import DAY
from tools.agenda.singly import changed_singly
from tools.agenda.surroundings import around, clashes, invited, mails
from tools.agenda.target import EARLIER, GONE, Target, Which, earlier_rule, same_event, target
from tools.agenda.telling import title_of
from tools.base import ToolContext
from tools.errors import BadArgument
from tools.write import Plan, Row

LONGEST_KEPT = 1000  # characters of a private extended property (Calendar API: 1024)
INSTEAD = "Cancel single ones, or all of them."


def plan_cancel(context: ToolContext, handle: str, *, which: Which) -> Plan:
    """Raises BadArgument for an event of somebody else, which is declined instead, and for a series that cannot be
    made to end exactly there; ToolError."""
    found = target(context, handle, which=which)
    check_mine(found, "cancelled")
    event, guests = found.event, found.guests
    patch = _ending(context, found) if found.which == "following" else {}
    return change_plan(
        f"Cancel “{title_of(event)}”",
        found,
        (
            Row(label="title", value=title_of(event)),
            Row(label="from" if patch else "when", value=stands(context, event)),
            *extent_rows(found),
        ),
        patch=patch,
        done=f"“{title_of(event)}” on {stands(context, event)} was cancelled{found.extent_briefly}",
        notify=bool(guests),
        recipients=invited(guests),
        effects=(
            *mails(guests, "an update" if patch else "a cancellation", context.account),
            *past_ones(context, found, "go too"),
            *(["the earlier ones stay"] if patch else []),
        ),
        undo=undone_by("restore_event") if not patch or EARLIER in str(patch) else None,
    )


def plan_restore(context: ToolContext, handle: str) -> Plan:
    """Raises BadArgument for what is not cancelled or not the person's; ToolError."""
    found = target(context, handle, gone=True)
    check_mine(found, "restored")
    event, guests = found.event, found.guests
    goes_on = earlier_rule(found.raw) if found.raw.get("status") != GONE else []
    private = {"extendedProperties": {"private": {EARLIER: None}}}
    known = around(context, found.span)
    return change_plan(
        f"Restore “{title_of(event)}”",
        found,
        (
            Row(label="title", value=title_of(event)),
            Row(label="when", value=stands(context, event)),
            *extent_rows(found),
            *([Row(label="repeats", value="as before it was made to end")] if goes_on else []),
        ),
        patch={"recurrence": goes_on, **private} if goes_on else {"status": "confirmed"},
        done=f"“{title_of(event)}” on {stands(context, event)} stands in the calendar again{found.extent_briefly}",
        notify=bool(guests),
        recipients=invited(guests),
        effects=(
            *mails(guests, "an invitation again", context.account),
            *(clashes(context, known, [found.span], same_event(found)) if not goes_on else []),
        ),
        undo=undone_by("cancel_event") if not goes_on else None,
    )


def _ending(context: ToolContext, found: Target) -> dict[str, Any]:
    """The patch that ends a series before the occurrence pointed at, and keeps how it repeated. Raises BadArgument."""
    lines = [str(line) for line in found.raw.get("recurrence") or ()]
    rules = [line for line in lines if line.upper().startswith("RRULE:")]
    others = [line for line in lines if line not in rules and not line.upper().startswith("EXDATE")]
    if len(rules) != 1 or others:
        raise BadArgument("That series repeats by a rule that cannot be cut at one day exactly.", INSTEAD)
    singly = changed_singly(context, found, since=found.event.original)
    if singly:
        raise BadArgument(f"Some of those were changed singly: {singly}.", "Cancel these first, each by itself.")
    kept = [part for part in rules[0][6:].split(";") if not part.upper().startswith(("UNTIL=", "COUNT="))]
    ended = f"RRULE:{';'.join(kept)};UNTIL={_last(context, found)}"
    before = "\n".join(lines)
    private = {"extendedProperties": {"private": {EARLIER: before}}} if len(before) <= LONGEST_KEPT else {}
    return {"recurrence": [ended if line in rules else line for line in lines], **private}


def _last(context: ToolContext, found: Target) -> str:
    """UNTIL as RFC 5545 wants it: the second before, or of whole days the day before."""
    first = found.event.original
    if "date" in found.raw["start"]:
        return f"{first.astimezone(context.zone).date() - DAY:%Y%m%d}"
    return f"{first.astimezone(UTC) - timedelta(seconds=1):%Y%m%dT%H%M%SZ}"
