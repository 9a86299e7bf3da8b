"""What a score is made of: one mark for each thing that was right or wrong, and how claims are held to their source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.scored.corpus import ZONE, moment, tuned
from tools.mail.digest import Due

_WORD = re.compile(r"\w+")
_CUT = re.compile(r"…|\.\.\.|\s[·|—]\s|[“”]|\n|(?<=[.!?:])\s+")


@dataclass(frozen=True)
class Mark:
    """Whether one thing is right by one measure. The half it counts in is that of its `key`."""

    measure: str
    key: str
    right: bool
    why: str = ""

    @property
    def tuned(self) -> bool:
        return tuned(self.key)


def words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def holds(text: str, wanted: str) -> bool:
    """Whether the words stand in the text, one after the other."""
    return f" {' '.join(words(wanted))} " in f" {' '.join(words(text))} "


def invented(claim: str, sources: Sequence[str]) -> list[str]:
    """The pieces of a claim, between its cuts and its sentences' ends, that stand in no source as they are."""
    pieces = [piece for piece in _CUT.split(claim) if words(piece)]
    return [piece for piece in pieces if not any(holds(source, piece) for source in sources)]


def faithful(measure: str, key: str, claims: Iterable[str], sources: Sequence[str]) -> Iterator[Mark]:
    """A mark for each claim: whether it stands in its source."""
    for claim in claims:
        if claim:
            strange = invented(claim, sources)
            yield Mark(measure, key, not strange, f"not in the source: {strange}")


def due_is(due: Due | None, stated: str) -> bool:
    """Whether a deadline is the one stated: to the minute where an hour is named, else to the day; "" for none."""
    if not stated or due is None:
        return not stated and due is None
    if " " in stated:
        return due.at == moment(stated)
    local = due.at.astimezone(ZONE)
    days = {local.date(), (local - timedelta(minutes=1)).date()} if due.before else {local.date()}
    return moment(stated).date() in days


def said_due(due: Due | None) -> str:
    return f"{due.at.astimezone(ZONE):%Y-%m-%d %H:%M} ({due.phrase!r})" if due else "none"


def is_past(due: Due | None, now: datetime) -> bool:
    return due is not None and due.at < now
