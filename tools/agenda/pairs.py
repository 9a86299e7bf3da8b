"""Which events were last told to be in conflict, by their keys: who opens one of two is told of the other.

Law: only keys are kept; what is told of an event is read again.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from pydantic import TypeAdapter

from tools.agenda.conflicts import Conflict
from tools.base import Memory

KEY = "pairs 1"
MOST = 60
TOLD = 3
"""So many others are told of one event."""
Pairs = tuple[tuple[str, str], ...]


def keep(memory: Memory, conflicts: Iterable[Conflict]) -> None:
    """In place of what was kept before."""
    pairs = tuple((one.first.key, one.second.key) for one in conflicts if one.second)[:MOST]
    memory.put(KEY, _shape().dump_json(pairs))


def others(memory: Memory, key: str) -> list[str]:
    """The keys of the events that were told to be in conflict with this one."""
    raw = memory.get(KEY)
    try:
        pairs = _shape().validate_json(raw) if raw else ()
    except ValueError:
        return []
    found = [second if key == first else first for first, second in pairs if key in (first, second)]
    return list(dict.fromkeys(found))[:TOLD]


@cache
def _shape() -> TypeAdapter[Pairs]:
    return TypeAdapter(Pairs)
