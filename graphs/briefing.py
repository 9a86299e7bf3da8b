"""The briefing across services: which calls it takes, and one page made of what they found.

Law: every line is a claim of a finding, with its handle; what could not be read is said, and nothing is filled in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from tools.base import Finding, Line, Tool, ToolContext, tool
from tools.registry import Registry

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage, ToolCall

PART = ".brief."
URGENT = 70
FIRST, ATTACHED, ALSO = 6, 2, 5


class Told(BaseModel):
    """A line of a finding, with the handle the thread knows its thing by ("" where it has none)."""

    model_config = ConfigDict(frozen=True)
    line: Line
    handle: str


class Item(BaseModel):
    """One line of the page. `belongs` are the lines that stand with it (a meeting's mails and documents)."""

    model_config = ConfigDict(frozen=True)
    text: str
    kind: str
    at: datetime | None
    handle: str
    link: str | None
    reasons: tuple[str, ...]
    belongs: tuple[Item, ...] = ()


class Gap(BaseModel):
    """A service that could not be read: what happened, and what to do next; `next` is "" where a part of it was."""

    model_config = ConfigDict(frozen=True)
    tool: str
    what: str
    next: str


class Briefing(BaseModel):
    """One page: what comes first, a day's meetings with what belongs to them, the rest, and what is missing.

    `day` is the day of the meetings: today, or the next that has any. `left_out` counts the lines there was no room
    for, by kind.
    """

    model_config = ConfigDict(frozen=True)
    made: datetime
    day: date
    first: tuple[Item, ...]
    meetings: tuple[Item, ...]
    also: tuple[Item, ...]
    gaps: tuple[Gap, ...]
    left_out: dict[str, int]


@tool(
    asks=(
        "brief me",
        "give me my briefing",
        "my daily briefing please",
        "morning brief",
        "what should I know this morning",
        "what matters today across everything",
        "catch me up on everything",
        "start my day",
        "give me an overview of mail, calendar, Slack and documents",
        "what needs my attention today",
        "one page on my day",
        "the big picture for today",
        "what is going on today",
        "bring me up to speed",
        "what should I know before I start",
        "give me the full picture",
        "what does today look like overall",
        "where do things stand this morning",
        "give me the lay of the land",
        "what is the state of play this morning",
        "where are we at",
        "get me up to date on everything",
        "a rundown of my day",
        "what do I need to know today",
        "fill me in on everything",
    )
)
def brief_me(context: ToolContext) -> Finding:
    """One briefing across all services: what is urgent, today's meetings and what belongs to them."""
    raise TypeError("a briefing is made of the calls of the nodes; it is no call of its own")


def offered(registry: Registry) -> tuple[Tool, ...]:
    """The briefing as one more tool of the menu, where any node contributes to one."""
    return (brief_me,) if any(node.briefing for node in registry.nodes) else ()


def asked() -> AIMessage:
    """The reply of a model that wants the briefing."""
    from langchain_core.messages import AIMessage  # here, since the terminal reads this module before LangGraph is in

    return AIMessage("", tool_calls=[{"name": brief_me.name, "args": {}, "id": "briefing", "type": "tool_call"}])


def expanded(reply: AIMessage, registry: Registry, now: datetime) -> AIMessage:
    """The reply with every call of `brief_me` replaced by the calls the tool nodes contribute."""
    calls: list[ToolCall] = []
    for call in reply.tool_calls:
        calls += _parts(call, registry, now) if call["name"] == brief_me.name else [call]
    return reply.model_copy(update={"tool_calls": calls})


def _parts(call: ToolCall, registry: Registry, now: datetime) -> list[ToolCall]:
    wanted = [(name, args) for node in registry.of_effect("read") for name, args in node.briefing]
    return [
        {"name": name, "args": _resolved(args, now), "id": f"{call['id']}{PART}{number}", "type": "tool_call"}
        for number, (name, args) in enumerate(wanted, 1)
    ]


def _resolved(args: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    today = datetime.combine(now.date(), time(), now.tzinfo)
    back, ahead = {0: 3, 6: 2}.get(now.weekday(), 1), {4: 3, 5: 2}.get(now.weekday(), 1)
    days = {
        "today": today,
        "tomorrow": today + timedelta(days=1),
        "last working day": today - timedelta(days=back),
        "after the next working day": today + timedelta(days=ahead + 1),
    }
    return {
        name: days[value].isoformat() if isinstance(value, str) and value in days else value
        for name, value in args.items()
    }


def is_part(call: str) -> bool:
    """Whether a call was made for a briefing."""
    return PART in call


def composed(told: Iterable[Told], gaps: Sequence[Gap], now: datetime) -> Briefing:
    """One page of these lines, the weightiest first; what belongs to a meeting of the day stands with it."""
    lines = sorted(_distinct(told), key=lambda t: (-t.line.weight, t.line.at or now, t.line.text))
    day, meetings = _of_the_next_day(lines, now)
    others = [t for t in lines if t.line.kind != "meeting"]
    first = [t for t in others if t.line.weight >= URGENT][:FIRST]
    homes = {id(t): _home(t, meetings) for t in others}
    attached = {id(m): [t for t in others if t not in first and homes[id(t)] is m][:ATTACHED] for m in meetings}
    placed = {id(t) for rows in attached.values() for t in rows} | {id(t) for t in first}
    rest = _every_kind_first([t for t in others if id(t) not in placed and t.line.weight > 0])
    return Briefing(
        made=now,
        day=day,
        first=tuple(_item(t, _for(homes[id(t)], now)) for t in first),
        meetings=tuple(_item(m).model_copy(update={"belongs": _items(attached[id(m)])}) for m in meetings),
        also=_items(rest[:ALSO]),
        gaps=tuple(gaps),
        left_out=_counted(rest[ALSO:]),
    )


def _every_kind_first(lines: list[Told]) -> list[Told]:
    """The weightiest of each kind before the others, so that no service is drowned by another."""
    best = {told.line.kind: told for told in reversed(lines)}
    leading = [told for told in lines if best[told.line.kind] is told]
    return leading + [told for told in lines if best[told.line.kind] is not told]


def _of_the_next_day(lines: list[Told], now: datetime) -> tuple[date, list[Told]]:
    """The meetings still to end, of the first day that has any: today's, or in the evening the next day's."""
    coming = [(t.line.at.astimezone(now.tzinfo), t) for t in lines if t.line.kind == "meeting" and t.line.at]
    coming = sorted(((at, t) for at, t in coming if (t.line.until or at) > now), key=lambda pair: pair[0])
    day = max(coming[0][0].date(), now.date()) if coming else now.date()
    return day, [t for at, t in coming if at.date() <= day]


def _distinct(told: Iterable[Told]) -> list[Told]:
    """One line per thing and claim: two tools may have found the same."""
    return list({(t.handle or t.line.text, t.line.kind): t for t in sorted(told, key=lambda t: t.line.weight)}.values())


def _home(told: Told, meetings: list[Told]) -> Told | None:
    """The meeting a line belongs to: topic words in common, and better still people too."""
    best = max(meetings, key=lambda m: _kinship(told.line, m.line), default=None)
    return best if best is not None and _kinship(told.line, best.line) >= 3 else None


def _kinship(line: Line, meeting: Line) -> int:
    words = len(set(line.words) & set(meeting.words))
    people = len(set(line.people) & set(meeting.people))
    return 2 * words + min(people, 2) if words else 0


def _for(meeting: Told | None, now: datetime) -> str:
    if meeting is None or meeting.line.at is None:
        return ""
    return f" (for the {meeting.line.at.astimezone(now.tzinfo):%H:%M} meeting)"


def _item(told: Told, suffix: str = "") -> Item:
    line = told.line
    return Item(
        text=line.text + suffix,
        kind=line.kind,
        at=line.at,
        handle=told.handle,
        link=line.link,
        reasons=line.reasons,
    )


def _items(told: Sequence[Told]) -> tuple[Item, ...]:
    return tuple(_item(t) for t in told)


def _counted(told: Sequence[Told]) -> dict[str, int]:
    kinds = [t.line.kind for t in told]
    return {kind: kinds.count(kind) for kind in sorted(set(kinds))}
