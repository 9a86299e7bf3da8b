"""Reads values of a Slack export that may be anything: each answers something sound, whatever stands there."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

LONGEST_TEXT = 40_000
LATEST = 4_102_444_800  # seconds: the year 2100
TS = re.compile(r"^(\d{1,10})\.(\d{6})$")
ID = re.compile(r"^[A-Z][A-Z0-9]{1,20}$")


def text_of(value: object, longest: int = LONGEST_TEXT) -> str:
    """A text without what no database holds; "" for what is none."""
    if not isinstance(value, str):
        return ""
    return value.replace("\0", "").encode("utf-8", "replace").decode()[:longest]


def id_of(value: object) -> str:
    """A Slack id, or ""."""
    return value if isinstance(value, str) and ID.match(value) else ""


def ts_at(value: object) -> datetime | None:
    """The moment of a ts such as "1503435956.000247"; None when it is none."""
    found = TS.match(value) if isinstance(value, str) else None
    if not found or not 0 < int(found[1]) < LATEST:
        return None
    return datetime.fromtimestamp(int(found[1]), UTC).replace(microsecond=int(found[2]))


def created_at(value: object) -> datetime:
    """Seconds since the epoch, as channels have it; the epoch itself when it is not said."""
    seconds = value if isinstance(value, int) and 0 < value < LATEST else 0
    return datetime.fromtimestamp(seconds, UTC)


def table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def tables(value: object) -> Iterator[Mapping[str, Any]]:
    """The objects of a list."""
    if isinstance(value, list):
        yield from (row for row in value if isinstance(row, dict))


def ids(value: object) -> list[str]:
    """The ids of a list, each once."""
    return list(dict.fromkeys(filter(None, map(id_of, value)))) if isinstance(value, list) else []
