"""The only place a token meets the wire. Law: a request the capability does not admit is never sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from auth.admission import Admitted, admit
from auth.audit import Audit
from auth.begun import ATTEMPTS, Attempt, Begun
from auth.capability import Address, Capability
from auth.cut import Cut
from auth.errors import AuthError, Refused
from auth.lease import Lease
from auth.placing import placed
from auth.underway import Answer, Later, Sending
from auth.wire import Wire

_SAFE_ORIGIN = re.compile(r"https://[a-z0-9.-]+(:\d+)?/?|http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?/?")

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
    capability: Capability
    cut: Cut
    _renew: Renew
    whole: bool
    _lease: Lease = field(repr=False)

    def request(
        self, method: str, url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send. Reads are repeated a few times on 429, 5xx and broken connections; a write never is.

        Raises Refused, Cancelled, TooSlow, Unreachable, Oversized.
        """
        attempts = ATTEMPTS if self.capability.effect == "read" else 1
        return self._begun(method, url, body, headers, attempts).answer()

    def begin(
        self, method: str, url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Begun:
        """Send now; the answer is awaited when it is asked for. Raises Refused.

        Nothing is repeated but for a dead token: pauses would keep the answers of others waiting.
        """
        return self._begun(method, url, body, headers, 1, beside=True)

    def soonest(self, begun: Sequence[Begun]) -> Begun:
        """The one whose answer begins to come first; waits for it."""
        first = self._gateway.wire.soonest([one.attempt.sending for one in begun])
        return next(one for one in begun if one.attempt.sending is first)

    def _begun(
        self,
        method: str,
        url: str,
        body: bytes | None,
        headers: Mapping[str, str] | None,
        attempts: int,
        *,
        beside: bool = False,
    ) -> Begun:
        lease = self._lease
        try:
            admitted = admit(self.capability, method, url, (headers or {}).items(), body)
            target = self._gateway.locate(url)
        except Refused:
            self.note(lease, "not admitted", "refused")
            raise
        return Begun(self, admitted, target, lease, self.attempt(admitted, target, lease, beside=beside), attempts)

    def warm(self, url: str, connections: int) -> None:
        """Begin to open so many connections to where `url` leads, without a request and without the token.

        Raises Refused for a host the capability does not reach.
        """
        address = Address.of(url)
        if address is None or not self.capability.reaches(address.host):
            raise Refused(f"The capability {self.capability.name!r} does not reach {url!r}; nothing was opened")
        self._gateway.wire.warm(self._gateway.locate(url), connections, self.cut)

    def attempt(self, admitted: Admitted, target: str, lease: Lease, *, beside: bool = False) -> Attempt:
        """Sign and send, once."""
        witness = self._gateway.witness
        ended = witness.sent(admitted) if witness else _untold
        try:
            signed, target = placed(self.capability, admitted, target, lease)
            wire, method, body = self._gateway.wire, admitted.method, admitted.body
            sent: Sending = (
                wire.begin(method, target, body=body, headers=signed, cut=self.cut)
                if beside
                else Later(partial(wire.send, method, target, body=body, headers=signed, cut=self.cut))
            )
        except AuthError as error:
            ended(error)
            raise
        return Attempt(self, admitted.operation, lease, sent, ended)

    def renewed(self, dead: Lease) -> Lease | None:
        """A fresh lease, also for what is asked from now on; None where there is none."""
        fresh = self._renew(dead)
        self._lease = fresh or self._lease
        return fresh

    def note(self, lease: Lease, operation: str, outcome: str) -> None:
        self._gateway.audit.record(
            lease.user,
            "call",
            account=lease.account,
            capability=lease.capability,
            operation=operation,
            outcome=outcome,
        )


def _untold(answer: Answer | AuthError) -> None:
    """Without a witness."""
