"""`valet usage`: what models used, by day or by the turns of a thread, and what is left of the day."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app import setting_rows
from app.settings import Settings, load

if TYPE_CHECKING:
    from app.usage import Used
    from tools.view import Table


def usage(
    days: Annotated[int, typer.Option("--days", min=1, max=3660, help="How many days back.")] = 7,
    thread: Annotated[str, typer.Option("--thread", metavar="ID", help="The turns of this conversation.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """What requests to models used: tokens, and cost where VALET_MODEL_PRICES names prices."""
    settings = load(cwd=Path.cwd())
    prices, limit = (
        setting_rows.prices(settings.named("VALET_MODEL_PRICES")),
        int(settings.named("VALET_TOKENS_PER_DAY")),
    )
    found, today = _read(settings, days, thread)
    if as_json:
        rows = [{**asdict(used), "cost": used.cost(prices)} for used in found]
        told = {"used": rows, "today": today, "day_limit": limit}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    from app.screen import terminal

    terminal(settings.colour).show([_table(found, prices, "Turn" if thread else "Day", _note(found, today, limit))])


def _read(settings: Settings, days: int, thread: str) -> tuple[list[Used], int]:
    """What was used, and the tokens of today. Nothing is made where nothing was kept."""
    from app.storage import DATABASE, connector
    from app.usage import StoredUsage
    from app.wiring import clock_of, local_user

    today = clock_of(settings)().astimezone(settings.zone).date()
    if not (settings.home / DATABASE).exists():
        return [], 0
    with closing(connector(settings.home / DATABASE)()) as connection:
        kept = StoredUsage(connection, threading.Lock(), local_user())
        return kept.turns(thread) if thread else kept.days(today, days), kept.on(today)


def _cost(used: Used, prices: Mapping[str, tuple[float, float]]) -> str:
    cost = used.cost(prices)
    return "–" if cost is None else f"{cost:.4f}"


def _table(found: list[Used], prices: Mapping[str, tuple[float, float]], of: str, note: str) -> Table:
    from tools.view import Table, cells

    rows = tuple(
        cells((used.of, used.model, str(used.requests), f"{used.sent:,}", f"{used.received:,}", _cost(used, prices)))
        for used in found
    )
    return Table(columns=(of, "Model", "Requests", "Sent", "Received", "Cost"), rows=rows, grow=1, note=note)


def _note(found: list[Used], today: int, limit: int) -> str:
    left = f"{max(0, limit - today):,} of {limit:,} tokens are left today." if limit else f"Today: {today:,} tokens."
    if not found:
        return f"No model was asked; the offline planner costs nothing. {left}"
    guessed = sum(used.estimated for used in found)
    return left + (f" {guessed} requests are estimated: the endpoint did not count." if guessed else "")
