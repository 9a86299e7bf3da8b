"""The only place a token meets the wire. Law: a request the capability does not admit is never sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from auth.admission import Admitted, admit
from auth.audit import Audit
from auth.capability import Address, Capability
from auth.errors import AuthError, Refused, TooSlow, Unreachable
from auth.lease import Lease
from auth.placing import forms, placed
from auth.redaction import REMOVED, Legible, redacted
from auth.wire import Answer, Cut, Wire

REPEATABLE = frozenset({429, 500, 502, 503, 504})
ATTEMPTS = 3
FIRST_PAUSE = 0.3
LONGEST_PAUSE = 5.0

_SAFE_ORIGIN = re.compile(r"https://[a-z0-9.-]+(:\d+)?/?|http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?/?")

_PART_401 = b"\nHTTP/1.1 401"
"""Not as a pattern, which would take ten times as long over much mail."""

_DEAD_IN_200 = re.compile(rb'"error": ?"(?:token_expired|token_revoked|invalid_auth)"')
_SHORT = 1000

Renew = Callable[[Lease], Lease | None]


class Witness(Protocol):
    """Is told every exchange as a tool could see it: before it is signed, and after the answer is screened."""

    def sent(self, admitted: Admitted) -> Callable[[Answer | AuthError], None]:
        """A request that goes out now; what is given back is told how it ended."""
        ...


@dataclass(frozen=True)
class Gateway:
    """Opens signed transports.

    `origins` says where the hosts live, as {"gmail.googleapis.com": "http://127.0.0.1:4711"}; with origins set, any
    other host is refused, unless `closed` is off. Without it, hosts are reached by https under their own names.
    `witness` is told of the exchanges, and never sees a token.
    """

    wire: Wire
    audit: Audit
    origins: Mapping[str, str] | None = None
    closed: bool = True
    witness: Witness | None = None

    def __post_init__(self) -> None:
        for origin in (self.origins or {}).values():
            if not _SAFE_ORIGIN.fullmatch(origin):
                raise ValueError(f"A token may go to https or to this machine only, not to {origin!r}.")

    def open(
        self, lease: Lease, capability: Capability, *, cut: Cut, renew: Renew, whole: bool = False
    ) -> SignedTransport:
        """A transport for one call. `renew` gives a fresh lease after a 401, or None.

        `whole` is for a broker alone, which is to read the keys in an answer: only the lease's own is taken out.
        """
        if lease.capability != capability.name:
            raise Refused(f"A lease for {lease.capability!r} does not open {capability.name!r}; nothing was sent")
        return SignedTransport(self, capability, cut, renew, whole, _lease=lease)

    def locate(self, url: str) -> str:
        """Where a real URL is to be sent."""
        address = Address.of(url)
        if address is None:
            raise Refused("The address is in no plain https form; nothing was sent")
        if self.origins is None:
            return url
        origin = self.origins.get(address.host)
        if origin is None and not self.closed:
            return url
        if origin is None:
            raise Refused(f"{address.host} is not part of the demo workspace; nothing was sent")
        return origin.rstrip("/") + address.path + (f"?{address.query}" if address.query else "")


@dataclass(eq=False)
class SignedTransport:
    """What a tool's client sends through: every request checked, signed, audited. Safe to use from many threads."""

    _gateway: Gateway
    _capability: Capability
    _cut: Cut
    _renew: Renew
    _whole: bool
    _lease: Lease = field(repr=False)

    def request(
        self, method: str, url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send. Reads are repeated a few times on 429, 5xx and broken connections; a write never is.

        Raises Refused, Cancelled, TooSlow, Unreachable, Oversized.
        """
        lease = self._lease
        try:
            admitted = admit(self._capability, method, url, (headers or {}).items(), body)
            target = self._gateway.locate(url)
        except Refused:
            self._note(lease, "not admitted", "refused")
            raise
        answer, dead = self._persist(admitted, target, lease)
        if not dead or lease.token is None:
            return answer
        self._cut.pause(0)
        fresh = self._renew(lease)
        if fresh is None:
            return answer
        self._lease = fresh
        if _is_batch(answer) and self._capability.effect != "read":
            return answer  # another part of it may have been written
        return self._persist(admitted, target, fresh).answer

    def warm(self, url: str, connections: int) -> None:
        """Begin to open so many connections to where `url` leads, without a request and without the token.

        Raises Refused for a host the capability does not reach.
        """
        address = Address.of(url)
        if address is None or not self._capability.reaches(address.host):
            raise Refused(f"The capability {self._capability.name!r} does not reach {url!r}; nothing was opened")
        self._gateway.wire.warm(self._gateway.locate(url), connections, self._cut)

    def _persist(self, admitted: Admitted, target: str, lease: Lease) -> _Screened:
        attempts = ATTEMPTS if self._capability.effect == "read" else 1
        for attempt in range(1, attempts + 1):
            last = attempt == attempts
            try:
                screened = self._once(admitted, target, lease)
            except (TooSlow, Unreachable):
                if last:
                    raise
                self._cut.pause(FIRST_PAUSE * 2 ** (attempt - 1))
                continue
            wait = _pause_before_next(screened.answer, attempt)
            if last or wait is None:
                return screened
            self._cut.pause(wait)
        raise AssertionError("the last attempt returns or raises")

    def _once(self, admitted: Admitted, target: str, lease: Lease) -> _Screened:
        if self._gateway.witness is None:
            return self._exchanged(admitted, target, lease)
        ended = self._gateway.witness.sent(admitted)
        try:
            screened = self._exchanged(admitted, target, lease)
        except AuthError as error:
            ended(error)
            raise
        ended(screened.answer)
        return screened

    def _exchanged(self, admitted: Admitted, target: str, lease: Lease) -> _Screened:
        signed, target = placed(self._capability, admitted, target, lease)
        outcome = "no answer"
        try:
            answer = self._gateway.wire.send(admitted.method, target, body=admitted.body, headers=signed, cut=self._cut)
            outcome = str(answer.status)
        finally:
            self._note(lease, admitted.operation, outcome)
        return _screened(answer, lease, whole=self._whole)

    def _note(self, lease: Lease, operation: str, outcome: str) -> None:
        self._gateway.audit.record(
            lease.user,
            "call",
            account=lease.account,
            capability=lease.capability,
            operation=operation,
            outcome=outcome,
        )


def _pause_before_next(answer: Answer, attempt: int) -> float | None:
    """Seconds to wait before a repeat, None where the answer stands."""
    if answer.status not in REPEATABLE:
        return None
    asked = answer.headers.get("retry-after", "")
    stated = asked.isascii() and asked.isdigit()  # "²" is a digit too, and no number
    wait = float(asked) if stated else FIRST_PAUSE * 2 ** (attempt - 1)
    return wait if wait <= LONGEST_PAUSE else None


class _Screened(NamedTuple):
    """An answer as a tool may see it. `dead`: the service no longer takes the token."""

    answer: Answer
    dead: bool


def _is_batch(answer: Answer) -> bool:
    return answer.headers.get("content-type", "").startswith("multipart/mixed")


def _screened(answer: Answer, lease: Lease, *, whole: bool) -> _Screened:
    """The answer without what looks like a token (with `whole`: without the lease's own alone, as always).

    In texts only: in the bytes of a file such letters stand by chance, and it would be broken.
    """
    own = forms(lease.token) if lease.token is not None else ()
    headers = {name: _without(value if whole else redacted(value), own) for name, value in answer.headers.items()}
    kind, body = headers.get("content-type", ""), answer.body
    legible = Legible.of(body) if _is_text(kind) else None
    if legible and not whole:
        body = legible.redacted()
    for form in own:  # should a service echo it
        if legible is None or legible.holds(form.encode()):
            body = body.replace(form.encode(), REMOVED.encode())
    shown = Answer(answer.status, headers, body)
    return _Screened(shown, _says_dead(shown, legible.text if legible else b""))


def _without(text: str, own: tuple[str, ...]) -> str:
    for form in own:
        text = text.replace(form, REMOVED)
    return text


def _says_dead(answer: Answer, text: bytes) -> bool:
    """Whether the service no longer takes the token; a batch may say so part by part."""
    return _PART_401 in text if _is_batch(answer) else answer.status == 401 or _says_so_in_200(answer)


def _says_so_in_200(answer: Answer) -> bool:
    """Slack refuses a token so; the answer is short, and the call was not carried out."""
    return answer.status == 200 and len(answer.body) < _SHORT and _DEAD_IN_200.search(answer.body) is not None


def _is_text(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind.startswith(("text/", "multipart/mixed")) or kind.endswith("json") or not kind
