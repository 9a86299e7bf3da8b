"""What can go wrong between a lease and the wire. Each text says what happened and what to do next.

AuthError
├── Refused           the capability does not admit this request: a bug in a tool, or an attempt
├── Cancelled         the person stopped the turn
├── Unreachable       no connection, or it broke before the answer was whole (also a ConnectionError)
│   └── NoConnection  none could be made, so nothing was sent (also a ConnectionRefusedError)
├── TooSlow           no answer in time (also a TimeoutError)
└── Oversized         the answer is larger than Valet will hold (also a ConnectionError)
"""

from __future__ import annotations


class AuthError(Exception):
    """Anything the auth layer raises."""


class Refused(AuthError):
    """The capability does not admit this request; nothing was sent."""


class Cancelled(AuthError):
    """The person stopped the turn; the request was cut off."""


class Unreachable(AuthError, ConnectionError):
    """The service could not be reached, or the answer broke off."""


class NoConnection(Unreachable, ConnectionRefusedError):
    """No connection could be made; nothing was sent."""


class TooSlow(AuthError, TimeoutError):
    """The service gave no answer in time."""


class Oversized(AuthError, ConnectionError):
    """The answer was larger than the limit and was not read to its end."""
