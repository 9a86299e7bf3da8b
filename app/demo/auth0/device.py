"""Sign-in on another screen (RFC 8628): a code to type or a link to open, and a client that polls.

Law: polling faster than the interval is told so; an expired code is called expired once.
"""

import secrets
from collections.abc import Callable
from typing import Any

from app.demo.auth0.audience import asked_scopes
from app.demo.auth0.login import SignIn
from app.demo.auth0.refusal import Refused, invalid_grant, unauthorized_client
from app.demo.auth0.tenant import DEVICE, ISSUER, Application, Tenant
from app.demo.auth0.tickets import Ticket, Tickets
from app.demo.auth0.tokens import subject_of
from app.demo.consent import Agreed
from app.demo.consent_page import notice_page, page
from app.demo.wire import Request, Response

ACTIVATE = "/activate"
EXPIRES_SECONDS, INTERVAL_SECONDS = 900, 5
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"


class DeviceFlow:
    """Begins, shows and ends a device's sign-in."""

    def __init__(
        self, sign_in: SignIn, tickets: Tickets, tenant: Callable[[], Tenant], clock: Callable[[], float]
    ) -> None:
        self._sign_in = sign_in
        self._tickets = tickets
        self._tenant = tenant
        self._clock = clock

    def begin(self, application: Application, fields: dict[str, str]) -> dict[str, Any]:
        """Raises Refused."""
        if DEVICE not in application.grants:
            raise unauthorized_client(DEVICE)
        audience = fields.get("audience", "")
        scopes = asked_scopes(self._tenant(), application, audience, fields.get("scope", ""))
        body = {"client": application.id, "audience": audience, "scopes": scopes, "answer": "", "polled": 0.0}
        device = self._tickets.new("device", body, EXPIRES_SECONDS)
        found = self._tickets.find("device", device)
        shown = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(2))
        self._tickets.new("user_code", {"device": found.hash if found else ""}, EXPIRES_SECONDS, shown)
        return {
            "device_code": device,
            "user_code": shown,
            "verification_uri": f"{ISSUER}activate",
            "verification_uri_complete": f"{ISSUER}activate?user_code={shown}",
            "expires_in": EXPIRES_SECONDS,
            "interval": INTERVAL_SECONDS,
        }

    def show(self, request: Request) -> Response:
        """The page the person opens on the other screen."""
        code = dict(request.parameters).get("user_code", "").strip().upper()
        if not code:
            return page("Activate a device", _TYPE_IT)
        found = self._tickets.find("user_code", code)
        ticket = found and self._tickets.find_kept("device", found.body["device"])
        if not found or not ticket or found.taken or found.expires < self._clock():
            return notice_page("The code is wrong, used, or too old.", 400, "Activate a device")
        return self._sign_in.ask("", tuple(ticket.body["scopes"]), lambda agreed: self._decided(code, ticket, agreed))

    def _decided(self, code: str, ticket: Ticket, agreed: Agreed | None) -> Response:
        if self._tickets.take("user_code", code) is None:
            return notice_page("The code is wrong, used, or too old.", 400, "Activate a device")
        if agreed is None:
            self._tickets.change(ticket, answer="denied")
            return notice_page("The device was not signed in.", 200, "Declined")
        self._tickets.change(ticket, answer="agreed", subject=subject_of(agreed.person))
        return notice_page("The device is signed in: you can go back to it.", 200, "Congratulations")

    def poll(self, application: Application, fields: dict[str, str]) -> dict[str, Any]:
        """What was agreed to, once. Raises Refused."""
        found = self._tickets.find("device", fields.get("device_code", ""))
        if found is None or found.taken or found.body["client"] != application.id:
            raise invalid_grant("Invalid or expired device code.")
        if found.expires < self._clock():
            self._tickets.spend(found)
            raise Refused(403, "expired_token", "Invalid or expired device code.")
        early = self._clock() - found.body["polled"] < INTERVAL_SECONDS
        self._tickets.change(found, polled=self._clock())
        if early:
            raise Refused(429, "slow_down", "You are polling faster than the specified interval.")
        if not found.body["answer"]:
            raise Refused(403, "authorization_pending", "User has yet to authorize device code.")
        self._tickets.spend(found)
        if found.body["answer"] == "denied":
            raise Refused(403, "access_denied", "User did not authorize the request")
        return found.body


_TYPE_IT = (
    "<h1>Activate a device</h1><p>Type the code the device shows.</p><form><p><label>Code"
    " <input name=user_code autocomplete=off autofocus></label></p><nav><button class=main>Continue</button></nav>"
    "</form>"
)
