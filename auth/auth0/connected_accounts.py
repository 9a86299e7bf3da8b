"""Auth0's My Account API: connected accounts are begun, completed, listed and deleted (My Account API v1).

Law: a connect replaces the scopes of an account, so whoever asks sends the union; the address of the consent page is
used as it was given. Requests go over the gateway's road, which signs them and keeps to these operations.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlencode

from auth.auth0.tenant import MY_SCOPES, Tenant
from auth.capability import Capability
from auth.errors import AuthError, Unreachable
from auth.lease import Secret
from auth.local.grants import Challenge
from auth.local.token_endpoint import BROKEN, cleared, read, text, wait
from auth.wire import Answer

PAGE, MOST_PAGES = 20, 50
SECRETS = frozenset({"auth_session", "connect_code", "code_verifier"})
"""What a request holds that a refusal may not repeat."""
_OPERATIONS = ("POST connect", "POST complete", "GET accounts", "GET connections", "DELETE accounts/*")


class Road(Protocol):
    """Sends requests that are signed on the way: the gateway's transport."""

    def request(
        self, method: str, url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer: ...


def capability(tenant: Tenant) -> Capability:
    """All this API is used for. As what writes, so that nothing is repeated in silence."""
    place = f"{tenant.domain}/me/v1/connected-accounts"
    operations = tuple(f"{verb} {place}/{path}" for verb, path in (text.split(" ") for text in _OPERATIONS))
    reason = "connect accounts at Auth0"
    return Capability("auth0", "auth0.connected_accounts", frozenset(MY_SCOPES), operations, "write", reason)


class Problem(AuthError):
    """A refusal of the API (RFC 9457). `fields` are those it complains about."""

    def __init__(self, status: int, detail: str, fields: frozenset[str], retry_after: float | None) -> None:
        super().__init__(f"HTTP {status}: {detail}")
        self.status, self.detail, self.fields, self.retry_after = status, detail, fields, retry_after


@dataclass(frozen=True)
class Begun:
    """A connection that was begun: what completes it, and where the browser goes."""

    session: Secret
    page: str = field(repr=False)


@dataclass(frozen=True)
class Account:
    """A connected account: its id there, the tenant's connection, and its scopes where they are told."""

    id: str
    connection: str
    scopes: frozenset[str]


@dataclass(frozen=True)
class ConnectedAccounts:
    """The API of one tenant. Every call raises Problem, and Unreachable, TooSlow or Oversized without an answer."""

    tenant: Tenant
    locate: Callable[[str], str]

    def begin(
        self, road: Road, connection: str, redirect: str, challenge: Challenge, scopes: Iterable[str], hint: str = ""
    ) -> Begun:
        """`hint` is the account the provider's page is to propose."""
        asked: dict[str, Any] = {
            "connection": connection,
            "redirect_uri": redirect,
            "state": challenge.state,
            "scopes": sorted(scopes),
            "code_challenge": challenge.digest,
            "code_challenge_method": "S256",
        }
        body = self._told(
            road, "POST", "connect", asked | ({"authorization_params": {"login_hint": hint}} if hint else {})
        )
        with _Reading():
            page, given = text(body["connect_uri"]), body["connect_params"]
            ticket = text(given["ticket"])
            session = Secret(text(body["auth_session"]))
        return Begun(session, f"{self.locate(page)}{'&' if '?' in page else '?'}{urlencode({'ticket': ticket})}")

    def complete(self, road: Road, begun: Begun, code: str, redirect: str, challenge: Challenge) -> Account:
        asked = {
            "auth_session": begun.session.reveal(),
            "connect_code": code,
            "redirect_uri": redirect,
            "code_verifier": challenge.verifier,
        }
        return _account(self._told(road, "POST", "complete", asked))

    def accounts(self, road: Road, connection: str = "") -> tuple[Account, ...]:
        """All of a connection; of every one with ""."""
        wanted = {"connection": connection} if connection else {}
        return tuple(_account(one) for one in self._listed(road, "accounts", wanted))

    def connections(self, road: Road) -> frozenset[str]:
        """The tenant's connections that can be used for connected accounts."""
        with _Reading():
            return frozenset(text(one["name"]) for one in self._listed(road, "connections", {}))

    def drop(self, road: Road, identity: str) -> None:
        """Delete one; it is no error when it is gone already."""
        try:
            self._told(road, "DELETE", f"accounts/{identity}")
        except Problem as problem:
            if problem.status != 404:
                raise

    def _listed(self, road: Road, what: str, wanted: dict[str, str]) -> Iterator[dict[str, Any]]:
        following: str | None = ""
        for _ in range(MOST_PAGES):
            query = urlencode(wanted | {"take": str(PAGE)} | ({"from": following} if following else {}))
            body = self._told(road, "GET", f"{what}?{query}")
            with _Reading():
                yield from body[what]
            following = body.get("next")
            if not following:
                return
        raise Unreachable(f"{BROKEN}: the list of {what} does not end")

    def _told(self, road: Road, method: str, place: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        headers = {"Accept": "application/json"}
        sent = None if body is None else json.dumps(body).encode()
        if sent is not None:
            headers["Content-Type"] = "application/json"
        url = f"{self.tenant.my_account}v1/connected-accounts/{place}"
        answer = road.request(method, url, body=sent, headers=headers)
        found = {} if answer.status == 204 else read(answer)
        if not 200 <= answer.status < 300:
            raise _problem(answer, found, [str(value) for name, value in (body or {}).items() if name in SECRETS])
        return found


class _Reading:
    """An answer in another shape than the API's is a broken one; its cause could hold a token."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, KeyError | ValueError | TypeError):
            raise Unreachable(BROKEN) from None


def _account(body: dict[str, Any]) -> Account:
    with _Reading():
        return Account(text(body["id"]), text(body["connection"]), frozenset(map(text, body.get("scopes") or ())))


def _problem(answer: Answer, body: dict[str, Any], sent: list[str]) -> Problem:
    detail, listed = body.get("detail"), body.get("validation_errors")
    complaints = listed if isinstance(listed, list) else []
    fields = {one.get("field") for one in complaints if isinstance(one, dict)}
    return Problem(
        answer.status,
        cleared(detail, sent) if isinstance(detail, str) else "no reason was given",
        frozenset(name for name in fields if isinstance(name, str)),
        wait(answer),
    )
