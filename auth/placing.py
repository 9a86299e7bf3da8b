"""Puts a token on a request: as Bearer, or as the key a service wants. Law: no other host is given a key, and no other
module writes an Authorization header.
"""

from __future__ import annotations

from urllib.parse import parse_qsl, quote

from auth.admission import Admitted
from auth.capability import Address, Capability
from auth.errors import Refused
from auth.lease import Lease, Secret


def placed(capability: Capability, admitted: Admitted, target: str, lease: Lease) -> tuple[dict[str, str], str]:
    """Headers and address of the signed request. Raises Refused where a tool sets what is the key's to set."""
    headers, key = dict(admitted.headers), capability.key
    if lease.token is None:
        return headers, target
    token = lease.token.reveal()
    if key is None:
        return headers | bearer(token), target
    address = Address.of(admitted.url)
    if address is None or address.host not in key.hosts:
        return headers, target
    if key.place == "header":
        return headers | {key.name.lower(): token}, target
    if any(name == key.name for name, _ in parse_qsl(address.query, keep_blank_values=True)):
        raise Refused(f"A tool may not set {key.name!r} itself; nothing was sent")
    return headers, f"{target}{'&' if address.query else '?'}{key.name}={quote(token, safe='')}"


def bearer(token: str) -> dict[str, str]:
    """The header of RFC 6750. For those few that ask without a lease; everything else goes over the gateway."""
    return {"authorization": f"Bearer {token}"}


def forms(token: Secret) -> tuple[str, ...]:
    """How a token may come back in an answer."""
    plain = token.reveal()
    return tuple(dict.fromkeys((plain, quote(plain, safe=""), plain.replace("/", "\\/"))))  # the last in some JSON
