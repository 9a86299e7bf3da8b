"""Reads many things of the mailbox at once: concurrent batches, failed parts asked again, the rest named.

Law: at most IN_FLIGHT requests are under way; nothing is invented for what could not be read.
"""

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

from tools.base import Progress
from tools.clients import Transport, Warming, google_error
from tools.errors import AccessRefused, NotFound, RateLimited, ServiceDown, ToolError, Unreadable
from tools.mail import batch

IN_FLIGHT = 50
BATCHES = 3
"""Under way at once. More would be answered a little sooner, and cost a fifth more of the processor's time."""
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
    failures = [error for error in fetched.failed.values() if not isinstance(error, NotFound)]
    if failures and not fetched.found:
        raise failures[-1]
    return fetched


def _round(transport: Transport, paths: list[str], fetched: Fetched, told: Callable[[int], None]) -> list[str]:
    """Ask for the paths once; answer those worth asking for again."""
    again: list[str] = []
    chunks = list(chunked(paths))
    with closing(_asked(transport, chunks)) as answers:
        for chunk, replies in zip(chunks, answers, strict=True):
            for path, reply in zip(chunk, replies, strict=True):
                _sort(path, reply, fetched, again)
            told(len(fetched.found))
    return again


def _asked(transport: Transport, chunks: list[list[str]]) -> Generator[list[Outcome], None, None]:
    """What each batch came to, in their order. The calling thread is one of the lanes."""
    with ExitStack() as stack:
        others = [stack.enter_context(ThreadPoolExecutor(1, thread_name_prefix="batch")) for _ in chunks[1:BATCHES]]
        lanes = cycle([None, *others])
        pairs = zip(chunks, lanes, strict=False)
        asked = [lane.submit(_ask, transport, chunk) if lane else None for chunk, lane in pairs]
        stack.callback(lambda: [one.cancel() for one in asked if one])  # where one fails, what was not begun is not
        for chunk, one in zip(chunks, asked, strict=True):
            yield one.result() if one else _ask(transport, chunk)


def chunked(paths: list[str]) -> Iterator[list[str]]:
    """Batches of near-equal size, BATCHES of them together within IN_FLIGHT; one is never larger than that which stands
    BATCHES before it, and follows it."""
    for start in range(0, len(paths), IN_FLIGHT):
        window = paths[start : start + IN_FLIGHT]
        size, larger = divmod(len(window), min(BATCHES, len(window)))
        at = 0
        while at < len(window):
            step = size + (1 if larger > 0 else 0)
            larger -= 1
            yield window[at : at + step]
            at += step


def _ask(transport: Transport, paths: list[str]) -> list[Outcome]:
    """One batch: for each path the object, or why there is none."""
    try:
        reply = batch.send(transport, paths)
    except OSError as error:
        return [ServiceDown(f"{SERVICE} did not answer: {error}.", "Try again in a minute.")] * len(paths)
    if reply.status != 200:
        return [google_error(reply.status, reply.headers, reply.body, service=SERVICE)] * len(paths)
    return [_outcome(part) for part in reply.parts]


def _outcome(part: batch.PartReply | None) -> Outcome:
    if part is None:
        return ServiceDown(f"{SERVICE} broke off its answer.", "Try again in a minute.")
    if part.status != 200:
        return google_error(part.status, part.headers, part.body, service=SERVICE)
    return part.json() or Unreadable(f"{SERVICE} sent an answer that cannot be read.", "Try again in a minute.")


def _sort(path: str, outcome: Outcome, fetched: Fetched, again: list[str]) -> None:
    if isinstance(outcome, AccessRefused):
        raise outcome
    if isinstance(outcome, ToolError):
        fetched.failed[path] = outcome
        if isinstance(outcome, RateLimited | ServiceDown | Unreadable):
            again.append(path)
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
