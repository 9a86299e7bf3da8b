"""One turn of a conversation: send the request, tell a watcher what happens, and say how it ended.

Law: what is reported comes from the state the graph kept, not from what passed by.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, Literal, Protocol, cast

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolCall, ToolMessage
from langchain_core.runnables import RunnableConfig
from langgraph.types import Command

from app.locks import conversation
from app.speech import Speech
from app.storage import config
from app.wiring import Valet
from graphs.answer import typed
from graphs.briefing import Briefing
from graphs.consent import AGAIN
from graphs.context import Context
from graphs.parts import Result
from graphs.past import turns
from graphs.state import answered, calls_of, this_turn
from tools.base import Source

STREAMS: Final[list[Literal["custom", "messages", "updates"]]] = ["custom", "messages", "updates"]
SPEAKING = ("route", "answer")
Ending = Literal["answered", "waiting", "failed"]


class Watcher(Protocol):
    """Is told what happens while it happens; `looked` is told of what was found that nobody asked to see."""

    def began(self, call: str, node: str, tool: str) -> None: ...
    def progressed(self, call: str, text: str, done: int, total: int | None) -> None: ...
    def found(self, call: str, result: Result) -> None: ...
    def looked(self, call: str, result: Result) -> None: ...
    def failed(self, call: str, tool: str, what: str, next: str) -> None: ...  # noqa: A002 - the house word
    def said(self, chunk: str, allowed: frozenset[str]) -> None: ...


@dataclass(frozen=True)
class Made:
    """A call of the turn. `status`: ok, failed, not_executed, or pending while it waits for a decision."""

    name: str
    args: dict[str, Any]
    node: str
    effect: str
    status: str


@dataclass(frozen=True)
class Outcome:
    """How a turn ended. `pending` is the HITLRequest it waits with, `failure` what failed and what to do next.

    `receipts` are the ids of what was done.
    """

    thread: str
    answer: str
    calls: tuple[Made, ...]
    pending: dict[str, Any] | None
    sources: tuple[Source, ...]
    failure: tuple[str, str] | None
    receipts: tuple[str, ...] = ()

    @property
    def ending(self) -> Ending:
        if self.pending is not None:
            return "waiting"
        return "failed" if self.failure else "answered"


async def take_turn(
    valet: Valet, thread: str, request: str, watcher: Watcher, options: Context | None = None
) -> Outcome:
    """Carry out one request on a thread. Cancelling it ends the turn and keeps the conversation. Raises Busy."""
    request = request.encode("utf-8", "replace").decode()
    valet.storage.threads.touch(thread, request)
    return await _ran(valet, thread, {"messages": [HumanMessage(request)]}, watcher, options)


async def answer_pause(
    valet: Valet, thread: str, answer: object, watcher: Watcher, options: Context | None = None
) -> Outcome:
    """Go on with a thread that waits for a decision. Raises Busy."""
    return await _ran(valet, thread, Command(resume=answer), watcher, options)


async def carry_on(valet: Valet, thread: str, watcher: Watcher) -> Outcome | None:
    """Finish a turn that was cut off, or whose card was decided elsewhere; None where there is nothing to do.

    Raises Busy.
    """
    state = await valet.graph.aget_state(_place(valet, thread))
    if not state.tasks:  # not `next`, which leaves out nodes that ran and whose answers are not yet taken in
        return None
    if not state.interrupts:
        return await _ran(valet, thread, None, watcher, None)
    decided = decided_elsewhere(valet, state.interrupts[0].value)
    return await _ran(valet, thread, Command(resume=decided), watcher, None) if decided else None


async def ask_again(valet: Valet, thread: str, watcher: Watcher, options: Context | None = None) -> Outcome | None:
    """Open the pages of a permission that is waited for, which may be those of a process that has ended.

    None where a thread waits for none. Raises Busy.
    """
    state = await valet.graph.aget_state(_place(valet, thread))
    if not state.interrupts or state.interrupts[0].value.get("valet", {}).get("kind") != "consent":
        return None
    return await _ran(valet, thread, Command(resume=AGAIN), watcher, options)


def decided_elsewhere(valet: Valet, pending: Mapping[str, Any]) -> dict[str, bool] | None:
    """What the ledger says of a card's items; None while one of them still waits, or where it is no card of writes."""
    if pending.get("valet", {}).get("kind") != "writes":
        return None
    found = [valet.parts.ledger.get(valet.parts.user, item["id"]) for item in pending["valet"]["items"]]
    if any(row is None or row.waits(valet.parts.now()) for row in found):
        return None
    return {row.id: row.stage not in ("rejected", "withdrawn") for row in found if row}


async def _ran(valet: Valet, thread: str, given: Any, watcher: Watcher, options: Context | None) -> Outcome:
    with conversation(valet.storage.path.parent / "locks", thread):
        place = _place(valet, thread)
        values = (await valet.graph.aget_state(place)).values
        before = values.get("messages", [])
        fresh = given["messages"] if isinstance(given, dict) else []
        links = typed([*before, *fresh]) | {*values.get("links", [])}
        teller = _Teller(valet, thread, watcher, links, answered(before))
        teller.heed(before)
        async for part in valet.graph.astream(
            given,
            place,
            context=options or Context(),
            stream_mode=STREAMS,
            version="v2",
            durability="sync",
        ):
            teller.tell(part["type"], part["data"])
        return await last_outcome(valet, thread)


async def last_outcome(valet: Valet, thread: str) -> Outcome:
    """How the newest turn of a thread ended."""
    state = await valet.graph.aget_state(_place(valet, thread))
    pending = state.interrupts[0].value if state.interrupts else None
    return outcome(valet, thread, state.values.get("messages", []), pending)


async def on_card(valet: Valet, thread: str) -> list[str]:
    """The ids on the card that a thread waits with, in its order."""
    state = await valet.graph.aget_state(_place(valet, thread))
    shown = [pause.value["valet"] for pause in state.interrupts]
    return [item["id"] for card in shown if card["kind"] == "writes" for item in card["items"]]


async def last_briefing(valet: Valet, thread: str) -> Briefing:
    """The briefing that ended the newest turn of a thread. Raises KeyError where it ended otherwise."""
    messages = (await valet.graph.aget_state(_place(valet, thread))).values["messages"]
    return Briefing.model_validate(messages[-1].response_metadata["briefing"])


async def exchanges(valet: Valet, thread: str) -> list[tuple[str, str]]:
    """The requests of a thread with their answers, oldest first."""
    messages = (await valet.graph.aget_state(_place(valet, thread))).values.get("messages", [])
    past = await asyncio.to_thread(valet.parts.results.left, thread)
    told = [turn for turn in (*past, *turns(messages)) if turn]
    return [(turn[0].text, turn[-1].text if isinstance(turn[-1], AIMessage) else "") for turn in told]


def _place(valet: Valet, thread: str) -> RunnableConfig:
    return cast(RunnableConfig, config(thread, valet.limits.recursion))


def outcome(valet: Valet, thread: str, messages: Sequence[AnyMessage], pending: dict[str, Any] | None) -> Outcome:
    """How the newest turn of these messages ended."""
    turn = this_turn(messages)
    calls = calls_of(turn)
    answers = {m.tool_call_id: m for m in turn if isinstance(m, ToolMessage)}
    results = [r for call in calls if (r := valet.parts.results.get(thread, call["id"] or ""))]
    last = turn[-1] if turn else None
    return Outcome(
        thread=thread,
        answer=last.text if isinstance(last, AIMessage) else "",
        calls=tuple(_made(valet, call, answers.get(call["id"] or "")) for call in calls),
        pending=pending,
        sources=_distinct(source for result in results for source in result.sources),
        failure=_failure(last, turn),
        receipts=tuple(m.artifact["receipt"] for m in answers.values() if m.artifact and "receipt" in m.artifact),
    )


def _made(valet: Valet, call: ToolCall, answer: ToolMessage | None) -> Made:
    node = valet.parts.registry.node_of(call["name"])
    status = str(answer.artifact["status"]) if answer and answer.artifact else "pending"
    return Made(call["name"], call["args"], node.name if node else "", node.effect if node else "", status)


def _failure(last: AnyMessage | None, turn: Sequence[AnyMessage]) -> tuple[str, str] | None:
    """What the model says failed; else a failed call of a tool that was not called again in a later round."""
    told = last.response_metadata.get("failed") if isinstance(last, AIMessage) else None
    if told:
        return str(told["what"]), str(told["next"])
    newest: dict[str | None, list[dict[str, Any]]] = {}
    for _, together in groupby(turn, key=type):  # the answers of one round stand together
        answers = [message for message in together if isinstance(message, ToolMessage)]
        newest |= {one.name: [m.artifact for m in answers if m.name == one.name] for one in answers}
    failed = [artifact for artifacts in newest.values() for artifact in artifacts if artifact["status"] == "failed"]
    return (str(failed[0]["what"]), str(failed[0]["next"])) if failed else None


def _distinct(sources: Any) -> tuple[Source, ...]:
    return tuple({(source.kind, source.id): source for source in sources}.values())


class _Teller:
    """Tells the watcher what one streamed part means.

    `told`: the calls that were answered in turns before; the graph shortens their answers later, which is no news.
    """

    def __init__(self, valet: Valet, thread: str, watcher: Watcher, allowed: frozenset[str], told: set[str]) -> None:
        self._valet, self._thread, self._watcher, self._allowed, self._told = valet, thread, watcher, allowed, told
        self._aside = set[str]()
        self._speech = Speech(lambda text: watcher.said(text, allowed))

    def heed(self, messages: Sequence[AnyMessage]) -> None:
        """Calls of these that only look something up are no news of their own."""
        told = (message.response_metadata for message in messages if isinstance(message, AIMessage))
        self._aside |= {call for one in told for call in one.get("aside", ())}

    def tell(self, kind: str, data: Any) -> None:
        if kind == "custom":
            self._happened(data)
        elif kind == "messages":
            self._spoke(*data)
        elif kind == "updates":
            self._answered(data)

    def _happened(self, event: dict[str, Any]) -> None:
        if event["event"] == "record":
            self._watcher.said(f"\n\n{event['text']}", self._allowed)
            return
        call = event["call"]
        if event["event"] == "started":
            self._watcher.began(call, event["node"], event["tool"])
        elif event["event"] == "progress":
            self._watcher.progressed(call, event["text"], event["done"], event["total"])
        elif event["event"] == "finished" and (result := self._valet.parts.results.get(self._thread, call)):
            (self._watcher.looked if call in self._aside else self._watcher.found)(call, result)

    def _spoke(self, message: object, about: dict[str, Any]) -> None:
        if isinstance(message, AIMessage) and about.get("langgraph_node") in SPEAKING and message.text:
            self._speech.heard(message.id, message.text)

    def _answered(self, updates: dict[str, Any]) -> None:
        for update in updates.values():
            for message in (update or {}).get("messages", []) if isinstance(update, dict) else []:
                if isinstance(message, AIMessage):
                    self._speech.settled(message)
                    self.heed([message])
                fresh = isinstance(message, ToolMessage) and message.tool_call_id not in self._told
                artifact = message.artifact if fresh else None
                if artifact and artifact["status"] == "failed":
                    self._watcher.failed(message.tool_call_id, message.name or "", artifact["what"], artifact["next"])
