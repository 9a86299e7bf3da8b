"""What filing is in a person's words: where mails go, what is put on them and taken off, and which they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tools.text.characters import cut
from tools.write import Row

NAMED = 3
SUBJECT = 60
_INTO = {"INBOX": "into the inbox", "TRASH": "into the bin", "SPAM": "into spam"}
_OUT_OF = {"INBOX": "out of the inbox", "TRASH": "out of the bin", "SPAM": "out of spam"}
_FROM = {"INBOX": "from the inbox", "TRASH": "from the bin", "SPAM": "from spam"}
_ON = {"UNREAD": "marked as unread", "STARRED": "starred", "IMPORTANT": "marked as important"}
_OFF = {"UNREAD": "marked as read", "STARRED": "star taken off", "IMPORTANT": "no longer marked as important"}
AS_THEY_ARE = "nothing changes"


@dataclass(frozen=True)
class Moved:
    """One conversation on a card: its name, how many of its mails it is about, and the label ids that come and go."""

    subject: str
    sender: str
    mails: int
    add: frozenset[str] = frozenset()
    remove: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        return f"“{cut(self.subject, SUBJECT)}” from {self.sender}"

    @property
    def line(self) -> str:
        count = f", {self.mails} mails" if self.mails > 1 else ""
        return f"“{self.subject}” from {self.sender}{count}"


def said(add: Iterable[str], remove: Iterable[str], names: Mapping[str, str]) -> str:
    """A change of labels, as in "from the bin into the inbox, marked as unread". `names` are of labels by id."""
    come, go = set(add), set(remove)
    places_in = [one for one in _INTO if one in come]
    places_out = [one for one in _OUT_OF if one in go]
    if places_in and places_out:
        parts = [f"{' and '.join(_FROM[one] for one in places_out)} {' and '.join(_INTO[one] for one in places_in)}"]
    else:
        parts = [_INTO[one] for one in places_in] + [_OUT_OF[one] for one in places_out]
    parts += sorted(_ON.get(one) or f"label “{names.get(one, one)}” put on" for one in come - {*_INTO})
    parts += sorted(_OFF.get(one) or f"label “{names.get(one, one)}” taken off" for one in go - {*_OUT_OF})
    return ", ".join(parts) or AS_THEY_ARE


def rows(moved: Sequence[Moved], names: Mapping[str, str]) -> tuple[Row, ...]:
    """Every conversation, under what becomes of it."""
    groups: dict[str, list[Moved]] = {}
    for one in moved:
        groups.setdefault(said(one.add, one.remove, names), []).append(one)
    return tuple(_row(change, some) for change, some in groups.items())


def _row(change: str, moved: Sequence[Moved]) -> Row:
    if len(moved) == 1:
        return Row(label="conversation", value=f"{moved[0].line}: {change}")
    lines = "\n".join(one.line for one in moved)
    return Row(label=f"{len(moved)} conversations", value=f"{change}:\n{lines}")


def which(moved: Sequence[Moved]) -> str:
    """The first by its name, the rest by their number."""
    return few([one.name for one in moved], 1)


def few(names: Sequence[str], most: int = NAMED) -> str:
    """These names, bounded: as in "a, b, c and 12 others"."""
    if len(names) <= most:
        return " and ".join([", ".join(names[:-1])] * (len(names) > 1) + [*names[-1:]])
    left = len(names) - most
    return f"{', '.join(names[:most])} and {left} other{'' if left == 1 else 's'}"
