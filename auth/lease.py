"""A lease: a live, narrow permission for one capability. Law: the token is never printed, compared or stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NoReturn


@dataclass(frozen=True, eq=False)
class Lease:
    """Permission until `expires` (seconds since the epoch). `scopes` are those the token really carries.

    Only the gateway reads `token`; a lease of an open service has none.
    """

    user: str
    account: str
    capability: str
    scopes: frozenset[str]
    expires: float
    token: str | None = field(repr=False)

    def __reduce__(self) -> NoReturn:
        raise TypeError("A lease cannot be stored or sent; take a new one.")

    def __copy__(self) -> NoReturn:
        raise TypeError("A lease cannot be copied; take a new one.")

    __deepcopy__ = None
