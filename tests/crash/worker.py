"""The process that is killed: a real Valet on a home of its own, whose model proposes what the request names."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable

from app.catching_up import catch_up
from app.checkpoints import Checkpoints
from app.settings import load
from app.storage import config
from app.turn import answer_pause, carry_on, take_turn
from app.wiring import Valet, wire
from graphs.assistant import assistant
from graphs.effect import Carrier
from graphs.errors import ModelFailed
from graphs.ledger import Effect, Stage
from graphs.parts import Parts, Result
from tests.crash.fuse import LEDGER, Fuse, Stepping, SteppingCheckpoints, SteppingWire
from tests.faulty import faulty
from tests.loopback import Got

THREAD = "crash"
STAGES: tuple[Stage, ...] = (
    "proposed",
    "approved",
    "rejected",
    "withdrawn",
    "intended",
    "done",
    "failed",
    "unknown",
)
ELSE = [("calculate", {"expression": "1 + 1"})]


@dataclass(frozen=True)
class Place:
    """Where a worker lives: its home, the demo server's origin, and the file its steps go to."""

    home: Path
    origin: str
    log: Path
    report: Path


def call_ids(request: str) -> list[str]:
    """The ids of the calls that this request leads to."""
    mark = hashlib.sha256(request.encode()).hexdigest()[:12]
    return [f"{mark}-{number}" for number, _ in enumerate(json.loads(request))]


class Obedient(BaseChatModel):
    """Proposes the calls that the request names as JSON, and says that it is done."""

    @property
    def _llm_type(self) -> str:
        return "obedient"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Runnable[Any, AIMessage]:
        return self

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        at = max(index for index, message in enumerate(messages) if isinstance(message, HumanMessage))
        said = AIMessage("That is how it is.")
        if not any(isinstance(message, AIMessage) for message in messages[at:]):
            request = messages[at].text
            named = zip(call_ids(request), json.loads(request), strict=True)
            said = AIMessage("", tool_calls=[{"name": name, "args": args, "id": id_} for id_, (name, args) in named])
        return ChatResult(generations=[ChatGeneration(message=said)])


class ObedientModels:
    """The Models seam over it."""

    faults: tuple[type[Exception], ...] = ()

    def chat(self, name: str) -> BaseChatModel:
        return Obedient()

    def explain(self, error: Exception) -> ModelFailed:
        return ModelFailed(str(error), "Mend the test.")


class Quiet:
    """A watcher that nobody reads."""

    def began(self, call: str, node: str, tool: str) -> None: ...
    def progressed(self, call: str, text: str, done: int, total: int | None) -> None: ...
    def found(self, call: str, result: Result) -> None: ...
    def looked(self, call: str, result: Result) -> None: ...
    def failed(self, call: str, tool: str, what: str, next: str) -> None: ...  # noqa: A002 - the house word
    def said(self, chunk: str, allowed: frozenset[str]) -> None: ...


def environment(home: Path, origin: str) -> dict[str, str]:
    return {"VALET_HOME": str(home), "VALET_DEMO_ORIGIN": origin, "VALET_ZONE": "Europe/Zurich", "HOME": str(home)}


@asynccontextmanager
async def valet_at(
    place: Place, fuse: Fuse, faults: Sequence[str] = (), later: timedelta = timedelta()
) -> AsyncIterator[Valet]:
    """A Valet whose durable changes and requests are steps of the fuse; `faults` meet its requests that write.

    Its clock is `later` than the real one.
    """
    async with AsyncExitStack() as stack:
        valet = await stack.enter_async_context(wire(load(environment(place.home, place.origin), cwd=place.home)))
        origins = dict(valet.parts.gateway.origins or {})
        if faults:
            between: dict[str, str] = {}
            queue = [one for fault in faults for one in (["reset"] * LONG if fault == DOWN else [fault])]
            for origin in {*origins.values()}:
                between[origin] = stack.enter_context(_faulty(origin, queue))
            origins = {host: between[origin] for host, origin in origins.items()}
        gateway = replace(valet.parts.gateway, wire=SteppingWire(fuse), origins=origins)
        stack.callback(gateway.wire.close)
        parts = replace(
            valet.parts,
            clock=lambda: valet.parts.now() + later,
            models=ObedientModels(),
            gateway=gateway,
            ledger=cast(Any, Stepping(valet.parts.ledger, "ledger", LEDGER, fuse)),
            audit=cast(Any, Stepping(valet.parts.audit, "audit", frozenset({"record"}), fuse)),
            results=cast(Any, Stepping(valet.parts.results, "results", frozenset({"put", "bind"}), fuse)),
        )
        yield replace(valet, parts=parts, graph=_graph(parts, valet, fuse))


def _graph(parts: Parts, valet: Valet, fuse: Fuse) -> Any:
    saver = valet.graph.checkpointer
    assert isinstance(saver, Checkpoints)
    return assistant(parts).compile(checkpointer=SteppingCheckpoints.over(saver, fuse))


@contextmanager
def _faulty(origin: str, queue: list[str]) -> Iterator[str]:
    """A server before this one. The queue is shared by all services; in an outage, what only reads fails too."""

    def concerned(got: Got) -> bool:
        return got.method != "GET" or queue[: len(OUTAGE)] == OUTAGE

    with faulty(origin, concerned) as between:
        between.faults = queue
        yield between.origin


DOWN, LONG = "down", 200
"""From here on nothing is answered: so many requests fail."""
OUTAGE = ["reset"] * 3
"""So many in a row are no accident."""


async def attempt(valet: Valet, request: str) -> None:
    """Ask, and say yes to what is shown."""
    outcome = await take_turn(valet, THREAD, request, Quiet())
    if outcome.pending is not None:
        await answer_pause(valet, THREAD, _yes(outcome.pending), Quiet())


def _yes(pending: Mapping[str, Any]) -> dict[str, Any]:
    return {item["id"]: {"type": "approve"} for item in pending["valet"]["items"]}


async def recover(valet: Valet, request: str, way: str) -> None:
    """What a person does afterwards: look, and say yes to what still waits, or no (`way` is "no").

    They open the conversation (`way` is "chat"), use the command ("approve"), or just ask for something else ("ask").
    """
    if way == "ask":
        await take_turn(valet, THREAD, json.dumps(ELSE), Quiet())
    else:
        await _settled(valet, request, way)
    for row in rows_of(valet, request):
        if row.stage in ("done", "failed"):
            Carrier(valet.parts).carry_out(row)  # once more: nothing may come of it


async def _settled(valet: Valet, request: str, way: str) -> None:
    await catch_up(valet, Quiet())
    for _ in range(3):
        waiting = [row for row in rows_of(valet, request) if row.stage == "proposed"]
        if way == "chat" or not waiting:
            await _opened(valet)
        for row in waiting if way != "chat" else ():
            stage: Any = "rejected" if way == "no" else "approved"
            valet.parts.ledger.decide(row, stage, by=valet.parts.user, why="", now=valet.parts.now())
            await carry_on(valet, THREAD, Quiet())


async def _opened(valet: Valet) -> None:
    await carry_on(valet, THREAD, Quiet())
    state = await valet.graph.aget_state(cast(Any, config(THREAD, valet.limits.recursion)))
    if state.interrupts:
        await answer_pause(valet, THREAD, _yes(state.interrupts[0].value), Quiet())


def rows_of(valet: Valet, request: str) -> list[Effect]:
    calls = call_ids(request)
    return [row for row in valet.parts.ledger.rows(valet.parts.user, *STAGES) if row.proposal.call in calls]


async def report(valet: Valet, request: str) -> str:
    """How the calls of the request stand: in the ledger, and in what the conversation says of them; JSON."""
    state = await valet.graph.aget_state(cast(Any, config(THREAD, valet.limits.recursion)))
    messages = state.values.get("messages", [])
    said = {m.tool_call_id: m for m in messages if isinstance(m, ToolMessage)}
    calls = call_ids(request)
    told = [said[call].artifact["status"] if call in said else "" for call in calls]
    rows = [
        {"stage": row.stage, "why": row.why, "next": row.next, "done": row.receipt.what if row.receipt else ""}
        for row in rows_of(valet, request)
    ]
    texts = [said[call].text for call in calls if call in said]
    found = {"rows": rows, "told": told, "texts": texts, "open": bool(state.tasks)}
    return json.dumps(found)
