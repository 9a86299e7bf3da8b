"""Gives what a tape holds to whoever asks, step by step. Law: what the tape does not hold is never made up.

What was asked for and not there, and what was there and not asked for, is kept in `problems`.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.tapes.bodies import asked, raw, readable
from app.tapes.permissions import lively
from app.tapes.tape import Exchange, Fault, Named, Permission, Reply, Step, Tape
from app.tapes.tape_error import BrokenOff, Unexpected
from auth import errors
from auth.capability import Capability
from auth.errors import AuthError
from auth.wire import Answer


class Player:
    """Plays one tape. Safe to use from many threads.

    `near`: a request that is not on it as it is has the answer to the next one to the same place.
    """

    def __init__(self, tape: Tape, near: bool = False) -> None:
        self.tape = tape
        self._near = near
        self.problems: list[str] = []
        self._lock = threading.Lock()
        self._number = 0
        self._replies: list[Reply] = []
        self._names: list[Named] = []
        self._settled: list[dict[str, Any]] = []
        self._open: list[Exchange] = []
        self._after = 0
        self._step = Step(at="0001-01-01T00:00:00+00:00", carries_on=True, ends="answered")

    def enter(self, number: int, step: Step) -> None:
        """The step of this number begins; the first is 1."""
        self._number, self._step, self._after = number, step, 0
        self._replies, self._names, self._settled = [*step.model], [*step.writes], [*step.settled]
        self._open = [e for e in self.tape.exchanges if e.step == number]

    def leave(self) -> None:
        """The step is over: what nobody asked for is a problem, unless the recorded run broke off."""
        if self._step.ends == "broken off":
            return
        self._problem(*(f"recorded, and not sent: {_shown(e)}" for e in self._open))
        self._problem(*(f"recorded, and no model was asked for it: {r.text[:80]!r}" for r in self._replies))
        self._problem(*(f"recorded, and not proposed: the write {named.id}" for named in self._names))

    def done(self) -> None:
        """The step is over, and only the model was the tape's."""
        self._problem(*(f"recorded, and no model was asked for it: {r.text[:80]!r}" for r in self._replies))

    def now(self) -> datetime:
        return datetime.fromisoformat(self._step.at)

    def reply(self) -> Reply:
        """What the model says next. Raises Unexpected, BrokenOff."""
        with self._lock:
            return self._replies.pop(0) if self._replies else self._missing("a model is asked once more than recorded")

    def name(self) -> tuple[str, str]:
        """Id and key of the next write. Raises Unexpected, BrokenOff."""
        with self._lock:
            found = self._names.pop(0) if self._names else self._missing("a write is proposed that was not recorded")
        return found.id, found.key or hashlib.sha256(found.id.encode()).hexdigest()[:32]

    def permission(self, user: str, account: str, capability: Capability, asking: str = "") -> Any:
        """What was said of this capability at this point. Raises Unexpected, BrokenOff."""
        name = f"{asking}{capability.name}"
        with self._lock:
            said = [p for p in self._step.permissions if (p.account, p.capability) == (account, name)]
            before = [p for p in said if p.after <= self._after] or said[:1]
            found: Permission = before[-1] if before else self._missing(f"the permission {name} was not asked for")
        return lively(found.outcome, user, capability)

    def settled(self, asking: str = "") -> Any:
        """How a question ended, "" for what was none."""
        with self._lock:
            self._after += 1
            if not asking:
                return None
            found = next((s for s in self._settled if s["asking"] == asking), None)
            if found is None:
                found = self._missing(f"the question {asking} was not settled")
            self._settled.remove(found)
        return lively({k: v for k, v in found.items() if k != "asking"}, self.tape.user)

    def answer(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        """The recorded answer to this request. Raises what was raised then, Unexpected, BrokenOff."""
        wanted = {
            "send": f"{method} {url}",
            "headers": asked(headers),
            "body": readable(body, headers.get("content-type", "")),
        }
        with self._lock:
            key = _key(wanted)
            like = self._like(wanted)
            found = next((e for e in self._open if _key(e.asks()) == key), like if self._near else None)
            if found is None:
                beside = f"\n    the recorded one: {_key(like.asks())[:400]}" if like else ""
                found = self._missing(f"sent, and not recorded: {wanted['send'][:200]} {key[:400]}{beside}")
            self._open.remove(found)
        if found.fault is not None:
            raise _fault(found.fault)
        if found.status is None:
            raise BrokenOff
        return Answer(found.status, found.got, raw(found.answer))

    def _like(self, wanted: dict[str, Any]) -> Exchange | None:
        """The next exchange with the same place."""
        place = wanted["send"].partition("?")[0]
        return next((e for e in self._open if e.send.partition("?")[0] == place), None)

    def _missing(self, what: str) -> Any:
        if self._step.raised:
            what = f"the recorded run was ended by a bug ({self._step.raised}), and this one goes on: {what}"
        elif self._step.ends == "broken off":
            raise BrokenOff
        self._problem(what)
        raise Unexpected(f"step {self._number}: {what}")

    def _problem(self, *whats: str) -> None:
        self.problems += [f"step {self._number}: {what}" for what in whats]


def _key(wanted: dict[str, Any]) -> str:
    return json.dumps(wanted, sort_keys=True, ensure_ascii=False)


def _shown(exchange: Exchange) -> str:
    return exchange.send[:200]


def _fault(fault: Fault) -> AuthError:
    kind = getattr(errors, fault.kind, errors.Unreachable)
    raised: AuthError = kind(fault.what)
    return raised
