"""Which accounts are linked, which is used, and what of them ends soon: for a conversation.

Law: an account is meant by its name, or by the beginning of it where that fits one alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from app.grants_view import warnings
from auth.broker import Linking
from tools.view import Cell, Table

if TYPE_CHECKING:
    from app.wiring import Valet

Linked = Mapping[str, Sequence[str]]
"""The names of the linked accounts of each connection, the default one first."""


def linked(valet: Valet) -> Linked:
    """What is linked. May wait for the vault."""
    broker, user = valet.parts.broker, valet.parts.user
    if not isinstance(broker, Linking):
        return {}
    connections = sorted({facts.connection for facts in broker.grants(user)})
    return {connection: broker.accounts(user, connection) for connection in connections}


def named(found: Linked, text: str) -> dict[str, str]:
    """The account of each connection that goes by this name, or alone begins with it."""
    chosen: dict[str, str] = {}
    for connection, accounts in found.items():
        whole = [name for name in accounts if name.casefold() == text.casefold()]
        begun = [name for name in accounts if name.casefold().startswith(text.casefold())]
        if fitting := whole or (begun if len(begun) == 1 else []):
            chosen[connection] = fitting[0]
    return chosen


def table(found: Linked, chosen: Mapping[str, str]) -> Table:
    """Every account, and which is used."""
    rows = []
    for connection, accounts in found.items():
        used = chosen.get(connection, accounts[0] if accounts else "")
        rows += [
            (Cell(text=connection, tone="dim"), Cell(text=name), Cell(text="used" if name == used else "", tone="good"))
            for name in accounts
        ]
    note = "" if rows else "Nothing is linked yet; what is needed is asked for when it is."
    return Table(columns=("Connection", "Account", ""), rows=tuple(rows), grow=1, note=note)


async def ending(valet: Valet) -> list[str]:
    """What a person is warned of: links that end within two days."""
    broker = valet.parts.broker
    if not isinstance(broker, Linking):
        return []
    grants = await asyncio.to_thread(broker.grants, valet.parts.user)
    now = valet.parts.now()
    return warnings(grants, now.timestamp(), valet.parts.zone)
