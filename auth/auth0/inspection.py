"""The tenant's set-up gone through step by step, for an operator. Law: nobody is asked, and nothing changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Literal

from auth.auth0.around import Around
from auth.auth0.checklist import Needed
from auth.auth0.preflight import Missing, Preflight
from auth.auth0.refusals import NOT_FOUND
from auth.auth0.tenant import CALLBACKS
from auth.auth0.token_vault import Place, at
from auth.consent import Declined
from auth.need import Connect, Misconfigured, Reauth, StepUp, Unavailable, told

State = Literal["ok", "missing", "unknown"]
FINE = {
    "domain": "the tenant answers under its own name.",
    "client and refresh tokens": "the client id and its secret are taken; Refresh Token is among its grant types.",
    "token vault": "the application may use the Token Vault.",
    "sign-in page": "it opens for Valet.",
    "my account API": "activated, and the application may use it.",
}
OWN_FINE = {
    "API": "the tenant has it, and the application may sign in for it.",
    "refresh tokens": "Refresh Token is among the grant types of the application.",
}
FROM_OUTSIDE = "it cannot be seen from here"


@dataclass(frozen=True)
class Seen:
    """One step. `next` is what to do, "" where there is nothing to do."""

    name: str
    state: State
    what: str
    next: str = ""


@dataclass(frozen=True)
class Inspection:
    """What can be seen of the tenant `around`, by somebody who has signed in or not."""

    around: Around

    def seen(self, user: str) -> Iterator[Seen]:
        """Every step, in the order of the checklist; where the tenant does not answer at all, nothing else is asked."""
        preflight = Preflight(self.around)
        for name, look in preflight.looks():
            found = self._looked(name, look, FINE[name])
            yield found
            if found.state != "ok" and name == "domain":
                return
        yield self._looked("callbacks", preflight.callbacks, f"registered: {CALLBACKS}.")
        for name, look in preflight.own_looks():
            yield self._looked(name, look, OWN_FINE[name.partition(" ")[2]])
        signed_in = self.around.login.current(user)
        if signed_in is None or signed_in.dead:
            yield Seen(
                "signed in",
                "unknown",
                "nobody is signed in, so the rest is not seen.",
                "`valet connect google` begins.",
            )
        else:
            yield Seen("signed in", "ok", f"as {signed_in.account}.")
            yield from self._signed_in(user)
        yield from self._elsewhere()

    def _signed_in(self, user: str) -> Iterator[Seen]:
        def policy() -> None:
            self.around.login.my_account(user, "auth0")

        yield self._done("refresh token policy", policy, "the sign-in is good for the My Account API too.")
        yield from self._own(user)
        for name, tenants in sorted(self.around.tenant.connections.items()):
            place = Place(user, name, tenants)
            fine = f"{tenants} can be used for connected accounts, and its exchange is not refused."
            yield self._done(f"connection {name}", partial(self._connection, place), fine)

    def _own(self, user: str) -> Iterator[Seen]:
        """What the sign-in shows of Valet's own service."""
        own = self.around.tenant.own
        if own is None or own.client is not None:
            return

        def token() -> None:
            self.around.login.own(user, own.connection, frozenset(own.scopes))

        fine = f"the sign-in is good for {' and '.join(own.scopes)}."
        yield self._done(f"{own.connection} policy and permissions", token, fine)

    def _connection(self, place: Place) -> None:
        """Raises Needed for what an operator must mend."""
        usable = self.around.service.connections(self.around.my_account(place.user, "auth0"))
        if place.at not in usable:
            raise Needed(self.around.checklist.missing(place.connection, "connection:usable", at=place.at))
        subject = self.around.login.subject(place.user, place.connection)
        error = self.around.vault.probe(place.connection, subject, place.at)
        step = self.around.refusals.step(at(subject), error.code) if error else None
        if step and error:
            raise Needed(self.around.checklist.missing(place.connection, step, error.description, place.at))
        if error and error.code == NOT_FOUND and self.around.connected(place):
            raise Needed(self.around.nothing_kept(place))

    def _elsewhere(self) -> Iterator[Seen]:
        """What stands at the providers."""
        for name, tenants in sorted(self.around.tenant.connections.items()):
            _, following = self.around.checklist.texts("provider:redirect_uri", tenants)
            yield Seen(f"{name}'s app", "unknown", f"{FROM_OUTSIDE} whether it leads back to the tenant.", following)
        own = self.around.tenant.own
        if own is not None and own.client is not None:
            unseen = f"{FROM_OUTSIDE} whether it gives {' and '.join(own.scopes)}, and a refresh token."
            _, following = self.around.checklist.texts("tasks_api:offline_access")
            yield Seen(f"{own.connection} API's permissions", "unknown", unseen, following)
        if "slack" in self.around.tenant.connections:
            yield Seen(
                "Slack's tokens",
                "unknown",
                f"{FROM_OUTSIDE} whether the Slack app rotates its tokens.",
                "Opt in to token rotation in its settings.",
            )

    def _looked(self, name: str, look: Callable[[], Missing | None], fine: str) -> Seen:
        found = self.around.answered("auth0", look)
        if isinstance(found, Missing):
            what, following = self.around.checklist.texts(found.step)
            return Seen(name, "missing", f"{what}{f' ({found.said[:200]})' if found.said else ''}.", following)
        return self._as_told(name, found, fine)

    def _done(self, name: str, work: Callable[[], None], fine: str) -> Seen:
        return self._as_told(name, self.around.answered("auth0", work), fine)

    @staticmethod
    def _as_told(name: str, found: object, fine: str) -> Seen:
        match found:
            case Misconfigured(missing=missing, next=following):
                return Seen(name, "missing", f"{missing}.", following)
            case Connect() | StepUp() | Reauth() | Unavailable():
                return Seen(name, "unknown", *told(found))
            case Declined(why=why):
                return Seen(name, "unknown", why)
            case _:
                return Seen(name, "ok", fine)
