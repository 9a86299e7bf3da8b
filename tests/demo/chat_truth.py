"""What is true of the seeded Slack: tests/data/seed_actions.toml, resolved for a day.

Written by hand beside the data; only tests read it.
"""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from app.demo.seed.chats import everything_said
from app.demo.seed.chats_team import team
from app.demo.seed.days import Days

SOURCE = Path(__file__).parent.parent / "data" / "seed_actions.toml"


@dataclass(frozen=True)
class Told:
    """One message; see the head of seed_actions.toml. `channel` and `ts` are Slack's, `who` are keys of the cast.

    `due` is the end of the day when only a day is named (`whole_day`).
    """

    name: str
    channel: str
    ts: str
    asker: str
    kind: Literal["request", "commitment", "question", "decision", "none"]
    action: bool
    who: tuple[str, ...] = ()
    what: tuple[str, ...] = ()
    state: Literal["open", "done", ""] = ""
    due: datetime | None = None
    whole_day: bool = False
    same_as: str = ""
    mentions: Literal["me", "group", "all", ""] = ""
    why: str = ""
    unclear: bool = False


def told(today: date, zone: str) -> list[Told]:
    """Every message whose truth is known. KeyError for a name that is not in the data."""
    days = Days(today, zone)
    said = {found.name: found for found in everything_said(days) if found.name}
    found = []
    for row in tomllib.loads(SOURCE.read_text("utf-8"))["chat"]:
        message = said[row["name"]]
        place = team().places[message.place].id
        found.append(Told(**_resolved(dict(row), days), channel=place, ts=message.ts, asker=message.who))
    return found


def _resolved(row: dict[str, Any], days: Days) -> dict[str, Any]:
    due, zone = row.pop("due", ""), row.pop("deadline_zone", days.zone)
    row |= {name: tuple(row.get(name, ())) for name in ("who", "what")}
    if not due:
        return row
    day, _, hour = due.partition(" ")
    moment = datetime.combine(days.on(day), time.fromisoformat(hour or "23:59"), ZoneInfo(zone))
    return row | {"due": moment, "whole_day": not hour}
