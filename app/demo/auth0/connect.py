"""Connecting an account: a ticket for the browser, the provider's consent page, and a code that completes it.

Law: ticket, session and code are of one person, one app and one redirect; each serves once.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from secrets import compare_digest
from typing import Any

from app.demo.auth0.accounts import Account, Accounts
from app.demo.auth0.refusal import Problem
from app.demo.auth0.tenant import CONNECTIONS, ISSUER, Tenant
from app.demo.auth0.tickets import Ticket, Tickets
from app.demo.auth0.tokens import Bearer
from app.demo.auth0.upstream import Upstream, UpstreamRefused
from app.demo.consent import Agreed, ConsentDesk
from app.demo.consent_page import notice_page
from app.demo.grant_store import challenge_of
from app.demo.wire import Request, Response, redirect

CONNECT = "/connected-accounts/connect"
TICKET_SECONDS = 300
DASHBOARD_SCOPES = {
    "google-oauth2": ("openid", "profile", "email"),
    "sign-in-with-slack": ("channels:read", "users:read"),
}


class Connecting:
    """Begins, shows and completes a connection; `tenant` is the set-up of now."""

    def __init__(
        self,
        desk: ConsentDesk,
        tickets: Tickets,
        accounts: Accounts,
        upstreams: Mapping[str, Upstream],
        tenant: Callable[[], Tenant],
        clock: Callable[[], float],
    ) -> None:
        self._desk = desk
        self._tickets = tickets
        self._accounts = accounts
        self._upstreams = upstreams
        self._tenant = tenant
        self._clock = clock

    def begin(self, bearer: Bearer, asked: dict[str, Any]) -> dict[str, Any]:
        """Raises Problem."""
        self._check(bearer, asked)
        body = {
            "subject": bearer.subject,
            "client": bearer.client,
            "connection": asked["connection"],
            "redirect": asked["redirect_uri"],
            "state": asked.get("state"),
            "challenge": asked.get("code_challenge", ""),
            "scopes": asked.get("scopes") or DASHBOARD_SCOPES[asked["connection"]],
            "hint": str(asked.get("authorization_params", {}).get("login_hint", "")),
        }
        session = self._tickets.new("session", body, TICKET_SECONDS)
        found = self._tickets.find("session", session)
        ticket = self._tickets.new("connect", {"session": found.hash if found else ""}, TICKET_SECONDS)
        return {
            "auth_session": session,
            "connect_uri": f"{ISSUER}connected-accounts/connect",
            "connect_params": {"ticket": ticket},
            "expires_in": TICKET_SECONDS,
        }

    def _check(self, bearer: Bearer, asked: dict[str, Any]) -> None:
        connection, application = asked["connection"], self._tenant().application(bearer.client)
        if connection not in CONNECTIONS:
            raise Problem(400, f"The connection {connection} does not exist", {"connection": "not found"})
        if not self._tenant().has("connection:enabled"):
            raise Problem(400, "The connection is not enabled for the client", {"connection": "not enabled"})
        if not self._tenant().has("connection:connected_accounts"):
            raise Problem(400, "The connection is not enabled for connected accounts", {"connection": "not enabled"})
        if application is None or asked["redirect_uri"] not in application.callbacks:
            raise Problem(400, "The redirect_uri is not allowed for the client", {"redirect_uri": "not allowed"})
        if ("code_challenge" in asked) != (asked.get("code_challenge_method") == "S256"):
            raise Problem(400, "A code_challenge needs the method S256", {"code_challenge_method": "must be S256"})

    def show(self, request: Request) -> Response:
        """The page at the address of `begin`: the provider's consent."""
        found = self._tickets.find("connect", dict(request.parameters).get("ticket", ""))
        session = found and self._tickets.find_kept("session", found.body["session"])
        if not found or not session or found.taken or found.expires < self._clock():
            return notice_page("The ticket is unknown, used, or too old: begin again in the app.")
        if not self._tenant().has("provider:redirect_uri"):
            return notice_page("The redirect URI of the request is not authorized. (redirect_uri_mismatch)")
        upstream, wanted = self._upstreams[session.body["connection"]], tuple(session.body["scopes"])
        try:
            question = upstream.question(wanted, session.body["hint"])
        except UpstreamRefused as refused:
            return notice_page(str(refused))
        return self._desk.ask(question, lambda agreed: self._decided(found, session, agreed))

    def _decided(self, ticket: Ticket, session: Ticket, agreed: Agreed | None) -> Response:
        self._tickets.spend(ticket)
        body = session.body
        state = {"state": body["state"]} if body["state"] is not None else {}
        if agreed is None:
            return redirect(body["redirect"], {"error": "access_denied", **state})
        told = {
            "session": session.hash,
            "person": agreed.person,
            "scopes": agreed.scopes,
            "lifetime": agreed.lifetime,
        }
        return redirect(body["redirect"], {"connect_code": self._tickets.new("connect_code", told, 60), **state})

    def complete(self, bearer: Bearer, asked: dict[str, Any]) -> dict[str, Any]:
        """Raises Problem."""
        session = self._tickets.find("session", asked["auth_session"])
        code = self._tickets.find("connect_code", asked["connect_code"])
        owned = session and (session.body["subject"], session.body["client"]) == (bearer.subject, bearer.client)
        if session is None or code is None or not owned or code.body["session"] != session.hash:
            raise Problem(400, "The auth_session or the connect_code is unknown")
        if code.taken or session.taken:
            raise Problem(409, "The connect_code was used already")
        self._tickets.spend(code)
        if code.expires < self._clock():
            raise Problem(400, "The connect_code expired")
        if asked["redirect_uri"] != session.body["redirect"]:
            raise Problem(400, "The redirect_uri is another one", {"redirect_uri": "differs"})
        challenge = session.body["challenge"]
        if challenge and not compare_digest(challenge_of(asked.get("code_verifier", "")), challenge):
            raise Problem(400, "The code_verifier does not match", {"code_verifier": "does not match"})
        self._tickets.spend(session)
        return told(self._linked(session, code))

    def _linked(self, session: Ticket, code: Ticket) -> Account:
        connection = session.body["connection"]
        if connection == "google-oauth2" and "openid" not in code.body["scopes"]:
            raise Problem(400, "The account cannot be identified: ask for openid and profile")
        agreed = Agreed(code.body["person"], tuple(code.body["scopes"]), code.body["lifetime"])
        fresh = self._upstreams[connection].link(agreed)
        return self._accounts.keep(session.body["subject"], connection, agreed.person, fresh)


def told(account: Account) -> dict[str, Any]:
    """An account as the API shows it."""
    created = datetime.fromtimestamp(account.created, UTC).isoformat(timespec="milliseconds")
    return {
        "id": account.id,
        "connection": account.connection,
        "access_type": "offline",
        "scopes": list(account.scopes),
        "created_at": created.replace("+00:00", "Z"),
    }
