"""Tools the planner has never seen: a few asks are enough to reach them, and asks with a verb lift the ban on it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import pytest
from langchain_core.messages import BaseMessage
from pydantic import AwareDatetime, Field

from tests.offline.cases import TOOLS, planner, turn
from tools.base import NO_ACCESS, Access, Finding, Handle, ToolContext, tool

SLACK = Access("slack", "slack.read", ("channels:history",), (), "read your channels")
SEND = Access("google", "gmail.send", ("https://www.googleapis.com/auth/gmail.send",), (), "send mail")
CHANGE = Access("google", "calendar.change", ("https://www.googleapis.com/auth/calendar.events",), (), "change events")


@tool(asks=("roll a dice", "throw two dice", "roll the dice for me"))
def roll(context: ToolContext, dice: Annotated[int, Field(description="How many dice.", ge=1, le=9)] = 1) -> Finding:
    """Roll dice."""
    raise NotImplementedError


@tool(asks=("holidays in Portugal", "is Friday a public holiday in Spain"))
def holidays(
    context: ToolContext,
    country: Annotated[str, Field(description="The country.")],
    day: Annotated[date | None, Field(description="One day only.")] = None,
) -> Finding:
    """Public holidays of a country."""
    raise NotImplementedError


@tool(
    access=SLACK, asks=("what happened in #launch", "action items from Slack today", "key messages in the team channel")
)
def action_items(
    context: ToolContext,
    channel: Annotated[str, Field(description="One channel.")] = "",
    since: Annotated[AwareDatetime | None, Field(description="From when on.")] = None,
    kind: Annotated[Literal["all", "mine", "open"], Field(description="Which items.")] = "all",
) -> Finding:
    """Key messages and action items of Slack channels."""
    raise NotImplementedError


@tool(access=SEND, asks=("send a mail to Ana", "send Priya a note that I agree", "mail the notes to Li"))
def send_mail(
    context: ToolContext,
    to: Annotated[list[str], Field(description="To whom.")],
    text: Annotated[str, Field(description="What to say.")] = "",
) -> Finding:
    """Send a mail."""
    raise NotImplementedError


@tool(
    access=CHANGE, asks=("move it to Friday", "move the second meeting to tomorrow at 3", "reschedule that to Monday")
)
def move_event(
    context: ToolContext,
    event: Annotated[str, Handle("event"), Field(description="The event.")],
    start: Annotated[AwareDatetime, Field(description="When it is to begin.")],
) -> Finding:
    """Move an event to another time."""
    raise NotImplementedError


ALL = (*(one for one in TOOLS if one.access.connection != "slack"), roll, holidays, action_items)
Args = dict[str, object]


@pytest.mark.parametrize(
    ("request_", "name", "args"),
    [
        ("roll the dice", "roll", {}),
        ("please throw 3 dice", "roll", {"dice": 3}),
        ("public holidays in Italy", "holidays", {"country": "Italy"}),
        (
            "any action items in #design since monday?",
            "action_items",
            {"channel": "design", "since": "2026-03-09T00:00:00+01:00"},
        ),
        ("open action items on slack", "action_items", {"kind": "open"}),
        ("what's on tomorrow", "agenda", {"start": "2026-03-12T00:00:00+01:00", "end": "2026-03-13T00:00:00+01:00"}),
    ],
)
def test_a_dropped_tool_is_reached(request_: str, name: str, args: Args) -> None:
    assert turn([], request_, planner(ALL)).calls == [(name, args)]


def test_a_required_word_that_is_missing_is_asked_for() -> None:
    played = turn([], "public holidays?", planner(ALL))
    assert played.calls == []
    assert "country" in played.answer


def test_sending_is_refused_until_a_tool_is_asked_for_with_it() -> None:
    assert turn([], "send a mail to Ana", planner()).outcome == "cannot"
    assert turn([], "send a mail to Ana", planner((*TOOLS, send_mail))).calls == [("send_mail", {"to": ["Ana"]})]
    assert turn([], "delete the mail from Ana", planner((*TOOLS, send_mail))).outcome == "cannot"


def test_a_shown_event_is_moved_by_pointing_at_it() -> None:
    model = planner((*TOOLS, move_event))
    messages: list[BaseMessage] = []
    turn(messages, "what's on tomorrow", model)
    played = turn(messages, "move the second one to Friday at 3", model)
    assert played.calls == [("move_event", {"event": "event:2", "start": "2026-03-13T15:00:00+01:00"})]


def test_a_tool_without_service_is_no_sibling_of_another() -> None:
    assert roll.access is NO_ACCESS
    assert turn([], "convert 5 miles to km", planner(ALL)).calls[0][0] == "convert_units"
