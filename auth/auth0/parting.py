"""Ending what is linked through the tenant. Law: here it ends in any case; what was not ended at the tenant is said."""

from __future__ import annotations

from auth.auth0.around import Around
from auth.auth0.login import BUNDLE
from auth.consent import Declined, Disconnected
from auth.need import Connect, Misconfigured, Reauth, StepUp, Unavailable, told

NOTHING = "Nothing of it is linked."
ONE = "Forgotten here. Auth0 still keeps the account with all its scopes: disconnect the whole account for that."
WHOLE = "Deleted at Auth0, and forgotten here. The provider itself still lists the tenant's app; end that at {place}."
PLACES = {"google": "https://myaccount.google.com/connections", "slack": "your workspace's page of connected apps"}


def disconnected(around: Around, user: str, connection: str, account: str, capability: str) -> Disconnected:
    """Forget one bundle of an account here, or with "" the whole account, here and at the tenant."""
    mine = [entry for entry in around.records.of(user, connection) if entry.account == account]
    chosen = [entry for entry in mine if capability in ("", entry.bundle)]
    names = tuple(entry.bundle for entry in chosen)
    if not chosen:
        return Disconnected(connection, account, (), False, NOTHING)
    problem = "" if capability else _deleted(around, user, connection, {entry.id for entry in chosen if entry.id})
    around.records.drop(user, chosen)
    if capability:
        return Disconnected(connection, account, names, False, ONE)
    around.vault.forget(user)
    if problem:
        note = f"Forgotten here, but still kept at Auth0 ({problem}); an administrator of the tenant can delete it."
        return Disconnected(connection, account, names, False, note, failed=True)
    return Disconnected(connection, account, names, True, WHOLE.format(place=PLACES.get(connection, "its settings")))


def _deleted(around: Around, user: str, connection: str, identities: set[str]) -> str:
    """Why the tenant still has them; "" where it has not."""

    def work() -> None:
        road = around.my_account(user, connection)
        for identity in sorted(identities):
            around.service.drop(road, identity)

    return _why(around.answered(connection, work))


def signed_out(around: Around, user: str) -> Disconnected:
    """End the sign-in, here and at the tenant; what is connected there stays, and waits for the next sign-in."""
    grant = around.login.current(user)
    if grant is None:
        return Disconnected("auth0", "", (), False, NOTHING)
    problem = _why(around.answered("auth0", lambda: around.login.revoke(user)))
    around.login.forget(user)
    around.vault.forget(user)
    note = f"Forgotten here, but not ended at Auth0 ({problem})." if problem else "Signed out here and at Auth0."
    return Disconnected("auth0", grant.account, (BUNDLE,), not problem, note, failed=bool(problem))


def _why(found: object) -> str:
    match found:
        case Connect() | StepUp() | Reauth() | Misconfigured() | Unavailable():
            return told(found)[0].rstrip(".")
        case Declined(why=why):
            return why
        case _:
            return ""
