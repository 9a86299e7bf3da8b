"""What Valet can do: every tool of the registry, for people and for programs."""

from __future__ import annotations

from typing import Any

from tools.base import ToolNode
from tools.registry import Registry
from tools.view import Cell, Table, Tone


def table(registry: Registry) -> Table:
    """The tools under their nodes."""
    rows = []
    for node in registry.nodes:
        uses = f"{node.effect}s {node.connection or 'without a connection'}"
        rows.append((Cell(text=node.name, tone="strong"), Cell(text=uses, tone=_tone(node))))
        rows += [(Cell(text=f"  {tool.name}"), Cell(text=tool.description.split("\n")[0])) for tool in node.tools]
    return Table(columns=("Tool", "What it does"), rows=tuple(rows), grow=1)


def _tone(node: ToolNode) -> Tone:
    return "notice" if node.effect == "write" else "dim"


def scopes(registry: Registry) -> Table:
    """What each connection is asked for, and the reason a person is given."""
    asked = {(t.access.connection, t.access.capability): t.access for t in registry.tools if t.access.connection}
    rows = []
    for connection in sorted({access.connection for access in asked.values()}):
        rows.append((Cell(text=connection, tone="strong"), Cell(text=""), Cell(text="")))
        rows += [
            (
                Cell(text=f"  {access.capability}"),
                Cell(text="\n".join(scope.rpartition("/")[2] for scope in access.scopes)),
                Cell(text=access.reason),
            )
            for (name, _), access in sorted(asked.items())
            if name == connection
        ]
    return Table(columns=("Connection", "Scopes", "To"), rows=tuple(rows), grow=2)


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
                    "arguments": tool.schema,
                }
                for tool in node.tools
            ],
        }
        for node in registry.nodes
    ]
