"""The people of the demo data: the cast (cast.toml) and whoever else writes (senders.toml)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

OWNER = "alex"


@dataclass(frozen=True)
class Figure:
    """Somebody who writes or is invited: who they are, where they sit ("" = where the owner does), how they write."""

    key: str
    name: str
    address: str
    client: str = "plain"
    role: str = ""
    voice: str = ""
    signature: str = ""
    zone: str = ""
    language: str = "en"
    working: tuple[str, str] = ("09:00", "17:30")
    category: str = "personal"

    @property
    def domain(self) -> str:
        return self.address.partition("@")[2]


@cache
def cast() -> Mapping[str, Figure]:
    """The people with a part of their own, by key."""
    return _figures("cast.toml")


@cache
def senders() -> Mapping[str, Figure]:
    """Everybody who can write or be written to, by key."""
    return {**cast(), **_figures("senders.toml")}


def colleagues() -> list[Figure]:
    """The cast at the owner's company, the owner left out."""
    home = cast()[OWNER].domain
    return [figure for figure in cast().values() if figure.domain == home and figure.key != OWNER]


def _figures(name: str) -> dict[str, Figure]:
    tables = tomllib.loads((files("app.demo") / "data" / name).read_text("utf-8"))
    return {key: _figure(key, table) for key, table in tables.items()}


def _figure(key: str, table: dict[str, Any]) -> Figure:
    start, end = table.pop("working", ("09:00", "17:30"))
    return Figure(key=key, working=(start, end), **table)
