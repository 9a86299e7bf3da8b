"""Writes down what comes in from outside, step by step. Law: it listens where no credential is.

Requests are heard before they are signed and answers after they are screened; of a lease it hears all but the token;
models, brokers and the ledger are heard at the seams of Parts. The clock stands still during a step.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from app.tapes.bodies import asked, plain_type, readable
from app.tapes.calls_told import Told
from app.tapes.hearing import HeardBroker, HeardLedger, HeardModels, Memories
from app.tapes.tape import Exchange, Named, Permission, Reply, Step, Tape
from auth.admission import Admitted
from auth.broker import Linking
from auth.errors import AuthError, Cancelled
from auth.wire import Answer
from graphs.parts import Parts

HEARD = ("content-type", "etag", "retry-after", "content-range", "range")
"""The headers of answers that are kept; by name, since others hold cookies and addresses that permit things."""


class Recorder:
    """Records one conversation, that of the tape's thread.

    `save` is called whenever the tape has grown in a way that must not be lost.
    """

    def __init__(self, tape: Tape, save: Callable[[Tape], None], clock: Callable[[], datetime] | None = None) -> None:
        """A tape that already has steps is gone on with, in a process of its own."""
        self.tape, self._save, self._clock = tape, save, clock
        self._lock = threading.RLock()
        self._step: Step | None = None
        self._anew = bool(tape.steps)
        self._exchanges: list[dict[str, Any]] = [e.model_dump(exclude_defaults=True) for e in tape.exchanges]
        self._now: datetime | None = None
        self._base: Callable[[], datetime] | None = None
        self._said: dict[tuple[str, str], dict[str, Any]] = {}
        self._after = 0
        self.memories = Memories()
        self.told = Told(call.id for step in tape.steps for call in step.calls)

    def parts(self, parts: Parts) -> Parts:
        """The same parts, listened to. Memory begins empty, so that a replay can begin with it too."""
        self._base = self._clock or parts.clock
        linking = parts.broker if isinstance(parts.broker, Linking) else None
        broker = HeardBroker(parts.broker, parts.consents, linking, self)
        ledger: Any = HeardLedger(parts.ledger, self)  # all of a Ledger, most of it handed through
        return replace(
            parts,
            models=HeardModels(parts.models, self),
            broker=broker,
            consents=broker,
            ledger=ledger,
            gateway=replace(parts.gateway, witness=self),
            memories=self.memories,
            clock=self.now,
        )

    def renew(self) -> None:
        """What comes next happens in a new process, which remembers nothing."""
        self.memories.forget()
        self._anew = True

    def now(self) -> datetime:
        """The time of the step; between steps, the real one."""
        if self._base is None:
            raise RuntimeError("the recorder listens to no parts yet")
        return self._now or self._base()

    def begin(self, **begun: Any) -> None:
        """A step begins; one that was left open has broken off."""
        with self._lock:
            self._close()
            self._now = None
            self._now = self.now()
            self._said, self._after = {}, 0
            self.told.begin()
            self._step = Step(at=self._now.isoformat(), ends="broken off", anew=self._anew, **begun)
            self._anew = False
            self._keep()

    def end(self, **known: Any) -> None:
        """The step is over."""
        with self._lock:
            self.add(**known)
            self._close()
            self._now = None
            self._keep()

    def add(self, **known: Any) -> None:
        """More is known of the step."""
        with self._lock:
            if self._step is not None:
                self._step = self._step.model_copy(update=known)

    def reply(self, reply: Reply) -> None:
        with self._lock:
            if self._step is not None:
                self.add(model=[*self._step.model, reply])

    def named(self, name: str, key: str) -> None:
        with self._lock:
            if self._step is not None:
                self.add(writes=[*self._step.writes, Named(id=name, key=key)])

    def permission(self, account: str, capability: str, outcome: dict[str, Any]) -> None:
        """A broker's answer, where it is another than before."""
        with self._lock:
            if self._step is None or self._said.get((account, capability)) == outcome:
                return
            self._said[(account, capability)] = outcome
            said = Permission(after=self._after, account=account, capability=capability, outcome=outcome)
            self.add(permissions=[*self._step.permissions, said])

    def settled(self, outcome: dict[str, Any] | None = None) -> None:
        """Brokers may answer otherwise from here on."""
        with self._lock:
            self._after += 1
            if outcome is not None and self._step is not None:
                self.add(settled=[*self._step.settled, outcome])

    def accounts(self, connection: str, names: list[str]) -> None:
        with self._lock:
            known = {**self.tape.accounts, connection: names}
            self.tape = self.tape.model_copy(update={"accounts": known})

    def passed(self, step: int, node: str) -> None:
        """A node began, in this super-step."""
        with self._lock:
            if self._step is not None:
                self.told.passed(step, node)
                self.add(path=self.told.path)

    def sent(self, admitted: Admitted) -> Callable[[Answer | AuthError], None]:
        """The gateway's witness. What is sent between steps, or on another thread, is not of this tape."""
        if self._step is None:
            return lambda answer: None
        kind = admitted.headers.get("content-type", "")
        heard: dict[str, Any] = {"step": len(self.tape.steps) + 1, "send": f"{admitted.method} {admitted.url}"}
        headers = asked(admitted.headers)
        heard |= {"headers": headers} if headers else {}
        body = readable(admitted.body, kind)
        heard |= {"body": body} if body is not None else {}
        with self._lock:
            self._exchanges.append(heard)
            if admitted.method != "GET":
                self._keep()  # it may change something, and the process may not live to tell

        def ended(answer: Answer | AuthError) -> None:
            with self._lock:
                heard.update(_heard(answer))

        return ended

    def _close(self) -> None:
        if self._step is not None:
            self.tape = self._whole()
            self._step = None

    def _whole(self) -> Tape:
        steps = [*self.tape.steps, *([self._step] if self._step else [])]
        exchanges = [Exchange(**e) for e in self._exchanges if e["step"] <= len(steps)]
        return self.tape.model_copy(update={"steps": steps, "exchanges": exchanges})

    def _keep(self) -> None:
        self._save(self._whole())


def _heard(answer: Answer | AuthError) -> dict[str, Any]:
    if isinstance(answer, Cancelled):
        return {}
    if isinstance(answer, AuthError):
        return {"fault": {"kind": type(answer).__name__, "what": str(answer)}}
    kind = answer.headers.get("content-type", "")
    got = {name: plain_type(answer.headers[name]) for name in HEARD if name in answer.headers}
    body = readable(answer.body, kind)
    return {"status": answer.status, "got": got} | ({"answer": body} if body is not None else {})
