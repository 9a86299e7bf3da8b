"""A wire on which chosen requests go astray: refused, lost before or after the work, too late, or held back until told.

No clock is involved: a request that is "late" reaches its server when the test says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import partial
from urllib.parse import urlsplit

from auth.errors import NoConnection, TooSlow, Unreachable
from auth.underway import Later, Sending
from auth.wire import Answer, Cut, Wire

OK = ""


@dataclass(frozen=True)
class Held:
    """A request that was given up, and is still on its way."""

    method: str
    url: str
    body: bytes | None
    headers: Mapping[str, str]


class Died(BaseException):
    """The process ended here: nothing of Valet may catch this."""


class Straying(Wire):
    """`faults` happen to the requests that `match` (patterns over "METHOD /path"), in order; OK lets one through."""

    def __init__(self) -> None:
        super().__init__()
        self.match = ""
        self.faults: list[str] = []
        self.held: list[Held] = []

    def begin(self, method: str, url: str, *, body: bytes | None, headers: Mapping[str, str], cut: Cut) -> Sending:
        return Later(partial(self.send, method, url, body=body, headers=headers, cut=cut))

    def send(self, method: str, url: str, *, body: bytes | None, headers: Mapping[str, str], cut: Cut) -> Answer:
        def passed() -> Answer:
            return super(Straying, self).send(method, url, body=body, headers=headers, cut=cut)

        if not self.faults or not fnmatchcase(f"{method} {urlsplit(url).path}", self.match):
            return passed()
        fault = self.faults.pop(0)
        if fault in ("late", "died"):
            self.held.append(Held(method, url, body, headers))
            raise Died if fault == "died" else TooSlow("no answer in time")
        return _FAULTS[fault](passed)

    def arrive(self) -> list[int]:
        """Let everything that is late reach its server now; how the servers answer."""
        held, self.held = self.held, []
        return [
            super(Straying, self).send(one.method, one.url, body=one.body, headers=one.headers, cut=Cut()).status
            for one in held
        ]


def _raising(error: type[Exception], text: str, *, after: bool) -> Callable[[Callable[[], Answer]], Answer]:
    def play(passed: Callable[[], Answer]) -> Answer:
        if after:
            passed()
        raise error(text)  # a new one each time: one that is kept keeps the frames it went through, and their graph

    return play


def _status(status: int, *, after: bool) -> Callable[[Callable[[], Answer]], Answer]:
    def play(passed: Callable[[], Answer]) -> Answer:
        if after:
            passed()
        return Answer(status, {"content-type": "application/json"}, b"{}")

    return play


def _torn(passed: Callable[[], Answer]) -> Answer:
    answer = passed()
    return replace(answer, status=200, body=b'{"half": ')


_FAULTS: Mapping[str, Callable[[Callable[[], Answer]], Answer]] = {
    OK: lambda passed: passed(),
    "429": _status(429, after=False),
    "502": _status(502, after=False),
    "503": _status(503, after=False),
    "504": _status(504, after=False),
    "503 after": _status(503, after=True),
    "504 after": _status(504, after=True),
    "no connection": _raising(NoConnection, "no connection could be made", after=False),
    "reset": _raising(Unreachable, "the connection broke", after=False),
    "lost": _raising(Unreachable, "the connection broke", after=True),
    "cut short": _raising(Unreachable, "the answer broke off", after=True),
    "slow": _raising(TooSlow, "no answer in time", after=False),
    "slow after": _raising(TooSlow, "no answer in time", after=True),
    "garbage": _torn,
}
"""What happens to a request, given what passes it on."""
