"""Grants in the vault: what is kept comes back whole, apart by realm and connection, and never under a weak key."""

from __future__ import annotations

import sqlite3
from dataclasses import fields, replace
from pathlib import Path

import pytest

from auth.lease import Secret
from auth.local.grants import Access, Grant, Grants, MemoryGrants
from auth.local.vault_error import Damaged, TooWeak
from auth.local.vault_grants import OWN, VaultGrants
from tests.auth.vault_world import KEY, NAME, beside, environment, everything, open_in

TOKEN, ACCESS = "1//canary-refresh", "ya29.canary-access"
GRANT = Grant(
    "ana@example.org",
    frozenset({"mail", "openid"}),
    Secret(TOKEN),
    identity="1089",
    linked=1_800_000_000.5,
    used=1_800_000_100.0,
    expires=1_800_600_000.0,
    dead="",
    accesses=(Access(Secret(ACCESS), frozenset({"mail"}), 1_800_003_600.0, 1_800_003_000.0),),
)


def plain(grant: Grant | None) -> dict[str, object]:
    """Every field, secrets revealed."""
    assert grant is not None
    facts = {field.name: getattr(grant, field.name) for field in fields(grant)}
    accesses = [{name.name: getattr(access, name.name) for name in fields(Access)} for access in grant.accesses]
    for access in accesses:
        access["token"] = access["token"].reveal()
    return facts | {"refresh_token": grant.refresh_token and grant.refresh_token.reveal(), "accesses": accesses}


@pytest.fixture(params=["vault", "memory"])
def grants(request: pytest.FixtureRequest, tmp_path: Path) -> Grants:
    if request.param == "memory":
        return MemoryGrants()
    return VaultGrants(open_in(tmp_path, environment(KEY)), OWN, "google")


def test_a_grant_comes_back_whole(grants: Grants) -> None:
    grants.keep("me", "mail.read", GRANT)
    assert plain(grants.find("me", "ana@example.org", "mail.read")) == plain(GRANT)
    dead = replace(GRANT, refresh_token=None, accesses=(), dead="Token has been revoked.")
    grants.keep("me", "mail.read", dead)
    assert plain(grants.find("me", "ana@example.org", "mail.read")) == plain(dead)


def test_grants_are_listed_by_person_and_dropped_one_by_one(grants: Grants) -> None:
    for user, account, capability in (
        ("me", "work@x.example", "mail.read"),
        ("me", "ana@example.org", "drive.read"),
        ("you", "ana@example.org", "mail.read"),
        ("me", "ana@example.org", "mail.read"),
    ):
        grants.keep(user, capability, replace(GRANT, account=account))
    grants.drop("me", "ana@example.org", "drive.read")
    listed = [(kept.grant.account, kept.capability) for kept in grants.of("me")]
    assert listed == [("ana@example.org", "mail.read"), ("work@x.example", "mail.read")]
    assert grants.find("me", "ana@example.org", "drive.read") is None


def test_a_refresh_that_was_begun_shows_until_it_ends(grants: Grants) -> None:
    def begun() -> bool:
        found = grants.find("me", "ana@example.org", "mail.read")
        assert found is not None
        return found.begun > 0

    grants.keep("me", "mail.read", GRANT)
    with grants.exclusive("me", "ana@example.org", "mail.read"):
        grants.begin("me", "ana@example.org", "mail.read")
        assert begun()
        grants.cancel("me", "ana@example.org", "mail.read")
        assert not begun()
        grants.begin("me", "ana@example.org", "mail.read")
        interrupted = grants.find("me", "ana@example.org", "mail.read")
        assert interrupted is not None
        grants.keep("me", "mail.read", interrupted)
        assert not begun()


def test_realms_and_connections_never_meet(tmp_path: Path) -> None:
    vault = open_in(tmp_path, environment(KEY))
    VaultGrants(vault, "demo http://127.0.0.1:8700", "google").keep("me", "mail.read", GRANT)
    for realm, connection in ((OWN, "google"), ("demo", "google"), ("demo http://127.0.0.1:8700", "slack")):
        other = VaultGrants(vault, realm, connection)
        assert other.of("me") == ()
        assert other.find("me", "ana@example.org", "mail.read") is None


def test_nothing_of_a_grant_is_readable_on_the_disk(tmp_path: Path) -> None:
    VaultGrants(open_in(tmp_path, environment(KEY)), OWN, "google").keep("me", "mail.read", GRANT)
    on_disk = everything(tmp_path)
    for secret in (TOKEN, ACCESS, "1089"):
        assert secret.encode() not in on_disk


def test_a_grant_of_ones_own_account_is_not_kept_with_its_key_beside_it(tmp_path: Path) -> None:
    vault = open_in(tmp_path, beside(tmp_path))
    VaultGrants(vault, "demo", "google").keep("me", "mail.read", GRANT)
    with pytest.raises(TooWeak, match="valet vault rotate"):
        VaultGrants(vault, OWN, "google").keep("me", "mail.read", GRANT)
    assert VaultGrants(vault, OWN, "google").of("me") == ()


def test_a_grant_whose_record_was_altered_is_an_error_and_listed_as_dead(tmp_path: Path) -> None:
    grants = VaultGrants(open_in(tmp_path, environment(KEY)), OWN, "google")
    grants.keep("me", "mail.read", GRANT)
    grants.keep("me", "drive.read", GRANT)
    with sqlite3.connect(tmp_path / NAME) as db:
        db.execute("UPDATE records SET value = zeroblob(60) WHERE capability = 'mail.read'")
    db.close()
    with pytest.raises(Damaged):
        grants.find("me", "ana@example.org", "mail.read")
    assert [(kept.capability, bool(kept.grant.dead)) for kept in grants.of("me")] == [
        ("drive.read", False),
        ("mail.read", True),
    ]
