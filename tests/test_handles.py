"""Handles of a long thread: bounded, and a number stands for one thing for ever."""

from __future__ import annotations

from graphs.call import named
from graphs.state import KEPT_HANDLES, Handled, joined
from tools.base import Ref


def mails(first: int, count: int) -> tuple[Ref, ...]:
    return tuple(Ref(kind="mail", id=f"thread {n}") for n in range(first, first + count))


def test_the_newest_of_each_kind_are_known_and_no_number_is_given_twice() -> None:
    known: dict[str, Handled] = {"event:1": Handled(id="an event", label="")}
    for first in range(0, KEPT_HANDLES + 40, 20):
        _, fresh = named(mails(first, 20), ("mail",), known)
        known = joined(known, fresh)
    assert len(known) == KEPT_HANDLES + 1
    assert "event:1" in known
    assert "mail:40" not in known
    assert known["mail:41"]["id"] == "thread 40"
    name, fresh = named(mails(0, 1), ("mail",), known)
    assert name(mails(0, 1)[0]) == f"mail:{KEPT_HANDLES + 41}"
    assert list(fresh) == [f"mail:{KEPT_HANDLES + 41}"]
