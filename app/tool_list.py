"""What Valet can do: every tool of the registry, for people and for programs."""

from __future__ import annotations

from typing import Any

from tools.base import ToolNode
from tools.registry import Registry
from tools.view import Cell, Table, Tone


def table(registry: Registry) -> Table:
    """One row for each tool, grouped by node."""
    rows = []
    for node in registry.nodes:
        for place, tool in enumerate(node.tools):
            first = place == 0
            rows.append(
                (
                    Cell(text=node.name if first else "", tone="strong"),
                    Cell(text=tool.name),
                    Cell(text=f"{node.effect} {tool.access.connection}".strip(), tone=_tone(node)),
                    Cell(text=tool.description.split("\n")[0]),
                )
            )
    return Table(columns=("Node", "Tool", "Effect", "What it does"), rows=tuple(rows), grow=3)


def _tone(node: ToolNode) -> Tone:
    return "notice" if node.effect == "write" else "dim"


def scopes(registry: Registry) -> Table:
    """The scopes each connection is asked for, with the reason."""
    seen = {
        (tool.access.connection, tool.access.capability): tool.access
        for tool in registry.tools
        if tool.access.connection
    }
    rows = tuple(
        (
            Cell(text=a.connection),
            Cell(text=a.capability),
            Cell(text=" ".join(scope.rpartition("/")[2] for scope in a.scopes)),
            Cell(text=a.reason),
        )
        for _, a in sorted(seen.items())
    )
    return Table(columns=("Connection", "Capability", "Scopes", "To"), rows=rows, grow=2)


def listed(registry: Registry) -> list[dict[str, Any]]:
    """Every node with its tools, as plain JSON."""
    return [
        {
            "node": node.name,
            "effect": node.effect,
            "connection": node.connection,
            "mints": list(node.mints),
            "tools": [
                {
                    "name": tool.name,
                    "description": tool.description,
                    "capability": tool.access.capability,
                    "scopes": list(tool.access.scopes),
                    "reason": tool.access.reason,
                    "arguments": tool.arguments.model_json_schema(),
                }
                for tool in node.tools
            ],
        }
        for node in registry.nodes
    ]
