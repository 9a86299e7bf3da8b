"""What a tape holds, in the order a person reads it. Law: plain JSON values, and no place for a credential.

A step is what the person did at once: a request, or the answer to a pause. Everything that came in from outside
during a step stands with it; the exchanges with services, which are long, stand together at the end.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, JsonValue

VERSION = 1
Ends = Literal["answered", "waiting", "failed", "broken off"]


class Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Proposed(Entry):
    """A call as a model proposed it. `unreadable` holds arguments that were no JSON object."""

    id: str
    tool: str
    args: dict[str, JsonValue] = {}
    unreadable: str | None = None


class Fault(Entry):
    """Why a model gave no reply. `kind` is the name of the error."""

    kind: str
    what: str
    next: str


class Reply(Entry):
    """What a model said. `about` is what stands beside it and matters: why it ended, what failed."""

    text: str = ""
    calls: list[Proposed] = []
    about: dict[str, JsonValue] = {}
    refusal: str = ""
    fault: Fault | None = None


class Call(Entry):
    """A call that was answered in this step, and what the model was told of it."""

    id: str
    tool: str
    args: dict[str, JsonValue] = {}
    status: str
    told: str


class Permission(Entry):
    """What a broker, or a person asked by it, said. `after` counts what was settled or refused in the step before."""

    after: int = 0
    account: str
    capability: str
    outcome: dict[str, JsonValue]


class Named(Entry):
    """The names a write was given in the ledger: its id, and its idempotency key."""

    id: str
    key: str


class Step(Entry):
    """`at` is the time, which stands still during a step. One of `person`, `decision` and `carries_on` says what began
    it; `anew`: in a new process. `path` are the nodes, those that ran at once joined by " + ". `asked` is the card or
    the question it stopped at. `raised` is the bug that ended it, if one did.
    """

    at: str
    person: str | None = None
    decision: JsonValue = None
    carries_on: bool = False
    options: dict[str, JsonValue] = {}
    anew: bool = False
    model: list[Reply] = []
    path: list[str] = []
    calls: list[Call] = []
    asked: dict[str, JsonValue] | None = None
    ends: Ends
    raised: str = ""
    answer: str = ""
    writes: list[Named] = []
    permissions: list[Permission] = []
    settled: list[dict[str, JsonValue]] = []


class Exchange(Entry):
    """One request and its answer. `step` counts from 1; no `status` where none came, and no `fault` where it broke off.

    `headers` and `got` are those of the request and the answer that matter; `body` and `answer` are their contents in
    a readable form (app/tapes/bodies.py).
    """

    step: int
    send: str
    headers: dict[str, str] = {}
    body: JsonValue = None
    status: int | None = None
    got: dict[str, str] = {}
    answer: JsonValue = None
    fault: dict[str, str] | None = None

    def asks(self) -> dict[str, Any]:
        """What makes it this request."""
        return {"send": self.send, "headers": self.headers, "body": self.body}


class Tape(Entry):
    """A conversation. `accounts` are the linked ones by connection; `limits` those that differ from the usual.

    `source` says how it was made: recorded, or from a stored thread, which has no exchanges. `faults` are those of the
    demo workspace.
    """

    tape: int = VERSION
    about: str = ""
    source: Literal["recorded", "stored thread"] = "recorded"
    thread: str
    user: str
    zone: str
    workspace: str
    model: str
    faults: str = ""
    accounts: dict[str, list[str]] = {}
    limits: dict[str, float] = {}
    steps: list[Step] = []
    exchanges: list[Exchange] = []
