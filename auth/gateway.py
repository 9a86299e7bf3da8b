"""The only place a token meets the wire. Law: a request the capability does not admit is never sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import urlsplit, urlunsplit

from auth.audit import Audit
from auth.capability import Capability
from auth.errors import Refused, TooSlow, Unreachable
from auth.lease import Lease
from auth.wire import Answer, Cut, Wire

REPEATABLE = frozenset({429, 500, 502, 503, 504})
ATTEMPTS = 3
FIRST_PAUSE = 0.3
LONGEST_PAUSE = 5.0
FORBIDDEN_HEADERS = frozenset({"authorization", "cookie", "host", "proxy-authorization"})

Renew = Callable[[Lease], Lease | None]


@dataclass(frozen=True)
class Gateway:
    """Opens signed transports.

    `origins` says where the hosts live, as {"gmail.googleapis.com": "http://127.0.0.1:4711"}; with origins set, any
    other host is refused. Without it, hosts are reached by https under their own names.
    """

    wire: Wire
    audit: Audit
    origins: Mapping[str, str] | None = None

    def open(self, lease: Lease, capability: Capability, *, cut: Cut, renew: Renew) -> SignedTransport:
        """A transport for one call. `renew` gives a fresh lease after a 401, or None."""
        return SignedTransport(self, capability, cut, renew, _lease=lease)

    def locate(self, url: str) -> str:
        """Where a real URL is to be sent."""
        parts = urlsplit(url)
        if parts.scheme != "https":
            raise Refused(f"{parts.scheme}://{parts.netloc} is not https; no request was sent.")
        if self.origins is None:
            return url
        origin = self.origins.get(parts.netloc)
        if origin is None:
            raise Refused(f"{parts.netloc} is not part of the demo workspace; no request was sent.")
        return origin.rstrip("/") + urlunsplit(("", "", parts.path, parts.query, ""))


@dataclass
class SignedTransport:
    """What a tool's client sends through: every request checked, signed, audited. Safe to use from many threads."""

    _gateway: Gateway
    _capability: Capability
    _cut: Cut
    _renew: Renew
    _lease: Lease = field(repr=False)

    def request(
        self, method: str, url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send. Reads are repeated a few times on 429, 5xx and broken connections; a write never is.

        Raises Refused, Cancelled, TooSlow, Unreachable, Oversized.
        """
        given = dict(headers or {})
        operation = admit(self._capability, method, url, body, given)
        target = self._gateway.locate(url)
        lease = self._lease
        answer = self._persist(method, target, body, given, operation, lease)
        if answer.status == 401 and lease.token is not None:
            fresh = self._renew(lease)
            if fresh is not None:
                self._lease = fresh
                answer = self._persist(method, target, body, given, operation, fresh)
        return answer

    def _persist(
        self, method: str, url: str, body: bytes | None, headers: Mapping[str, str], operation: str, lease: Lease
    ) -> Answer:
        attempts = ATTEMPTS if self._capability.effect == "read" else 1
        for attempt in range(1, attempts + 1):
            last = attempt == attempts
            try:
                answer = self._once(method, url, body, headers, operation, lease)
            except (TooSlow, Unreachable):
                if last:
                    raise
                self._cut.pause(FIRST_PAUSE * 2 ** (attempt - 1))
                continue
            wait = _pause_before_next(answer, attempt)
            if last or wait is None:
                return answer
            self._cut.pause(wait)
        raise AssertionError("the last attempt returns or raises")

    def _once(
        self, method: str, url: str, body: bytes | None, headers: Mapping[str, str], operation: str, lease: Lease
    ) -> Answer:
        signed = {name: value for name, value in headers.items() if name.lower() not in FORBIDDEN_HEADERS}
        if lease.token is not None:
            signed["Authorization"] = f"Bearer {lease.token}"
        outcome = "no answer"
        try:
            answer = self._gateway.wire.send(method, url, body=body, headers=signed, cut=self._cut)
            outcome = str(answer.status)
        finally:
            self._gateway.audit.record(
                lease.user,
                "call",
                account=lease.account,
                capability=lease.capability,
                operation=operation,
                outcome=outcome,
            )
        return _screened(answer, lease)


def admit(capability: Capability, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> str:
    """The pattern of the operation that admits this request, each part of a batch included. Raises Refused."""
    lowered = {name.lower(): value for name, value in headers.items()}
    override = lowered.get("x-http-method-override")
    if override is not None:
        # A client turns a GET with a long query into a POST with the query as its body.
        method, url = override, f"{url}?{(body or b'').decode('ascii', 'replace')}"
    found = capability.admitting(method, url)
    if found is None:
        parts = urlsplit(url)
        raise Refused(
            f"The capability {capability.name!r} does not admit {method} {parts.netloc}{parts.path}; nothing was sent."
        )
    if lowered.get("content-type", "").startswith("multipart/mixed"):
        for inner_method, inner_url in _batched(urlsplit(url).netloc, lowered["content-type"], body or b""):
            if capability.admitting(inner_method, inner_url) is None:
                raise Refused(f"A part of the batch is not admitted: {inner_method} {urlsplit(inner_url).path}.")
    return found.pattern


def _batched(host: str, content_type: str, body: bytes) -> list[tuple[str, str]]:
    message = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    if not message.is_multipart():
        raise Refused("The batch cannot be read; nothing was sent.")
    return [_inner(host, part.get_payload(decode=True)) for part in message.walk() if not part.is_multipart()]


def _inner(host: str, payload: object) -> tuple[str, str]:
    text = payload if isinstance(payload, bytes) else b""
    head = text.partition(b"\r\n\r\n")[0].decode("latin-1").replace("\r\n", "\n").split("\n")
    words = head[0].split(" ")
    names = {line.partition(":")[0].strip().lower() for line in head[1:]}
    if len(words) != 3 or not words[1].startswith("/") or names & (FORBIDDEN_HEADERS | {"x-http-method-override"}):
        raise Refused("A part of the batch cannot be read; nothing was sent.")
    return words[0], f"https://{host}{words[1]}"


def _pause_before_next(answer: Answer, attempt: int) -> float | None:
    """Seconds to wait before a repeat, None where the answer stands."""
    if answer.status not in REPEATABLE:
        return None
    asked = answer.headers.get("retry-after", "")
    wait = float(asked) if asked.isdigit() else FIRST_PAUSE * 2 ** (attempt - 1)
    return wait if wait <= LONGEST_PAUSE else None


def _screened(answer: Answer, lease: Lease) -> Answer:
    """The answer without this lease's own token, should a service echo it."""
    if lease.token is None or lease.token.encode() not in answer.body:
        return answer
    return Answer(answer.status, answer.headers, answer.body.replace(lease.token.encode(), b"[token removed]"))
