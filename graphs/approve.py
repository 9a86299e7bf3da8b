"""The gate before every write. Law: there is no road to a write but through here, and what is unclear does not pass.

The calls of a turn are planned under read permissions, put into the ledger, and shown on one card. What the person
decides is recorded there, against the digests that were shown; nothing the state says is a decision.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, ToolCall, ToolMessage
from langgraph.runtime import Runtime
from langgraph.types import interrupt

from auth.capability import Capability
from graphs import card, prompts, undo
from graphs.access import capability_of
from graphs.authorize import account_for, fitting, writes
from graphs.call import Failure, Prepared, carried_out, dropped, needed_to_propose, not_executed
from graphs.consent import permitted
from graphs.context import Context
from graphs.decisions import Approve, Decision, Edit, Reject, Respond, Unclear, decisions
from graphs.ledger import Effect, Proposal
from graphs.menu import menu_entry
from graphs.node import Node, pause_of, thread_of
from graphs.parts import Parts
from graphs.policy import refused
from graphs.state import State
from tools.write import Plan


def approve(parts: Parts) -> Node:
    """One pause at most in each run: a permission to plan, else the card. `asking` leads back here."""

    async def node(state: State, *, runtime: Runtime[Context]) -> dict[str, Any]:
        gate = await asyncio.to_thread(_Gate, parts, state, runtime)
        problem = await gate.may_plan()
        if not problem and not gate.unplanned:
            problem = await gate.ask() if gate.waiting else ""
        return {
            "messages": [*gate.edited(), *gate.answers.values()],
            "asking": bool(problem or gate.unplanned or gate.waiting),
            "problem": problem,
        }

    return node


class _Gate:
    """The write calls of one turn on their way through one run of the node."""

    def __init__(self, parts: Parts, state: State, runtime: Runtime[Context]) -> None:
        self.parts, self.state, self.runtime = parts, state, runtime
        self.thread = thread_of(runtime)
        self.calls = {call["id"] or "": call for call in writes(parts, state)}
        self.answers: dict[str, ToolMessage] = {}
        self.changed: dict[str, dict[str, Any]] = {}
        self.effects = {name: effect for name in self.calls if (effect := self._row(name))}
        for name, effect in self.effects.items():
            self._answer_where_over(name, effect)

    @property
    def unplanned(self) -> list[str]:
        return [name for name in self.calls if name not in self.effects and name not in self.answers]

    @property
    def waiting(self) -> list[Effect]:
        now = self.parts.now()
        return [e for name, e in self.effects.items() if name not in self.answers and e.waits(now)]

    def _row(self, call: str) -> Effect | None:
        """The call's row, where it is about these very arguments."""
        found = self.parts.ledger.of_call(self.parts.user, self.thread, call)
        stated = self.calls[call]
        same = found and (found.proposal.tool, found.proposal.args) == (stated["name"], stated["args"])
        return found if same or (found and found.stage not in ("proposed", "approved", "withdrawn")) else None

    def _answer_where_over(self, name: str, effect: Effect) -> None:
        call = self.calls[name]
        if effect.stage == "rejected":
            self.answers[name] = _turned_down(call, effect)
        elif effect.stage == "withdrawn":
            self.answers[name] = not_executed(call, effect.why or prompts.NOT_APPROVED.format(stage=effect.stage))
        elif effect.stage == "proposed" and not effect.waits(self.parts.now()):
            self.parts.ledger.withdraw(effect, prompts.EXPIRED)
            self.answers[name] = not_executed(call, prompts.EXPIRED)

    async def may_plan(self) -> str:
        """Plan what has no row yet. Gives the problem of an unclear answer to a consent."""
        prepared = {name: fitting(self.parts, self.state, self.calls[name]) for name in self.unplanned}
        self.answers |= {name: found for name, found in prepared.items() if isinstance(found, ToolMessage)}
        ready = {name: found for name, found in prepared.items() if isinstance(found, Prepared)}
        wanted: dict[str, tuple[str, Capability]] = {
            name: (account_for(self.runtime, found.node.connection), needed_to_propose(found))
            for name, found in ready.items()
        }
        outcome = await permitted(self.parts, wanted, self.runtime, self.state.get("problem", ""))
        self.answers |= {name: dropped(self.calls[name], why) for name, why in outcome.failures.items()}
        if not outcome.problem:
            for name in [name for name in ready if name not in outcome.failures]:
                await self._plan(ready[name], wanted[name][0])
        return outcome.problem

    async def _plan(self, prepared: Prepared, account: str, replaces: str = "") -> str:
        """Put what would be done into the ledger. Gives why it cannot be planned."""
        name = prepared.call["id"] or ""
        found = await carried_out(self.parts, account, prepared, lambda done, total, what: None)
        if isinstance(found, Failure):
            if not replaces:
                self.answers[name] = dropped(prepared.call, found)
            return f"{found.what} {found.next}"
        if not isinstance(found, Plan):
            raise TypeError(f"{prepared.tool.name} planned a {type(found).__name__}, not a Plan")
        return await asyncio.to_thread(self._propose, prepared, account, found, replaces)

    def _propose(self, prepared: Prepared, account: str, plan: Plan, replaces: str) -> str:
        """Gives why the plan may not be shown."""
        name = prepared.call["id"] or ""
        proposal = Proposal(
            user=self.parts.user,
            thread=self.thread,
            call=name,
            account=account or self.parts.broker.account(self.parts.user, prepared.node.connection),
            node=prepared.node.name,
            tool=prepared.tool.name,
            args=prepared.call["args"],
            plan=plan,
            sources=card.in_view(self.state.get("sources", []), self.state.get("handles", {})),
            edited=bool(replaces),
            takes_back=undo.takes_back(self.parts, self.thread, prepared.call, self.state.get("handles", {})),
        )
        why = refused(prepared.tool, plan)
        if why:
            self.answers[name] = not_executed(prepared.call, why)
            return why
        self.effects[name] = self.parts.ledger.propose(proposal, now=self.parts.now(), replaces=replaces)
        self._record(self.effects[name], "proposed")
        return ""

    async def ask(self) -> str:
        """Show the card and record what is decided. Gives what was not understood."""
        rows = await asyncio.to_thread(self._shown)
        if not rows:
            return prompts.OTHER_BYTES
        tools = [tool for e in rows if (tool := self.parts.registry.tool(e.proposal.tool))]
        schemas = {tool.name: menu_entry(tool)["function"]["parameters"] for tool in tools}
        answer = interrupt(card.request(rows, self.parts.zone, self.state.get("problem", ""), schemas))
        try:
            decided = decisions(answer, [e.id for e in rows], [e.proposal.tool for e in rows])
        except Unclear as error:
            return f"The answer was not understood, and nothing was approved: {error}."
        problems = [await self._apply(e, decided[e.id]) for e in rows if e.id in decided]
        return " ".join(problem for problem in problems if problem)

    def _shown(self) -> list[Effect]:
        """The rows on the card; of an answered one, those that are still what was shown."""
        waiting = [(e.id, e.digest) for e in self.waiting]
        shown = self.parts.ledger.card(f"card {pause_of(self.runtime)}", waiting) or []
        return [e for name, stated in shown if (e := self._stored(name)) and e.digest == stated]

    def _stored(self, name: str) -> Effect | None:
        return self.parts.ledger.get(self.parts.user, name)

    async def _apply(self, effect: Effect, decision: Decision) -> str:
        """Record one decision. Gives why it could not be."""
        if isinstance(decision, Edit) and effect.waits(self.parts.now()):
            return await self._edit(effect, decision.edited_action.args)
        await asyncio.to_thread(self._decide, effect, decision)
        return ""

    def _decide(self, effect: Effect, decision: Decision) -> None:
        name, now = effect.proposal.call, self.parts.now()
        if not effect.waits(now):
            self._refresh(name, effect)  # decided elsewhere meanwhile, or expired: what stands there counts
            return
        match decision:
            case Approve():
                self.parts.ledger.decide(effect, "approved", by=self.parts.user, why="", now=now)
            case Reject(message=why) | Respond(message=why):
                kept = prompts.FEEDBACK.format(message=why) if isinstance(decision, Respond) else why
                self.parts.ledger.decide(effect, "rejected", by=self.parts.user, why=kept, now=now)
        self._record(effect, decision.type)
        self._refresh(name, effect)

    async def _edit(self, effect: Effect, args: dict[str, Any]) -> str:
        """An edit is a new proposal, which is shown before anything else happens. Gives why it does not fit."""
        name = effect.proposal.call
        call: ToolCall = {**self.calls[name], "args": args}
        prepared = fitting(self.parts, self.state, call)
        if isinstance(prepared, ToolMessage):
            return str(prepared.artifact["what"])
        problem = await self._plan(prepared, effect.proposal.account, replaces=effect.id)
        if not problem:
            await asyncio.to_thread(self._record, effect, "edit")
            self.changed[name] = args
        return problem

    def _refresh(self, name: str, effect: Effect) -> None:
        current = self._stored(effect.id)
        if current is not None:
            self.effects[name] = current
            self._answer_where_over(name, current)

    def edited(self) -> list[AnyMessage]:
        """The message that proposed the calls, with the arguments the person gave them."""
        if not self.changed:
            return []
        last = next(m for m in reversed(self.state["messages"]) if isinstance(m, AIMessage))
        return [last.model_copy(update={"tool_calls": _with(last.tool_calls, self.changed)})]

    def _record(self, effect: Effect, what: str) -> None:
        p = effect.proposal
        facts = {"id": effect.id, "digest": effect.digest, "tool": p.tool, "account": p.account, "by": self.parts.user}
        self.parts.audit.record(p.user, "decision", decision=what, **facts)


def _with(calls: Sequence[ToolCall], changed: dict[str, dict[str, Any]]) -> list[ToolCall]:
    return [{**call, "args": changed.get(call["id"] or "", call["args"])} for call in calls]


def _turned_down(call: ToolCall, effect: Effect) -> ToolMessage:
    if effect.why.startswith(prompts.FEEDBACK.partition("{")[0]):
        return not_executed(call, effect.why)
    return not_executed(call, prompts.REJECTED.format(why=f": {effect.why}" if effect.why else ""))


def authorize_writes(parts: Parts) -> Node:
    """Settles what the approved writes lack: the permission to write is asked for, and had, only from here on."""

    async def node(state: State, *, runtime: Runtime[Context]) -> dict[str, Any]:
        calls = {call["id"] or "": call for call in writes(parts, state)}
        thread = thread_of(runtime)
        rows = await asyncio.to_thread(lambda: {n: parts.ledger.of_call(parts.user, thread, n) for n in calls})
        unapproved = [name for name, row in rows.items() if row is None or row.stage in ("proposed", "withdrawn")]
        answers = {
            name: not_executed(calls[name], prompts.NOT_APPROVED.format(stage="proposed")) for name in unapproved
        }
        wanted = {
            name: (row.proposal.account, capability_of(tool.access, "write"))
            for name, row in rows.items()
            if row and row.stage == "approved" and (tool := parts.registry.tool(row.proposal.tool))
        }
        outcome = await permitted(parts, wanted, runtime, state.get("problem", ""))
        for name, why in outcome.failures.items():
            if row := rows[name]:
                await asyncio.to_thread(parts.ledger.withdraw, row, why.what)
            answers[name] = dropped(calls[name], why)
        return {"messages": [*answers.values()], "asking": bool(outcome.problem), "problem": outcome.problem}

    return node
