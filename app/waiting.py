"""What waits for a decision, card by card. Law: in the order of the cards themselves, whoever asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.wiring import Valet
    from graphs.ledger import Effect

LAPSED = "{id}  {title}  (expired without an answer: ask for it again, and it will be shown anew)"


async def cards(valet: Valet) -> list[list[Effect]]:
    """The writes of each card, the oldest card first."""
    from app.turn import on_card

    now = valet.parts.now()
    rows = [row for row in reversed(valet.parts.ledger.rows(valet.parts.user, "proposed")) if row.waits(now)]
    found = []
    for thread in dict.fromkeys(row.proposal.thread for row in rows):
        place = {name: number for number, name in enumerate(await on_card(valet, thread))}
        own = [row for row in rows if row.proposal.thread == thread]
        found.append(sorted(own, key=lambda row: place.get(row.id, len(place))))
    return found


def lapsed(valet: Valet, days: int = 7) -> list[str]:
    """A line for each write of these last days that nobody decided about in time."""
    now, ledger = valet.parts.now(), valet.parts.ledger
    rows = [row for row in ledger.rows(valet.parts.user, "proposed") if not row.waits(now)]
    recent = [row for row in rows if (now - row.expires).days < days]
    return [LAPSED.format(id=row.id, title=row.proposal.plan.title) for row in recent]
