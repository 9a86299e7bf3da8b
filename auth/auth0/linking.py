"""One consent through the tenant: sign in where that is needed, then connect the account, in one browser tab.

Law: nobody is asked while the tenant is set up wrongly; a connect asks for what the account has and what is needed, and
a consent that was overtaken by another is not completed, for it would take scopes away; an account is kept only when
its first token came, and is who it was asked for.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace

from auth.auth0.around import Around
from auth.auth0.checklist import Needed
from auth.auth0.connected_accounts import Account, Begun
from auth.auth0.identity import IDENTITY_SCOPES, canonical
from auth.auth0.preflight import Preflight
from auth.auth0.refusals import FLOW_FAILED, NOT_FOUND
from auth.auth0.tenant import PLACE
from auth.auth0.token_vault import Held, Place, at
from auth.callback import Place as Callbacks
from auth.capability import Capability
from auth.consent import Declined, Linked, Outcome
from auth.local.consent import Onward, declined
from auth.local.grants import Challenge
from auth.local.token_endpoint import TokenError
from auth.need import Connect, Misconfigured, Need, Reauth

MOST_LEGS = 64
BY_ADDRESS = "Name the account by its address: --account you@example.com."
SILENT = (
    "no answer came from the browser; where a page there speaks of redirect_uri_mismatch, "
    "https://{domain}/login/callback is missing at the provider's app"
)


@dataclass(frozen=True)
class _Leg:
    """What is to come back; without `begun` it is a sign-in. `scopes` are those that were asked for."""

    begun: Begun | None = None
    scopes: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class _Answer:
    """What the browser brought, and to which question."""

    account: str
    capability: Capability
    code: str = field(repr=False)
    challenge: Challenge = field(repr=False)
    redirect: str


class Linking:
    """The consents of one person for one connection; see `Flow`."""

    place: Callbacks = PLACE

    def __init__(self, around: Around, user: str, connection: str) -> None:
        self.connection, self.issuer = connection, around.tenant.issuer
        self.silent = SILENT.format(domain=around.tenant.domain)
        self._around, self._user = around, user
        self._legs: dict[str, _Leg] = {}
        self._lock = threading.Lock()

    def onward(self, account: str, capability: Capability, challenge: Challenge, redirect: str) -> str | Need:
        found = self._around.answered(
            self.connection, lambda: self._first_page(account, capability, challenge, redirect)
        )
        return Reauth(self.connection, found.why) if isinstance(found, Declined) else found

    def refused(self, connection: str, error: str) -> Outcome:
        """The provider's or the tenant's error in the browser's answer: a person's no, or an operator's work."""
        step = self._around.refusals.step("authorize", error)
        return self._around.checklist.missing(connection, step) if step else declined(connection, error)

    def link(
        self, user: str, account: str, capability: Capability, code: str, challenge: Challenge, redirect: str
    ) -> Outcome | Onward:
        leg = self._legs.pop(challenge.state, None)
        if leg is None:
            return Declined(self.connection, "the answer is of another question; ask again")

        answer = _Answer(account, capability, code, challenge, redirect)

        def taken() -> Outcome | Onward:
            with self._lock:
                return self._completed(leg.begun, leg.scopes, answer) if leg.begun else self._signed_in(answer)

        return self._around.answered(self.connection, taken)

    def _first_page(self, account: str, capability: Capability, challenge: Challenge, redirect: str) -> str:
        try:
            return self._connect_page(account, capability, challenge, redirect)
        except Needed as needed:
            if not isinstance(needed.need, Reauth):
                raise
        Preflight(self._around).check(self.connection)
        self._remember(challenge, _Leg())
        return self._around.login.page(challenge, redirect)

    def _signed_in(self, answer: _Answer) -> Outcome | Onward:
        around = self._around
        around.login.redeem(self.connection, self._user, answer.code, answer.challenge, answer.redirect)
        around.vault.forget(self._user)
        return self._already(answer) or self._further(answer)

    def _further(self, answer: _Answer) -> Onward:
        challenge = Challenge.new()
        page = self._connect_page(answer.account, answer.capability, challenge, answer.redirect)
        return Onward(page, challenge)

    def _already(self, answer: _Answer) -> Linked | None:
        """Where the account was connected before, perhaps from another computer, the sign-in is enough."""
        place = self._around.place(self._user, answer.account, answer.capability)
        try:
            held = self._around.vault.token(place)
        except Needed as needed:
            if isinstance(needed.need, Connect | Reauth):
                return None
            raise
        connected = self._around.connected(place)
        stranger = self._around.records.stranger(self._user, self.connection, answer.account, held.who)
        enough = answer.capability.scopes <= canonical(held.access.scopes)
        return self._kept(answer, connected[0], held) if enough and not stranger and len(connected) == 1 else None

    def _connect_page(self, account: str, capability: Capability, challenge: Challenge, redirect: str) -> str:
        """The tenant's page that leads on to the provider's consent."""
        around, place = self._around, self._around.place(self._user, account, capability)
        others = {entry.account for entry in around.records.of(self._user, self.connection)} - {account}
        if others and account and "@" not in account:
            what = f"accounts of one connection are told apart by their addresses, and {account!r} is none"
            raise Needed(Misconfigured(self.connection, what, BY_ADDRESS))
        self._check_vault(place)
        road = around.my_account(self._user, self.connection)
        scopes = capability.scopes | self._had(account, place) | IDENTITY_SCOPES.get(self.connection, frozenset())
        hint = account if "@" in account else ""
        begun = around.service.begin(road, place.at, redirect, challenge, scopes, hint)
        self._remember(challenge, _Leg(begun, scopes))
        return begun.page

    def _check_vault(self, place: Place) -> None:
        """Nobody is asked for an account whose token the tenant would not give. Raises Needed."""
        subject = self._around.login.subject(self._user, self.connection)
        error: TokenError | None = self._around.vault.probe(self.connection, subject, place.at)
        if error is None or error.code in (NOT_FOUND, FLOW_FAILED):
            return
        if error.code == "invalid_grant":
            self._around.login.end(self._user)
        raise Needed(
            self._around.refusals.need(at(subject), self.connection, error, fresh=subject.fresh, name=place.at)
        )

    def _had(self, account: str, place: Place) -> frozenset[str]:
        """The scopes of the account, for a connect replaces them: of all there are that are not known as another's."""
        entries = self._around.records.of(self._user, self.connection)
        others = {entry.id for entry in entries if account and entry.account != account}
        found = (one.scopes for one in self._around.connected(place) if one.id not in others)
        return canonical(frozenset().union(*found))

    def _completed(self, begun: Begun, asked: frozenset[str], answer: _Answer) -> Outcome | Onward:
        around, place = self._around, self._around.place(self._user, answer.account, answer.capability)
        if not self._had(answer.account, place) <= asked:
            return self._further(answer)
        road = around.my_account(self._user, self.connection)
        made = around.service.complete(road, begun, answer.code, answer.redirect, answer.challenge)
        around.vault.forget(self._user, place.at)
        held = self._first_token(place)
        wrong = around.records.stranger(self._user, self.connection, answer.account, held.who)
        if not wrong and not answer.capability.scopes & canonical(held.access.scopes):
            wrong = "nothing of what was asked for was ticked"
        if not wrong:
            return self._kept(answer, made, held)
        if all(entry.id != made.id for entry in around.records.of(self._user, self.connection)):
            around.service.drop(road, made.id)
        around.vault.forget(self._user, place.at)
        return Declined(self.connection, wrong)

    def _first_token(self, place: Place) -> Held:
        """Of what was connected a moment ago: where the tenant has none, it was given nothing lasting."""
        try:
            return self._around.vault.token(place)
        except Needed as needed:
            if isinstance(needed.need, Connect):
                raise Needed(self._around.nothing_kept(place)) from None
            raise

    def _kept(self, answer: _Answer, made: Account, held: Held) -> Linked:
        granted, wanted = canonical(held.access.scopes), answer.capability.scopes
        name = answer.account or held.who.name
        account = replace(made, scopes=granted)
        self._around.records.keep(self._user, self.connection, answer.capability.consented, name, account, held.who)
        return Linked(self.connection, name, granted & wanted, wanted - granted)

    def _remember(self, challenge: Challenge, leg: _Leg) -> None:
        self._legs[challenge.state] = leg
        while len(self._legs) > MOST_LEGS:
            self._legs.pop(next(iter(self._legs)))
