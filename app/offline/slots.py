"""What each argument of a tool can be filled with, told from its name and type."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from inspect import Parameter
from typing import Any, Literal

from pydantic import ValidationError

from app.offline.lexicon import CONCEPTS
from app.offline.words import stem
from tools.base import Pointer, Ref, Tool, ToolNode

Sort = Literal[
    "handle", "start", "end", "since", "until", "time", "minutes", "people", "person", "topic", "count", "choice",
    "flag", "value", "unit", "to_unit", "sum", "place", "days", "named", "number",
    "gist",
]  # fmt: skip

_WORD = re.compile(r"[a-z]+")
_NAMES: dict[str, Sort] = {
    "start": "start", "end": "end", "since": "since", "until": "until", "after": "since", "before": "until",
    "people": "people", "attendees": "people", "participants": "people", "invitees": "people", "recipients": "people",
    "sender": "person", "owner": "person", "author": "person", "person": "person", "user": "person", "by": "person",
    "query": "topic", "text": "topic", "words": "topic", "subject": "topic", "title": "topic", "limit": "count",
    "count": "count", "expression": "sum", "value": "value", "unit": "unit", "amount": "value",
    "gist": "gist",
    "place": "place", "city": "place", "town": "place", "location": "place", "days": "days", "nights": "days",
}  # fmt: skip


@dataclass(frozen=True)
class Slot:
    """One argument: its name, what it takes, whether it must be given, and the values it may have."""

    name: str
    sort: Sort
    type: type
    required: bool
    default: Any
    choices: tuple[str, ...] = ()
    kind: str = ""
    about: str = ""

    def words(self, choice: str) -> frozenset[str]:
        """Stems that ask for one of the choices: its own words and those that mean the same."""
        own = {stem(word) for word in choice.split("_")} | ({"my"} if choice == "mine" else set())
        told = next((part for part in self.about.split(";") if part.strip().startswith(f"{choice}:")), "")
        own |= {stem(word) for word in _WORD.findall(told) if word in CONCEPTS} - {stem(one) for one in self.choices}
        same = {stem(w) for name, group in CONCEPTS.items() if stem(name) in own for w in group.split()}
        return frozenset(own | same)


@dataclass(frozen=True)
class Skill:
    """A tool, its home among the nodes, and its slots."""

    tool: Tool
    node: ToolNode | None = None

    @property
    def name(self) -> str:
        return self.tool.name

    @cached_property
    def service(self) -> str:
        return self.tool.access.capability.partition(".")[0]

    @property
    def mints(self) -> tuple[str, ...]:
        """The kinds of thing its results may show."""
        return self.node.mints if self.node else ()

    @property
    def reads(self) -> bool:
        """Whether it is sure to change nothing."""
        return self.node is not None and self.node.effect == "read"

    @property
    def writes(self) -> bool:
        """Whether it changes something, with a plan that is shown first."""
        return self.tool.writing is not None

    @property
    def lists(self) -> bool:
        """Whether it may show things without being given one."""
        return bool(self.mints) and not self.takes("handle")

    @cached_property
    def by_time(self) -> bool:
        """Whether it lists things by their time alone."""
        return self.lists and not self.required and [slot.sort for slot in self.slots] == ["start", "end"]

    def opens(self, kind: str) -> bool:
        """Whether it needs a thing of this kind, and nothing else."""
        return [slot.kind for slot in self.required] == [kind]

    @property
    def finds(self) -> bool:
        """Whether it finds things by what they are about, and needs no more to begin."""
        return self.lists and not self.required and bool(self.takes("topic"))

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        names = set(self.tool.parameters)
        return tuple(_slot(self.tool, name, p, names) for name, p in self.tool.parameters.items())

    @cached_property
    def objects(self) -> frozenset[str]:
        """Stems of what the tool's own name says it deals in: the word for all of it picks out none."""
        return frozenset(stem(word) for word in self.name.split("_"))

    def takes(self, *sorts: Sort) -> list[Slot]:
        return [slot for slot in self.slots if slot.sort in sorts]

    @cached_property
    def required(self) -> tuple[Slot, ...]:
        return tuple(slot for slot in self.slots if slot.required)

    def refuses(self, args: Mapping[str, Any]) -> tuple[Slot, str] | None:
        """The argument whose value the tool's own schema refuses, and why; None where it takes them all."""
        given = {name: self._told(name, value) for name, value in args.items()}
        try:
            self.tool.arguments.model_validate(given)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            return next(((slot, first["msg"]) for slot in self.slots if slot.name == first["loc"][0]), None)
        return None

    def _told(self, name: str, value: Any) -> Any:
        """The value with a thing in place of each handle that the tool is given as one."""
        kind = _pointed(self.tool.hints.get(name))
        if not kind:
            return value
        refs = [Ref(kind=kind, id=str(one)) for one in (value if isinstance(value, list) else [value])]
        return refs if isinstance(value, list) else refs[0]


def _slot(tool: Tool, name: str, parameter: Parameter, names: set[str]) -> Slot:
    hint, about = _opened(tool.hints[name])
    base, choices = _base(hint)
    kind = tool.handles.get(name, "") or _pointed(tool.hints[name])
    required = parameter.default is Parameter.empty
    sort = "handle" if kind else _sort(name, hint, base, choices, names)
    return Slot(name, sort, base, required, None if required else parameter.default, choices, kind, about)


def _pointed(hint: Any) -> str:
    """The kind of thing that a Pointer among the marks of an argument points at; "" where there is none, or several."""
    kinds = next((mark.kinds for mark in getattr(hint, "__metadata__", ()) if isinstance(mark, Pointer)), ())
    return kinds[0] if len(kinds) == 1 else ""


def _opened(hint: Any) -> tuple[Any, str]:
    """The plain type of an annotated one, and its description."""
    if typing.get_origin(hint) is not typing.Annotated:
        return hint, ""
    marks = getattr(hint, "__metadata__", ())
    about = next((str(m.description) for m in marks if getattr(m, "description", None)), "")
    return _opened(typing.get_args(hint)[0])[0], about


def _base(hint: Any) -> tuple[type, tuple[str, ...]]:
    """The class that a type comes down to, and the values of a Literal."""
    origin = typing.get_origin(hint)
    if origin is Literal:
        return str, tuple(str(value) for value in typing.get_args(hint))
    if origin in (typing.Union, types.UnionType):
        return _base(_opened(next(arg for arg in typing.get_args(hint) if arg is not type(None)))[0])
    if origin is not None:
        return typing.cast(type, origin), ()
    if isinstance(hint, type):
        return (datetime, ()) if hint.__name__ in {"AwareDatetime", "NaiveDatetime"} else (hint, ())
    return str, ()


def _sort(name: str, hint: Any, base: type, choices: tuple[str, ...], names: set[str]) -> Sort:
    if choices:
        return "choice"
    if base is bool:
        return "flag"
    if name == "to":
        return "to_unit" if "unit" in names else "people" if base in (list, tuple) else "person"
    if name.endswith(("_minutes", "_hours")) or name == "minutes":
        return "minutes"
    if name in _NAMES:
        return _NAMES[name]
    if issubclass(base, date):
        return "time"
    if issubclass(base, int | float):
        return "number"
    return "people" if base in (list, tuple, set) else "named"
