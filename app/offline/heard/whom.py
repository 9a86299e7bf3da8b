"""Whom "him", "her", "them" and "both" stand for: who was named before, in this line or in the turn before.

Law: where nobody was, nobody is meant; a word for somebody is never taken for a name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.offline.clause import Clause
from app.offline.followup import author
from app.offline.lexicon import listed
from app.offline.thread import Thread

ONE = frozenset(listed("him her he she"))
SEVERAL = frozenset({"them", "they", "both", "both of them", "the two", "the two of them", "all of them", "them both"})
_ARGUMENTS = ("people", "to", "person", "sender")
_WRITTEN = frozenset({"mail", "message"})
_TURNS = 2  # so far back somebody may be meant


def meant(name: str, known: Sequence[str]) -> list[str]:
    """The names that this one stands for: itself, or those `known` where it is a word for somebody."""
    word = name.casefold()
    if word in ONE:
        return [*known[-1:]]
    return [*known] if word in SEVERAL else [name]


def known(before: Clause, thread: Thread, hand: Mapping[str, str]) -> list[str]:
    """Who was named: in the words before; else the author of what was opened last, or whom the calls before were
    about."""
    said = [one.name for one in before.people if one.sure and one.name.casefold() not in ONE | SEVERAL]
    return list(dict.fromkeys(said)) or lately(thread, hand)


def lately(thread: Thread, hand: Mapping[str, str]) -> list[str]:
    """Those of the last turns, the last the last: whom the calls were about, else who wrote what was opened."""
    found: list[str] = []
    for turn in thread.before[: -_TURNS - 1 : -1]:
        called = [name for past in turn.calls for name in _people(past.args)]
        opened = [ref for refs in turn.refs() for ref in refs if hand.get(ref.kind) == ref.handle]
        written = [" ".join(author(ref.label)) for ref in opened if ref.kind in _WRITTEN]
        guests = [one for ref in opened if ref.kind == "event" for one in ref.people]
        found = [*(called or [*filter(None, written), *guests]), *found]
    return list(dict.fromkeys(found))


def _people(args: Mapping[str, Any]) -> list[str]:
    """Whom a call names, without oneself."""
    values = [args[name] for name in _ARGUMENTS if args.get(name)]
    return [str(one) for value in values for one in (value if isinstance(value, list) else [value]) if one != "me"]
