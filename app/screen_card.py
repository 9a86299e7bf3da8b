"""Draws the card of what is to be decided. Law: all of it, from the card's own data; every text is made plain first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from app.plain_text import plain
from graphs.card import AFTER, Item

MARK = "▌"


def writes(items: Sequence[Item], problem: str = "") -> RenderableType:
    """One card: every write in full, one below the other."""
    count = len(items)
    parts: list[RenderableType] = [_problem(problem)] if problem else []
    for number, item in enumerate(items, 1):
        parts += [_item(item, f"{number} of {count}  " if count > 1 else ""), Text()]
    return Padding(Group(*parts), (0, 0, 0, 2))


def consents(pending: Mapping[str, Any]) -> RenderableType:
    """The permissions that are asked for, and where they are given."""
    parts: list[RenderableType] = [_problem(pending["problem"])] if pending.get("problem") else []
    for asked in pending["items"]:
        account = f" ({plain(asked['account'])})" if asked["account"] else ""
        parts.append(Text(f"Valet needs {asked['connection']}{account} to {plain(asked['reason'])}.", style="bold"))
        grid = _grid()
        for number, (permits, scope) in enumerate(zip(asked["permits"], asked["scopes"], strict=True)):
            short = plain(scope).rpartition("/")[2]
            said = Text(permits) if permits == scope else Text.assemble(plain(permits), (f"  {short}", "dim"))
            grid.add_row("" if number else "permits", said)
        grid.add_row("page", Text(asked["page"]))
        parts += [grid, Text()]
    return Padding(Group(*parts), (0, 0, 0, 2))


def _item(item: Item, count: str) -> RenderableType:
    grid = _grid()
    for person in item.recipients:
        grid.add_row(person.role, Text(_named(person.name, person.address)))
    for row in item.rows:
        grid.add_row(plain(row.label), _value(row.value, row.before))
    for effect in item.effects:
        grid.add_row("also", Text(plain(effect, lines=True), style="yellow"))
    if item.account:
        grid.add_row("account", Text(plain(item.account)))
    if item.sources:
        grid.add_row("proposed", Text(f"{AFTER}: {plain(_few(item.sources))}", style="dim"))
    grid.add_row("expires", Text(_moment(item.expires), style="dim"))
    head = Text.assemble((count, "dim"), (plain(item.title), "bold"), (f"  [{item.id}]", "dim"))
    return Group(head, grid)


def _named(name: str, address: str) -> str:
    return f"{plain(name)} <{plain(address)}>" if name and name != address else plain(address)


def _value(value: str, before: str | None) -> Text:
    """The value in full; of a change, what was there before as well."""
    if before is None:
        return Text(plain(value, lines=True) or "(empty)", overflow="fold")
    return Text.assemble((plain(before, lines=True) or "(empty)", "dim strike"), "  ->  ", plain(value, lines=True))


def _few(sources: Sequence[str], most: int = 6) -> str:
    more = f" and {len(sources) - most} more" if len(sources) > most else ""
    return ", ".join(sources[:most]) + more


def _moment(at: datetime) -> str:
    return f"{at:%a %d %b %H:%M}"


def _problem(text: str) -> Text:
    return Text(plain(text, lines=True), style="yellow")


def _grid() -> Grid:
    grid = Grid.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    return grid
