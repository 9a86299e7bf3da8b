"""What the parts of the Auth0 broker share: the tenant, and the ways to ask it. Law: whatever the tenant or the network
answers becomes a lease or a need, never a bare error.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from auth.auth0.checklist import Checklist, Needed, Step
from auth.auth0.connected_accounts import Account, ConnectedAccounts, Problem, Road, capability
from auth.auth0.jwt_claims import NotVerified
from auth.auth0.login import Login
from auth.auth0.records import Records
from auth.auth0.refusals import Refusals
from auth.auth0.tenant import Tenant
from auth.auth0.token_vault import Place, TokenVault
from auth.capability import Capability
from auth.consent import Declined
from auth.errors import Oversized, Refused, TooSlow, Unreachable
from auth.gateway import Gateway
from auth.lease import Lease
from auth.local.vault_error import VaultError
from auth.need import Misconfigured, Need, Unavailable
from auth.redaction import redacted
from auth.wire import Cut, Wire

Found = TypeVar("Found")
CONNECTIONS_NEXT = (
    "Set VALET_AUTH0_CONNECTIONS to the tenant's names: google=google-oauth2,slack=sign-in-with-slack, for instance."
)


@dataclass(frozen=True)
class Around:
    """One tenant and what is known here. `gateway` knows where it is served, and signs."""

    tenant: Tenant
    checklist: Checklist
    refusals: Refusals
    login: Login
    vault: TokenVault
    service: ConnectedAccounts
    records: Records
    gateway: Gateway

    @property
    def wire(self) -> Wire:
        return self.gateway.wire

    def locate(self, url: str) -> str:
        """Where a real address is served."""
        return self.gateway.locate(url)

    def signed_in(self, user: str) -> str:
        """The name of whoever is signed in, also where that has ended; "" for nobody."""
        grant = self.login.current(user)
        return grant.account if grant else ""

    def my_account(self, user: str, connection: str) -> Road:
        """The road to the My Account API, in the name of whoever is signed in; `connection` is what it is wanted for.

        Raises Needed, and Unreachable, TooSlow or Oversized.
        """
        wanted = capability(self.tenant)

        def leased() -> Lease:
            access = self.login.my_account(user, connection)
            return Lease(user, self.signed_in(user), wanted.name, access.scopes, access.expires, access.token)

        def renewed(stale: Lease) -> Lease:
            if stale.token is not None:
                self.login.refuse(user, stale.token)
            return leased()

        return self.gateway.open(leased(), wanted, cut=Cut(), renew=renewed, whole=True)

    def place(self, user: str, account: str, capability: Capability) -> Place:
        """Where the capability's token is at the tenant. Raises Needed where no connection is configured for it."""
        at = self.tenant.connection_for(capability)
        if not at:
            name = capability.connection
            raise Needed(Misconfigured(name, f"no connection of the tenant is named for {name}", CONNECTIONS_NEXT))
        others = {*self.records.accounts(user, capability.connection)} - {account}
        return Place(user, capability.connection, at, account if others and "@" in account else "")

    def connected(self, place: Place) -> tuple[Account, ...]:
        """The accounts the tenant keeps of a connection."""
        return self.service.accounts(self.my_account(place.user, place.connection), place.at)

    def nothing_kept(self, place: Place) -> Need:
        """Why the tenant has no token for an account it does list."""
        if place.at not in self.service.connections(self.my_account(place.user, place.connection)):
            return self.checklist.missing(place.connection, "connection:usable", at=place.at)
        step: Step = "slack:token_rotation" if place.connection == "slack" else "connection:offline_access"
        return self.checklist.missing(place.connection, step, at=place.at)

    def answered(self, connection: str, work: Callable[[], Found]) -> Found | Need | Declined:
        """What the work gives, or why it gives nothing."""
        try:
            return work()
        except Needed as needed:
            return needed.need
        except Problem as problem:
            return self._problem(connection, problem)
        except NotVerified as error:
            return Declined(connection, str(error))
        except (Unreachable, TooSlow, Oversized, Refused) as error:
            return Unavailable(connection, str(error))
        except VaultError as error:
            return Misconfigured(connection, error.what, error.next)

    def _problem(self, connection: str, problem: Problem) -> Need | Declined:
        missing = self.checklist.missing
        if "connection" in problem.fields:
            return missing(connection, "connection:usable", problem.detail)
        if "redirect_uri" in problem.fields:
            return missing(connection, "client:callbacks", problem.detail)
        match problem.status:
            case 401:
                return missing(connection, "my_account:usable", problem.detail)
            case 403:
                return missing(connection, "my_account:client_grant", problem.detail)
            case 400 | 409:
                return Declined(connection, f"Auth0 did not take the answer ({redacted(problem.detail)}); ask again")
            case _:
                return Unavailable(connection, f"Auth0 says HTTP {problem.status}", problem.retry_after)
