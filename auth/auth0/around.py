"""What the parts of the Auth0 broker share: the tenant, and the ways to ask it. Law: whatever the tenant or the network
answers becomes a lease or a need, never a bare error.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from auth.auth0.checklist import Checklist, Needed, Step
from auth.auth0.connected_accounts import Account, ConnectedAccounts, Problem
from auth.auth0.jwt_claims import NotVerified
from auth.auth0.login import Login
from auth.auth0.records import Records
from auth.auth0.refusals import Refusals
from auth.auth0.tenant import Tenant
from auth.auth0.token_vault import Place, TokenVault
from auth.capability import Capability
from auth.consent import Declined
from auth.errors import Oversized, TooSlow, Unreachable
from auth.local.vault_error import VaultError
from auth.need import Misconfigured, Need, Unavailable
from auth.redaction import redacted
from auth.wire import Wire

Found = TypeVar("Found")
CONNECTIONS_NEXT = (
    "Set VALET_AUTH0_CONNECTIONS to the tenant's names: google=google-oauth2,slack=sign-in-with-slack, for instance."
)


@dataclass(frozen=True)
class Around:
    """One tenant and what is known here. `locate` maps real addresses to where they are served."""

    tenant: Tenant
    checklist: Checklist
    refusals: Refusals
    login: Login
    vault: TokenVault
    service: ConnectedAccounts
    records: Records
    wire: Wire
    locate: Callable[[str], str]

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
        return self.service.accounts(self.login.my_account(place.user, place.connection), place.at)

    def nothing_kept(self, place: Place) -> Need:
        """Why the tenant has no token for an account it does list."""
        if place.at not in self.service.connections(self.login.my_account(place.user, place.connection)):
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
        except (Unreachable, TooSlow, Oversized) as error:
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
