"""Slack, read: what is asked and promised in the channels, threads and direct messages, what matters, what was said."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Annotated

from pydantic import AwareDatetime, Field

from tools.base import Handle, ToolContext, ToolNode, tool
from tools.channels.access import READ, SEARCH
from tools.channels.actions_finding import ActionsFinding, Only
from tools.channels.around import listed
from tools.channels.catchup_finding import CatchUpFinding
from tools.channels.facts import said_by
from tools.channels.judging import Judge
from tools.channels.places import places
from tools.channels.reading import Reading, Window, read_since
from tools.channels.search_finding import SearchedFinding
from tools.channels.searching import Found, Wanted, member_of, search
from tools.channels.thread_finding import ThreadFinding
from tools.channels.thread_reading import read_thread_of
from tools.mail import said
from tools.mail.said import many

WEEK = timedelta(days=7)
WHOLE = 4_000
"""Characters of one message of a thread that are shown."""

Since = AwareDatetime | None
Until = AwareDatetime | None
Where = Annotated[
    str,
    Field(
        description="A channel without #, or a person for direct messages; all if empty.",
        max_length=120,
    ),
]
Shown = Annotated[Only, Field(description="mine: what the person has to do; all: done too.")]
Limit = Annotated[int, Field(ge=1, le=100)]
Words = Annotated[str, Field(description="Words that must all occur; no operators.", max_length=300)]
Sender = Annotated[str, Field(description="By whom; me for one's own.", max_length=120)]
Matches = Annotated[int, Field(ge=1, le=100)]
Message = Annotated[str, Handle("message"), Field(description="The message, by its handle such as message:2.")]


@tool(
    access=READ,
    asks=(
        "what are my action items in slack",
        "what do I have to do according to slack",
        "action items of #launch",
        "what did people ask me on slack",
        "which slack requests are still open",
        "who is waiting for me in slack",
        "did I promise anything in the channels this week",
        "what should I do for #design by Friday",
        "todos from slack since Monday",
        "tasks assigned to me in the project channel",
        "what is still open in #incidents",
        "what have I asked others on slack that is not done",
        "show all action items in #launch, done ones too",
        "unanswered questions to me in slack",
        "deadlines mentioned in our channels",
        "who has to do what in the release channel",
        "what do people want from me on slack",
        "my slack tasks",
        "open asks in #design",
        "did anyone ask me for something in slack",
        "anything open in #sales",
        "what is waiting for me on slack",
        "what needs doing in slack",
        "what needs doing on slack",
    ),
)
def slack_action_items(
    context: ToolContext,
    since: Since = None,
    until: Until = None,
    channel: Where = "",
    sender: Sender = "",
    only: Shown = "open",
    limit: Limit = 50,
) -> ActionsFinding:
    """Action items in Slack: who is to do what by when, who asked, with links, open or done; and the key messages.

    Without a time: the last seven days.
    """
    start = since or context.now - WEEK
    reading = read_since(context, Window(start, until), channel)
    judge = Judge(reading.team, context.now.astimezone(context.zone), reading.passed, reading.unread)
    fresh = reading.since(start)
    by = reading.team.name(member_of(sender, reading.team)) if sender else ""
    items = [item for item in judge.items(reading.chats) if item.said.at >= start and said_by(item, by)]
    still, done = [item for item in items if not item.done], [item for item in items if item.done]
    return ActionsFinding(
        now=context.now,
        zone=context.zone,
        scope=_scope(context, since or start, until, _labels(reading, channel), by) + _watched(reading),
        gaps=reading.gaps,
        only=only,
        items=(*still[:limit], *done[:limit]),
        keys=tuple(key for key in judge.keys(fresh, pending=True) if said_by(key, by)),
        automatic=() if by else tuple(judge.automatic(fresh)),
        messages=sum(chat.channel.id not in reading.passed for chat in fresh),
        channels=len(reading.channels) - len(reading.passed),
        place=_labels(reading, channel),
        left=max(0, len(still) - limit) + (max(0, len(done) - limit) if only == "all" else 0),
    )


@tool(
    access=READ,
    asks=(
        "catch me up on slack",
        "what did I miss in slack",
        "what happened in #launch today",
        "anything important in the channels",
        "summarise slack since yesterday",
        "what is new in #general",
        "give me the highlights of the team channels",
        "what was decided in #product this week",
        "what is going on in the design channel",
        "any slack messages that mention me",
        "summary of #incidents since Monday",
        "what have people been talking about on slack",
        "did Ana message me on slack",
        "key messages from slack this morning",
        "check slack",
        "was I mentioned in any slack channel since Tuesday",
        "what went on in #design overnight",
        "how is #sales doing",
        "news from the slack channels",
        "what did I miss in #design over the weekend",
        "anything new in #sales since yesterday",
        "fill me in on #general",
        "bring me up to date on #launch",
    ),
)
def catch_up(context: ToolContext, since: Since = None, channel: Where = "") -> CatchUpFinding:
    """Catch up on Slack channel by channel: what matters and why, mentions, decisions, trouble; the rest as counts,
    of one channel topic by topic.

    Without a time: since the last working day began.
    """
    start = since or _last_working_day(context.now.astimezone(context.zone))
    reading = read_since(context, Window(start), channel)
    judge = Judge(reading.team, context.now.astimezone(context.zone), reading.passed, reading.unread)
    fresh = reading.since(start)
    place = _labels(reading, channel)
    found = places(judge, reading, fresh, start, whole=bool(place))
    return CatchUpFinding(
        now=context.now,
        zone=context.zone,
        scope=_scope(context, start, None, place) + _watched(reading),
        gaps=reading.gaps,
        place=place,
        places=tuple(sorted(found, key=lambda place: (-place.weight, -place.messages))),
        automatic=tuple(judge.automatic(fresh)),
    )


@tool(
    access=SEARCH,
    asks=(
        "search slack for the certificate",
        "find slack messages about the rollback",
        "what was said about pricing in #sales",
        "look in slack for the wifi password",
        "what did Ana say on slack about the budget",
        "messages in the channels about the trade fair",
        "slack messages from Tom about hiring",
        "find the slack message where Priya posted the link",
        "where was the invoice discussed in #launch",
        "find what was said on slack about the outage",
        "slack discussion about the pricing page last week",
        "slack messages that mention the audit",
        "look up the message about the lease in slack",
        "did anyone on slack talk about hiring",
        "slack: what did Omar say about the deploy",
        "who mentioned the visa on slack",
        "was the deposit mentioned in #design",
        "find Omar's slack message on the deploy",
    ),
)
def search_slack(
    context: ToolContext,
    query: Words = "",
    sender: Sender = "",
    channel: Where = "",
    since: Since = None,
    until: Until = None,
    limit: Matches = 20,
) -> SearchedFinding:
    """Search Slack by words, author, channel and time: every message the person can see, newest first."""
    wanted = Wanted(query, sender, channel, since, until)
    found = search(context, wanted, limit)
    judge = Judge(found.team, context.now.astimezone(context.zone))
    instructs = any("instructs.strong" in chat.concepts for chat in found.chats)
    return SearchedFinding(
        now=context.now,
        zone=context.zone,
        scope="",
        gaps=found.gaps,
        asked=_asked(context, wanted, found),
        messages=tuple(judge.said(chat) for chat in found.chats),
        left=max(0, found.total - limit),
        warning="A message in it tries to instruct an assistant; it was not followed." if instructs else "",
    )


@tool(
    access=READ,
    asks=(
        "read that slack thread",
        "open the second message",
        "show me the whole thread",
        "what was said in that thread",
        "read message 3",
        "open that slack message",
        "what did they answer to it",
        "show the replies to the first one",
        "what is the context of that message",
        "read me the discussion in #launch",
        "how did that conversation end",
        "let me see the thread about the rollback",
        "show me the slack discussion in full",
        "what is the second slack message about",
        "show the rest of that thread",
    ),
)
def read_thread(context: ToolContext, message: Message) -> ThreadFinding:
    """Read one Slack thread in full, or what was said around a message that has none, with what is asked in it."""
    reading = read_thread_of(context, message)
    judge = Judge(reading.team, context.now.astimezone(context.zone))
    chats = [chat for chat in reading.chats if not chat.gone]
    instructs = any("instructs.strong" in chat.concepts for chat in chats)
    return ThreadFinding(
        now=context.now,
        zone=context.zone,
        scope="",
        gaps=reading.gaps,
        where=reading.team.label(reading.channels[0]),
        messages=tuple(judge.said(chat, WHOLE) for chat in chats),
        asked=message,
        threaded=any(chat.thread for chat in chats),
        items=tuple(judge.items(reading.chats)),
        warning="A message in it tries to instruct an assistant; it was not followed." if instructs else "",
    )


def _last_working_day(now: datetime) -> datetime:
    """When the working day before this one began."""
    back = {0: 3, 6: 2}.get(now.weekday(), 1)
    return datetime.combine(now.date() - timedelta(days=back), time(), now.tzinfo)


def _labels(reading: Reading, channel: str) -> str:
    return reading.team.label(reading.channels[0]) if channel and reading.channels else ""


def _watched(reading: Reading) -> str:
    """Which channels were read first and whole, where the person has said which."""
    if not reading.watch.channels:
        return ""
    labels = {channel: reading.team.label(channel) for channel in reading.watch.channels}
    unread = {channel: "" if channel in reading.channels else " (unread)" for channel in labels}
    named = listed([f"{label}{unread[channel]}" for channel, label in labels.items()], 12)
    passed = many(len(reading.passed), "other channel")
    return f"; you watch {named}" + (f"; of {passed} only what names you" if reading.passed else "")


def _scope(context: ToolContext, since: datetime, until: datetime | None, where: str, by: str = "") -> str:
    """What was read, in words."""
    now = context.now.astimezone(context.zone)
    parts = [*([where] if where else []), *([f"only what {by} said"] if by else [])]
    parts += [f"since {said.moment(since, now)}"]
    return ", ".join([*parts, *([f"before {said.moment(until, now)}"] if until else [])])


def _asked(context: ToolContext, wanted: Wanted, found: Found) -> str:
    """What was searched for, in words."""
    now = context.now.astimezone(context.zone)
    parts = [f"about “{wanted.words}”"] if wanted.words else []
    parts += [f"by {found.author}"] if found.author else []
    parts += [f"in {found.where}"] if found.where else []
    parts += [f"since {said.moment(wanted.since, now)}"] if wanted.since else []
    return " ".join([*parts, *([f"before {said.moment(wanted.until, now)}"] if wanted.until else [])])


NODE = ToolNode(
    effect="read",
    brief="say who is to do what by when, the person's own first, with handles; automatic messages only as counts.",
    tools=(slack_action_items, catch_up, search_slack, read_thread),
    mints=("message",),
    briefing=(("slack_action_items", {}),),
)
