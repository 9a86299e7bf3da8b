"""A lease: a live, narrow permission for one capability. Law: the token is never printed, compared or stored."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

_VISIBLE = re.compile(r"[\x21-\x7e]+")


class Secret:
    """A token that only `reveal` gives out.

    It is no field of anything, so neither repr nor pickle, deepcopy, asdict nor a JSON or msgpack encoder finds it.
    """

    __slots__ = ("reveal",)
    reveal: Callable[[], str]

    def __init__(self, value: str) -> None:
        if not _VISIBLE.fullmatch(value):
            raise ValueError("A token is visible ASCII (RFC 6749, appendix A); this one is not.")
        self.reveal = lambda: value

    def __repr__(self) -> str:
        return "Secret(...)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("A secret cannot be stored, sent or copied.")


@dataclass(frozen=True, eq=False)
class Lease:
    """Permission until `expires` (seconds since the epoch). `scopes` are those the token really carries.

    Only the gateway reveals `token`; a lease of an open service has none.
    """

    user: str
    account: str
    capability: str
    scopes: frozenset[str]
    expires: float
    token: Secret | None

    def __reduce__(self) -> NoReturn:
        raise TypeError("A lease cannot be stored, sent or copied; take a new one.")
