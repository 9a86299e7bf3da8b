"""What a tool node must declare. Law: every fault is told with its file, its line and the fix, before anything runs."""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from types import ModuleType

from pydantic import BaseModel
from pydantic.errors import PydanticUserError

from tools.base import Finding, Tool, ToolContext, ToolNode
from tools.errors import DeclarationError

_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_OPERATION = re.compile(
    r"(?P<method>GET|HEAD|POST|PUT|PATCH|DELETE) [a-z0-9.-]+/[^?\s]*(?:\?[^=&?\s]+=[^&\s]*(?:&[^=&\s]+=[^&\s]*)*)?"
)
_CHANGING = frozenset({"PUT", "PATCH", "DELETE"})
_BY_NAME = frozenset({inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY})


def declared(module: ModuleType) -> ToolNode:
    """The node of a module, named after it. Raises DeclarationError."""
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
    wrong = list(_tuple_faults(mints=node.mints, tools=node.tools, briefing=node.briefing))
    yield from wrong
    if wrong:
        return
    if not node.tools or not all(isinstance(tool, Tool) for tool in node.tools):
        yield "tools must be a tuple of @tool functions", "Decorate the functions with @tool(access=...)."
        return
    if len({tool.access.connection for tool in node.tools}) > 1:
        yield "its tools need different connections", "Make one node per connection."
    yield from (fault for tool in node.tools for fault in _writing_faults(node, tool))
    for name, _ in node.briefing:
        if name not in {tool.name for tool in node.tools}:
            yield f"its briefing calls {name!r}", "Name one of the node's own tools."
    yield from (fault for tool in node.tools for fault in _reading_faults(node, tool))


def _reading_faults(node: ToolNode, tool: Tool) -> Iterable[tuple[str, str]]:
    for operation in tool.access.operations:
        if node.effect == "read" and operation.partition(" ")[0] in _CHANGING:
            yield (
                f"a read node may not {operation!r}",
                'Reads are repeated and never asked about: write effect="write".',
            )


def _writing_faults(node: ToolNode, tool: Tool) -> Iterable[tuple[str, str]]:
    if node.effect == "read" and tool.writing is not None:
        yield f"{tool.name!r} is a write tool", 'Put it into a node of its own with effect="write".'
    if node.effect != "write" or tool.writing is None:
        if node.effect == "write":
            yield (
                f"{tool.name!r} cannot be asked about",
                "Declare it with @write(...): it plans, and acts after the yes.",
            )
        return
    look = tool.writing.look
    if look.connection != tool.access.connection:
        yield f"{tool.name!r} plans under another connection", "`look` and `access` belong to one connection."
    if look.capability == tool.access.capability and look.connection:
        yield f"{tool.name!r} plans with the permission to write", "Give `look` a capability of its own, for reading."
    for operation in look.operations:
        if operation.partition(" ")[0] in _CHANGING:
            yield f"planning may not {operation!r}", "Nothing is changed before the person has said yes."


def _tuple_faults(**values: object) -> Iterable[tuple[str, str]]:
    for name, value in values.items():
        if not isinstance(value, tuple):
            yield f"{name} is no tuple", f'Write {name}=("...",), with the comma.'


def _tool_faults(tool: Tool) -> Iterable[tuple[str, str]]:
    parameters = list(inspect.signature(tool.function).parameters.values())
    if not _NAME.fullmatch(tool.name):
        yield "no model can call it by this name", "Use lower-case letters, digits and _, 64 at most."
    if not tool.description:
        yield "has no docstring", "Write one; its first line is what the model reads."
    try:
        hints = tool.hints
    except (NameError, TypeError, AttributeError, SyntaxError) as error:
        yield f"its annotations cannot be resolved: {error}", "Import the names they use at module level."
        return
    if not parameters or hints.get(parameters[0].name) is not ToolContext:
        yield "the first parameter is not the context", "Begin the signature with `context: ToolContext`."
    if not _gives_finding(hints.get("return")):
        yield (
            "does not return a Finding",
            "Annotate the return type with your subclass of Finding, which says its lead.",
        )
    yield from _tuple_faults(asks=tool.asks, scopes=tool.access.scopes, operations=tool.access.operations)
    yield from _parameter_faults(tool, parameters[1:], hints)
    yield from _access_faults(tool)


def _parameter_faults(
    tool: Tool, parameters: list[inspect.Parameter], hints: dict[str, typing.Any]
) -> Iterable[tuple[str, str]]:
    for parameter in parameters:
        if parameter.kind not in _BY_NAME or parameter.name.startswith("_"):
            yield f"parameter {parameter.name!r} cannot be given by name", "Every argument is given by name."
        if parameter.name not in hints:
            yield f"parameter {parameter.name!r} has no type", "Annotate it; the model's schema is made from the types."
        elif datetime in _flat(hints[parameter.name]):
            yield f"{parameter.name!r} is a time without a zone", "Annotate it with pydantic's AwareDatetime."
    try:
        _ = tool.schema
    except (PydanticUserError, NameError, TypeError, ValueError, KeyError) as error:
        reason = str(error).partition("\n")[0]
        yield f"no JSON schema can be made of its arguments: {reason}", "Use plain types or pydantic models."


def _access_faults(tool: Tool) -> Iterable[tuple[str, str]]:
    access = tool.access
    if access.connection and not access.scopes and access.key is None:
        yield f"connection {access.connection!r} without scopes", "Name the narrowest scopes in its Access."
    if access.key is not None and (access.scopes or not access.connection):
        yield "a key with scopes, or of no connection", "A key names its connection, and has no scopes."
    if access.scopes and not access.operations:
        yield "scopes without operations", "List the requests it makes in Access.operations."
    if access.connection and not access.reason:
        yield "connection without a reason", "Say in Access.reason what it is for, in a person's words."
    for operation in access.operations:
        if not _OPERATION.fullmatch(operation):
            yield f"operation {operation!r} cannot be read", 'Write it as "GET host/path/*?name=a|b".'


def _gives_finding(hint: object) -> bool:
    return isinstance(hint, type) and issubclass(hint, Finding) and hint.lead is not Finding.lead


def _flat(hint: object) -> list[object]:
    """The types a type is made of, those of a pydantic model's fields included."""
    found: list[object] = []
    left = [hint]
    while left:
        part = left.pop()
        if any(part is known for known in found):
            continue
        found.append(part)
        left += typing.get_args(part)
        if isinstance(part, type) and issubclass(part, BaseModel):
            left += [field.annotation for field in part.model_fields.values()]
    return found
