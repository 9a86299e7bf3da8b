"""Asks the person for a permission that is missing. Law: one pause for all that is missing, and no secret in it.

Only Connect, StepUp and Reauth are asked about; what an operator or time must mend is told, never asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from langgraph.runtime import Runtime
from langgraph.types import interrupt

from auth.capability import Capability
from auth.consent import Asking, Declined
from auth.lease import Lease
from auth.need import Connect, Need, Reauth, StepUp, told
from auth.scope_words import words
from auth.wire import Cut
from graphs.call import Failure, lease
from graphs.context import Context
from graphs.decisions import Approve, Decision, Unclear, decisions
from graphs.node import pause_of, thread_of
from graphs.parts import Parts

AGAIN = "again"
"""The answer of a client that shows a question of an earlier process: it is asked anew, and nothing else happens."""
ANEW = "What was asked before is no longer open; this is a new page."

Wanted = Mapping[str, tuple[str, Capability]]
"""What each call needs: its id -> account and capability."""


@dataclass(frozen=True)
class Permitted:
    """The calls that cannot go on, with the reason; `problem` where the answer was unclear: then it is asked again."""

    failures: dict[str, Failure]
    problem: str = ""


async def permitted(parts: Parts, wanted: Wanted, runtime: Runtime[Context], problem: str) -> Permitted:
    """Take a lease for each call to see whether it can be had; ask, in one pause, for those a person can give.

    The leases are dropped: whoever acts takes its own. Runs again from its top after the answer, which is read against
    the questions that were shown.
    """
    try:
        return await _permitted(parts, wanted, runtime, problem)
    except asyncio.CancelledError:
        await let_go(parts, thread_of(runtime))
        raise


async def let_go(parts: Parts, thread: str, askings: Iterable[str] | None = None) -> None:
    """Close the pages that this conversation waits with, or these of them, unless another one shows them too."""
    if left := parts.asked.leave(thread, askings):
        await asyncio.to_thread(_withdraw, parts, left)


def _withdraw(parts: Parts, askings: Iterable[str]) -> None:
    for asking in askings:
        parts.consents.withdraw(parts.user, asking)


async def _permitted(parts: Parts, wanted: Wanted, runtime: Runtime[Context], problem: str) -> Permitted:
    thread = thread_of(runtime)
    failures: dict[str, Failure] = {}
    open_questions: dict[str, tuple[Asking, list[str]]] = {}
    for call, (account, capability) in wanted.items():
        found = await lease(parts, account, capability)
        if isinstance(found, Lease):
            continue
        asking = await asyncio.to_thread(_question, parts, thread, account, capability, found)
        if isinstance(asking, Asking):
            open_questions.setdefault(asking.id, (asking, []))[1].append(call)
        else:
            failures[call] = Failure(*told(asking))
    askings = [asking for asking, _ in open_questions.values()]
    opened = [(a.id, _name(a)) for a in askings] if askings else None
    shown = await asyncio.to_thread(parts.ledger.card, f"consent {pause_of(runtime)}", opened)
    if not shown:
        return Permitted(failures)
    answer = interrupt(request(askings, problem))
    if answer == AGAIN:
        return Permitted(failures, problem or ANEW)
    try:
        decided = decisions(answer, [i for i, _ in shown], [name for _, name in shown])
    except Unclear as error:
        return Permitted(failures, f"The answer was not understood: {error}.")
    if _unseen(askings, shown, decided):
        return Permitted(failures, ANEW)
    agreed = {a.id for a in askings if isinstance(decided.get(a.id), Approve)}
    await let_go(parts, thread, {a.id for a in askings} - agreed)
    for asking, calls in open_questions.values():
        why = await _settled(parts, asking, agreed=asking.id in agreed)
        failures |= dict.fromkeys(calls, why) if why else {}
    await let_go(parts, thread)
    return Permitted(failures)


def _unseen(askings: list[Asking], shown: list[tuple[str, str]], decided: Mapping[str, Decision]) -> bool:
    """Whether a question is open that the person has neither seen nor, in an older form, turned down."""
    seen = {i for i, _ in shown}
    refused = {name for i, name in shown if not isinstance(decided.get(i), Approve)}
    return any(a.id not in seen and _name(a) not in refused for a in askings)


def _question(parts: Parts, thread: str, account: str, capability: Capability, need: Need) -> Asking | Need:
    """What is asked, noted before anybody can stop the turn."""
    if not isinstance(need, Connect | StepUp | Reauth):
        return need
    found = parts.consents.ask(parts.user, account, capability)
    if isinstance(found, Asking):
        parts.asked.show(thread, found.id)
    return found


async def _settled(parts: Parts, asking: Asking, *, agreed: bool) -> Failure | None:
    """Wait for the browser. None where the account is linked now."""
    if not agreed:
        return Failure(f"You did not connect {asking.connection}.", "Ask again if you want to.")
    cut = Cut()
    try:
        outcome = await asyncio.to_thread(
            parts.consents.settle, parts.user, asking.id, seconds=parts.limits.consent_seconds, cut=cut
        )
    finally:
        cut.make()
    if isinstance(outcome, Declined):
        return Failure(f"{asking.connection} was not connected: {outcome.why}.", "Ask again to try once more.")
    return Failure(*told(outcome)) if isinstance(outcome, Need) else None


def request(askings: list[Asking], problem: str = "") -> dict[str, Any]:
    """One HITLRequest. Its pages are loopback addresses of ours."""
    return {
        "action_requests": [{"name": _name(a), "args": _shown(a), "description": _text(a, problem)} for a in askings],
        "review_configs": [
            {"action_name": name, "allowed_decisions": ["approve", "reject"]}
            for name in dict.fromkeys(_name(a) for a in askings)
        ],
        "valet": {"kind": "consent", "problem": problem, "items": [{"id": a.id, **_shown(a)} for a in askings]},
    }


def _name(asking: Asking) -> str:
    return f"connect_{asking.connection}"


def _shown(asking: Asking) -> dict[str, Any]:
    return {
        "connection": asking.connection,
        "account": asking.account,
        "reason": asking.reason,
        "capability": asking.capability,
        "permits": [words(scope) for scope in sorted(asking.scopes)],
        "scopes": sorted(asking.scopes),
        "page": asking.page,
    }


def _text(asking: Asking, problem: str) -> str:
    note = f"{problem}\n\n" if problem else ""
    whom = f" ({asking.account})" if asking.account else ""
    permits = "".join(f"- {words(scope)}\n" for scope in sorted(asking.scopes))
    return (
        f"{note}Connect {asking.connection}{whom} to {asking.reason}. This permits Valet to\n{permits}"
        f"Open {asking.page} in a browser on this machine, agree there, and approve here."
    )
