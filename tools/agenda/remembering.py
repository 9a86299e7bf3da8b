"""What is remembered of each calendar between two looks, packed. Law: what cannot be read is as if never written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import TypeVar

from pydantic import AwareDatetime, TypeAdapter

from tools.agenda.changes import Change, Seen
from tools.base import Memory
from tools.text.packing import packed, unpacked

VERSION = "1"
JOURNAL = f"changes {VERSION}"
KEPT_FOR = timedelta(days=30)
MOST_KEPT = 300
T = TypeVar("T")


@dataclass(frozen=True)
class Snapshot:
    """One calendar at one time: every occurrence in `[start, end)`; `token` is its syncToken, "" for none."""

    token: str
    at: AwareDatetime
    start: AwareDatetime
    end: AwareDatetime
    seen: tuple[Seen, ...]


@dataclass(frozen=True)
class Journal:
    """The changes told so far, and the keys of the conflicts they made; `since` is when the watching began."""

    since: AwareDatetime
    last: AwareDatetime
    changes: tuple[Change, ...] = ()
    clashes: tuple[str, ...] = ()

    def with_more(self, changes: list[Change], clashes: list[str], now: datetime) -> Journal:
        """The young ones of both, the newest last."""
        young = [one for one in (*self.changes, *changes) if one.at > now - KEPT_FOR]
        keys = dict.fromkeys((*self.clashes, *clashes))
        return Journal(self.since, now, tuple(young[-MOST_KEPT:]), tuple(list(keys)[-MOST_KEPT:]))


def snapshot(memory: Memory, calendar: str) -> Snapshot | None:
    return _read(memory, _key(calendar), _snapshots())


def keep_snapshot(memory: Memory, calendar: str, value: Snapshot) -> None:
    memory.put(_key(calendar), _packed(value, _snapshots()))


def journal(memory: Memory) -> Journal | None:
    return _read(memory, JOURNAL, _journals())


def keep_journal(memory: Memory, value: Journal) -> None:
    memory.put(JOURNAL, _packed(value, _journals()))


def _key(calendar: str) -> str:
    return f"calendar {VERSION} {calendar}"


@cache
def _snapshots() -> TypeAdapter[Snapshot]:
    return TypeAdapter(Snapshot)


@cache
def _journals() -> TypeAdapter[Journal]:
    return TypeAdapter(Journal)


def _packed(value: T, shape: TypeAdapter[T]) -> bytes:
    return packed(shape.dump_json(value, exclude_defaults=True))


def _read(memory: Memory, key: str, shape: TypeAdapter[T]) -> T | None:
    raw = memory.get(key)
    try:
        return shape.validate_json(unpacked(raw)) if raw else None
    except ValueError:
        return None
