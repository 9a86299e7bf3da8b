"""The person of the workspace before a question for consent: a page in their browser, or an answer at once.

Law: a page's answer counts once, and only with the ticket that page was given.
"""

import secrets
import threading
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args
from urllib.parse import parse_qsl, urlsplit

from app.demo.consent_page import asking_page, notice_page
from app.demo.wire import FORM, Request, Response, fingerprint, json_response

CONSENT = "/__consent"
MOST_OPEN = 200
Mode = Literal["grant", "deny", "partial", "page"]
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class Consent:
    """What the person of the workspace does when they are asked.

    partial: only `scopes` (and those that cannot be unticked) are left ticked. page: a page asks them in their
    browser. `account` is who answers at once; "" = whom the app's hint names, else the workspace's owner.
    `lifetime` (seconds) limits a grant of Google, as an app in testing is limited to 604799.
    """

    mode: Mode = "grant"
    scopes: frozenset[str] = frozenset()
    lifetime: int | None = None
    account: str = ""

    @classmethod
    def parse(cls, text: str) -> "Consent":
        """grant, deny, page, or partial:SCOPES (separated by commas or spaces). Raises ConsentError."""
        mode, _, scopes = text.partition(":")
        for known in get_args(Mode):
            if mode == known and (known == "partial" or not scopes):
                return cls(known, frozenset(scopes.replace(",", " ").split()))
        raise ConsentError(f"No consent {text!r}: choose grant, deny, page or partial:SCOPES.")


class ConsentError(ValueError):
    """A consent that cannot be ordered; the text says what can."""


@dataclass(frozen=True)
class Question:
    """Who asks for what. `people` are names by account; `scopes` are words by scope.

    `person` is the account proposed; `fixed` are the scopes nobody can untick: they come with the rest.
    """

    service: str
    app: str
    people: Mapping[str, str]
    person: str
    scopes: Mapping[str, str]
    fixed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Agreed:
    """Who agreed, and to which of the scopes; `lifetime` (seconds) is that of the consent."""

    person: str
    scopes: tuple[str, ...]
    lifetime: int | None = None


Then = Callable[[Agreed | None], Response]
"""What the service answers to the browser; None is a refusal."""


@dataclass(frozen=True)
class _Open:
    question: Question
    then: Then = field(repr=False)


class ConsentDesk:
    """Asks the person for every service; itself a service, which takes the pages' answers and the mode."""

    name = "consent"
    routes = (CONSENT,)

    def __init__(self, read: Callable[[], Consent], change: Callable[[Consent], None]) -> None:
        self._read = read
        self._change = change
        self._open: dict[str, _Open] = {}
        self._lock = threading.Lock()

    def ask(self, question: Question, then: Then, *, insist: bool = False) -> Response:
        """What the browser gets: the answer's consequence, or the page that asks; with `insist` always the page."""
        consent = self._read()
        if insist or consent.mode == "page":
            return asking_page(question, CONSENT, self._keep(question, then))
        if consent.mode == "deny":
            return then(None)
        person = consent.account or question.person
        ticked = question.scopes if consent.mode == "grant" else consent.scopes
        return then(_agreed(question, person, ticked, consent.lifetime))

    def _keep(self, question: Question, then: Then) -> str:
        ticket = secrets.token_urlsafe(24)
        with self._lock:
            while len(self._open) >= MOST_OPEN:
                del self._open[next(iter(self._open))]
            self._open[fingerprint(ticket)] = _Open(question, then)
        return ticket

    def answer(self, request: Request) -> Response:
        if not from_here(request):
            return json_response(403, {"error": "Only a page or a program of this machine may do that."})
        if request.method == "POST" and request.media_type == FORM:
            return self._answered(request)
        if request.method != "GET":
            return json_response(405, {"error": "Use GET, or the form of the page."})
        return self._ordered(dict(request.parameters))

    def failure(self, status: int) -> Response:
        return json_response(status, {"error": "The consent page failed as it was told to."})

    def _ordered(self, asked: dict[str, str]) -> Response:
        if "auto" in asked:
            try:
                self._change(Consent.parse(asked["auto"]))
            except ConsentError as error:
                return json_response(400, {"error": str(error)})
        consent = self._read()
        return json_response(200, {"consent": consent.mode, "scopes": sorted(consent.scopes)})

    def _answered(self, request: Request) -> Response:
        pairs = parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True)
        form = dict(pairs)
        with self._lock:
            found = self._open.pop(fingerprint(form.get("ticket", "")), None)
        if found is None:
            return notice_page("This page was answered already, or is too old: begin again in the app that asked.")
        if form.get("answer") != "allow":
            return found.then(None)
        ticked = {value for name, value in pairs if name == "scope"}
        return found.then(_agreed(found.question, form.get("person", ""), ticked, self._read().lifetime))


def _agreed(question: Question, person: str, ticked: Container[str], lifetime: int | None) -> Agreed | None:
    """What was agreed to; none of what could be ticked is a refusal, and so is a person who is not there."""
    scopes = tuple(scope for scope in question.scopes if scope in question.fixed or scope in ticked)
    nothing = not set(scopes) - question.fixed and set(question.scopes) - question.fixed
    return None if nothing or person not in question.people else Agreed(person, scopes, lifetime)


def from_here(request: Request) -> bool:
    """Whether this machine asks: a page of somewhere else names another host, another origin or another site."""
    host = request.headers.get("host", "")
    origin = request.headers.get("origin", "null")
    site = request.headers.get("sec-fetch-site", "none")
    own = origin in ("null", f"http://{host}") and site in ("none", "same-origin")
    return own and urlsplit(f"//{host}").hostname in _LOOPBACK
