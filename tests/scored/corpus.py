"""Where the scored material lies, the moment it is read at, and which half of it may be tuned on."""

from __future__ import annotations

import hashlib
import tomllib
from datetime import datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

DATA = Path(__file__).parent.parent / "data" / "scored"
ZONE = ZoneInfo("Europe/Vienna")
NOW = datetime(2026, 5, 7, 9, 15, tzinfo=ZONE)  # a Thursday
OWNER, NAME = "mara.lindqvist@amfluss-dental.example", "Mara Lindqvist"


def tuned(key: str) -> bool:
    """Whether the tools may be tuned on it; the other half is only scored. Stable: a hash of the key.

    The salt was chosen, before anything was tuned, so that both halves hold about as many of each thing.
    """
    return hashlib.sha256(f"274 {key}".encode()).digest()[0] % 2 == 0


def table(*parts: str) -> dict[str, Any]:
    """One TOML file of the material."""
    return tomllib.loads(DATA.joinpath(*parts).read_text("utf-8"))


def moment(stated: str) -> datetime:
    """ "2026-05-04 09:10" or "2026-05-04", which is its midnight, on the owner's clock."""
    day, _, clock = stated.partition(" ")
    return datetime.combine(datetime.fromisoformat(day), time.fromisoformat(clock or "00:00"), ZONE)
