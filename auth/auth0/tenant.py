"""An Auth0 tenant as Valet is registered there. Law: it names things, and asks nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from auth.callback import Place
from auth.capability import Capability
from auth.local.grants import Client

PORTS = tuple(range(18484, 18490))
PLACE = Place("/auth0/callback", "127.0.0.1", PORTS)
"""Auth0 matches callbacks exactly, the port included, so a few are registered."""
CALLBACKS = f"127.0.0.1:{PORTS[0]} to {PORTS[-1]}, each with http and the path {PLACE.path}"
"""In words that stay whole on a screen that makes addresses inert."""
MY_SCOPES = tuple(f"{verb}:me:connected_accounts" for verb in ("create", "read", "delete"))


@dataclass(frozen=True)
class VaultApi:
    """For the exchange of access tokens: the API they are for, and the Custom API Client linked to it."""

    audience: str
    client: Client


@dataclass(frozen=True)
class FirstParty:
    """A service of Valet's own whose tokens the tenant issues: its connection here, the identifier of its API there,
    and all that it can be asked for.

    `client` is a Native application that signs in for it alone, with rotating refresh tokens; without one the tenant's
    sign-in serves, by its policy for several resources (MRRT).
    """

    connection: str
    audience: str
    scopes: tuple[str, ...]
    client: Client | None = None


@dataclass(frozen=True)
class Tenant:
    """`client` is whom people sign in to. `connections` gives the tenant's connection for one of Valet's, or for a
    bundle of it: {"google": "google-oauth2", "mail": "google-mail-only"}.

    `own` is Valet's own service, None where something else issues its tokens.
    With `api` the client is public (a Native application), and access tokens are exchanged instead of refresh tokens.
    """

    domain: str
    client: Client
    connections: Mapping[str, str]
    api: VaultApi | None = None
    own: FirstParty | None = None

    @property
    def issuer(self) -> str:
        """As in `iss`, with a slash at its end."""
        return f"https://{self.domain}/"

    @property
    def my_account(self) -> str:
        """The audience of the My Account API, which is its address too."""
        return f"{self.issuer}me/"

    def url(self, path: str) -> str:
        return f"{self.issuer}{path}"

    def connection_for(self, capability: Capability) -> str:
        """The tenant's connection; "" where none is configured."""
        known = self.connections
        return known.get(capability.consented) or known.get(capability.connection, "")
