"""The Token Vault exchange: what stands for the person, for the provider's own token (Auth0: Token Vault, RFC 8693).

Law: no scope is sent, for there is none to choose: the token carries what the account was connected with; it is kept in
memory alone, and never longer than its answer says.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from auth.audit import Audit
from auth.auth0.checklist import Needed
from auth.auth0.identity import ASKS_WHO, REFUSED_TOKEN, Identify
from auth.auth0.login import REFRESH_SUBJECT, Login, Subject
from auth.auth0.refusals import FLOW_FAILED, At, Refusals
from auth.auth0.tenant import Tenant
from auth.errors import Unreachable
from auth.lease import Secret
from auth.local.grants import Access
from auth.local.links import access_of
from auth.local.token_endpoint import BROKEN, Issued, TokenError, Who, noted, post, read_rfc6749
from auth.need import Reauth, Unavailable
from auth.wire import Wire

GRANT = "urn:auth0:params:oauth:grant-type:token-exchange:federated-connection-access-token"
REQUESTED = "http://auth0.com/oauth/token-type/federated-connection-access-token"
SHORT_SECONDS = 120.0
"""What lives no longer was kept at the tenant and is about to be renewed there."""
SHORT_PART = 0.8
STILL_REFUSED = "the service no longer takes the token that Auth0 keeps"


@dataclass(frozen=True)
class Place:
    """Whose token, by the tenant's connection and Valet's; `hint` tells accounts of one connection apart."""

    user: str
    connection: str
    at: str
    hint: str = ""


@dataclass(frozen=True)
class Held:
    """A provider's token, and whose it is. `access.expires` is the tenant's word."""

    access: Access
    who: Who


class TokenVault:
    """Exchanges, and keeps what came of it while it is good. Safe to use from any thread."""

    def __init__(
        self,
        *,
        tenant: Tenant,
        login: Login,
        refusals: Refusals,
        wire: Wire,
        locate: Callable[[str], str],
        clock: Callable[[], float],
        identify: Mapping[str, Identify],
        audit: Audit,
    ) -> None:
        self._login, self._refusals, self._clock = login, refusals, clock
        self._wire, self._url = wire, locate(tenant.url("oauth/token"))
        self._identify, self._audit = identify, audit
        self._held: dict[Place, Held] = {}
        self._short: set[Place] = set()
        self._refused: dict[Place, Secret] = {}
        self._locks: dict[Place, threading.Lock] = {}
        self._guard = threading.Lock()

    def token(self, place: Place) -> Held:
        """A token that is good now. Raises Needed, Unreachable, TooSlow, Oversized."""
        with self._lock(place):
            held = self._held.get(place)
            if held is not None and held.access.until > self._clock():
                return held
            issued = self._exchanged(place)
            refused = self._refused.get(place)
            if refused is not None and refused.reveal() == issued.access_token.reveal():
                raise Needed(Reauth(place.connection, STILL_REFUSED), dead=True)
            return self._kept(place, issued, self._who(place, issued.access_token))

    def _who(self, place: Place, token: Secret) -> Who:
        """Whose token came: a tenant may hold several accounts of one connection."""
        facts = {"account": place.hint, "capability": place.connection, "operation": ASKS_WHO[place.connection]}
        try:
            with noted(self._audit, place.user, **facts):
                return self._identify[place.connection](token)
        except TokenError as error:
            if error.code not in REFUSED_TOKEN:
                raise Needed(Unavailable(place.connection, error.code, error.retry_after)) from None
            self._refused[place] = token
            raise Needed(Reauth(place.connection, STILL_REFUSED), dead=True) from None

    def probe(self, connection: str, subject: Subject, at: str) -> TokenError | None:
        """The error of one exchange, None where there was none; nothing is kept. Raises as `post` does."""
        try:
            self._post(subject, Place("", connection, at))
        except TokenError as error:
            return error
        return None

    def refuse(self, user: str, token: Secret) -> None:
        """The service did not take this token: it is not handed out again."""
        for place, held in self._held.copy().items():
            if place.user == user and held.access.token.reveal() == token.reveal():
                with self._lock(place):
                    self._refused[place] = token
                    self._held.pop(place, None)

    def forget(self, user: str, at: str = "") -> None:
        """Drop what is held of a person, of one connection of the tenant or of all."""
        for place in [place for place in self._held.copy() if place.user == user and at in ("", place.at)]:
            with self._lock(place):
                self._held.pop(place, None)
                self._refused.pop(place, None)

    def _lock(self, place: Place) -> threading.Lock:
        with self._guard:
            return self._locks.setdefault(place, threading.Lock())

    def _kept(self, place: Place, issued: Issued, who: Who) -> Held:
        """A token about to end is used, and asked for anew at the next need; a second time it is kept till its end."""
        access = access_of(issued, issued.scopes, self._clock())
        if issued.seconds >= SHORT_SECONDS:
            self._short.discard(place)
        elif place not in self._short:
            self._short.add(place)
            return Held(access, who)
        else:
            access = replace(access, until=self._clock() + SHORT_PART * issued.seconds)
        self._held[place] = Held(access, who)
        return self._held[place]

    def _exchanged(self, place: Place) -> Issued:
        for last in (False, True):
            subject = self._login.subject(place.user, place.connection)
            try:
                return self._post(subject, place)
            except TokenError as error:
                if error.code == "invalid_grant" and subject.kind != REFRESH_SUBJECT and not last:
                    self._login.drop_held(place.user)  # the access token had ended, the sign-in perhaps not
                    continue
                raise self._needed(place, subject, error) from None
        raise AssertionError("the second attempt returns or raises")

    def _needed(self, place: Place, subject: Subject, error: TokenError) -> Needed:
        if error.code == "invalid_grant":
            self._login.end(place.user)
        need = self._refusals.need(at(subject), place.connection, error, fresh=subject.fresh, name=place.at)
        return Needed(need, dead=error.code == FLOW_FAILED)

    def _post(self, subject: Subject, place: Place) -> Issued:
        fields = {
            "grant_type": GRANT,
            "client_id": subject.client.id,
            "subject_token": subject.token.reveal(),
            "subject_token_type": subject.kind,
            "requested_token_type": REQUESTED,
            "connection": place.at,
        }
        fields |= {"client_secret": subject.client.secret} if subject.client.secret else {}
        fields |= {"login_hint": place.hint} if place.hint else {}
        body = post(self._wire, self._url, **fields)
        try:
            if body.get("issued_token_type", REQUESTED) != REQUESTED:
                raise ValueError(BROKEN)
            return read_rfc6749(body)
        except (KeyError, ValueError):
            raise Unreachable(BROKEN) from None  # the cause could hold the token


def at(subject: Subject) -> At:
    """Where the errors of its exchange come from."""
    return "exchange" if subject.kind == REFRESH_SUBJECT else "exchange_access"
