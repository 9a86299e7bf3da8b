"""The ledger of writes: what was proposed, decided and done, outside the state. Law: approval binds to stored bytes.

A row is decided once, by the person, and begun once, by compare-and-set; whoever loses the race does nothing.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from tools.base import Ref
from tools.write import Plan, Receipt

Stage = Literal["proposed", "approved", "rejected", "withdrawn", "intended", "done", "failed", "unknown"]
OPEN: frozenset[Stage] = frozenset({"proposed", "approved", "intended"})
VERSION = 1


@dataclass(frozen=True)
class Proposal:
    """What is asked about. `args` are the call's arguments with handles, as the model gave them or, where it was
    `edited`, the person. `takes_back` is the id of the done write that it undoes, "" for none."""

    user: str
    thread: str
    call: str
    account: str
    node: str
    tool: str
    args: dict[str, Any]
    plan: Plan
    sources: tuple[str, ...] = ()
    edited: bool = False
    takes_back: str = ""

    def body(self) -> bytes:
        """The canonical bytes: JSON with sorted keys and no spaces, UTF-8."""
        whole = {
            "v": VERSION,
            "user": self.user,
            "thread": self.thread,
            "call": self.call,
            "account": self.account,
            "node": self.node,
            "tool": self.tool,
            "args": self.args,
            "plan": self.plan.model_dump(mode="json"),
            "sources": list(self.sources),
            **({"edited": True} if self.edited else {}),
            **({"takes_back": self.takes_back} if self.takes_back else {}),
        }
        return json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()

    @classmethod
    def read(cls, body: bytes) -> Proposal:
        """The proposal of these bytes. Raises ValueError for bytes of another version."""
        whole = json.loads(body)
        if whole.pop("v", None) != VERSION:
            raise ValueError("the proposal was written by another version of Valet")
        plan, sources = Plan.model_validate(whole.pop("plan")), tuple(whole.pop("sources"))
        return cls(**whole, plan=plan, sources=sources)


def digest(body: bytes) -> str:
    """SHA-256, in hex."""
    return hashlib.sha256(body).hexdigest()


@dataclass(frozen=True)
class Effect:
    """One row. `digest` is that of the body; `key` the idempotency key; times are aware.

    `decided_by` says from where the decision came; `notes` are facts of a half-done write; `why` explains a row that
    was rejected, failed or is unknown; `receipt` proves one that is done; `left` is what stands of one that failed.
    """

    id: str
    digest: str
    stage: Stage
    proposal: Proposal
    key: str
    proposed: datetime
    expires: datetime
    decided: datetime | None = None
    decided_by: str = ""
    why: str = ""
    next: str = ""
    notes: tuple[tuple[str, str], ...] = ()
    receipt: Receipt | None = None
    left: tuple[Ref, ...] = ()

    @property
    def at(self) -> datetime:
        """When it was done; where it was not, when it was decided, or else proposed."""
        return self.receipt.at if self.receipt else self.decided or self.proposed

    def waits(self, now: datetime) -> bool:
        """Whether it can still be decided."""
        return self.stage == "proposed" and now < self.expires


class Ledger(Protocol):
    """Effect rows; safe for many threads and processes. Ids are short enough to be typed."""

    def propose(self, proposal: Proposal, *, now: datetime, replaces: str = "") -> Effect:
        """A new row for a call. A row that it `replaces`, or an older one of the same call, is withdrawn."""
        ...

    def of_call(self, user: str, thread: str, call: str) -> Effect | None:
        """The newest row of a call."""
        ...

    def get(self, user: str, id: str) -> Effect | None: ...  # noqa: A002 - the row's own word

    def rows(self, user: str, *stages: Stage, limit: int = 100) -> list[Effect]:
        """Rows in these stages, what was last proposed or decided first."""
        ...

    def unreadable(self, user: str) -> int:
        """How many rows can no longer be read, and are in no list."""
        ...

    def decide(
        self, effect: Effect, stage: Literal["approved", "rejected"], *, by: str, why: str, now: datetime
    ) -> bool:
        """proposed -> approved or rejected, where id and digest are the row's and it has not expired."""
        ...

    def withdraw(self, effect: Effect, why: str) -> bool:
        """proposed or approved -> withdrawn: it will not be carried out."""
        ...

    def intend(self, effect: Effect, *, now: datetime) -> bool:
        """approved -> intended, unexpired; durable before anything is sent. True for exactly one caller."""
        ...

    def note(self, effect: Effect, **facts: str) -> None: ...

    def finish(
        self,
        effect: Effect,
        stage: Literal["done", "failed", "unknown"],
        *,
        receipt: Receipt | None = None,
        why: str = "",
        next: str = "",  # noqa: A002
        left: tuple[Ref, ...] = (),
    ) -> bool:
        """intended or unknown -> its end."""
        ...

    def alone(self, effect: Effect) -> AbstractContextManager[bool]:
        """Hold the row against every other process while it is carried out; False where another holds it."""
        ...

    def card(self, key: str, effects: list[tuple[str, str]] | None = None) -> list[tuple[str, str]] | None:
        """The (id, digest) pairs a pause showed; kept at the first call, so that a second run shows the same."""
        ...
