"""Finds the tool nodes. Law: built-in and installed nodes enter by the same door, and only if rightly declared.

A node is a module of `tools/` or the target of another package's `valet.tools` entry point, with a `NODE`.
"""

from __future__ import annotations

import importlib
import pkgutil
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import entry_points
from types import ModuleType

import tools
from tools.base import Access, Effect, Tool, ToolNode
from tools.declaration import declared
from tools.errors import DeclarationError

SUPPORT = frozenset(
    {"access", "base", "clients", "declaration", "errors", "registry", "slack_client", "together", "view", "write"}
)
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

    @property
    def needs(self) -> tuple[tuple[Access, Effect], ...]:
        """All that tools need of accounts, and to what effect: each need once, in the order of the nodes."""
        return tuple(dict.fromkeys((access, effect) for _, access, effect in _needs(self.nodes)))

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
        nodes = sorted((declared(module) for module in modules), key=lambda node: node.name)
        _refuse_twins(nodes)
        _refuse_mixtures(nodes)
        return cls(tuple(nodes))


def discover(package: ModuleType = tools) -> Registry:
    """Every node of `package` and of installed packages. Raises DeclarationError; a broken import is one too."""
    return Registry.of([*_built_in(package), *_installed()])


def _built_in(package: ModuleType) -> list[ModuleType]:
    names = [m.name for m in pkgutil.iter_modules(package.__path__) if not m.ispkg and m.name not in SUPPORT]
    return [_import(f"{package.__name__}.{name}") for name in names]


def _installed() -> list[ModuleType]:
    return [_import(point.module) for point in entry_points(group=ENTRY_POINTS)]


def _import(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except SyntaxError as error:
        place = (error.filename or name, error.lineno or 1)
        raise DeclarationError(*place, f"{name!r} cannot be read: {error.msg}", "Mend the syntax.") from error
    except (ImportError, NameError, TypeError, ValueError, AttributeError) as error:
        frames = [f for f in traceback.extract_tb(error.__traceback__) if "importlib" not in f.filename]
        place = (frames[-1].filename, frames[-1].lineno or 1) if frames[1:] else (name, 1)
        raise DeclarationError(
            *place, f"{name!r} cannot be imported: {error}", "Mend what that line does, or remove the module."
        ) from error


def _refuse_twins(nodes: list[ToolNode]) -> None:
    """Names must tell nodes, tools, handles and capabilities apart. Raises DeclarationError."""
    seen: dict[tuple[str, str], object] = {}
    for node in nodes:
        _once(seen, ("node", node.name), node.tools[0], node.name)
        for kind in node.mints if node.effect == "read" else ():
            _once(seen, ("handle kind", kind), node.tools[0], node.name)
        for tool in node.tools:
            _once(seen, ("tool", tool.name), tool, node.name)
            scopes = frozenset(tool.access.scopes)
            name = f"{tool.access.connection} {tool.access.capability}"
            if seen.setdefault(("capability", name), scopes) != scopes:
                raise DeclarationError(
                    *tool.place,
                    f"capability {tool.access.capability!r} has other scopes elsewhere",
                    "A capability is one bundle of scopes: give this one a name of its own.",
                )


def _needs(nodes: Iterable[ToolNode]) -> Iterator[tuple[Tool, Access, Effect]]:
    """What each tool needs of an account, and to what effect; of a write tool also what it looks with."""
    for node in nodes:
        for tool in node.tools:
            looks: tuple[tuple[Access, Effect], ...] = ((tool.writing.look, "read"),) if tool.writing else ()
            for access, effect in ((tool.access, node.effect), *looks):
                if access.connection:
                    yield tool, access, effect


def _refuse_mixtures(nodes: list[ToolNode]) -> None:
    """Whoever agrees to reading does not agree to writing. Raises DeclarationError."""
    seen: dict[str, str] = {}
    for tool, access, effect in _needs(nodes):
        name = f"{access.connection} {access.consented(effect)}"
        if seen.setdefault(name, effect) != effect:
            raise DeclarationError(
                *tool.place,
                f"the bundle {access.consented(effect)!r} holds reading and writing",
                "Name another bundle, or none: then reading and writing are asked for apart.",
            )


def _once(seen: dict[tuple[str, str], object], key: tuple[str, str], tool: Tool, home: str) -> None:
    if key in seen:
        raise DeclarationError(*tool.place, f"{key[0]} {key[1]!r} is also in {seen[key]!r}", "Rename one of them.")
    seen[key] = home
