"""Auth0 from the command line: the doctor's checklist, asking through it, and the settings of a tenant of one's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.auth0_doctor import examine_auth0
from app.auth0_setup import auth0_brokers, own_tenant
from app.commands import run
from app.connections import World
from app.settings import Settings, SettingsError, load
from auth.auth0.tenant import Tenant
from auth.broker import Unset
from auth.capability import Capability
from auth.local.grants import MemoryGrants
from auth.need import Misconfigured
from auth.wire import Wire
from tests.auth.signed import Rows

OWN = {
    "VALET_ACCOUNTS": "own",
    "VALET_BROKER": "auth0",
    "VALET_AUTH0_DOMAIN": "name.eu.auth0.com",
    "VALET_AUTH0_CLIENT_ID": "client",
    "VALET_AUTH0_CLIENT_SECRET": "canary-secret",
}


def settings(tmp_path: Path, **given: str) -> Settings:
    return load({"VALET_HOME": str(tmp_path / "home"), **given}, cwd=tmp_path)


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VALET_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("VALET_BROKER", "auth0")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_request_is_answered_through_the_token_vault(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {check.name: check for check in examine_auth0(demo)}
    assert before["signed in"].state == "note"
    assert all(check.state != "missing" for check in before.values())
    assert run(["ask", "what is urgent in my inbox?", "--json"]) == 0
    capsys.readouterr()
    assert run(["grants", "--json"]) == 0
    linked = json.loads(capsys.readouterr().out)["grants"]
    assert [one["connection"] for one in linked] == ["auth0", "google"]
    after = {check.name: check for check in examine_auth0(demo)}
    assert after["signed in"].state == after["refresh token policy"].state == after["connection google"].state == "ok"
    assert run(["disconnect", "google"]) == 0
    assert "Deleted at Auth0" in capsys.readouterr().out
    assert run(["disconnect", "auth0"]) == 0
    assert "Signed out here and at Auth0" in capsys.readouterr().out
    assert run(["doctor", "auth0", "--json"]) == 0
    assert {one["name"]: one["state"] for one in json.loads(capsys.readouterr().out)["checks"]}["callbacks"] == "ok"


def test_the_doctor_says_when_auth0_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VALET_HOME", str(tmp_path))
    [check] = examine_auth0(tmp_path)
    assert (check.state, check.next) == ("missing", "Set VALET_BROKER=auth0.")
    monkeypatch.setenv("VALET_BROKER", "auth0")
    monkeypatch.setenv("VALET_ACCOUNTS", "own")
    [check] = examine_auth0(tmp_path)
    assert check.what == "VALET_AUTH0_DOMAIN is not set."
    monkeypatch.setenv("VALET_BROKER", "elsewhere")
    [check] = examine_auth0(tmp_path)
    assert "it is local or auth0" in check.what


def test_a_tenant_of_ones_own_is_what_the_settings_name(tmp_path: Path) -> None:
    tenant = own_tenant(settings(tmp_path, **OWN, VALET_AUTH0_CONNECTIONS="google=g, slack=s,gmail.read=mail"))
    assert isinstance(tenant, Tenant)
    assert tenant.issuer == "https://name.eu.auth0.com/"
    assert tenant.connections == {"google": "g", "slack": "s", "gmail.read": "mail"}
    assert "canary-secret" not in repr(tenant)
    assert tenant.api is None


def test_a_native_application_exchanges_access_tokens(tmp_path: Path) -> None:
    public = OWN | {"VALET_AUTH0_CLIENT_SECRET": "", "VALET_AUTH0_VAULT_API": "https://vault.example"}
    missing = own_tenant(settings(tmp_path, **public))
    assert isinstance(missing, Misconfigured)
    assert missing.missing == "VALET_AUTH0_VAULT_CLIENT_ID is not set"
    more = {"VALET_AUTH0_VAULT_CLIENT_ID": "api", "VALET_AUTH0_VAULT_CLIENT_SECRET": "canary"}
    tenant = own_tenant(settings(tmp_path, **public, **more))
    assert isinstance(tenant, Tenant)
    assert tenant.api is not None
    assert (tenant.client.secret, tenant.api.client.id) == ("", "api")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VALET_BROKER", "remote"),
        ("VALET_AUTH0_DOMAIN", "https://name.eu.auth0.com"),
        ("VALET_AUTH0_DOMAIN", "nodots"),
        ("VALET_AUTH0_CONNECTIONS", "google"),
        ("VALET_AUTH0_CONNECTIONS", "google=,slack=x"),
    ],
)
def test_settings_that_cannot_be_used_are_refused(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        settings(tmp_path, **{name: value})


def test_an_unset_tenant_is_told_to_whoever_needs_it(tmp_path: Path) -> None:
    nothing: dict[str, Capability] = {}
    world = World(Wire(), Rows(), lambda: 0.0, str, lambda name: MemoryGrants(), lambda name: nothing)
    tasks = Unset(Misconfigured("tasks", "none", "none"))
    brokers = auth0_brokers(settings(tmp_path, VALET_ACCOUNTS="own", VALET_BROKER="auth0"), world, "", tasks)
    need = brokers.lease("me", "", Capability("slack", "read", frozenset({"s"}), (), "read"))
    assert isinstance(need, Misconfigured)
    assert (need.connection, need.missing) == ("slack", "VALET_AUTH0_DOMAIN is not set")
    world.wire.close()
