"""Reads many things of the mailbox at once: concurrent batches, failed parts asked again, the rest named.

Law: at most IN_FLIGHT requests are under way; nothing is invented for what could not be read.
"""

import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from tools.base import Progress
from tools.clients import Begun, Overlapping, Reply, Transport, Warming, google_error
from tools.errors import AccessRefused, NotFound, RateLimited, ServiceDown, ToolError, Unreadable
from tools.mail import batch

IN_FLIGHT = 50
BATCHES = 3
"""Under way at once. More would be answered a little sooner, and each costs about a millisecond of the processor's."""
ROUNDS = 4
FIRST_PAUSE = 0.4
LONGEST_PAUSE = 5.0
SERVICE = "Gmail"

Pause = Callable[[float], None]
Outcome = dict[str, Any] | ToolError
"""What one request came to: the object, or why there is none."""


@dataclass
class Fetched:
    """What was read, by path, and for the rest why it was not."""

    found: dict[str, dict[str, Any]] = field(default_factory=dict)
    failed: dict[str, ToolError] = field(default_factory=dict)


def expect(transport: Transport, count: int) -> None:
    """So many things are likely to be read next: the connections for them are opened while something else is asked."""
    if isinstance(transport, Warming) and count > 1:
        transport.warm(batch.BATCH_URL, min(BATCHES, count))


def get_all(
    transport: Transport, paths: Sequence[str], progress: Progress, *, what: str, pause: Pause = time.sleep
) -> Fetched:
    """GET every path. A part that fails in passing is asked again, ROUNDS times in all, with growing pauses.

    Raises AccessRefused when the permission does not reach, and the last error when nothing at all could be read
    for a reason other than being gone.
    """
    fetched = Fetched()
    pending = list(dict.fromkeys(paths))
    for attempt in range(ROUNDS):
        if attempt:
            wait = _wait(fetched, pending, attempt)
            if wait is None:
                break
            pause(wait)
        pending = _round(transport, pending, fetched, lambda done: progress(done, len(paths), what))
        if not pending:
            break
    fetched.found = {path: fetched.found[path] for path in paths if path in fetched.found}  # as asked, not as answered
    failures = [error for error in fetched.failed.values() if not isinstance(error, NotFound)]
    if failures and not fetched.found:
        raise failures[-1]
    return fetched


def _round(transport: Transport, paths: list[str], fetched: Fetched, told: Callable[[int], None]) -> list[str]:
    """Ask for the paths once; answer those worth asking for again."""
    again: set[str] = set()
    with closing(_asked(transport, chunked(paths))) as answers:
        for chunk, outcomes in answers:
            for path, outcome in zip(chunk, outcomes, strict=True):
                _sort(path, outcome, fetched, again)
            told(len(fetched.found))
    return [path for path in paths if path in again]


def _asked(transport: Transport, chunks: Iterable[list[str]]) -> Generator[tuple[list[str], list[Outcome]], None, None]:
    """What each batch came to, as their answers come. The next one is asked for before an answer is looked into."""
    overlapping = transport if isinstance(transport, Overlapping) else None  # asked once: it takes a while
    flight = Flight(transport, overlapping, deque(chunks))
    try:
        while flight.fill():
            chunk, answered = flight.landed()
            flight.fill()
            yield chunk, _outcomes(answered, len(chunk))
    finally:
        flight.drop()


@dataclass
class Flight:
    """The batches that wait and those under way, by one thread: to read answers in several costs more than it gains."""

    transport: Transport
    overlapping: Overlapping | None
    waiting: deque[list[str]]
    flying: list[tuple[list[str], Begun]] = field(default_factory=list)

    def fill(self) -> bool:
        """Ask for as many as may be under way together; whether any is."""
        while self.waiting and sum(len(chunk) for chunk, _ in self.flying) + len(self.waiting[0]) <= IN_FLIGHT:
            chunk = self.waiting.popleft()
            self.flying.append((chunk, self._begun(batch.request(chunk))))
        return bool(self.flying)

    def _begun(self, asked: dict[str, Any]) -> Begun:
        return self.overlapping.begin(**asked) if self.overlapping else _Later(partial(self.transport.request, **asked))

    def landed(self) -> tuple[list[str], Reply | OSError]:
        """The batch whose answer comes first."""
        begun = [one for _, one in self.flying]
        first = self.overlapping.soonest(begun) if self.overlapping else begun[0]
        chunk, _ = self.flying.pop(begun.index(first))
        try:
            return chunk, first.answer()
        except OSError as error:
            return chunk, error

    def drop(self) -> None:
        """Where one fails, the rest is not waited for."""
        for _, begun in self.flying:
            begun.drop()


@dataclass(frozen=True, eq=False)
class _Later:
    """A request over a transport that can have but one under way: it is sent when its answer is asked for."""

    answer: Callable[[], Reply]

    def drop(self) -> None:
        """It was never sent."""


def chunked(paths: list[str]) -> Iterator[list[str]]:
    """Batches of near-equal size, BATCHES of them together within IN_FLIGHT; one is never larger than that which stands
    BATCHES before it, and follows it where they are answered in turn."""
    for start in range(0, len(paths), IN_FLIGHT):
        window = paths[start : start + IN_FLIGHT]
        size, larger = divmod(len(window), min(BATCHES, len(window)))
        at = 0
        while at < len(window):
            step = size + (1 if larger > 0 else 0)
            larger -= 1
            yield window[at : at + step]
            at += step


def _outcomes(answered: Reply | OSError, count: int) -> list[Outcome]:
    """Of one batch: for each path the object, or why there is none."""
    if isinstance(answered, OSError):
        return [ServiceDown(f"{SERVICE} did not answer: {answered}.", "Try again in a minute.")] * count
    reply = batch.reply_of(answered, count)
    if reply.status != 200:
        return [google_error(reply.status, reply.headers, reply.body, service=SERVICE)] * count
    return [_outcome(part) for part in reply.parts]


def _outcome(part: batch.PartReply | None) -> Outcome:
    if part is None:
        return ServiceDown(f"{SERVICE} broke off its answer.", "Try again in a minute.")
    if part.status != 200:
        return google_error(part.status, part.headers, part.body, service=SERVICE)
    return part.json() or Unreadable(f"{SERVICE} sent an answer that cannot be read.", "Try again in a minute.")


def _sort(path: str, outcome: Outcome, fetched: Fetched, again: set[str]) -> None:
    if isinstance(outcome, AccessRefused):
        raise outcome
    if isinstance(outcome, ToolError):
        fetched.failed[path] = outcome
        if isinstance(outcome, RateLimited | ServiceDown | Unreadable):
            again.add(path)
        return
    fetched.failed.pop(path, None)
    fetched.found[path] = outcome


def _wait(fetched: Fetched, pending: list[str], attempt: int) -> float | None:
    """Seconds until the next round; None when the service wants a longer pause than is worth waiting for."""
    asked = [error.seconds or 0.0 for path in pending if isinstance(error := fetched.failed[path], RateLimited)]
    if asked and min(asked) > LONGEST_PAUSE:
        return None
    own: float = FIRST_PAUSE * 2 ** (attempt - 1)
    return max([own, *(seconds for seconds in asked if seconds <= LONGEST_PAUSE)])
