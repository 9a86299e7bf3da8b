"""Makes a tape of a conversation that was kept and not recorded. Law: only what was kept; nothing is filled in.

It holds the person's turns, the model's replies, the calls with their answers and the decisions in the ledger. What
services answered was not kept, so such a tape is replayed with live tools.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage

from app.settings import Settings
from app.tapes.calls_told import Told
from app.tapes.recording import unusual
from app.tapes.replies import reply_of
from app.tapes.tape import Ends, Named, Step, Tape
from app.tapes.tape_error import TapeError
from graphs.past import turns
from graphs.state import calls_of

if TYPE_CHECKING:
    from app.wiring import Valet
    from graphs.ledger import Effect


async def tape_of(settings: Settings, thread: str) -> Tape:
    """The tape of a stored thread. Raises TapeError where there is none, and what `wire` raises."""
    from app.storage import config
    from app.wiring import wire

    async with wire(settings) as valet:
        known = {t.id: t for t in valet.storage.threads.list(limit=100_000)}
        if thread not in known:
            raise TapeError(f"There is no conversation {thread!r}.", "`/threads` in `valet chat` lists them.")
        place: Any = config(thread, valet.limits.recursion)
        messages = (await valet.graph.aget_state(place)).values.get("messages", [])
        left = await asyncio.to_thread(valet.parts.results.left, thread)
        at = known[thread].created.astimezone(settings.zone)
        told = Told()
        steps = [step for turn in (*left, *turns(messages)) if turn for step in _steps(valet, thread, turn, at, told)]
        return Tape(
            about=f"made of the stored conversation {thread}",
            source="stored thread",
            thread=thread,
            user=valet.parts.user,
            zone=settings.zone.key,
            workspace=settings.workspace if settings.accounts == "demo" else settings.accounts,
            model=settings.model,
            watched=list(settings.watched),
            limits=unusual(valet.limits),
            steps=steps,
        )


def _steps(valet: Valet, thread: str, turn: Sequence[AnyMessage], at: datetime, told: Told) -> list[Step]:
    """The steps of one turn: the request, and the answer to each card that was decided."""
    person = next((m.text for m in turn if isinstance(m, HumanMessage)), "")
    rows = [row for c in calls_of(turn) if (row := valet.parts.ledger.of_call(valet.parts.user, thread, c["id"] or ""))]
    replies = [m for m in turn if isinstance(m, AIMessage)]
    calls, answer = told.calls(turn), replies[-1].text if replies else ""
    ends: Ends = "failed" if replies and "failed" in replies[-1].response_metadata else "answered"
    asked = {row.proposal.call for row in rows}
    cut = next((i for i, m in enumerate(replies) if {c["id"] for c in m.tool_calls} & asked), len(replies))
    first, rest = replies[: cut + 1], replies[cut + 1 :]
    decided = {row.id: _decision(row) for row in rows if row.decided is not None}
    if not decided:
        return [Step(at=at.isoformat(), person=person, model=_said(replies), calls=calls, ends=ends, answer=answer)]
    named = [Named(id=row.id, key=row.key) for row in rows]
    before = [call for call in calls if call.id not in asked]
    return [
        Step(at=at.isoformat(), person=person, model=_said(first), calls=before, ends="waiting", writes=named),
        Step(
            at=at.isoformat(),
            decision=decided,
            model=_said(rest),
            calls=[call for call in calls if call.id in asked],
            ends=ends,
            answer=answer,
        ),
    ]


def _said(replies: Sequence[AIMessage]) -> list[Any]:
    return [reply_of(message) for message in replies]


def _decision(row: Effect) -> Any:
    return {"type": "reject", "message": row.why} if row.stage == "rejected" else True
