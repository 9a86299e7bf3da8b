"""A person's sign-in at the tenant: authorization code with PKCE, and the refresh token that stands for them after it.

Law: one sign-in a person, kept in the vault; a refresh token that follows another is durable before it is used; whoever
signs in as somebody else does not take over the accounts that are linked here.
"""

from __future__ import annotations

import contextlib
import hashlib
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from auth.auth0 import jwt_claims
from auth.auth0.checklist import Needed, Step
from auth.auth0.refusals import FRESH_SECONDS, At, Refusals
from auth.auth0.tenant import MY_SCOPES, Tenant
from auth.errors import Oversized, TooSlow, Unreachable
from auth.lease import Secret
from auth.local.grants import Access, Challenge, Client, Grant, Grants
from auth.local.links import access_of
from auth.local.token_endpoint import BROKEN, FORM, Body, Issued, TokenEndpoint, TokenError, Who, read_rfc6749
from auth.need import Misconfigured, Reauth
from auth.wire import Cut, Wire

BUNDLE = "sign-in"
NO_ANSWER = (Unreachable, TooSlow, Oversized)
SCOPES = frozenset({"openid", "profile", "email", "offline_access"})
REFRESH_SUBJECT = "urn:ietf:params:oauth:token-type:refresh_token"
ACCESS_SUBJECT = "urn:ietf:params:oauth:token-type:access_token"
ENDED, HALF_DONE = "your sign-in at Auth0 has ended", "the answer to a renewal of your sign-in at Auth0 was lost"
SIGNED_OUT = "you are not signed in at Auth0"


@dataclass(frozen=True)
class Subject:
    """What stands for the person in an exchange, and the client that may exchange it."""

    token: Secret
    kind: str
    client: Client = field(repr=False)
    fresh: bool
    """Whether the person has signed in just now."""


class Login:
    """The sign-ins of all people of this machine. `locate` maps real addresses to where they are served."""

    def __init__(
        self,
        *,
        tenant: Tenant,
        refusals: Refusals,
        wire: Wire,
        locate: Callable[[str], str],
        grants: Grants,
        clock: Callable[[], float],
    ) -> None:
        self._tenant, self._refusals, self._wire, self._locate = tenant, refusals, wire, locate
        self._grants, self._clock = grants, clock
        client = tenant.client
        self._endpoint = TokenEndpoint(wire, locate(tenant.url("oauth/token")), client.id, client.secret, _read)
        self._held: dict[tuple[str, str, frozenset[str]], Access] = {}
        self._lock = threading.Lock()

    def current(self, user: str) -> Grant | None:
        """The sign-in, a dead one too."""
        return next((kept.grant for kept in self._grants.of(user)), None)

    def page(self, challenge: Challenge, redirect: str, **asked: str) -> str:
        """The address of the sign-in page; `asked` replaces parameters."""
        api = {"audience": self._tenant.api.audience} if self._tenant.api else {}
        form = {
            "response_type": "code",
            "client_id": self._tenant.client.id,
            "redirect_uri": redirect,
            "scope": " ".join(sorted(SCOPES)),
            **api,
            "state": challenge.state,
            "nonce": nonce_of(challenge),
            "code_challenge": challenge.digest,
            "code_challenge_method": "S256",
        }
        return f"{self._locate(self._tenant.url('authorize'))}?{urlencode(form | asked)}"

    def redeem(self, connection: str, user: str, code: str, challenge: Challenge, redirect: str) -> None:
        """Sign in with the code the page gave; `connection` is what it is wanted for.

        Raises Needed, NotVerified, and Unreachable, TooSlow or Oversized.
        """
        idents: list[str] = []
        endpoint = replace(self._endpoint, read=lambda body: _with_id_token(body, idents))
        fields = {"code": code, "code_verifier": challenge.verifier, "redirect_uri": redirect}
        try:
            issued = endpoint.ask(grant_type="authorization_code", **fields)
        except TokenError as error:
            raise Needed(self._refusals.need("redeem", connection, error, fresh=True)) from None
        if issued.refresh_token is None:
            raise Needed(self._refusals.checklist.missing(connection, "grant:refresh_token"))
        try:
            who = self._who(connection, idents[0], challenge)
            self._check_same(user, who)
        except jwt_claims.NotVerified:
            with contextlib.suppress(*NO_ANSWER):  # it ends by itself in time, and what went wrong is told
                self._revoked(issued.refresh_token)
            raise
        now = self._clock()
        self.forget(user)
        self._grants.keep(user, BUNDLE, Grant(who.name, issued.scopes, issued.refresh_token, who.id, now, now))

    def _who(self, connection: str, token: str, challenge: Challenge) -> Who:
        keys = self._locate(self._tenant.url(".well-known/jwks.json"))
        try:
            claims = jwt_claims.signed(self._wire, keys, token)
            return jwt_claims.verified(claims, self._tenant, nonce_of(challenge), self._clock())
        except jwt_claims.ForeignIssuer:
            raise Needed(self._refusals.checklist.missing(connection, "domain:consistent")) from None

    def _check_same(self, user: str, who: Who) -> None:
        known = self.current(user)
        if known is not None and known.identity != who.id:
            raise jwt_claims.NotVerified(
                f"you signed in as {who.name}, and what is linked here is {known.account}'s; sign in as that, or "
                "`valet disconnect auth0` first"
            )

    def subject(self, user: str, connection: str) -> Subject:
        """What stands for the person in an exchange. Raises Needed, and Unreachable, TooSlow or Oversized."""
        grant, token = self._living(user, connection)
        fresh = self._clock() - grant.linked < FRESH_SECONDS
        if self._tenant.api is None:
            return Subject(token, REFRESH_SUBJECT, self._tenant.client, fresh)
        access = self._access(user, connection, "", frozenset(), "refresh")
        return Subject(access.token, ACCESS_SUBJECT, self._tenant.api.client, fresh)

    def my_account(self, user: str, connection: str) -> Access:
        """A token for the My Account API, by the refresh token's policy for several resources (MRRT).

        Raises Needed, and Unreachable, TooSlow or Oversized.
        """
        return self._access(user, connection, self._tenant.my_account, frozenset(MY_SCOPES), "my_account")

    def own(self, user: str, connection: str, scopes: frozenset[str]) -> Access:
        """A token for Valet's own service, by the same kind of policy. Raises the same."""
        if self._tenant.own is None:
            raise Needed(Misconfigured(connection, "the tenant has no API of that name", "Run `valet doctor auth0`."))
        access = self._access(user, connection, self._tenant.own.audience, scopes, "own")
        if not scopes <= access.scopes:
            raise Needed(self._refusals.checklist.missing(connection, "tasks_api:permissions"))
        return access

    def _access(self, user: str, connection: str, audience: str, scopes: frozenset[str], at: At) -> Access:
        key = (user, audience, scopes)
        with self._lock:
            held = self._held.get(key)
            if held is not None and held.until > self._clock():
                return held
            grant, _ = self._living(user, connection)
            with self._grants.exclusive(user, grant.account, BUNDLE):
                issued = self._renewed(user, connection, audience, scopes, at)
            access = access_of(issued, _scopes(issued), self._clock())
            if audience:
                self._check_audience(connection, audience, access, "tasks_api:policy" if at == "own" else "mrrt:policy")
            self._held[key] = access
        return access

    def _renewed(self, user: str, connection: str, audience: str, scopes: frozenset[str], at: At) -> Issued:
        """Nobody else is at the sign-in. What the answer brings is kept before anything is done with it."""
        grant, token = self._living(user, connection)
        asked = {"audience": audience, "scope": " ".join(sorted(scopes))} if audience else {}
        if not grant.begun:
            self._grants.begin(user, grant.account, BUNDLE)
        try:
            issued = self._endpoint.ask(grant_type="refresh_token", refresh_token=token.reveal(), **asked)
        except TokenError as error:
            if error.code == "invalid_grant":
                why = HALF_DONE if grant.begun else ENDED
                self.end(user, why)
                raise Needed(Reauth(connection, why)) from None
            if not grant.begun:
                self._grants.cancel(user, grant.account, BUNDLE)
            fresh = self._clock() - grant.linked < FRESH_SECONDS
            raise Needed(self._refusals.need(at, connection, error, fresh=fresh)) from None
        following = issued.refresh_token or token
        self._grants.keep(user, BUNDLE, replace(grant, refresh_token=following, used=self._clock()))
        return issued

    def _check_audience(self, connection: str, audience: str, access: Access, policy: Step) -> None:
        """A tenant gives a token for another API in silence where a policy is missing. Raises Needed."""
        claims, checklist = jwt_claims.told(access.token), self._refusals.checklist
        if not jwt_claims.names(claims, audience):
            raise Needed(checklist.missing(connection, policy))
        if claims.get("iss") != self._tenant.issuer:
            raise Needed(checklist.missing(connection, "domain:consistent"))

    def _living(self, user: str, connection: str) -> tuple[Grant, Secret]:
        grant = self.current(user)
        if grant is None or grant.refresh_token is None:
            raise Needed(Reauth(connection, grant.dead if grant else SIGNED_OUT))
        return grant, grant.refresh_token

    def end(self, user: str, why: str = ENDED) -> None:
        """The tenant no longer takes it: a new sign-in is needed, by the same person."""
        grant = self.current(user)
        self.drop_held(user)
        if grant is not None and not grant.dead:
            ended = replace(grant, refresh_token=None, dead=why)
            self._grants.keep(user, BUNDLE, ended)

    def refuse(self, user: str, token: Secret) -> None:
        """An API did not take this access token: it is not handed out again."""
        for key, held in self._held.copy().items():
            if key[0] == user and held.token.reveal() == token.reveal():
                self._held.pop(key, None)

    def drop_held(self, user: str) -> None:
        """The access tokens of a person are no longer taken."""
        for key in [key for key in self._held.copy() if key[0] == user]:
            self._held.pop(key, None)

    def forget(self, user: str) -> None:
        """Drop what is kept of a sign-in."""
        self.drop_held(user)
        for kept in self._grants.of(user):
            self._grants.drop(user, kept.grant.account, kept.capability)

    def revoke(self, user: str) -> None:
        """End it at the tenant. Raises Unreachable where that did not come about."""
        grant = self.current(user)
        if grant is None or grant.refresh_token is None:
            return
        self._revoked(grant.refresh_token)

    def _revoked(self, token: Secret) -> None:
        client = self._tenant.client
        fields = {"client_id": client.id, "token": token.reveal()}
        fields |= {"client_secret": client.secret} if client.secret else {}
        url = self._locate(self._tenant.url("oauth/revoke"))
        answer = self._wire.send("POST", url, body=urlencode(fields).encode(), headers=FORM, cut=Cut())
        if answer.status != 200:  # RFC 7009: also for a token that is not known
            raise Unreachable(f"Auth0 did not revoke the sign-in (HTTP {answer.status})")


def nonce_of(challenge: Challenge) -> str:
    """Bound to one sign-in, without being kept anywhere."""
    return urlsafe_b64encode(hashlib.sha256(f"nonce {challenge.verifier}".encode()).digest()).rstrip(b"=").decode()


def _read(body: Body) -> Issued:
    """As RFC 6749 section 5.1, where the scope may be left out when it is the one that was asked for."""
    return read_rfc6749({"scope": "", **body})


def _scopes(issued: Issued) -> frozenset[str]:
    """Where the answer left the scope out, the token itself tells it."""
    stated = jwt_claims.told(issued.access_token).get("scope", "")
    return issued.scopes or frozenset(stated.split() if isinstance(stated, str) else ())


def _with_id_token(body: Body, idents: list[str]) -> Issued:
    """The same; the ID token goes to `idents`. Raises KeyError without one."""
    found = body["id_token"]
    if not isinstance(found, str):
        raise ValueError(BROKEN)
    idents.append(found)
    return _read(body)
