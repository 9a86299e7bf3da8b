"""The requests of requests.toml and fresh.toml as cases, and what the planner makes of each in a whole turn."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from langchain_core.messages import BaseMessage, HumanMessage, ToolMessage

from app.offline.asks import Asks
from app.offline.learnt import Learnt
from app.offline.planner import OfflinePlanner
from graphs.briefing import brief_me
from tools.arithmetic import NODE as ARITHMETIC
from tools.base import Tool
from tools.calendar_conflicts import NODE as CALENDAR
from tools.drive_retrieval import NODE as DRIVE
from tools.gmail_summary import NODE as MAIL
from tools.reckoning.expression import calculate
from tools.registry import discover
from tools.slack_action_items import NODE as SLACK
from tools.weather import NODE as WEATHER

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 11, 10, 20, tzinfo=ZONE)
NODES = (MAIL, CALENDAR, SLACK, DRIVE, ARITHMETIC, WEATHER)
TOOLS: tuple[Tool, ...] = (*(tool for node in NODES for tool in node.tools), brief_me)
REGISTRY = discover()
EVERY_TOOL: tuple[Tool, ...] = (*REGISTRY.tools, brief_me)
HOMES = {tool.name: node for node in REGISTRY.nodes for tool in node.tools}
LABELS = {
    "mail": (
        "Ana Novak: Budget for the Lisbon office",
        "Li Wei: Contract draft v3",
        "Priya Raman: Launch checklist",
        "Northwind Bank: Your statement",
    ),
    "event": ("Stand-up", "Budget review", "Dentist"),
    "message": ("Ana Novak in #launch", "Tom Baker in #support-escalations", "Priya Raman, direct message"),
    "file": ("Budget 2026", "Launch plan", "Offsite agenda", "Lease contract"),
    "task": ("Send the budget to Ana", "Review the contract", "Book flights"),
    "slot": tuple(f"2026-03-12T{hour}:00:00+01:00/2026-03-12T{hour}:45:00+01:00" for hour in (11, 14, 16)),
}
MADE = {
    "draft_reply": "draft:1",
    "draft_mail": "draft:1",
    "create_event": "event:9",
    "create_document": "file:9",
    "create_tasks": "task:9",
    "create_folder": "file:8",
    "post_message": "message:9",
    "message_person": "message:9",
    "reply_in_thread": "message:9",
} | dict.fromkeys(("archive", "label_conversations", "mark_read", "mark_unread", "move_to_trash"), "relabelling:1")
"""What a write makes, by its handle."""
SLOTS = "find_slots"
LITTLE = frozenset({"the", "a", "an"})
TEXTS = frozenset({"body", "text", "content", "note", "title", "subject"})
TIMES = {
    "event:1": ("2026-03-12T09:00:00+01:00", "2026-03-12T09:15:00+01:00"),
    "event:2": ("2026-03-12T11:00:00+01:00", "2026-03-12T12:00:00+01:00"),
}
"""When an event that is shown begins and ends; of one that is not known."""
INVITED = {"event:1": ("priya", "li"), "event:2": ("ana", "tom"), "event:3": ()}
PEER_ARGUMENTS = frozenset({"sender", "since", "until", "limit"})
Call = tuple[str, dict[str, Any]]
NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Case:
    """One request with the calls that are right for it, in one reading or the other."""

    group: str
    say: str
    readings: tuple[tuple[Call, ...], ...]
    outcomes: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    unknown: str = ""

    @property
    def refused(self) -> bool:
        """Whether it asks for a change, and was written when no tool made any."""
        return "cannot" in self.outcomes or bool(self.unknown)

    @property
    def tuned(self) -> bool:
        """Whether the planner may be tuned on it; the other half is only scored. Stable: a hash of the words."""
        words = "\n".join((*self.before, self.say))
        return hashlib.sha256(words.encode()).digest()[0] % 2 == 0


@dataclass
class Played:
    """What came of a case."""

    calls: list[Call] = field(default_factory=list)
    outcome: str = ""
    answer: str = ""
    rounds: int = 0


def load(name: str = "requests.toml") -> list[Case]:
    groups = tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))
    return [_case(group, told) for group, cases in groups.items() for told in cases]


def _case(group: str, told: dict[str, Any]) -> Case:
    readings = [told.get("calls", [])] + [told[key] for key in ("also", "or_also") if key in told]
    return Case(
        group=group,
        say=told["say"],
        readings=tuple(tuple((name, args) for name, args in calls) for calls in readings),
        outcomes=tuple(told[key] for key in ("outcome", "or_outcome") if key in told),
        before=tuple(told.get("before", ())),
        unknown=told.get("unknown", ""),
    )


def learnt() -> Learnt:
    """What a process learns, which has learnt nothing yet."""
    return Learnt(HOMES, Asks())


_shared = cache(learnt)


def planner(tools: tuple[Tool, ...] = TOOLS, known: Learnt | None = None) -> OfflinePlanner:
    """Of these tools; what it learns of the usual ones is learnt once, as in a process that answers many requests."""
    usual = tools is TOOLS or tools is EVERY_TOOL
    known = known or (_shared() if usual else learnt())
    return OfflinePlanner(tools=tools, learnt=known, clock=lambda: NOW, zone=ZONE)


def play(case: Case, model: OfflinePlanner) -> Played:
    messages: list[BaseMessage] = []
    for request in case.before:
        turn(messages, request, model)
    return turn(messages, case.say, model)


def said(model: OfflinePlanner, *requests: str) -> Played:
    """What the last of these requests of one conversation came to."""
    messages: list[BaseMessage] = []
    return [turn(messages, request, model) for request in requests][-1]


def writes(played: Played) -> list[str]:
    """The changes that were proposed."""
    return [name for name, _ in played.calls if name in HOMES and HOMES[name].effect == "write"]


def turn(messages: list[BaseMessage], request: str, model: OfflinePlanner, rounds: int = 6) -> Played:
    """Play one turn on the messages, every call answered with a result that shows the same few things."""
    messages.append(HumanMessage(request))
    played = Played()
    for _ in range(rounds):
        reply = model.invoke(messages)
        messages.append(reply)
        if not reply.tool_calls:
            played.outcome, played.answer = reply.response_metadata["outcome"], reply.text
            return played
        played.rounds += 1
        for call in reply.tool_calls:
            played.calls.append((call["name"], call["args"]))
            messages.append(result(call["name"], call["id"] or "", call["args"]))
    raise AssertionError(f"no end to {request!r}")


def result(name: str, call_id: str, args: Mapping[str, Any] = NOTHING) -> ToolMessage:
    """What a call comes to: a list shows the same few things of its kind, an opened thing itself."""
    if name in HOMES and HOMES[name].effect == "write":
        return _written(name, call_id, args)
    kind = "slot" if name == SLOTS else next(iter(HOMES[name].mints if name in HOMES else ()), "")
    refs: list[dict[str, Any]] = [
        {"handle": handle, "kind": kind, "label": text, "people": _invited(handle)} | _times(handle)
        for handle, text in ((f"{kind}:{i}", text) for i, text in enumerate(LABELS.get(kind, ()), 1))
    ]
    opened = [ref for ref in refs if ref["handle"] in args.values()]
    artifact = {"tool": name, "status": "ok", "lead": f"[{name}]", "refs": opened or refs}
    return ToolMessage("<data>…</data>", tool_call_id=call_id, name=name, artifact=artifact)


def _times(handle: str) -> dict[str, str]:
    return dict(zip(("begins", "ends"), TIMES.get(handle, ()), strict=False))


def _invited(handle: str) -> list[str]:
    return [f"{one}@northwind.example" for one in INVITED.get(handle, ())]


def _written(name: str, call_id: str, args: Mapping[str, Any]) -> ToolMessage:
    """What a write comes to: a receipt, and what it made."""
    made = MADE.get(name, "")
    refs = [{"handle": made, "kind": made.partition(":")[0], "label": str(args.get("title", ""))}] if made else []
    lead = f"Done: {name} (receipt w-1)."
    artifact = {"tool": name, "status": "ok", "effect": "write", "lead": lead, "refs": refs, "receipt": "w-1"}
    return ToolMessage("<data>…</data>", tool_call_id=call_id, name=name, artifact=artifact)


def intents_right(case: Case, played: Played) -> bool:
    """The right tools in the right order; without calls, the right sort of answer; nothing passed over in silence."""
    calls = _as_made(_without_tasks(case, _once(played.calls)), played)
    names, peers = [name for name, _ in calls], [_peer(call) for call in calls]
    readings = [_as_made(reading, played) for reading in case.readings]
    if not any([name for name, _ in r] == names or [_peer(call) for call in r] == peers for r in readings):
        return False
    if case.unknown and case.unknown not in played.answer:
        return False
    return not case.outcomes or played.outcome in case.outcomes


def all_right(case: Case, played: Played, tools: tuple[Tool, ...] = TOOLS) -> bool:
    """Every argument right too, with the defaults of the tools filled in."""
    if not intents_right(case, played):
        return False
    got = [_whole(call, tools) for call in _as_made(_without_tasks(case, _once(played.calls)), played)]
    return any(_same(got, [_whole(call, tools) for call in _as_made(r, played)]) for r in case.readings)


def _as_made(calls: Sequence[Call], played: Played) -> list[Call]:
    """The calls in order; those that were all made at once have none."""
    return sorted(calls, key=_peer) if played.rounds == 1 else list(calls)


def _once(calls: list[Call]) -> list[Call]:
    """The calls without a look farther ahead, made since what was named was not in the time before: the same look."""
    farther = {i for i in range(1, len(calls)) if calls[i][0] == calls[i - 1][0] and _follows(calls[i], calls[i - 1])}
    return [call for i, call in enumerate(calls) if i not in farther]


def _follows(call: Call, before: Call) -> bool:
    return "end" in before[1] and call[1].get("start") == before[1]["end"]


def _without_tasks(case: Case, calls: list[Call]) -> list[Call]:
    """The calls without that for tasks, where a topic was to be searched for everywhere and is, in tasks as well."""
    wanted = [{args.get("query") for _, args in reading} for reading in case.readings if len(reading) > 2]
    queries = {str(query) for one in wanted if len(one) == 1 for query in one if query}
    return [call for call in calls if call[0] != "list_tasks" or call[1].get("query") not in queries]


def _same(got: Any, wanted: Any, name: str = "") -> bool:
    """Whether the arguments are equal; a text is right that holds the words wanted."""
    if name in TEXTS and isinstance(wanted, str) and isinstance(got, str):
        return all(word in got.casefold() for word in wanted.casefold().rstrip(".?!").split() if word not in LITTLE)
    if isinstance(wanted, dict) and isinstance(got, dict):
        return got.keys() == wanted.keys() and all(_same(got[key], wanted[key], key) for key in wanted)
    if isinstance(wanted, list | tuple) and isinstance(got, list | tuple):
        return len(got) == len(wanted) and all(_same(a, b, name) for a, b in zip(got, wanted, strict=True))
    return bool(got == wanted)


def _peer(call: Call) -> str:
    """The tool's name; a list of mail by sender, time and number alone may come from either of two."""
    name, args = call
    return "search_mail" if name == "summarise_inbox" and args and args.keys() <= PEER_ARGUMENTS else name


def _whole(call: Call, tools: tuple[Tool, ...]) -> tuple[str, dict[str, Any]]:
    name, args = call
    name = _peer(call)
    known = next(tool for tool in tools if tool.name == name)
    given = {key: _zoned(value) for key, value in args.items()}
    given |= {"subject": "the"} if "subject" in known.parameters and "subject" not in given else {}
    whole = known.arguments.model_validate(given).model_dump()
    if "items" in args:  # their sources are handles, which only the graph resolves
        whole["sources"] = [item.get("source", "") for item in args["items"]]
    return name, {k: _comparable(k, v) for k, v in whole.items()}


def _zoned(value: Any) -> Any:
    """The local times of requests.toml, put into the zone."""
    if isinstance(value, str) and len(value) in (10, 16) and value[:4].isdigit() and value[4] == "-":
        return datetime.fromisoformat(value).replace(tzinfo=ZONE).isoformat()
    if isinstance(value, list):
        return [_zoned(one) for one in value]
    return {key: _zoned(one) for key, one in value.items() if key != "source"} if isinstance(value, dict) else value


def _comparable(name: str, value: Any) -> Any:
    if name == "expression":
        return calculate(value).value
    if isinstance(value, list) and not any(isinstance(item, dict) for item in value):
        return sorted(str(item).casefold() for item in value)
    return value.casefold() if isinstance(value, str) else value
