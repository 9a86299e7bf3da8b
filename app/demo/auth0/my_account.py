"""The My Account API's connected accounts, under /me/v1 (Auth0 My Account API: connected-accounts).

Law: a token of another audience is no token here; every refusal is a problem object.
"""

import re
from collections.abc import Callable
from typing import Any

from app.demo.auth0.accounts import Accounts
from app.demo.auth0.connect import DASHBOARD_SCOPES, Connecting, told
from app.demo.auth0.fields import COMPLETE_BODY, CONNECT_BODY, read_body
from app.demo.auth0.refusal import NO_STORE, Problem
from app.demo.auth0.tenant import CONNECTIONS, MY_ACCOUNT, Tenant
from app.demo.auth0.tokens import Bearer, Tokens
from app.demo.wire import Request, Response, json_response

BELOW = "/me/v1/"
_PREFIX = "/me/v1/connected-accounts/"
_ACCOUNT_ID = re.compile(r"cac_[A-Za-z0-9]+")
_DEFAULT_TAKE, _MOST_TAKE = 10, 20


class MyAccount:
    """The service at /me/v1; `tenant` is the set-up of now."""

    name = "auth0-me"
    routes = (BELOW,)

    def __init__(
        self, tokens: Tokens, accounts: Accounts, connecting: Connecting, tenant: Callable[[], Tenant]
    ) -> None:
        self._tokens = tokens
        self._accounts = accounts
        self._connecting = connecting
        self._tenant = tenant

    def failure(self, status: int) -> Response:
        return Problem(status, "The service failed as it was told to").response()

    def answer(self, request: Request) -> Response:
        try:
            return self._answer(request)
        except Problem as problem:
            return problem.response()

    def _answer(self, request: Request) -> Response:
        place = request.path.removeprefix(_PREFIX) if request.path.startswith(_PREFIX) else ""
        if request.method == "DELETE" and place.startswith("accounts/"):
            return self._drop(request, place.removeprefix("accounts/"))
        endpoints: dict[tuple[str, str], Callable[[Request], Response]] = {
            ("POST", "connect"): self._connect,
            ("POST", "complete"): self._complete,
            ("GET", "accounts"): self._list_accounts,
            ("GET", "connections"): self._list_connections,
        }
        endpoint = endpoints.get((request.method, place))
        if endpoint is None:
            raise Problem(404, "There is no such endpoint")
        return endpoint(request)

    def _bearer(self, request: Request, verb: str) -> Bearer:
        """Raises Problem 401 or 403."""
        bearer = self._tokens.read(request.bearer or "")
        if bearer is None or MY_ACCOUNT not in bearer.audiences or not self._tenant().has("my_account:activated"):
            raise Problem(401, "Invalid or expired access token")
        if f"{verb}:me:connected_accounts" not in bearer.scopes:
            raise Problem(403, f"Insufficient scope, expected: {verb}:me:connected_accounts")
        return bearer

    def _connect(self, request: Request) -> Response:
        bearer = self._bearer(request, "create")
        return json_response(201, self._connecting.begin(bearer, read_body(request, CONNECT_BODY)), NO_STORE)

    def _complete(self, request: Request) -> Response:
        bearer = self._bearer(request, "create")
        return json_response(201, self._connecting.complete(bearer, read_body(request, COMPLETE_BODY)), NO_STORE)

    def _list_accounts(self, request: Request) -> Response:
        bearer = self._bearer(request, "read")
        wanted = {value for name, value in request.parameters if name == "connection"}
        found = [one for one in self._accounts.of(bearer.subject) if not wanted or one.connection in wanted]
        return _page(request, "accounts", [told(account) for account in found])

    def _list_connections(self, request: Request) -> Response:
        self._bearer(request, "read")
        tenant = self._tenant()
        usable = tenant.has("connection:enabled") and tenant.has("connection:connected_accounts")
        found = [
            {"name": name, "strategy": strategy, "scopes": list(DASHBOARD_SCOPES[name])}
            for name, strategy in CONNECTIONS.items()
        ]
        return _page(request, "connections", found if usable else [])

    def _drop(self, request: Request, identity: str) -> Response:
        bearer = self._bearer(request, "delete")
        if not _ACCOUNT_ID.fullmatch(identity):
            raise Problem(400, "The id is none of a connected account")
        if not self._accounts.drop(bearer.subject, identity):
            raise Problem(404, "The connected account was not found")
        return Response(204, headers=(NO_STORE,))


def _page(request: Request, name: str, items: list[dict[str, Any]]) -> Response:
    """Some of the items, and where to go on. Raises Problem."""
    asked = dict(request.parameters)
    take, start = asked.get("take", str(_DEFAULT_TAKE)), asked.get("from", "0")
    if not re.fullmatch(r"[0-9]{1,2}", take) or not 1 <= int(take) <= _MOST_TAKE:
        raise Problem(400, f"take must be between 1 and {_MOST_TAKE}", {"take": "out of range"})
    if not re.fullmatch(r"[0-9]{1,6}", start):
        raise Problem(400, "from is no checkpoint of this list", {"from": "unknown"})
    end = int(start) + int(take)
    more = {"next": str(end)} if end < len(items) else {}
    return json_response(200, {name: items[int(start) : end], **more}, NO_STORE)
