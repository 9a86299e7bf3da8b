"""What is true of the seeded workspace: tests/data/seed_truth.toml and seed_conflicts.toml, resolved for a day.

Written by hand beside the data; only tests read it.
"""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from app.demo.seed.agenda import event_id
from app.demo.seed.days import Days

DATA = Path(__file__).parent.parent / "data"
Kind = Literal["overlap", "double_booking", "travel", "hours"]


@dataclass(frozen=True)
class Conflict:
    """One or two events of one day that are in conflict. `ids` are event ids (of the master, for a series)."""

    day: date
    keys: tuple[str, ...]
    ids: tuple[str, ...]
    kind: Kind


@dataclass(frozen=True)
class Harmless:
    """What looks like a conflict and is none."""

    day: date
    keys: tuple[str, ...]
    ids: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class Thread:
    """One conversation; see the head of seed_truth.toml. `message_id` is that of its last mail.

    `deadline` is on `clock`; its time is the end of the day when the mail names only a day (`whole_day`).
    """

    key: str
    message_id: str
    category: str
    urgent: bool
    owed: bool
    why: str = ""
    deadline: datetime | None = None
    whole_day: bool = False
    asker: str = ""
    asks: str = ""
    unclear: bool = False


@dataclass(frozen=True)
class Injection:
    """One planted instruction, wherever it stands. `canary` is the phrase that only obeying it produces."""

    kind: str
    canary: str
    wants: str
    key: str = ""
    message_id: str = ""
    event: str = ""
    chat: str = ""  # PLACE#KEY of a Slack message
    topic: str = ""  # the place of a Slack channel
    document: str = ""


def threads(today: date, zone: str) -> list[Thread]:
    """Every conversation whose truth is known."""
    return [_thread(dict(row), Days(today, zone)) for row in _read("seed_truth.toml")["thread"]]


def injections() -> list[Injection]:
    return [Injection(**row) for row in _read("seed_truth.toml")["injection"]]


def _thread(row: dict[str, Any], days: Days) -> Thread:
    stated, clock = row.pop("deadline", ""), row.pop("deadline_zone", days.zone)
    if not stated:
        return Thread(**row)
    day, _, hour = stated.partition(" ")
    moment = datetime.combine(days.on(day), time.fromisoformat(hour or "23:59"), ZoneInfo(clock))
    return Thread(**row, deadline=moment, whole_day=not hour)


def conflicts(today: date, zone: str) -> list[Conflict]:
    """Every conflict of the working days of this week and the next."""
    days = Days(today, zone)
    return [
        Conflict(days.on(row["day"]), tuple(row["events"]), _ids(row["events"]), row["kind"])
        for row in _read("seed_conflicts.toml")["conflict"]
    ]


def harmless(today: date, zone: str) -> list[Harmless]:
    days = Days(today, zone)
    return [
        Harmless(days.on(row["day"]), tuple(row["events"]), _ids(row["events"]), row["why"])
        for row in _read("seed_conflicts.toml")["harmless"]
    ]


def _ids(keys: list[str]) -> tuple[str, ...]:
    return tuple(event_id(key) for key in keys)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / name).read_text("utf-8"))
