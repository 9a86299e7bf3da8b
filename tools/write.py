"""What a write tool is: a plan made with a read permission, carried out as it stands once the person has said yes.

Law: planning changes nothing; the card shows the plan and nothing else; carrying out never decides anything anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from tools.base import Access, Finding, Name, Ref, Tool, ToolContext
from tools.errors import ToolError
from tools.view import Block, Cell, Facts


class Row(BaseModel):
    """One line of the card: every argument in full. `before` is what stands there now, for a change of something."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    label: str
    value: str
    before: str | None = None


class Recipient(BaseModel):
    """Who will receive or be able to read something: the resolved `name` and the exact `address` or id."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    address: str
    name: str = ""
    role: str = "to"


class Plan(Finding):
    """Exactly what would be done. The stored bytes of this are what the person approves and what is carried out.

    `title` names the act ("Send a mail"), `rows` hold every argument in full, `effects` what follows besides
    ("3 people get an invitation by mail"). `body` is plain JSON for `perform`; it holds ids of services, no handles.
    `based_on` are etags, revisions or thread tips as they were read: where they have changed, nothing is done.
    """

    title: str
    rows: tuple[Row, ...]
    recipients: tuple[Recipient, ...] = ()
    effects: tuple[str, ...] = ()
    body: dict[str, Any]
    based_on: dict[str, str] = Field(default_factory=dict)

    def lead(self, name: Name) -> str:
        return self.title


class Undo(BaseModel):
    """The call that takes a write back. In `args`, REF stands for the handle of the receipt's `ref`, REFS for the list
    of handles of `ref` and all that is in `also`."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    tool: str
    args: dict[str, Any]


REF = "$ref"
REFS = "$refs"


class Receipt(BaseModel):
    """The proof of a done write: the service's own id, where to look, when (aware).

    `what` says it in one sentence; `ref` is the thing made or changed, so that a next request can name it, `also` are
    the others where there are several.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    what: str
    id: str
    at: AwareDatetime
    link: str | None = None
    ref: Ref | None = None
    also: tuple[Ref, ...] = ()
    undo: Undo | None = None

    @property
    def refs(self) -> tuple[Ref, ...]:
        """All that was made or changed."""
        return ((self.ref,) if self.ref else ()) + self.also

    def view(self) -> tuple[Block, ...]:
        facts = [("done", Cell(text=self.what, tone="good")), ("id", Cell(text=self.id))]
        return (Facts(facts=(*facts, *([("link", Cell(text=self.link, link=self.link))] if self.link else []))),)


class Unsure(ToolError):
    """Whether the write took place cannot be told now. `next` says what to check, and where."""


class InPart(ToolError):
    """It was not carried out, and of its beginning something stands: `left`, which a next request can name."""

    def __init__(self, what: str, next: str, left: tuple[Ref, ...]) -> None:  # noqa: A002
        super().__init__(what, next)
        self.left = left


class Changed(ToolError):
    """The object is not what the plan was based on; nothing was done."""


class Note(Protocol):
    """Keeps facts of a half-done write (a draft's id); durable when it returns, before the next byte is sent."""

    def __call__(self, **facts: str) -> None: ...


@dataclass(frozen=True)
class Act:
    """One write on its way. `key` is the idempotency key, the same at every attempt; `notes` what attempts noted.

    `context.transport` carries the write permission in `perform`, the read permission in `find` and `basis`.
    `final` tells `find` that no attempt follows: what was done in part is told now, by a receipt or InPart.
    """

    context: ToolContext
    key: str
    notes: Mapping[str, str]
    note: Note
    final: bool = False


Perform = Callable[[Act, Plan], Receipt]
"""Does it. Raises ToolError: ServiceDown where the outcome is open (it is then looked up), others where refused."""
Find = Callable[[Act, Plan], Receipt | None]
"""Looks an attempt up by its key: the receipt; None where it surely did not take place; or raises Unsure, ToolError."""
Basis = Callable[[Act, Plan], Mapping[str, str]]
"""Reads what `based_on` names again, just before the act."""
Keyed = Callable[[Act, Plan], bool]
"""Whether performing it again comes to the same: the service knows it by a key, a version or an id, or nothing changes.
What is not so is never sent again where an earlier attempt, unanswered, may come about late."""


def _nothing(act: Act, plan: Plan) -> Mapping[str, str]:
    return {}


def always(act: Act, plan: Plan) -> bool:
    """Keyed, whatever the plan."""
    return True


def never(act: Act, plan: Plan) -> bool:
    """Not keyed: the service would take a second for another one."""
    return False


@dataclass(frozen=True)
class Writing:
    """How a write tool acts. `look` is the read permission under which it plans, re-reads and looks up."""

    look: Access
    perform: Perform
    find: Find
    basis: Basis = _nothing
    keyed: Keyed = never


def write(
    *,
    access: Access,
    look: Access,
    perform: Perform,
    find: Find,
    basis: Basis = _nothing,
    keyed: Keyed = never,
    asks: tuple[str, ...] = (),
) -> Callable[[Callable[..., Plan]], Tool]:
    """Declare a function a write tool: the function plans (under `look`), `perform` acts (under `access`).

    A node whose tools act alike says it once: `labelling = partial(write, access=…, look=…, perform=…, find=…)`.
    """

    def declare(function: Callable[..., Plan]) -> Tool:
        return Tool(function=function, access=access, asks=asks, writing=Writing(look, perform, find, basis, keyed))

    return declare
