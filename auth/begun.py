"""A call under way, from its first attempt to the answer a tool is given. Law: a write is sent once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from auth.admission import Admitted
from auth.cut import STOPPED
from auth.errors import AuthError, Cancelled, TooSlow, Unreachable
from auth.lease import Lease
from auth.screening import Screened, is_batch, screened
from auth.underway import Answer, Sending

if TYPE_CHECKING:
    from auth.gateway import SignedTransport

REPEATABLE = frozenset({429, 500, 502, 503, 504})
ATTEMPTS = 3
FIRST_PAUSE = 0.3
LONGEST_PAUSE = 5.0


@dataclass(eq=False)
class Attempt:
    """A request that was sent once."""

    _transport: SignedTransport
    _operation: str
    _lease: Lease = field(repr=False)
    sending: Sending
    _ended: Callable[[Answer | AuthError], None]

    def screened(self) -> Screened:
        """Its answer, as a tool may see it. Raises AuthError."""
        outcome = "no answer"
        try:
            answer = self.sending.answer()
            outcome = str(answer.status)
        except AuthError as error:
            self._ended(error)
            raise
        finally:
            self._transport.note(self._lease, self._operation, outcome)
        shown = screened(answer, self._lease, whole=self._transport.whole)
        self._ended(shown.answer)
        return shown

    def drop(self) -> None:
        """Nobody waits for its answer."""
        self.sending.drop()
        self._transport.note(self._lease, self._operation, "no answer")
        self._ended(Cancelled(STOPPED))


@dataclass(eq=False)
class Begun:
    """A request under way, with the attempts that may follow. One of `answer` and `drop` is called, once."""

    _transport: SignedTransport
    _admitted: Admitted
    _target: str = field(repr=False)
    _lease: Lease = field(repr=False)
    attempt: Attempt
    _attempts: int

    def answer(self) -> Answer:
        """As `SignedTransport.request` has it."""
        transport, lease = self._transport, self._lease
        answer, dead = self._persist(self.attempt)
        if not dead or lease.token is None:
            return answer
        transport.cut.pause(0)
        fresh = transport.renewed(lease)
        if fresh is None or (is_batch(answer) and transport.capability.effect != "read"):
            return answer  # another part of a batch may have been written
        self._lease = fresh
        return self._persist(self._again()).answer

    def drop(self) -> None:
        """Nobody waits for the answer any more."""
        self.attempt.drop()

    def _again(self) -> Attempt:
        return self._transport.attempt(self._admitted, self._target, self._lease)

    def _persist(self, attempt: Attempt) -> Screened:
        for number in range(1, self._attempts + 1):
            last = number == self._attempts
            wait: float | None
            try:
                shown = attempt.screened()
            except (TooSlow, Unreachable):
                if last:
                    raise
                wait = FIRST_PAUSE * 2 ** (number - 1)
            else:
                wait = _pause_before_next(shown.answer, number)
                if last or wait is None:
                    return shown
            self._transport.cut.pause(wait)
            attempt = self._again()
        raise AssertionError("the last attempt returns or raises")


def _pause_before_next(answer: Answer, attempt: int) -> float | None:
    """Seconds to wait before a repeat, None where the answer stands."""
    if answer.status not in REPEATABLE:
        return None
    asked = answer.headers.get("retry-after", "")
    stated = asked.isascii() and asked.isdigit()  # "²" is a digit too, and no number
    wait = float(asked) if stated else FIRST_PAUSE * 2 ** (attempt - 1)
    return wait if wait <= LONGEST_PAUSE else None
