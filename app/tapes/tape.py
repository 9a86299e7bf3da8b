"""What a tape holds, in the order a person reads it. Law: plain JSON values, and no place for a credential.

A step is what the person did at once: a request, or the answer to a pause. Everything that came in from outside
during a step stands with it; the exchanges with services, which are long, stand together at the end.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, JsonValue, ValidationInfo, field_validator, model_validator

from app.tapes import sense

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
    """Why there was no reply, or no answer of a service. `kind` is the name of the error."""

    kind: str
    what: str
    next: str = ""


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
    outcome: Annotated[dict[str, JsonValue], AfterValidator(sense.outcome)]


class Named(Entry):
    """The names a write was given in the ledger: its id, and its idempotency key, "" where that was not kept."""

    id: str
    key: str


class Step(Entry):
    """`at` is the time, which stands still during a step. One of `person`, `decision` and `carries_on` says what began
    it; `anew`: in a new process. `path` are the nodes, those that ran at once joined by " + ". `asked` is the card or
    the question it stopped at. `raised` is the bug that ended it, if one did.
    """

    at: Annotated[str, AfterValidator(sense.moment)]
    person: str | None = None
    decision: JsonValue = None
    carries_on: bool = False
    options: Annotated[dict[str, JsonValue], AfterValidator(sense.options)] = {}
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
    settled: list[Annotated[dict[str, JsonValue], AfterValidator(sense.outcome)]] = []

    @model_validator(mode="after")
    def _begun_once(self) -> Step:
        if sum((self.person is not None, self.decision is not None, self.carries_on)) != 1:
            raise ValueError("a step begins with one of person, decision and carries_on")
        return self


class Exchange(Entry):
    """One request and its answer. `step` counts from 1; no `status` where none came, and no `fault` where it broke off.

    `headers` and `got` are those of the request and the answer that matter; `body` and `answer` are their contents in
    a readable form (app/tapes/bodies.py).
    """

    step: int
    send: str
    headers: dict[str, str] = {}
    body: Annotated[JsonValue, AfterValidator(sense.body)] = None
    status: int | None = None
    got: dict[str, str] = {}
    answer: Annotated[JsonValue, AfterValidator(sense.body)] = None
    fault: Fault | None = None

    def asks(self) -> dict[str, Any]:
        """What makes it this request."""
        return {"send": self.send, "headers": self.headers, "body": self.body}


class Tape(Entry):
    """A conversation. `accounts` are the linked ones by connection; `limits` those that differ from the usual.

    `source` says how it was made: recorded, or from a stored thread, which has no exchanges. `faults` are those of the
    demo workspace, `watched` the channels the person watches.
    """

    tape: int = VERSION
    about: str = ""
    source: Literal["recorded", "stored thread"] = "recorded"
    thread: str
    user: str
    zone: Annotated[str, AfterValidator(sense.zone)]
    workspace: str
    model: str
    faults: str = ""
    watched: list[str] = []
    accounts: dict[str, list[str]] = {}
    limits: Annotated[dict[str, float], AfterValidator(sense.limits)] = {}
    steps: list[Step] = []
    exchanges: list[Exchange] = []

    @field_validator("exchanges")
    @classmethod
    def _of_its_steps(cls, exchanges: list[Exchange], about: ValidationInfo) -> list[Exchange]:
        steps = len(about.data.get("steps", []))
        for number, exchange in enumerate(exchanges, 1):
            if not 1 <= exchange.step <= steps:
                raise ValueError(f"number {number} is of step {exchange.step}, and the tape has {steps}")
        return exchanges
