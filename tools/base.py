"""What a tool node is: plain typed functions, what each needs from a service, and what it gives back.

Law: a tool declares its needs as data and is handed a transport that is already signed; it never sees a credential.
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Annotated, Any, Literal, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, WithJsonSchema, create_model

from tools.access import NO_ACCESS as NO_ACCESS
from tools.access import Access as Access
from tools.access import Effect as Effect
from tools.access import Key as Key
from tools.clients import Transport
from tools.view import Block, Note

if typing.TYPE_CHECKING:
    from tools.write import Writing

Trust = Literal["person", "service", "untrusted"]
P = ParamSpec("P")
F = TypeVar("F", bound="Finding")


@dataclass(frozen=True)
class Handle:
    """Marks an argument as a handle of this kind, or a list of them: the model names "mail:3", the tool receives the
    service's id."""

    kind: str


@dataclass(frozen=True)
class Pointer:
    """Marks an argument, or a field of one, that names a thing of one of these kinds, or several: the model names
    "mail:3", the tool receives the Ref with its label. The type is a Pointed."""

    kinds: tuple[str, ...]


def _is_none(value: object) -> bool:
    return value is None


class Ref(BaseModel):
    """A thing of a service, by kind ("mail", "event") and the service's own id; the graph gives it a handle.

    `people` are the addresses of those who take part in it, so that a next call can name them; `begins` and `ends` are
    aware times, None for what has none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    kind: str
    id: str
    label: str = ""
    people: tuple[str, ...] = ()
    begins: AwareDatetime | None = Field(default=None, exclude_if=_is_none)
    ends: AwareDatetime | None = Field(default=None, exclude_if=_is_none)


Pointed = Annotated[Ref, WithJsonSchema({"type": "string"})]
"""A Ref that the model writes as a handle."""


class Source(BaseModel):
    """Where content came from. `by` is the author's address or name, `link` where a person can look."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    kind: str
    id: str
    label: str
    by: str = ""
    link: str | None = None
    trust: Trust = "untrusted"


LineKind = Literal["meeting", "conflict", "mail", "message", "document", "task", "weather"]


class Line(BaseModel):
    """What a finding contributes to a briefing: one claim, and what is needed to rank it and to see where it belongs.

    `weight` runs from 0 to 100 (act now); `at` and `until` are aware; `people` and `words` (topic words from titles and
    subjects) are in lower case; `reasons` say why it weighs what it does.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    kind: LineKind
    text: str
    weight: int = Field(ge=0, le=100)
    at: AwareDatetime | None = None
    until: AwareDatetime | None = None
    people: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    ref: Ref | None = None
    link: str | None = None
    reasons: tuple[str, ...] = ()


Name = Callable[[Ref], str]
"""Gives the handle of a ref, as in "mail:3"; every ref must be among the finding's `refs()`."""


class Finding(BaseModel):
    """What a tool gives back. A subclass holds typed fields and says itself to the model and to the screen.

    The texts are made from the fields alone, by pure functions: the graph calls them after it has given out handles.
    """

    # Deferred, here and where data of findings is declared: every start loads all models, and a call uses a few.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    def lead(self, name: Name) -> str:
        """The facts that matter most, in one to three sentences a person could be given as the whole answer."""
        raise NotImplementedError(f"{type(self).__name__} must say its lead")

    def text(self, name: Name) -> str:
        """Compact text for the model, with handles; says itself what it left out."""
        return self.lead(name)

    def view(self, name: Name) -> tuple[Block, ...]:
        """The blocks for the screen."""
        return (Note(text=self.lead(name)),)

    def refs(self) -> tuple[Ref, ...]:
        """The things a person may point at next, in the order they are shown ("the second one")."""
        return ()

    def sources(self) -> tuple[Source, ...]:
        """Everything whose content is in this finding."""
        return ()

    def lines(self) -> tuple[Line, ...]:
        """What belongs into a briefing; refs of lines must be among `refs()`."""
        return ()

    def missing(self) -> tuple[str, ...]:
        """Sentences on what was not read that might belong into a briefing."""
        return ()


class Progress(typing.Protocol):
    """Tells the screen how far a long work has come; `total` is None where it is not known."""

    def __call__(self, done: int, total: int | None, what: str) -> None: ...


class Memory(typing.Protocol):
    """What a node remembers of an account between calls, so that it need not read everything again.

    Whatever is in it can be made anew from the service; it may be gone at any time. Safe to use from many threads.
    """

    def get(self, key: str) -> bytes | None: ...
    def put(self, key: str, value: bytes) -> None: ...


class NoMemory:
    """Remembers nothing."""

    def get(self, key: str) -> bytes | None:
        return None

    def put(self, key: str, value: bytes) -> None:
        """Nothing is kept."""


@dataclass(frozen=True)
class ToolContext:
    """What the graph hands a tool for one call. `now` is aware and stands in `zone`, the person's own zone.

    `memory` belongs to this user, account and node alone. `room` is how many characters of a finding a model is given.
    `watched` are the channels the person watches, by name or id as they wrote them.
    """

    transport: Transport
    now: datetime
    zone: ZoneInfo
    account: str
    progress: Progress
    memory: Memory = field(default_factory=NoMemory)
    room: int = 16_000
    watched: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tool:
    """A function the model can call: name, description and schema come from the function itself.

    A write tool (tools/write.py) has a `writing`: its function only plans.
    """

    function: Callable[..., Finding | Awaitable[Finding]]
    access: Access
    asks: tuple[str, ...]
    writing: Writing | None = None

    @property
    def name(self) -> str:
        return self.function.__name__

    @property
    def description(self) -> str:
        return inspect.getdoc(self.function) or ""

    @property
    def place(self) -> tuple[str, int]:
        """File and first line of the function."""
        code = inspect.unwrap(self.function).__code__
        return code.co_filename, code.co_firstlineno

    @cached_property
    def hints(self) -> dict[str, Any]:
        return typing.get_type_hints(self.function, include_extras=True)

    @cached_property
    def parameters(self) -> dict[str, inspect.Parameter]:
        """What the model fills in: every parameter but the context."""
        return dict(list(inspect.signature(self.function).parameters.items())[1:])

    @cached_property
    def arguments(self) -> type[BaseModel]:
        """The arguments as a pydantic model; unknown ones are refused."""
        fields: dict[str, Any] = {
            name: (self.hints[name], ... if p.default is inspect.Parameter.empty else p.default)
            for name, p in self.parameters.items()
        }
        model: type[BaseModel] = create_model(
            f"{self.name}_arguments", __config__=ConfigDict(extra="forbid", frozen=True), **fields
        )
        return model

    @cached_property
    def schema(self) -> dict[str, Any]:
        """JSON Schema of the arguments; not to be changed. Raises PydanticUserError where there is none."""
        return self.arguments.model_json_schema()

    @cached_property
    def handles(self) -> dict[str, str]:
        """Argument name -> handle kind, for the arguments that are handles."""
        return {
            name: mark.kind
            for name in self.parameters
            for mark in getattr(self.hints[name], "__metadata__", ())
            if isinstance(mark, Handle)
        }


def tool(
    *, access: Access = NO_ACCESS, asks: tuple[str, ...] = ()
) -> Callable[[Callable[..., F | Awaitable[F]]], Tool]:
    """Declare a function a tool. The first line of its docstring is what the model reads first.

    `asks` are requests in a person's words that this tool answers; the offline planner learns from them.
    """

    def declare(function: Callable[..., F | Awaitable[F]]) -> Tool:
        return Tool(function=function, access=access, asks=asks)

    return declare


@dataclass(frozen=True)
class ToolNode:
    """One node of the graph: one or a few tools of one connection and one effect.

    `brief` tells the model in one line how to present results; `mints` are the handle kinds its findings give out;
    `briefing` are the calls it contributes to a daily briefing (tool name and arguments, where "today", "tomorrow",
    "last working day" and "after the next working day" stand for the start of that day). The name is the module's.
    """

    effect: Effect
    brief: str
    tools: tuple[Tool, ...]
    mints: tuple[str, ...] = ()
    briefing: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    name: str = field(default="")

    @property
    def connection(self) -> str:
        return self.tools[0].access.connection
