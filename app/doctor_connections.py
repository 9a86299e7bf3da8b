"""What `valet doctor` says of each connection: who is linked, what ends soon, and what is missing for own accounts.

Law: it looks, and changes nothing; a vault that is locked stays so.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from app.connections import SLACK_STEPS, given_machine, google_client, machine_connections, machine_place
from app.endpoint import Endpoint
from app.grants_view import again, warnings
from app.model_key import MODEL
from app.settings import Secret, Settings
from app.vault_opening import ladder_of, vault_file
from app.vault_state import WHERE
from auth.consent import GrantFacts
from auth.local.api_key import CAPABILITY
from auth.local.machine_proof import ProofError
from auth.local.vault import Vault
from auth.local.vault_error import VaultError
from auth.local.vault_file import about
from auth.local.vault_grants import OWN, VaultGrants
from auth.need import Misconfigured

if TYPE_CHECKING:
    from app.doctor import Check

CONNECTIONS = ("google", "slack", "tasks")
KINDS = ("service-account", "client")


def connections(settings: Settings, user: str) -> Iterator[Check]:
    """A check for each connection."""
    from app.doctor import Check

    try:
        found, where = _linked(settings, user)
    except VaultError as error:
        yield Check("connections", "note", f"they cannot be read: {error.what}", error.next)
        return
    for connection in CONNECTIONS:
        mine = [facts for facts in found if facts.connection == connection]
        unset = None if any(facts.capability in KINDS for facts in mine) else _unset(settings, connection)
        if unset is not None:
            yield Check(connection, "note", f"{unset.missing}.", unset.next)
        else:
            yield _told(settings, connection, mine, where)


def model_key(settings: Settings) -> tuple[Secret | None, str]:
    """The key a model is asked with, and in words where it comes from."""
    from app.wiring import local_user

    for name in ("VALET_MODEL_KEY", "OPENAI_API_KEY"):
        if settings.model_key is not None and settings.origins[name] != "default":
            return settings.model_key, f" of {name} ({settings.origins[name]})"
    try:
        if about(vault_file(settings)) is None:
            return None, ""
        with closing(Vault.open(vault_file(settings), ladder_of(settings))) as vault:
            where = Endpoint(settings.model_url, None).where
            grant = VaultGrants(vault, OWN, MODEL).find(local_user(), where, CAPABILITY)
    except VaultError as error:
        return None, f" that can be read here: {error.what.rstrip('.')}"
    found = grant.refresh_token if grant else None
    return (Secret(found.reveal()), " in the vault") if found else (None, "")


def _linked(settings: Settings, user: str) -> tuple[list[GrantFacts], str]:
    """What is linked, and where the key is it is kept with. Raises VaultError."""
    given = [facts for name in machine_connections(settings) for facts in _given(settings, name)]
    if (held := about(vault_file(settings))) is None:
        return given, ""
    demo = f"demo {settings.demo_origin or settings.workspace}"
    realm = OWN if settings.accounts == OWN else demo
    with closing(Vault.open(vault_file(settings), ladder_of(settings))) as vault:
        at_tenant = settings.named("VALET_BROKER") == "auth0"
        places = [(name, f"auth0.{name}" if at_tenant else name) for name in CONNECTIONS]
        places += [(name, machine_place(name)) for name in machine_connections(settings)]
        kept = [(name, one) for name, place in places for one in VaultGrants(vault, realm, place).of(user)]
    facts = [
        GrantFacts(name, one.grant.account, one.capability, one.grant.scopes, expires=one.grant.expires,
                   dead=one.grant.dead)
        for name, one in kept
    ]  # fmt: skip
    return facts + given, WHERE[held.rung]


def _given(settings: Settings, connection: str) -> Iterator[GrantFacts]:
    """The program that the settings name, tried as far as that goes without asking anybody. Raises ProofError."""
    given = given_machine(settings, connection)
    if given is None:
        return
    try:
        given.proof.check()
        dead = ""
    except ProofError as error:
        dead = error.what
    yield GrantFacts(connection, given.proof.account, given.proof.kind, frozenset(), dead=dead)


def _told(settings: Settings, connection: str, mine: list[GrantFacts], where: str) -> Check:
    from app.doctor import Check

    if not mine:
        once = "it is asked for when it is needed" if settings.accounts == OWN else "the demo's person is asked"
        return Check(connection, "ok", f"nothing is linked yet; {once}.")
    now = datetime.now(UTC).timestamp()
    who = ", ".join(dict.fromkeys(facts.account for facts in mine))
    kept = f" The vault's key is {where}." if where else ""
    said = f"{who}: {', '.join(facts.capability for facts in mine)}.{kept}"
    if dead := [facts for facts in mine if facts.dead]:
        why = f" ({dead[0].dead})" if dead[0].capability in KINDS else ""
        return Check(connection, "note", f"{said} {dead[0].capability} no longer works{why}.", again(dead[0]))
    if soon := warnings(mine, now, settings.zone):
        return Check(connection, "note", f"{said} {soon[0]}")
    return Check(connection, "ok", said)


def _unset(settings: Settings, connection: str) -> Misconfigured | None:
    """What an operator is still to set for own accounts."""
    if settings.accounts != OWN or connection == "tasks" or settings.named("VALET_BROKER") == "auth0":
        return None
    if connection == "google":
        client = google_client(settings.named("VALET_GOOGLE_CLIENT"))
        return client if isinstance(client, Misconfigured) else None  # a service account is told as one that is linked
    if not settings.named("VALET_SLACK_CLIENT"):
        return Misconfigured("slack", "VALET_SLACK_CLIENT is not set", SLACK_STEPS)
    return None
