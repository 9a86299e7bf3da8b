"""Approval on another device (CIBA with RAR): a request with a message, asked at once or on the page /guardian.

Law: the message and the details stay within the limits of the real service; a decision is handed out once.
"""

import json
import re
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any

from app.demo.auth0.audience import asked_scopes
from app.demo.auth0.refusal import Refused, invalid_grant, invalid_request, unauthorized_client
from app.demo.auth0.tenant import CIBA, ISSUER, Application, Tenant
from app.demo.auth0.tickets import Ticket, Tickets
from app.demo.auth0.tokens import Tokens
from app.demo.consent import Agreed, ConsentDesk, Question
from app.demo.consent_page import notice_page
from app.demo.wire import Response

GUARDIAN = "/guardian"
DEFAULT_SECONDS, MOST_SECONDS, INTERVAL_SECONDS = 300, 259_200, 5
MOST_PER_MINUTE = 5
_MESSAGE = re.compile(r"[A-Za-z0-9 +\-_.,:#]{1,64}")
_TYPE = re.compile(r"urn:auth0:schemas:authorization-details:v1:[A-Za-z0-9_.-]+")
_NAME = re.compile(r"[a-zA-Z0-9_.-]+")


class Approvals:
    """Begins, shows and ends approvals; the limit of requests is counted in memory."""

    def __init__(
        self,
        desk: ConsentDesk,
        tickets: Tickets,
        tokens: Tokens,
        tenant: Callable[[], Tenant],
        clock: Callable[[], float],
    ) -> None:
        self._desk = desk
        self._tickets = tickets
        self._tokens = tokens
        self._tenant = tenant
        self._clock = clock
        self._recent: defaultdict[str, deque[float]] = defaultdict(deque)

    def begin(self, application: Application, fields: dict[str, str]) -> dict[str, Any]:
        """Raises Refused."""
        if CIBA not in application.grants or not application.secret:
            raise unauthorized_client(CIBA)
        subject = self._subject(fields.get("login_hint", ""))
        if not _MESSAGE.fullmatch(fields.get("binding_message", "")):
            raise invalid_request("binding_message must be 1 to 64 letters, digits, spaces or +-_.,:#")
        audience = fields.get("audience", "")
        scopes = asked_scopes(self._tenant(), application, audience, fields.get("scope", ""))
        if "openid" not in scopes:
            raise Refused(400, "invalid_scope", "openid scope must be requested")
        seconds = _expiry(fields.get("requested_expiry", ""))
        details = read_details(fields.get("authorization_details", ""))
        self._count(subject)
        body = {
            "client": application.id,
            "subject": subject,
            "audience": audience,
            "scopes": scopes,
            "message": fields["binding_message"],
            "details": details,
            "answer": "",
            "polled": 0.0,
        }
        request = self._tickets.new("ciba", body, seconds)
        found = self._tickets.find("ciba", request)
        if found:
            self._ask(found)
        return {"auth_req_id": request, "expires_in": seconds, "interval": INTERVAL_SECONDS}

    def _subject(self, hint: str) -> str:
        try:
            stated = json.loads(hint)
            subject = stated["sub"] if stated["format"] == "iss_sub" and stated["iss"] == ISSUER else ""
        except (ValueError, TypeError, KeyError):
            subject = ""
        if not subject or self._tokens.person(subject) is None:
            raise invalid_request('login_hint must be {"format":"iss_sub","iss":ISSUER,"sub":USER}')
        return str(subject)

    def _count(self, subject: str) -> None:
        recent, now = self._recent[subject], self._clock()
        while recent and recent[0] <= now - 60:
            recent.popleft()
        if len(recent) >= MOST_PER_MINUTE:
            raise Refused(429, "too_many_requests", "Too many requests for this user.", ("Retry-After", "60"))
        recent.append(now)

    def _ask(self, ticket: Ticket) -> Response:
        """The page of the person's other device; where they answer at once, the answer is kept at once."""
        person = self._tokens.person(ticket.body["subject"])
        people = {person.address: person.name} if person else {}
        told = {"approve": ticket.body["message"]}
        question = Question("Guardian", "Valet", people, next(iter(people), ""), told, frozenset(told))
        return self._desk.ask(question, lambda agreed: self._decided(ticket, agreed))

    def _decided(self, ticket: Ticket, agreed: Agreed | None) -> Response:
        self._tickets.change(ticket, answer="agreed" if agreed else "denied")
        return notice_page("Your answer was sent.", 200, "Approved" if agreed else "Denied")

    def show(self) -> Response:
        """The oldest request that waits for an answer."""
        waiting = [ticket for ticket in self._tickets.waiting("ciba") if not ticket.body["answer"]]
        if not waiting:
            return notice_page("There is nothing to approve.", 200, "Guardian")
        return self._ask(waiting[0])

    def poll(self, application: Application, fields: dict[str, str]) -> dict[str, Any]:
        """What was approved, once. Raises Refused."""
        found = self._tickets.find("ciba", fields.get("auth_req_id", ""))
        if found is None or found.taken or found.body["client"] != application.id:
            raise invalid_grant("Invalid or expired auth_req_id")
        if found.body["answer"] == "denied" or found.expires < self._clock():
            self._tickets.spend(found)
            raise Refused(400, "access_denied", "The end-user denied the authorization request or it has been expired")
        early = self._clock() - found.body["polled"] < INTERVAL_SECONDS
        self._tickets.change(found, polled=self._clock())
        if early:
            again = ("Retry-After", str(INTERVAL_SECONDS))
            raise Refused(429, "slow_down", "You are polling faster than allowed. Try again later.", again)
        if not found.body["answer"]:
            raise Refused(400, "authorization_pending", "The end-user authorization is pending")
        self._tickets.spend(found)
        return found.body


def _expiry(stated: str) -> int:
    if not stated:
        return DEFAULT_SECONDS
    if not stated.isascii() or not stated.isdigit() or not 1 <= int(stated) <= MOST_SECONDS:
        raise invalid_request(f"requested_expiry must be between 1 and {MOST_SECONDS}")
    return int(stated)


def read_details(stated: str) -> list[Any]:
    """The authorization_details (RFC 9396) within the service's limits. Raises Refused."""
    if not stated:
        return []
    try:
        details = json.loads(stated)
    except (ValueError, RecursionError) as error:
        raise invalid_request("authorization_details must be a JSON array") from error
    if not isinstance(details, list) or len(details) > 5 or len(stated.encode()) > 5 * 1024:
        raise invalid_request("authorization_details must be an array of at most 5 entries and 5 KB")
    for entry in details:
        if not isinstance(entry, dict) or len(entry) > 10 or not _TYPE.fullmatch(str(entry.get("type", ""))):
            raise Refused(400, "invalid_authorization_details", "An entry has a registered type, at most 10 properties")
        _check_depth(entry, 1)
    return details


def _check_depth(value: Any, depth: int) -> None:
    if depth > 5 or (isinstance(value, str) and len(value) > 255):
        raise Refused(400, "invalid_authorization_details", "An entry is too deep or too long")
    if isinstance(value, dict):
        if not all(_NAME.fullmatch(name) for name in value):
            raise Refused(400, "invalid_authorization_details", "A property's name has an odd character")
        for part in value.values():
            _check_depth(part, depth + 1)
    for part in value if isinstance(value, list) else ():
        _check_depth(part, depth + 1)
