"""Writes the README's table of tools from the registry: `make readme`."""

from __future__ import annotations

from pathlib import Path

from tools.registry import Registry, discover

README = Path(__file__).parent.parent / "README.md"
HEAD = "| node | tools | effect | connection | scopes |\n|---|---|---|---|---|\n"
FOOT = "<!-- /tools -->"


def table(registry: Registry) -> str:
    """The rows between the `tools` marks."""
    rows = []
    for node in registry.nodes:
        scopes = sorted({scope.rpartition("/")[2] for tool in node.tools for scope in tool.access.scopes})
        names = ", ".join(f"`{tool.name}`" for tool in node.tools)
        connection = node.connection or "none"
        rows.append(f"| {node.name} | {names} | {node.effect} | {connection} | {', '.join(scopes) or '–'} |")
    return "\n".join(rows)


def with_table(page: str) -> str:
    """The page with the table as the registry has it."""
    before, _, rest = page.partition(HEAD)
    return f"{before}{HEAD}{table(discover())}\n{FOOT}{rest.partition(FOOT)[2]}"


if __name__ == "__main__":
    README.write_text(with_table(README.read_text(encoding="utf-8")), encoding="utf-8")
