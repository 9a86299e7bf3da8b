"""Looks at the tenant's set-up from outside, before anybody is asked and for `valet doctor auth0`.

Law: nothing here needs a sign-in or leaves a trace at the tenant but a log line; what is not surely wrong passes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import parse_qs, urlsplit

from auth.auth0.around import Around
from auth.auth0.checklist import Needed, Step
from auth.auth0.login import ACCESS_SUBJECT, REFRESH_SUBJECT, Subject
from auth.auth0.refusals import At
from auth.auth0.tenant import MY_SCOPES, PLACE, PORTS, FirstParty
from auth.errors import Oversized, TooSlow, Unreachable
from auth.lease import Secret
from auth.local.grants import Challenge, Client
from auth.local.token_endpoint import TokenError, post
from auth.wire import Cut

REDIRECTS = tuple(f"http://{PLACE.host}:{port}{PLACE.path}" for port in PORTS)
BOGUS = "no-token-of-anybody"


@dataclass(frozen=True)
class Missing:
    """A step that was found missing, with the tenant's own words where it has any."""

    step: Step
    said: str = ""


@dataclass(frozen=True)
class Preflight:
    """Each look gives what is missing, or None. They raise Unreachable, TooSlow or Oversized without an answer."""

    around: Around

    def check(self, connection: str) -> None:
        """Raise Needed for the first step that is missing."""
        for _, look in self.looks():
            if found := look():
                raise Needed(self.around.checklist.missing(connection, found.step, found.said))

    def looks(self) -> Iterator[tuple[str, Callable[[], Missing | None]]]:
        """What is looked at, by name, in the order a person would go through it."""
        yield "domain", self._domain
        yield "client and refresh tokens", self._refresh
        yield "token vault", self._exchange
        yield "sign-in page", lambda: self._page("authorize")
        yield "my account API", self._my_account

    def check_own(self, connection: str) -> None:
        """Raise Needed for what is missing for Valet's own service."""
        for _, look in self.own_looks():
            if found := look():
                raise Needed(self.around.checklist.missing(connection, found.step, found.said))

    def own_looks(self) -> Iterator[tuple[str, Callable[[], Missing | None]]]:
        """The same for Valet's own service, where the tenant issues its tokens."""
        own = self.around.tenant.own
        if own is None:
            return
        yield f"{own.connection} API", partial(self._own_page, own)
        if own.client is not None:
            yield f"{own.connection} refresh tokens", partial(self._own_refresh, own.client)

    def _own_page(self, own: FirstParty) -> Missing | None:
        asked = {"audience": own.audience, "scope": " ".join(("openid", "offline_access", *own.scopes))}
        if own.client is None:
            return self._page("own", **asked)
        found = self._page("own_client", client_id=own.client.id, **asked)
        return Missing("tasks_client:callbacks") if found and found.step == "client:callbacks" else found

    def _own_refresh(self, client: Client) -> Missing | None:
        return self._known("own_client", self._refused(client, grant_type="refresh_token", refresh_token=BOGUS))

    def callbacks(self) -> Missing | None:
        """Whether every port may be led back to."""
        for redirect in REDIRECTS:
            if found := self._page("authorize", redirect):
                return replace(found, said=found.said or redirect)
        return None

    def _domain(self) -> Missing | None:
        url = self.around.locate(self.around.tenant.url(".well-known/openid-configuration"))
        answer = self.around.wire.send("GET", url, body=None, headers={"Accept": "application/json"}, cut=Cut())
        try:
            issuer = json.loads(answer.body)["issuer"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return Missing("domain", f"HTTP {answer.status}")
        return None if issuer == self.around.tenant.issuer else Missing("domain:consistent", str(issuer))

    def _refresh(self) -> Missing | None:
        client = self.around.tenant.client
        return self._known("refresh", self._refused(client, grant_type="refresh_token", refresh_token=BOGUS))

    def _exchange(self) -> Missing | None:
        """With a token that is none: whoever may exchange at all is told that it is invalid."""
        tenant = self.around.tenant
        at: At = "exchange_access" if tenant.api else "exchange"
        client = tenant.api.client if tenant.api else tenant.client
        subject = Subject(Secret(BOGUS), ACCESS_SUBJECT if tenant.api else REFRESH_SUBJECT, client, fresh=True)
        error = self.around.vault.probe("", subject, next(iter(tenant.connections.values()), ""))
        if error is None or error.code == "access_denied":
            return None
        if error.code == "mfa_required":
            return Missing("mfa:not_always", error.description)
        found = self._known(at, error)
        public = found is not None and found.step == "grant:token_vault" and self._public(client)
        return Missing("client:confidential") if public else found

    def _public(self, client: Client) -> bool:
        """Whether the tenant does not even look at the secret."""
        error = self._refused(Client(client.id, "no-secret"), grant_type="refresh_token", refresh_token=BOGUS)
        return not client.secret or (error is not None and error.code != "invalid_client")

    def _my_account(self) -> Missing | None:
        return self._page("my_account", audience=self.around.tenant.my_account, scope=" ".join(("openid", *MY_SCOPES)))

    def _page(self, at: At, redirect: str = REDIRECTS[0], **asked: str) -> Missing | None:
        """What the sign-in page says where nobody has answered yet."""
        page = self.around.login.page(Challenge.new(), redirect, **asked)
        answer = self.around.wire.send("GET", page, body=None, headers={}, cut=Cut())
        location = answer.headers.get("location", "")
        if 400 <= answer.status < 500 and answer.status != 429 and not location:
            return Missing("client:callbacks")  # it shows an error of its own, and would not come back
        query = parse_qs(urlsplit(location).query) if location.startswith(redirect) else {}
        code, said = query.get("error", [""])[0], query.get("error_description", [""])[0]
        if at == "my_account" and code in ("access_denied", "unauthorized_client"):
            return Missing("my_account:usable", said)
        return self._known(at, TokenError(code, said)) if code else None

    def _known(self, at: At, error: TokenError | None) -> Missing | None:
        step = self.around.refusals.step(at, error.code) if error else None
        return Missing(step, error.description) if step and error else None

    def _refused(self, client: Client, **fields: str) -> TokenError | None:
        secret = {"client_secret": client.secret} if client.secret else {}
        url = self.around.locate(self.around.tenant.url("oauth/token"))
        try:
            post(self.around.wire, url, client_id=client.id, **secret, **fields)
        except TokenError as error:
            return error
        return None


NO_ANSWER = (Unreachable, TooSlow, Oversized)
