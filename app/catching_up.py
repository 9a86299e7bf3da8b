"""Finishes what was approved and cut off. Law: only what the person said yes to, and each exactly once."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphs.effect import Carrier

if TYPE_CHECKING:
    from app.turn import Watcher
    from app.wiring import Valet
    from graphs.ledger import Effect


@dataclass(frozen=True)
class CaughtUp:
    """A row as it stands now, and how it stood before."""

    row: Effect
    before: str


async def catch_up(valet: Valet, watcher: Watcher) -> list[CaughtUp]:
    """Go on with every conversation that was cut off behind a yes, and look up what nobody knows the end of.

    What another process is at work on is left to it.
    """
    from app.locks import Busy
    from app.turn import carry_on

    open_rows = valet.parts.ledger.rows(valet.parts.user, "approved", "intended", "unknown")
    for thread in dict.fromkeys(row.proposal.thread for row in open_rows if row.stage != "unknown"):
        try:
            await carry_on(valet, thread, watcher)
        except Busy:
            continue
    return [await _settled(valet, row) for row in open_rows]


async def _settled(valet: Valet, row: Effect) -> CaughtUp:
    current = valet.parts.ledger.get(valet.parts.user, row.id) or row
    if current.stage in ("intended", "unknown"):
        await asyncio.to_thread(Carrier(valet.parts).carry_out, current)
        current = valet.parts.ledger.get(valet.parts.user, row.id) or row
    return CaughtUp(current, row.stage)
