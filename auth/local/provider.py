"""What sets one provider apart from another: its pages, its token answers, its errors. Law: it keeps nothing."""

from __future__ import annotations

from abc import ABC, abstractmethod

from auth.callback import Place
from auth.capability import Capability
from auth.lease import Secret
from auth.local.grants import Challenge, Grant
from auth.local.token_endpoint import Issued, TokenError, Who
from auth.need import Need


class Provider(ABC):
    """One provider. What asks it raises TokenError for its own errors, and Unreachable, TooSlow or Oversized."""

    connection: str
    issuer: str
    place: Place
    single_use = False
    """Whether a refresh token is spent by a refresh."""
    asks_who = ""
    """The operation `who` asks with, for the audit; "" where it asks nobody."""
    carries_more = False
    """Whether an access token may be wider than what was asked for; it is recorded then, and the gateway narrows."""

    @abstractmethod
    def onward(self, account: str, capability: Capability, challenge: Challenge, redirect: str) -> str:
        """The address of the consent page."""

    @abstractmethod
    def redeem(self, code: str, challenge: Challenge, redirect: str) -> Issued: ...

    @abstractmethod
    def refresh(self, grant: Grant, scopes: frozenset[str]) -> Issued: ...

    @abstractmethod
    def who(self, token: Secret) -> Who:
        """Whose the access token is."""

    @abstractmethod
    def revoke(self, grant: Grant) -> None:
        """End the grant at the provider; what it does not know any more counts as ended."""

    @abstractmethod
    def canonical(self, scopes: frozenset[str]) -> frozenset[str]:
        """The scopes under the names capabilities use, without those of the identity."""

    @abstractmethod
    def end_of(self, issued: Issued, grant: Grant | None, now: float) -> float | None:
        """When the refresh token ends, None where it does not."""

    @abstractmethod
    def is_name_of(self, account: str, who: Who) -> bool:
        """Whether an account of this name may be that person's: a name that is no identity may be anybody's."""

    @abstractmethod
    def death(self, error: TokenError) -> str:
        """Why the grant is dead, "" where this error does not say so."""

    @abstractmethod
    def refusal(self, capability: Capability, error: TokenError) -> Need:
        """What an error means that leaves the grant alive."""

    @property
    @abstractmethod
    def parting(self) -> tuple[str, str]:
        """What forgetting one capability leaves at the provider, and where a person revokes by hand."""
