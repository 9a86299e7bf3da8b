"""Valet's own work in bulk, without a service: conflicts among many events, many turns of one conversation."""

from __future__ import annotations

import asyncio
import heapq
import random
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from langchain_core.messages import AIMessage, HumanMessage
from pydantic import Field

from app.storage import config
from auth.broker import Brokers
from auth.gateway import Gateway
from auth.wire import Wire
from graphs.assistant import assistant
from graphs.context import Context
from graphs.parts import Limits, Parts
from tests.bench.contenders.worker import loop
from tests.scripted import ScriptedModels, calling
from tests.small_graph import NOW, module
from tests.storage_world import opened
from tools.agenda.conflicts import Rules, find
from tools.agenda.event import Event
from tools.agenda.spans import Span
from tools.base import Finding, Name, ToolContext, ToolNode, tool
from tools.registry import Registry

START = datetime(2026, 1, 5, tzinfo=UTC)
CALENDARS = 8
PAGE = "one more line of what was found, as long as lines of mail are " * 60


def conflicts(command: dict[str, Any]) -> Any:
    """Events on eight calendars, of one density whatever their number."""
    draw = random.Random(command["seed"])
    events = [_event(number, draw) for number in range(command["count"])]
    last = max(event.end for event in events)
    rules = Rules(ZoneInfo("Europe/Lisbon"))

    def timed() -> dict[str, Any]:
        found = find(events, Span(START, last), rules)
        overlaps = sum(1 for one in found if one.kind in ("overlap", "double_booking"))
        return {"found": overlaps, "late": lambda: {"expected": _overlaps(events)}}

    return timed


def _event(number: int, draw: random.Random) -> Event:
    start = START + timedelta(minutes=90 * number + draw.randint(0, 60))
    calendar = f"c{draw.randrange(CALENDARS)}"
    end = start + timedelta(minutes=draw.choice((30, 45, 60, 120)))
    return Event(calendar, f"e{number}", f"u{number}", start, "Meeting", start, end, others=draw.randint(0, 3))


def _overlaps(events: list[Event]) -> int:
    """Pairs sharing time, counted with a heap of ends."""
    ends: list[datetime] = []
    pairs = 0
    for event in sorted(events, key=lambda one: one.start):
        while ends and ends[0] <= event.start:
            heapq.heappop(ends)
        pairs += len(ends)
        heapq.heappush(ends, event.end)
    return pairs


class Told(Finding):
    words: str

    def lead(self, name: Name) -> str:
        return self.words[:200]

    def text(self, name: Name) -> str:
        return self.words


@tool()
def look(context: ToolContext, number: Annotated[int, Field(description="Which.")]) -> Told:
    """Look something up."""
    return Told(words=f"{number}: {PAGE}")


def turns(command: dict[str, Any]) -> Any:
    """One conversation on disk: a request, a call with four kilobytes of result, an answer; again and again."""
    marks = command["turns"]

    def timed() -> dict[str, Any]:
        with tempfile.TemporaryDirectory() as folder:
            sizes, times = asyncio.run(_talked(Path(folder), marks))
        return {"bytes": sizes, "seconds_of_turn": [_middle(times[80:120]), _middle(times[-40:])]}

    return timed


async def _talked(home: Path, marks: list[int]) -> tuple[list[int], list[float]]:
    replies = [
        reply for number in range(marks[-1]) for reply in (calling(("look", {"number": number})), AIMessage("Done."))
    ]
    sizes, times = list[int](), list[float]()
    async with opened(home, "local:bench") as kept, kept.checkpoints() as saver:
        parts = Parts(
            models=ScriptedModels(replies),
            registry=Registry.of([module("looking", ToolNode("read", "Say it.", (look,)))]),
            broker=Brokers({}),
            consents=Brokers({}),
            ledger=kept.ledger,
            gateway=Gateway(Wire(), kept.audit, origins={}),
            audit=kept.audit,
            results=kept.results,
            memories=kept.memories,
            clock=lambda: NOW,
            zone=ZoneInfo("UTC"),
            user="local:bench",
            limits=Limits(),
        )
        graph = assistant(parts).compile(checkpointer=saver)
        place: Any = config("t", parts.limits.recursion)
        for number in range(marks[-1]):
            start = time.perf_counter()
            asked: Any = {"messages": [HumanMessage(f"Please look number {number} up.")]}
            await graph.ainvoke(asked, place, context=Context(), durability="sync")
            times.append(time.perf_counter() - start)
            if number + 1 in marks:
                sizes.append(_size(home))
    return sizes, times


def _size(home: Path) -> int:
    return sum(file.stat().st_size for file in home.iterdir() if file.is_file())


def _middle(times: list[float]) -> float:
    return sorted(times)[len(times) // 2]


if __name__ == "__main__":
    loop({"conflicts": conflicts, "turns": turns})
