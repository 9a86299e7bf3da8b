"""Finds the tool nodes and refuses the wrongly declared. Law: built-in and installed nodes enter by the same door.

A node is a module of `tools/` or the target of another package's `valet.tools` entry point, with a `NODE`.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import typing
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.metadata import entry_points
from types import ModuleType

from pydantic import AwareDatetime
from pydantic.errors import PydanticUserError

import tools
from tools.base import Finding, Tool, ToolContext, ToolNode
from tools.errors import DeclarationError

SUPPORT = frozenset({"base", "clients", "errors", "registry", "view"})
ENTRY_POINTS = "valet.tools"


@dataclass(frozen=True)
class Registry:
    """Every tool node of this installation, in name order; all of them checked."""

    nodes: tuple[ToolNode, ...]

    @cached_property
    def _homes(self) -> dict[str, tuple[ToolNode, Tool]]:
        return {tool.name: (node, tool) for node in self.nodes for tool in node.tools}

    @property
    def tools(self) -> tuple[Tool, ...]:
        return tuple(tool for _, tool in self._homes.values())

    def tool(self, name: str) -> Tool | None:
        home = self._homes.get(name)
        return home[1] if home else None

    def node_of(self, name: str) -> ToolNode | None:
        """The node a tool belongs to, by the tool's name."""
        home = self._homes.get(name)
        return home[0] if home else None

    def of_effect(self, effect: str) -> tuple[ToolNode, ...]:
        return tuple(node for node in self.nodes if node.effect == effect)

    @classmethod
    def of(cls, modules: Iterable[ModuleType]) -> Registry:
        """The registry of these modules. Raises DeclarationError for the first that is declared wrongly."""
        nodes = sorted((_node(module) for module in modules), key=lambda node: node.name)
        _refuse_twins(nodes)
        return cls(tuple(nodes))


def discover() -> Registry:
    """Every node of `tools/` and of installed packages. Raises DeclarationError; a broken import is one too."""
    return Registry.of([*_built_in(), *_installed()])


def _built_in() -> list[ModuleType]:
    names = [m.name for m in pkgutil.iter_modules(tools.__path__) if not m.ispkg and m.name not in SUPPORT]
    return [_import(f"tools.{name}") for name in names]


def _installed() -> list[ModuleType]:
    return [_import(point.value) for point in entry_points(group=ENTRY_POINTS)]


def _import(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except (ImportError, SyntaxError) as error:
        where = getattr(error, "filename", None) or getattr(error, "path", None) or name
        line = getattr(error, "lineno", None) or 1
        raise DeclarationError(
            str(where), line, f"{name!r} cannot be imported: {error}", "Mend the import or remove it."
        ) from error


def _node(module: ModuleType) -> ToolNode:
    node = getattr(module, "NODE", None)
    file = module.__file__ or module.__name__
    if not isinstance(node, ToolNode):
        raise DeclarationError(
            file,
            1,
            "a module of tools/ must declare NODE",
            "Add `NODE = ToolNode(effect=..., brief=..., tools=(...))`; support code belongs in a subpackage.",
        )
    named = replace(node, name=module.__name__.rpartition(".")[2])
    for problem, fix in _node_faults(named):
        raise DeclarationError(file, _line_of(module, "NODE"), problem, fix)
    for tool in named.tools:
        for problem, fix in _tool_faults(tool):
            raise DeclarationError(*tool.place, f"tool {tool.name!r}: {problem}", fix)
    return named


def _line_of(module: ModuleType, name: str) -> int:
    try:
        lines = inspect.getsource(module).splitlines()
    except OSError:
        return 1
    return next((n for n, line in enumerate(lines, 1) if line.startswith(name)), 1)


def _node_faults(node: ToolNode) -> Iterable[tuple[str, str]]:
    if node.effect not in ("read", "write"):
        yield f"effect is {node.effect!r}", 'Write effect="read" or effect="write".'
    if not node.brief.strip():
        yield "brief is empty", "Say in one line how results are to be presented."
    if not node.tools or not all(isinstance(tool, Tool) for tool in node.tools):
        yield "tools must be a tuple of @tool functions", "Decorate the functions with @tool(access=...)."
    elif len({tool.access.connection for tool in node.tools}) > 1:
        yield "its tools need different connections", "Make one node per connection."


def _tool_faults(tool: Tool) -> Iterable[tuple[str, str]]:
    parameters = list(inspect.signature(tool.function).parameters)
    if not tool.description:
        yield "has no docstring", "Write one; its first line is what the model reads."
    try:
        hints = tool.hints
    except (NameError, TypeError) as error:
        yield f"its annotations cannot be resolved: {error}", "Import the names they use at module level."
        return
    if not parameters or hints.get(parameters[0]) is not ToolContext:
        yield "the first parameter is not the context", "Begin the signature with `context: ToolContext`."
    for name in parameters[1:]:
        if name not in hints:
            yield f"parameter {name!r} has no type", "Annotate it; the model's schema is made from the types."
    if not _gives_finding(hints.get("return")):
        yield "does not return a Finding", "Annotate the return type with your subclass of Finding."
    yield from _schema_faults(tool, hints)
    yield from _access_faults(tool)


def _schema_faults(tool: Tool, hints: dict[str, typing.Any]) -> Iterable[tuple[str, str]]:
    if any(name not in hints for name in tool.parameters):
        return
    try:
        schema = tool.arguments.model_json_schema()
    except (PydanticUserError, TypeError, ValueError) as error:
        yield f"no JSON schema can be made of its arguments: {error}", "Use plain types or pydantic models."
        return
    for name, field in schema.get("properties", {}).items():
        naive = field.get("format") == "date-time" and AwareDatetime not in _flat(hints[name])
        if naive:
            yield f"{name!r} is a time without a zone", "Annotate it with pydantic's AwareDatetime."


def _access_faults(tool: Tool) -> Iterable[tuple[str, str]]:
    access = tool.access
    if access.connection and not access.scopes:
        yield f"connection {access.connection!r} without scopes", "Name the narrowest scopes in its Access."
    if access.scopes and not access.operations:
        yield "scopes without operations", "List the requests it makes in Access.operations."
    if access.connection and not access.reason:
        yield "connection without a reason", "Say in Access.reason what it is for, in a person's words."
    for operation in access.operations:
        method, _, target = operation.partition(" ")
        if not method.isupper() or "/" not in target:
            yield f"operation {operation!r} cannot be read", 'Write it as "GET host/path/*?name=a|b".'


def _gives_finding(hint: object) -> bool:
    return isinstance(hint, type) and issubclass(hint, Finding)


def _flat(hint: object) -> tuple[object, ...]:
    inner = typing.get_args(hint)
    return (hint, *(part for arg in inner for part in _flat(arg)))


def _refuse_twins(nodes: list[ToolNode]) -> None:
    named: dict[str, str] = {}
    minted: dict[str, str] = {}
    for node in nodes:
        for tool in node.tools:
            if tool.name in named:
                raise DeclarationError(
                    *tool.place, f"tool {tool.name!r} is also in node {named[tool.name]!r}", "Rename one of them."
                )
            named[tool.name] = node.name
        for kind in node.mints if node.effect == "read" else ():
            if kind in minted:
                raise DeclarationError(
                    *node.tools[0].place,
                    f"handles of kind {kind!r} are also minted by {minted[kind]!r}",
                    "Give the handles another kind.",
                )
            minted[kind] = node.name
