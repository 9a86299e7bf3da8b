"""What brokers say, as plain values and back. Law: of a lease, all but the token, which nothing here could write."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from app.tapes.bugs import Raised
from auth.broker import FOREVER
from auth.capability import Capability
from auth.consent import Asking, Declined, Linked
from auth.lease import Lease
from auth.need import Connect, Misconfigured, Need, Reauth, StepUp, Unavailable

KINDS: dict[str, Any] = {
    kind.__name__: kind
    for kind in (Asking, Linked, Declined, Connect, StepUp, Reauth, Misconfigured, Unavailable, Raised)
}
LEASE, OF_A_LEASE = "Lease", ("account", "scopes")
Answered = Lease | Asking | Linked | Declined | Need | Raised


def plain(answer: Answered) -> dict[str, Any]:
    """The answer as JSON; of a lease, whose it is and what it permits."""
    if isinstance(answer, Lease):
        return {"is": LEASE, "account": answer.account, "scopes": sorted(answer.scopes)}
    facts = {k: sorted(v) if isinstance(v, frozenset) else v for k, v in asdict(answer).items()}
    return {"is": type(answer).__name__, **facts}


def lively(outcome: dict[str, Any], user: str, capability: Capability | None = None) -> Any:
    """What was recorded; a lease without a token, which opens the tape and nothing else. Raises what was raised."""
    facts: dict[str, Any] = {k: frozenset(v) if isinstance(v, list) else v for k, v in outcome.items() if k != "is"}
    kind = str(outcome["is"])
    if kind == LEASE and capability is not None:
        return Lease(user, facts["account"], capability.name, facts["scopes"], FOREVER, None)
    found = KINDS[kind](**facts)
    if isinstance(found, Raised):
        raise found.again()
    return found
