"""What the tenant needs of a service behind a connection: its consent page, its tokens, and whether one still works."""

from dataclasses import dataclass
from typing import Protocol

from app.demo.consent import Agreed, Question


class UpstreamRefused(Exception):
    """The service would not let the tenant ask or refresh; the text says why."""


@dataclass(frozen=True)
class Fresh:
    """A new token of a service; `kept` is the fingerprint of the refresh token to use next, "" for none."""

    access: str
    expires_in: int
    scopes: tuple[str, ...]
    kept: str


class Upstream(Protocol):
    """A service as the tenant's app meets it."""

    def question(self, scopes: tuple[str, ...], hint: str) -> Question:
        """The service's own consent page. Raises UpstreamRefused when it would not show one."""
        ...

    def link(self, agreed: Agreed) -> Fresh:
        """The tokens for what was agreed to."""
        ...

    def refresh(self, kept: str) -> Fresh:
        """Raises UpstreamRefused."""
        ...

    def takes(self, token: str) -> bool:
        """Whether an access token still works there."""
        ...
